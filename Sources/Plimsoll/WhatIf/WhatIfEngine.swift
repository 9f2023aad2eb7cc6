public import MarginModels
public import MarketModel
public import PortfolioValuation
public import RiskDocuments
import RiskNumerics
import TailRisk

/// Accounts of a book and the instruments that trades name, priced once; then each trade is margined by what it touches.
///
/// ```
/// let engine = try WhatIfEngine(book: book, plan: plan, orders: orders, threads: 1)
/// let report = engine.report(WhatIfRequest(orders: orders))
/// ```
public struct WhatIfEngine: Sendable {
  public let plan: RunPlan
  /// The accounts that are asked about, and every instrument that they hold or might.
  public let valued: ValuedBook
  /// Place in `valued` of each account of the whole book that is asked about, by its place there.
  let places: [Int: Int]
  let team: ThreadTeam
  let greeks: GreekAggregation
  let tails: [MarginalTail]
  let stress: StressTable?
  let margin: MarginEngine?
  let accounts: [AccountWhatIf]

  /// Prices what the questions need.
  ///
  /// - Parameters:
  ///   - book: the whole one.
  ///   - plan: measures and models; the comparison is not run.
  ///   - orders: trades that will be asked about.
  ///   - furtherAccounts: places in `Book.accounts` of accounts without trades.
  ///   - furtherInstruments: that may be traded beside those of the orders and those held.
  ///   - threads: at least 1; the figures do not depend on it.
  ///   - isStopped: asked again and again, on any thread; true ends the preparation.
  /// - Throws: `EngineError`, as `Engine.init`.
  public init(
    book: Book, plan: RunPlan, orders: [TradeOrder], furtherAccounts: [Int] = [],
    furtherInstruments: [Instrument] = [], threads: Int,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(EngineError) {
    let named = Set(orders.map(\.account) + furtherAccounts).filter(book.accounts.indices.contains).sorted()
    var places: [Int: Int] = [:]
    for (place, account) in named.enumerated() { places[account] = place }
    self.places = places
    let horizon = plan.valueAtRisk.map(\.horizonDays).max() ?? 0
    let part = WhatIfBook.cut(
      book, accounts: named, further: orders.map(\.instrument) + furtherInstruments, horizonDays: horizon)
    let team = ThreadTeam(threadCount: threads)
    let valued = BookValuation.value(part, team: team)
    self.plan = plan
    self.team = team
    self.valued = valued
    greeks = GreekAggregation(valued, team: team)
    stress =
      plan.measures.contains(.stress)
      ? StressTable(
        valued, scenarios: plan.stress, covariance: plan.valueAtRisk.first?.covariance ?? CovariancePlan(),
        team: team) : nil
    tails = try Self.tails(valued, plan: plan, orders: orders, team: team, isStopped: isStopped)
    if isStopped() { throw .stopped }
    do throws(MarginError) {
      margin =
        try plan.measures.contains(.margin)
        ? MarginEngine(
          book: valued, models: plan.marginModels, listed: plan.listed,
          library: ModelLibrary(of: plan), parts: [], team: team
        ) : nil
    } catch { throw EngineError(error) }
    accounts = margin.map { margin in named.indices.map { margin.whatIf(ofAccount: $0) } } ?? []
  }

  /// Numbers that the paths of accounts and traded instruments may take: 2 GiB.
  private static let mostNumbers = 1 << 28

  private static func tails(
    _ valued: ValuedBook, plan: RunPlan, orders: [TradeOrder], team: ThreadTeam,
    isStopped: @escaping @Sendable () -> Bool
  ) throws(EngineError) -> [MarginalTail] {
    guard plan.measures.contains(.valueAtRisk) else { return [] }
    try Engine.checkEntries(plan)
    let traded = Set(
      orders.compactMap { order in valued.book.instruments.place(of: order.instrument.id) { $0.id } })
    var tails: [MarginalTail] = []
    let rows = traded.count + 2 * valued.book.market.assets.count + valued.book.accounts.count
    for entry in plan.valueAtRisk where entry.method.hasPaths {
      guard entry.paths <= mostNumbers / max(rows, 1) else {
        throw .invalid(
          path: "run.json#/value_at_risk",
          message: "found \(entry.paths) paths for \(rows) accounts and traded instruments, expected at most "
            + "\(mostNumbers / max(rows, 1)); ask for fewer --paths, or trades in several runs")
      }
      do throws(TailRiskError) {
        tails.append(
          try MarginalTail(
            book: valued, plan: entry, seed: plan.seed, traded: traded.sorted(), team: team,
            isStopped: isStopped))
      } catch { throw EngineError(error) }
    }
    return tails
  }

  /// The effect of an order; nil where the market lacks what its price needs.
  func effect(of order: TradeOrder) -> TradeEffect? {
    valued.book.instruments.place(of: order.instrument.id) { $0.id }.flatMap { valued.resolved[$0] }?
      .trade(quantity: order.quantity, price: order.price)
  }

  /// The figures of an account as it stands by every model, worked out anew; one entry a model and mode.
  ///
  /// - Parameter account: place in `valued`.
  public func fullMargin(ofAccount account: Int) -> [MarginFigure] {
    valued.book.accounts.indices.contains(account) ? margin?.models(ofAccount: account) ?? [] : []
  }

  /// The value at risk of an account after trades, by the plan's entries and their levels.
  func tail(ofAccount account: Int, after trades: [TradeEffect] = []) -> [MarginalTail.Figure]? {
    var figures: [MarginalTail.Figure] = []
    for tail in tails {
      guard let own = tail.figures(ofAccount: account, after: trades) else { return nil }
      figures += own
    }
    return figures
  }
}

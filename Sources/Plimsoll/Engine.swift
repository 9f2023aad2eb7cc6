import MarginModels
public import MarketModel
public import PortfolioValuation
import RiskDocuments
import RiskNumerics
import TailRisk

/// A book and a plan, prepared: what accounts share is priced once, then each account is a look-up, so
/// that the number of threads changes time and never figures.
///
/// ```
/// let engine = try Engine(book: book, plan: RunPlan(), threads: 2)
/// let first = engine.account(0)
/// ```
public struct Engine: Sendable {
  /// The version that provenance names.
  public static let version = "0.1.0"

  /// The plan as it runs: with the venue that fits the book where nobody said which.
  public let plan: RunPlan
  /// The book with its values.
  public let valued: ValuedBook
  let team: ThreadTeam
  /// What the accounts hold together: behind every figure of the book that is not a sum over accounts.
  let net: NettedBook
  let greeks: GreekAggregation
  /// nil where the market quotes no depth.
  let liquidity: EngineLiquidity?
  /// One an entry of `plan.valueAtRisk`.
  let tails: [any TailMeasure]
  let stress: StressTable?
  /// nil where no reverse stress was asked for.
  let reverseStress: ReverseStress?
  let margin: MarginEngine?
  /// nil where capital over paths was not asked for.
  let capitalPaths: PathCapitalEngine?

  /// Values a book and prepares every measure that the plan asks for.
  ///
  /// - Parameters:
  ///   - book: accounts, positions and market, as read.
  ///   - plan: what to compute.
  ///   - threads: at least 1; the figures do not depend on it.
  ///   - isStopped: asked again and again, on any thread; true ends the preparation.
  /// - Throws: `EngineError` where a name is not built or the market as a whole cannot carry a measure
  ///   (an indefinite correlation); never for a single row;
  ///   `EngineError.stopped` where `isStopped` turned true.
  /// - Complexity: O(instruments × (paths + market states)) prices.
  public init(
    book: Book, plan: RunPlan, threads: Int, isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(EngineError) {
    // Each measure takes the longer the larger the book: between two of them is where a run can end.
    func goOn() throws(EngineError) { if isStopped() { throw .stopped } }
    let team = ThreadTeam(threadCount: threads)
    let valued = BookValuation.value(book, team: team)
    let plan = plan.fitted(to: book)
    self.plan = plan
    self.team = team
    self.valued = valued
    net = NettedBook(valued)
    try goOn()
    greeks = GreekAggregation(valued, team: team)
    try goOn()
    liquidity = EngineLiquidity(valued, net: net, team: team)
    tails = try Self.tails(valued, net, liquidity?.costs, plan: plan, team: team, isStopped: isStopped)
    let covariance = plan.valueAtRisk.first?.covariance ?? CovariancePlan()
    stress =
      plan.measures.contains(.stress)
      ? StressTable(
        valued, scenarios: plan.stress, net: net, greeks: greeks, covariance: covariance,
        liquidity: liquidity?.costs, team: team) : nil
    try goOn()
    reverseStress = try Self.reverseStress(valued, net, plan: plan, covariance: covariance)
    try Self.checkCollateral(valued.book, plan)
    try Self.checkHistory(valued.book, plan)
    margin = try Self.margin(valued, plan: plan, team: team)
    try goOn()
    capitalPaths = try Self.capitalPaths(valued, plan: plan, team: team, isStopped: isStopped)
  }

  private static func tails(
    _ valued: ValuedBook, _ net: NettedBook, _ liquidity: BookLiquidity?, plan: RunPlan, team: ThreadTeam,
    isStopped: @escaping @Sendable () -> Bool
  ) throws(EngineError) -> [any TailMeasure] {
    guard plan.measures.contains(.valueAtRisk) else { return [] }
    try checkEntries(plan)
    var tails: [any TailMeasure] = []
    for (place, entry) in plan.valueAtRisk.enumerated() {
      do throws(TailRiskError) {
        tails.append(
          try TailMeasures.prepare(
            book: valued, plan: entry, seed: plan.seed, net: net, liquidity: liquidity, team: team,
            isStopped: isStopped))
      } catch {
        throw EngineError(error, entry: place, method: entry.method)
      }
    }
    return tails
  }

  private static func reverseStress(
    _ valued: ValuedBook, _ net: NettedBook, plan: RunPlan, covariance: CovariancePlan
  ) throws(EngineError) -> ReverseStress? {
    guard plan.measures.contains(.stress), !plan.reverseStress.isEmpty else { return nil }
    do throws(TailRiskError) {
      return try ReverseStress(valued, plans: plan.reverseStress, net: net, covariance: covariance)
    } catch { throw EngineError(error) }
  }

  private static func margin(
    _ valued: ValuedBook, plan: RunPlan, team: ThreadTeam
  ) throws(EngineError) -> MarginEngine? {
    var parts: MarginEngine.Parts = []
    if plan.measures.contains(.margin) { parts.insert(.comparison) }
    if plan.measures.contains(.liquidation) { parts.insert(.liquidation) }
    guard !parts.isEmpty else { return nil }
    // A search for each account and mode: for books that somebody looks at account by account.
    if plan.marginDetail == .full || valued.book.accounts.count <= ReportWriter.accountLimit {
      parts.insert(.leverage)
    }
    do throws(MarginError) {
      return try MarginEngine(
        book: valued, models: plan.marginModels, comparison: plan.comparison,
        beside: plan.comparisonsBeside, ranked: plan.rankedModels, stress: plan.stress,
        listed: plan.listed, library: ModelLibrary(of: plan),
        collateral: plan.collateral, dynamic: plan.dynamic, parts: parts, team: team)
    } catch {
      throw EngineError(error)
    }
  }
}

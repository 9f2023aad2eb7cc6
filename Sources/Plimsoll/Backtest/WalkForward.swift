public import MarketModel
import PortfolioValuation
public import RiskDocuments
import RiskNumerics
import TailRisk

/// Today's positions carried through the history of closes: a forecast on each day from the days before it alone,
/// held against the day that followed.
///
/// ```
/// let result = try WalkForward(book: book, plan: plan, threads: 2).result()
/// ```
public struct WalkForward: Sendable {
  /// The market that each day starts from.
  public enum Market: String, Sendable, CaseIterable {
    /// Spots are the closes of the day.
    case past
    /// Spots are today's, and move as they did on the day.
    case today
  }

  /// What is asked for beside the plan.
  public struct Options: Hashable, Sendable {
    /// Closes that each forecast sees, its own day's included; ≥ 3.
    public var window = 250
    /// Most forecasts of a series; 1 to `WalkForward.mostDays`.
    public var days = 250
    public var market = Market.past
    /// Whether every account is tested beside the book.
    public var accounts = false

    /// The defaults.
    public init() {}
  }

  /// The most forecasts of a series.
  public static let mostDays = 2_000

  let book: Book
  let plan: RunPlan
  let options: Options
  let team: ThreadTeam
  let closes: PastCloses
  let entries: [Int: Double]
  let isStopped: @Sendable () -> Bool
  private let assumed: [String]
  /// Whether the history has levels of volatility, which a backtest leaves out.
  private let hasVolatilities: Bool
  private let setAside: [Failure]

  /// Checks the history and the plan.
  ///
  /// - Parameters:
  ///   - book: as read; its `history` is what it is carried through.
  ///   - plan: its `valueAtRisk` entries, each with a horizon of whole days, and its seed.
  ///   - threads: at least 1; no figure depends on it.
  ///   - isStopped: asked between days; true ends the work.
  /// - Throws: `EngineError.invalid` for want of history or of whole days; what a method is refused for.
  public init(
    book: Book, plan: RunPlan, options: Options = Options(), threads: Int,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(EngineError) {
    guard let history = book.history else {
      throw .invalid(path: "history.csv", message: "expected a history of closes, found none in the book")
    }
    try Engine.checkEntries(plan)
    for entry in plan.valueAtRisk {
      guard let days = Int(exactly: entry.horizonDays), (1...250).contains(days) else {
        throw .invalid(
          path: "run.json#/value_at_risk",
          message: "found a horizon of \(entry.horizonDays) days, expected 1 to 250 whole ones for a backtest"
        )
      }
    }
    let closes = PastCloses(history, market: book.market)
    guard closes.dates.count > options.window else {
      throw .invalid(
        path: "history.csv",
        message:
          "found \(closes.dates.count) days with a close of every asset, expected more than the window of "
          + "\(options.window)")
    }
    let team = ThreadTeam(threadCount: threads)
    let valued = BookValuation.value(book, team: team)
    let (held, entries) = book.holdingEntries(of: valued)
    self.book = held
    self.plan = plan
    self.options = options
    self.team = team
    self.closes = closes
    self.entries = entries
    self.isStopped = isStopped
    assumed = valued.assumptions
    hasVolatilities = !history.volatilities.isEmpty
    setAside = book.failures + valued.failures
  }

  /// Every series with its tests.
  ///
  /// - Throws: `EngineError` where a method cannot run; `stopped`.
  /// - Complexity: one computation of every entry, and one revaluation, for each day.
  public func result(inputDigests: [InputDigest] = []) throws(EngineError) -> BacktestResult {
    let rows = rows
    var planned = [Int](repeating: 0, count: plan.valueAtRisk.count)
    for row in rows {
      for place in row.entries { planned[place] += 1 }
    }
    var ledger = ForecastLedger(accounts: book.accounts, keepsAccounts: options.accounts, planned: planned)
    for row in rows {
      if isStopped() { throw .stopped }
      try forecast(row.key, row.entries, into: &ledger)
    }
    return BacktestResult(
      engineVersion: Engine.version, source: .walkForward, baseCurrency: book.market.baseCurrency,
      seed: plan.seed, inputDigests: inputDigests, assumptions: assumptions + ledger.notes,
      setting: BacktestResult.Setting(
        window: options.window, days: options.days, market: options.market.rawValue),
      series: ledger.series(plan), failures: setAside + ledger.failures)
  }

  /// Days of forecasts in order of time, with the entries of the plan that forecast on them: the last days of the
  /// history, horizons without overlap.
  private var rows: [(key: Int, entries: [Int])] {
    var entries: [Int: [Int]] = [:]
    let last = closes.dates.count - 1
    for (place, entry) in plan.valueAtRisk.enumerated() {
      let horizon = Int(exactly: entry.horizonDays) ?? 1
      var row = last - horizon
      var left = min(options.days, Self.mostDays)
      while row + 1 >= options.window, left > 0 {
        entries[row, default: []].append(place)
        row -= horizon
        left -= 1
      }
    }
    return entries.keys.sorted().map { ($0, entries[$0] ?? []) }
  }

  /// The book on a day of the past, seeing that day and those before it.
  func day(_ row: Int) -> Book? {
    let factors =
      options.market == .past
      ? closes.factors(book.market, row: row) : [Double](repeating: 1, count: book.market.assets.count)
    let market = MovedMarket(market: book.market, factors: factors, instruments: book.instruments).carried()
    guard let history = closes.history(upTo: row, window: options.window, end: book.market.asOf) else {
      return nil
    }
    return Book(
      market: market, instruments: book.instruments, accounts: book.accounts, positions: book.positions,
      balances: book.balances, history: history, incompleteAccounts: book.incompleteAccounts,
      positionsName: book.positionsName, balancesName: book.balancesName)
  }

  private func forecast(_ row: Int, _ places: [Int], into ledger: inout ForecastLedger) throws(EngineError) {
    guard let day = day(row) else { return }
    let valued = BookValuation.value(day, team: team)
    let net = NettedBook(valued)
    let date = closes.dates[row]
    // Each day has draws of its own, which no other day's presence changes.
    let seed = plan.seed &+ UInt64(truncatingIfNeeded: date.secondsSinceEpoch / 86_400)
    var profits: [Int: [Double?]] = [:]
    for place in places {
      var entry = plan.valueAtRisk[place]
      entry.keepsProfits = keepsDistribution(entry)
      let horizon = Int(exactly: entry.horizonDays) ?? 1
      let profit = profits[horizon] ?? self.profits(day, valued, from: row, days: horizon)
      profits[horizon] = profit
      let measure: any TailMeasure
      do throws(TailRiskError) {
        measure = try TailMeasures.prepare(
          book: valued, plan: entry, seed: seed, net: net, team: team, isStopped: isStopped)
      } catch {
        throw EngineError(error)
      }
      ledger.enter(
        measure, entry: place, date: date, until: closes.dates[row + horizon], profits: profit)
    }
  }

  /// Whether the distribution behind a forecast can be kept for a day: plain paths of all owners in 256 MB.
  private func keepsDistribution(_ entry: ValueAtRiskPlan) -> Bool {
    let paths: Int
    switch entry.method {
    case .historical: paths = options.window
    case .filteredHistorical: paths = max(entry.paths, options.window)
    case .monteCarlo where entry.varianceReduction == .none: paths = entry.paths
    case .monteCarlo, .parametric, .cornishFisher, .deltaGamma: return false
    }
    return paths <= (1 << 25) / (book.accounts.count + 1)
  }

  /// Profit of each account over the days after a row, by full revaluation; nil where something of it has a value at
  /// one end alone.
  private func profits(_ day: Book, _ valued: ValuedBook, from row: Int, days: Int) -> [Double?] {
    let moved = MovedMarket(
      market: day.market, factors: closes.moves(from: row, to: row + days), instruments: day.instruments)
    guard let market = moved.later(by: Int64(days) * 86_400) else { return valued.equity.map { _ in nil } }
    let next = ReplayBook(day).advanced(to: market, entries: entries, hasLost: { _ in false })
    let later = BookValuation.value(next.book, team: team)
    return valued.equity.indices.map { account in
      guard valued.isIncomplete[account] == later.isIncomplete[account] else { return nil }
      let profit = later.equity[account] - valued.equity[account]
      return profit.isFinite ? profit : nil
    }
  }

  private var assumptions: [String] {
    let market =
      options.market == .past
      ? "Spots of a past day are its closes; forwards and marks move with them, smiles keep their moneyness."
      : "Every day starts from today's market and moves as the closes did."
    let left = hasVolatilities ? ["Columns of volatility in history.csv are not used: spots alone move."] : []
    return assumed + left + [
      "Positions, smiles, rates and times to expiry are today's on every past day.", market,
      "Forecasts see the \(options.window) closes up to their own day, which are \(options.window - 1) returns, and nothing "
        + "later; a quoted correlation is not used.",
      "A row of the history counts as one day, whatever the calendar says between two of them.",
      "Profit and loss is the book valued again one horizon later: spots moved by the closes, volatilities kept "
        + "with their strike, time gone by, what expired settled. Volatilities, rates and bases that a forecast moves "
        + "stay still in it.",
      "Horizons of several days do not overlap.",
      "P-values of Z1 and Z2 take losses beyond the value at risk to be exponential with the forecast's own mean; Z3 "
        + "reads the ranks of the outcomes in the whole distribution of each forecast.",
    ]
  }
}

public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// Value at risk and expected shortfall by full revaluation on paths: simulated, or out of the history.
///
/// Spots move as S' = S·e^x over a horizon of h years (days / 365). `PathPlan` says where x comes from; for
/// `monte_carlo` with `normal` it has mean −½σ²h and covariance Σh. Forwards and marks scale with their spot, volatilities stay with their strike, options age over the
/// horizon, and what expires inside it is paid on the path's spot at that instant; a payoff in coin stays in
/// coin. Each instrument is priced once a path, then every account is a sparse sum over that table
/// (`SimulationLayout` tells how it is cut). Losses are positive; cash does not move.
///
/// A path is a function of (seed, path) alone, so neither threads nor the other accounts matter.
public struct MonteCarloEngine: Sendable {
  public let plan: ValueAtRiskPlan
  /// Every factor of the market, moved or not.
  public let factors: [FactorUse]
  /// Why accounts, or the book, have no figure, in order of accounts, the book last.
  public let failures: [Failure]
  /// What a reader of the figures should know, such as too few paths for a level.
  public let notes: [String]
  /// Beyond this the losses of one account alone would take more than 80 MB.
  public static let mostPaths = 10_000_000
  private let outcomes: [TailOutcome]
  private let accountCount: Int

  /// Simulates the plan for every account and for the book.
  ///
  /// - Parameters:
  ///   - book: valued; a shard of a book keeps the market and instruments of the whole.
  ///   - plan: `monte_carlo`, `historical` or `filtered_historical`; horizon > 0; 1 to `mostPaths` paths.
  ///   - seed: of all random numbers.
  ///   - net: the holdings behind the book's figure; those of `book` where nil.
  ///   - liquidity: where given, figures have a second one with the cost of closing out.
  ///   - team: shares the work; the figures do not depend on its size.
  ///   - isStopped: asked before each run of paths and each group of accounts, on any thread; true ends
  ///     the simulation.
  /// - Throws: where no account can have a figure; what concerns one account is in `failures`.
  /// - Complexity: paths × (instruments priced + rows of all accounts).
  public init(
    book: ValuedBook, plan: ValueAtRiskPlan, seed: UInt64, net: NettedBook? = nil,
    liquidity: BookLiquidity? = nil, team: ThreadTeam,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(TailRiskError) {
    try self.init(
      book: book, plan: plan, seed: seed, net: net, liquidity: liquidity, team: team,
      tableLimit: SimulationLayout.tableLimit, isStopped: isStopped)
  }

  /// The same with another bound on the memory of the table, in bytes; no figure depends on it.
  package init(
    book: ValuedBook, plan: ValueAtRiskPlan, seed: UInt64, net: NettedBook?,
    liquidity: BookLiquidity? = nil, team: ThreadTeam,
    tableLimit: Int, isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(TailRiskError) {
    let paths = try PathPlan(book.book, plan: plan, seed: seed)
    let net = net ?? NettedBook(book)
    guard net.quantity.count == book.resolved.count, net.balance.count == book.book.market.assets.count else {
      throw .foreignHoldings(instruments: net.quantity.count, expected: book.resolved.count)
    }
    let simulation = Simulation(
      book: book,
      table: ProfitTable(
        book, net: net, risk: paths.risk, grid: paths.grid, smile: plan.smile, team: team),
      paths: paths, plan: plan, net: net,
      liquidity: liquidity.map { PathLiquidity($0, risk: paths.risk, grid: paths.grid, team: team) },
      tableLimit: tableLimit, isStopped: isStopped)
    outcomes = try simulation.run(team: team)
    accountCount = book.book.accounts.count
    self.plan = plan
    factors = paths.risk.uses
    failures = Self.failures(book.book.accounts, outcomes)
    notes =
      paths.notes + Self.notes(plan.smile)
      + simulation.tailPlan.levels.flatMap { $0.notes(paths: paths.pathCount, replicates: paths.replicates) }
      + (liquidity == nil ? [] : PathLiquidity.notes)
  }

  /// The figures of one account, one a confidence level; empty where it has none (see `failures`).
  public func figures(ofAccount account: Int) -> [ValueAtRiskFigure] {
    guard account >= 0, account < accountCount, case .figures(let figures) = outcomes[account] else {
      return []
    }
    return figures
  }

  /// The figures of the whole book, from exactly netted quantities; empty where it has none.
  public var bookFigures: [ValueAtRiskFigure] {
    guard case .figures(let figures)? = outcomes.last else { return [] }
    return figures
  }

  /// Checks what would stop a simulation, without simulating.
  ///
  /// - Throws: as `init` does.
  /// - Complexity: O(factors³), for the factor of the correlation.
  public static func check(_ book: Book, plan: ValueAtRiskPlan) throws(TailRiskError) {
    _ = try PathPlan(book, plan: plan, seed: 0)
  }

  /// What a smile that moves is: the default needs no word.
  static func notes(_ smile: ValueAtRiskPlan.Smile) -> [String] {
    smile == .stickyStrike
      ? []
      : [
        "smile: ln(K/F) keeps its volatility as the forward moves; an option whose volatility is its own mark's keeps that"
      ]
  }

  static func failures(_ accounts: [Identifier], _ outcomes: [TailOutcome]) -> [Failure] {
    outcomes.enumerated().compactMap { place, outcome in
      let holder = place < accounts.count ? "account \(accounts[place])" : "the book"
      switch outcome {
      case .figures:
        return nil
      case .unmoved(let asset):
        return Failure(
          path: "market.json#/correlation", reason: .missing,
          message: "\(holder) has no value at risk: it holds \(asset), which has no volatility or correlation"
        )
      case .notFinite:
        return Failure(
          path: "run.json#/value_at_risk", reason: .calculation,
          message: "\(holder) has no value at risk: a simulated loss is not a finite number")
      }
    }
  }
}

public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// Value at risk and expected shortfall of accounts with trades on top, on one set of paths.
///
/// The losses of each account and the rows of what is traded are simulated once; a trade is then a few multiples of rows
/// added to the account's losses, and the order statistics of the sum. Without a trade the figures are those of
/// `MonteCarloEngine` on the same book, paths and seed.
public struct MarginalTail: Sendable {
  /// The figures of one confidence level.
  public struct Figure: Hashable, Sendable {
    public let confidence: ConfidenceLevel
    public let horizonDays: Double
    public let valueAtRisk: Double
    public let expectedShortfall: Double
  }

  private let book: ValuedBook
  private let plan: ValueAtRiskPlan
  private let tailPlan: TailPlan
  private let pathCount: Int
  private let scale: Double
  private let table: ProfitTable
  /// Rows of `pathCount` numbers: the table's rows that are traded, then the losses of the accounts.
  private let store: [Double]
  /// First number of each row of the table in the store; nil where nothing traded needs it.
  private let startOfRow: [Int?]
  /// First number of each account's losses; nil where it depends on an asset that does not move.
  private let startOfAccount: [Int?]

  /// Simulates.
  ///
  /// - Parameters:
  ///   - traded: places of the instruments that trades may name.
  ///   - isStopped: asked before each block of paths, on any thread; true ends the simulation.
  /// - Throws: as `MonteCarloEngine.init`.
  /// - Complexity: paths × (instruments priced + rows of all accounts); memory for paths × (accounts + traded
  ///   options).
  public init(
    book: ValuedBook, plan: ValueAtRiskPlan, seed: UInt64, traded: [Int], team: ThreadTeam,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(TailRiskError) {
    let paths = try PathPlan(book.book, plan: plan, seed: seed)
    let table = ProfitTable(
      book, net: NettedBook(book), risk: paths.risk, grid: paths.grid, smile: plan.smile, traded: traded,
      team: team)
    let accounts = book.book.accounts.count
    let layout = SimulationLayout(paths: paths.pathCount, rows: table.rowCount, portfolios: accounts)
    let group = PortfolioGroup(
      exposures: (0..<accounts).map { Exposure(book, account: $0, table: table, width: layout.width) },
      paths: paths.pathCount)
    let rows = Self.rows(traded, book, table)
    let blocks = (paths.pathCount + layout.width - 1) / layout.width
    let parts = team.map(count: blocks) { block -> [Double]? in
      if isStopped() { return nil }
      let range = layout.paths(ofBlock: block)
      let values = table.block(on: paths.source.block(firstPath: range.lowerBound, width: layout.width))
      // A block of the store: the traded rows, then the accounts, `range.count` numbers each.
      var part: [Double] = []
      part.reserveCapacity((rows.count + accounts) * range.count)
      for row in rows { part += values[row * layout.width..<row * layout.width + range.count] }
      let local = PortfolioGroup(exposures: group.exposures, paths: range.count)
      var losses = [Double](repeating: 0, count: accounts * range.count)
      local.addLosses(values, 0..<range.count, width: layout.width, into: &losses)
      return part + losses
    }
    guard parts.allSatisfy({ $0 != nil }) else { throw .stopped }
    self.book = book
    self.plan = plan
    pathCount = paths.pathCount
    scale = paths.scale
    self.table = table
    tailPlan = TailPlan(plan.confidence, count: paths.pathCount)
    store = Self.joined(parts.compactMap { $0 }, rows: rows.count + accounts, paths: paths.pathCount)
    var startOfRow = [Int?](repeating: nil, count: table.rowCount)
    for (place, row) in rows.enumerated() { startOfRow[row] = place * paths.pathCount }
    self.startOfRow = startOfRow
    startOfAccount = group.exposures.enumerated().map { place, exposure in
      exposure.unmoved == nil ? (rows.count + place) * paths.pathCount : nil
    }
  }

  /// The rows of the table that the instruments need, each once, in increasing order.
  private static func rows(_ traded: [Int], _ book: ValuedBook, _ table: ProfitTable) -> [Int] {
    var rows: Set<Int> = []
    for place in traded where book.resolved.indices.contains(place) {
      guard let instrument = book.resolved[place], let factor = table.risk.place[instrument.underlying] else {
        continue
      }
      if instrument.kind != .option { rows.insert(factor) }
      if let row = table.rowOfInstrument[place] { rows.insert(row) }
    }
    return rows.sorted()
  }

  /// Blocks of paths put together row by row.
  private static func joined(_ parts: [[Double]], rows: Int, paths: Int) -> [Double] {
    var store: [Double] = []
    store.reserveCapacity(rows * paths)
    for row in 0..<rows {
      for part in parts {
        let width = part.count / max(rows, 1)
        store += part[row * width..<(row + 1) * width]
      }
    }
    return store
  }

  /// The figures of an account after some trades at once, one a confidence level.
  ///
  /// - Parameter account: place in `Book.accounts`.
  /// - Returns: nil where the account or a trade depends on an asset that does not move, or a loss is not finite.
  /// - Complexity: O(paths × rows of the trades).
  public func figures(ofAccount account: Int, after trades: [TradeEffect] = []) -> [Figure]? {
    guard startOfAccount.indices.contains(account), let own = startOfAccount[account] else { return nil }
    let exposure = Exposure(book, trades: trades, table: table)
    guard exposure.unmoved == nil else { return nil }
    var starts = [own]
    var factors = [1.0]
    for (row, factor) in zip(exposure.rows, exposure.lossFactors) {
      guard startOfRow.indices.contains(row), let start = startOfRow[row] else { return nil }
      starts.append(start)
      factors.append(factor)
    }
    var losses = [Double](repeating: 0, count: pathCount)
    var sum = losses.mutableSpan
    VectorMath.gatherRows(store.span, rowStarts: starts.span, factors: factors.span, adding: 0, into: &sum)
    guard let tail = Tail(tailPlan, of: losses.span) else { return nil }
    return tailPlan.levels.map { level in
      let figure = tail.measure(level, plan: plan)
      return Figure(
        confidence: level.confidence, horizonDays: plan.horizonDays, valueAtRisk: scale * figure.valueAtRisk,
        expectedShortfall: scale * figure.expectedShortfall)
    }
  }
}

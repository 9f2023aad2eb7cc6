import MarketModel
import PortfolioValuation
import RiskNumerics

/// One run over all paths: the table, the losses, the tails and their parts.
struct Simulation: Sendable {
  let book: ValuedBook
  let table: ProfitTable
  let plan: ValueAtRiskPlan
  let paths: PathPlan
  let net: NettedBook
  let tailPlan: TailPlan
  /// nil where nobody asks what closing out costs.
  let liquidity: PathLiquidity?
  let layout: SimulationLayout
  /// Whether one account is the whole book, which is then computed once.
  private let isAlone: Bool
  let isStopped: @Sendable () -> Bool

  init(
    book: ValuedBook, table: ProfitTable, paths: PathPlan, plan: ValueAtRiskPlan, net: NettedBook,
    liquidity: PathLiquidity? = nil, tableLimit: Int = SimulationLayout.tableLimit,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.book = book
    var table = table
    table.keepsLogs = liquidity != nil
    self.table = table
    self.liquidity = liquidity
    self.plan = plan
    self.paths = paths
    self.net = net
    self.isStopped = isStopped
    tailPlan = TailPlan(plan.confidence, count: paths.pathCount)
    isAlone =
      liquidity == nil && book.book.accounts.count == 1
      && Exposure(book, account: 0, table: table, width: 1)
        .isSame(as: Exposure(book, net: net, table: table, width: 1))
    // The book is the last portfolio.
    layout = SimulationLayout(
      paths: paths.pathCount, rows: table.rowCount,
      portfolios: isAlone ? 1 : book.book.accounts.count + 1,
      columns: liquidity == nil ? 1 : 2, tableLimit: tableLimit)
  }

  /// The outcome of every account, then of the book.
  ///
  /// - Throws: `TailRiskError.stopped` where `isStopped` turned true on the way.
  func run(team: ThreadTeam) throws(TailRiskError) -> [TailOutcome] {
    let outcomes = try portfolioOutcomes(team: team)
    return isAlone ? outcomes + outcomes : outcomes
  }

  private func portfolioOutcomes(team: ThreadTeam) throws(TailRiskError) -> [TailOutcome] {
    if layout.slabs.count == 1, let slab = layout.slabs.first {
      let blocks = try price(slab, team: team)
      let groups = layout.batches.flatMap { $0 }
      return try map(groups.count, team) { self.outcomes(groups[$0], blocks) }.flatMap { $0 }
    }
    let moves = try keptMoves(team: team)
    var all: [TailOutcome] = []
    for batch in layout.batches { all += try runInBlocks(batch, moves, team: team) }
    return all
  }

  /// One task after another on all threads, each only while nobody asked to stop.
  func map<Result: Sendable>(
    _ count: Int, _ team: ThreadTeam, _ task: @Sendable (Int) -> Result
  ) throws(TailRiskError) -> [Result] {
    let results = team.map(count: count) { place in isStopped() ? nil : task(place) }.compactMap { $0 }
    guard results.count == count else { throw .stopped }
    return results
  }

  /// The table of a slab, one array a block.
  private func price(_ slab: Range<Int>, team: ThreadTeam) throws(TailRiskError) -> [[Double]] {
    try map(slab.count, team) { index in
      let range = layout.paths(ofBlock: slab.lowerBound + index)
      return table.block(on: paths.source.block(firstPath: range.lowerBound, width: layout.width))
    }
  }

  func group(_ range: Range<Int>) -> PortfolioGroup {
    let accounts = book.book.accounts.count
    return PortfolioGroup(
      exposures: range.map { place in
        place < accounts
          ? Exposure(book, account: place, table: table, width: layout.width)
          : Exposure(book, net: net, table: table, width: layout.width)
      }, paths: paths.pathCount,
      closeOut: liquidity.map { liquidity in
        CloseOutGroup(
          curves: range.map { liquidity.curves(ofPortfolio: $0, net: net) },
          logStart: table.logStart, scale: paths.scale)
      })
  }

  /// One group over a table that is whole.
  private func outcomes(_ range: Range<Int>, _ blocks: [[Double]]) -> [TailOutcome] {
    let group = group(range)
    var losses = [Double](repeating: 0, count: group.columns * paths.pathCount)
    for (block, values) in blocks.enumerated() {
      group.addLosses(values, layout.paths(ofBlock: block), width: layout.width, into: &losses)
    }
    let tails = group.tails(
      losses, plan: tailPlan, replicates: paths.replicates, keepsProfits: plan.keepsProfits)
    var sums = sums(group, tails)
    for (block, values) in blocks.enumerated() {
      add(values, layout.paths(ofBlock: block), group, to: &sums)
    }
    return finish(group, tails, sums)
  }

  func sums(_ group: PortfolioGroup, _ tails: [PortfolioTail?]) -> [TailSums?] {
    zip(group.exposures, tails).map { exposure, tail in
      tail.map { TailSums($0.tail, rows: exposure.sumStarts.count, plan: tailPlan) }
    }
  }

  private func add(
    _ values: [Double], _ range: Range<Int>, _ group: PortfolioGroup, to sums: inout [TailSums?]
  ) {
    for place in sums.indices {
      let starts = group.exposures[place].sumStarts
      sums[place]?.add(values.span, range, starts: starts.span)
    }
  }

  func finish(_ group: PortfolioGroup, _ tails: [PortfolioTail?], _ sums: [TailSums?])
    -> [TailOutcome]
  {
    group.exposures.indices.map { place in
      if let asset = group.exposures[place].unmoved { return .unmoved(asset) }
      guard let tail = tails[place], let sums = sums[place] else { return .notFinite }
      return group.figures(place, tail, sums, levels: tailPlan.levels, plan: plan, paths: paths)
    }
  }
}

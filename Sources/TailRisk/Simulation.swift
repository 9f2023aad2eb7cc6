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
    var all: [TailOutcome] = []
    for batch in layout.batches { all += try runInBlocks(batch, team: team) }
    return all
  }

  /// One task after another on all threads, each only while nobody asked to stop.
  private func map<Result: Sendable>(
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

  private func group(_ range: Range<Int>) -> PortfolioGroup {
    let accounts = book.book.accounts.count
    return PortfolioGroup(
      exposures: range.map { place in
        place < accounts
          ? Exposure(book, account: place, table: table, width: layout.width)
          : Exposure(book, net: net, table: table, width: layout.width)
      }, paths: paths.pathCount,
      closeOut: liquidity.map { liquidity in
        CloseOutGroup(
          curves: range.map { place in
            liquidity.curves(
              of: place < accounts
                ? liquidity.liquidity.holdings(ofAccount: place) : liquidity.liquidity.holdings(net))
          }, logStart: table.logStart, scale: paths.scale)
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

  /// A batch of groups over a table too large to keep: a block is priced, added to all losses and forgotten.
  ///
  /// The parts of the tails need a second look at few paths, and only these are priced again. A number of the table
  /// depends on its path alone, so neither look changes a bit.
  private func runInBlocks(
    _ ranges: [Range<Int>], team: ThreadTeam
  ) throws(TailRiskError) -> [TailOutcome] {
    let groups = try map(ranges.count, team) { group(ranges[$0]) }
    let tails = try batchTails(groups, team: team)
    let before = zip(groups, tails).map { self.sums($0, $1) }
    let needed = neededPaths(before)
    var sums = before
    for slab in layout.slabs {
      let again = try map(slab.count, team) { priceAgain(slab.lowerBound + $0, needed) }
      let last = sums
      sums = try map(groups.count, team) { index in
        var sums = last[index]
        for (offset, values) in again.enumerated() where !values.isEmpty {
          add(values, block: slab.lowerBound + offset, needed, groups[index], to: &sums)
        }
        return sums
      }
    }
    return groups.indices.flatMap { finish(groups[$0], tails[$0], sums[$0]) }
  }

  /// The tails of a batch of groups, block by block.
  private func batchTails(_ groups: [PortfolioGroup], team: ThreadTeam) throws(TailRiskError)
    -> [[PortfolioTail?]]
  {
    let blocks = (paths.pathCount + layout.width - 1) / layout.width
    // One array a block and group: portfolio p, path i of the block at p·(paths of the block) + i.
    let parts = try map(blocks, team) { block -> [[Double]] in
      let range = layout.paths(ofBlock: block)
      let values = table.block(on: paths.source.block(firstPath: range.lowerBound, width: layout.width))
      return groups.map { group in
        let local = group.over(paths: range.count)
        var losses = [Double](repeating: 0, count: local.columns * range.count)
        local.addLosses(values, 0..<range.count, width: layout.width, into: &losses)
        return losses
      }
    }
    return try map(groups.count, team) { index in
      var joined: [Double] = []
      joined.reserveCapacity(groups[index].columns * paths.pathCount)
      for place in 0..<groups[index].columns {
        for (block, part) in parts.enumerated() {
          let count = layout.paths(ofBlock: block).count
          joined.append(contentsOf: part[index][place * count..<(place + 1) * count])
        }
      }
      return groups[index].tails(
        joined, plan: tailPlan, replicates: paths.replicates, keepsProfits: plan.keepsProfits)
    }
  }

  /// Which paths the sums of some portfolio read.
  private func neededPaths(_ sums: [[TailSums?]]) -> [Bool] {
    var needed = [Bool](repeating: false, count: paths.pathCount)
    for case let own? in sums.joined() { own.mark(&needed) }
    return needed
  }

  /// The table on the needed paths of a block; empty where none is needed.
  private func priceAgain(_ block: Int, _ needed: [Bool]) -> [Double] {
    let range = layout.paths(ofBlock: block)
    let columns = range.filter { needed[$0] }.map { $0 - range.lowerBound }
    guard !columns.isEmpty else { return [] }
    let whole = paths.source.block(firstPath: range.lowerBound, width: layout.width)
    return table.block(on: whole.picked(columns))
  }

  /// Adds the needed paths of a block.
  private func add(
    _ values: [Double], block: Int, _ needed: [Bool], _ group: PortfolioGroup, to sums: inout [TailSums?]
  ) {
    let range = layout.paths(ofBlock: block)
    var columns = [Int](repeating: 0, count: range.count)
    var width = 0
    for path in range where needed[path] {
      columns[path - range.lowerBound] = width
      width += 1
    }
    for place in sums.indices {
      let starts = group.exposures[place].sumStarts.map { $0 / layout.width * width }
      sums[place]?.add(values.span, range, starts: starts.span, columns: columns.span)
    }
  }

  private func sums(_ group: PortfolioGroup, _ tails: [PortfolioTail?]) -> [TailSums?] {
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

  private func finish(_ group: PortfolioGroup, _ tails: [PortfolioTail?], _ sums: [TailSums?])
    -> [TailOutcome]
  {
    group.exposures.indices.map { place in
      if let asset = group.exposures[place].unmoved { return .unmoved(asset) }
      guard let tail = tails[place], let sums = sums[place] else { return .notFinite }
      return group.figures(place, tail, sums, levels: tailPlan.levels, plan: plan, paths: paths)
    }
  }
}

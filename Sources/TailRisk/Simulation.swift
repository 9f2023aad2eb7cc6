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
  let layout: SimulationLayout
  let isStopped: @Sendable () -> Bool

  init(
    book: ValuedBook, table: ProfitTable, paths: PathPlan, plan: ValueAtRiskPlan, net: NettedBook,
    tableLimit: Int = SimulationLayout.tableLimit, isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.book = book
    self.table = table
    self.plan = plan
    self.paths = paths
    self.net = net
    self.isStopped = isStopped
    tailPlan = TailPlan(plan.confidence, count: paths.pathCount)
    // The book is the last portfolio.
    layout = SimulationLayout(
      paths: paths.pathCount, rows: table.rowCount, portfolios: book.book.accounts.count + 1,
      tableLimit: tableLimit)
  }

  /// The outcome of every account, then of the book.
  ///
  /// - Throws: `TailRiskError.stopped` where `isStopped` turned true on the way.
  func run(team: ThreadTeam) throws(TailRiskError) -> [TailOutcome] {
    if layout.slabs.count == 1, let slab = layout.slabs.first {
      let blocks = try price(slab, team: team)
      let groups = layout.batches.flatMap { $0 }
      return try map(groups.count, team) { outcomes(groups[$0], blocks) }.flatMap { $0 }
    }
    var all: [TailOutcome] = []
    for batch in layout.batches { all += try runInSlabs(batch, team: team) }
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
      }, paths: paths.pathCount)
  }

  /// One group over a table that is whole.
  private func outcomes(_ range: Range<Int>, _ blocks: [[Double]]) -> [TailOutcome] {
    let group = group(range)
    var losses = [Double](repeating: 0, count: range.count * paths.pathCount)
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

  /// A batch of groups over a table that is priced slab by slab: once for the losses, once for their parts.
  private func runInSlabs(
    _ ranges: [Range<Int>], team: ThreadTeam
  ) throws(TailRiskError) -> [TailOutcome] {
    let groups = try map(ranges.count, team) { group(ranges[$0]) }
    // One array a slab and group: portfolio p, path i of the slab at p·slabPaths + i.
    var parts: [[[Double]]] = []
    for slab in layout.slabs {
      let blocks = try price(slab, team: team)
      let paths = slabPaths(slab)
      parts.append(
        try map(groups.count, team) { index in
          let local = PortfolioGroup(exposures: groups[index].exposures, paths: paths.count)
          var losses = [Double](repeating: 0, count: local.exposures.count * paths.count)
          for (offset, values) in blocks.enumerated() {
            let range = layout.paths(ofBlock: slab.lowerBound + offset)
            local.addLosses(
              values, range.lowerBound - paths.lowerBound..<range.upperBound - paths.lowerBound,
              width: layout.width, into: &losses)
          }
          return losses
        })
    }
    let stored = parts
    let tails = try map(groups.count, team) { index in
      var joined: [Double] = []
      joined.reserveCapacity(groups[index].exposures.count * self.paths.pathCount)
      for place in groups[index].exposures.indices {
        for (part, slab) in zip(stored, layout.slabs) {
          let count = slabPaths(slab).count
          joined.append(contentsOf: part[index][place * count..<(place + 1) * count])
        }
      }
      return groups[index].tails(
        joined, plan: tailPlan, replicates: self.paths.replicates, keepsProfits: plan.keepsProfits)
    }
    parts = []
    var sums = zip(groups, tails).map { self.sums($0, $1) }
    for slab in layout.slabs {
      let blocks = try price(slab, team: team)
      let before = sums
      sums = try map(groups.count, team) { index in
        var sums = before[index]
        for (offset, values) in blocks.enumerated() {
          add(values, layout.paths(ofBlock: slab.lowerBound + offset), groups[index], to: &sums)
        }
        return sums
      }
    }
    return groups.indices.flatMap { finish(groups[$0], tails[$0], sums[$0]) }
  }

  private func slabPaths(_ slab: Range<Int>) -> Range<Int> {
    layout.paths(ofBlock: slab.lowerBound).lowerBound..<layout.paths(ofBlock: slab.upperBound - 1).upperBound
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

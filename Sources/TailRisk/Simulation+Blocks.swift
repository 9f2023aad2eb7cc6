import MarketModel
import RiskNumerics

/// Portfolios over a table too large to keep: a block is priced, added to all losses and forgotten.
///
/// The parts of the tails need a second look at few paths, and only these are priced again. A number of the table
/// depends on its path alone, so neither look changes a bit.
extension Simulation {
  /// Where the moves of all paths are kept for the second look and for further batches, in bytes at most.
  private static let movesLimit = 128 << 20
  /// Neighbouring blocks that one task prices, one after the other in the same memory.
  private static let blocksPerTask = 8

  /// The moves of all blocks; empty where they would take more than `movesLimit`.
  func keptMoves(team: ThreadTeam) throws(TailRiskError) -> [PathBlock] {
    let numbers = 2 * table.grid.seconds.count * table.risk.volatilities.count
    guard numbers * paths.pathCount * 8 <= Self.movesLimit else { return [] }
    return try map(layout.blockCount, team) { self.moves(ofBlock: $0, []) }
  }

  /// The moves of a block, out of `kept` where they are there.
  private func moves(ofBlock block: Int, _ kept: [PathBlock]) -> PathBlock {
    guard !kept.indices.contains(block) else { return kept[block] }
    return paths.source.block(firstPath: layout.paths(ofBlock: block).lowerBound, width: layout.width)
  }

  /// A batch of groups.
  func runInBlocks(
    _ ranges: [Range<Int>], _ moves: [PathBlock], team: ThreadTeam
  ) throws(TailRiskError) -> [TailOutcome] {
    let groups = try map(ranges.count, team) { group(ranges[$0]) }
    let tails = try batchTails(groups, moves, team: team)
    let before = zip(groups, tails).map { self.sums($0, $1) }
    let needed = neededPaths(before)
    var sums = before
    for slab in layout.slabs {
      let looks = secondLooks(slab, needed)
      let again = try map(looks.count, team) { priceAgain(looks[$0], moves, needed) }
      let last = sums
      sums = try map(groups.count, team) { index in
        var sums = last[index]
        for (blocks, values) in zip(looks, again) {
          add(values, layout.paths(ofBlocks: blocks), needed, groups[index], to: &sums)
        }
        return sums
      }
    }
    return groups.indices.flatMap { finish(groups[$0], tails[$0], sums[$0]) }
  }

  /// The tails of a batch of groups.
  private func batchTails(
    _ groups: [PortfolioGroup], _ moves: [PathBlock], team: ThreadTeam
  ) throws(TailRiskError) -> [[PortfolioTail?]] {
    let runs = stride(from: 0, to: layout.blockCount, by: Self.blocksPerTask).map {
      $0..<min($0 + Self.blocksPerTask, layout.blockCount)
    }
    // One array a run and group: portfolio p, path i of the run at p·(paths of the run) + i.
    let parts = try map(runs.count, team) { losses(groups, moves, blocks: runs[$0]) }
    return try map(groups.count, team) { index in
      var joined: [Double] = []
      joined.reserveCapacity(groups[index].columns * paths.pathCount)
      for place in 0..<groups[index].columns {
        for (blocks, part) in zip(runs, parts) {
          let count = layout.paths(ofBlocks: blocks).count
          joined.append(contentsOf: part[index][place * count..<(place + 1) * count])
        }
      }
      return groups[index].tails(
        joined, plan: tailPlan, replicates: paths.replicates, keepsProfits: plan.keepsProfits)
    }
  }

  /// The losses of each group on some blocks.
  private func losses(_ groups: [PortfolioGroup], _ moves: [PathBlock], blocks: Range<Int>) -> [[Double]] {
    let all = layout.paths(ofBlocks: blocks)
    let local = groups.map { $0.over(paths: all.count) }
    var losses = local.map { [Double](repeating: 0, count: $0.columns * all.count) }
    var values: [Double] = []
    for block in blocks {
      let range = layout.paths(ofBlock: block)
      table.price(self.moves(ofBlock: block, moves), into: &values)
      let place = range.lowerBound - all.lowerBound..<range.upperBound - all.lowerBound
      for index in local.indices {
        local[index].addLosses(values, place, width: layout.width, into: &losses[index])
      }
    }
    return losses
  }

  /// Which paths the sums of some portfolio read.
  private func neededPaths(_ sums: [[TailSums?]]) -> [Bool] {
    var needed = [Bool](repeating: false, count: paths.pathCount)
    for case let own? in sums.joined() { own.mark(&needed) }
    return needed
  }

  /// Runs of neighbouring blocks with about as many needed paths as a block has; runs without any are left out.
  ///
  /// Few of a block's paths are needed, and an option costs as much on one path as on four.
  private func secondLooks(_ slab: Range<Int>, _ needed: [Bool]) -> [Range<Int>] {
    var looks: [Range<Int>] = []
    var (first, count) = (slab.lowerBound, 0)
    for block in slab {
      count += layout.paths(ofBlock: block).count { needed[$0] }
      guard count >= layout.width || block + 1 == slab.upperBound else { continue }
      if count > 0 { looks.append(first..<block + 1) }
      (first, count) = (block + 1, 0)
    }
    return looks
  }

  /// The table on the needed paths of some blocks.
  private func priceAgain(_ blocks: Range<Int>, _ moves: [PathBlock], _ needed: [Bool]) -> [Double] {
    let picked = blocks.map { block in
      let range = layout.paths(ofBlock: block)
      return (block, range.filter { needed[$0] }.map { $0 - range.lowerBound })
    }
    let few = picked.filter { !$0.1.isEmpty }.map { self.moves(ofBlock: $0.0, moves).picked($0.1) }
    return PathBlock.joined(few).map { table.block(on: $0) } ?? []
  }

  /// Adds the needed paths of a run of blocks.
  private func add(
    _ values: [Double], _ range: Range<Int>, _ needed: [Bool], _ group: PortfolioGroup,
    to sums: inout [TailSums?]
  ) {
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
}

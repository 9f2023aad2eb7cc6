/// Sums of one portfolio's table rows over its tail, one a row and level.
///
/// The levels' tails lie inside each other, so a path is added once, to the tier of the narrowest level that
/// holds it; a level is the sum of its tier and all narrower ones. The path at the value at risk itself
/// counts by the level's fraction and has a sum of its own. Equal losses enter by path. The losses around the value
/// at risk itself (`QuantileWindow`) are summed beside them.
struct TailSums: Sendable {
  private let rows: Int
  /// Places of the plan's levels, the widest tail first.
  private let order: [Int]
  private let fractions: [Double]
  /// Paths in increasing order and the slot that each is added to: tiers, then fractional paths.
  private let paths: [Int]
  private let slots: [Int]
  private var next = 0
  private let windows: [QuantileWindow.Entry]
  private var nextWindow = 0
  private var sums: [Double]

  init(_ tail: Tail, rows: Int, plan: TailPlan) {
    self.rows = rows
    let levels = plan.levels
    order = levels.indices.sorted { (levels[$1].whole, $0) < (levels[$0].whole, $1) }
    fractions = levels.map(\.fraction)
    sums = [Double](repeating: 0, count: 3 * levels.count * rows)
    let bounds = order.map { tail.valueAtRisk(levels[$0]) }
    // How many losses equal to the value at risk still belong to a level's whole ones.
    var room = order.map { levels[$0].whole }
    for loss in tail.losses {
      for place in bounds.indices where loss > bounds[place] { room[place] -= 1 }
    }
    var paths: [Int] = []
    var slots: [Int] = []
    paths.reserveCapacity(plan.depth + levels.count)
    slots.reserveCapacity(plan.depth + levels.count)
    for (index, loss) in tail.losses.enumerated() {
      guard let widest = bounds.first, loss >= widest else { continue }
      var tier = -1
      for place in bounds.indices {
        if loss > bounds[place] {
          tier = place
        } else if loss == bounds[place] {
          if room[place] > 0 {
            tier = place
          } else if room[place] == 0, levels[order[place]].fraction > 0 {
            paths.append(tail.paths[index])
            slots.append(levels.count + order[place])
          }
          room[place] -= 1
        }
      }
      if tier >= 0 {
        paths.append(tail.paths[index])
        slots.append(tier)
      }
    }
    self.paths = paths
    self.slots = slots
    windows = QuantileWindow.entries(tail, plan)
  }

  /// Adds the tail paths of one block; blocks come in order of their paths.
  ///
  /// - Parameters:
  ///   - block: the table on the paths `range`.
  ///   - starts: where each of the portfolio's rows begins in the block.
  ///   - columns: the place of each path of the range in its row; its distance from the first where empty.
  mutating func add(
    _ block: Span<Double>, _ range: Range<Int>, starts: Span<Int>, columns: Span<Int> = Span<Int>()
  ) {
    addTail(block, range, starts: starts, columns: columns)
    addWindows(block, range, starts: starts, columns: columns)
  }

  /// Marks the paths that the sums read.
  func mark(_ needed: inout [Bool]) {
    for path in paths where needed.indices.contains(path) { needed[path] = true }
    for window in windows where needed.indices.contains(window.path) { needed[window.path] = true }
  }

  private mutating func addWindows(
    _ block: Span<Double>, _ range: Range<Int>, starts: Span<Int>, columns: Span<Int>
  ) {
    var index = nextWindow
    guard index < windows.count, windows[index].path < range.upperBound else { return }
    let (windows, rows, first) = (windows, rows, 2 * order.count)
    var sum = sums.mutableSpan
    while index < windows.count, windows[index].path < range.upperBound {
      let entry = windows[index]
      let distance = entry.path - range.lowerBound
      let path = columns.isEmpty ? distance : columns[distance]
      let slot = (first + entry.level) * rows
      index += 1
      for row in starts.indices { sum[slot + row] += entry.weight * block[starts[row] + path] }
    }
    nextWindow = index
  }

  private mutating func addTail(
    _ block: Span<Double>, _ range: Range<Int>, starts: Span<Int>, columns: Span<Int>
  ) {
    var index = next
    guard index < paths.count, paths[index] < range.upperBound else { return }
    // Locals: the loop below runs on spans while `sums` is borrowed.
    let (paths, slots, rows) = (paths, slots, rows)
    var sum = sums.mutableSpan
    while index < paths.count, paths[index] < range.upperBound {
      let distance = paths[index] - range.lowerBound
      let path = columns.isEmpty ? distance : columns[distance]
      let slot = slots[index] * rows
      index += 1
      for row in starts.indices { sum[slot + row] += block[starts[row] + path] }
    }
    next = index
  }

  /// The weighted sums of the rows around the value at risk of a level.
  func window(level: Int) -> [Double] {
    let start = (2 * order.count + level) * rows
    return Array(sums[start..<start + rows])
  }

  /// The weighted sums of the rows at a level.
  func total(level: Int) -> [Double] {
    let first = order.firstIndex(of: level) ?? 0
    return (0..<rows).map { row in
      var sum = fractions[level] * sums[(order.count + level) * rows + row]
      for tier in (first..<order.count).reversed() { sum += sums[tier * rows + row] }
      return sum
    }
  }
}

/// A small linear programme: the least of c·x over x ≥ 0 with A·x ≤ b, where b ≥ 0, so that x = 0 is allowed.
///
/// For many cost vectors over one set of rows: each search starts from the last one's vertex, which the new costs
/// leave feasible. Plain arithmetic in a fixed order, so the same programme takes the same steps everywhere; no
/// lock and no library, because it is asked thousands of times for programmes of a few dozen rows.
/// `LinearProgram` takes any programme and grows further.
public struct CoveringProgram: Sendable {
  public let rowCount: Int
  public let columnCount: Int
  /// Row-major, over the columns that are outside the basis.
  private var matrix: [Double]
  private var right: [Double]
  /// Variables inside the basis by row, and outside it by column: x first, then the slacks of the rows.
  private var inside: [Int]
  private var outside: [Int]
  private var reduced: [Double]

  private static let tolerance = 1e-11
  private static let mostOperations = 1_000_000_000

  /// A programme at x = 0.
  ///
  /// - Parameters:
  ///   - matrix: row-major, finite; rows of about unit size.
  ///   - bounds: one a row; taken as 0 where below.
  public init(matrix: [Double], bounds: [Double], columnCount: Int) {
    let columns = max(0, columnCount)
    rowCount = min(bounds.count, columns == 0 ? bounds.count : matrix.count / columns)
    self.columnCount = columns
    self.matrix = matrix
    right = bounds.map { max(0, $0) }
    inside = (0..<rowCount).map { columns + $0 }
    outside = Array(0..<columns)
    reduced = [Double](repeating: 0, count: columns)
  }

  /// The least cost, ≤ 0, and the point that has it.
  ///
  /// - Parameter costs: one a column, finite.
  /// - Returns: after at most 20 × (rows + columns) steps and 10^9 operations; the point reached is allowed whether or not that sufficed,
  ///   so that the cost is never below the true least by more than rounding.
  /// - Complexity: O(rows × columns) a step.
  public mutating func minimise(_ costs: [Double]) -> (cost: Double, point: [Double]) {
    guard costs.count == columnCount, columnCount > 0, rowCount > 0 else {
      return (0, [Double](repeating: 0, count: columnCount))
    }
    price(costs)
    var scale = 0.0
    for cost in costs { scale = max(scale, abs(cost)) }
    let least = -Self.tolerance * scale
    var stalled = 0
    for _ in 0..<min(20 * (rowCount + columnCount), 100 + Self.mostOperations / (rowCount * columnCount)) {
      // After a run of steps that gain nothing the lowest variable enters, which cannot cycle (Bland 1977).
      guard let column = entering(below: least, isLowest: stalled > 2 * rowCount),
        let row = leaving(column)
      else { break }
      stalled = right[row] > Self.tolerance ? 0 : stalled + 1
      pivot(row, column)
    }
    var point = [Double](repeating: 0, count: columnCount)
    for row in 0..<rowCount where inside[row] < columnCount { point[inside[row]] = max(0, right[row]) }
    var cost = 0.0
    for column in 0..<columnCount { cost += costs[column] * point[column] }
    return (min(0, cost), point)
  }

  /// The costs of the variables outside the basis, those inside it being paid for.
  private mutating func price(_ costs: [Double]) {
    for column in 0..<columnCount {
      reduced[column] = outside[column] < columnCount ? costs[outside[column]] : 0
    }
    for row in 0..<rowCount where inside[row] < columnCount {
      let cost = costs[inside[row]]
      guard cost != 0 else { continue }
      let start = row * columnCount
      for column in 0..<columnCount { reduced[column] -= cost * matrix[start + column] }
    }
  }

  private func entering(below least: Double, isLowest: Bool) -> Int? {
    var best: Int?
    for column in 0..<columnCount where reduced[column] < least {
      guard let known = best else {
        best = column
        continue
      }
      if isLowest ? outside[column] < outside[known] : reduced[column] < reduced[known] { best = column }
    }
    return best
  }

  private func leaving(_ column: Int) -> Int? {
    var best: Int?
    var bestRatio = 0.0
    for row in 0..<rowCount {
      let entry = matrix[row * columnCount + column]
      guard entry > Self.tolerance else { continue }
      let ratio = right[row] / entry
      if let known = best, ratio > bestRatio || (ratio == bestRatio && inside[row] > inside[known]) {
        continue
      }
      (best, bestRatio) = (row, ratio)
    }
    return best
  }

  private mutating func pivot(_ row: Int, _ column: Int) {
    let width = columnCount
    let start = row * width
    let inverse = 1 / matrix[start + column]
    for place in start..<start + width { matrix[place] *= inverse }
    matrix[start + column] = inverse
    right[row] = max(0, right[row] * inverse)
    for other in 0..<rowCount where other != row {
      let base = other * width
      let factor = matrix[base + column]
      guard factor != 0 else { continue }
      matrix[base + column] = 0
      for place in 0..<width { matrix[base + place] -= factor * matrix[start + place] }
      right[other] = max(0, right[other] - factor * right[row])
    }
    let factor = reduced[column]
    reduced[column] = 0
    for place in 0..<width { reduced[place] -= factor * matrix[start + place] }
    (inside[row], outside[column]) = (outside[column], inside[row])
  }
}

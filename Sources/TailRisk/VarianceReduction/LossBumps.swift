/// Bumps of a few factors, and the second-order expansion that losses on them give.
struct LossBumps: Sendable {
  /// A loss around rest: its slope along each factor and its curvatures along and across.
  struct Expansion: Sendable {
    let rest: Double
    let slopes: [Double]
    /// Along each factor.
    let curvatures: [Double]
    /// Across two factors, each pair once.
    let crosses: [(row: Int, column: Int, value: Double)]

    /// Σⱼ Bᵢⱼvⱼ, B the curvatures.
    func bends(_ place: Int, along v: [Double]) -> Double {
      var sum = curvatures[place] * v[place]
      for cross in crosses {
        if cross.row == place { sum += cross.value * v[cross.column] }
        if cross.column == place { sum += cross.value * v[cross.row] }
      }
      return sum
    }
  }

  /// Of each factor, ≥ 0.
  let sizes: [Double]
  /// Pairs of factors to be bumped together.
  let pairs: [(row: Int, column: Int)]

  /// One path at rest, two a factor, four a pair.
  var width: Int { 1 + 2 * sizes.count + 4 * pairs.count }

  /// The bumps, one row of `width` a factor.
  var logs: [Double] {
    let width = width
    var logs = [Double](repeating: 0, count: sizes.count * width)
    for (place, size) in sizes.enumerated() {
      logs[place * width + 2 * place + 1] = size
      logs[place * width + 2 * place + 2] = -size
    }
    for (index, pair) in pairs.enumerated() {
      let start = 1 + 2 * sizes.count + 4 * index
      for corner in 0..<4 {
        logs[pair.row * width + start + corner] = corner < 2 ? sizes[pair.row] : -sizes[pair.row]
        logs[pair.column * width + start + corner] =
          corner % 2 == 0 ? sizes[pair.column] : -sizes[pair.column]
      }
    }
    return logs
  }

  /// Central differences of losses on the bumps; those along a factor of size 0 are 0.
  func expansion(_ losses: [Double]) -> Expansion {
    let rest = losses[0]
    var (slopes, curvatures): ([Double], [Double]) = ([], [])
    for (place, size) in sizes.enumerated() {
      let (up, down) = (losses[2 * place + 1], losses[2 * place + 2])
      slopes.append(size > 0 ? (up - down) / (2 * size) : 0)
      curvatures.append(size > 0 ? (up + down - 2 * rest) / (size * size) : 0)
    }
    var crosses: [(row: Int, column: Int, value: Double)] = []
    for (index, pair) in pairs.enumerated() {
      let area = 4 * sizes[pair.row] * sizes[pair.column]
      let start = 1 + 2 * sizes.count + 4 * index
      guard area > 0 else { continue }
      let value = (losses[start] - losses[start + 1] - losses[start + 2] + losses[start + 3]) / area
      crosses.append((pair.row, pair.column, value))
    }
    return Expansion(rest: rest, slopes: slopes, curvatures: curvatures, crosses: crosses)
  }
}

/// The tail of a weighted sample: value at risk, expected shortfall, and each path's part in it.
///
/// With weights w of mean one, P̂(L > x) = Σ_{L > x} w/n. The value at risk is the smallest loss with
/// P̂(L > x) ≤ 1 − c; the expected shortfall is the mean over the mass 1 − c, of which losses equal to the value at
/// risk fill what the larger ones leave (Acerbi and Tasche 2002).
struct WeightedTail: Sendable {
  let valueAtRisk: Double
  let expectedShortfall: Double
  /// P̂(L > valueAtRisk), at most 1 − c.
  let probability: Double
  /// Mean of w² over L > valueAtRisk, counted 0 elsewhere: the second moment behind `probability`.
  let secondMoment: Double
  /// (Σw)²/Σw² over L > valueAtRisk (Kish 1965); 0 where nothing lies beyond.
  let effectivePaths: Double
  /// Paths of the tail and their shares of its mass, which sum to 1; the largest losses first.
  let shares: [(path: Int, share: Double)]
  /// All paths, the largest losses first and equal ones by path.
  private let order: [Int]

  /// The tail of losses with their weights.
  ///
  /// - Parameter tail: 1 − c, in (0, 1).
  /// - Returns: nil where a loss or weight is not finite, or all weights together are below `tail`.
  /// - Complexity: O(n log n).
  init?(losses: ArraySlice<Double>, weights: ArraySlice<Double>, tail: Double) {
    guard losses.count == weights.count, !losses.isEmpty, losses.allSatisfy(\.isFinite),
      weights.allSatisfy(\.isFinite), tail > 0
    else { return nil }
    let size = Double(losses.count)
    var pairs: [(path: Int, loss: Double)] = losses.indices.map { (path: $0, loss: losses[$0]) }
    pairs.sort { one, other in
      one.loss == other.loss ? one.path < other.path : other.loss < one.loss
    }
    order = pairs.map { $0.path }
    var mass = 0.0
    var last = 0
    while last < order.count {
      mass += weights[order[last]] / size
      if mass > tail { break }
      last += 1
    }
    guard last < order.count else { return nil }
    let value = losses[order[last]]
    var (beyond, squares, sum, excess) = (0.0, 0.0, 0.0, 0.0)
    var shares: [(path: Int, share: Double)] = []
    for path in order[...last] where losses[path] > value {
      let weight = weights[path]
      sum += weight
      squares += weight * weight
      excess += weight * (losses[path] - value)
      shares.append((path, weight / size / tail))
    }
    beyond = sum / size
    var room = tail - beyond
    for path in order[shares.count...] where losses[path] == value && room > 0 {
      let part = min(room, weights[path] / size)
      shares.append((path, part / tail))
      room -= part
    }
    valueAtRisk = value
    expectedShortfall = value + excess / size / tail
    probability = beyond
    secondMoment = squares / size
    effectivePaths = squares > 0 ? sum * sum / squares : 0
    self.shares = shares
  }

  /// Paths around the value at risk and what each counts when it is split into parts; the counts sum to 1.
  ///
  /// As `QuantileWindow`, in mass instead of ranks: weight × (1 − (d/h)²), d the distance of a path's mass from 1 − c and h
  /// that of the 95 % interval of a plain sample of this size, at most half of 1 − c.
  ///
  /// - Parameter weights: as they were given.
  func window(weights: [Double], tail: Double) -> [(path: Int, share: Double)] {
    let size = Double(weights.count)
    let reach = min(tail / 2, 1.959963984540054 * (tail * (1 - tail) / max(1, size)).squareRoot())
    var window: [(path: Int, share: Double)] = []
    var (mass, total) = (0.0, 0.0)
    for path in order {
      let own = weights[path] / size
      let distance = (mass + own / 2 - tail) / reach
      mass += own
      if distance >= 1 { break }
      let share = own * (1 - distance * distance)
      guard distance > -1, share > 0 else { continue }
      window.append((path, share))
      total += share
    }
    return total > 0 ? window.map { ($0.path, $0.share / total) } : []
  }

  /// P̂(L > x) of a part of the sample.
  static func probability(
    losses: ArraySlice<Double>, weights: ArraySlice<Double>, beyond value: Double
  ) -> Double {
    var sum = 0.0
    for (loss, weight) in zip(losses, weights) where loss > value { sum += weight }
    return sum / Double(max(1, losses.count))
  }
}

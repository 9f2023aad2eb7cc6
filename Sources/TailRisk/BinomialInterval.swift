import MarketModel

/// Ranks of a sample between which a quantile lies with a known probability, whatever the distribution.
///
/// Of n independent losses the number below the c-quantile is binomial (n, c), so the quantile lies between
/// the ranks l and u with probability P(l ≤ B ≤ u − 1). Source: David and Nagaraja, *Order Statistics*, 3rd
/// ed., section 7.1.
struct BinomialInterval {
  /// Counted from 1 among the losses in increasing order.
  let lowerRank: Int
  let upperRank: Int
  /// Exact coverage of the two ranks for a continuous distribution.
  let coverage: Double

  /// The narrowest ranks that leave at most `tail` outside on each side; the ends of the sample where it is
  /// too small for that.
  ///
  /// Weights grow from the mode outwards by the ratio P(k+1)/P(k) = (n−k)/(k+1)·c/(1−c), so neither
  /// factorials nor their logarithms are needed; they are cut where they no longer count (2^-80).
  ///
  /// - Complexity: O(√n).
  init(count: Int, level: ConfidenceLevel, tail: Double = 0.025) {
    let odds = Double(level.numerator) / Double(level.denominator - level.numerator)
    let n = max(1, count)
    let mode = min(n, Int(exactly: (Double(n) * level.value).rounded(.down)) ?? n)
    var upward: [Double] = [1]
    var k = mode
    while k < n, let last = upward.last, last > 0x1p-80 {
      upward.append(last * (Double(n - k) / Double(k + 1) * odds))
      k += 1
    }
    var downward: [Double] = []
    var weight = 1.0
    k = mode
    while k > 0, weight > 0x1p-80 {
      weight *= Double(k) / (Double(n - k + 1) * odds)
      downward.append(weight)
      k -= 1
    }
    // P(B = first + i), smallest terms summed first on both sides.
    let first = mode - downward.count
    let weights = Array(downward.reversed()) + upward
    let total = downward.reversed().reduce(0, +) + upward.reversed().reduce(0, +)
    var below = 0.0
    var lower = first
    for (i, weight) in weights.enumerated() {
      if (below + weight) / total > tail { break }
      below += weight
      lower = first + i + 1
    }
    var above = 0.0
    var upper = first + weights.count
    for (i, weight) in weights.enumerated().reversed() {
      if (above + weight) / total > tail { break }
      above += weight
      upper = first + i
    }
    // P(B < lower) and P(B ≥ upper) are at most `tail`.
    lowerRank = min(max(1, lower), n)
    upperRank = max(min(n, upper), lowerRank)
    var covered = 0.0
    for (i, weight) in weights.enumerated() where first + i >= lowerRank && first + i < upperRank {
      covered += weight
    }
    coverage = covered / total
  }
}

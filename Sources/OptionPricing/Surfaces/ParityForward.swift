import RiskNumerics

/// A call and a put of one strike and expiry.
public struct ParityQuote: Hashable, Sendable {
  public let strike: Double
  /// Prices in the same currency as the strike.
  public let call: Double
  public let put: Double
  /// How much the pair counts beside the others; > 0.
  ///
  /// One over the squared width of the quotes is usual.
  public let weight: Double

  /// A pair.
  public init(strike: Double, call: Double, put: Double, weight: Double = 1) {
    self.strike = strike
    self.call = call
    self.put = put
    self.weight = weight
  }
}

/// The forward and discount factor behind calls and puts: C − P = D(F − K).
///
/// A first line through the medians of the slopes between all pairs (Theil 1950, Sen 1968), then weighted least
/// squares that give a pair the less weight the farther it lies off (Tukey's biweight), until nothing moves: a
/// stale quote among the strikes does not count.
public struct ParityForward: Hashable, Sendable {
  public let forward: Double
  public let discount: Double
  /// √ of the weighted mean of the squared distances of the pairs in use from the line, in currency.
  public let residual: Double
  /// Pairs in use, and pairs that lay too far off to be.
  public let used: Int
  public let leftOut: Int

  /// The forward of an expiry.
  ///
  /// - Parameters:
  ///   - quotes: at least two strikes; pairs with numbers that are not finite do not count.
  ///   - discount: the factor, where it is known; nil finds it too.
  /// - Returns: nil where fewer than two strikes are left, or the line does not slope down.
  /// - Complexity: O(quotes²).
  public init?(_ quotes: [ParityQuote], discount known: Double? = nil) {
    let pairs = quotes.filter {
      $0.strike > 0 && ($0.call - $0.put).isFinite && $0.strike.isFinite && $0.weight > 0
        && $0.weight.isFinite
    }
    guard let line = Self.start(pairs, known) else { return nil }
    var (level, factor) = line
    let scaleOfPrices = pairs.reduce(0) { max($0, $1.strike) }
    var weights = pairs.map(\.weight)
    for _ in 0..<50 {
      let distances = pairs.map { abs($0.call - $0.put - level + factor * $0.strike) }
      let spread = max(1.4826 * Self.median(distances), 1e-14 * scaleOfPrices)
      weights = zip(pairs, distances).map { pair, distance in
        let u = distance / (4.685 * spread)
        return u < 1 ? pair.weight * (1 - u * u) * (1 - u * u) : 0
      }
      guard let next = Self.line(pairs, weights, known) else { return nil }
      let change = abs(next.0 - level) + abs(next.1 - factor) * scaleOfPrices
      (level, factor) = next
      if change <= 1e-14 * abs(level) { break }
    }
    guard factor > 0, (level / factor).isFinite, level / factor > 0 else { return nil }
    forward = level / factor
    discount = factor
    used = weights.count { $0 > 0 }
    leftOut = pairs.count - used
    var (sum, total) = (0.0, 0.0)
    for (pair, weight) in zip(pairs, weights) {
      let distance = pair.call - pair.put - level + factor * pair.strike
      sum += weight * distance * distance
      total += weight
    }
    residual = total > 0 ? (sum / total).squareRoot() : 0
  }

  /// D·F and D from medians.
  private static func start(_ pairs: [ParityQuote], _ known: Double?) -> (Double, Double)? {
    var slopes: [Double] = []
    for i in pairs.indices {
      for j in pairs.indices where j > i && pairs[i].strike != pairs[j].strike {
        let rise = (pairs[j].call - pairs[j].put) - (pairs[i].call - pairs[i].put)
        slopes.append(rise / (pairs[j].strike - pairs[i].strike))
      }
    }
    guard !slopes.isEmpty || (known != nil && !pairs.isEmpty) else { return nil }
    let factor = known ?? -median(slopes)
    return (median(pairs.map { $0.call - $0.put + factor * $0.strike }), factor)
  }

  private static func line(
    _ pairs: [ParityQuote], _ weights: [Double], _ known: Double?
  ) -> (Double, Double)? {
    var (w, x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (pair, weight) in zip(pairs, weights) {
      w += weight
      x += weight * pair.strike
      y += weight * (pair.call - pair.put)
    }
    guard w > 0 else { return nil }
    let (middle, mean) = (x / w, y / w)
    if let known { return (mean + known * middle, known) }
    for (pair, weight) in zip(pairs, weights) {
      let d = pair.strike - middle
      xx += weight * d * d
      xy += weight * d * (pair.call - pair.put - mean)
    }
    guard xx > 0 else { return nil }
    let factor = -xy / xx
    return (mean + factor * middle, factor)
  }

  private static func median(_ x: [Double]) -> Double {
    let sorted = x.sorted()
    guard !sorted.isEmpty else { return 0 }
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}

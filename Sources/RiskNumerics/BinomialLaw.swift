/// The binomial law: every probability of a count of independent events, and its tails.
///
/// Weights grow from the mode outwards by the ratio P(k+1)/P(k) = (n−k)/(k+1)·p/(1−p) and are divided by their sum,
/// so neither factorials nor their logarithms are needed. The relative error of a probability k steps from the mode
/// is below (k + 3)·4e-16: below 1e-13 where it counts, for a thousand events.
public struct BinomialLaw: Sendable {
  /// The most events; a law of that many takes 80 MB.
  public static let mostEvents = 10_000_000

  /// P(X = k) for k in 0 … count.
  public let masses: [Double]
  /// Number of events, n.
  public var count: Int { masses.count - 1 }

  /// The law of `count` events of a probability.
  ///
  /// - Parameters:
  ///   - count: 0 to `mostEvents`.
  ///   - probability: of each event, strictly between 0 and 1.
  /// - Returns: nil outside these ranges.
  /// - Complexity: O(count).
  public init?(count: Int, probability: Double) {
    guard (0...Self.mostEvents).contains(count), probability > 0, probability < 1 else { return nil }
    let odds = probability / (1 - probability)
    let expected = Int(exactly: (Double(count) * probability).rounded(.down)) ?? 0
    let mode = min(max(0, expected), count)
    var masses = [Double](repeating: 0, count: count + 1)
    masses[mode] = 1
    for k in stride(from: mode, to: count, by: 1) {
      masses[k + 1] = masses[k] * (Double(count - k) / Double(k + 1) * odds)
    }
    for k in stride(from: mode, to: 0, by: -1) {
      masses[k - 1] = masses[k] * (Double(k) / (Double(count - k + 1) * odds))
    }
    // From both ends towards the mode: the smallest terms first.
    let below = masses[..<mode].reduce(0, +)
    let total = masses[mode...].reversed().reduce(0, +) + below
    for k in masses.indices { masses[k] /= total }
    self.masses = masses
  }

  /// P(X ≤ k): 0 below 0, 1 from `count` on.
  public func cumulative(_ k: Int) -> Double {
    guard k >= 0 else { return 0 }
    guard k < count else { return 1 }
    return min(1, Self.sum(masses[...k]))
  }

  /// P(X ≥ k), to full relative accuracy in the tail: 1 up to 0, 0 above `count`.
  public func upperTail(_ k: Int) -> Double {
    guard k > 0 else { return 1 }
    guard k <= count else { return 0 }
    return min(1, Self.sum(masses[k...]))
  }

  /// The exact two-sided p-value of `k` events: the probability of all counts no likelier than k.
  ///
  /// Counts whose probability is within 1e-7 of that of k count as equally likely, so that rounding cannot drop the
  /// mirror image of k at p = 1/2. The rule, tolerance included, is that of R's `binom.test` and of SciPy's
  /// `binomtest`.
  ///
  /// - Returns: in (0, 1]; 1 for a count outside 0 … `count`.
  public func twoSidedPValue(_ k: Int) -> Double {
    guard masses.indices.contains(k) else { return 1 }
    let bound = masses[k] * (1 + 1e-7)
    return min(1, Self.sum(masses.filter { $0 <= bound }))
  }

  /// Probabilities of one law rise to the mode and fall: from the outer end in on either side loses nothing.
  private static func sum(_ masses: some BidirectionalCollection<Double>) -> Double {
    var sum = ExactSum()
    for mass in masses where mass > 0 { sum.add(mass) }
    return sum.value
  }
}

/// The upper tail of the chi-square law, P(X ≥ x).
public enum ChiSquare {
  /// With one degree of freedom: 2N(−√x), relative error below 1e-14 down to 1e-300.
  public static func upperTailOfOne(_ x: Double) -> Double {
    x > 0 ? 2 * Elementary.normalDistribution(-x.squareRoot()) : 1
  }

  /// With two degrees of freedom: e^(−x/2), within some ulp.
  public static func upperTailOfTwo(_ x: Double) -> Double {
    x > 0 ? Elementary.exp(-0.5 * x) : 1
  }
}

public import MarketModel
import RiskNumerics

/// The parts that the value and every Greek share: d1, d2, their distribution and density.
///
/// Priorities: (1) no figure is ever NaN; (2) an error of a few units of 2^-53 times the condition number
/// of the figure, deep in the tails too; (3) speed.
///
/// In the tail the relative error of N(d) is d² times that of d, so d is carried as a sum `d + low` of two
/// doubles and N and n are corrected by their first derivatives: N(d + low) = N(d) + n(d)·low and
/// n(d + low) = n(d)(1 − d·low). Without the second part a value at d = −30 loses three digits.
struct BlackTerms {
  /// ln(S/K).
  var logMoneyness: Double
  /// σ√T.
  var deviation: Double
  var d1: Double
  var d2: Double
  /// N(d1), N(−d1), N(d2), N(−d2).
  var below1: Double
  var above1: Double
  var below2: Double
  var above2: Double
  /// n(d1), n(d2).
  var density1: Double
  var density2: Double

  /// The terms of an option.
  ///
  /// - Parameters:
  ///   - asset: S or F; ≥ 0.
  ///   - strike: ≥ 0.
  ///   - drift: the log growth (r − q)·T of the asset to expiry; 0 for a forward.
  ///   - driftLow: what rounding left off `drift`.
  ///   - deviation: σ√T ≥ 0; at 0 the distribution is a step, one half at the money.
  init(asset: Double, strike: Double, drift: Double, driftLow: Double, deviation: Double) {
    self.deviation = deviation
    let (x0, x0Low) = Self.logRatio(asset, strike)
    logMoneyness = x0
    let (x, low) = Self.twoSum(x0, drift)
    let xLow = x.isFinite ? low + x0Low + driftLow : 0
    guard deviation > 0, x.isFinite else {
      // No variance, or an asset or strike of zero: a step.
      let d = x > 0 ? Double.infinity : x < 0 ? -Double.infinity : 0
      (d1, d2) = (d, d)
      let below = d > 0 ? 1.0 : d < 0 ? 0.0 : 0.5
      (below1, above1, below2, above2) = (below, 1 - below, below, 1 - below)
      (density1, density2) = (0, 0)
      return
    }
    let h = x / deviation
    let hLow = ((-h).addingProduct2(deviation, x) + xLow) / deviation
    let (first, firstLow) = Self.twoSum(h, deviation / 2)
    let (second, secondLow) = Self.twoSum(h, -deviation / 2)
    let low1 = Self.small(firstLow + hLow)
    let low2 = Self.small(secondLow + hLow)
    d1 = first + low1
    d2 = second + low2
    let n1 = Elementary.normalDensity(first)
    let n2 = Elementary.normalDensity(second)
    density1 = n1 > 0 ? n1 * (1 - first * low1) : 0
    density2 = n2 > 0 ? n2 * (1 - second * low2) : 0
    below1 = max(0, Elementary.normalDistribution(first) + n1 * low1)
    above1 = max(0, Elementary.normalDistribution(-first) - n1 * low1)
    below2 = max(0, Elementary.normalDistribution(second) + n2 * low2)
    above2 = max(0, Elementary.normalDistribution(-second) - n2 * low2)
  }

  /// ln(a/b) and what rounding the quotient left off, for a, b ≥ 0; 0 where both are 0.
  static func logRatio(_ a: Double, _ b: Double) -> (Double, Double) {
    if a == b { return (0, 0) }
    guard a > 0 else { return (-Double.infinity, 0) }
    guard b > 0 else { return (Double.infinity, 0) }
    let ratio = a / b
    // Near the money a − b is exact (Sterbenz), so ln keeps its relative accuracy.
    if ratio >= 0.5, ratio <= 2 {
      let excess = (a - b) / b
      let low = (-excess).addingProduct2(b, a - b) / b
      return (Elementary.logOnePlus(excess), low / (1 + excess))
    }
    guard ratio.isNormal else { return (Elementary.log(a) - Elementary.log(b), 0) }
    let low = (-ratio).addingProduct2(b, a) / b
    return (Elementary.log(ratio), small(low / ratio))
  }

  /// a + b and its exact rounding error (Knuth 1997, section 4.2.2); the error is 0 where the sum overflows.
  static func twoSum(_ a: Double, _ b: Double) -> (Double, Double) {
    let sum = a + b
    guard sum.isFinite else { return (sum, 0) }
    let rest = sum - a
    return (sum, (a - (sum - rest)) + (b - rest))
  }

  /// A correction, or nothing where an overflow made it meaningless.
  private static func small(_ x: Double) -> Double { x.isFinite ? x : 0 }
}

extension Double {
  /// self·a + b in one rounding.
  func addingProduct2(_ a: Double, _ b: Double) -> Double { b.addingProduct(self, a) }
}

extension OptionType {
  /// +1 for a call, −1 for a put.
  public var sign: Double { self == .call ? 1 : -1 }
}

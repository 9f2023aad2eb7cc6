import RiskNumerics

/// The out-of-the-money call in units of √(F·K): b(s) = e^(x/2) N(x/s + s/2) − e^(−x/2) N(x/s − s/2).
///
/// With x = −|ln(F/K)| ≤ 0 every European option has this form, so its inverse in s = σ√T serves all of
/// them. b rises from 0 to e^(x/2); it is convex below s_c = √(2|x|) and concave above.
///
/// Source of the three objective functions: Jäckel, "Let's be rational", Wilmott (2015). The start and the
/// bracket are our own: his rational guess saves one step, a bracket cannot fail.
struct NormalisedBlack {
  let x: Double
  /// e^(x/2), the limit of b.
  private let limit: Double
  /// e^(−x/2).
  private let reciprocal: Double

  init(x: Double) {
    self.x = x
    limit = Elementary.exp(x / 2)
    reciprocal = Elementary.exp(-x / 2)
  }

  /// b, limit − b and db/ds at s > 0.
  private func evaluate(_ s: Double) -> (value: Double, complement: Double, slope: Double) {
    let terms = BlackTerms(logAsset: x, deviation: s)
    return (
      max(0, limit * terms.below1 - reciprocal * terms.below2),
      limit * terms.above1 + reciprocal * terms.below2,
      limit * terms.density1
    )
  }

  /// The s at which b has a value.
  ///
  /// - Parameters:
  ///   - value: b, in (0, e^(x/2)).
  ///   - complement: e^(x/2) − b, computed by the caller without cancellation.
  /// - Returns: s, nil where value or complement is zero or not finite.
  func deviation(value: Double, complement: Double) -> Double? {
    guard value > 0, complement > 0, value.isFinite, complement.isFinite else { return nil }
    let turn = (-2 * x).squareRoot()
    let low = turn > 0 ? evaluate(turn).value : 0
    if value < low { return lower(value, turn) }
    if value <= 0.5 * limit {
      return search(from: middleStart(value, turn), above: turn) { middle($0, value) }
    }
    let share = min(0.5, complement / (limit + reciprocal))
    let start = max(turn, -2 * Elementary.normalQuantile(max(share, 0x1p-1021)))
    return search(from: start, above: turn) { upper($0, complement) }
  }

  /// The convex side, where ln b ≈ −x²/2s²: 1/ln b is nearly straight in s².
  private func lower(_ value: Double, _ turn: Double) -> Double? {
    let target = Elementary.log(value)
    let start = min(turn, -x / (-2 * target).squareRoot())
    return search(from: start, above: 0, below: turn) { s in
      let b = evaluate(s)
      guard b.value > 0, b.slope > 0 else { return Step(sign: -1, change: .nan) }
      let log = Elementary.log(b.value)
      let (q, dq) = curvature(s)
      let slope = b.slope / b.value
      let change = (target - log) * log / (target * slope)
      let p = q - slope * (1 + 2 / log)
      let bend = slope * (q - slope)
      let dp = dq - bend * (1 + 2 / log) + 2 * slope * slope * slope / (log * log)
      return Step(sign: log < target ? -1 : 1, change: Self.householder(change, p, dp + p * p))
    }
  }

  /// b itself between the turning point and half of the limit.
  private func middle(_ s: Double, _ value: Double) -> Step {
    let b = evaluate(s)
    guard b.slope > 0 else { return Step(sign: b.value < value ? -1 : 1, change: .nan) }
    let (q, dq) = curvature(s)
    return Step(
      sign: b.value < value ? -1 : 1,
      change: Self.householder((value - b.value) / b.slope, q, dq + q * q))
  }

  /// ln(limit − b) where b is near its limit.
  private func upper(_ s: Double, _ complement: Double) -> Step {
    let b = evaluate(s)
    guard b.complement > 0, b.slope > 0 else { return Step(sign: 1, change: .nan) }
    let (q, dq) = curvature(s)
    let slope = b.slope / b.complement
    let change = Elementary.log(b.complement / complement) / slope
    let p = q + slope
    let dp = dq + slope * (q + slope)
    return Step(sign: b.complement > complement ? -1 : 1, change: Self.householder(change, p, dp + p * p))
  }

  /// b''/b' = x²/s³ − s/4 and its derivative.
  private func curvature(_ s: Double) -> (Double, Double) {
    let h = x / s
    return (h * h / s - s / 4, -3 * h * h / (s * s) - 0.25)
  }

  /// A start that is exact at the money: there b = 2N(s/2) − 1.
  private func middleStart(_ value: Double, _ turn: Double) -> Double {
    max(turn, 2 * Elementary.normalQuantile(min(0.5 + value / 2, 1 - 0x1p-53)))
  }

  /// One evaluation: on which side of the root s lies (−1 below) and the proposed change of s.
  private struct Step {
    var sign: Double
    var change: Double
  }

  /// Householder's third-order step from Newton's step and the ratios g''/g' and g'''/g'.
  private static func householder(_ newton: Double, _ second: Double, _ third: Double) -> Double {
    let factor = (1 + 0.5 * second * newton) / (1 + newton * (second + third * newton / 6))
    // A factor far from one means that the series does not hold here: keep to Newton.
    return newton * (factor > 0.25 && factor < 4 ? factor : 1)
  }

  /// Follows the steps inside a bracket that every evaluation narrows; halves it where a step leaves it.
  private func search(
    from start: Double, above floor: Double, below ceiling: Double = .infinity, _ step: (Double) -> Step
  ) -> Double? {
    var low = floor
    var high = ceiling
    var s = start > 0 && start.isFinite ? start : 0x1p-20
    for _ in 0..<100 {
      let trial = step(s)
      if trial.sign < 0 { low = max(low, s) } else { high = min(high, s) }
      var next = s + trial.change
      if abs(trial.change) <= 0x1p-52 * s { return next > 0 ? next : s }
      if !(next > low && next < high) {
        if next.isFinite, next == low || next == high { return next }
        next = high.isFinite ? low + (high - low) / 2 : 2 * s
        if !(next > low && next < high) { return s }
      }
      s = next
    }
    return s
  }
}

extension BlackTerms {
  /// The terms from ln(F/K) itself.
  init(logAsset x: Double, deviation: Double) {
    self.init(asset: 1, strike: 1, drift: x, driftLow: 0, deviation: deviation)
  }
}

/// The gamma and chi-squared distributions.
public enum GammaDistribution {
  /// ln Γ(x) for x > 0, relative error about 1e-14 away from its zeros at 1 and 2, there absolute; NaN else.
  ///
  /// Source: Stirling's series (Abramowitz and Stegun 6.1.41), moved up to x ≥ 12 by the recurrence.
  public static func logGamma(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return .nan }
    var product = 1.0
    var y = x
    while y < 12 {
      product *= y
      y += 1
    }
    let z = 1 / (y * y)
    let series =
      (1.0 / 12 - z
        * (1.0 / 360 - z * (1.0 / 1_260 - z * (1.0 / 1_680 - z * (1.0 / 1_188 - z * 691 / 360_360)))))
      / y
    return (y - 0.5) * Elementary.log(y) - y + 0.918_938_533_204_672_74 + series - Elementary.log(product)
  }

  /// The regularised integrals P(a, x) and Q(a, x) = 1 − P for a > 0, x ≥ 0, each of them accurate where it is small.
  ///
  /// Source: the series and Legendre's continued fraction (Abramowitz and Stegun 6.5.29, 6.5.31). Relative error about
  /// 1e-14 × max(1, a); some √a terms for a large a.
  public static func regularised(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    guard a > 0, x >= 0 else { return (.nan, .nan) }
    if x == 0 { return (0, 1) }
    if x == .infinity { return (1, 0) }
    let front = Elementary.exp(a * Elementary.log(x) - x - logGamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      var n = a
      while term > sum * 0x1p-54 {
        n += 1
        term *= x / n
        sum += term
      }
      let lower = min(1, front * sum)
      return (lower, 1 - lower)
    }
    // Lentz's method.
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1...100_000 {
      let k = Double(i)
      let factor = -k * (k - a)
      b += 2
      d = factor * d + b
      if d.magnitude < 1e-300 { d = 1e-300 }
      c = b + factor / c
      if c.magnitude < 1e-300 { c = 1e-300 }
      d = 1 / d
      let step = c * d
      h *= step
      if (step - 1).magnitude < 0x1p-52 { break }
    }
    let upper = min(1, front * h)
    return (1 - upper, upper)
  }

  /// The quantile of the chi-squared distribution of any degrees of freedom > 0; 0 at 0, ∞ at 1, NaN outside [0, 1].
  ///
  /// Relative error about 1e-13 × max(1, degrees). Newton's method in ln x, kept inside a bracket, from the cube-root
  /// approximation of Wilson and Hilferty (1931) or, for a small probability, from the first term of the series.
  public static func chiSquaredQuantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    let a = degreesOfFreedom / 2
    guard p >= 0, p <= 1, a > 0, a.isFinite else { return .nan }
    if p == 0 || p == 1 { return p == 0 ? 0 : .infinity }
    let norm = logGamma(a)
    let ninth = 1 / (9 * a)
    let root = 1 - ninth + Elementary.normalQuantile(p) * ninth.squareRoot()
    let small = (Elementary.log(p) + norm + Elementary.log(a)) / a
    // ln x of the half: x = χ²/2 is gamma with shape a.
    var y = root > 0.3 ? Elementary.log(a * root * root * root) : min(small, Elementary.log(a))
    var (low, high) = (-Double.infinity, Double.infinity)
    for _ in 0..<60 {
      let x = Elementary.exp(y)
      let (lower, upper) = regularised(a, x)
      let error = p < 0.5 ? lower - p : (1 - p) - upper
      if error == 0 { break }
      if error < 0 { low = y } else { high = y }
      // d P / d ln x = x^a e^−x / Γ(a).
      let slope = Elementary.exp(a * y - x - norm)
      // In logarithms of the tail the steps are near linear on either side.
      let tail = p < 0.5 ? lower : upper
      let target = p < 0.5 ? p : 1 - p
      var step = 0.0
      if tail > 0, slope > 0 {
        let logarithm = Elementary.log(tail / target)
        step = (p < 0.5 ? logarithm : -logarithm) * tail / slope
      }
      var next = y - step
      if !(next > low && next < high) || step == 0 {
        if low.isFinite, high.isFinite { next = 0.5 * (low + high) } else { next = error < 0 ? y + 1 : y - 1 }
      }
      let done = (next - y).magnitude <= 1e-15 * max(1, y.magnitude)
      y = next
      if done { break }
    }
    return 2 * Elementary.exp(y)
  }
}

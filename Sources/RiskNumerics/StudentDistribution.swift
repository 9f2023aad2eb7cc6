/// Student's distribution with any degrees of freedom ν > 0.
public struct StudentDistribution: Sendable, Hashable {
  /// ν.
  public let degreesOfFreedom: Double
  /// ln of the density at 0.
  private let logPeak: Double

  /// The distribution; figures are NaN unless ν is finite and above 0.
  public init(degreesOfFreedom: Double) {
    self.degreesOfFreedom = degreesOfFreedom
    let nu = degreesOfFreedom
    logPeak =
      GammaDistribution.logGamma((nu + 1) / 2) - GammaDistribution.logGamma(nu / 2)
      - 0.5 * Elementary.log(nu * Double.pi)
  }

  /// The density.
  public func density(_ t: Double) -> Double {
    Elementary.exp(logPeak - 0.5 * (degreesOfFreedom + 1) * Elementary.logOnePlus(t / degreesOfFreedom * t))
  }

  /// P(T > |t|): half the regularised incomplete beta function of ν/(ν + t²) with parameters ν/2 and ½.
  ///
  /// Relative error about 1e-15 × max(100, ν). Source: the continued fraction of Didonato and Morris (Abramowitz
  /// and Stegun 26.5.8), on the side where it converges.
  public func tail(_ t: Double) -> Double {
    let nu = degreesOfFreedom
    let square = t * t
    if square == 0 { return 0.5 }
    if square == .infinity { return 0 }
    let x = nu / (nu + square)
    let y = square / (nu + square)
    // x^(ν/2) y^½ / B(ν/2, ½), with 1/B = density at 0 × √ν.
    let front =
      Elementary.exp(logPeak - 0.5 * nu * Elementary.logOnePlus(square / nu)) * (nu * y).squareRoot()
    if x < (nu / 2 + 1) / (nu / 2 + 2.5) {
      return 0.5 * front * Self.fraction(nu / 2, 0.5, x) / (nu / 2)
    }
    return 0.5 - 0.5 * front * Self.fraction(0.5, nu / 2, y) / 0.5
  }

  /// The distribution function.
  public func distribution(_ t: Double) -> Double { t > 0 ? 1 - tail(t) : tail(t) }

  /// The quantile by Newton's method inside a bracket, relative error about 1e-13; −∞ at 0, ∞ at 1, NaN outside [0, 1].
  public func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1, logPeak.isFinite else { return .nan }
    if p == 0.5 { return 0 }
    if p > 0.5 { return p == 1 ? .infinity : magnitude(tail: 1 - p) }
    return p == 0 ? -.infinity : -magnitude(tail: p)
  }

  /// t > 0 with P(T > t) = q, found in s = ln(1 + t²/ν), in which the logarithm of the tail is near linear.
  private func magnitude(tail q: Double) -> Double {
    let nu = degreesOfFreedom
    let start = Elementary.normalQuantile(q).magnitude
    var s = min(start * start / nu, 600)
    var (low, high) = (0.0, 700.0)
    for _ in 0..<200 {
      let t = (nu * Elementary.expMinusOne(s)).squareRoot()
      let value = tail(t)
      if value == q { break }
      if value > q { low = s } else { high = s }
      // dt/ds = ν eˢ / (2t).
      let slope = density(t) * nu * Elementary.exp(s) / (2 * t)
      let step = slope > 0 && value > 0 ? Elementary.log(value / q) * value / slope : 0
      var next = s + step
      if !(next > low && next < high) || step == 0 { next = 0.5 * (low + high) }
      let done = (next - s).magnitude <= 1e-15 * s
      s = next
      if done { break }
    }
    return (nu * Elementary.expMinusOne(s)).squareRoot()
  }

  /// The continued fraction of the incomplete beta function, by Lentz's method.
  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var c = 1.0
    var d = 1 / nonzero(1 - (a + b) * x / (a + 1))
    var h = d
    for i in 1...100_000 {
      let m = Double(i)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / nonzero(1 + even * d)
      c = nonzero(1 + even / c)
      h *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / nonzero(1 + odd * d)
      c = nonzero(1 + odd / c)
      let step = d * c
      h *= step
      if (step - 1).magnitude < 0x1p-52 { break }
    }
    return h
  }

  private static func nonzero(_ x: Double) -> Double { x.magnitude < 1e-300 ? 1e-300 : x }
}

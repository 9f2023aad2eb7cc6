public import MarketModel
import RiskNumerics

/// One expiry of a surface by Gatheral's "stochastic volatility inspired" curve, in raw form.
///
/// Total variance w(k) = a + b(ρ(k − m) + √((k − m)² + σ²)) at k = ln(K/F).
/// Source: Gatheral and Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance 14 (2014).
public struct SVISlice: Hashable, Sendable {
  public let parameters: SVIParameters

  /// A slice from raw parameters.
  public init(_ parameters: SVIParameters) { self.parameters = parameters }

  /// A slice from raw parameters one by one.
  public init(a: Double, b: Double, rho: Double, m: Double, sigma: Double) {
    parameters = SVIParameters(a: a, b: b, rho: rho, m: m, sigma: sigma)
  }

  private var p: SVIParameters { parameters }

  private func radius(_ k: Double) -> Double { ((k - p.m) * (k - p.m) + p.sigma * p.sigma).squareRoot() }

  /// w(k); negative where the parameters allow it.
  public func totalVariance(_ k: Double) -> Double { p.a + p.b * (p.rho * (k - p.m) + radius(k)) }

  /// w′(k).
  public func slope(_ k: Double) -> Double { p.b * (p.rho + (k - p.m) / radius(k)) }

  /// w″(k).
  public func curvature(_ k: Double) -> Double {
    let r = radius(k)
    return p.b * p.sigma * p.sigma / (r * r * r)
  }

  /// The least total variance, a + bσ√(1 − ρ²).
  public var minimum: Double { p.a + p.b * p.sigma * (1 - p.rho * p.rho).squareRoot() }

  /// −w′ far to the left, b(1 − ρ).
  public var leftSlope: Double { p.b * (1 - p.rho) }

  /// w′ far to the right, b(1 + ρ).
  public var rightSlope: Double { p.b * (1 + p.rho) }

  /// Whether b ≥ 0, |ρ| ≤ 1, σ ≥ 0, all are finite and no total variance is negative.
  public var isProper: Bool {
    let all = [p.a, p.b, p.rho, p.m, p.sigma]
    return all.allSatisfy(\.isFinite) && p.b >= 0 && abs(p.rho) <= 1 && p.sigma >= 0 && minimum >= 0
  }

  /// Gatheral's g(k), the density at k up to a positive factor: below 0 a butterfly has a negative price.
  ///
  /// NaN where the total variance is not positive.
  public func density(_ k: Double) -> Double {
    let w = totalVariance(k)
    guard w > 0 else { return .nan }
    let (d, c) = (slope(k), curvature(k))
    let lead = 1 - k * d / (2 * w)
    return lead * lead - d * d / 4 * (1 / w + 0.25) + c / 2
  }

  /// The place u-th of the way through a grid that is fine around m and reaches far out: m + σ sinh(u).
  func place(_ u: Double) -> Double {
    let e = Elementary.exp(u)
    return p.m + max(p.sigma, 1e-3) * (e - 1 / e) / 2
  }

  /// The least g and where it is, over all k.
  ///
  /// - Complexity: about 500 evaluations of g. Beyond the grid g tends to (4 − slope²)/16 of the wing.
  public var leastDensity: (value: Double, logMoneyness: Double) {
    var (best, at) = (Double.infinity, 0.0)
    let count = 400
    let step = 16.0 / Double(count)
    for i in 0...count {
      let u = -8 + step * Double(i)
      let g = density(place(u))
      guard g.isFinite else { return (-.infinity, place(u)) }
      if g < best { (best, at) = (g, u) }
    }
    // Golden section between the neighbours.
    var (low, high) = (at - step, at + step)
    for _ in 0..<40 {
      let (x, y) = (
        high - 0.618_033_988_749_894_9 * (high - low), low + 0.618_033_988_749_894_9 * (high - low)
      )
      if density(place(x)) < density(place(y)) { high = y } else { low = x }
    }
    let middle = (low + high) / 2
    let refined = density(place(middle))
    if refined < best { (best, at) = (refined, middle) }
    return (best, place(at))
  }
}

import MarketModel
import RiskNumerics

/// The natural form of an SVI slice.
///
/// w(k) = Δ + ω/2 (1 + ζρ(k − μ) + √((ζ(k − μ) + ρ)² + 1 − ρ²)).
public struct NaturalSVI: Hashable, Sendable {
  public var delta: Double
  public var mu: Double
  public var rho: Double
  public var omega: Double
  public var zeta: Double

  /// A slice from its parameters; ω ≥ 0, |ρ| < 1, ζ > 0.
  public init(delta: Double, mu: Double, rho: Double, omega: Double, zeta: Double) {
    self.delta = delta
    self.mu = mu
    self.rho = rho
    self.omega = omega
    self.zeta = zeta
  }
}

/// The jump-wings form: what a trader sees of a slice with t years to go.
public struct JumpWingsSVI: Hashable, Sendable {
  /// v, variance a year at the money.
  public var variance: Double
  /// ψ, the slope of volatility at the money times √t.
  public var skew: Double
  /// p and c, the slopes of the wings to the left and the right over √w(0).
  public var putWing: Double
  public var callWing: Double
  /// ṽ, the least variance a year.
  public var leastVariance: Double

  /// A slice from its parameters.
  public init(variance: Double, skew: Double, putWing: Double, callWing: Double, leastVariance: Double) {
    self.variance = variance
    self.skew = skew
    self.putWing = putWing
    self.callWing = callWing
    self.leastVariance = leastVariance
  }

  /// The slice that keeps v, ψ and p and has no butterfly arbitrage: c′ = p + 2ψ, ṽ′ = v·4pc′/(p + c′)².
  ///
  /// Source: Gatheral and Jacquier (2014), section 5.1. It is a slice of an SSVI surface.
  public var withoutButterfly: JumpWingsSVI {
    var other = self
    other.callWing = putWing + 2 * skew
    let sum = putWing + other.callWing
    other.leastVariance = variance * 4 * putWing * other.callWing / (sum * sum)
    return other
  }
}

extension SVISlice {
  /// A slice from the natural form.
  public init(_ natural: NaturalSVI) {
    let rest = (1 - natural.rho * natural.rho).squareRoot()
    self.init(
      a: natural.delta + natural.omega / 2 * (1 - natural.rho * natural.rho),
      b: natural.omega * natural.zeta / 2, rho: natural.rho, m: natural.mu - natural.rho / natural.zeta,
      sigma: rest / natural.zeta)
  }

  /// The natural form; nil where |ρ| = 1 or σ = 0, which it cannot say.
  public var natural: NaturalSVI? {
    let p = parameters
    let rest = (1 - p.rho * p.rho).squareRoot()
    guard rest > 0, p.sigma > 0 else { return nil }
    let omega = 2 * p.b * p.sigma / rest
    return NaturalSVI(
      delta: p.a - omega / 2 * (1 - p.rho * p.rho), mu: p.m + p.rho * p.sigma / rest, rho: p.rho,
      omega: omega, zeta: rest / p.sigma)
  }

  /// The jump-wings form for t > 0 years; nil where w(0) is not positive.
  public func jumpWings(years t: Double) -> JumpWingsSVI? {
    let p = parameters
    let w = totalVariance(0)
    guard w > 0, t > 0 else { return nil }
    let root = w.squareRoot()
    return JumpWingsSVI(
      variance: w / t, skew: slope(0) / (2 * root), putWing: leftSlope / root, callWing: rightSlope / root,
      leastVariance: (p.a + p.b * p.sigma * (1 - p.rho * p.rho).squareRoot()) / t)
  }

  /// A slice from the jump-wings form.
  ///
  /// Nil where no raw slice has these numbers: variances or wings out of range, or a skew outside the wings.
  public init?(_ wings: JumpWingsSVI, years t: Double) {
    let w = wings.variance * t
    let root = w.squareRoot()
    let b = root / 2 * (wings.callWing + wings.putWing)
    guard w > 0, b > 0, wings.putWing >= 0, wings.callWing >= 0 else { return nil }
    let rho = 1 - wings.putWing * root / b
    let beta = rho - 2 * wings.skew * root / b
    let rest = max(0, 1 - rho * rho).squareRoot()
    let drop = (wings.variance - wings.leastVariance) * t
    guard abs(beta) <= 1, abs(rho) <= 1, drop >= 0 else { return nil }
    // β = m/√(m² + σ²); at β = 0 the minimum of the root sits at the money.
    let unit = (1 - beta * beta).squareRoot()
    // w(0) − least = b·√(m² + σ²)·(1 − ρβ − √(1 − ρ²)√(1 − β²)).
    let share = 1 - rho * beta - rest * unit
    // 0 where the minimum is at the money: nothing then tells σ.
    guard share > 0 else { return nil }
    let radius = drop / (b * share)
    let sigma = radius * unit
    self.init(
      a: wings.leastVariance * t - b * sigma * rest, b: b, rho: rho, m: radius * beta, sigma: sigma)
  }
}

/// The surface SVI of Gatheral and Jacquier: one skew for all expiries.
///
/// w(k, θ) = θ/2 (1 + ρφk + √((φk + ρ)² + 1 − ρ²)) with θ the total variance at the money and
/// φ(θ) = η/(θ^γ (1 + θ)^(1 − γ)).
public struct SSVI: Hashable, Sendable {
  public let rho: Double
  public let eta: Double
  public let gamma: Double

  /// A surface from its parameters; |ρ| < 1, η > 0, 0 ≤ γ ≤ 1.
  public init(rho: Double, eta: Double, gamma: Double) {
    self.rho = rho
    self.eta = eta
    self.gamma = gamma
  }

  /// φ(θ), θ > 0.
  public func phi(_ theta: Double) -> Double {
    eta / (Elementary.power(theta, gamma) * Elementary.power(1 + theta, 1 - gamma))
  }

  /// The slice with total variance θ > 0 at the money.
  public func slice(_ theta: Double) -> SVISlice {
    SVISlice(NaturalSVI(delta: 0, mu: 0, rho: rho, omega: theta, zeta: phi(theta)))
  }

  /// w(k, θ).
  public func totalVariance(_ k: Double, theta: Double) -> Double {
    let f = phi(theta) * k
    return theta / 2 * (1 + rho * f + ((f + rho) * (f + rho) + 1 - rho * rho).squareRoot())
  }

  /// Whether η(1 + |ρ|) ≤ 2 and γ ≤ 1/2.
  ///
  /// These are sufficient conditions of Gatheral and Jacquier (2014), section 4, for every θ. Then no slice
  /// has a butterfly and no two slices with growing θ cross.
  public var isFreeOfArbitrage: Bool {
    eta * (1 + abs(rho)) <= 2 && gamma >= 0 && gamma <= 0.5 && abs(rho) < 1
  }
}

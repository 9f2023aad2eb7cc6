import RiskNumerics

/// The recursion σ²ₜ₊₁ = ω + α rₜ² + β σ²ₜ of GARCH(1,1) about a mean of zero (Bollerslev, Journal of
/// Econometrics 31, 1986), one step a return.
public struct GARCHParameters: Hashable, Sendable {
  /// ω, in squared returns; ≥ 0.
  public let omega: Double
  /// α, the weight of the last squared return; ≥ 0.
  public let alpha: Double
  /// β, the weight of the last variance; ≥ 0.
  public let beta: Double

  /// Parameters as they are; the recursion has a long-run variance where α + β < 1.
  public init(omega: Double, alpha: Double, beta: Double) {
    self.omega = omega
    self.alpha = alpha
    self.beta = beta
  }

  /// α + β, the share of a deviation from the long-run variance that is left after one step.
  public var persistence: Double { alpha + beta }

  /// ω / (1 − α − β), the variance that forecasts tend to; infinite or meaningless at α + β ≥ 1.
  public var longRunVariance: Double { omega / (1 - persistence) }

  /// σ² before each return, and σ² after the last: one number more than there are returns.
  ///
  /// - Parameters:
  ///   - returns: oldest first.
  ///   - presample: stands for both r² and σ² before the first return, so that σ²₁ = ω + (α + β) × presample.
  /// - Complexity: O(returns).
  public func variances(of returns: [Double], presample: Double) -> [Double] {
    var variances: [Double] = []
    variances.reserveCapacity(returns.count + 1)
    var variance = omega + persistence * presample
    variances.append(variance)
    for value in returns {
      variance = omega + alpha * (value * value) + beta * variance
      variances.append(variance)
    }
    return variances
  }

  /// The expected variance of the sum of the returns of a horizon, given tomorrow's variance.
  ///
  /// E σ²ₖ = V + (α+β)ᵏ⁻¹ (σ²₁ − V) with V the long-run variance, summed: h V + (σ²₁ − V) (1 − (α+β)ʰ) /
  /// (1 − α − β). A part of a step is taken from the same curve.
  ///
  /// - Parameters:
  ///   - variance: σ² of the first step ahead.
  ///   - steps: h > 0.
  public func variance(over steps: Double, from variance: Double) -> Double {
    guard persistence < 1 else { return steps * variance }
    let decayed = persistence > 0 ? Elementary.power(persistence, steps) : 0
    let factor = (1 - decayed) / (1 - persistence)
    return steps * longRunVariance + (variance - longRunVariance) * factor
  }
}

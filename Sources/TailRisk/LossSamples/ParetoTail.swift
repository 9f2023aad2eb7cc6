public import MarketModel
import RiskNumerics

/// The tail of losses beyond a high threshold u by the generalised Pareto law: peaks over threshold.
///
/// P(L > u + y) = (k/n)·(1 + ξy/β)^(−1/ξ) for y ≥ 0, with k of n losses beyond u; ξ = 0 is the exponential law. Hence, with
/// r = n(1 − c)/k ≤ 1, VaR = u + β·(r^(−ξ) − 1)/ξ, and for ξ < 1 ES = VaR + (β + ξ(VaR − u))/(1 − ξ). Source: McNeil, Frey
/// and Embrechts, *Quantitative Risk Management*, 2nd ed., equations 5.18 to 5.20.
///
/// Beyond the data the figures are what the law makes of them: their errors cover ξ, β and k by chance, never the choice
/// of u.
public struct ParetoTail: Hashable, Sendable {
  /// u, in the unit of the losses.
  public let threshold: Double
  /// n.
  public let count: Int
  /// k.
  public let exceedances: Int
  /// ξ; without unit, above 0 for heavy tails.
  public let shape: Double
  /// β > 0, in the unit of the losses.
  public let scale: Double

  /// A figure and its standard error.
  public struct Estimate: Hashable, Sendable {
    public let value: Double
    /// By the delta method; nil for ξ ≤ −½, where the likelihood is not regular.
    public let standardError: Double?
  }

  /// A tail of given parameters; nil where they are not finite, β is not above 0, or not 1 ≤ k ≤ n.
  public init?(threshold: Double, count: Int, exceedances: Int, shape: Double, scale: Double) {
    guard threshold.isFinite, shape.isFinite, scale > 0, scale.isFinite, exceedances >= 1,
      exceedances <= count
    else { return nil }
    self.threshold = threshold
    self.count = count
    self.exceedances = exceedances
    self.shape = shape
    self.scale = scale
  }

  /// The value at risk; nil where the level lies below the threshold.
  public func valueAtRisk(_ confidence: ConfidenceLevel) -> Estimate? {
    guard let tail = Quantile(self, confidence) else { return nil }
    return estimate(threshold + scale * tail.growth, tail.slopes(self))
  }

  /// The expected shortfall; nil where the level lies below the threshold, and for ξ ≥ 1, which has no mean.
  public func expectedShortfall(_ confidence: ConfidenceLevel) -> Estimate? {
    guard shape < 1, let tail = Quantile(self, confidence) else { return nil }
    let rest = 1 - shape
    let value = tail.slopes(self)
    let excess = scale * tail.growth
    // ES = u + (excess + β)/(1 − ξ).
    return estimate(
      threshold + (excess + scale) / rest,
      Slopes(
        shape: value.shape / rest + (excess + scale) / (rest * rest), scale: (value.scale + 1) / rest,
        share: value.share / rest))
  }

  /// Derivatives by ξ, β and k/n.
  private struct Slopes {
    let shape: Double
    let scale: Double
    let share: Double
  }

  /// What the quantile of one level is made of.
  private struct Quantile {
    /// −ln r ≥ 0.
    let depth: Double
    /// (r^(−ξ) − 1)/ξ.
    let growth: Double

    init?(_ tail: ParetoTail, _ confidence: ConfidenceLevel) {
      let ratio = Double(tail.count) * confidence.exceedance / Double(tail.exceedances)
      // Rounding of n(1 − c) may not refuse the threshold itself.
      guard ratio <= 1 + 1e-12 else { return nil }
      depth = max(0, 0 - Elementary.log(ratio))
      growth =
        tail.shape == 0 ? depth : Elementary.expMinusOne(tail.shape * depth) / tail.shape
      guard growth.isFinite else { return nil }
    }

    func slopes(_ tail: ParetoTail) -> Slopes {
      let product = tail.shape * depth
      let power = 1 + tail.shape * growth
      // d growth/dξ = (depth·r^(−ξ) − growth)/ξ, which cancels near ξ = 0: there depth²/2 + ξ·depth³/3.
      let byShape =
        product.magnitude < 1e-5
        ? depth * depth * (0.5 + product / 3) : (depth * power - growth) / tail.shape
      let share = Double(tail.exceedances) / Double(tail.count)
      return Slopes(shape: tail.scale * byShape, scale: growth, share: tail.scale * power / share)
    }
  }

  /// A figure with the error that its slopes give.
  ///
  /// Of maximum likelihood (ξ, β) have the covariance (1 + ξ)/k·[1 + ξ, −β; −β, 2β²] (Smith 1987, "Estimating tails of
  /// probability distributions"), and k/n that of a binomial share, independent of both.
  private func estimate(_ value: Double, _ slopes: Slopes) -> Estimate? {
    guard value.isFinite else { return nil }
    guard shape > -0.5 else { return Estimate(value: value, standardError: nil) }
    let share = Double(exceedances) / Double(count)
    let byScale = scale * slopes.scale
    let form =
      (1 + shape) * slopes.shape * slopes.shape - 2 * slopes.shape * byScale + 2 * byScale * byScale
    let variance =
      (1 + shape) / Double(exceedances) * form + slopes.share * slopes.share * share * (1 - share)
      / Double(count)
    return Estimate(value: value, standardError: variance.isFinite ? max(0, variance).squareRoot() : nil)
  }
}

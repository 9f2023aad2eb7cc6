public import MarketModel
import RiskNumerics

/// The volatility of every step of one series of returns, the forecast for the next, and what is left of the
/// returns when their volatility is taken out.
///
/// Returns are taken about a mean of zero, one a step; returns over uneven spacings are first divided by the
/// root of the spacing. Every number here scales with the returns, but the residuals, which have no unit.
///
/// - `ewma`: σ²ₜ₊₁ = λ σ²ₜ + (1 − λ) rₜ² (RiskMetrics 1996), started at the mean square of all returns. Hence
///   σ²ₙ₊₁ weighs the square k steps back with (1 − λ) λᵏ + λⁿ/n: the weights sum to one, and the forecast
///   is the diagonal of `ReturnCovariance.ewma`.
/// - `garch`: `GARCHEstimate` with variance targeting; where a series refuses it, `ewma` and a sentence.
public struct VolatilityFilter: Hashable, Sendable {
  /// The recursion that was used, which is `ewma` where a GARCH fit was refused.
  public let model: VolatilityFilterPlan.Model
  /// σₜ of each return, known before it.
  public let deviations: [Double]
  /// σ of the return after the last.
  public let forecast: Double
  /// rₜ / σₜ.
  public let residuals: [Double]
  /// The parameters of `garch`.
  public let parameters: GARCHParameters?
  /// Why GARCH gave way to EWMA, half a sentence about the series; nil where it did not.
  public let fallback: String?

  /// Filters one series.
  ///
  /// - Parameters:
  ///   - returns: oldest first, at least one.
  ///   - plan: decay in (0, 1) for `ewma`, and for the fallback of `garch`.
  /// - Throws: `notFinite` by place, `tooFewRows`, `outOfRange` for the decay, or where
  ///   squares overflow.
  /// - Complexity: O(returns) for `ewma`; some hundred times that for `garch`.
  public init(_ returns: [Double], plan: VolatilityFilterPlan) throws(EstimationError) {
    try EstimationError.check(returns)
    guard !returns.isEmpty else { throw .tooFewRows(found: 0, needed: 1) }
    guard plan.decay > 0, plan.decay < 1 else { throw .outOfRange(field: "decay", value: plan.decay) }
    var refusal: String?
    if plan.model == .garch {
      switch try GARCHEstimate.fit(returns) {
      case .fitted(let estimate):
        self.init(returns, .garch, estimate.parameters, presample: estimate.presample, fallback: nil)
        return
      case .refused(let reason):
        refusal = reason
      }
    }
    let square = returns.reduce(0.0) { $0 + $1 * $1 } / Double(returns.count)
    guard square.isFinite else { throw .outOfRange(field: "returns", value: square) }
    let recursion = GARCHParameters(omega: 0, alpha: 1 - plan.decay, beta: plan.decay)
    self.init(returns, .ewma, recursion, presample: square, fallback: refusal)
  }

  private init(
    _ returns: [Double], _ model: VolatilityFilterPlan.Model, _ recursion: GARCHParameters,
    presample: Double, fallback: String?
  ) {
    // After long silence a variance may fall below what a double holds; the floor keeps residuals finite.
    let floor = presample * 0x1p-52
    let variances = recursion.variances(of: returns, presample: presample).map { max($0, floor) }
    let all = variances.map { $0.squareRoot() }
    deviations = Array(all.dropLast())
    forecast = all.last ?? 0
    residuals = zip(returns, all).map { $1 > 0 ? $0 / $1 : 0 }
    self.model = model
    parameters = model == .garch ? recursion : nil
    self.fallback = fallback
  }

  /// The returns as they would be at the volatility of the forecast: residual × σ of the next step.
  ///
  /// Source: Barone-Adesi, Giannopoulos and Vosper (Journal of Futures Markets 19, 1999).
  public var rescaled: [Double] { residuals.map { $0 * forecast } }

  /// The expected variance of the sum of the returns of a horizon of steps > 0: steps × σ² for `ewma`, which
  /// forecasts the same variance for ever, and the path back to the long-run variance for `garch`.
  public func variance(over steps: Double) -> Double {
    guard let parameters else { return steps * forecast * forecast }
    return parameters.variance(over: steps, from: forecast * forecast)
  }
}

extension VolatilityFilter {
  /// Filters every column of a table of returns.
  ///
  /// - Parameter returns: one column an asset, oldest first.
  /// - Throws: `notFinite` with column and row; as `init`.
  public static func columns(
    _ returns: [[Double]], plan: VolatilityFilterPlan
  ) throws(EstimationError) -> [VolatilityFilter] {
    var filters: [VolatilityFilter] = []
    for (column, series) in returns.enumerated() {
      try EstimationError.check(series, column: column)
      filters.append(try VolatilityFilter(series, plan: plan))
    }
    return filters
  }
}

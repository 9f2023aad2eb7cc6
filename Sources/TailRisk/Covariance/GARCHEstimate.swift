import RiskNumerics

/// GARCH(1,1) parameters by Gaussian quasi maximum likelihood.
///
/// The returns are divided by their root mean square s, so that neither their unit nor their size matters
/// (fits of unscaled daily returns are known to fail). With presample variance s² the fit makes
/// ½ Σ (ln σ²ₜ + rₜ² / σ²ₜ) smallest over α ≥ 0, β ≥ 0, α + β ≤ 0.9999 and, without variance targeting, the
/// long-run variance between s²/100 and 100 s². The start is the best point of a fixed grid; the search is
/// `SimplexSearch`. With variance targeting ω = (1 − α − β) s² (Engle and Mezrich 1996).
public struct GARCHEstimate: Hashable, Sendable {
  public let parameters: GARCHParameters
  /// The variance that stands before the first return: the mean square of the returns.
  public let presample: Double
  /// −½ Σ (ln 2π + ln σ²ₜ + rₜ² / σ²ₜ) in the unit of the returns.
  public let logLikelihood: Double
  /// Likelihoods computed.
  public let evaluations: Int

  /// Fewer returns say too little of three parameters.
  public static let fewestReturns = 100
  /// α + β beyond this has no long-run variance worth the name.
  public static let highestPersistence = 0.9999

  /// A fit, or why there is none.
  public enum Outcome: Hashable, Sendable {
    case fitted(GARCHEstimate)
    /// Half a sentence: "it has 40 returns, and GARCH needs 100".
    case refused(String)
  }

  /// Fits one series.
  ///
  /// - Parameters:
  ///   - returns: oldest first, one a step, about a mean of zero.
  ///   - targetsVariance: holds the long-run variance at the mean square.
  /// - Throws: `notFinite` by place.
  /// - Complexity: some hundred passes over the returns.
  public static func fit(
    _ returns: [Double], targetsVariance: Bool = true
  ) throws(EstimationError) -> Outcome {
    try EstimationError.check(returns)
    guard returns.count >= fewestReturns else {
      return .refused("it has \(returns.count) returns, and GARCH needs \(fewestReturns)")
    }
    let peak = returns.reduce(0.0) { max($0, $1.magnitude) }
    guard peak > 0, peak.isNormal else { return .refused("its returns are all zero") }
    let scaled = returns.map { $0 / peak }
    let root = (scaled.reduce(0.0) { $0 + $1 * $1 } / Double(returns.count)).squareRoot()
    let scale = root * peak
    guard (scale * scale).isNormal else {
      return .refused("its returns are too small or too large to square")
    }
    let likelihood = GARCHLikelihood(scaled.map { $0 / root })
    return fit(likelihood, scale: scale, targetsVariance)
  }

  private static func fit(
    _ likelihood: GARCHLikelihood, scale: Double, _ targetsVariance: Bool
  ) -> Outcome {
    /// (−ln(1 − α − β), α, ln of the long-run variance).
    func value(_ x: [Double]) -> Double {
      let parameters = parameters(x)
      let longRun = x.count > 2 ? x[2] : 0
      // ln 100 on either side, and the bound on the persistence.
      guard parameters.alpha >= 0, parameters.beta >= 0, parameters.persistence >= 0,
        parameters.persistence <= highestPersistence, longRun.magnitude <= 4.605
      else {
        return .infinity
      }
      return likelihood.value(parameters)
    }
    var start: [Double] = [0.5, 0.1]
    var lowest = Double.infinity
    for decay in [0.5, 1.2, 2.0, 2.7, 3.5, 4.3, 5.2] {
      for alpha in [0.02, 0.06, 0.12, 0.25] {
        let found = value([decay, alpha])
        if found < lowest { (start, lowest) = ([decay, alpha], found) }
      }
    }
    let steps = targetsVariance ? [0.3, 0.02] : [0.3, 0.02, 0.1]
    if !targetsVariance { start.append(0) }
    let minimum = SimplexSearch.minimise(from: start, steps: steps, value)
    guard minimum.isConverged, minimum.value.isFinite else {
      return .refused("the search for its GARCH parameters did not converge")
    }
    let found = parameters(minimum.point)
    guard found.persistence < highestPersistence - 1e-6 else {
      return .refused("its GARCH persistence reaches \(highestPersistence)")
    }
    let count = Double(likelihood.returns.count)
    // ln 2π, and the scale that was divided out of every return.
    let constant = count * (0.5 * 1.837877066409345 + Elementary.log(scale))
    return .fitted(
      GARCHEstimate(
        parameters: GARCHParameters(
          omega: found.omega * scale * scale, alpha: found.alpha, beta: found.beta),
        presample: scale * scale, logLikelihood: -minimum.value * count - constant,
        evaluations: minimum.evaluations))
  }

  private static func parameters(_ x: [Double]) -> GARCHParameters {
    let left = Elementary.exp(-x[0])
    let alpha = x[1]
    let longRun = x.count > 2 ? Elementary.exp(x[2]) : 1
    return GARCHParameters(omega: left * longRun, alpha: alpha, beta: 1 - left - alpha)
  }
}

/// The mean of ½ (ln σ² + r² / σ²) over returns of mean square one.
struct GARCHLikelihood {
  let returns: [Double]
  private let squares: [Double]

  init(_ returns: [Double]) {
    self.returns = returns
    squares = returns.map { $0 * $0 }
  }

  func value(_ parameters: GARCHParameters) -> Double {
    var variance = parameters.omega + parameters.persistence
    // Logarithms are dear: variances are multiplied until the product nears the end of the range.
    var product = 1.0
    var logs = 0.0
    var sum = 0.0
    for square in squares {
      product *= variance
      if product > 1e150 || product < 1e-150 {
        logs += Elementary.log(product)
        product = 1
      }
      sum += square / variance
      variance = parameters.omega + parameters.alpha * square + parameters.beta * variance
    }
    let total = logs + Elementary.log(product) + sum
    return 0.5 * total / Double(max(squares.count, 1))
  }
}

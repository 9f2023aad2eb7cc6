import MarketModel

/// A covariance matrix estimated from columns of returns: symmetric, positive semidefinite up to rounding.
///
/// Columns are oldest first, one number a step, all of the same count; uneven spacings are divided out before,
/// each return by the root of its own. A column without variance has a row of zeros. Every estimator refuses
/// NaN and infinity by column and row, and costs rows × assets².
public struct ReturnCovariance: Hashable, Sendable {
  /// Assets.
  public let count: Int
  /// Row-major, count × count, in squared returns.
  public let matrix: [Double]
  /// The weight of the target in a shrunk estimate, in 0...1.
  public let shrinkage: Double?
  /// The mean of the correlations off the diagonal, of `constantCorrelation`.
  public let averageCorrelation: Double?
  /// Columns that `garch` could not fit, and why: half a sentence each.
  public let fallbacks: [Fallback]

  /// A column whose volatility is that of EWMA instead of GARCH.
  public struct Fallback: Hashable, Sendable {
    public let column: Int
    public let reason: String
  }

  init(
    count: Int, matrix: [Double], shrinkage: Double? = nil, averageCorrelation: Double? = nil,
    fallbacks: [Fallback] = []
  ) {
    self.count = count
    self.matrix = matrix
    self.shrinkage = shrinkage
    self.averageCorrelation = averageCorrelation
    self.fallbacks = fallbacks
  }

  /// The mean of the products of the returns.
  ///
  /// - Parameter centred: about the mean of each column, divided by rows − 1; else about zero, divided by rows,
  ///   which is the likelier for returns of days, whose mean is lost in their noise.
  /// - Throws: `tooFewRows` below one row, or below two where centred.
  public static func sample(
    _ columns: [[Double]], centred: Bool = false
  ) throws(EstimationError) -> ReturnCovariance {
    let moments = try ReturnMoments(columns, needed: centred ? 2 : 1, centred: centred)
    let divisor = Double(centred ? moments.rows - 1 : moments.rows)
    return ReturnCovariance(count: columns.count, matrix: moments.products(divisor))
  }

  /// Products about zero, weighted by age (RiskMetrics 1996): Σₜ₊₁ = λ Σₜ + (1 − λ) rₜ rₜᵀ.
  ///
  /// Started at the mean of the products of all n rows, so that the products k rows back weigh
  /// (1 − λ) λᵏ + λⁿ/n, and all weights sum to one: a short history leans towards `sample`, to which λ → 1 leads.
  ///
  /// - Parameter decay: λ in (0, 1).
  /// - Throws: `outOfRange` for the decay, `tooFewRows` below one row.
  public static func ewma(
    _ columns: [[Double]], decay: Double
  ) throws(EstimationError) -> ReturnCovariance {
    guard decay > 0, decay < 1 else { throw .outOfRange(field: "decay", value: decay) }
    let moments = try ReturnMoments(columns, needed: 1, centred: false)
    let matrix = ReturnMoments.table(moments.columns) { weightedProduct($0, $1, decay: decay) }
    return ReturnCovariance(count: columns.count, matrix: matrix)
  }

  static func weightedProduct(_ a: [Double], _ b: [Double], decay: Double) -> Double {
    var value = ReturnMoments.dot(a, b) / Double(max(a.count, 1))
    for (x, y) in zip(a, b) { value = decay * value + (1 - decay) * (x * y) }
    return value
  }

  /// GARCH(1,1) volatilities with the correlation of the standardised residuals (the constant conditional
  /// correlation of Bollerslev, Review of Economics and Statistics 72, 1990).
  ///
  /// The variance of an asset is its expected mean over the steps of a horizon, from `VolatilityFilter`; the
  /// correlation is that of sums of `span` neighbouring residuals about zero.
  ///
  /// - Parameters:
  ///   - decay: of the EWMA that stands in where a column cannot be fitted (see `fallbacks`).
  ///   - steps: of the horizon, > 0; below one counts as one.
  ///   - span: residuals in a sum, ≥ 1; more than one for closes of different hours.
  /// - Throws: `outOfRange` for decay, steps or span, `tooFewRows` below `span` rows.
  public static func garch(
    _ columns: [[Double]], decay: Double = 0.94, steps: Double = 1, span: Int = 1
  ) throws(EstimationError) -> ReturnCovariance {
    guard steps > 0, steps.isFinite else { throw .outOfRange(field: "steps", value: steps) }
    guard span >= 1 else { throw .outOfRange(field: "span", value: Double(span)) }
    let moments = try ReturnMoments(columns, needed: span, centred: false)
    let filters = try VolatilityFilter.columns(
      moments.columns, plan: VolatilityFilterPlan(model: .garch, decay: decay))
    let horizon = max(1, steps)
    let residuals = filters.map { sums($0.residuals, span) }
    let correlation = try sample(residuals).correlation
    let deviations = filters.map { ($0.variance(over: horizon) / horizon).squareRoot() }
    let count = columns.count
    var matrix = correlation
    for i in 0..<count {
      for j in 0..<count { matrix[i * count + j] *= deviations[i] * deviations[j] }
    }
    let fallbacks = filters.enumerated().compactMap { column, filter in
      filter.fallback.map { Fallback(column: column, reason: $0) }
    }
    return ReturnCovariance(count: count, matrix: matrix, fallbacks: fallbacks)
  }

  /// The sums of `span` neighbours, overlapping.
  private static func sums(_ values: [Double], _ span: Int) -> [Double] {
    guard span > 1 else { return values }
    return (0...max(0, values.count - span)).map { values[$0..<min(values.count, $0 + span)].reduce(0, +) }
  }

  /// The root of the diagonal.
  public var deviations: [Double] { (0..<count).map { max(0, matrix[$0 * count + $0]).squareRoot() } }

  /// Row-major, unit diagonal; an asset without variance is correlated with nothing.
  ///
  /// What rounding alone keeps from ±1 is ±1, so that a copy of an asset adds no factor.
  public var correlation: [Double] {
    let deviations = deviations
    var correlation = matrix
    for i in 0..<count {
      for j in 0..<count {
        let scale = deviations[i] * deviations[j]
        let value = i == j ? 1 : scale > 0 ? matrix[i * count + j] / scale : 0
        let isPerfect = value.magnitude > 1 - 0x1p-50
        correlation[i * count + j] = isPerfect ? (value < 0 ? -1 : 1) : value
      }
    }
    return correlation
  }
}

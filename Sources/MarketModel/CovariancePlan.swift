/// Where volatilities and correlations of log returns come from, and how a history becomes a covariance.
public struct CovariancePlan: Hashable, Sendable {
  /// The estimator.
  public enum Estimator: String, Sendable, CaseIterable {
    case sample
    case ewma
    case ledoitWolf = "ledoit_wolf"
    case constantCorrelation = "constant_correlation"
    case oas
    case garch
  }

  /// What becomes of dates on which an asset has no price.
  public enum Gaps: String, Sendable, CaseIterable {
    /// Only dates count on which every asset has a price: one sample, never indefinite.
    case common
    /// Each pair of assets has dates of its own; what comes out indefinite is replaced by the nearest
    /// correlation. For `sample` and `ewma`.
    case pairwise
  }

  public var estimator: Estimator
  /// Weight of yesterday in `ewma`, and where EWMA stands in for `garch`; in (0, 1).
  public var decay: Double
  /// Whether an indefinite correlation is replaced by the nearest one, which the report states.
  public var repairs: Bool
  public var gaps: Gaps
  /// Rows of the history that one return spans, ≥ 1; returns overlap.
  ///
  /// More than one is for assets whose closes are of different hours: their returns meet within the longer span.
  public var returnDays: Int
  /// Whether the history is read even where the market quotes a correlation.
  public var prefersHistory: Bool

  /// A plan from its entries.
  public init(
    estimator: Estimator = .sample, decay: Double = 0.94, repairs: Bool = false, gaps: Gaps = .common,
    returnDays: Int = 1, prefersHistory: Bool = false
  ) {
    self.estimator = estimator
    self.decay = decay
    self.repairs = repairs
    self.gaps = gaps
    self.returnDays = returnDays
    self.prefersHistory = prefersHistory
  }
}

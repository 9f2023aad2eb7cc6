/// How the returns of a history become a covariance.
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

  public var estimator: Estimator
  /// Weight of yesterday in `ewma`; in (0, 1).
  public var decay: Double
  /// Whether an indefinite correlation is replaced by the nearest one, which the report states.
  public var repairs: Bool

  /// A plan from its entries.
  public init(estimator: Estimator = .sample, decay: Double = 0.94, repairs: Bool = false) {
    self.estimator = estimator
    self.decay = decay
    self.repairs = repairs
  }
}

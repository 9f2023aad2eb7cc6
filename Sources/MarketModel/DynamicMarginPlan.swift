/// How requirements follow realised volatility, and what keeps them from running after it: `margin.dynamic`.
///
/// A requirement is multiplied by σ / reference, held between `floor` and `cap`. σ is daily, filtered from the closes
/// of the book's history; that of an account is weighed by its gross exposure to each underlying.
public struct DynamicMarginPlan: Hashable, Sendable {
  /// How σ is filtered.
  public enum Volatility: String, Hashable, Sendable, CaseIterable {
    /// σ² ← λσ² + (1 − λ)r².
    case ewma
    /// σ² ← ω + αr² + βσ², with ω = (1 − α − β) × the mean square of the history.
    case garch
  }

  public var volatility = Volatility.ewma
  /// λ of `ewma`, in (0, 1).
  public var decay = 0.97
  /// α of `garch`, ≥ 0.
  public var alpha = 0.06
  /// β of `garch`, ≥ 0; α + β < 1.
  public var beta = 0.92
  /// Annual volatility at which the requirement is as the model has it; nil for that of the whole history.
  public var reference: Double?
  /// Least and largest factor.
  public var floor = 0.25
  public var cap = 4.0
  /// Part that is collected on top while volatility is calm and drawn down as it rises; 0 for none.
  public var buffer = 0.25
  /// Weight of the stressed volatility in σ, 0 to 1; 0 for none.
  public var stressedWeight = 0.25
  /// Rows of the window whose volatility is the stressed one: the most volatile of the history.
  public var stressedDays = 60
  /// Whether σ is at least the unweighted volatility of the last ten years.
  public var hasTenYearFloor = true

  /// The three tools of EMIR technical standards 153/2013, article 28, at their least.
  public init() {}

  /// The same filter without the tools.
  public var withoutTools: DynamicMarginPlan {
    var plan = self
    plan.buffer = 0
    plan.stressedWeight = 0
    plan.hasTenYearFloor = false
    return plan
  }
}

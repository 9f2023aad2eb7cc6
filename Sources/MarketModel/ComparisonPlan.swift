/// The models behind the three modes of a comparison.
///
/// Modes compare inside one venue; several venues are several plans.
public struct ComparisonPlan: Hashable, Sendable {
  public var isolated: String
  public var cross: String
  public var portfolio: String

  /// A plan from the three names.
  public init(
    isolated: String = "derive-srm", cross: String = "derive-srm", portfolio: String = "derive-pmrm2"
  ) {
    self.isolated = isolated
    self.cross = cross
    self.portfolio = portfolio
  }
}

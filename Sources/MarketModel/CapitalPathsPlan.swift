/// How many simulated tomorrows capital is to survive, and which share of them.
public struct CapitalPathsPlan: Hashable, Sendable {
  /// Simulated paths; ≥ 1.
  public var paths: Int
  public var confidence: [ConfidenceLevel]
  /// Days of 24 hours; > 0.
  public var horizonDays: Double

  /// A plan from its parts.
  public init(paths: Int, confidence: [ConfidenceLevel], horizonDays: Double) {
    self.paths = paths
    self.confidence = confidence
    self.horizonDays = horizonDays
  }

  /// 99 % of 10,000 tomorrows.
  public static let standard = CapitalPathsPlan(
    paths: 10_000, confidence: [ConfidenceLevel(decimal: "0.99")].compactMap { $0 }, horizonDays: 1)
}

/// A value at risk with the cost of closing out inside the distribution: of losses to which each path adds what it
/// would cost to be out of everything on that path's market.
///
/// Source: Bangia, Diebold, Schuermann and Stroughair, "Modeling liquidity risk" (1999), whose spread is exogenous; here
/// it follows quantity and move as well, so no figure is added at the end.
public struct LiquidityAdjusted: Hashable, Sendable {
  /// On today's market, base currency, ≥ 0; nil where it is not known.
  public var closeOutCost: Double?
  /// At least the value at risk beside it; nil where `reason` says why.
  public var valueAtRisk: Double?
  public var expectedShortfall: Double?
  /// Of `valueAtRisk`; nil as for the value at risk itself.
  public var standardError: Double?
  /// Why there is no figure; nil where there is one.
  public var reason: String?

  /// Figures from their numbers.
  public init(
    closeOutCost: Double? = nil, valueAtRisk: Double? = nil, expectedShortfall: Double? = nil,
    standardError: Double? = nil, reason: String? = nil
  ) {
    self.closeOutCost = closeOutCost
    self.valueAtRisk = valueAtRisk
    self.expectedShortfall = expectedShortfall
    self.standardError = standardError
    self.reason = reason
  }

  /// The figures over the horizon from those of one day, but for today's cost, which knows no horizon.
  func scaled(by factor: Double) -> LiquidityAdjusted {
    var scaled = self
    scaled.valueAtRisk = valueAtRisk.map { $0 * factor }
    scaled.expectedShortfall = expectedShortfall.map { $0 * factor }
    scaled.standardError = standardError.map { $0 * factor }
    return scaled
  }
}

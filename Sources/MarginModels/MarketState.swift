/// A whole market after one named move: every underlying at once, by the same factor.
///
/// Spots, forwards and marks are multiplied by `spotMultiplier`; the volatility of each option moves by
/// the rule. Rates, stable assets and time stand still. Margin is recomputed on the moved market.
public struct MarketState: Hashable, Sendable {
  public var name: String
  /// The list it belongs to, as a report names it.
  public var scenarioSet: String
  /// > 0.
  public var spotMultiplier: Double
  public var volatility: VolatilityShock

  /// A state from its moves.
  public init(name: String, scenarioSet: String, spotMultiplier: Double, volatility: VolatilityShock) {
    self.name = name
    self.scenarioSet = scenarioSet
    self.spotMultiplier = spotMultiplier
    self.volatility = volatility
  }

  /// The market as it is.
  public static let today = MarketState(
    name: "none", scenarioSet: "market", spotMultiplier: 1, volatility: .none)
}

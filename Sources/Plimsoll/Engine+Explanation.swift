import MarginModels
import MarketModel
public import RiskDocuments
import TailRisk

extension Engine {
  /// Why the figures of one account are what they are.
  ///
  /// - Parameter place: of the account in `Book.accounts`.
  /// - Returns: the explanation and what could not be computed of the account; nil outside the book.
  public func explanation(ofAccount place: Int) -> (explanation: Explanation, failures: [Failure])? {
    guard let (account, failures) = account(place) else { return nil }
    let market = valued.book.market
    let factors = tails.first?.factors ?? []
    let underlyings = market.assets.map { asset in
      UnderlyingState(
        underlying: asset.id, spot: asset.spot,
        volatility: factors.first { $0.kind == "spot" && $0.name == asset.id }?.volatility)
    }
    let legs = worstScenarioLegs(ofAccount: place).map {
      ScenarioLeg(
        model: plan.comparison.portfolio, mode: .portfolio, scenario: $0.scenario, underlying: $0.underlying,
        instrument: $0.instrument, profitAndLoss: $0.profitAndLoss)
    }
    var explanation = Explanation(
      account: account, asOf: market.asOf, baseCurrency: market.baseCurrency, underlyings: underlyings,
      legs: legs)
    explanation.attach(cures(ofAccount: place))
    return (explanation, failures)
  }
}

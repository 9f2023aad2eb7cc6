package import MarketModel

/// The markets that capital has to survive: one list for all modes.
package enum CapitalStates {
  /// Name of the list that holds the run's stresses.
  package static let stressSet = "stress"
  /// Name of the last row.
  package static let worst = "worst"

  /// Today, then the portfolio model's scenarios undampened, then the stresses of the run.
  ///
  /// - Parameters:
  ///   - scenarios: of the portfolio model, as market states.
  ///   - stresses: of the run; those that do more than move every spot and every volatility by one factor each do not
  ///     enter, for a state of the market knows no more.
  package static func states(scenarios: [MarketState], stresses: [StressScenario]) -> [MarketState] {
    [.today] + scenarios
      + stresses.compactMap { stress in
        stress.uniform.map {
          MarketState(
            name: stress.name.text, scenarioSet: stressSet, spotMultiplier: 1 + $0.spot,
            volatility: $0.volatility == 0 ? .none : .relative($0.volatility))
        }
      }
  }

  /// The scenarios of a portfolio manager as markets, every underlying moving at once, nothing dampened.
  package static func scenarios(
    of parameters: DerivePortfolioParameters, model: String
  ) -> [MarketState] {
    parameters.scenarios.map {
      MarketState(
        name: $0.name, scenarioSet: model, spotMultiplier: $0.isSkew ? 1 : $0.spotMultiplier,
        volatility: parameters.shock(of: $0))
    }
  }
}

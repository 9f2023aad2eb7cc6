import MarketModel
import RiskNumerics

extension ModelDescription {
  static let valueAtRiskMargin = recipe(
    ModelCatalogue.valueAtRiskMargin, "value at risk of the account over the margin period of risk",
    [Parameter("stress.weight", 0.25)],
    "requirement (1 − w) VaR + w VaR of the most volatile window of the history, w = stress.weight")
  static let expectedShortfallMargin = recipe(
    ModelCatalogue.expectedShortfallMargin,
    "expected shortfall of the account over the margin period of risk",
    [Parameter("stress.weight", 0.25)],
    "requirement (1 − w) ES + w ES of the most volatile window of the history, w = stress.weight")
  static let filteredMargin = recipe(
    ModelCatalogue.filteredMargin, "expected shortfall of filtered historical moves",
    [Parameter("stress.weight", 1), Parameter("ewma.decay", 0.97)],
    "requirement max(ES of moves at today's volatility, w ES of the most volatile window), w = stress.weight; the filter of volatilities begins at the mean square of the whole history"
  )

  private static func recipe(
    _ name: String, _ what: String, _ own: [Parameter], _ rule: String
  ) -> ModelDescription {
    ModelDescription(
      name: name, modes: HistoryMarginModel.modes,
      confidence: "a recipe of our own on documented terms (\(what)); every number a choice",
      source:
        "EMIR technical standards 153/2013, articles 24 to 28; Barone-Adesi, Giannopoulos and Vosper (1999)",
      parameters: [
        Parameter("confidence", 0.99), Parameter("horizon_days", 2), Parameter("lookback_days", 250),
        Parameter("stress.days", 125),
      ] + own + [
        Parameter("liquidity.rate", 0), Parameter("floor.rate", 0), Parameter("maintenance_ratio", 1),
      ],
      assumptions: [
        "\(name): \(rule)",
        "\(name): the history is the book's; overlapping periods, volatilities unchanged, coins within the portfolio",
        "\(name): an asset has a history where it has more than 20 prices, and prices on nine in ten of the last lookback_days + horizon_days dates; a date counts where every such asset of the market has a price, held or not, stable assets aside, whose prices count nowhere; horizon_days counts dates",
        "\(name): the most volatile window is that of all assets together, each by its own mean square; a tail without a loss counts as 0",
        "\(name): the account is one portfolio: its liquidation prices move all its underlyings in proportion",
        "\(name): instruments on an underlying without history are unsupported, its coins have no loan value",
      ])
  }
}

extension ModelEntry {
  /// A recipe over the book's history.
  static func recipe(_ description: ModelDescription, _ rule: HistoryRule) -> ModelEntry {
    ModelEntry(description, check: { problem(with: $0) }) {
      HistoryMarginModel(name: $0, rule: rule, numbers: $1, context: $2, states: $3, team: $4)
    }
  }

  private static func problem(with numbers: ModelParameters) -> (parameter: String, message: String)? {
    let bounds: [(name: String, least: Double, most: Double)] = [
      ("confidence", 0.5, 0.9999), ("horizon_days", 1, 60), ("lookback_days", 20, 5_000),
      ("stress.days", 0, 5_000),
      ("stress.weight", 0, 1), ("ewma.decay", 0.5, 0.9999), ("liquidity.rate", 0, 1), ("floor.rate", 0, 1),
      ("maintenance_ratio", 0, 1),
    ]
    for (name, least, most) in bounds {
      guard let value = numbers[name], value < least || value > most else { continue }
      return (name, "of \(value), expected \(least) to \(most)")
    }
    return nil
  }
}

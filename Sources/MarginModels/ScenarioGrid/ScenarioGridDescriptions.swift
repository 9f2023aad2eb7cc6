extension ModelDescription {
  static let paradexPortfolio = ModelDescription(
    name: ModelCatalogue.paradexPortfolio, modes: ScenarioGridModel.modes,
    confidence:
      "documented: scenarios, weights and the minimum delta requirement as published, no worked account",
    source: "documentation of the Paradex exchange, portfolio margin",
    parameters: ScenarioGridSets.paradex,
    assumptions: [
      "paradex-pm: hedged delta is half of the sum of deltas by size less the net delta; the fee provision is 0 unless provision.fee_rate says so",
      "paradex-pm: funding is provided for where the book's marks state a rate and the account would pay, netted over the contracts of an underlying",
      "paradex-pm: coins do not count as collateral, a borrowed one is owed in full; each underlying is margined apart",
      "paradex-pm: listed options are unsupported; coin contracts count at their USD payoff, as quantity / entry price coins",
    ])

  static let scenarioGrid = ModelDescription(
    name: ModelCatalogue.scenarioGrid, modes: ScenarioGridModel.modes,
    confidence: "a recipe of no venue: every number is to be chosen by whoever uses it",
    source: "what the published portfolio margins of crypto venues have in common",
    parameters: ScenarioGridSets.recipe,
    assumptions: [
      "scenario-grid: a recipe, no venue's numbers; copy it in a model file and change them",
      "scenario-grid: naked shorts are netted by expiry and strike, calls and puts together; coins move with their underlying",
      "scenario-grid: listed options are unsupported; coin contracts count at their USD payoff, as quantity / entry price coins",
    ])

  static let dederiPortfolio = ModelDescription(
    name: ModelCatalogue.dederiPortfolio, modes: ScenarioGridModel.modes,
    confidence:
      "futures reproduced against the published example; options need their numbers in a model file",
    source: "wiki of the Dederi exchange, portfolio margin",
    parameters: ScenarioGridSets.dederi,
    assumptions: [
      "dederi-pm: options are unsupported until a model file sets option.margined to 1 with volatility.up, volatility.down and charge.short_option",
      "dederi-pm: initial and maintenance margin are the same figure; coins count in full and stand still",
      "dederi-pm: listed options are unsupported; coin contracts count at their USD payoff, as quantity / entry price coins",
    ])

  static let okxPortfolio = ModelDescription(
    name: ModelCatalogue.okxPortfolio, modes: ScenarioGridModel.modes,
    confidence:
      "price moves, extreme moves, basis and minimum charge documented, composition reproduced; moves of volatility, term structure, interest, stable spread and slippage have to be supplied",
    source: "help and API documentation of the OKX exchange, portfolio margin mode of January 2025",
    parameters: ScenarioGridSets.okx,
    assumptions: [
      "okx-pm: the scan is the worst of spot shock, a day's decay and half of the extreme move; basis costs max(minimum, e^(annual × T) - 1) of each expiry's net delta",
      "okx-pm: the term structure charges vega that another expiry offsets, interest charges |sum of delta x years|, the stable spread charges delta that another settlement asset offsets",
      "okx-pm: coins count in full and move with their underlying; borrowed cash is charged at one rate whatever its size",
      "okx-pm: listed options are unsupported; coin contracts count at their USD payoff, as quantity / entry price coins",
    ])

  static let bybitPortfolio = ModelDescription(
    name: ModelCatalogue.bybitPortfolio, modes: ScenarioGridModel.modes,
    confidence: "structure documented; moves, factor and contingencies have to be supplied",
    source: "help pages of the Bybit exchange, portfolio margin of the unified account",
    parameters: ScenarioGridSets.bybit,
    assumptions: [
      "bybit-pm: seven prices evenly over the range with three volatilities each; naked shorts are netted by expiry and strike",
      "bybit-pm: contingencies for perpetual against future, for stable assets and for vega across terms charge what offsets itself",
      "bybit-pm: listed options are unsupported; coin contracts count at their USD payoff, as quantity / entry price coins",
    ])
}

extension ModelEntry {
  /// A scenario grid by its description.
  static func grid(_ description: ModelDescription) -> ModelEntry {
    ModelEntry(
      description, openTables: ScenarioGridParameters.openTables, check: ScenarioGridParameters.problem
    ) {
      ScenarioGridModel(
        name: $0, parameters: ScenarioGridParameters($1), context: $2, states: $3, team: $4)
    }
  }
}

extension ModelDescription {
  static let gateOptions = ModelDescription(
    name: ModelCatalogue.gateOptions, modes: GateOptionsModel.modes,
    confidence:
      "documented: the rule of the help page, the ratios of the contract list; the maintenance of a put follows its initial margin, which is judged",
    source:
      "Gate help 28364 (options margin, 2025); API v4, options contracts (init_margin_low, init_margin_high)",
    parameters: [
      Parameter("option.initial_low", 0.1), Parameter("option.initial_high", 0.15),
      Parameter("option.maintenance", 0.075),
    ],
    assumptions: [
      "gate-options: linear options alone; option values defend nothing, coins count in full",
      "gate-options: the price of the underlying is the forward of the option's expiry",
    ])
}

extension ModelEntry {
  static let gateOptions = ModelEntry(.gateOptions, check: checkGate) {
    name, numbers, context, states, team in
    GateOptionsModel(name: name, parameters: numbers, context: context, states: states, team: team)
  }

  @Sendable private static func checkGate(_ numbers: ModelParameters) -> (parameter: String, message: String)?
  {
    for entry in numbers.entries where entry.value < 0 { return (entry.name, "below 0") }
    return numbers.disorder(of: [("option.initial_low", "option.initial_high")])
  }
}

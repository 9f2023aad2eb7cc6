extension ModelDescription {
  static let deriveStandard = ModelDescription(
    name: ModelCatalogue.standard, modes: DeriveStandardModel.modes,
    confidence:
      "method reproduced against the exchange's vectors; parameters documented; rates of unlisted assets judged",
    source: "public contracts and documentation of the Derive exchange (standard manager)",
    parameters: parameters(of: .mainnet),
    assumptions: [
      "derive-srm: option values defend nothing; a coin counts at its listed factor, a coin without one not at all",
      "derive-srm: dated futures and listed options are unsupported; coin contracts count at their USD payoff",
    ])

  private static func parameters(of set: DeriveStandardParameters) -> [Parameter] {
    let perpetuals = set.perpetuals.flatMap { terms in
      [
        Parameter("perpetual.\(label(terms.asset)).maintenance", terms.maintenance),
        Parameter("perpetual.\(label(terms.asset)).initial", terms.initial),
      ]
    }
    let bases = set.bases.flatMap { terms in
      [
        Parameter("collateral.\(label(terms.asset)).factor", terms.factor),
        Parameter("collateral.\(label(terms.asset)).initial_scale", terms.initialScale),
      ]
    }
    return perpetuals + bases + [
      Parameter("option.initial_maximum", set.optionMaximum),
      Parameter("option.initial_minimum", set.optionMinimum),
      Parameter("option.call_maintenance", set.callMaintenance),
      Parameter("option.put_maintenance", set.putMaintenance),
      Parameter("option.put_value_maintenance", set.putValueMaintenance),
      Parameter("option.put_initial_over_maintenance", set.putInitialOverMaintenance),
      Parameter("option.unpaired_initial", set.unpairedInitial),
      Parameter("option.unpaired_maintenance", set.unpairedMaintenance),
      Parameter("oracle.perpetual_threshold", set.perpetualThreshold),
      Parameter("oracle.option_threshold", set.optionThreshold),
      Parameter("oracle.collateral_threshold", set.baseThreshold),
      Parameter("oracle.factor", set.confidenceFactor),
      Parameter("peg.threshold", set.pegThreshold),
      Parameter("peg.factor", set.pegFactor),
    ]
  }
}

extension ModelDescription {
  static let deribitStandard = ModelDescription(
    name: ModelCatalogue.deribit, modes: DeribitStandardModel.modes,
    confidence:
      "documented; checked against the worked examples of the rule book; rates of unlisted assets judged",
    source: "support pages of the Deribit exchange (standard margin, linear perpetual)",
    parameters: parameters(of: .documented),
    assumptions: [
      "deribit-sm: coins count in full; option values defend nothing; coin requirements are shown at the coin's spot",
      "deribit-sm: listed options are unsupported",
    ])

  private static func parameters(of set: DeribitStandardParameters) -> [Parameter] {
    let futures = set.futures.flatMap { terms in
      [
        Parameter("future.\(label(terms.asset)).initial", terms.initial),
        Parameter("future.\(label(terms.asset)).maintenance", terms.maintenance),
        Parameter("future.\(label(terms.asset)).slope_per_unit", terms.slope),
      ]
    }
    return futures + [
      Parameter("option.initial_maximum", set.optionMaximum),
      Parameter("option.initial_minimum", set.optionMinimum),
      Parameter("option.call_maintenance", set.callMaintenance),
      Parameter("option.put_maintenance", set.putMaintenance),
    ]
  }
}

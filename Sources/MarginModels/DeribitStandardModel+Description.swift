extension ModelDescription {
  static let deribitStandard = ModelDescription(
    name: ModelCatalogue.deribit, modes: DeribitStandardModel.modes,
    confidence:
      "documented; checked against the worked examples of the rule book; rates of unlisted assets judged",
    source: "support pages of the Deribit exchange (standard margin, linear perpetual)",
    parameters: DeribitStandardParameters.documented.parameters,
    assumptions: [
      "deribit-sm: coins count in full; option values defend nothing; coin requirements are shown at the coin's spot",
      "deribit-sm: the rate of a future or perpetual grows with the size of that one contract, not of all on its underlying",
      "deribit-sm: listed options are unsupported",
    ])
}

extension ModelDescription {
  static let deriveStandard = ModelDescription(
    name: ModelCatalogue.standard, modes: DeriveStandardModel.modes,
    confidence:
      "method reproduced against the exchange's vectors; parameters documented; rates of unlisted assets judged",
    source: "public contracts and documentation of the Derive exchange (standard manager)",
    parameters: DeriveStandardParameters.mainnet.parameters,
    assumptions: [
      "derive-srm: option values defend nothing; a coin counts at its listed factor, a coin without one not at all",
      "derive-srm: dated futures and listed options are unsupported; coin contracts count at their USD payoff",
      "derive-srm: isolated mode is the sum over positions; coins count at their maintenance factor in both of its margins, whatever the oracle's confidence",
      "derive-srm: a coin contract stands for quantity / entry price coins, at the spot of its underlying; options of one expiry relieve each other whatever they settle in",
    ])
}

extension ModelDescription {
  static let deribitPortfolio = ModelDescription(
    name: ModelCatalogue.deribitPortfolio, modes: DeribitPortfolioModel.modes,
    confidence:
      "matrix, factors and minimum roll shock reproduced against two published answers of the exchange's simulator; dampener, growth of the roll shock and unlisted assets judged",
    source: "support page on portfolio margin and API documentation of the Deribit exchange",
    parameters: DeribitPortfolioParameters.documented.parameters,
    assumptions: [
      "deribit-pm: coins count in full and stand still in the matrix; a coin-settled loss is a coin figure, shown at the coin's spot",
      "deribit-pm: each underlying is margined apart and summed; gains settled in another currency offset in part (gain_offset); no delta shock unless delta_shock.slope says so",
      "deribit-pm: the dampener of the extended table is an allowance an underlying and settlement, so that positions together can need more than the sum of their own requirements",
      "deribit-pm: expiries of one underlying net in full; the offset is between what settles in the coin and what settles in a stable asset",
      "deribit-pm: listed options are unsupported",
    ])
}

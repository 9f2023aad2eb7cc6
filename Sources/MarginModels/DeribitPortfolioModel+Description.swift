extension ModelDescription {
  static let deribitPortfolio = ModelDescription(
    name: ModelCatalogue.deribitPortfolio, modes: DeribitPortfolioModel.modes,
    confidence:
      "matrix, factors and minimum roll shock reproduced against two published answers of the exchange's simulator; dampener, growth of the roll shock and unlisted assets judged",
    source: "support page on portfolio margin and API documentation of the Deribit exchange",
    parameters: parameters(of: .documented),
    assumptions: [
      "deribit-pm: coins count in full and stand still in the matrix; a coin-settled loss is a coin figure, shown at the coin's spot",
      "deribit-pm: each underlying is margined apart and summed; gains settled in another currency offset in part (gain_offset); no delta shock unless delta_shock.slope says so",
      "deribit-pm: the dampener of the extended table is an allowance an underlying and settlement, so that positions together can need more than the sum of their own requirements",
      "deribit-pm: listed options are unsupported",
    ])

  private static func parameters(of set: DeribitPortfolioParameters) -> [Parameter] {
    let pairs = set.pairs.flatMap { terms in
      let name = "pair.\(label(terms.asset))"
      return [
        Parameter("\(name).price_range", terms.priceRange),
        Parameter("\(name).volatility_range_up", terms.volatilityUp.range),
        Parameter("\(name).volatility_range_down", -terms.volatilityDown.range),
        Parameter("\(name).minimum_volatility_up", terms.volatilityUp.minimum),
        Parameter("\(name).short_term_vega_power", terms.volatilityUp.shortTermPower),
        Parameter("\(name).long_term_vega_power", terms.volatilityUp.longTermPower),
        Parameter("\(name).delta_shock.slope", terms.deltaShockSlope),
        Parameter("\(name).delta_shock.threshold", terms.deltaShockThreshold),
        Parameter("\(name).delta_shock.maximum", terms.deltaShockMaximum),
      ]
    }
    let currencies =
      set.coins.flatMap { parameters(of: $0, "coin.\(label($0.asset))") }
      + parameters(of: set.linear, "linear")
    let moves = set.extendedMoves.enumerated().map { Parameter("extended.move.\($0 + 1)", $1) }
    return pairs + currencies + moves + [
      Parameter("extended.factor", set.extendedFactor),
      Parameter("matrix.buckets_each_side", Double(set.bucketCount)),
      Parameter("matrix.maintenance_factor", set.maintenanceFactor),
      Parameter("collateral.haircut", set.collateralHaircut),
      Parameter("collateral.in_matrix", set.collateralInMatrix),
      Parameter("settlement.window_seconds", set.settlementWindow),
    ]
  }

  private static func parameters(
    of terms: DeribitPortfolioParameters.CurrencyTerms, _ name: String
  ) -> [Parameter] {
    [
      Parameter("\(name).minimum_move", terms.minimumMove),
      Parameter("\(name).annual_move_risk", terms.annualMoveRisk),
      Parameter("\(name).extended_dampener", terms.extendedDampener),
      Parameter("\(name).gain_offset", terms.gainOffset),
      Parameter("\(name).maximum_offset", terms.maximumOffset),
    ]
  }
}

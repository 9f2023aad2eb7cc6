extension ModelDescription {
  static let derivePortfolio = ModelDescription(
    name: ModelCatalogue.portfolio, modes: DerivePortfolioModel.modes,
    confidence:
      "method reproduced against the exchange's vectors; parameters of 2025 as deployed; static discounts and haircuts judged",
    source: "public contracts and documentation of the Derive exchange (portfolio manager, second version)",
    parameters: parameters(of: .mainnet2025),
    assumptions: [
      "derive-pmrm2: static discounts 0.95 for long and 1.05 for short expiries; coin haircuts as in the exchange's test accounts",
      "derive-pmrm2: each underlying is margined apart and summed; its own coins cancel its risk",
      "derive-pmrm2: dated futures and listed options are unsupported; coin contracts count at their USD payoff",
    ])

  private static func parameters(of set: DerivePortfolioParameters) -> [Parameter] {
    let scenarios = set.scenarios.map { Parameter("scenario.\($0.name).dampening", $0.dampening) }
    let collateral = set.collateral.flatMap { terms in
      [
        Parameter("collateral.\(label(terms.asset)).maintenance_haircut", terms.maintenanceHaircut),
        Parameter("collateral.\(label(terms.asset)).initial_haircut", terms.initialHaircut),
      ]
    }
    return scenarios + shocks(of: set) + [
      Parameter("scan.initial_factor", set.initialFactor),
      Parameter("scan.maintenance_factor", set.maintenanceFactor),
      Parameter("discount.long_base", set.longDiscount.base),
      Parameter("discount.long_rate_multiple", set.longDiscount.rateMultiple),
      Parameter("discount.long_rate_add", set.longDiscount.rateAdd),
      Parameter("discount.short_base", set.shortDiscount.base),
      Parameter("discount.short_rate_multiple", set.shortDiscount.rateMultiple),
      Parameter("discount.short_rate_add", set.shortDiscount.rateAdd),
      Parameter("basis.up", set.basisUp), Parameter("basis.down", set.basisDown),
      Parameter("basis.add", set.basisAdd), Parameter("basis.multiple_per_year", set.basisMultiple),
      Parameter("peg.threshold", set.pegThreshold), Parameter("peg.factor", set.pegFactor),
      Parameter("oracle.threshold", set.confidenceThreshold),
      Parameter("oracle.margin", set.confidenceMargin),
      Parameter("perpetual.maintenance", set.perpetualMaintenance),
      Parameter("perpetual.initial_add", set.perpetualInitial),
      Parameter("option.naked_short_maintenance", set.optionMaintenance),
      Parameter("option.naked_short_initial_add", set.optionInitial),
      Parameter("settlement.window_seconds", set.settlementWindow),
    ] + collateral
  }

  private static func shocks(of set: DerivePortfolioParameters) -> [Parameter] {
    [
      Parameter("volatility.up", set.volatilityUp.range),
      Parameter("volatility.down", set.volatilityDown.range),
      Parameter("volatility.short_term_power", set.volatilityUp.shortTermPower),
      Parameter("volatility.long_term_power", set.volatilityUp.longTermPower),
      Parameter("volatility.floor_days", set.volatilityUp.floorDays),
      Parameter("volatility.up_minimum", set.volatilityUp.minimum),
      Parameter("skew.linear_cap", set.linearSkew.baseCap),
      Parameter("skew.linear_slope", set.linearSkew.slope),
      Parameter("skew.absolute_cap", set.absoluteSkew.baseCap),
      Parameter("skew.absolute_slope", set.absoluteSkew.slope),
      Parameter("skew.minimum_width", set.linearSkew.minimumWidth),
      Parameter("skew.width_scale", set.linearSkew.widthScale),
      Parameter("skew.volatility_static", set.linearSkew.volatilityStatic),
      Parameter("skew.volatility_scale", set.linearSkew.volatilityScale),
    ]
  }
}

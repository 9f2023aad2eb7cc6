public import MarketModel

/// One model as `plimsoll models` lists it: what it is, how far it is trusted, and every number in it.
public struct ModelDescription: Hashable, Sendable {
  /// One number of a model, as text in the shortest digits that read back to it.
  public struct Parameter: Hashable, Sendable {
    public var name: String
    public var value: String

    init(_ name: String, _ value: Double) {
      self.name = name
      self.value =
        value == value.rounded() && abs(value) < 1e15 ? String(Int(exactly: value) ?? 0) : "\(value)"
    }
  }

  public var name: String
  public var modes: [MarginMode]
  /// `reproduced` where published figures are met digit for digit, `documented` where the rule is published
  /// without worked accounts; with what is judged.
  public var confidence: String
  public var source: String
  /// In a fixed order.
  public var parameters: [Parameter]
  /// What a report that uses the model has to say, one sentence each.
  public var assumptions: [String]

  /// Every model that is built, in a fixed order.
  public static let all = [deriveStandard, derivePortfolio, deribitStandard]

  /// The model of a name.
  public static func named(_ name: String) -> ModelDescription? { all.first { $0.name == name } }
}

extension ModelDescription {
  private static let deriveStandard = ModelDescription(
    name: ModelCatalogue.standard, modes: DeriveStandardModel.modes,
    confidence:
      "method reproduced against the exchange's vectors; parameters documented; rates of unlisted assets judged",
    source: "public contracts and documentation of the Derive exchange (standard manager)",
    parameters: parameters(of: .mainnet),
    assumptions: [
      "derive-srm: option values defend nothing; a coin counts at its listed factor, a coin without one not at all",
      "derive-srm: dated futures and listed options are unsupported; coin contracts count at their USD payoff",
    ])

  private static let derivePortfolio = ModelDescription(
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

  private static let deribitStandard = ModelDescription(
    name: ModelCatalogue.deribit, modes: DeribitStandardModel.modes,
    confidence:
      "documented; checked against the worked examples of the rule book; rates of unlisted assets judged",
    source: "support pages of the Deribit exchange (standard margin, linear perpetual)",
    parameters: parameters(of: .documented),
    assumptions: [
      "deribit-sm: coins count in full; option values defend nothing; coin requirements are shown at the coin's spot",
      "deribit-sm: listed options are unsupported",
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

  private static func label(_ asset: String) -> String { asset.isEmpty ? "other" : asset }
}

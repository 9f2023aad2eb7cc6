import MarginModels
import StructuredText

/// Parameters of each model as objects of named numbers, in the order of the model's own description.
extension ModelsCommand {
  static func write(_ terms: DeriveStandardParameters, to json: inout JSONWriter) {
    json.beginObject()
    list("perpetuals", terms.perpetuals, to: &json) {
      (asset: $0.asset, figures: [("maintenance", $0.maintenance), ("initial", $0.initial)])
    }
    list("bases", terms.bases, to: &json) {
      (asset: $0.asset, figures: [("factor", $0.factor), ("initial_scale", $0.initialScale)])
    }
    figures(
      [
        ("option_maximum", terms.optionMaximum), ("option_minimum", terms.optionMinimum),
        ("call_maintenance", terms.callMaintenance), ("put_maintenance", terms.putMaintenance),
        ("put_value_maintenance", terms.putValueMaintenance),
        ("put_initial_over_maintenance", terms.putInitialOverMaintenance),
        ("unpaired_initial", terms.unpairedInitial), ("unpaired_maintenance", terms.unpairedMaintenance),
        ("perpetual_threshold", terms.perpetualThreshold), ("option_threshold", terms.optionThreshold),
        ("base_threshold", terms.baseThreshold), ("confidence_factor", terms.confidenceFactor),
        ("peg_threshold", terms.pegThreshold), ("peg_factor", terms.pegFactor),
      ], to: &json)
    json.endObject()
  }

  static func write(_ terms: DerivePortfolioParameters, to json: inout JSONWriter) {
    json.beginObject()
    json.key("scenarios")
    json.beginArray()
    for scenario in terms.scenarios {
      json.beginObject()
      json.field("scenario", scenario.name)
      json.field("spot_multiplier", scenario.spotMultiplier)
      json.field("volatility", scenario.volatility.rawValue)
      json.field("dampening", scenario.dampening)
      json.endObject()
    }
    json.endArray()
    object("volatility_up", powerLaw(terms.volatilityUp), to: &json)
    object("volatility_down", powerLaw(terms.volatilityDown), to: &json)
    object("linear_skew", skew(terms.linearSkew), to: &json)
    object("absolute_skew", skew(terms.absoluteSkew), to: &json)
    object("long_discount", discount(terms.longDiscount), to: &json)
    object("short_discount", discount(terms.shortDiscount), to: &json)
    list("collateral", terms.collateral, to: &json) {
      (
        asset: $0.asset,
        figures: [
          ("maintenance_haircut", $0.maintenanceHaircut), ("initial_haircut", $0.initialHaircut),
        ]
      )
    }
    figures(
      [
        ("initial_factor", terms.initialFactor), ("maintenance_factor", terms.maintenanceFactor),
        ("basis_up", terms.basisUp), ("basis_down", terms.basisDown), ("basis_add", terms.basisAdd),
        ("basis_multiple", terms.basisMultiple), ("peg_threshold", terms.pegThreshold),
        ("peg_factor", terms.pegFactor), ("confidence_threshold", terms.confidenceThreshold),
        ("confidence_margin", terms.confidenceMargin),
        ("perpetual_maintenance", terms.perpetualMaintenance),
        ("perpetual_initial", terms.perpetualInitial), ("option_maintenance", terms.optionMaintenance),
        ("option_initial", terms.optionInitial), ("settlement_window_seconds", terms.settlementWindow),
      ], to: &json)
    json.endObject()
  }

  static func write(_ terms: DeribitStandardParameters, to json: inout JSONWriter) {
    json.beginObject()
    list("futures", terms.futures, to: &json) {
      (
        asset: $0.asset,
        figures: [("initial", $0.initial), ("maintenance", $0.maintenance), ("slope_per_coin", $0.slope)]
      )
    }
    figures(
      [
        ("option_maximum", terms.optionMaximum), ("option_minimum", terms.optionMinimum),
        ("call_maintenance", terms.callMaintenance), ("put_maintenance", terms.putMaintenance),
      ], to: &json)
    json.endObject()
  }

  private typealias Figures = [(name: String, value: Double)]

  private static func powerLaw(_ shock: PowerLawShock) -> Figures {
    [
      ("range", shock.range), ("short_term_power", shock.shortTermPower),
      ("long_term_power", shock.longTermPower), ("floor_days", shock.floorDays), ("minimum", shock.minimum),
    ]
  }

  private static func skew(_ shock: SkewShock) -> Figures {
    [
      ("base_cap", shock.baseCap), ("slope", shock.slope), ("minimum_width", shock.minimumWidth),
      ("width_scale", shock.widthScale), ("volatility_static", shock.volatilityStatic),
      ("volatility_scale", shock.volatilityScale),
    ]
  }

  private static func discount(_ discount: DerivePortfolioParameters.StaticDiscount) -> Figures {
    [("base", discount.base), ("rate_multiple", discount.rateMultiple), ("rate_add", discount.rateAdd)]
  }

  private static func figures(_ figures: Figures, to json: inout JSONWriter) {
    for figure in figures { json.field(figure.name, figure.value) }
  }

  private static func object(_ name: String, _ values: Figures, to json: inout JSONWriter) {
    json.key(name)
    json.beginObject()
    figures(values, to: &json)
    json.endObject()
  }

  /// Terms by asset; the row without a name, which stands for every other asset, prints `*`.
  private static func list<Terms>(
    _ name: String, _ terms: [Terms], to json: inout JSONWriter,
    _ row: (Terms) -> (asset: String, figures: Figures)
  ) {
    json.key(name)
    json.beginArray()
    for entry in terms {
      let row = row(entry)
      json.beginObject()
      json.field("asset", row.asset.isEmpty ? "*" : row.asset)
      figures(row.figures, to: &json)
      json.endObject()
    }
    json.endArray()
  }
}

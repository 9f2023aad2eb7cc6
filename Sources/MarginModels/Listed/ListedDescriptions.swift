import MarketModel

extension ModelDescription {
  static let strategy = ModelDescription(
    name: ModelCatalogue.strategy, modes: StrategyMarginModel.modes,
    confidence:
      "uncovered options and spreads reproduced against the exchange's published examples; maintenance of protective options, collars and conversions documented; grouping of mixed books ours",
    source: "Regulation T; FINRA rule 4210(f)(2); Cboe margin manual",
    parameters: parameters(of: StrategyParameters())
      + securities { terms in
        ("uncovered_rate", StrategyParameters().uncoveredRate(of: terms))
      },
    assumptions: [
      "reg-t: equity counts stock and options at their value, shorts owed; requirements are net of the premium of shorts, and a long option needs its full value, 75 % beyond nine months",
      "reg-t: the premium of an option is its mark on an unmoved market, else the model's value",
      "reg-t: cross mode takes the grouping into strategies that needs least, quantities divisible; stock beside a short option counts at no more than its strike",
      "reg-t: contracts of crypto venues are unsupported, coins have no loan value",
    ])

  static let tims = ModelDescription(
    name: ModelCatalogue.tims, modes: TimsMarginModel.modes,
    confidence:
      "reproduced to 0.5 % against the published hand-out of 2007, rate and dividends being assumed; class groups documented, the rest of the table judged",
    source: "FINRA rule 4210(g); OCC customer portfolio margin (TIMS)",
    parameters: parameters(of: TimsParameters()) + securities { terms in ("units", terms.units) },
    assumptions: [
      "tims-cpm: ten points of the underlying, volatility unchanged, American options repriced with early exercise; initial and maintenance are the same",
      "tims-cpm: an index and the funds on it net in full by percent moves; product groups offset nothing unless run.json says so",
      "tims-cpm: minimum equity of the account is not checked; contracts of crypto venues are unsupported, coins have no loan value",
    ])

  private static func parameters(of set: StrategyParameters) -> [Parameter] {
    [
      Parameter("uncovered.equity", set.equityRate), Parameter("uncovered.broad_index", set.broadRate),
      Parameter("uncovered.minimum", set.minimumRate), Parameter("long.requirement", set.longRate),
      Parameter("long.beyond_nine_months", set.longDatedRate), Parameter("stock.initial", set.stockInitial),
      Parameter("stock.long_maintenance", set.longStockMaintenance),
      Parameter("stock.short_maintenance", set.shortStockMaintenance),
      Parameter("hedged.strike_rate", set.hedgedRate), Parameter("collar.call_strike_rate", set.collarRate),
      Parameter("grouping.exact_size", Double(set.exactSize)),
    ]
  }

  private static func parameters(of set: TimsParameters) -> [Parameter] {
    let classes: [(SecurityClass, TimsParameters.Range)] = [
      (.equity, set.equity), (.narrowIndex, set.narrowIndex), (.broadIndex, set.broadIndex),
      (.highCapIndex, set.highCapIndex),
    ]
    return classes.flatMap { name, range in
      [
        Parameter("range.\(name.rawValue).down", range.down),
        Parameter("range.\(name.rawValue).up", range.up),
      ]
    } + [
      Parameter("points_per_side", Double(set.pointsPerSide)),
      Parameter("minimum_per_multiplier", set.minimumPerUnit), Parameter("product_group.offset", 0),
    ]
  }

  /// The table of well-known underlyings: class and class group in the name, then a number of the model and the leverage.
  private static func securities(_ figure: (SecurityTerms) -> (String, Double)) -> [Parameter] {
    WellKnownSecurities.entries.filter { $0.securityClass != .none }.flatMap { entry in
      let terms = SecurityTerms(
        securityClass: entry.securityClass, leverage: entry.leverage, group: entry.group, units: entry.units,
        product: entry.group)
      let (name, value) = figure(terms)
      let path = "security.\(entry.asset).\(entry.securityClass.rawValue).group.\(entry.group)"
      return [Parameter("\(path).\(name)", value), Parameter("\(path).leverage", entry.leverage)]
    }
  }
}

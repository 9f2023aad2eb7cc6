extension ModelDescription {
  static let strategy = ModelDescription(
    name: ModelCatalogue.strategy, modes: StrategyMarginModel.modes,
    confidence:
      "uncovered options and spreads reproduced against the exchange's published examples; maintenance of protective options, collars and conversions documented; grouping of mixed books ours",
    source: "Regulation T; FINRA rule 4210(f)(2); Cboe margin manual",
    parameters: StrategyParameters().parameters,
    assumptions: [
      "reg-t: equity counts stock and options at their value, shorts owed; requirements are net of the premium of shorts, and a long option needs its full value, 75 % beyond nine months",
      "reg-t: the premium of an option is its mark on an unmoved market, else the model's value",
      "reg-t: cross mode takes the grouping into strategies that needs least, quantities divisible; stock beside a short option counts at no more than its strike",
      "reg-t: a short call and a short put may be of different expiries; a short put that no long helps is charged by the rule, even above its strike",
      "reg-t: contracts of crypto venues are unsupported, coins have no loan value",
    ])

  static let tims = ModelDescription(
    name: ModelCatalogue.tims, modes: TimsMarginModel.modes,
    confidence:
      "reproduced to 0.5 % against the published hand-out of 2007, rate and dividends being assumed; class groups documented, the rest of the table judged",
    source: "FINRA rule 4210(g); OCC customer portfolio margin (TIMS)",
    parameters: TimsParameters().parameters,
    assumptions: [
      "tims-cpm: ten points of the underlying, volatility unchanged, American options repriced with early exercise; initial and maintenance are the same",
      "tims-cpm: an index and the funds on it net in full by percent moves; product groups offset nothing unless run.json says so",
      "tims-cpm: minimum equity of the account is not checked; contracts of crypto venues are unsupported, coins have no loan value",
    ])
}

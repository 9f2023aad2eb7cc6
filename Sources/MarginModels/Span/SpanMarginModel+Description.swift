import MarketModel

extension ModelDescription {
  static let span = ModelDescription(
    name: ModelCatalogue.span, modes: SpanMarginModel.modes,
    confidence:
      "arrays and scan risk reproduced on the published covered write; charges and credits documented; scan ranges judged",
    source: "CME Group, SPAN Methodology; McMillan, Options as a Strategic Investment (futures options)",
    parameters: [
      Parameter("commodity.other.price_scan", 0.15), Parameter("commodity.other.volatility_scan", 0.25),
      Parameter("commodity.other.volatility_points", 0),
      Parameter("commodity.other.short_option_minimum", 0),
      Parameter("commodity.other.short_option_larger_side", 0),
      Parameter("commodity.other.tier.1.to_days", 45), Parameter("commodity.other.tier.2.to_days", 1_000_000),
      Parameter("commodity.other.spread.1.charge", 0),
      Parameter("commodity.other.spread.1.side_a.1", 1), Parameter("commodity.other.spread.1.side_b.2", 1),
      Parameter("commodity.other.delivery.days", 0),
      Parameter("commodity.other.delivery.spread_charge", 0),
      Parameter("commodity.other.delivery.outright_charge", 0),
      Parameter("extreme.multiple", 3), Parameter("extreme.cover", 0.33), Parameter("look_ahead_days", 1),
      Parameter("initial_ratio", 1),
      Parameter("delta_weight.thirds_0", 0.27), Parameter("delta_weight.thirds_1", 0.217),
      Parameter("delta_weight.thirds_2", 0.11), Parameter("delta_weight.thirds_3", 0.037),
      Parameter("collateral.haircut", 0),
    ],
    assumptions: [
      "span: scan ranges, charges and minimums are judged defaults, not those of a clearing house, unless a model file gives them",
      "span: a row of commodity takes what it does not say from `other`, tiers and spreads together",
      "span: an underlying is a combined commodity, deltas in its units, charges a part of its price; a perpetual is the nearest period",
      "span: option values count as equity, so the requirement is before crediting the net option value",
      "span: composite deltas are the weighted slopes of the array; coins count as collateral and offset no scenario",
      "span: the look-ahead days shorten the time that volatility has, not that of forward and discounting; a coin contract stands for quantity / entry price coins",
    ])
}

extension ModelDescription {
  /// Says of `span` what it is with the arrays and terms of a file.
  mutating func describe(_ file: SpanFile) {
    source = "\(file.name), business date \(file.businessDate); CME Group, SPAN Methodology"
    confidence = "arrays and terms of the file as they are; their flow documented"
    assumptions =
      [
        "span: arrays, charges and credits are those of \(file.name) of \(file.businessDate) and stand still as the market moves; the model's own numbers are not used",
        "span: a contract of the file is found by product code, kind, strike, type and expiry; what is not found is unsupported",
        "span: initial margin takes the file's ratio for accounts with a heightened risk profile",
        "span: option values count as equity, so the requirement is before crediting the net option value",
      ] + file.notes
  }
}

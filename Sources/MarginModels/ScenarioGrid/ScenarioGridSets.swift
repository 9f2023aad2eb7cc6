/// The venues' numbers as lists by name.
///
/// A number without a value is one that only a user of the venue can know.
enum ScenarioGridSets {
  typealias Parameter = ModelDescription.Parameter

  /// A row of a grid; the code of volatility: −1 down, 0 none, 1 up, 2 up and down, 3 all three.
  static func row(_ place: Int, grid: Int, _ move: Double, _ volatility: Double, _ weight: Double)
    -> [Parameter]
  {
    let name = "grid.\(grid).\(place)"
    return [
      Parameter("\(name).move", move), Parameter("\(name).volatility", volatility),
      Parameter("\(name).weight", weight),
    ]
  }

  static func rows(grid: Int, _ rows: [(move: Double, volatility: Double, weight: Double)]) -> [Parameter] {
    rows.enumerated().flatMap {
      row($0.offset + 1, grid: grid, $0.element.move, $0.element.volatility, $0.element.weight)
    }
  }

  static func asset(_ asset: String, _ numbers: [(String, Double?)]) -> [Parameter] {
    numbers.map { name, value in
      let path = "asset.\(asset).\(name)"
      return value.map { Parameter(path, $0) } ?? Parameter(required: path)
    }
  }

  static func numbers(_ numbers: [(String, Double?)]) -> [Parameter] {
    numbers.map { name, value in value.map { Parameter(name, $0) } ?? Parameter(required: name) }
  }

  /// The numbers of `other` where a venue knows none of them.
  static let plainTerms: [(String, Double?)] = [
    ("grid", 1), ("range", 1), ("floor_net_delta", 0), ("floor_hedged_delta", 0), ("basis_minimum", 0),
    ("basis_annual", 0), ("reduction_delta", 0),
  ]

  // MARK: Venues

  /// Source: docs.paradex.trade, portfolio margin: 24 scenarios with published weights, volatility moves by the power of
  /// 30 days over the time to expiry, minimum delta requirement 2 % of net and 1 % of hedged delta, maintenance half of
  /// initial, provisions for fees and for eight hours of funding.
  static let paradex: [Parameter] =
    rows(
      grid: 1,
      [
        (0.16, 1, 1), (0.12, 2, 1), (0.08, 2, 1), (0.04, 2, 1), (0, 2, 1), (-0.04, 2, 1), (-0.08, 2, 1),
        (-0.12, 2, 1), (-0.16, 1, 1), (-0.66, 1, 0.24), (-0.33, 1, 0.48), (0.5, 1, 0.32), (1, 1, 0.16),
        (2, 1, 0.08), (3, 1, 0.0533), (4, 1, 0.04), (5, 1, 0.032),
      ])
    + asset(
      "other",
      plainTerms.map {
        $0.0 == "floor_net_delta" ? ($0.0, 0.02) : $0.0 == "floor_hedged_delta" ? ($0.0, 0.01) : $0
      })
    + numbers([
      ("volatility.up", 0.4), ("volatility.down", -0.22), ("volatility.up_minimum", 0),
      ("volatility.short_term_power", 0.3),
      ("volatility.long_term_power", 0.13), ("volatility.floor_days", 1), ("scan.elapsed_hours", 0),
      ("scan.gain_offset", 1), ("factor.initial", 1), ("factor.maintenance", 0.5),
      ("charge.short_option", 0), ("charge.future", 0), ("charge.hedged_future", 0), ("charge.term_vega", 0),
      ("charge.interest", 0), ("charge.stable", 0), ("charge.reduction_option", 0), ("provision.fee_rate", 0),
      ("provision.funding_share", 1), ("borrow.initial", 0), ("borrow.maintenance", 0), ("coin.factor", 0),
      ("coin.in_scan", 0), ("option.margined", 1), ("settlement.window_seconds", 0),
    ])

  /// Eleven prices from −15 % to +15 % with three volatilities each.
  static let elevenPrices = rows(
    grid: 1, [0.15, 0.12, 0.09, 0.06, 0.03, 0, -0.03, -0.06, -0.09, -0.12, -0.15].map { ($0, 3, 1) })

  /// A recipe under no venue's name: eleven prices, three volatilities, a charge for futures and for naked shorts.
  static let recipe: [Parameter] =
    elevenPrices + asset("other", plainTerms)
    + numbers([
      ("volatility.up", 0.5), ("volatility.down", -0.25), ("volatility.up_minimum", 0),
      ("volatility.short_term_power", 0.3),
      ("volatility.long_term_power", 0.13), ("volatility.floor_days", 1), ("scan.elapsed_hours", 0),
      ("scan.gain_offset", 1), ("factor.initial", 1.25), ("factor.maintenance", 1),
      ("charge.short_option", 0.01), ("charge.future", 0.006), ("charge.hedged_future", 0),
      ("charge.term_vega", 0), ("charge.interest", 0), ("charge.stable", 0), ("charge.reduction_option", 0),
      ("provision.fee_rate", 0), ("provision.funding_share", 0), ("borrow.initial", 0),
      ("borrow.maintenance", 0), ("coin.factor", 1), ("coin.in_scan", 1), ("option.margined", 1),
      ("settlement.window_seconds", 0),
    ])

  /// Eleven prices and a charge for futures; options wait for a model file.
  ///
  /// Source: wiki.dederi.io, portfolio margin: prices ±15 % in steps of 3 %, three volatilities by a power law of the
  /// days left, futures contingency 0.006 × index × Σ|Q|. The moves of volatility and the option contingency are not
  /// known here: options are unsupported until a model file gives them.
  static let dederi: [Parameter] =
    elevenPrices + asset("other", plainTerms)
    + numbers([
      ("volatility.up", 0), ("volatility.down", 0), ("volatility.up_minimum", 0),
      ("volatility.short_term_power", 0.3),
      ("volatility.long_term_power", 0.13), ("volatility.floor_days", 1), ("scan.elapsed_hours", 0),
      ("scan.gain_offset", 1), ("factor.initial", 1), ("factor.maintenance", 1), ("charge.short_option", 0),
      ("charge.future", 0.006), ("charge.hedged_future", 0), ("charge.term_vega", 0), ("charge.interest", 0),
      ("charge.stable", 0), ("charge.reduction_option", 0), ("provision.fee_rate", 0),
      ("provision.funding_share", 0), ("borrow.initial", 0), ("borrow.maintenance", 0), ("coin.factor", 1),
      ("coin.in_scan", 0), ("option.margined", 0), ("settlement.window_seconds", 0),
    ])

  /// Source: OKX help and API documentation, portfolio margin mode, parameters of January 2025.
  static let okx: [Parameter] =
    okxGrid(1, 0.04, 0.08, 0.12, extreme: 0.24) + okxGrid(2, 0.06, 0.12, 0.18, extreme: 0.36)
    + okxGrid(3, 0.06, 0.12, 0.18, extreme: 0.5) + okxGrid(4, 0.08, 0.16, 0.25, extreme: 0.36)
    + okxGrid(5, 0.08, 0.16, 0.25, extreme: 0.5)
    + asset(
      "BTC", [("grid", 1), ("basis_minimum", 0.002), ("basis_annual", 0.05), ("reduction_delta", 0.0045)])
    + asset("ETH", [("grid", 1), ("basis_annual", 0.05)])
    + asset(
      "LTC", [("grid", 2), ("basis_minimum", 0.008), ("basis_annual", 0.15), ("reduction_delta", 0.007)])
    + ["XRP", "BCH", "ADA"].flatMap { asset($0, [("grid", 2), ("basis_annual", 0.15)]) }
    + ["EOS", "OKB", "DOT", "BSV", "LINK", "FIL", "TRX", "UNI"].flatMap { asset($0, [("grid", 3)]) }
    + ["SOL", "DOGE", "PEPE", "BNB", "SHIB", "ORDI", "WLD"].flatMap {
      asset($0, [("grid", 4), ("basis_annual", 0.15)])
    }
    + asset(
      "other",
      [
        ("grid", 5), ("range", 1), ("floor_net_delta", 0), ("floor_hedged_delta", 0), ("basis_minimum", nil),
        ("basis_annual", 0.3), ("reduction_delta", nil),
      ])
    + numbers([
      ("volatility.up", nil), ("volatility.down", nil), ("volatility.up_minimum", 0),
      ("volatility.short_term_power", nil),
      ("volatility.long_term_power", nil), ("volatility.floor_days", 1), ("scan.elapsed_hours", 24),
      ("scan.gain_offset", 1), ("factor.initial", 1.3), ("factor.maintenance", 1), ("charge.short_option", 0),
      ("charge.future", 0), ("charge.hedged_future", 0), ("charge.term_vega", nil), ("charge.interest", nil),
      ("charge.stable", nil), ("charge.reduction_option", nil),
    ])
    + okxTiers
    + numbers([
      ("provision.fee_rate", 0), ("provision.funding_share", 0), ("borrow.initial", 0.1),
      ("borrow.maintenance", 0.02), ("coin.factor", 1), ("coin.in_scan", 1), ("option.margined", 1),
      ("settlement.window_seconds", 0),
    ])

  /// Seven prices with three volatilities each, and both extremes at half weight.
  private static func okxGrid(
    _ grid: Int, _ first: Double, _ second: Double, _ third: Double, extreme: Double
  ) -> [Parameter] {
    rows(
      grid: grid,
      [third, second, first, 0, -first, -second, -third].map { ($0, 3, 1) }
        + [(extreme, 0, 0.5), (-extreme, 0, 0.5)])
  }

  private static let okxTiers: [Parameter] = [
    (0.0, 1.0), (250e3, 2), (500e3, 4), (1e6, 6), (2e6, 8), (3e6, 10), (4e6, 12),
  ].enumerated().flatMap { place, tier in
    [
      Parameter("tiers.reduction.\(place + 1).lower", tier.0),
      Parameter("tiers.reduction.\(place + 1).multiplier", tier.1),
    ]
  }

  /// Source: Bybit help, portfolio margin of the unified account: worst stress loss and contingencies for net short
  /// options, vega across terms (0.03 %), the spread of stable assets, basis and perpetual against future.
  static let bybit: [Parameter] =
    rows(grid: 1, [1, 2.0 / 3, 1.0 / 3, 0, -1.0 / 3, -2.0 / 3, -1].map { ($0, 3, 1) })
    + asset(
      "other",
      [
        ("grid", 1), ("range", nil), ("floor_net_delta", 0), ("floor_hedged_delta", 0),
        ("basis_minimum", nil),
        ("basis_annual", 0), ("reduction_delta", 0),
      ])
    + numbers([
      ("volatility.up", nil), ("volatility.down", nil), ("volatility.up_minimum", 0),
      ("volatility.short_term_power", nil),
      ("volatility.long_term_power", nil), ("volatility.floor_days", 1), ("scan.elapsed_hours", 0),
      ("scan.gain_offset", 1), ("factor.initial", nil), ("factor.maintenance", 1),
      ("charge.short_option", nil), ("charge.future", 0), ("charge.hedged_future", nil),
      ("charge.term_vega", 0.0003), ("charge.interest", 0), ("charge.stable", nil),
      ("charge.reduction_option", 0), ("provision.fee_rate", 0), ("provision.funding_share", 0),
      ("borrow.initial", 0), ("borrow.maintenance", 0), ("coin.factor", nil), ("coin.in_scan", nil),
      ("option.margined", 1), ("settlement.window_seconds", 0),
    ])
}

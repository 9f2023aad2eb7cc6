extension ModelDescription {
  static let tieredPerpetual = tiered(
    ModelCatalogue.tieredPerpetual,
    confidence: "method reproduced; without brackets until a model file gives them",
    source: "the bracket rule that futures venues share", venue: [:], datedFutures: true,
    assumptions: ["brackets come from a model file; a position whose asset has none is unsupported"])

  static let binancePerpetual = tiered(
    ModelCatalogue.binancePerpetual,
    confidence:
      "method reproduced against published liquidation prices and maintenance amounts; brackets as of late 2024, which the venue changes",
    source:
      "Binance futures: leverage brackets of BTCUSDT and ETHUSDT as recorded in the repository freqtrade/freqtrade (binance_leverage_tiers.json, late 2024)",
    venue: [
      "BTC": [
        (0, 0.004, 125), (5e4, 0.005, 100), (6e5, 0.0065, 75), (3e6, 0.01, 50), (1.2e7, 0.02, 25),
        (7e7, 0.025, 20), (1e8, 0.05, 10), (2.3e8, 0.1, 5), (4.8e8, 0.125, 4), (6e8, 0.15, 3),
        (8e8, 0.25, 2), (1.2e9, 0.5, 1),
      ],
      "ETH": [
        (0, 0.004, 125), (5e4, 0.005, 100), (6e5, 0.0065, 75), (3e6, 0.01, 50), (1.2e7, 0.02, 25),
        (5e7, 0.025, 20), (6.5e7, 0.05, 10), (1.5e8, 0.1, 5), (3.2e8, 0.125, 4), (4e8, 0.15, 3),
        (5.3e8, 0.25, 2), (8e8, 0.5, 1),
      ],
    ])

  static let bybitPerpetual = tiered(
    ModelCatalogue.bybitPerpetual,
    confidence: "method documented; brackets of one contract as read in 2025, which the venue changes",
    source: "Bybit, margin parameters of BTCUSDT (announcement-info/margin-parameters)",
    venue: [
      "BTC": [
        (0, 0.005, 100), (2e6, 0.0056, 90), (2.6e6, 0.0063, 80), (3.2e6, 0.0067, 75), (3.8e6, 0.0071, 70),
        (4.4e6, 0.0077, 65), (5e6, 0.0091, 55), (5.6e6, 0.01, 50), (8.5e6, 0.013, 45), (1e7, 0.015, 40),
        (1.4e7, 0.016, 35), (2e7, 0.02, 30), (2.8e7, 0.025, 25), (3.8e7, 0.029, 20), (5e7, 0.03, 19),
        (5.5e7, 0.035, 18), (6e7, 0.036, 17), (6.5e7, 0.038, 16), (7e7, 0.04, 15), (7.5e7, 0.045, 14),
      ]
    ])

  static let gatePerpetual = tiered(
    ModelCatalogue.gatePerpetual,
    confidence:
      "method documented; the brackets are those with which the venue explains its rule, its live ones are wider",
    source: "Gate, risk limit explanation (help/futures/futures-logic/22162, 2025-09-30)",
    venue: [
      "BTC": [
        (0, 0.004, 125), (2e4, 0.0045, 111), (5e4, 0.005, 100), (1e5, 0.007, 75), (2e5, 0.01, 50),
        (1e6, 0.02, 25), (2e6, 0.05, 10), (3e6, 0.5, 1.05),
      ]
    ])

  static let hyperliquidPerpetual = tiered(
    ModelCatalogue.hyperliquidPerpetual,
    confidence: "documented; one published preview reproduced; brackets of main net as read in 2025",
    source:
      "Hyperliquid docs, margin tiers: maintenance is half the initial rate at a bracket's most leverage",
    venue: hyperliquidTiers, coinFactor: 0,
    assumptions: ["coins defend nothing, for accounts are kept in USDC; debt in coins counts in full"])

  /// Brackets as the most leverage below and from a bound; the maintenance rate is half of the initial one.
  private static let hyperliquidTiers: [String: [(Double, Double, Double)]] = {
    func tiers(_ bound: Double, _ below: Double, _ above: Double) -> [(Double, Double, Double)] {
      [(0, 0.5 / below, below), (bound, 0.5 / above, above)]
    }
    var found = [
      "BTC": tiers(1.5e8, 40, 20), "ETH": tiers(1e8, 25, 15), "SOL": tiers(7e7, 20, 10),
      "XRP": tiers(4e7, 20, 10),
    ]
    for asset in ["DOGE", "SUI", "LTC", "AAVE", "LINK", "AVAX", "ADA", "UNI", "NEAR", "BCH", "HYPE"] {
      found[asset] = tiers(2e7, 10, 5)
    }
    for asset in ["OP", "ARB", "LDO", "TON", "ONDO", "JUP", "INJ", "SEI", "TRX", "BNB", "DOT"] {
      found[asset] = tiers(3e6, 10, 5)
    }
    return found
  }()

  /// A venue from its brackets: lower bound in the quote asset, maintenance rate, most leverage.
  private static func tiered(
    _ name: String, confidence: String, source: String, venue: [String: [(Double, Double, Double)]],
    coinFactor: Double = 1, datedFutures: Bool = false, assumptions: [String] = []
  ) -> ModelDescription {
    let rows = venue.keys.sorted().flatMap { asset in
      (venue[asset] ?? []).enumerated().flatMap { place, row in
        let path = "\(TieredMarginParameters.linearTable).\(asset).\(place + 1)"
        return [
          Parameter("\(path).lower", row.0), Parameter("\(path).rate", row.1),
          Parameter("\(path).max_leverage", row.2),
        ]
      }
    }
    let shared = [
      "positions are margined one by one at the most leverage of their bracket unless `leverage` is given",
      "options, listed contracts and contracts without brackets are unsupported"
        + (datedFutures ? "" : ", dated futures too"),
      "a notional on a bound belongs to the bracket above; initial margin is one rate on the whole notional; brackets are of each contract, not of all on its underlying",
      "closing_fee is a part of the notional at the mark, in both margins",
    ]
    return ModelDescription(
      name: name, modes: TieredMarginModel.modes, confidence: confidence, source: source,
      parameters: rows + [
        Parameter("leverage", 0), Parameter("closing_fee", 0), Parameter("coin_factor", coinFactor),
        Parameter("dated_futures", datedFutures ? 1 : 0),
      ],
      assumptions: (shared + assumptions).map { "\(name): \($0)" })
  }
}

extension ModelEntry {
  /// A venue of tiered margin, whose brackets a definition may replace asset by asset.
  static func tiered(_ description: ModelDescription) -> ModelEntry {
    ModelEntry(
      description, openTables: [TieredMarginParameters.linearTable, TieredMarginParameters.inverseTable],
      check: TieredMarginParameters.problem(in:)
    ) { name, numbers, context, states, _ in
      TieredMarginModel(name: name, parameters: numbers, context: context, states: states)
    }
  }
}

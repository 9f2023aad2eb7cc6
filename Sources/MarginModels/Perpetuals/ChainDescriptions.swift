extension ModelDescription {
  static let dydx = ModelDescription(
    name: ModelCatalogue.dydx, modes: DydxMarginModel.modes,
    confidence:
      "method reproduced to the unit against the chain's own tests; tiers of three markets as documented in 2024",
    source:
      "dYdX v4 chain (perpetuals, liquidity tiers); tiers: docs.dydx.community and the forum's tier maintenance of 2024",
    parameters: dydxMarkets.flatMap { market in
      let path = "\(DydxParameters.table).\(market.asset)"
      return [
        Parameter("\(path).initial_ppm", market.initial),
        Parameter("\(path).maintenance_fraction_ppm", market.fraction),
        Parameter("\(path).open_interest_lower", market.lower),
        Parameter("\(path).open_interest_upper", market.upper),
      ]
    } + [
      Parameter("chosen_initial_ppm", 0), Parameter("rounding_quantum", 1e-6), Parameter("coin_factor", 0),
    ],
    assumptions: [
      "dydx-v4: linear perpetuals of the listed markets; everything else is unsupported",
      "dydx-v4: without open interest in the market a tier's base rate holds",
      "dydx-v4: coins defend nothing, for accounts are kept in USDC; debt in coins counts in full",
      "dydx-v4: an account without positions is never liquidated, though its surplus shows what it owes",
    ])

  private static let dydxMarkets:
    [(asset: String, initial: Double, fraction: Double, lower: Double, upper: Double)] = [
      ("BTC", 20_000, 600_000, 0, 0), ("ETH", 20_000, 600_000, 0, 0), ("SOL", 50_000, 600_000, 4e7, 1e8),
    ]

  static let drift = ModelDescription(
    name: ModelCatalogue.drift, modes: DriftMarginModel.modes,
    confidence:
      "weights and cover reproduced against the program's tests; balances as documented in 2025; perpetuals from a model file",
    source: "drift-labs/protocol-v2 (margin mathematics); docs.drift.trade, cross-collateral deposits",
    parameters: driftAssets.flatMap { asset in
      let path = "\(DriftParameters.assetTable).\(asset.name)"
      return [
        Parameter("\(path).initial_asset_weight", asset.initial),
        Parameter("\(path).maintenance_asset_weight", asset.maintenance),
        Parameter("\(path).initial_liability_weight", asset.initialLiability),
        Parameter("\(path).maintenance_liability_weight", asset.maintenanceLiability),
        Parameter("\(path).imf_factor", asset.factor), Parameter("\(path).scale_start", 0),
        Parameter("\(path).deposits", 0), Parameter("\(path).average_price", 0),
      ]
    } + [Parameter("strict_initial", 1), Parameter("strict_maintenance", 0)],
    assumptions: [
      "drift-v2: perpetuals are margined where a model file gives their ratios, and are unsupported elsewhere",
      "drift-v2: deposits of the venue and average prices are given or play no part; open orders are not modelled",
      "drift-v2: an asset without weights counts as nothing as a deposit and in full as a borrow",
    ])

  private static let driftAssets:
    [(
      name: String, initial: Double, maintenance: Double, initialLiability: Double,
      maintenanceLiability: Double, factor: Double
    )] = [
      ("BTC", 0.8, 0.9, 1.2, 1.1, 0.105), ("wBTC", 0.8, 0.9, 1.2, 1.1, 0.105),
      ("ETH", 0.8, 0.9, 1.2, 1.1, 0.025), ("wETH", 0.8, 0.9, 1.2, 1.1, 0.025),
      ("SOL", 0.8, 0.9, 1.2, 1.1, 0.001_25), ("mSOL", 0.8, 0.9, 1.2, 1.1, 0.003),
      ("jitoSOL", 0.8, 0.9, 1.2, 1.1, 0.000_55), ("USDT", 0.9, 0.95, 1.1, 1.05, 0.000_4),
      ("JUP", 0.5, 0.75, 1.5, 1.25, 0.001), ("PYTH", 0.5, 0.75, 1.5, 1.25, 0.001),
    ]
}

extension ModelEntry {
  static let dydx = ModelEntry(
    .dydx, openTables: [DydxParameters.table], check: DydxParameters.problem(in:)
  ) { name, numbers, context, states, _ in
    DydxMarginModel(name: name, parameters: numbers, context: context, states: states)
  }

  static let drift = ModelEntry(
    .drift, openTables: [DriftParameters.assetTable, DriftParameters.perpetualTable],
    check: DriftParameters.problem(in:)
  ) { name, numbers, context, states, _ in
    DriftMarginModel(name: name, parameters: numbers, context: context, states: states)
  }
}

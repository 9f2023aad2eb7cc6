extension ModelDescription {
  static let aave = ModelDescription(
    name: ModelCatalogue.aave, modes: LendingModel.modes,
    confidence: "documented; the published health factor reproduced; terms of main net as of early 2024",
    source:
      "Aave docs (health factor, e-mode, close factor); terms: main-net configuration in Debt-Purchasing/debt-purchasing-contracts, e-mode 1: governance.aave.com 16168",
    parameters: aaveCollateral.flatMap { asset in
      let path = "\(LendingRules.collateralTable).\(asset.name)"
      return [
        Parameter("\(path).ltv", asset.ltv), Parameter("\(path).liquidation_threshold", asset.threshold),
        Parameter("\(path).liquidation_bonus", asset.bonus), Parameter("\(path).index", 1),
        Parameter("\(path).emode", asset.isEther ? 1 : 0),
      ]
    } + [
      Parameter("emode.1.ltv", 0.93), Parameter("emode.1.liquidation_threshold", 0.95),
      Parameter("emode.1.liquidation_bonus", 0.01), Parameter("emode_category", 0),
      Parameter("close_factor.part", 0.5), Parameter("close_factor.health_factor", 0.95),
      Parameter("horizon_days", 0),
    ],
    assumptions: lendingAssumptions(
      ModelCatalogue.aave,
      [
        "the chosen e-mode category holds for every account, and its terms for the deposits of that category;"
          + " debt outside it is shown, which the protocol would not allow",
        "each asset is one balance, deposit less debt; supply and borrow caps are not modelled",
      ]))

  private static let aaveCollateral:
    [(name: String, ltv: Double, threshold: Double, bonus: Double, isEther: Bool)] = [
      ("AAVE", 0.66, 0.73, 0.075, false), ("DAI", 0.77, 0.8, 0.05, false),
      ("ETH", 0.805, 0.83, 0.05, true), ("LINK", 0.53, 0.68, 0.07, false),
      ("USDC", 0.77, 0.8, 0.045, false), ("USDT", 0.74, 0.76, 0.045, false),
      ("WBTC", 0.73, 0.78, 0.05, false), ("WETH", 0.805, 0.83, 0.05, true),
      ("cbETH", 0.745, 0.77, 0.075, true), ("rETH", 0.745, 0.77, 0.075, true),
      ("wstETH", 0.785, 0.81, 0.06, true),
    ]

  static let compound = ModelDescription(
    name: ModelCatalogue.compound, modes: LendingModel.modes,
    confidence:
      "method reproduced against the contracts' tests; terms of the main-net USDC market of June 2025",
    source:
      "compound-finance/comet (borrow and liquidate collateral factors); terms: woof-software/compound-docs-aggregator, cUSDCv3 on main net",
    parameters: compoundCollateral.flatMap { asset in
      let path = "\(LendingRules.collateralTable).\(asset.name)"
      return [
        Parameter("\(path).borrow_factor", asset.borrow),
        Parameter("\(path).liquidate_factor", asset.liquidate), Parameter("\(path).index", 1),
      ]
    } + [Parameter("\(LendingRules.baseTable).USDC", 1), Parameter("horizon_days", 0)],
    assumptions: lendingAssumptions(
      ModelCatalogue.compound,
      [
        "the base asset counts in full as a deposit; the protocol lends nothing else, other debts count in full"
      ]))

  private static let compoundCollateral: [(name: String, borrow: Double, liquidate: Double)] = [
    ("COMP", 0.5, 0.7), ("ETH", 0.825, 0.895), ("LINK", 0.73, 0.79), ("UNI", 0.68, 0.74),
    ("WBTC", 0.8, 0.85), ("WETH", 0.825, 0.895), ("cbBTC", 0.8, 0.85), ("tBTC", 0.76, 0.81),
    ("wstETH", 0.82, 0.87),
  ]

  static let maker = ModelDescription(
    name: ModelCatalogue.maker, modes: LendingModel.modes,
    confidence: "documented; the condition of the contracts; the ratio of one vault type as of February 2021",
    source: "makerdao/dss (unsafe where ink × spot < art × rate); ETH-A: forum.makerdao.com 6684",
    parameters: ["ETH", "WETH"].flatMap { name in
      [
        Parameter("\(LendingRules.collateralTable).\(name).liquidation_ratio", 1.5),
        Parameter("\(LendingRules.collateralTable).\(name).index", 1),
      ]
    } + [
      Parameter("\(LendingRules.debtTable).DAI.index", 1), Parameter("\(LendingRules.debtTable).DAI.rate", 0),
      Parameter("horizon_days", 0),
    ],
    assumptions: lendingAssumptions(
      ModelCatalogue.maker,
      [
        "an account is one vault: all its collateral defends all its debt; `debt.DAI.index` is the vault's rate",
        "debt in a stable asset counts at one unit of the base currency whatever its market price",
      ]))

  private static func lendingAssumptions(_ name: String, _ own: [String]) -> [String] {
    let shared = [
      "an asset without terms is worth nothing as a deposit and counts in full as a debt",
      "an asset's spot is the price of the asset itself; `index` holds what one unit of a balance has grown to",
      "a debt grows by debt.<asset>.rate, compounded continuously over horizon_days",
      "ETH stands for wrapped ether; positions in derivatives are unsupported",
    ]
    return (shared + own).map { "\(name): \($0)" }
  }
}

extension ModelEntry {
  /// A lending protocol, whose terms a definition may replace asset by asset.
  static func lending(_ description: ModelDescription, rules: LendingRules) -> ModelEntry {
    ModelEntry(
      description, openTables: rules.openTables,
      check: { LendingParameters.problem(in: $0, rules: rules) }
    ) { name, numbers, context, states, _ in
      LendingModel(name: name, parameters: numbers, rules: rules, context: context, states: states)
    }
  }
}

/// Sets beside the deployed second version: the first version, and the set of the exchange's tests.
extension DerivePortfolioParameters {
  /// The first version as deployed.
  ///
  /// Source: deployment configuration of the exchange's public contracts. Options are forward values, only an expiry that
  /// is worth something after the shock is discounted, and the factor of initial margin multiplies the whole loss:
  /// the worst scenario and 3 % of perpetuals and coins and 2 % of naked shorts.
  public static let firstVersionMainnet = DerivePortfolioParameters(
    scenarios: [PortfolioScenario(1.2, .up)]
      + [1.15, 1.1, 1.05, 1, 0.95, 0.9, 0.85].flatMap { multiplier in
        [
          PortfolioScenario(multiplier, .up), PortfolioScenario(multiplier, .none),
          PortfolioScenario(multiplier, .down),
        ]
      } + [PortfolioScenario(0.8, .up)],
    volatilityUp: PowerLawShock(
      range: 0.6, shortTermPower: 0.3, longTermPower: 0.13, floorDays: 1, minimum: 0),
    volatilityDown: PowerLawShock(
      range: -0.3, shortTermPower: 0.3, longTermPower: 0.13, floorDays: 1, minimum: 0),
    linearSkew: mainnet2025.linearSkew, absoluteSkew: mainnet2025.absoluteSkew,
    initialFactor: 1.25, maintenanceFactor: 1,
    longDiscount: StaticDiscount(base: 0.95, rateMultiple: 1, rateAdd: 0.12),
    shortDiscount: StaticDiscount(base: 1, rateMultiple: 0, rateAdd: 0),
    basisUp: 1.05, basisDown: 0.95, basisAdd: 1, basisMultiple: 1.2,
    pegThreshold: 0.99, pegFactor: 4, confidenceThreshold: 0.55, confidenceMargin: 1,
    perpetualMaintenance: 0.03, perpetualInitial: 0, optionMaintenance: 0.02, optionInitial: 0,
    collateral: [CollateralTerms(asset: "", maintenanceHaircut: 0.03, initialHaircut: 0)],
    settlementWindow: 1_800, factorsCharges: true, discountsOptions: false)

  /// The second version as the exchange's own tests have it.
  ///
  /// Source: test set-up of the exchange's public contracts. The haircuts of coins are those of `mainnet2025`, which
  /// took them from the same tests.
  public static let secondVersionTest: DerivePortfolioParameters = {
    var set = mainnet2025
    let tails = [(0.34, 0.66), (0.67, 0.33), (1.5, 0.5), (2.0, 1.0), (3.0, 2.0), (4.0, 3.0)]
    set.scenarios =
      set.scenarios.filter { $0.dampening == 1 && !$0.isSkew }
      // A dampening of 0.036 over the move: a fifth of the widest undampened scenario.
      + tails.map { PortfolioScenario($0, .up, dampening: 0.036 / $1) }
      + [PortfolioScenario(1, .linearSkew), PortfolioScenario(1, .absoluteSkew)]
    set.volatilityUp.minimum = 0.45
    set.volatilityDown.range = -0.275
    set.linearSkew.baseCap = 0.15
    set.linearSkew.slope = -0.05
    set.linearSkew.volatilityScale = -0.1
    set.absoluteSkew.baseCap = 0.15
    set.absoluteSkew.slope = -0.05
    set.absoluteSkew.volatilityScale = -0.1
    set.longDiscount = StaticDiscount(base: 0.95, rateMultiple: 1, rateAdd: 0.08)
    set.shortDiscount = StaticDiscount(base: 1.04, rateMultiple: 0.5, rateAdd: 0.08)
    set.pegThreshold = 0.98
    set.pegFactor = 2
    set.perpetualMaintenance = 0.015
    set.perpetualInitial = 0.005
    return set
  }()
}

/// One scenario of the Derive portfolio manager.
public struct PortfolioScenario: Hashable, Sendable {
  /// How volatility moves in it.
  public enum Volatility: String, Hashable, Sendable {
    case up
    case none
    case down
    /// The smile tilts; spot stands still and gains count as losses.
    case linearSkew = "linear skew"
    /// Both wings rise; spot stands still and gains count as losses.
    case absoluteSkew = "absolute skew"
  }

  public var spotMultiplier: Double
  public var volatility: Volatility
  /// What the profit and loss is multiplied with.
  public var dampening: Double

  /// A scenario from its moves.
  public init(_ spotMultiplier: Double, _ volatility: Volatility, dampening: Double = 1) {
    self.spotMultiplier = spotMultiplier
    self.volatility = volatility
    self.dampening = dampening
  }

  /// Whether only the smile moves.
  public var isSkew: Bool { volatility == .linearSkew || volatility == .absoluteSkew }

  /// `-13.5% vol up` and the like: the move of spot and the direction of volatility.
  public var name: String {
    if isSkew { return volatility.rawValue }
    let move = Int(exactly: ((spotMultiplier - 1) * 1_000).rounded()) ?? 0
    let sign = move > 0 ? "+" : move < 0 ? "-" : ""
    let tenths = move.magnitude % 10
    let fraction = tenths == 0 ? "" : ".\(tenths)"
    return "\(sign)\(move.magnitude / 10)\(fraction)% vol \(volatility.rawValue)"
  }
}

/// What is taken off the value of a coin held as collateral; the initial part comes on top.
public struct CollateralTerms: Hashable, Sendable {
  /// Asset id; empty for every asset that is not named.
  public var asset: String
  /// Fraction of its value.
  public var maintenanceHaircut: Double
  /// Fraction of its value, added to the maintenance haircut.
  public var initialHaircut: Double

  /// Terms from their fractions.
  public init(asset: String, maintenanceHaircut: Double, initialHaircut: Double) {
    self.asset = asset
    self.maintenanceHaircut = maintenanceHaircut
    self.initialHaircut = initialHaircut
  }
}

/// Every number of the Derive portfolio manager in both versions (PMRM and PMRM_2).
public struct DerivePortfolioParameters: Hashable, Sendable {
  /// Discount of the shocked value of an expiry: base × exp(∓T(rate × rateMultiple + rateAdd)).
  public struct StaticDiscount: Hashable, Sendable {
    public var base: Double
    public var rateMultiple: Double
    public var rateAdd: Double

    /// A discount from its numbers.
    public init(base: Double, rateMultiple: Double, rateAdd: Double) {
      self.base = base
      self.rateMultiple = rateMultiple
      self.rateAdd = rateAdd
    }
  }

  public var scenarios: [PortfolioScenario]
  public var volatilityUp: PowerLawShock
  public var volatilityDown: PowerLawShock
  public var linearSkew: SkewShock
  public var absoluteSkew: SkewShock
  public var initialFactor: Double
  public var maintenanceFactor: Double
  /// For an expiry that is worth something after the shock.
  public var longDiscount: StaticDiscount
  /// For an expiry that is owed after the shock.
  public var shortDiscount: StaticDiscount
  public var basisUp: Double
  public var basisDown: Double
  public var basisAdd: Double
  /// Per year to expiry.
  public var basisMultiple: Double
  /// Price of the stable asset under which its shortfall raises the initial factor.
  public var pegThreshold: Double
  public var pegFactor: Double
  /// Oracle confidence under which a penalty is due.
  public var confidenceThreshold: Double
  public var confidenceMargin: Double
  /// Fractions of spot an open perpetual unit; the initial part comes on top.
  public var perpetualMaintenance: Double
  public var perpetualInitial: Double
  /// Fractions of spot a naked short option unit; the initial part comes on top.
  public var optionMaintenance: Double
  public var optionInitial: Double
  /// By asset; the entry with an empty name serves the rest.
  public var collateral: [CollateralTerms]
  /// Seconds over which a settlement price is averaged.
  public var settlementWindow: Double
  /// Whether the initial factor and the shortfall of the stable asset multiply the charges for perpetuals, naked shorts
  /// and coins too, as the first version of the manager has it.
  public var factorsCharges: Bool
  /// Whether options count at their discounted value; the first version knows no discount.
  public var discountsOptions: Bool

  /// A set from its numbers.
  public init(
    scenarios: [PortfolioScenario], volatilityUp: PowerLawShock, volatilityDown: PowerLawShock,
    linearSkew: SkewShock, absoluteSkew: SkewShock, initialFactor: Double, maintenanceFactor: Double,
    longDiscount: StaticDiscount, shortDiscount: StaticDiscount, basisUp: Double, basisDown: Double,
    basisAdd: Double, basisMultiple: Double, pegThreshold: Double, pegFactor: Double,
    confidenceThreshold: Double, confidenceMargin: Double, perpetualMaintenance: Double,
    perpetualInitial: Double, optionMaintenance: Double, optionInitial: Double,
    collateral: [CollateralTerms], settlementWindow: Double, factorsCharges: Bool = false,
    discountsOptions: Bool = true
  ) {
    self.scenarios = scenarios
    self.volatilityUp = volatilityUp
    self.volatilityDown = volatilityDown
    self.linearSkew = linearSkew
    self.absoluteSkew = absoluteSkew
    self.initialFactor = initialFactor
    self.maintenanceFactor = maintenanceFactor
    self.longDiscount = longDiscount
    self.shortDiscount = shortDiscount
    self.basisUp = basisUp
    self.basisDown = basisDown
    self.basisAdd = basisAdd
    self.basisMultiple = basisMultiple
    self.pegThreshold = pegThreshold
    self.pegFactor = pegFactor
    self.confidenceThreshold = confidenceThreshold
    self.confidenceMargin = confidenceMargin
    self.perpetualMaintenance = perpetualMaintenance
    self.perpetualInitial = perpetualInitial
    self.optionMaintenance = optionMaintenance
    self.optionInitial = optionInitial
    self.collateral = collateral
    self.settlementWindow = settlementWindow
    self.factorsCharges = factorsCharges
    self.discountsOptions = discountsOptions
  }

  /// The shock of volatility behind a scenario.
  public func shock(of scenario: PortfolioScenario) -> VolatilityShock {
    switch scenario.volatility {
    case .none: .none
    case .up: .powerLaw(volatilityUp)
    case .down: .powerLaw(volatilityDown)
    case .linearSkew: .skew(linearSkew)
    case .absoluteSkew: .skew(absoluteSkew)
    }
  }

  /// The terms of an asset held as collateral against its own contracts; no entry at all takes nothing off.
  public func collateralTerms(of asset: String) -> CollateralTerms {
    collateral.first { $0.asset == asset } ?? collateral.first { $0.asset.isEmpty }
      ?? CollateralTerms(asset: asset, maintenanceHaircut: 0, initialHaircut: 0)
  }
}

extension DerivePortfolioParameters {
  /// The deployment values of 2025.
  ///
  /// Source: deployment scripts of the exchange's public contracts (scenarios, shocks, factors) and its
  /// documentation. Two values are judged: the static discounts (0.95 long, 1.05 short: the script lists
  /// them the other way round, against its own tests), and the haircuts of a coin against its own contracts,
  /// which are those of its test accounts; coins not named there take the widest of them.
  public static let mainnet2025 = DerivePortfolioParameters(
    scenarios: [
      PortfolioScenario(1.18, .up),
      PortfolioScenario(1.135, .up), PortfolioScenario(1.135, .none), PortfolioScenario(1.135, .down),
      PortfolioScenario(1.09, .up), PortfolioScenario(1.09, .none), PortfolioScenario(1.09, .down),
      PortfolioScenario(1.045, .up), PortfolioScenario(1.045, .none), PortfolioScenario(1.045, .down),
      PortfolioScenario(1, .up), PortfolioScenario(1, .none), PortfolioScenario(1, .down),
      PortfolioScenario(0.955, .up), PortfolioScenario(0.955, .none), PortfolioScenario(0.955, .down),
      PortfolioScenario(0.91, .up), PortfolioScenario(0.91, .none), PortfolioScenario(0.91, .down),
      PortfolioScenario(0.865, .up), PortfolioScenario(0.865, .none), PortfolioScenario(0.865, .down),
      PortfolioScenario(0.82, .up),
      PortfolioScenario(0.34, .up, dampening: 0.21), PortfolioScenario(0.67, .up, dampening: 0.42),
      PortfolioScenario(1.5, .up, dampening: 0.2772), PortfolioScenario(2, .up, dampening: 0.1386),
      PortfolioScenario(3, .up, dampening: 0.0693), PortfolioScenario(4, .up, dampening: 0.0462),
      PortfolioScenario(5, .up, dampening: 0.03465), PortfolioScenario(6, .up, dampening: 0.02772),
      PortfolioScenario(1, .linearSkew), PortfolioScenario(1, .absoluteSkew),
    ],
    volatilityUp: PowerLawShock(
      range: 0.5, shortTermPower: 0.3, longTermPower: 0.13, floorDays: 1, minimum: 0.4),
    volatilityDown: PowerLawShock(
      range: -0.3, shortTermPower: 0.3, longTermPower: 0.13, floorDays: 1, minimum: 0),
    linearSkew: SkewShock(
      isAbsolute: false, baseCap: 0.25, slope: -0.1, minimumWidth: 0.01, widthScale: 4,
      volatilityStatic: 0.6, volatilityScale: 0),
    absoluteSkew: SkewShock(
      isAbsolute: true, baseCap: 0.25, slope: -0.1, minimumWidth: 0.01, widthScale: 4,
      volatilityStatic: 0.6, volatilityScale: 0),
    initialFactor: 1, maintenanceFactor: 0.8,
    longDiscount: StaticDiscount(base: 0.95, rateMultiple: 0, rateAdd: 0.16),
    shortDiscount: StaticDiscount(base: 1.05, rateMultiple: 0, rateAdd: 0.16),
    basisUp: 1.045, basisDown: 0.955, basisAdd: 0.5, basisMultiple: 2,
    pegThreshold: 0.99, pegFactor: 4, confidenceThreshold: 0.55, confidenceMargin: 1,
    perpetualMaintenance: 0.03, perpetualInitial: 0.01,
    optionMaintenance: 0.003, optionInitial: 0.002,
    collateral: [
      CollateralTerms(asset: "BTC", maintenanceHaircut: 0.02, initialHaircut: 0.01),
      CollateralTerms(asset: "ETH", maintenanceHaircut: 0.015, initialHaircut: 0.005),
      CollateralTerms(asset: "", maintenanceHaircut: 0.05, initialHaircut: 0.01),
    ],
    settlementWindow: 1_800)
}

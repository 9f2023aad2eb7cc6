/// The numbers of a Derive portfolio manager by name, as a description lists them and a user's model file changes them.
extension DerivePortfolioParameters {
  static let scenarioTable = ParameterTable<PortfolioScenario>([
    .init("spot", \.spotMultiplier, in: 0.01...100),
    .init("volatility", \.volatilityCode, in: -1...3, isWhole: true),
    .init("dampening", \.dampening, in: 0...10),
  ])

  static let collateralTable = ParameterTable<CollateralTerms>([
    .init("maintenance_haircut", \.maintenanceHaircut, in: 0...1),
    .init("initial_haircut", \.initialHaircut, in: 0...1),
  ])

  static let table = ParameterTable<Self>([
    .init("volatility.up", \.volatilityUp.range, in: 0...10),
    .init("volatility.down", \.volatilityDown.range, in: -1...0),
    .init("volatility.short_term_power", \.shortTermPower, in: 0...2),
    .init("volatility.long_term_power", \.longTermPower, in: 0...2),
    .init("volatility.floor_days", \.floorDays, in: 0.01...365),
    .init("volatility.up_minimum", \.volatilityUp.minimum, in: 0...10),
    .init("skew.linear_cap", \.linearSkew.baseCap, in: 0...10),
    .init("skew.linear_slope", \.linearSkew.slope, in: -10...10),
    .init("skew.absolute_cap", \.absoluteSkew.baseCap, in: 0...10),
    .init("skew.absolute_slope", \.absoluteSkew.slope, in: -10...10),
    .init("skew.minimum_width", \.minimumWidth, in: 1e-6...10),
    .init("skew.width_scale", \.widthScale, in: 0...100),
    .init("skew.volatility_static", \.volatilityStatic, in: -10...10),
    .init("skew.volatility_scale", \.volatilityScale, in: -10...10),
    .init("scan.initial_factor", \.initialFactor, in: 0...10),
    .init("scan.maintenance_factor", \.maintenanceFactor, in: 0...10),
    .init("scan.factors_charges", \.factorsChargesNumber, in: 0...1, isWhole: true),
    .init("option.discounts", \.discountsOptionsNumber, in: 0...1, isWhole: true),
    .init("discount.long_base", \.longDiscount.base, in: 0...2),
    .init("discount.long_rate_multiple", \.longDiscount.rateMultiple, in: 0...100),
    .init("discount.long_rate_add", \.longDiscount.rateAdd, in: -1...10),
    .init("discount.short_base", \.shortDiscount.base, in: 0...2),
    .init("discount.short_rate_multiple", \.shortDiscount.rateMultiple, in: 0...100),
    .init("discount.short_rate_add", \.shortDiscount.rateAdd, in: -1...10),
    .init("basis.up", \.basisUp, in: 0.01...100), .init("basis.down", \.basisDown, in: 0.01...100),
    .init("basis.add", \.basisAdd, in: 0...100),
    .init("basis.multiple_per_year", \.basisMultiple, in: 0...100),
    .init("peg.threshold", \.pegThreshold, in: 0...10), .init("peg.factor", \.pegFactor, in: 0...100),
    .init("oracle.threshold", \.confidenceThreshold, in: 0...1),
    .init("oracle.margin", \.confidenceMargin, in: 0...10),
    .init("perpetual.maintenance", \.perpetualMaintenance, in: 0...1),
    .init("perpetual.initial_add", \.perpetualInitial, in: 0...1),
    .init("option.naked_short_maintenance", \.optionMaintenance, in: 0...1),
    .init("option.naked_short_initial_add", \.optionInitial, in: 0...1),
    .init("settlement.window_seconds", \.settlementWindow, in: 0...86_400),
  ])

  /// Tables that a model file may fill with scenarios and coins of its own.
  static let openTables = ["scenario", "collateral"]
  /// The most scenarios of one requirement: the decisive ones are bits of one word, the basis contingency beside them.
  private static let mostScenarios = 62

  /// The scenarios as rows (`scenario.1.spot`; `volatility` is −1 down, 0 none, 1 up, 2 linear skew, 3 absolute
  /// skew), then every other number.
  package var parameters: [ModelDescription.Parameter] {
    scenarios.enumerated().flatMap {
      Self.scenarioTable.parameters(of: $0.element, under: "scenario.\($0.offset + 1)")
    } + Self.table.parameters(of: self)
      + Self.collateralTable.parameters(of: collateral, by: \.asset, under: "collateral")
  }

  /// The set of a list of numbers; what the list lacks is as deployed in 2025.
  package init(_ parameters: ModelParameters) {
    self = Self.table.value(.mainnet2025, with: parameters)
    scenarios = Self.scenarioTable.rows(in: parameters, under: "scenario") { _ in
      PortfolioScenario(1, .none)
    }
    collateral = Self.collateralTable.rows(in: parameters, under: "collateral") {
      CollateralTerms(asset: $0, maintenanceHaircut: 0, initialHaircut: 0)
    }
  }

  /// What is wrong with a list of numbers.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    let count = parameters.children(of: "scenario").count
    guard count <= mostScenarios else {
      return ("scenario", "with \(count) rows, expected at most \(mostScenarios)")
    }
    return scenarioTable.problem(ofRowsIn: parameters, under: "scenario")
      ?? collateralTable.problem(ofRowsIn: parameters, under: "collateral") ?? table.problem(in: parameters)
      ?? parameters.disorder(of: [("scan.maintenance_factor", "scan.initial_factor")])
  }
}

// MARK: Numbers that stand for more than one place

extension DerivePortfolioParameters: TwoSidedVolatility {
  fileprivate var minimumWidth: Double {
    get { linearSkew.minimumWidth }
    set { (linearSkew.minimumWidth, absoluteSkew.minimumWidth) = (newValue, newValue) }
  }

  fileprivate var widthScale: Double {
    get { linearSkew.widthScale }
    set { (linearSkew.widthScale, absoluteSkew.widthScale) = (newValue, newValue) }
  }

  fileprivate var volatilityStatic: Double {
    get { linearSkew.volatilityStatic }
    set { (linearSkew.volatilityStatic, absoluteSkew.volatilityStatic) = (newValue, newValue) }
  }

  fileprivate var volatilityScale: Double {
    get { linearSkew.volatilityScale }
    set { (linearSkew.volatilityScale, absoluteSkew.volatilityScale) = (newValue, newValue) }
  }

  fileprivate var factorsChargesNumber: Double {
    get { factorsCharges ? 1 : 0 }
    set { factorsCharges = newValue != 0 }
  }

  fileprivate var discountsOptionsNumber: Double {
    get { discountsOptions ? 1 : 0 }
    set { discountsOptions = newValue != 0 }
  }
}

extension PortfolioScenario {
  /// The move of volatility as a number: −1 down, 0 none, 1 up, 2 linear skew, 3 absolute skew.
  package var volatilityCode: Double {
    get {
      switch volatility {
      case .down: -1
      case .none: 0
      case .up: 1
      case .linearSkew: 2
      case .absoluteSkew: 3
      }
    }
    set {
      let known: [Double: Volatility] = [-1: .down, 0: .none, 1: .up, 2: .linearSkew, 3: .absoluteSkew]
      volatility = known[newValue] ?? .none
    }
  }
}

extension ModelEntry {
  /// A portfolio manager of the exchange by its description.
  static func derive(_ description: ModelDescription) -> ModelEntry {
    ModelEntry(
      description, openTables: DerivePortfolioParameters.openTables, check: DerivePortfolioParameters.problem
    ) {
      DerivePortfolioModel(
        name: $0, parameters: DerivePortfolioParameters($1), context: $2, states: $3, team: $4)
    }
  }
}

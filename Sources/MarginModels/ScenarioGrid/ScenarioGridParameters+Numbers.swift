import RiskNumerics

/// The numbers of a scenario grid by name, as a description lists them and a user's model file changes them.
extension ScenarioGridParameters {
  static let rowTable = ParameterTable<Row>([
    .init("move", \.move, in: -1...100),
    .init("volatility", \.volatilityCode, in: -1...3, isWhole: true),
    .init("weight", \.weight, in: 0...10),
  ])

  static let assetTable = ParameterTable<AssetTerms>([
    .init("grid", \.grid, in: 1...1_000, isWhole: true), .init("range", \.range, in: 0.001...10),
    .init("floor_net_delta", \.floorNetDelta, in: 0...1),
    .init("floor_hedged_delta", \.floorHedgedDelta, in: 0...1),
    .init("basis_minimum", \.basisMinimum, in: 0...1), .init("basis_annual", \.basisAnnual, in: 0...2),
    .init("reduction_delta", \.reductionDelta, in: 0...1),
  ])

  static let tierTable = ParameterTable<Tier>([
    .init("lower", \.lower, in: 0...1e12), .init("multiplier", \.multiplier, in: 0...1_000),
  ])

  static let table = ParameterTable<Self>([
    .init("volatility.up", \.volatilityUp.range, in: 0...10),
    .init("volatility.down", \.volatilityDown.range, in: -1...0),
    .init("volatility.up_minimum", \.volatilityUp.minimum, in: 0...10),
    .init("volatility.short_term_power", \.shortTermPower, in: 0...2),
    .init("volatility.long_term_power", \.longTermPower, in: 0...2),
    .init("volatility.floor_days", \.floorDays, in: 0.01...365),
    .init("scan.elapsed_hours", \.elapsedHours, in: 0...8_760),
    .init("scan.gain_offset", \.gainOffset, in: 0...1),
    .init("factor.initial", \.initialFactor, in: 0...10),
    .init("factor.maintenance", \.maintenanceFactor, in: 0...10),
    .init("charge.short_option", \.shortOption, in: 0...1), .init("charge.future", \.future, in: 0...1),
    .init("charge.hedged_future", \.hedgedFuture, in: 0...1),
    .init("charge.term_vega", \.termVega, in: 0...10), .init("charge.interest", \.interest, in: 0...10),
    .init("charge.stable", \.stable, in: 0...1),
    .init("charge.reduction_option", \.reductionOption, in: 0...1),
    .init("provision.fee_rate", \.feeRate, in: 0...1),
    .init("provision.funding_share", \.fundingShare, in: 0...10),
    .init("borrow.initial", \.borrowInitial, in: 0...1),
    .init("borrow.maintenance", \.borrowMaintenance, in: 0...1),
    .init("coin.factor", \.coinFactor, in: 0...1),
    .init("coin.in_scan", \.coinInScan, in: 0...1),
    .init("option.margined", \.optionsMargined, in: 0...1, isWhole: true),
    .init("settlement.window_seconds", \.settlementWindow, in: 0...86_400),
  ])

  /// Tables that a model file may fill: grids and brackets as a whole, assets number by number.
  static let openTables = ["grid", "asset", "tiers"]

  /// A set in which nothing moves and nothing is charged.
  static let still: ScenarioGridParameters = {
    let shock = PowerLawShock(range: 0, shortTermPower: 0, longTermPower: 0, floorDays: 1, minimum: 0)
    return ScenarioGridParameters(
      grids: [:], assets: [:],
      other: AssetTerms(
        grid: 1, range: 1, floorNetDelta: 0, floorHedgedDelta: 0, basisMinimum: 0, basisAnnual: 0,
        reductionDelta: 0),
      volatilityUp: shock, volatilityDown: shock, elapsedHours: 0, gainOffset: 1, initialFactor: 1,
      maintenanceFactor: 1, shortOption: 0, future: 0, hedgedFuture: 0, termVega: 0, interest: 0, stable: 0,
      reductionOption: 0, tiers: [], feeRate: 0, fundingShare: 0, borrowInitial: 0, borrowMaintenance: 0,
      coinFactor: 1, coinInScan: 0, optionsMargined: 1, settlementWindow: 0)
  }()

  /// The set of a list of numbers; what the list lacks is still.
  init(_ parameters: ModelParameters) {
    self = Self.table.value(.still, with: parameters)
    let other = Self.assetTable.value(other, with: parameters, under: "asset.other")
    self.other = other
    for asset in parameters.children(of: "asset") {
      assets[asset] = Self.assetTable.value(other, with: parameters, under: "asset.\(asset)")
    }
    for grid in parameters.children(of: "grid") {
      grids[grid] = Self.rowTable.rows(in: parameters, under: "grid.\(grid)") { _ in
        Row(move: 0, volatilityCode: 0, weight: 1)
      }
    }
    tiers = Self.tierTable.rows(in: parameters, under: "tiers.reduction") { _ in
      Tier(lower: 0, multiplier: 1)
    }
  }

  /// The most scenarios that one requirement can name, the passing of time beside them.
  private static let mostScenarios = 62

  /// What is wrong with a list of numbers.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    for grid in parameters.children(of: "grid") {
      if let problem = rowTable.problem(ofRowsIn: parameters, under: "grid.\(grid)") { return problem }
    }
    return table.problem(in: parameters)
      ?? parameters.disorder(of: [
        ("factor.maintenance", "factor.initial"), ("borrow.maintenance", "borrow.initial"),
      ])
      ?? assetTable.problem(in: parameters, under: "asset.other") ?? problem(ofAssetsIn: parameters)
      ?? problem(ofGridsIn: parameters) ?? problem(ofTiersIn: parameters) ?? problem(ofOptionsIn: parameters)
  }

  /// Options that no move of volatility and no charge reaches would be margined by their spot alone.
  private static func problem(ofOptionsIn parameters: ModelParameters) -> ParameterProblem? {
    let charges = ["volatility.up", "volatility.down", "charge.short_option"]
    guard parameters["option.margined", default: 0] != 0,
      charges.allSatisfy({ parameters[$0, default: 0] == 0 })
    else { return nil }
    return ("option.margined", "of 1, without any of \(charges.joined(separator: ", "))")
  }

  /// Rows of assets may lack numbers, which are then those of `other`.
  private static func problem(ofAssetsIn parameters: ModelParameters) -> ParameterProblem? {
    for entry in parameters.entries where entry.name.hasPrefix("asset.") {
      let parts = entry.name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3, let number = assetTable.numbers.first(where: { $0.name == parts[2] }) else {
        let known = assetTable.numbers.map(\.name).joined(separator: ", ")
        return (entry.name, "which no row of asset has, only \(known)")
      }
      guard number.range.contains(entry.value) else {
        return (entry.name, ModelDescription.outside(entry.value, number.range))
      }
    }
    return nil
  }

  private static func problem(ofGridsIn parameters: ModelParameters) -> ParameterProblem? {
    let set = ScenarioGridParameters(parameters)
    for asset in parameters.children(of: "asset") {
      let terms = set.terms(of: asset)
      let grid = "grid.\(ModelDescription.text(terms.grid))"
      let rows = set.rows(of: terms)
      let count = rows.reduce(0) { $0 + $1.volatilities.count }
      guard (1...mostScenarios).contains(count) else {
        return (grid, "with \(count) scenarios, expected 1 to \(mostScenarios)")
      }
      guard rows.allSatisfy({ $0.move * terms.range >= -0.99 }) else {
        return ("asset.\(asset).range", "which leaves no price under \(grid)")
      }
    }
    return nil
  }

  private static func problem(ofTiersIn parameters: ModelParameters) -> ParameterProblem? {
    for entry in parameters.entries where entry.name.hasPrefix("tiers.") {
      guard entry.name.hasPrefix("tiers.reduction.") else {
        return (entry.name, "which is no row of tiers.reduction")
      }
    }
    if let problem = tierTable.problem(ofRowsIn: parameters, under: "tiers.reduction") { return problem }
    let rows = parameters.children(of: "tiers.reduction").map { "tiers.reduction.\($0).lower" }
    for (name, next) in zip(rows, rows.dropFirst()) {
      guard let lower = parameters[name], let upper = parameters[next], lower >= upper else { continue }
      return (next, "that does not lie above \(name)")
    }
    return nil
  }
}

extension ScenarioGridParameters: TwoSidedVolatility {}

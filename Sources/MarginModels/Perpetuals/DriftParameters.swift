/// How Drift v2 counts a balance of one asset.
struct DriftAsset: Hashable, Sendable {
  /// Weights of a deposit.
  var initialAsset: Double
  var maintenanceAsset: Double
  /// Weights of a borrow, ≥ 1.
  var initialLiability: Double
  var maintenanceLiability: Double
  /// The venue's imf: how fast a weight worsens with the root of the size.
  var factor: Double
  /// Value of the venue's deposits at which the initial weight is scaled down, USD; 0 for never.
  var scaleStart: Double
  /// Units of the asset deposited at the venue.
  var deposits: Double
  /// Average price that a strict valuation looks at beside the spot, base currency; 0 where none is given.
  var averagePrice: Double

  /// What the initial and the maintenance requirement leave of a deposit or add to a borrow, base currency.
  ///
  /// - Parameters:
  ///   - quantity: units, negative when borrowed.
  ///   - price: base currency per unit.
  ///   - strict: whether the worse of spot and average price counts, in initial and in maintenance margin.
  /// - Returns: what is required beyond the value of the balance itself, ≥ 0.
  func requirement(quantity: Double, price: Double, strict: (initial: Bool, maintenance: Bool))
    -> UnitRequirement
  {
    let value = quantity * price
    func worse(_ isStrict: Bool) -> Double {
      guard isStrict, averagePrice > 0 else { return price }
      return quantity < 0 ? max(price, averagePrice) : min(price, averagePrice)
    }
    let size = abs(quantity)
    let (initial, maintenance) = (quantity * worse(strict.initial), quantity * worse(strict.maintenance))
    guard quantity < 0 else {
      let scaled = DriftWeights.scaled(initialAsset, start: scaleStart, value: deposits * price)
      return UnitRequirement(
        initial: value - initial * DriftWeights.asset(scaled, size: size, factor: factor),
        maintenance: value - maintenance * DriftWeights.asset(maintenanceAsset, size: size, factor: factor))
    }
    return UnitRequirement(
      initial: value - initial * DriftWeights.liability(initialLiability, size: size, factor: factor),
      maintenance: value - maintenance
        * DriftWeights.liability(maintenanceLiability, size: size, factor: factor))
  }

  /// A quote balance: full weight either way.
  static let quote = DriftAsset(
    initialAsset: 1, maintenanceAsset: 1, initialLiability: 1, maintenanceLiability: 1, factor: 0,
    scaleStart: 0, deposits: 0, averagePrice: 0)
  /// An asset that the venue does not know: nothing as a deposit, in full as a borrow.
  static let unknown = DriftAsset(
    initialAsset: 0, maintenanceAsset: 0, initialLiability: 1, maintenanceLiability: 1, factor: 0,
    scaleStart: 0, deposits: 0, averagePrice: 0)
}

/// How Drift v2 margins perpetuals on one asset.
struct DriftPerpetual: Hashable, Sendable {
  var initialRatio: Double
  var maintenanceRatio: Double
  var factor: Double
  /// How much of an unrealised profit counts; losses count in full.
  var initialProfitWeight: Double
  var maintenanceProfitWeight: Double

  /// The requirement of a position: its notional by the ratio of its size, and the profit that does not count.
  func requirement(units: Double, notional: Double, profit: Double) -> UnitRequirement {
    func ratio(_ ratio: Double) -> Double { DriftWeights.liability(ratio, size: units, factor: factor) }
    let maintenance = notional * ratio(maintenanceRatio) + max(0, profit) * (1 - maintenanceProfitWeight)
    let initial = notional * ratio(initialRatio) + max(0, profit) * (1 - initialProfitWeight)
    return UnitRequirement(initial: initial, maintenance: maintenance)
  }
}

/// Every number of Drift v2 margin.
struct DriftParameters: Hashable, Sendable {
  static let assetTable = "asset"
  static let perpetualTable = "perpetual"

  private let assets: [String: DriftAsset]
  private let perpetuals: [String: DriftPerpetual]
  private let strictInitial: Bool
  private let strictMaintenance: Bool

  init(_ numbers: ModelParameters) {
    var assets: [String: DriftAsset] = [:]
    for name in numbers.children(of: Self.assetTable) {
      let path = "\(Self.assetTable).\(name)"
      assets[name] = DriftAsset(
        initialAsset: numbers["\(path).initial_asset_weight", default: 0],
        maintenanceAsset: numbers["\(path).maintenance_asset_weight", default: 0],
        initialLiability: numbers["\(path).initial_liability_weight", default: 1],
        maintenanceLiability: numbers["\(path).maintenance_liability_weight", default: 1],
        factor: numbers["\(path).imf_factor", default: 0],
        scaleStart: numbers["\(path).scale_start", default: 0],
        deposits: numbers["\(path).deposits", default: 0],
        averagePrice: numbers["\(path).average_price", default: 0])
    }
    self.assets = assets
    var perpetuals: [String: DriftPerpetual] = [:]
    for name in numbers.children(of: Self.perpetualTable) {
      let path = "\(Self.perpetualTable).\(name)"
      guard let initial = numbers["\(path).initial_ratio"],
        let maintenance = numbers["\(path).maintenance_ratio"]
      else { continue }
      perpetuals[name] = DriftPerpetual(
        initialRatio: initial, maintenanceRatio: maintenance,
        factor: numbers["\(path).imf_factor", default: 0],
        initialProfitWeight: numbers["\(path).initial_profit_weight", default: 1],
        maintenanceProfitWeight: numbers["\(path).maintenance_profit_weight", default: 1])
    }
    self.perpetuals = perpetuals
    strictInitial = numbers["strict_initial", default: 1] != 0
    strictMaintenance = numbers["strict_maintenance", default: 0] != 0
  }

  /// Whether a balance is valued at the worse of its prices.
  var strict: (initial: Bool, maintenance: Bool) { (strictInitial, strictMaintenance) }

  func asset(_ name: String) -> DriftAsset { assets[name] ?? assets["other"] ?? .unknown }
  func perpetual(_ name: String) -> DriftPerpetual? { perpetuals[name] ?? perpetuals["other"] }

  static func problem(in numbers: ModelParameters) -> (parameter: String, message: String)? {
    let ofAssets = [
      "initial_asset_weight", "maintenance_asset_weight", "initial_liability_weight",
      "maintenance_liability_weight", "imf_factor", "scale_start", "deposits", "average_price",
    ]
    let ofPerpetuals = [
      "initial_ratio", "maintenance_ratio", "imf_factor", "initial_profit_weight",
      "maintenance_profit_weight",
    ]
    if let problem = numbers.stranger(under: assetTable, depth: 1, known: ofAssets)
      ?? numbers.stranger(under: perpetualTable, depth: 1, known: ofPerpetuals)
    {
      return problem
    }
    for name in numbers.children(of: assetTable) {
      let path = "\(assetTable).\(name)"
      for (key, range) in [("asset_weight", 0.0...1.0), ("liability_weight", 1.0...100.0)] {
        let fallback = range.lowerBound
        let initial = numbers["\(path).initial_\(key)", default: fallback]
        let maintenance = numbers["\(path).maintenance_\(key)", default: fallback]
        let isOrdered = key == "asset_weight" ? initial <= maintenance : initial >= maintenance
        guard range.contains(initial), range.contains(maintenance), isOrdered else {
          return ("\(path).initial_\(key)", "outside its range, or milder than in maintenance")
        }
      }
      for key in ["imf_factor", "scale_start", "deposits", "average_price"]
      where numbers["\(path).\(key)", default: 0] < 0 { return ("\(path).\(key)", "below 0") }
    }
    for name in numbers.children(of: perpetualTable) {
      let path = "\(perpetualTable).\(name)"
      guard let initial = numbers["\(path).initial_ratio"],
        let maintenance = numbers["\(path).maintenance_ratio"], maintenance >= 0, initial >= maintenance
      else { return ("\(path).initial_ratio", "missing, or below the maintenance_ratio") }
      let weights = ["initial", "maintenance"].map { numbers["\(path).\($0)_profit_weight", default: 1] }
      guard weights[0] >= 0, weights[0] <= weights[1], weights[1] <= 1 else {
        return ("\(path).initial_profit_weight", "outside 0...maintenance_profit_weight...1")
      }
      if numbers["\(path).imf_factor", default: 0] < 0 { return ("\(path).imf_factor", "below 0") }
    }
    // A strict price in maintenance alone would ask for more to keep a position than to open it.
    if numbers["strict_maintenance", default: 0] != 0, numbers["strict_initial", default: 1] == 0 {
      return ("strict_maintenance", "without strict_initial")
    }
    return nil
  }
}

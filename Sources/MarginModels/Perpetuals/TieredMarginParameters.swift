/// The brackets of one kind of contract on one asset: maintenance, and what may be borrowed against at most.
package struct MarginTiers: Hashable, Sendable {
  package let maintenance: TieredMaintenance
  /// Fraction of the whole notional, one entry a bracket.
  package let initialRates: [Double]

  /// Initial and maintenance requirement of a notional ≥ 0, in its unit; initial is never the smaller one.
  ///
  /// - Parameter leverage: chosen by the account; 0 for the most that the bracket allows.
  package func requirement(of notional: Double, leverage: Double) -> UnitRequirement {
    let maintenance = maintenance.requirement(of: notional)
    let most = initialRates[self.maintenance.place(of: notional)]
    let rate = leverage > 0 ? max(most, 1 / leverage) : most
    return UnitRequirement(initial: max(notional * rate, maintenance), maintenance: maintenance)
  }
}

/// Every number of a model of tiered margin.
package struct TieredMarginParameters: Hashable, Sendable {
  /// Path of the brackets of linear contracts, their bounds in the quote asset.
  static let linearTable = "tier"
  /// Path of the brackets of coin-margined contracts, their bounds in coins.
  static let inverseTable = "inverse_tier"

  private let linear: [String: MarginTiers]
  private let inverse: [String: MarginTiers]
  /// Leverage chosen by every account; 0 for the most that the bracket allows.
  let leverage: Double
  /// Fraction of the notional kept back for closing, in both requirements.
  let closingFee: Double
  /// How much of the value of a coin defends the account; debt in coins counts in full.
  let coinFactor: Double
  let marginsDatedFutures: Bool

  /// The numbers of a definition that `problem(in:)` has nothing against.
  init(_ numbers: ModelParameters) {
    linear = Self.tables(Self.linearTable, in: numbers)
    inverse = Self.tables(Self.inverseTable, in: numbers)
    leverage = numbers["leverage", default: 0]
    closingFee = numbers["closing_fee", default: 0]
    coinFactor = numbers["coin_factor", default: 1]
    marginsDatedFutures = numbers["dated_futures", default: 0] != 0
  }

  /// The brackets of contracts on an asset, those of `other` where it has none of its own.
  func tiers(of asset: String, isInverse: Bool) -> MarginTiers? {
    let table = isInverse ? inverse : linear
    return table[asset] ?? table["other"]
  }

  // MARK: Reading

  private static func tables(_ path: String, in numbers: ModelParameters) -> [String: MarginTiers] {
    var found: [String: MarginTiers] = [:]
    for asset in numbers.children(of: path) {
      if case .success(let tiers) = tiers("\(path).\(asset)", in: numbers) { found[asset] = tiers }
    }
    return found
  }

  /// What is wrong with a set of numbers; nil where nothing is.
  static func problem(in numbers: ModelParameters) -> (parameter: String, message: String)? {
    for path in [linearTable, inverseTable] {
      let known = ["lower", "rate", "initial_rate", "max_leverage"]
      if let problem = numbers.stranger(under: path, depth: 2, known: known) { return problem }
      for asset in numbers.children(of: path) {
        if case .failure(let fault) = tiers("\(path).\(asset)", in: numbers) {
          return (fault.parameter, fault.message)
        }
      }
    }
    for name in ["leverage", "closing_fee", "coin_factor"] where numbers[name, default: 0] < 0 {
      return (name, "below 0")
    }
    let leverage = numbers["leverage", default: 0]
    if leverage > 0, leverage < 1e-3 { return ("leverage", "of \(leverage), expected 0 or at least 0.001") }
    if numbers["coin_factor", default: 1] > 1 { return ("coin_factor", "above 1") }
    if numbers["closing_fee", default: 0] >= 1 { return ("closing_fee", "of the whole notional") }
    return nil
  }

  private struct Fault: Error {
    let parameter: String
    let message: String
  }

  /// The brackets under one path, by lower bound whatever the order of their numbers.
  private static func tiers(_ path: String, in numbers: ModelParameters) -> Result<MarginTiers, Fault> {
    var rows: [(name: String, lower: Double, rate: Double, initial: Double)] = []
    for row in numbers.children(of: path) {
      let name = "\(path).\(row)"
      guard let lower = numbers["\(name).lower"], let rate = numbers["\(name).rate"] else {
        return .failure(Fault(parameter: name, message: "without a lower bound and a rate"))
      }
      let stated = numbers["\(name).initial_rate"]
      let levered = numbers["\(name).max_leverage"].map { $0 > 0 ? 1 / $0 : .nan }
      if let stated, let levered, !(abs(stated - levered) <= 1e-3 * stated) {
        return .failure(
          Fault(parameter: "\(name).max_leverage", message: "beside an initial_rate that it contradicts"))
      }
      guard let initial = stated ?? levered else {
        return .failure(Fault(parameter: name, message: "without an initial_rate or max_leverage"))
      }
      guard initial >= rate else {
        return .failure(
          Fault(parameter: name, message: "with an initial_rate or max_leverage that its rate exceeds"))
      }
      rows.append((name, lower, rate, initial))
    }
    rows.sort { $0.lower < $1.lower }
    for (row, next) in zip(rows, rows.dropFirst()) where next.initial < row.initial {
      return .failure(
        Fault(parameter: next.name, message: "with less initial margin than the bracket below it"))
    }
    guard let tiers = TieredMaintenance(lowerBounds: rows.map(\.lower), rates: rows.map(\.rate)) else {
      let fault = rows.indices.first { place in
        guard place > 0 else { return rows[place].lower != 0 }
        let (row, below) = (rows[place], rows[place - 1])
        return !(row.lower > below.lower && row.rate >= below.rate && (0...1).contains(below.rate))
      }
      return .failure(
        Fault(
          parameter: fault.map { rows[$0].name } ?? rows.last?.name ?? path,
          message: "in brackets that do not begin at 0 and grow in bound and rate"))
    }
    return .success(MarginTiers(maintenance: tiers, initialRates: rows.map(\.initial)))
  }
}

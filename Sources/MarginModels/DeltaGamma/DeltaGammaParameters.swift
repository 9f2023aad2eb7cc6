/// Every number of margin from total delta and gamma.
struct DeltaGammaParameters: Hashable, Sendable {
  /// Relative price range by asset id; `other` for the rest.
  var ranges: [String: Double]
  var initialFactor: Double
  var maintenanceFactor: Double
  /// Part of a coin balance that counts, and that moves with spot.
  var coinFactor: Double
  var coinInRange: Double

  static let table = ParameterTable<Self>([
    .init("factor.initial", \.initialFactor, in: 0...10),
    .init("factor.maintenance", \.maintenanceFactor, in: 0...10),
    .init("coin.factor", \.coinFactor, in: 0...1),
    .init("coin.in_range", \.coinInRange, in: 0...1),
  ])

  /// Judged: ranges about those of published scenario grids, maintenance four fifths of initial.
  static let judged = DeltaGammaParameters(
    ranges: ["BTC": 0.15, "ETH": 0.15, "other": 0.25], initialFactor: 1, maintenanceFactor: 0.8,
    coinFactor: 1, coinInRange: 1)

  var parameters: [ModelDescription.Parameter] {
    ranges.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
      .init("range.\($0.key)", $0.value)
    }
      + Self.table.parameters(of: self)
  }

  /// The range of an asset; 0 where neither it nor `other` has one.
  func range(of asset: String) -> Double { ranges[asset] ?? ranges["other"] ?? 0 }

  /// What is wrong with a list of numbers.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    for entry in parameters.entries where entry.name.hasPrefix("range.") {
      guard entry.name.dropFirst("range.".count).allSatisfy({ $0 != "." }) else {
        return (entry.name, "which is no range of an asset")
      }
      let bounds = 0.001...0.99
      guard bounds.contains(entry.value) else {
        return (entry.name, ModelDescription.outside(entry.value, bounds))
      }
    }
    return table.problem(in: parameters)
      ?? parameters.disorder(of: [("factor.maintenance", "factor.initial")])
  }
}

extension DeltaGammaParameters {
  /// The set of a list of numbers; what the list lacks is as judged.
  init(_ parameters: ModelParameters) {
    self = Self.table.value(.judged, with: parameters)
    for asset in parameters.children(of: "range") { ranges[asset] = parameters["range.\(asset)"] }
  }
}

extension ModelDescription {
  static let deltaGamma = ModelDescription(
    name: ModelCatalogue.deltaGamma, modes: DeltaGammaModel.modes,
    confidence: "a recipe: the envelope is exact, the price ranges and factors are judged",
    source: "second-order Taylor envelope of the account's total delta and gamma over a price range",
    parameters: DeltaGammaParameters.judged.parameters,
    assumptions: [
      "delta-gamma: volatility and time stand still; each underlying is margined apart and summed",
      "delta-gamma: full_revaluation is the worst of 257 prices evenly over the same range, gap what it needs beyond the envelope",
      "delta-gamma: listed options are unsupported; coin contracts count at their USD payoff, as quantity / entry price coins",
    ])
}

extension ModelEntry {
  static let deltaGamma = ModelEntry(
    .deltaGamma, openTables: ["range"], check: DeltaGammaParameters.problem
  ) {
    DeltaGammaModel(name: $0, parameters: DeltaGammaParameters($1), context: $2, states: $3, team: $4)
  }
}

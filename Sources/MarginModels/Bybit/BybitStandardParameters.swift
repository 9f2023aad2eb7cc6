/// Every number of the standard margin of options at Bybit.
struct BybitStandardParameters: Hashable, Sendable {
  /// Fractions of the index, or of the mark where that is more: maintenance of an option sold.
  var maintenance: Double
  /// Fraction of the index that a liquidation would cost.
  var liquidationFee: Double
  /// Fraction of the index at the money, initial.
  var initialMaximum: Double
  /// Least fraction of the index, initial.
  var initialMinimum: Double
  /// Part of the value of a coin that counts.
  var coinFactor: Double

  /// As the venue documents them; that coins count in full is judged.
  static let documented = BybitStandardParameters(
    maintenance: 0.03, liquidationFee: 0.002, initialMaximum: 0.15, initialMinimum: 0.1, coinFactor: 1)

  static let table = ParameterTable<Self>([
    .init("option.maintenance", \.maintenance, in: 0...1),
    .init("option.liquidation_fee", \.liquidationFee, in: 0...1),
    .init("option.initial_maximum", \.initialMaximum, in: 0...1),
    .init("option.initial_minimum", \.initialMinimum, in: 0...1),
    .init("coin.factor", \.coinFactor, in: 0...1),
  ])

  var parameters: [ModelDescription.Parameter] { Self.table.parameters(of: self) }

  /// What is wrong with a list of numbers.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    table.problem(in: parameters)
      ?? parameters.disorder(of: [("option.initial_minimum", "option.initial_maximum")])
  }
}

extension BybitStandardParameters {
  /// The set of a list of numbers; what the list lacks is as documented.
  init(_ parameters: ModelParameters) { self = Self.table.value(.documented, with: parameters) }
}

extension ModelEntry {
  static let bybitStandard = ModelEntry(.bybitStandard, check: BybitStandardParameters.problem) {
    BybitStandardModel(
      name: $0, parameters: BybitStandardParameters($1), context: $2, states: $3, team: $4)
  }
}

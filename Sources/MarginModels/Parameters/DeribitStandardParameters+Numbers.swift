/// The numbers of Deribit standard margin by name, as a description lists them and a user's model file changes them.
extension DeribitStandardParameters {
  static let futureTable = ParameterTable<FutureTerms>([
    .init("initial", \.initial, in: 0...1), .init("maintenance", \.maintenance, in: 0...1),
    .init("slope_per_unit", \.slope, in: 0...1),
  ])

  static let table = ParameterTable<Self>([
    .init("option.initial_maximum", \.optionMaximum, in: 0...1),
    .init("option.initial_minimum", \.optionMinimum, in: 0...1),
    .init("option.call_maintenance", \.callMaintenance, in: 0...1),
    .init("option.put_maintenance", \.putMaintenance, in: 0...1),
  ])

  /// Tables that a model file may fill with assets of its own.
  static let openTables = ["future"]

  var parameters: [ModelDescription.Parameter] {
    Self.futureTable.parameters(of: futures, by: \.asset, under: "future") + Self.table.parameters(of: self)
  }

  /// The set of a list of numbers; what the list lacks is as documented.
  package init(_ parameters: ModelParameters) {
    self = Self.table.value(.documented, with: parameters)
    futures = Self.futureTable.rows(in: parameters, under: "future") {
      FutureTerms($0, initial: 1, maintenance: 1, slope: 0)
    }
  }

  /// What is wrong with a list of numbers; initial margin is held to no less than maintenance margin.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    futureTable.problem(ofRowsIn: parameters, under: "future")
      ?? table.problem(in: parameters)
      ?? parameters.disorder(ofRowsUnder: "future", lesser: "maintenance", greater: "initial")
      ?? parameters.disorder(of: [
        ("option.initial_minimum", "option.initial_maximum"),
        ("option.call_maintenance", "option.initial_minimum"),
      ])
  }
}

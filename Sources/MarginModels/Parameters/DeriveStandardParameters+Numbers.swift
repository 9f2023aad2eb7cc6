/// The numbers of the standard manager by name, as a description lists them and a user's model file changes them.
extension DeriveStandardParameters {
  static let perpetualTable = ParameterTable<PerpetualTerms>([
    .init("maintenance", \.maintenance, in: 0...1), .init("initial", \.initial, in: 0...1),
  ])

  static let baseTable = ParameterTable<BaseTerms>([
    .init("factor", \.factor, in: 0...1), .init("initial_scale", \.initialScale, in: 0...1),
  ])

  static let table = ParameterTable<Self>([
    .init("option.initial_maximum", \.optionMaximum, in: 0...1),
    .init("option.initial_minimum", \.optionMinimum, in: 0...1),
    .init("option.call_maintenance", \.callMaintenance, in: 0...1),
    .init("option.put_maintenance", \.putMaintenance, in: 0...1),
    .init("option.put_value_maintenance", \.putValueMaintenance, in: 0...1),
    .init("option.put_initial_over_maintenance", \.putInitialOverMaintenance, in: 1...10),
    .init("option.unpaired_initial", \.unpairedInitial, in: 0...10),
    .init("option.unpaired_maintenance", \.unpairedMaintenance, in: 0...10),
    .init("oracle.perpetual_threshold", \.perpetualThreshold, in: 0...1),
    .init("oracle.option_threshold", \.optionThreshold, in: 0...1),
    .init("oracle.collateral_threshold", \.baseThreshold, in: 0...1),
    .init("oracle.factor", \.confidenceFactor, in: 0...10),
    .init("peg.threshold", \.pegThreshold, in: 0...1),
    .init("peg.factor", \.pegFactor, in: 0...100),
  ])

  /// Tables that a model file may fill with assets of its own.
  static let openTables = ["perpetual", "collateral"]

  var parameters: [ModelDescription.Parameter] {
    Self.perpetualTable.parameters(of: perpetuals, by: \.asset, under: "perpetual")
      + Self.baseTable.parameters(of: bases, by: \.asset, under: "collateral")
      + Self.table.parameters(of: self)
  }

  /// The set of a list of numbers; what the list lacks is as deployed.
  package init(_ parameters: ModelParameters) {
    self = Self.table.value(.mainnet, with: parameters)
    perpetuals = Self.perpetualTable.rows(in: parameters, under: "perpetual") {
      PerpetualTerms($0, maintenance: 1, initial: 1)
    }
    bases = Self.baseTable.rows(in: parameters, under: "collateral") {
      BaseTerms($0, factor: 0, initialScale: 1)
    }
  }

  /// What is wrong with a list of numbers; initial margin is held to no less than maintenance margin.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    perpetualTable.problem(ofRowsIn: parameters, under: "perpetual")
      ?? baseTable.problem(ofRowsIn: parameters, under: "collateral")
      ?? table.problem(in: parameters)
      ?? parameters.disorder(ofRowsUnder: "perpetual", lesser: "maintenance", greater: "initial")
      ?? parameters.disorder(of: [
        ("option.initial_minimum", "option.initial_maximum"),
        ("option.call_maintenance", "option.initial_minimum"),
        ("option.unpaired_maintenance", "option.unpaired_initial"),
      ])
  }
}

/// The numbers of Deribit portfolio margin by name, as a description lists them and a user's model file changes them.
extension DeribitPortfolioParameters {
  static let pairTable = ParameterTable<PairTerms>([
    .init("price_range", \.priceRange, in: 0.001...0.99),
    .init("volatility_range_up", \.volatilityUp.range, in: 0...10),
    .init("volatility_range_down", \.fall, in: 0...1),
    .init("minimum_volatility_up", \.volatilityUp.minimum, in: 0...10),
    .init("short_term_vega_power", \.shortTermPower, in: 0...2),
    .init("long_term_vega_power", \.longTermPower, in: 0...2),
    .init("delta_shock.slope", \.deltaShockSlope, in: 0...1),
    .init("delta_shock.threshold", \.deltaShockThreshold, in: 0...1e12),
    .init("delta_shock.maximum", \.deltaShockMaximum, in: 0...1),
  ])

  static let currencyTable = ParameterTable<CurrencyTerms>([
    .init("minimum_move", \.minimumMove, in: 0...1), .init("annual_move_risk", \.annualMoveRisk, in: 0...2),
    .init("extended_dampener", \.extendedDampener, in: 0...1e12),
    .init("gain_offset", \.gainOffset, in: 0...1), .init("maximum_offset", \.maximumOffset, in: 0...1e12),
  ])

  static let table = ParameterTable<Self>([
    .init("extended.factor", \.extendedFactor, in: 0...10),
    .init("matrix.buckets_each_side", \.buckets, in: 1...9, isWhole: true),
    .init("matrix.maintenance_factor", \.maintenanceFactor, in: 0...1),
    .init("collateral.haircut", \.collateralHaircut, in: 0...1),
    .init("collateral.in_matrix", \.collateralInMatrix, in: 0...1),
    .init("settlement.window_seconds", \.settlementWindow, in: 0...86_400),
  ])

  /// Tables that a model file may fill with assets and moves of its own.
  static let openTables = ["pair", "coin", "extended"]
  /// The most columns of one matrix: the decisive ones are bits of one word.
  private static let mostColumns = 64

  /// Price buckets on each side, as the number that a list holds.
  private var buckets: Double {
    get { Double(bucketCount) }
    set { bucketCount = Int(exactly: newValue.rounded()) ?? bucketCount }
  }

  var parameters: [ModelDescription.Parameter] {
    Self.pairTable.parameters(of: pairs, by: \.asset, under: "pair")
      + Self.currencyTable.parameters(of: coins, by: \.asset, under: "coin")
      + Self.currencyTable.parameters(of: linear, under: "linear")
      + extendedMoves.enumerated().map { .init("extended.move.\($0 + 1)", $1) }
      + Self.table.parameters(of: self)
  }

  /// The set of a list of numbers; what the list lacks is as documented.
  package init(_ parameters: ModelParameters) {
    self = Self.table.value(.documented, with: parameters)
    pairs = Self.pairTable.rows(in: parameters, under: "pair") {
      PairTerms($0, priceRange: 1, volatilityUp: 1, volatilityDown: 1)
    }
    let linear = Self.currencyTable.value(linear, with: parameters, under: "linear")
    self.linear = linear
    coins = Self.currencyTable.rows(in: parameters, under: "coin") { asset in
      var terms = linear
      terms.asset = asset
      return terms
    }
    extendedMoves = Self.moves(in: parameters).compactMap { parameters[$0] }
  }

  private static func moves(in parameters: ModelParameters) -> [String] {
    parameters.children(of: "extended.move").map { "extended.move.\($0)" }
  }

  /// What is wrong with a list of numbers.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    pairTable.problem(ofRowsIn: parameters, under: "pair")
      ?? currencyTable.problem(ofRowsIn: parameters, under: "coin")
      ?? currencyTable.problem(in: parameters, under: "linear")
      ?? table.problem(in: parameters) ?? problem(ofMovesIn: parameters)
  }

  private static func problem(ofMovesIn parameters: ModelParameters) -> ParameterProblem? {
    for name in moves(in: parameters) {
      guard let move = parameters[name] else { return (name, "missing") }
      guard (-0.99...100).contains(move), abs(move) >= 0.001 else {
        return (
          name, "of \(ModelDescription.text(move)), expected a move of spot of -0.99 to 100 that is not 0"
        )
      }
    }
    for entry in parameters.entries where entry.name.hasPrefix("extended.") {
      let isKnown = entry.name == "extended.factor" || moves(in: parameters).contains(entry.name)
      if !isKnown { return (entry.name, "which is no extended.move.1, extended.move.2 and so on") }
    }
    let buckets = parameters["matrix.buckets_each_side", default: 0]
    let columns = 3 * (2 * buckets + 1) + Double(moves(in: parameters).count)
    guard columns <= Double(mostColumns) else {
      return (
        "matrix.buckets_each_side",
        "of \(ModelDescription.text(buckets)), which with its extended moves makes more than "
          + "\(mostColumns) columns"
      )
    }
    return nil
  }
}

extension DeribitPortfolioParameters.PairTerms: TwoSidedVolatility {
  /// Fall of volatility at 30 days, as a positive number.
  fileprivate var fall: Double {
    get { -volatilityDown.range }
    set { volatilityDown.range = -newValue }
  }
}

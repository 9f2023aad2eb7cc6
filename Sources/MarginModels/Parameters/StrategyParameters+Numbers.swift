import MarketModel

/// The numbers of strategy margin by name, as a description lists them and a user's model file changes them.
extension StrategyParameters {
  static let table = ParameterTable<Self>([
    .init("uncovered.equity", \.equityRate, in: 0...1),
    .init("uncovered.broad_index", \.broadRate, in: 0...1),
    .init("uncovered.minimum", \.minimumRate, in: 0...1),
    .init("long.requirement", \.longRate, in: 0...1),
    .init("long.beyond_nine_months", \.longDatedRate, in: 0...1),
    .init("stock.initial", \.stockInitial, in: 0...1),
    .init("stock.long_maintenance", \.longStockMaintenance, in: 0...1),
    .init("stock.short_maintenance", \.shortStockMaintenance, in: 0...1),
    .init("hedged.strike_rate", \.hedgedRate, in: 0...1),
    .init("collar.call_strike_rate", \.collarRate, in: 0...1),
    .init("grouping.exact_size", \.exactCells, in: 0...10_000_000, isWhole: true),
  ])

  /// Size of the exact grouping, as the number that a list holds.
  private var exactCells: Double {
    get { Double(exactSize) }
    set { exactSize = Int(exactly: newValue.rounded()) ?? exactSize }
  }

  /// The rules, then the well-known underlyings: rate of an uncovered short, and leverage.
  var parameters: [ModelDescription.Parameter] {
    Self.table.parameters(of: self)
      + WellKnownSecurities.numbers { [("uncovered_rate", uncoveredRate(of: $0))] }
  }

  /// The set of a list of numbers; what the list lacks is as built.
  package init(_ parameters: ModelParameters) { self = Self.table.value(Self(), with: parameters) }

  /// Rates of well-known underlyings that follow from the rules where a model file does not name them.
  static func followers(of parameters: ModelParameters) -> [(name: String, value: Double)] {
    let set = Self(parameters)
    return WellKnownSecurities.margined.map { entry in
      var terms = SecurityTerms(entry)
      terms.leverage = parameters["\(entry.path).leverage", default: entry.leverage]
      return ("\(entry.path).uncovered_rate", set.uncoveredRate(of: terms))
    }
  }

  /// What is wrong with a list of numbers.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    table.problem(in: parameters) ?? WellKnownSecurities.problem(in: parameters, ("uncovered_rate", 0...1))
  }
}

/// The numbers of customer portfolio margin by name.
extension TimsParameters {
  static let table = ParameterTable<Self>(
    [
      .init("points_per_side", \.pointCount, in: 1...50, isWhole: true),
      .init("minimum_per_multiplier", \.minimumPerUnit, in: 0...1_000),
      // What offsets what is a matter of the run, so that no other number is true of the model.
      .init("product_group.offset", \.unnamedOffset, in: 0...0),
    ])

  static let rangeTable = ParameterTable<Range>([
    .init("down", \.down, in: -0.99...(-0.001)), .init("up", \.up, in: 0.001...10),
  ])

  private static let ranges: [(SecurityClass, any WritableKeyPath<Self, Range> & Sendable)] = [
    (.equity, \.equity), (.narrowIndex, \.narrowIndex), (.broadIndex, \.broadIndex),
    (.highCapIndex, \.highCapIndex),
  ]

  /// Points on each side, as the number that a list holds.
  private var pointCount: Double {
    get { Double(pointsPerSide) }
    set { pointsPerSide = Int(exactly: newValue.rounded()) ?? pointsPerSide }
  }

  /// The offset of product groups that the run does not name.
  private var unnamedOffset: Double {
    get { 0 }
    set {}
  }

  /// The rules, then the well-known underlyings: units of the leading index, and leverage.
  var parameters: [ModelDescription.Parameter] {
    Self.ranges.flatMap { name, path in
      Self.rangeTable.parameters(of: self[keyPath: path], under: "range.\(name.rawValue)")
    } + Self.table.parameters(of: self) + WellKnownSecurities.numbers { [("units", $0.units)] }
  }

  /// The set of a list of numbers; what the list lacks is as built.
  package init(_ parameters: ModelParameters) {
    self = Self.table.value(Self(), with: parameters)
    for (name, path) in Self.ranges {
      self[keyPath: path] = Self.rangeTable.value(
        self[keyPath: path], with: parameters, under: "range.\(name.rawValue)")
    }
  }

  /// What is wrong with a list of numbers.
  static func problem(in parameters: ModelParameters) -> ParameterProblem? {
    for (name, _) in ranges {
      if let problem = rangeTable.problem(in: parameters, under: "range.\(name.rawValue)") { return problem }
    }
    return table.problem(in: parameters) ?? WellKnownSecurities.problem(in: parameters, ("units", 0...1e6))
  }
}

// MARK: Well-known underlyings

extension WellKnownSecurities.Entry {
  /// Where a list of numbers has the underlying: class and class group are in the name.
  var path: String { "security.\(asset).\(securityClass.rawValue).group.\(group)" }
}

extension SecurityTerms {
  init(_ entry: WellKnownSecurities.Entry) {
    self.init(
      securityClass: entry.securityClass, leverage: entry.leverage, group: entry.group, units: entry.units,
      product: entry.group)
  }
}

extension WellKnownSecurities {
  /// Those that the models of listed contracts margin, in the order of the table.
  static var margined: [Entry] { entries.filter { $0.securityClass != .none } }

  /// Some figures of each underlying, then its leverage.
  static func numbers(_ figures: (SecurityTerms) -> [(name: String, value: Double)])
    -> [ModelDescription.Parameter]
  {
    margined.flatMap { entry in
      figures(SecurityTerms(entry)).map { .init("\(entry.path).\($0.name)", $0.value) }
        + [.init("\(entry.path).leverage", entry.leverage)]
    }
  }

  static func problem(
    in parameters: ModelParameters, _ figure: (name: String, range: ClosedRange<Double>)
  ) -> ParameterProblem? {
    for entry in margined {
      for (name, range) in [figure, ("leverage", 0.01...100)] {
        let path = "\(entry.path).\(name)"
        guard let value = parameters[path] else { return (path, "missing") }
        guard range.contains(value) else {
          return (path, ModelDescription.outside(value, range))
        }
      }
    }
    return nil
  }
}

extension MarginContext {
  /// The context with the underlyings as a list of numbers has them.
  ///
  /// An underlying on which the run has words of its own keeps the run's: they are nearer to the book.
  func applying(_ parameters: ModelParameters) -> MarginContext {
    var changed = self
    for place in assets.indices {
      guard let entry = WellKnownSecurities.margined.first(where: { $0.asset == assets[place].id.text }),
        securities[place].matches(entry)
      else { continue }
      changed.securities[place].leverage = parameters["\(entry.path).leverage", default: entry.leverage]
      changed.securities[place].units = parameters["\(entry.path).units", default: entry.units]
      changed.securities[place].uncoveredRate = parameters["\(entry.path).uncovered_rate"]
    }
    return changed
  }
}

extension SecurityTerms {
  /// Whether nothing but the table speaks of it; its product group is the run's in any case.
  fileprivate func matches(_ entry: WellKnownSecurities.Entry) -> Bool {
    securityClass == entry.securityClass && leverage == entry.leverage && group == entry.group
      && units == entry.units
  }
}

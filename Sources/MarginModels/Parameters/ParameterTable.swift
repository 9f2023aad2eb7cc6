/// What is wrong with a number, in the words that follow its name.
package typealias ParameterProblem = (parameter: String, message: String)

/// The numbers of a parameter set under the names by which reports and model files know them.
///
/// One list describes a set, reads it back and says what is wrong with it, so that the three cannot drift apart.
package struct ParameterTable<Value: Sendable>: Sendable {
  /// One number of the set.
  package struct Number: Sendable {
    /// Below the path of the set or row.
    let name: String
    let path: any WritableKeyPath<Value, Double> & Sendable
    let range: ClosedRange<Double>
    let isWhole: Bool

    /// A number from its name, its place in the set and the range it is held to.
    package init(
      _ name: String, _ path: any WritableKeyPath<Value, Double> & Sendable, in range: ClosedRange<Double>,
      isWhole: Bool = false
    ) {
      self.name = name
      self.path = path
      self.range = range
      self.isWhole = isWhole
    }
  }

  /// In the order of a report.
  package let numbers: [Number]

  package init(_ numbers: [Number]) { self.numbers = numbers }

  /// The numbers of one set, below a path.
  package func parameters(of value: Value, under path: String = "") -> [ModelDescription.Parameter] {
    numbers.map { ModelDescription.Parameter(Self.name($0.name, under: path), value[keyPath: $0.path]) }
  }

  /// The set with the numbers that a list holds of it; those that it lacks stay.
  package func value(_ base: Value, with parameters: ModelParameters, under path: String = "") -> Value {
    var value = base
    for number in numbers {
      if let found = parameters[Self.name(number.name, under: path)] { value[keyPath: number.path] = found }
    }
    return value
  }

  /// The first number that is missing, out of its range or not whole where it counts something.
  package func problem(in parameters: ModelParameters, under path: String = "") -> ParameterProblem? {
    for number in numbers {
      let name = Self.name(number.name, under: path)
      guard let value = parameters[name] else { return (name, "missing") }
      guard number.range.contains(value) else {
        return (name, ModelDescription.outside(value, number.range))
      }
      guard !number.isWhole || value == value.rounded() else {
        return (name, "of \(ModelDescription.text(value)), expected a whole number")
      }
    }
    return nil
  }

  private static func name(_ name: String, under path: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }
}

// MARK: Rows by asset

extension ParameterTable {
  /// The numbers of rows by asset: `perpetual.BTC.initial`, `perpetual.other.initial`.
  package func parameters(
    of rows: [Value], by asset: (Value) -> String, under path: String
  ) -> [ModelDescription.Parameter] {
    rows.flatMap { parameters(of: $0, under: "\(path).\(ModelDescription.label(asset($0)))") }
  }

  /// One row for each asset that a list names below a path, in its order.
  ///
  /// - Parameter make: a row to fill, of an asset; empty for every asset that is not named.
  package func rows(
    in parameters: ModelParameters, under path: String, _ make: (_ asset: String) -> Value
  ) -> [Value] {
    parameters.children(of: path).map { label in
      value(make(ModelDescription.asset(label)), with: parameters, under: "\(path).\(label)")
    }
  }

  /// As `problem(in:under:)` of each row; a name that no row has is a problem as well.
  package func problem(ofRowsIn parameters: ModelParameters, under path: String) -> ParameterProblem? {
    for label in parameters.children(of: path) {
      let prefix = "\(path).\(label)."
      for entry in parameters.entries where entry.name.hasPrefix(prefix) {
        let name = entry.name.dropFirst(prefix.count)
        guard numbers.contains(where: { $0.name == name }) else {
          let known = numbers.map(\.name).joined(separator: ", ")
          return (entry.name, "which no row of \(path) has, only \(known)")
        }
      }
      if let problem = problem(in: parameters, under: "\(path).\(label)") { return problem }
    }
    for entry in parameters.entries
    where entry.name.hasPrefix("\(path).") && !entry.name.dropFirst(path.count + 1).contains(".") {
      return (entry.name, "without the name of a number behind it")
    }
    return nil
  }
}

extension ModelParameters {
  /// Where one number is more than another that bounds it from above.
  ///
  /// - Parameter pairs: names of numbers that are there, the lesser first.
  func disorder(of pairs: [(lesser: String, greater: String)]) -> ParameterProblem? {
    for pair in pairs {
      guard let lesser = self[pair.lesser], let greater = self[pair.greater], lesser > greater else {
        continue
      }
      let (more, less) = (ModelDescription.text(greater), ModelDescription.text(lesser))
      return (pair.greater, "of \(more), less than \(pair.lesser) of \(less)")
    }
    return nil
  }

  /// The same for two numbers of every row below a path.
  func disorder(ofRowsUnder path: String, lesser: String, greater: String) -> ParameterProblem? {
    disorder(of: children(of: path).map { ("\(path).\($0).\(lesser)", "\(path).\($0).\(greater)") })
  }

  /// The first name below a path that none of its rows has.
  ///
  /// - Parameters:
  ///   - depth: parts of a name between path and number: 1 for rows by asset, 2 for numbered rows of an asset.
  ///   - known: what a row may have.
  func stranger(under path: String, depth: Int, known: [String]) -> ParameterProblem? {
    for entry in entries where entry.name.hasPrefix(path + ".") {
      let parts = entry.name.dropFirst(path.count + 1).split(separator: ".", omittingEmptySubsequences: false)
      let isKnown = parts.count == depth + 1 && known.contains { parts[depth].elementsEqual($0) }
      guard isKnown, parts.allSatisfy({ !$0.isEmpty }) else {
        return (entry.name, "which no row of \(path) has, only \(known.joined(separator: ", "))")
      }
    }
    return nil
  }
}

extension ModelDescription {
  /// A number as a list of parameters shows it.
  static func text(_ value: Double) -> String { Parameter("", value).value }

  /// What is wrong with a number outside its range, in the words that follow its name.
  static func outside(_ value: Double, _ range: ClosedRange<Double>) -> String {
    "of \(text(value)), expected \(text(range.lowerBound)) to \(text(range.upperBound))"
  }
}

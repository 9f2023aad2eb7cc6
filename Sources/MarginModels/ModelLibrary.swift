public import MarketModel
package import RiskNumerics

/// The models of a run by name: those that are built, then those that its user defines.
public struct ModelLibrary: Sendable {
  let entries: [ModelEntry]
  /// Arrays and terms that `span` takes in place of its own.
  package let spanFile: SpanFile?

  /// The built models alone.
  public static let builtIn = ModelLibrary(entries: ModelCatalogue.table, spanFile: nil)

  private init(entries: [ModelEntry], spanFile: SpanFile?) {
    self.entries = entries
    self.spanFile = spanFile
  }

  /// The built models and a user's own.
  ///
  /// - Parameters:
  ///   - definitions: a model each.
  ///   - spanFile: what `span` and the models on it take their arrays and terms from; nil where they price their own.
  /// - Throws: `MarginError.definition` where a definition does not fit its base.
  public init(adding definitions: [ModelDefinition], spanFile: SpanFile? = nil) throws(MarginError) {
    var entries = ModelCatalogue.table
    if let spanFile, let place = entries.firstIndex(where: { $0.description.name == ModelCatalogue.span }) {
      entries[place].description.describe(spanFile)
    }
    for definition in definitions {
      func fault(_ path: String, _ message: String) -> MarginError {
        .definition(file: definition.file, path: path, message: message)
      }
      guard !entries.contains(where: { $0.description.name == definition.name }) else {
        throw fault("/name", "found the name \(definition.name), which another model has")
      }
      guard MarginVenue.named(definition.name) == nil else {
        throw fault("/name", "found the name \(definition.name), which is that of a venue")
      }
      let built = entries.prefix(ModelCatalogue.table.count)
      guard let base = built.first(where: { $0.description.name == definition.base }) else {
        throw fault(
          "/base",
          "found the base \(definition.base), expected one of \(ModelCatalogue.names.joined(separator: ", "))"
        )
      }
      var defined = try base.defined(by: definition)
      if spanFile != nil, definition.base == ModelCatalogue.span {
        defined.description.assumptions[0] =
          "\(definition.name): the arrays and terms of the SPAN file stand in place of the numbers of \(definition.file)"
      }
      entries.append(defined)
    }
    self.entries = entries
    self.spanFile = spanFile
  }

  /// The models that a run may name.
  ///
  /// - Throws: as `init(adding:spanFile:)`.
  public init(of plan: RunPlan) throws(MarginError) {
    try self.init(adding: plan.modelDefinitions, spanFile: plan.spanFile)
  }

  /// In the order of a report: the built ones first.
  public var names: [String] { entries.map(\.description.name) }
  /// In the order of `names`.
  public var descriptions: [ModelDescription] { entries.map(\.description) }

  func entry(_ name: String) -> ModelEntry? {
    entries.first { $0.description.name.utf8.elementsEqual(name.utf8) }
  }

  /// Whether a model's figures come from the closes of the past.
  public func needsHistory(_ name: String) -> Bool {
    entry(name)?.description.parameters.contains { $0.name == "lookback_days" } ?? false
  }

  /// The model of a name; nil where there is none.
  public func description(of name: String) -> ModelDescription? { entry(name)?.description }

  /// Checks that a model is there and has every number it needs.
  ///
  /// - Throws: `MarginError.unknownModel` or `MarginError.parametersMissing`.
  public func check(_ name: String) throws(MarginError) {
    guard let entry = entry(name) else { throw .unknownModel(name: name, known: names) }
    let missing = entry.description.parameters.filter { $0.number == nil }.map(\.name)
    guard missing.isEmpty else { throw .parametersMissing(model: name, parameters: missing) }
  }

  /// Checks that a model can stand for a mode.
  ///
  /// - Throws: `MarginError.unknownModel`, `.parametersMissing` or `.modeNotOffered`.
  package func check(_ name: String, offers mode: MarginMode) throws(MarginError) {
    try check(name)
    guard let entry = entry(name), entry.description.modes.contains(mode) else {
      throw .modeNotOffered(model: name, mode: mode)
    }
  }

  /// Checks that the models of a comparison offer the modes they stand for.
  ///
  /// - Throws: as `check(_:offers:)`.
  package func check(_ plan: ComparisonPlan) throws(MarginError) {
    try check(plan.isolated, offers: .isolated)
    try check(plan.cross, offers: .cross)
    try check(plan.portfolio, offers: .portfolio)
  }

  /// Prepares a model by name, with its parameters.
  ///
  /// - Parameter states: the first is taken as today's market.
  /// - Throws: `MarginError.unknownModel` or `.parametersMissing`.
  package func prepare(
    _ name: String, context: MarginContext, states: [MarketState], team: ThreadTeam
  ) throws(MarginError) -> any ReportableModel {
    try check(name)
    guard let entry = entry(name) else { throw .unknownModel(name: name, known: names) }
    return entry.prepare(name, ModelParameters(of: entry.description), context, states, team)
  }
}

extension ModelParameters {
  init(of description: ModelDescription) {
    self.init(
      description.parameters.compactMap { parameter in
        parameter.number.map { (name: parameter.name, value: $0) }
      })
  }
}

extension ModelEntry {
  /// The entry with the numbers of a definition.
  ///
  /// A definition that names a number of a table with numbered rows (`tier.BTC.1.rate` where `tier` is open)
  /// replaces that whole table: rows that it does not list are gone, not kept from the base. In a table by name
  /// (`collateral.BTC.factor` where `collateral` is open) it changes that one number, or adds it.
  func defined(by definition: ModelDefinition) throws(MarginError) -> ModelEntry {
    var numbers = description.parameters
    var replaced: [String] = []
    for (place, parameter) in definition.parameters.enumerated() {
      func fault(_ message: String) -> MarginError {
        .definition(file: definition.file, path: "/parameters/\(place)", message: message)
      }
      guard parameter.value.isFinite else { throw fault("found a number that is not finite") }
      guard !definition.parameters[..<place].contains(where: { $0.name == parameter.name }) else {
        throw fault("found the parameter \(parameter.name) twice")
      }
      let table = openTable(of: parameter.name)
      if let table, table.isNumbered, !replaced.contains(table.path) {
        replaced.append(table.path)
        numbers.removeAll { $0.name.hasPrefix(table.path + ".") || $0.name == table.path }
      }
      if let known = numbers.firstIndex(where: { $0.name == parameter.name }) {
        numbers[known] = .init(parameter.name, parameter.value)
      } else if table != nil {
        numbers.append(.init(parameter.name, parameter.value))
      } else {
        throw fault("found \(parameter.name), which \(definition.base) has no parameter of")
      }
    }
    for follower in followers(ModelParameters(of: ModelDescription(base: description, parameters: numbers)))
    where !definition.parameters.contains(where: { $0.name == follower.name }) {
      guard let place = numbers.firstIndex(where: { $0.name == follower.name }) else { continue }
      numbers[place] = .init(follower.name, follower.value)
    }
    if let problem = check(ModelParameters(of: ModelDescription(base: description, parameters: numbers))) {
      // A fault of a row stands at the first number of that row; one between two numbers at the one that the file has.
      let place =
        definition.parameters.firstIndex {
          $0.name == problem.parameter || $0.name.hasPrefix(problem.parameter + ".")
        }
        ?? definition.parameters.firstIndex { parameter in
          problem.message.split(separator: " ").contains { $0.elementsEqual(parameter.name) }
        }
      throw .definition(
        file: definition.file, path: place.map { "/parameters/\($0)" } ?? "/parameters",
        message: "found \(problem.parameter) \(problem.message)")
    }
    var defined = self
    defined.description = ModelDescription(base: description, parameters: numbers)
    defined.description.name = definition.name
    defined.description.confidence =
      definition.confidence ?? "the rules of \(definition.base) with numbers of \(definition.file)"
    defined.description.source = definition.source ?? definition.file
    // Sentences of the base are of its numbers: those of the file may make them untrue.
    let prefix = definition.base + ": "
    defined.description.assumptions =
      [
        "\(definition.name): the rules of \(definition.base) with the numbers of a model file; what is said of \(definition.base) holds where they are its own"
      ]
      + description.assumptions.map { sentence in
        let own = sentence.hasPrefix(prefix) ? String(sentence.dropFirst(prefix.count)) : sentence
        return "\(definition.name): (\(definition.base)) \(own)"
      }
    return defined
  }

  /// The open table that a name belongs to: the open path and the next part of the name; numbered where a number
  /// comes after it.
  private func openTable(of name: String) -> (path: String, isNumbered: Bool)? {
    for path in openTables where name.hasPrefix(path + ".") {
      let parts = name.dropFirst(path.count + 1).split(separator: ".", maxSplits: 2)
      guard let child = parts.first else { continue }
      let isNumbered = parts.count > 1 && parts[1].allSatisfy { $0.isASCII && $0.isNumber }
      return ("\(path).\(child)", isNumbered)
    }
    return nil
  }
}

extension ModelDescription {
  fileprivate init(base: ModelDescription, parameters: [Parameter]) {
    self = base
    self.parameters = parameters
  }
}

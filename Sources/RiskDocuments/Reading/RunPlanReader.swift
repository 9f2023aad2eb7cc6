import MarginModels
import MarketModel
import StructuredText

/// Reads `run.json`.
///
/// A value of the wrong shape is bad data; a measure, model, method or distribution that
/// is not built is a wrong use of the program and is named.
enum RunPlanReader {
  static let keys =
    [
      "schema", "seed", "measures", "value_at_risk", "margin", "compare", "listed", "stress",
      "reverse_stress",
    ]
    + factorKeys
  static let mostPaths = 100_000_000
  static let mostEntries = 10_000

  /// - Parameter models: margin models that the plan may name beside the built ones.
  static func read(_ tree: Tree, models: [ModelDefinition] = []) throws(DocumentError) -> RunPlan {
    do throws(ReadingFault) {
      let root = try ObjectReader(tree.node, at: "", in: tree, keys: keys)
      try root.schema("plimsoll.run/1")
      var plan = RunPlan(modelDefinitions: models)
      if root["seed"] != nil { plan.seed = try seed(root) }
      if root["measures"] != nil { plan.measures = try measures(root) }
      if root["value_at_risk"] != nil { plan.valueAtRisk = try valueAtRisk(root) }
      let factors = try factors(root)
      for place in plan.valueAtRisk.indices { plan.valueAtRisk[place].factors = factors }
      if plan.valueAtRisk.isEmpty, plan.measures.contains(.valueAtRisk) {
        throw root.fault(
          "value_at_risk", .missing,
          "expected at least one entry, because the measure is asked for, found none")
      }
      try readMargin(root, into: &plan)
      if root["listed"] != nil { plan.listed = try listed(root) }
      if root["stress"] != nil { plan.stress = try stress(root) }
      if root["reverse_stress"] != nil { plan.reverseStress = try reverseStress(root) }
      return plan
    } catch { throw error.stop }
  }

  /// Something asked for that is not built.
  static func notBuilt(
    _ object: ObjectReader, _ key: String, _ what: String, _ name: String, built: [String]
  ) -> ReadingFault {
    .file(
      DocumentError(
        kind: .usage, path: object.tree.path(object.pointer + "/" + key),
        message: "the \(what) \(Spelling.quoted(name)) is not built, expected one of "
          + built.joined(separator: ", ")))
  }

  private static func seed(_ root: ObjectReader) throws(ReadingFault) -> UInt64 {
    let node = try root.node("seed")
    if case .number(let number) = node.value, let seed = UInt64(number.text) { return seed }
    throw root.fault(
      "seed", .invalid, "expected a whole number from 0 to 18446744073709551615, found \(node.value.kind)")
  }

  static func names(_ object: ObjectReader, _ key: String) throws(ReadingFault) -> [String] {
    var names: [String] = []
    for (place, node) in try object.list(key).enumerated() {
      guard case .string(let name) = node.value else {
        throw object.fault("\(key)/\(place)", .invalid, "expected a string, found \(node.value.kind)")
      }
      guard !names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        throw object.fault("\(key)/\(place)", .duplicate, "found \(Spelling.quoted(name)) twice")
      }
      names.append(name)
      guard names.count <= 100 else { throw object.fault(key, .limit, "expected at most 100 names") }
    }
    return names
  }

  private static func measures(_ root: ObjectReader) throws(ReadingFault) -> [Measure] {
    var measures: [Measure] = []
    for (place, name) in try names(root, "measures").enumerated() {
      guard let measure = Measure(rawValue: name) else {
        throw notBuilt(
          root, "measures/\(place)", "measure", name, built: Measure.allCases.map(\.rawValue))
      }
      measures.append(measure)
    }
    return measures
  }

  static func entries(_ root: ObjectReader, _ key: String) throws(ReadingFault) -> [JSONNode] {
    let list = try root.list(key)
    guard list.count <= mostEntries else {
      throw root.fault(key, .limit, "expected at most \(mostEntries) entries, found \(list.count)")
    }
    return list
  }
}

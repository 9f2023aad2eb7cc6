import CommandLineKit
import MarginModels
import MarketModel
import RiskDocuments
import StructuredText

/// `plimsoll models`: the named margin models with their parameters.
enum ModelsCommand {
  private static let template = Option<String?>(
    "template", value: "NAME", help: "a model file with every number of this model, to change and to name")

  static let command = Command(
    "models", abstract: "The margin models by name: modes, how far they are trusted, every parameter.",
    options: rows(template, CommonOptions.format),
    examples: [
      Example("plimsoll models --format json", "every parameter, as data"),
      Example("plimsoll models --template deribit-sm > mine.json", "a model file to change and name"),
    ]
  ) { line throws(CommandError) in
    if let name = line(template) { return try printTemplate(of: name, to: line) }
    let models = ModelDescription.all
    switch line(CommonOptions.format) ?? (line.out.isTerminal ? .table : .json) {
    case .table:
      let rows = models.map { [$0.name, modes($0).joined(separator: ", "), $0.confidence] }
      let table = TextTable(head: ["model", "modes", "confidence"], rows: rows, leftColumns: 3)
      try line.out.write(Array(table.text().utf8))
    case .json:
      var json = JSONWriter(indentation: 2)
      json.beginArray()
      for model in models { write(model, to: &json) }
      json.endArray()
      json.newline()
      try line.out.write(json.bytes)
    case .jsonl:
      var json = JSONWriter()
      for model in models {
        write(model, to: &json)
        json.newline()
      }
      try line.out.write(json.bytes)
    }
    return ExitStatus.success
  }

  /// Refuses a name that no model has.
  static func check(_ name: String, in plan: RunPlan = RunPlan()) throws(CommandError) {
    let known = known(in: plan)
    guard !known.contains(name) else { return }
    throw .usage(
      "no margin model is named '\(name)'; expected one of \(known.joined(separator: ", "))"
        + Spelling.hint(for: name, among: known))
  }

  /// The names that a run can use: the built ones, then its own.
  static func known(in plan: RunPlan) -> [String] {
    ModelDescription.all.map(\.name) + plan.modelDefinitions.map(\.name)
  }

  private static func modes(_ model: ModelDescription) -> [String] { model.modes.map(\.rawValue) }

  private static func write(_ model: ModelDescription, to json: inout JSONWriter) {
    json.beginObject()
    json.field("model", model.name)
    strings("modes", modes(model), to: &json)
    json.field("confidence", model.confidence)
    json.field("source", model.source)
    parameters(of: model, to: &json)
    strings("assumptions", model.assumptions, to: &json)
    json.endObject()
  }

  private static func parameters(of model: ModelDescription, to json: inout JSONWriter) {
    json.key("parameters")
    json.beginArray()
    for parameter in model.parameters {
      json.beginObject()
      json.field("parameter", parameter.name)
      json.key("value")
      // Its digits are those of the parameter set, so they are not read and printed once more.
      json.raw(Array(parameter.value.utf8))
      json.endObject()
    }
    json.endArray()
  }

  private static func strings(_ name: String, _ values: [String], to json: inout JSONWriter) {
    json.key(name)
    json.beginArray()
    for value in values { json.string(value) }
    json.endArray()
  }

  /// A model as a file that `--model-file` takes; numbers that its user has to supply are null.
  private static func printTemplate(of name: String, to line: Invocation) throws(CommandError) -> Int32 {
    try check(name)
    guard let model = ModelDescription.named(name) else { return ExitStatus.success }
    var json = JSONWriter(indentation: 2)
    json.beginObject()
    json.field("schema", "plimsoll.model/1")
    json.field("name", "my-" + name)
    json.field("base", name)
    json.field("confidence", model.confidence)
    json.field("source", model.source)
    parameters(of: model, to: &json)
    json.endObject()
    json.newline()
    try line.out.write(json.bytes)
    return ExitStatus.success
  }
}

import CommandLineKit
import MarginModels
import MarketModel
import RiskDocuments
import StructuredText

/// `plimsoll models`: the named margin models with their parameters.
enum ModelsCommand {
  static let command = Command(
    "models", abstract: "The margin models by name: modes, how far they are trusted, every parameter.",
    options: rows(CommonOptions.format),
    examples: [Example("plimsoll models --format json", "every parameter, as data")]
  ) { line throws(CommandError) in
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
  static func check(_ name: String) throws(CommandError) {
    let known = ModelDescription.all.map(\.name)
    guard !known.contains(name) else { return }
    throw .usage(
      "no margin model is named '\(name)'; expected one of \(known.joined(separator: ", "))"
        + Spelling.hint(for: name, among: known))
  }

  private static func modes(_ model: ModelDescription) -> [String] { model.modes.map(\.rawValue) }

  private static func write(_ model: ModelDescription, to json: inout JSONWriter) {
    json.beginObject()
    json.field("model", model.name)
    strings("modes", modes(model), to: &json)
    json.field("confidence", model.confidence)
    json.field("source", model.source)
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
    strings("assumptions", model.assumptions, to: &json)
    json.endObject()
  }

  private static func strings(_ name: String, _ values: [String], to json: inout JSONWriter) {
    json.key(name)
    json.beginArray()
    for value in values { json.string(value) }
    json.endArray()
  }
}

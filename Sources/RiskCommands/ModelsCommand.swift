import CommandLineKit
import MarginModels
import StructuredText

/// `plimsoll models`: the named margin models with their parameters.
enum ModelsCommand {
  static let command = Command(
    "models", abstract: "The margin models by name, with their parameters.",
    options: rows(CommonOptions.format),
    examples: [Example("plimsoll models --format json", "every parameter, as data")]
  ) { line throws(CommandError) in
    let format = line(CommonOptions.format) ?? (line.out.isTerminal ? .table : .json)
    switch format {
    case .table:
      try line.out.write(Array(TextTable(rows: [["model", "modes", "what it is"]] + descriptions).text.utf8))
    case .json:
      var json = JSONWriter(indentation: 2)
      json.beginArray()
      for row in descriptions { write(row, to: &json) }
      json.endArray()
      json.newline()
      try line.out.write(json.bytes)
    case .jsonl:
      var json = JSONWriter()
      for row in descriptions {
        write(row, to: &json)
        json.newline()
      }
      try line.out.write(json.bytes)
    }
    return ExitStatus.success
  }

  /// Name, modes and one sentence, in the order of the catalogue.
  static let descriptions = ModelCatalogue.names.map { name in
    switch name {
    case ModelCatalogue.standard:
      [name, "isolated, cross", "Derive standard risk manager: each option and perpetual by its own formula"]
    case ModelCatalogue.portfolio:
      [name, "portfolio", "Derive portfolio risk manager 2: the worst of its scenarios, with contingencies"]
    default:
      [name, "isolated, cross", "Deribit standard margin: each contract by its documented formula"]
    }
  }

  /// Refuses a name that no model has.
  static func check(_ name: String) throws(CommandError) {
    let known = ModelCatalogue.names
    guard !known.contains(name) else { return }
    throw .usage(
      "no margin model is named '\(name)'; expected one of \(known.joined(separator: ", "))"
        + Spelling.hint(for: name, among: known))
  }

  private static func write(_ row: [String], to json: inout JSONWriter) {
    json.beginObject()
    json.field("model", row[0])
    json.key("modes")
    json.beginArray()
    for mode in row[1].split(separator: ",") { json.string(String(mode.drop { $0 == " " })) }
    json.endArray()
    json.field("description", row[2])
    json.key("parameters")
    switch row[0] {
    case ModelCatalogue.standard: write(DeriveStandardParameters.mainnet, to: &json)
    case ModelCatalogue.portfolio: write(DerivePortfolioParameters.mainnet2025, to: &json)
    default: write(DeribitStandardParameters.documented, to: &json)
    }
    json.endObject()
  }
}

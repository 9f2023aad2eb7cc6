import CommandLineKit
import RiskSchemas

/// `plimsoll schema [NAME]`: the JSON Schemas of what is read and written.
enum SchemaCommand {
  static let command = Command(
    "schema", abstract: "The JSON Schemas (2020-12) of every document read and written.",
    operands: [
      Operand(
        "NAME", count: .optional, kind: .words(Schemas.all.map(\.name)),
        help: "one schema's text, such as report-1 or report; without it, the names")
    ],
    examples: [Example("plimsoll schema report > report-1.schema.json", "the schema of a report")]
  ) { line throws(CommandError) in
    guard let name = line.operands.first else {
      for schema in Schemas.all { try line.out.line(schema.name) }
      return ExitStatus.success
    }
    guard let text = Schemas.text(named: name) else {
      let known = Schemas.all.map(\.name)
      throw .usage(
        "no schema is named '\(name)'; expected one of \(known.joined(separator: ", "))"
          + Spelling.hint(for: name, among: known))
    }
    try line.out.write(Array(text.utf8) + (text.hasSuffix("\n") ? [] : [0x0A]))
    return ExitStatus.success
  }
}

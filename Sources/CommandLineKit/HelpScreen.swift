/// Help as text of at most 96 columns, rendered from the rows that also read the line.
public struct HelpScreen {
  let tool: Tool
  private static let width = 96

  /// The screens of one tool.
  public init(tool: Tool) { self.tool = tool }

  /// The screen of the tool itself.
  public var text: String {
    var lines = ["\(tool.name) \(tool.version): \(tool.abstract)", ""]
    lines += ["usage: \(tool.name) COMMAND [OPTIONS]", "", "commands:"]
    lines += table(tool.commands.map { ($0.name, $0.abstract) })
    lines += ["", "options:"]
    lines += table([
      ("--help", "this screen; after a command, the command's own"), ("--version", "name and version"),
    ])
    return lines.joined(separator: "\n") + "\n"
  }

  /// The screen of one command: examples first, for that is what most readers came for.
  public func text(of command: Command) -> String {
    var lines = wrap(command.abstract, indent: 0)
    lines += ["", "usage: \(tool.name) \(command.usage)"]
    if !command.examples.isEmpty {
      lines += ["", "examples:"]
      for example in command.examples { lines += ["  \(example.line)", "      \(example.note)"] }
    }
    for paragraph in command.discussion { lines += [""] + wrap(paragraph, indent: 0) }
    if !command.operands.isEmpty {
      lines += ["", "operands:"] + table(command.operands.map { ($0.name, $0.help) })
    }
    lines += ["", "options:"]
    let described = command.options.map { ($0.label, $0.help + Self.suffix($0)) }
    lines += table(described + [("--help", "this screen")])
    return lines.joined(separator: "\n") + "\n"
  }

  private static func suffix(_ row: OptionRow) -> String {
    let choices = row.choices.isEmpty ? "" : " (\(row.choices.joined(separator: ", ")))"
    return choices + (row.repeats ? "; may be repeated" : "")
  }

  /// Two columns, the second wrapped below itself.
  private func table(_ rows: [(String, String)]) -> [String] {
    let column = rows.reduce(0) { max($0, $1.0.count) } + 6
    return rows.flatMap { name, help in
      let wrapped = wrap(help, indent: column)
      let head = "  " + name + String(repeating: " ", count: max(0, column - 2 - name.count))
      return [head + (wrapped.first ?? "").drop { $0 == " " }] + wrapped.dropFirst()
    }
  }

  private func wrap(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, indent + line.count + 1 + word.count > Self.width {
        lines.append(margin + line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [margin + line]
  }
}

/// The manual page in mdoc, from the same rows as the help screens.
public struct ManualPage {
  let tool: Tool

  /// The page of one tool.
  public init(tool: Tool) { self.tool = tool }

  /// The source of the page, for `man ./NAME.1`; it carries no date, so that equal tools give equal bytes.
  public var text: String {
    var lines = [
      ".Dd $Mdocdate$", ".Dt \(tool.name.uppercased()) 1", ".Os", ".Sh NAME", ".Nm \(tool.name)",
      ".Nd \(escaped(trimmed(tool.abstract)))", ".Sh SYNOPSIS", ".Nm", ".Ar COMMAND", ".Op Ar OPTIONS",
      ".Sh COMMANDS",
    ]
    for command in tool.commands {
      lines += [".Ss \(escaped(command.usage))", escaped(command.abstract)]
      for paragraph in command.discussion { lines += [".Pp", escaped(paragraph)] }
      guard !command.operands.isEmpty || !command.options.isEmpty else { continue }
      lines.append(".Bl -tag -width Ds")
      for operand in command.operands { lines += [".It Ar \(operand.name)", escaped(operand.help)] }
      for option in command.options {
        lines.append(".It Fl -\(option.name)" + (option.value.map { " Ar \(escaped($0))" } ?? ""))
        let choices = option.choices.isEmpty ? "" : "; one of \(option.choices.joined(separator: ", "))"
        lines.append(escaped(option.help + choices))
      }
      lines.append(".El")
    }
    let examples = tool.commands.flatMap(\.examples)
    if !examples.isEmpty {
      lines.append(".Sh EXAMPLES")
      for example in examples { lines += [escaped(example.note), ".Dl \(escaped(example.line))", ".Pp"] }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func trimmed(_ sentence: String) -> String {
    sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
  }

  /// roff reads a backslash anywhere and a dot or quote at the start of a line as its own.
  private func escaped(_ text: String) -> String {
    let safe = text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\e")
    return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
  }
}

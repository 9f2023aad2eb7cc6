import CommandLineKit

/// `plimsoll completions bash|zsh|fish`: what a shell needs to finish a word.
enum CompletionsCommand {
  static let command = Command(
    "completions", abstract: "A completion script for a shell.",
    operands: [
      Operand(
        "SHELL", kind: .words(CompletionScript.Shell.choices),
        help: CompletionScript.Shell.choices.joined(separator: ", "))
    ],
    examples: [Example("source <(plimsoll completions bash)", "completion in this shell")]
  ) { line throws(CommandError) in
    let word = line.operands.first ?? ""
    guard let shell = CompletionScript.Shell(optionText: word) else {
      let known = CompletionScript.Shell.choices
      throw .usage(
        "SHELL is '\(word)'; expected one of \(known.joined(separator: ", "))"
          + Spelling.hint(for: word, among: known))
    }
    try line.out.write(Array(CompletionScript(tool: line.tool).text(for: shell).utf8))
    return ExitStatus.success
  }
}

/// `plimsoll manual`: the page for `man`.
enum ManualCommand {
  static let command = Command(
    "manual", abstract: "The manual page, as mdoc.",
    examples: [Example("plimsoll manual > plimsoll.1 && man ./plimsoll.1", "the page, typeset")]
  ) { line throws(CommandError) in
    try line.out.write(Array(ManualPage(tool: line.tool).text.utf8))
    return ExitStatus.success
  }
}

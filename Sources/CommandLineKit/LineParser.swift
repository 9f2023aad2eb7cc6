/// Options and operands read off a command line.
struct ParsedLine {
  var values: [String: [String]] = [:]
  var operands: [String] = []
  var asksForHelp = false
}

/// Reads the words after a command's name.
///
/// `--name value`, `--name=value`, `--` (operands only from there on), `-` (an operand). An option given
/// twice is refused unless it repeats: the last one must not win in silence.
struct LineParser {
  let command: Command
  /// Options that are spoken of but not there, without their dashes.
  var unbuilt: [String] = []

  func parse(_ words: [String]) throws(CommandError) -> ParsedLine {
    var line = ParsedLine()
    var place = 0
    while place < words.count {
      let word = words[place]
      place += 1
      if word == "--" {
        line.operands += words[place...]
        break
      }
      if word == "--help" || word == "-h" {
        line.asksForHelp = true
        return line
      }
      guard word.utf8.first == 0x2D, word != "-" else {
        line.operands.append(word)
        continue
      }
      place += try take(word, next: place < words.count ? words[place] : nil, into: &line)
    }
    try checkOperands(line.operands)
    return line
  }

  /// Reads one option; returns how many of the following words it took.
  private func take(_ word: String, next: String?, into line: inout ParsedLine) throws(CommandError) -> Int {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let given = parts.first ?? word
    guard let row = command.options.first(where: { "--" + $0.name == given }) else {
      if unbuilt.contains(where: { "--" + $0 == given }) {
        throw .stop(status: ExitStatus.usage, message: "'\(given)' is not built in this version")
      }
      let known = command.options.map { "--" + $0.name } + ["--help"]
      throw .usage("unknown option '\(given)'" + Spelling.hint(for: given, among: known))
    }
    if !row.repeats, line.values[row.name] != nil { throw .usage("'\(given)' is given twice") }
    guard let placeholder = row.value else {
      guard parts.count == 1 else { throw .usage("'\(given)' takes no value") }
      line.values[row.name] = [""]
      return 0
    }
    let inline = parts.count == 2 ? parts[1] : nil
    guard let text = inline ?? next, inline != nil || text == "-" || text.utf8.first != 0x2D || isNumber(text)
    else {
      throw .usage("'\(given)' needs a value: \(given) \(placeholder)")
    }
    if let expected = row.problem(text) {
      throw .usage(
        "'\(given)' is '\(text)'; expected \(expected)" + Spelling.hint(for: text, among: row.choices))
    }
    line.values[row.name, default: []].append(text)
    return inline == nil ? 1 : 0
  }

  /// A negative number is a value, not an option.
  private func isNumber(_ text: String) -> Bool {
    text.utf8.dropFirst().first.map { (0x30...0x39).contains($0) || $0 == 0x2E } ?? false
  }

  private func checkOperands(_ given: [String]) throws(CommandError) {
    var place = 0
    for operand in command.operands {
      switch operand.count {
      case .one:
        guard place < given.count else { throw .usage("\(operand.name) is missing: \(operand.help)") }
        place += 1
      case .optional: place = min(place + 1, given.count)
      case .any: place = given.count
      case .many:
        guard place < given.count else { throw .usage("\(operand.name) is missing: \(operand.help)") }
        place = given.count
      }
    }
    if place < given.count { throw .usage("unexpected operand '\(given[place])'") }
  }
}

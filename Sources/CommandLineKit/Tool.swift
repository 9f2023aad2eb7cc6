/// A program of several commands.
public struct Tool: Sendable {
  public let name: String
  public let version: String
  /// One sentence with its full stop.
  public let abstract: String
  public let commands: [Command]
  /// Commands that are spoken of but not there: refused by name rather than as unknown.
  public let unbuilt: [String]
  /// The same for options, without their dashes.
  public let unbuiltOptions: [String]

  /// A tool from its commands.
  public init(
    name: String, version: String, abstract: String, commands: [Command], unbuilt: [String] = [],
    unbuiltOptions: [String] = []
  ) {
    self.name = name
    self.version = version
    self.abstract = abstract
    self.commands = commands
    self.unbuilt = unbuilt
    self.unbuiltOptions = unbuiltOptions
  }

  /// Reads a command line and does what it says.
  ///
  /// - Parameters:
  ///   - arguments: the words after the program's name.
  ///   - out: takes data, help and version.
  ///   - err: takes everything else.
  ///   - environment: looks a variable up.
  /// - Returns: the exit status: the command's own, 64 for a wrong line, 74 where `out` could not be written.
  public func run(
    arguments: [String], out: Sink, err: Sink,
    environment: @escaping (String) -> String? = { _ in nil }
  ) -> Int32 {
    var current: Command?
    do {
      return try dispatch(arguments, out, err, environment, &current)
    } catch {
      switch error {
      case .usage(let message):
        err.note("\(name): \(message)")
        err.note("usage: \(name) \(current?.usage ?? "COMMAND [OPTIONS]")")
        err.note("try:   \(name) \(current.map { $0.name + " " } ?? "")--help")
        return ExitStatus.usage
      case .stop(let status, let message):
        if !message.isEmpty { err.note("\(name): \(message)") }
        return status
      }
    }
  }

  private func dispatch(
    _ arguments: [String], _ out: Sink, _ err: Sink, _ environment: @escaping (String) -> String?,
    _ current: inout Command?
  ) throws(CommandError) -> Int32 {
    guard let first = arguments.first else {
      throw .usage("no command given")
    }
    let rest = Array(arguments.dropFirst())
    switch first {
    case "--help", "-h":
      try out.write(Array(HelpScreen(tool: self).text.utf8))
      return ExitStatus.success
    case "--version":
      try out.line("\(name) \(version)")
      return ExitStatus.success
    default: break
    }
    guard let command = commands.first(where: { $0.name == first }) else {
      throw unknown(first)
    }
    current = command
    let line = try LineParser(command: command, unbuilt: unbuiltOptions).parse(rest)
    if line.asksForHelp {
      try out.write(Array(HelpScreen(tool: self).text(of: command).utf8))
      return ExitStatus.success
    }
    return try command.body(
      Invocation(
        operands: line.operands, out: out, err: err, environment: environment, tool: self,
        values: line.values))
  }

  private func unknown(_ word: String) -> CommandError {
    if unbuilt.contains(word) {
      return .stop(status: ExitStatus.usage, message: "'\(word)' is not built in this version")
    }
    let kind = word.utf8.first == 0x2D ? "option" : "command"
    let known = kind == "option" ? ["--help", "--version"] : commands.map(\.name) + unbuilt
    return .usage("unknown \(kind) '\(word)'" + Spelling.hint(for: word, among: known))
  }
}

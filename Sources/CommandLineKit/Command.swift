/// What a command takes without dashes.
public struct Operand: Sendable {
  /// How many of them.
  public enum Count: Sendable {
    case one
    case optional
    case many
    /// None or more.
    case any
  }

  /// What completion should offer for it.
  public enum Kind: Sendable {
    case path
    case words([String])
    case text
  }

  public let name: String
  public let count: Count
  public let kind: Kind
  public let help: String

  /// An operand from its description.
  public init(_ name: String, count: Count = .one, kind: Kind = .path, help: String) {
    self.name = name
    self.count = count
    self.kind = kind
    self.help = help
  }

  /// `NAME`, `[NAME]` or `NAME…`.
  var label: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .many: "\(name)…"
    case .any: "[\(name)…]"
    }
  }
}

/// A line that shows how a command is used.
public struct Example: Sendable {
  public let line: String
  public let note: String

  /// An example from the line to type and what it does.
  public init(_ line: String, _ note: String) {
    self.line = line
    self.note = note
  }
}

/// What a command stops with when it cannot go on.
public enum CommandError: Error, Equatable, Sendable {
  /// The command line is wrong: the sentence, with the usage line below it, exit 64.
  case usage(String)
  /// Anything else: one sentence and the exit status of the reader's choice; an empty sentence is not printed.
  case stop(status: Int32, message: String)
}

/// One verb of a tool: what it takes, what it says about itself, and what it does.
public struct Command: Sendable {
  /// What a command does once its line is read; returns the exit status.
  public typealias Body = @Sendable (Invocation) throws(CommandError) -> Int32

  public let name: String
  /// One sentence with its full stop.
  public let abstract: String
  /// Paragraphs below the abstract.
  public let discussion: [String]
  public let operands: [Operand]
  public let options: [OptionRow]
  public let examples: [Example]
  let body: Body

  /// A command from its description and its body.
  public init(
    _ name: String, abstract: String, discussion: [String] = [], operands: [Operand] = [],
    options: [OptionRow] = [], examples: [Example] = [], body: @escaping Body
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.operands = operands
    self.options = options
    self.examples = examples
    self.body = body
  }

  /// The usage line without the tool's name.
  var usage: String {
    ([name] + operands.map(\.label) + (options.isEmpty ? [] : ["[OPTIONS]"])).joined(separator: " ")
  }
}

/// The line a command was called with, its streams and its surroundings.
public struct Invocation {
  /// In the order given; their count fits the command's operands.
  public let operands: [String]
  /// Data.
  public let out: Sink
  /// Everything else.
  public let err: Sink
  /// A variable of the environment, nil where it is not set.
  public let environment: (String) -> String?
  /// The tool that was called.
  public let tool: Tool
  let values: [String: [String]]

  /// The value of an option, its default where it was not given.
  public func callAsFunction<Value>(_ option: Option<Value>) -> Value {
    option.read(values[option.row.name] ?? [])
  }

  /// Whether the option was given.
  public func has<Value>(_ option: Option<Value>) -> Bool { values[option.row.name] != nil }
}

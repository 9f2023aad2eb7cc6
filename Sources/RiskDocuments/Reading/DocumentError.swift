import StructuredText

/// Why a book cannot be read at all: one place and one sentence, before anything was computed.
public struct DocumentError: Error, Hashable, Sendable {
  /// What the process answers.
  public enum Kind: Hashable, Sendable {
    /// The data are wrong: exit 65.
    case badData
    /// Something is asked for by a name that is not built: exit 64.
    case usage
  }

  public let kind: Kind
  /// File, then line and column or JSON pointer: `positions.csv:3:7`, `market.json#/assets/0/spot`.
  public let path: String
  /// What was found and what was expected, without the place and without a full stop.
  public let message: String

  /// An error from its place and sentence.
  public init(kind: Kind = .badData, path: String, message: String) {
    self.kind = kind
    self.path = path
    self.message = message
  }

  /// An error of the text of a member.
  init(_ error: TextError, file: String) {
    let path = error.path.isEmpty ? "" : " (\(error.path))"
    self.init(path: "\(file):\(error.line):\(error.column)\(path)", message: error.message)
  }

  /// The line for stderr, without the program's name.
  public var sentence: String { "\(path): \(message)" }

  /// The exit status of the contract: 64 or 65.
  public var exitCode: Int32 { kind == .usage ? 64 : 65 }
}

internal import StructuredText

/// Why a source could not be turned into a book: one place, one sentence.
public struct SourceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `chain.csv:17:strike`, by line of the file.
  public let path: String
  /// What was found and what was expected, without a full stop.
  public let message: String

  /// An error from its place and sentence.
  public init(path: String, message: String) {
    self.path = path
    self.message = message
  }

  /// An error of the text itself, in a file of some name.
  init(_ error: TextError, in name: String) {
    let column = error.path.isEmpty ? String(error.column) : error.path
    self.init(path: name + ":" + String(error.line) + ":" + column, message: error.message)
  }

  /// Path and sentence.
  public var description: String { path + ": " + message }
}

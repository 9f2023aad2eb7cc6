/// Why something could not be read or computed: ten words, stable across versions.
public struct FailureReason: Hashable, Sendable {
  /// The word as the report prints it.
  public let word: String

  /// A value that breaks a rule of its field.
  public static let invalid = FailureReason(word: "invalid")
  /// A value that is needed and not there.
  public static let missing = FailureReason(word: "missing")
  /// A row or key that was there before.
  public static let duplicate = FailureReason(word: "duplicate")
  /// A thing the engine does not do.
  public static let unsupported = FailureReason(word: "unsupported")
  /// A figure that has no meaning for this book.
  public static let notApplicable = FailureReason(word: "not_applicable")
  /// A computation that had no finite result.
  public static let calculation = FailureReason(word: "calculation")
  /// A budget or limit that was reached.
  public static let limit = FailureReason(word: "limit")
}

/// One thing that was set aside, with its place: data in the report, never an exception.
public struct Failure: Hashable, Sendable {
  /// Where: `positions.csv:17:quantity` or `market.json#/volatility/0/strikes`.
  public let path: String
  public let reason: FailureReason
  /// One sentence: what was found and what was expected.
  public let message: String

  /// A failure from its place, reason and sentence.
  public init(path: String, reason: FailureReason, message: String) {
    self.path = path
    self.reason = reason
    self.message = message
  }
}

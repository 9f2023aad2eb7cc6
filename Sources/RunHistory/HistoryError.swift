/// Why a file of run history cannot be used.
public enum HistoryError: Error, Equatable, Sendable {
  /// Another process holds it for longer than the wait.
  case busy(path: String)
  /// It is no database, or a damaged one.
  case notADatabase(path: String)
  /// It is a database of something else.
  case foreign(path: String)
  /// It was written by another version.
  case version(path: String, found: Int, expected: Int)
  /// It cannot be opened or written: SQLite's words.
  case failed(path: String, message: String)

  /// One sentence for people.
  public var sentence: String {
    switch self {
    case .busy(let path): "\(path): another process has locked the run history; try again when it is done"
    case .notADatabase(let path): "\(path): found no SQLite database, expected a run history"
    case .foreign(let path): "\(path): found a database of something else, expected a run history"
    case .version(let path, let found, let expected):
      "\(path): found run history of version \(found), expected \(expected)"
    case .failed(let path, let message): "\(path): the run history cannot be used: \(message)"
    }
  }
}

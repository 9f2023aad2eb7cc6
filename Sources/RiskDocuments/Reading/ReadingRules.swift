import MarketModel
public import PortfolioValuation
import StructuredText

/// How many rows may be set aside before the run stops.
public struct ReadingRules: Hashable, Sendable {
  /// A limit on the rows of one file that may be set aside.
  public enum Limit: Hashable, Sendable {
    /// More than one in a hundred of a file's rows, and more than ten.
    case standard
    /// More than a count.
    case count(Int)
    /// More than a percentage of a file's rows.
    case percent(Double)
  }

  /// Whether the first row that would be set aside stops the run instead.
  public var isStrict: Bool
  public var maxRefused: Limit

  /// Rules from their parts.
  public init(isStrict: Bool = false, maxRefused: Limit = .standard) {
    self.isStrict = isStrict
    self.maxRefused = maxRefused
  }

  /// Reads `N` or `P%`.
  ///
  /// - Returns: nil for anything else, and for a percentage outside 0 to 100.
  public static func limit(_ text: String) -> Limit? {
    if text.utf8.last == 0x25 {
      guard case .finite(let percent) = NumberText.read(String(text.dropLast())), percent >= 0, percent <= 100
      else { return nil }
      return .percent(percent)
    }
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let count = Int(text) else { return nil }
    return .count(count)
  }

  /// Refuses a book of which too many rows are gone once it is valued.
  ///
  /// Reading finds what is wrong with a row by itself; valuation finds what the market lacks for it. A night
  /// that drops every option for want of a volatility is no better than one that could not read them.
  ///
  /// - Throws: `DocumentError` with the table, both counts and the first row that valuation set aside.
  public func check(_ valued: ValuedBook) throws(DocumentError) {
    let book = valued.book
    try check(
      book.positionsName, book.positionCount, further: valued.refusedPositions, first: valued.failures.first)
    try check(
      book.balancesName, book.balanceCount, further: valued.refusedBalances, first: valued.failures.last)
  }

  private func check(
    _ name: String, _ count: RowCount, further: Int, first: Failure?
  ) throws(DocumentError) {
    let refused = count.setAside + further
    guard further > 0, isExceeded(refused: refused, of: count.rows), let first else { return }
    throw DocumentError(
      path: name,
      message: "found \(refused) of \(count.rows) rows that cannot be valued, more than the limit; one is "
        + "\(first.path): \(first.message)")
  }

  func isExceeded(refused: Int, of rows: Int) -> Bool {
    switch maxRefused {
    case .standard: refused > 10 && refused * 100 > rows
    case .count(let limit): refused > limit
    case .percent(let limit): Double(refused) * 100 > limit * Double(rows)
    }
  }
}

/// The rows set aside so far.
struct FailureLog {
  let rules: ReadingRules
  private(set) var failures: [Failure] = []
  private var countAtStart = 0

  init(rules: ReadingRules) {
    self.rules = rules
  }

  /// Sets a row aside, or stops under strict rules.
  mutating func add(_ failure: Failure) throws(DocumentError) {
    guard !rules.isStrict else { throw DocumentError(path: failure.path, message: failure.message) }
    failures.append(failure)
  }

  /// Begins to count the rows of one file.
  mutating func beginFile() {
    countAtStart = failures.count
  }

  /// Stops the run when too many of a file's rows were set aside.
  ///
  /// - Returns: the rows of the file, those set aside counted.
  @discardableResult func endFile(_ name: String, rows: Int) throws(DocumentError) -> RowCount {
    let refused = failures.count - countAtStart
    guard rules.isExceeded(refused: refused, of: rows), failures.indices.contains(countAtStart) else {
      return RowCount(rows: rows, setAside: refused)
    }
    let first = failures[countAtStart]
    throw DocumentError(
      path: name,
      message: "found \(refused) of \(rows) rows that cannot be read, more than the limit; the first is "
        + "\(first.path): \(first.message)")
  }
}

/// Why nothing can be estimated from returns.
public enum EstimationError: Error, Equatable, Sendable {
  /// A return is NaN or infinite: the place of its column and, within it, of its row.
  case notFinite(column: Int, row: Int)
  /// There are fewer returns than the estimate needs.
  case tooFewRows(found: Int, needed: Int)
  /// A column has another count of returns than the first.
  case ragged(column: Int, expected: Int, found: Int)
  /// A number that steers the estimate is outside its range.
  case outOfRange(field: String, value: Double)

  /// Refuses what is not finite in one column of returns.
  static func check(_ returns: [Double], column: Int = 0) throws(EstimationError) {
    for (row, value) in returns.enumerated() where !value.isFinite {
      throw .notFinite(column: column, row: row)
    }
  }
}

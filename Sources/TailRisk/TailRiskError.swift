/// Why no value at risk can be computed for any account.
public enum TailRiskError: Error, Equatable, Sendable {
  /// The plan asks for a method or distribution that is not built.
  case unsupported(field: String, value: String)
  /// A number of the plan is outside its range.
  case outOfRange(field: String, value: Double)
  /// The correlation of the market is indefinite: its smallest eigenvalue.
  case indefiniteCorrelation(order: Int, smallestEigenvalue: Double)
  /// The correlation is not a symmetric matrix of finite numbers with the shape of its assets.
  case malformedCorrelation
  /// A return of the history is not finite: place of its column among the estimated ones, and of its row.
  case malformedHistory(column: Int, row: Int)
  /// The history has too few returns for the method.
  case shortHistory(returns: Int, needed: Int)
  /// The netted holdings belong to a book of another count of instruments.
  case foreignHoldings(instruments: Int, expected: Int)
  /// Whoever asked for it wants it no longer.
  case stopped
}

import MarketModel
import StructuredText

/// What is wrong with one row: the row is set aside for it.
struct RowFault: Error {
  let column: Int?
  let reason: FailureReason
  let message: String
}

/// Typed cells of one table.
struct RowReader {
  let table: RowTable

  func failure(_ fault: RowFault, row: Int) -> Failure {
    Failure(
      path: table.path(row: row, column: fault.column), reason: fault.reason, message: fault.message)
  }

  /// Refuses a row with too few or too many cells.
  func checkWidth(_ row: Int) throws(RowFault) {
    guard let width = table.raggedWidth(row: row) else { return }
    throw RowFault(
      column: nil, reason: .invalid, message: "expected \(width.expected) cells, found \(width.found)")
  }

  func missing(_ column: Int) -> RowFault {
    RowFault(column: column, reason: .missing, message: "expected a value, found nothing")
  }

  func invalid(_ row: Int, _ column: Int, _ expected: String) -> RowFault {
    RowFault(
      column: column, reason: .invalid, message: "expected \(expected), found \(table.shown(row, column))")
  }

  /// A number inside its range, nil where the cell is empty.
  func optionalNumber(_ row: Int, _ column: Int, _ rule: FieldRule) throws(RowFault) -> Double? {
    switch table.number(row: row, column: column) {
    case .absent: return nil
    case .refused(let found):
      throw RowFault(
        column: column, reason: .invalid, message: "expected \(rule.expected), found \(found)")
    case .finite(let value):
      guard rule.admits(value) else {
        throw RowFault(column: column, reason: .invalid, message: rule.refusal(value))
      }
      return value
    }
  }

  /// A number inside its range.
  func number(_ row: Int, _ column: Int, _ rule: FieldRule) throws(RowFault) -> Double {
    guard let value = try optionalNumber(row, column, rule) else { throw missing(column) }
    return value
  }

  /// The bytes of a text that must be there.
  func bytes(_ row: Int, _ column: Int, _ expected: String) throws(RowFault) -> ArraySlice<UInt8> {
    if let bytes = table.textBytes(row: row, column: column) { return bytes }
    throw table.isAbsent(row: row, column: column) ? missing(column) : invalid(row, column, expected)
  }

  /// An id, nil where the cell is empty.
  func optionalIdentifier(_ row: Int, _ column: Int) throws(RowFault) -> Identifier? {
    if table.isAbsent(row: row, column: column) { return nil }
    guard let bytes = table.textBytes(row: row, column: column), let id = Identifier(bytes: bytes) else {
      throw invalid(row, column, FieldText.identifier)
    }
    return id
  }

  /// One of a list of words, nil where the cell is empty.
  func optionalWord<Word: RawRepresentable & CaseIterable>(
    _ row: Int, _ column: Int, _ type: Word.Type
  ) throws(RowFault) -> Word? where Word.RawValue == String {
    if table.isAbsent(row: row, column: column) { return nil }
    if case .text(let text) = table.content(row: row, column: column), let word = Word(rawValue: text) {
      return word
    }
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    throw invalid(row, column, "one of \(words)")
  }

  /// `true` or `false`, nil where the cell is empty.
  func optionalFlag(_ row: Int, _ column: Int) throws(RowFault) -> Bool? {
    switch table.content(row: row, column: column) {
    case .absent: return nil
    case .boolean(let value): return value
    case .text("true"): return true
    case .text("false"): return false
    default: throw invalid(row, column, "true or false")
    }
  }
}

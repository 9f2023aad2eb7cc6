internal import CSQLiteShim

/// An open file of SQLite; closed when it goes out of use.
@safe struct Database: ~Copyable {
  let path: String
  private let file: OpaquePointer?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - writes: whether it is created where absent.
  ///   - wait: milliseconds to wait for another process's lock.
  init(_ path: String, writes: Bool, wait: Int32) throws(HistoryError) {
    var status: Int32 = 0
    self.path = path
    unsafe file = sql_open(path, writes ? 1 : 0, wait, &status)
    guard status == 0 else { throw error(status) }
  }

  deinit { unsafe sql_close(file) }

  /// Runs statements without results.
  func execute(_ text: String) throws(HistoryError) {
    let status = unsafe sql_execute(file, text)
    guard status == 0 else { throw error(status) }
  }

  /// Prepares one statement.
  func prepare(_ text: String) throws(HistoryError) -> Statement {
    var status: Int32 = 0
    let statement = unsafe sql_prepare(file, text, &status)
    guard status == 0, let statement = unsafe statement else { throw error(status) }
    return unsafe Statement(statement)
  }

  /// Runs a statement to its end.
  func run(_ statement: borrowing Statement, _ values: [Value]) throws(HistoryError) {
    try bind(statement, values)
    while try step(statement) {}
  }

  /// All or nothing; a lock that another process holds is waited for at the beginning.
  func transaction(_ body: (borrowing Database) throws(HistoryError) -> Void) throws(HistoryError) {
    try execute("BEGIN IMMEDIATE")
    do throws(HistoryError) {
      try body(self)
      try execute("COMMIT")
    } catch {
      // The first error is the one to tell; what cannot be rolled back now is rolled back by closing the file.
      do throws(HistoryError) { try execute("ROLLBACK") } catch {}
      throw error
    }
  }

  /// Binds values to the places of a statement, in their order.
  func bind(_ statement: borrowing Statement, _ values: [Value]) throws(HistoryError) {
    var status = unsafe sql_reset(statement.pointer)
    for (place, value) in values.enumerated() where status == 0 {
      guard let place = Int32(exactly: place + 1) else { break }
      switch value {
      case .null: status = unsafe sql_bind_null(statement.pointer, place)
      case .whole(let whole): status = unsafe sql_bind_whole(statement.pointer, place, whole)
      case .number(let number): status = unsafe sql_bind_number(statement.pointer, place, number)
      case .text(let text):
        guard let length = Int32(exactly: text.utf8.count) else { throw error(7) }
        status = unsafe sql_bind_text(statement.pointer, place, text, length)
      }
    }
    guard status == 0 else { throw error(status) }
  }

  /// Goes to the next row.
  ///
  /// - Returns: false at the end.
  func step(_ statement: borrowing Statement) throws(HistoryError) -> Bool {
    let status = unsafe sql_step(statement.pointer)
    guard status == 0 || status == 1 else { throw error(status) }
    return status == 1
  }

  private func error(_ status: Int32) -> HistoryError {
    switch status {
    case 2: return .busy(path: path)
    case 3: return .notADatabase(path: path)
    default:
      guard let message = unsafe sql_message(file) else { return .failed(path: path, message: "no memory") }
      return unsafe .failed(path: path, message: String(cString: message))
    }
  }
}

/// A value of a statement.
enum Value {
  case null
  case whole(Int64)
  case number(Double)
  case text(String)

  init(_ number: Double?) { self = number.map(Value.number) ?? .null }
  init(_ text: String?) { self = text.map(Value.text) ?? .null }
}

/// A prepared statement and the row it stands on.
@safe struct Statement: ~Copyable {
  fileprivate let pointer: OpaquePointer

  fileprivate init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit { unsafe sql_finish(pointer) }

  func number(_ column: Int32) -> Double? {
    unsafe sql_is_null(pointer, column) != 0 ? nil : sql_number(pointer, column)
  }

  func whole(_ column: Int32) -> Int64 { unsafe sql_whole(pointer, column) }

  func text(_ column: Int32) -> String? {
    var length: Int32 = 0
    guard let bytes = unsafe sql_text(pointer, column, &length) else { return nil }
    return unsafe String(
      decoding: UnsafeRawBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
  }
}

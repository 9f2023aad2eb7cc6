/// A strict reader of JSON Lines: one object of plain values a line, as rows of a table.
///
/// A line that is not JSON, a key twice and an unknown key stop the file. A number past every double, a
/// key that is not there and a nested value are that row's fault and are left to the reader of the row.
public enum JSONLinesReader {
  /// Reads a whole text as one table.
  ///
  /// - Parameters:
  ///   - bytes: the file; the last line may lack its LF.
  ///   - name: what errors and paths call it.
  ///   - schema: the keys it may have.
  /// - Throws: `TextError` with line, column and key.
  /// - Complexity: O(bytes); 16 bytes of memory a cell.
  public static func read(
    _ bytes: [UInt8], name: String, schema: RowSchema, limits: TextLimits = TextLimits()
  ) throws(TextError) -> RowTable {
    try TextCheck.validate(bytes)
    var parser = JSONLinesParser(
      table: RowTable(name: name, naming: .lines, schema: schema, bytes: bytes), schema: schema,
      limits: limits)
    try parser.rows()
    return parser.table
  }
}

/// The state of reading one JSON Lines text.
struct JSONLinesParser {
  var table: RowTable
  let schema: RowSchema
  let limits: TextLimits
  /// The rows met so far; laid out into the table at the end, when all columns are known.
  var found: [(row: Int, column: Int, cell: Cell)] = []
  /// The row that last wrote each column.
  var lastRow: [Int] = []
  var key = ""

  init(table: RowTable, schema: RowSchema, limits: TextLimits) {
    self.table = table
    self.schema = schema
    self.limits = limits
    lastRow = Array(repeating: -1, count: table.columns.count)
  }

  mutating func rows() throws(TextError) {
    let count = table.bytes.count
    var start = 0
    var line = 1
    while start < count {
      var end = start
      while end < count, table.bytes[end] != 0x0A { end += 1 }
      guard table.rowCount < limits.rows else {
        throw TextError(
          at: start, in: table.bytes, message: "found more than \(limits.rows) rows")
      }
      table.lines.append(line)
      key = ""
      var scanner = JSONScanner(bytes: table.bytes, end: end, limits: limits, at: start)
      do throws(JSONScanner.Stop) {
        try row(&scanner)
      } catch let stop {
        throw TextError(at: stop.offset, in: table.bytes, path: key, message: stop.message)
      }
      table.rowCount += 1
      line += 1
      start = end + 1
    }
    guard table.rowCount * table.columns.count <= limits.cells(ofBytes: count) else {
      throw TextError(
        at: count, in: table.bytes,
        message: "found \(table.columns.count) keys over \(table.rowCount) rows, most of them without values")
    }
    table.cells = [Cell](repeating: Cell(), count: table.rowCount * table.columns.count)
    for entry in found { table.cells[entry.row * table.columns.count + entry.column] = entry.cell }
    found = []
  }

  private mutating func row(_ scanner: inout JSONScanner) throws(JSONScanner.Stop) {
    scanner.skipSpace()
    guard scanner.current == 0x7B else { throw scanner.stop("an object on each line") }
    scanner.at += 1
    scanner.skipSpace()
    var isOpen = scanner.current != 0x7D
    if !isOpen { scanner.at += 1 }
    var expectedColumn = 0
    while isOpen {
      guard scanner.current == 0x22 else { throw scanner.stop("a key in double quotes") }
      let offset = scanner.at
      let token = try scanner.string(limit: limits.keyBytes, what: "key")
      let column = try self.column(token, in: scanner, guess: expectedColumn, offset: offset)
      expectedColumn = column + 1
      scanner.skipSpace()
      guard scanner.current == 0x3A else { throw scanner.stop("':' after the key") }
      scanner.at += 1
      scanner.skipSpace()
      let cell = try value(&scanner)
      if cell.kind != .absent { found.append((table.rowCount, column, cell)) }
      scanner.skipSpace()
      guard scanner.current == 0x2C || scanner.current == 0x7D else { throw scanner.stop("',' or '}'") }
      isOpen = scanner.current == 0x2C
      scanner.at += 1
      if isOpen { scanner.skipSpace() }
    }
    scanner.skipSpace()
    guard scanner.at >= scanner.end else { throw scanner.stop("the end of the line after the object") }
  }

  /// The column of a key; rows mostly repeat the order of the row before.
  private mutating func column(
    _ token: JSONScanner.StringToken, in scanner: JSONScanner, guess: Int, offset: Int
  ) throws(JSONScanner.Stop) -> Int {
    var column: Int?
    if !token.hasEscape {
      let bytes = table.bytes[token.start..<token.end]
      if guess < table.columns.count, table.columns[guess].utf8.elementsEqual(bytes) {
        column = guess
      } else {
        column = table.columns.firstIndex { $0.utf8.elementsEqual(bytes) }
      }
    }
    if column == nil {
      key = try scanner.text(token)
      column = table.column(key)
    }
    if column == nil, schema.admitsOthers, !key.isEmpty, table.columns.count < limits.keysPerObject {
      column = table.columns.count
      table.columns.append(key)
      table.isPresent.append(true)
      lastRow.append(-1)
    }
    guard let column else {
      throw JSONScanner.Stop(
        offset: offset, message: Spelling.unknown("key", key, known: table.columns))
    }
    guard lastRow[column] != table.rowCount else {
      key = table.columns[column]
      throw JSONScanner.Stop(offset: offset, message: "found the key \(Spelling.quoted(key)) twice")
    }
    lastRow[column] = table.rowCount
    table.isPresent[column] = true
    return column
  }

  private mutating func value(_ scanner: inout JSONScanner) throws(JSONScanner.Stop) -> Cell {
    let start = scanner.at
    switch scanner.current {
    case 0x22:
      let token = try scanner.string(limit: limits.stringBytes, what: "string")
      if token.hasEscape {
        let text = try scanner.unescaped(token)
        let first = table.spill.count
        table.spill.append(contentsOf: text)
        return Cell(
          start: first, length: Int32(truncatingIfNeeded: text.count), kind: .text, isSpilled: true)
      }
      return cell(.text, from: token.start, to: token.end)
    case 0x2D, 0x30...0x39:
      // A number past every double stays in the cell and is refused when the row asks for it.
      _ = try scanner.number()
      return cell(.number, from: start, to: scanner.at)
    case 0x74:
      try scanner.word(.yes)
      return cell(.yes, from: start, to: scanner.at)
    case 0x66:
      try scanner.word(.no)
      return cell(.no, from: start, to: scanner.at)
    case 0x6E:
      try scanner.word(.null)
      return Cell()
    case 0x5B, 0x7B:
      var parser = JSONReader.Parser(bytes: scanner.bytes, start: start, end: scanner.end, limits: limits)
      _ = try parser.value()
      scanner.at = parser.scanner.at
      return cell(.nested, from: start, to: scanner.at)
    default:
      throw scanner.stop("a value")
    }
  }

  private func cell(_ kind: Cell.Kind, from start: Int, to end: Int) -> Cell {
    Cell(start: start, length: Int32(truncatingIfNeeded: end - start), kind: kind)
  }
}

/// A strict reader of CSV (RFC 4180) with a header: comma, quotes doubled inside quotes, CRLF or LF.
///
/// What leaves the shape of the file in doubt stops it: a quote inside a bare cell, text after a
/// closing quote, a quote that never closes, a lone CR, a name twice in the header. A row with too few
/// or too many cells is only that row's fault: it is kept and marked ragged. Blanks belong to cells.
/// Empty lines at the end of the file are no rows; anywhere else an empty line is a row without its cells.
public enum CSVReader {
  /// Reads a whole text as one table.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - name: what errors and paths call it.
  ///   - schema: the columns it may and must have.
  /// - Throws: `TextError` with line, column and name of the column.
  /// - Complexity: O(bytes); 16 bytes of memory a cell.
  public static func read(
    _ bytes: [UInt8], name: String, schema: RowSchema, limits: TextLimits = TextLimits()
  ) throws(TextError) -> RowTable {
    try TextCheck.validate(bytes)
    var parser = CSVParser(
      table: RowTable(name: name, naming: .lines, schema: schema, bytes: bytes), limits: limits)
    try parser.header(schema)
    try parser.rows()
    return parser.table
  }
}

/// The state of reading one CSV text.
struct CSVParser {
  var table: RowTable
  let limits: TextLimits
  var at = 0
  var line = 1
  /// The table's column of each cell of the header.
  var targets: [Int] = []

  /// Where a cell stopped.
  enum Boundary {
    case comma, line, end
  }

  func error(_ message: String, at offset: Int, column: Int? = nil) -> TextError {
    var path = ""
    if let column, targets.indices.contains(column) { path = table.columns[targets[column]] }
    return TextError(at: offset, in: table.bytes, path: path, message: message)
  }

  mutating func header(_ schema: RowSchema) throws(TextError) {
    var boundary = Boundary.comma
    while boundary == .comma {
      let offset = at
      let (cell, next) = try self.cell(targets.count)
      boundary = next
      let name = String(decoding: text(of: cell), as: UTF8.self)
      guard !name.isEmpty else { throw error("found a column without a name", at: offset) }
      guard name.utf8.count <= limits.keyBytes, targets.count < limits.keysPerObject else {
        throw error("found a header past the limit of names or their length", at: offset)
      }
      if let known = table.column(name) {
        guard !table.isPresent[known] else {
          throw error("found the column \(Spelling.quoted(name)) twice", at: offset)
        }
        table.isPresent[known] = true
        targets.append(known)
      } else {
        guard schema.admitsOthers else {
          throw error(Spelling.unknown("column", name, known: schema.known), at: offset)
        }
        targets.append(table.columns.count)
        table.columns.append(name)
        table.isPresent.append(true)
      }
    }
    for required in schema.required {
      guard let place = table.column(required), table.isPresent[place] else {
        let names = targets.map { Spelling.quoted(table.columns[$0]) }.joined(separator: ", ")
        throw error("expected the column \(Spelling.quoted(required)), found \(names)", at: 0)
      }
    }
    table.width = targets.count
    table.headerLines = 1
    // A row of n cells holds at least n − 1 commas and a line end.
    let rows = (table.bytes.count - at) / Swift.max(1, 2 * targets.count) + 1
    table.cells.reserveCapacity(Swift.min(rows * table.columns.count, 1 << 22))
  }

  mutating func rows() throws(TextError) {
    let width = targets.count
    let columnCount = table.columns.count
    let cellLimit = limits.cells(ofBytes: table.bytes.count)
    let empty = [Cell](repeating: Cell(), count: columnCount)
    let end = endOfRows()
    while at < end {
      guard table.rowCount < limits.rows, table.cells.count < cellLimit else {
        throw error("found more rows than the limit, or too many without cells", at: at)
      }
      let first = table.cells.count
      table.cells.append(contentsOf: empty)
      table.lines.append(line)
      var found = 0
      var boundary = Boundary.comma
      while boundary == .comma {
        let (cell, next) = try self.cell(found)
        boundary = next
        if found < width { table.cells[first + targets[found]] = cell }
        found += 1
      }
      if found != width { table.ragged.append((table.rowCount, found)) }
      table.rowCount += 1
    }
  }

  /// The place after the last byte that is not a line end.
  private func endOfRows() -> Int {
    var end = table.bytes.count
    while end > 0, table.bytes[end - 1] == 0x0A {
      end -= 1
      if end > 0, table.bytes[end - 1] == 0x0D { end -= 1 }
    }
    return end
  }

  /// Reads one cell and the comma or line end after it.
  private mutating func cell(_ index: Int) throws(TextError) -> (Cell, Boundary) {
    let count = table.bytes.count
    if at < count, table.bytes[at] == 0x22 { return try quotedCell(index) }
    let start = at
    while at < count {
      let byte = table.bytes[at]
      if byte == 0x2C || byte == 0x0A || byte == 0x0D { break }
      if byte == 0x22 {
        throw error("found a quote inside a cell that does not begin with one", at: at, column: index)
      }
      at += 1
    }
    let cell = try makeCell(start: start, end: at, isSpilled: false, index)
    return (cell, try boundary(index))
  }

  private mutating func quotedCell(_ index: Int) throws(TextError) -> (Cell, Boundary) {
    let quote = at
    at += 1
    let start = at
    let spillStart = table.spill.count
    var pending = start
    var isSpilled = false
    while at < table.bytes.count {
      let byte = table.bytes[at]
      if byte == 0x0A { line += 1 }
      guard byte == 0x22 else {
        at += 1
        continue
      }
      if at + 1 < table.bytes.count, table.bytes[at + 1] == 0x22 {
        // A doubled quote: keep one of the two, and the cell moves to the spill.
        isSpilled = true
        table.spill.append(contentsOf: table.bytes[pending...at])
        at += 2
        pending = at
        continue
      }
      let cell: Cell
      if isSpilled {
        table.spill.append(contentsOf: table.bytes[pending..<at])
        cell = try makeCell(start: spillStart, end: table.spill.count, isSpilled: true, index)
      } else {
        cell = try makeCell(start: start, end: at, isSpilled: false, index)
      }
      at += 1
      return (cell, try boundary(index))
    }
    throw error("found a quoted cell without its closing quote", at: quote, column: index)
  }

  private func makeCell(start: Int, end: Int, isSpilled: Bool, _ index: Int) throws(TextError) -> Cell {
    guard end - start <= limits.stringBytes else {
      throw error("found a cell longer than \(limits.stringBytes) bytes", at: at, column: index)
    }
    let kind: Cell.Kind = end == start ? .absent : .plain
    return Cell(
      start: start, length: Int32(truncatingIfNeeded: end - start), kind: kind, isSpilled: isSpilled)
  }

  private mutating func boundary(_ index: Int) throws(TextError) -> Boundary {
    guard at < table.bytes.count else { return .end }
    switch table.bytes[at] {
    case 0x2C:
      at += 1
      return .comma
    case 0x0A:
      at += 1
      line += 1
      return .line
    case 0x0D where at + 1 < table.bytes.count && table.bytes[at + 1] == 0x0A:
      at += 2
      line += 1
      return .line
    case 0x0D:
      throw error("found CR without LF, expected CRLF or LF at the end of a line", at: at, column: index)
    default:
      throw error(
        "expected ',' or the end of the line after a closing quote, found "
          + Spelling.found(table.bytes, at: at), at: at, column: index)
    }
  }

  private func text(of cell: Cell) -> ArraySlice<UInt8> {
    let end = cell.start + Int(cell.length)
    return cell.isSpilled ? table.spill[cell.start..<end] : table.bytes[cell.start..<end]
  }
}

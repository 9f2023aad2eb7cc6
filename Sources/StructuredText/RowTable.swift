/// Rows of cells, whatever they were written in: CSV, JSON Lines, or an array of JSON objects.
///
/// Cells are byte ranges of the text and are turned into numbers and texts on demand, so that a row
/// reader is written once for all three. Columns are those of the schema, whatever order the file has.
public struct RowTable: Sendable {
  /// How the place of a row is named.
  enum Naming {
    /// `positions.csv:17`, by line of the file.
    case lines
    /// `book.json#/positions/16`, by place in an array.
    case pointer(String)
  }

  /// The file, as errors name it.
  public let name: String
  /// The schema's names, then the others in the order they were met.
  public internal(set) var columns: [String]
  /// Whether the text has the column at all.
  public internal(set) var isPresent: [Bool]
  /// Rows of data, the header not counted.
  public internal(set) var rowCount = 0

  let naming: Naming
  var bytes: [UInt8]
  var spill: [UInt8] = []
  /// Row-major, `columns.count` a row.
  var cells: [Cell] = []
  /// The line on which each row begins; empty when rows are named by pointer.
  var lines: [Int] = []
  /// Rows whose count of cells is not the header's, increasing, with that count.
  var ragged: [(row: Int, found: Int)] = []
  /// Number of cells of a full row.
  var width = 0
  /// 1 for CSV.
  var headerLines = 0

  init(name: String, naming: Naming, schema: RowSchema, bytes: [UInt8]) {
    self.name = name
    self.naming = naming
    self.bytes = bytes
    columns = schema.known
    isPresent = Array(repeating: false, count: schema.known.count)
  }

  /// What the whole table is called: `positions.csv`, or `book.json#/positions`.
  public var listName: String {
    switch naming {
    case .lines: name
    case .pointer(let prefix): "\(name)#\(prefix)"
    }
  }

  /// The place of a column, nil when the table has no such name.
  public func column(_ name: String) -> Int? {
    columns.firstIndex { $0.utf8.elementsEqual(name.utf8) }
  }

  /// The path of a row or of one of its cells: `positions.csv:17:quantity`,
  /// `book.json#/positions/16/quantity`.
  public func path(row: Int, column: Int? = nil) -> String {
    var path = name
    switch naming {
    case .lines:
      path += ":" + String(lines.indices.contains(row) ? lines[row] : 0)
      if let column, columns.indices.contains(column) { path += ":" + columns[column] }
    case .pointer(let prefix):
      path += "#" + prefix + "/" + String(row)
      if let column, columns.indices.contains(column) {
        path += "/" + JSONPointer.escaped(columns[column])
      }
    }
    return path
  }

  /// The number of a row by which a place in the text is told, counted from 1.
  ///
  /// Lines of data, a CSV header not counted, for files; places in the array for JSON. It grows with the row.
  public func number(ofRow row: Int) -> Int {
    switch naming {
    case .lines: (lines.indices.contains(row) ? lines[row] : row) - headerLines
    case .pointer: row + 1
    }
  }

  /// How many cells a ragged row has and should have; nil for a row of the right width.
  public func raggedWidth(row: Int) -> (found: Int, expected: Int)? {
    if ragged.isEmpty { return nil }
    var low = 0
    var high = ragged.count
    while low < high {
      let middle = (low + high) / 2
      if ragged[middle].row < row { low = middle + 1 } else { high = middle }
    }
    return low < ragged.count && ragged[low].row == row ? (ragged[low].found, width) : nil
  }

  /// Whether a cell is absent, empty or null.
  public func isAbsent(row: Int, column: Int) -> Bool {
    cell(row, column).kind == .absent
  }

  /// The bytes of a text cell; nil for anything else.
  ///
  /// - Complexity: O(1), nothing is copied.
  public func textBytes(row: Int, column: Int) -> ArraySlice<UInt8>? {
    let cell = cell(row, column)
    return cell.kind == .plain || cell.kind == .text ? slice(cell) : nil
  }

  /// What a cell holds.
  public func content(row: Int, column: Int) -> CellContent {
    let cell = cell(row, column)
    switch cell.kind {
    case .absent: return .absent
    case .plain, .text: return .text(String(decoding: slice(cell), as: UTF8.self))
    case .number: return .number(String(decoding: slice(cell), as: UTF8.self))
    case .yes: return .boolean(true)
    case .no: return .boolean(false)
    case .nested: return .nested
    }
  }

  /// A cell as a number.
  ///
  /// Text of a JSON row is never taken for a number, text of a CSV row is, by the
  /// JSON grammar.
  public func number(row: Int, column: Int) -> CellNumber {
    let cell = cell(row, column)
    switch cell.kind {
    case .absent: return .absent
    case .plain, .number:
      let length = Int(cell.length)
      if length <= TextLimits.longestNumber {
        let reading =
          cell.isSpilled
          ? NumberText.read(spill, from: cell.start, to: cell.start + length)
          : NumberText.read(bytes, from: cell.start, to: cell.start + length)
        if case .finite(let value) = reading { return .finite(value) }
      }
      return .refused(found: shown(row, column))
    case .text, .yes, .no, .nested: return .refused(found: shown(row, column))
    }
  }

  /// A cell in words, for "found …".
  public func shown(_ row: Int, _ column: Int) -> String {
    switch content(row: row, column: column) {
    case .absent: "nothing"
    case .text(let text): Spelling.quoted(text)
    case .number(let text): text
    case .boolean(let value): value ? "true" : "false"
    case .nested: "an array or object"
    }
  }

  @inline(__always)
  private func cell(_ row: Int, _ column: Int) -> Cell {
    let place = row &* columns.count &+ column
    guard row >= 0, column >= 0, column < columns.count, place < cells.count else { return Cell() }
    return cells[place]
  }

  private func slice(_ cell: Cell) -> ArraySlice<UInt8> {
    let end = cell.start + Int(cell.length)
    return cell.isSpilled ? spill[cell.start..<end] : bytes[cell.start..<end]
  }
}

extension TextLimits {
  /// Bytes of the longest number that any table reads.
  static let longestNumber = 64
}

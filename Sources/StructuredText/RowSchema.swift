/// The columns that a table may and must have.
public struct RowSchema: Sendable {
  /// Known names in the order in which a table keeps its columns.
  public let known: [String]
  /// Names without which a CSV header is refused.
  public let required: [String]
  /// Whether other names are columns too, in the order they are met, instead of an error.
  public let admitsOthers: Bool

  /// A schema from its names.
  public init(known: [String], required: [String], admitsOthers: Bool = false) {
    self.known = known
    self.required = required
    self.admitsOthers = admitsOthers
  }
}

/// What a cell holds.
public enum CellContent: Hashable, Sendable {
  /// No such column, an empty cell, or JSON null.
  case absent
  /// Any CSV cell; a JSON string.
  case text(String)
  /// A JSON number, as written.
  case number(String)
  case boolean(Bool)
  /// A JSON array or object, which no cell may hold.
  case nested
}

/// What a cell says as a number.
public enum CellNumber: Hashable, Sendable {
  case absent
  case finite(Double)
  /// Not a finite number; `found` tells what stands there, ready for a sentence.
  case refused(found: String)
}

/// A cell as its bytes in the table's text.
struct Cell {
  enum Kind: UInt8 {
    case absent
    /// A CSV cell: text or number, as the reader of the row asks.
    case plain
    case text
    case number
    case yes
    case no
    case nested
  }

  var start = 0
  var length: Int32 = 0
  var kind = Kind.absent
  /// Whether the bytes lie in the spill, because the text holds them only escaped.
  var isSpilled = false
}

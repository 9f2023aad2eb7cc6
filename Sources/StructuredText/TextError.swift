/// A place in a text, as an editor shows it.
public struct TextPlace: Hashable, Sendable {
  /// Counted from 1; lines end at LF.
  public let line: Int
  /// Characters (not bytes) from the start of the line, counted from 1.
  public let column: Int

  /// A place from its line and column.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The place of a byte offset; an offset past the end is the place after the last byte.
  ///
  /// - Complexity: O(offset). Meant for the one error that ends a run, not for every row.
  public init(of offset: Int, in bytes: [UInt8]) {
    var line = 1
    var column = 1
    var at = 0
    let end = Swift.min(Swift.max(offset, 0), bytes.count)
    while at < end {
      let byte = bytes[at]
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
      at += 1
    }
    self.init(line: line, column: column)
  }
}

/// Why a text could not be read at all: the reader stops at the first such place.
public struct TextError: Error, Hashable, Sendable {
  public let place: TextPlace
  /// JSON pointer (`/assets/0/spot`) or column name; empty where there is none.
  public let path: String
  /// What was found and what was expected, without the place and without a full stop.
  public let message: String

  /// An error from its place and sentence.
  public init(place: TextPlace, path: String = "", message: String) {
    self.place = place
    self.path = path
    self.message = message
  }

  /// An error at a byte offset.
  init(at offset: Int, in bytes: [UInt8], path: String = "", message: String) {
    self.init(place: TextPlace(of: offset, in: bytes), path: path, message: message)
  }

  /// Line, counted from 1.
  public var line: Int { place.line }
  /// Column, counted from 1.
  public var column: Int { place.column }
}

/// How much of anything a text may hold before it is refused; checked before memory is taken.
public struct TextLimits: Hashable, Sendable {
  /// Nested objects and arrays.
  public var depth = 32
  /// Bytes of an object's key or a column's name.
  public var keyBytes = 128
  /// Bytes of a string or a cell, between its quotes.
  public var stringBytes = 4_096
  /// Bytes of a number.
  public var numberBytes = 64
  /// Keys of one object and columns of one table.
  public var keysPerObject = 1_024
  /// Rows of a table.
  public var rows = 50_000_000

  /// Cells of a table of so many bytes, absent ones counted.
  ///
  /// Sixteen million, or four for each byte: a few lines under a header of a thousand names, or a key a
  /// line in JSON Lines, must not take more memory than a real table of that size.
  func cells(ofBytes count: Int) -> Int {
    Swift.max(16_000_000, count * 4)
  }

  /// The default limits.
  public init() {}
}

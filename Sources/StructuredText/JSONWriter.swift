/// A streaming writer of JSON into bytes, in the order it is told.
///
/// It keeps the commas; the caller keeps the shape. Doubles take the shortest digits that read back to
/// the same bits. NaN and infinities cannot be written: they become `null`, the call returns false, and
/// `refusedNumbers` counts them, so that the caller can add a failure.
public struct JSONWriter: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8]
  /// How many numbers were not finite and became `null`.
  public private(set) var refusedNumbers = 0

  /// Blanks of one level of indentation; nil writes everything on one line.
  private let indentation: Int?
  /// For each open container: whether it holds something already.
  private var holds: [Bool] = []
  private var followsKey = false

  /// An empty writer.
  ///
  /// - Parameters:
  ///   - indentation: blanks a level, nil for no white space at all.
  ///   - capacity: bytes to reserve.
  public init(indentation: Int? = nil, capacity: Int = 0) {
    self.indentation = indentation
    bytes = []
    bytes.reserveCapacity(Swift.max(0, capacity))
  }

  /// Opens an object.
  public mutating func beginObject() { open(0x7B) }
  /// Closes the innermost container, an object.
  public mutating func endObject() { close(0x7D) }
  /// Opens an array.
  public mutating func beginArray() { open(0x5B) }
  /// Closes the innermost container, an array.
  public mutating func endArray() { close(0x5D) }

  /// Writes a key; its value comes next.
  public mutating func key(_ name: String) {
    separate()
    quoted(name)
    bytes.append(0x3A)
    if indentation != nil { bytes.append(0x20) }
    followsKey = true
  }

  /// Writes a string.
  public mutating func string(_ text: String) {
    separate()
    quoted(text)
  }

  /// Writes a double by its shortest digits, `null` where it is not finite.
  ///
  /// - Returns: whether it was finite.
  @discardableResult
  public mutating func number(_ value: Double) -> Bool {
    separate()
    if NumberText.append(value, to: &bytes) { return true }
    refusedNumbers += 1
    appendNull()
    return false
  }

  /// Writes a whole number.
  public mutating func integer(_ value: Int) {
    separate()
    NumberText.append(Int64(value), to: &bytes)
  }

  /// Writes `true` or `false`.
  public mutating func bool(_ value: Bool) {
    separate()
    if value {
      bytes.append(contentsOf: [0x74, 0x72, 0x75, 0x65])
    } else {
      bytes.append(contentsOf: [0x66, 0x61, 0x6C, 0x73, 0x65])
    }
  }

  /// Writes `null`.
  public mutating func null() {
    separate()
    appendNull()
  }

  /// Writes bytes that are already one JSON value, as they are.
  public mutating func raw(_ value: [UInt8]) {
    separate()
    bytes.append(contentsOf: value)
  }

  /// Ends a line, between the values of JSON Lines and after the last value of a document.
  public mutating func newline() {
    bytes.append(0x0A)
  }

  /// Hands over what was written and starts again with nothing.
  public mutating func take() -> [UInt8] {
    let taken = bytes
    bytes = []
    holds = []
    followsKey = false
    return taken
  }

  // MARK: Fields

  /// Writes a key and a string.
  public mutating func field(_ name: String, _ text: String) {
    key(name)
    string(text)
  }

  /// Writes a key and a double.
  ///
  /// - Returns: whether it was finite.
  @discardableResult
  public mutating func field(_ name: String, _ value: Double) -> Bool {
    key(name)
    return number(value)
  }

  /// Writes a key and a double, `null` where there is none.
  ///
  /// - Returns: false only for a value that is there and not finite.
  @discardableResult
  public mutating func field(_ name: String, _ value: Double?) -> Bool {
    key(name)
    if let value { return number(value) }
    null()
    return true
  }

  /// Writes a key and a whole number.
  public mutating func field(_ name: String, _ value: Int) {
    key(name)
    integer(value)
  }

  /// Writes a key and a truth value.
  public mutating func field(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  // MARK: Bytes

  private mutating func open(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    holds.append(false)
  }

  private mutating func close(_ byte: UInt8) {
    let held = holds.popLast() ?? false
    followsKey = false
    if held { breakLine() }
    bytes.append(byte)
  }

  private mutating func separate() {
    if followsKey {
      followsKey = false
      return
    }
    guard let holdsSomething = holds.last else { return }
    if holdsSomething { bytes.append(0x2C) } else { holds[holds.count - 1] = true }
    breakLine()
  }

  private mutating func breakLine() {
    guard let indentation else { return }
    bytes.append(0x0A)
    var blanks = indentation * holds.count
    while blanks > 0 {
      bytes.append(0x20)
      blanks -= 1
    }
  }

  private mutating func appendNull() {
    bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
  }

  private mutating func quoted(_ text: String) {
    bytes.append(0x22)
    defer { bytes.append(0x22) }
    // Nearly every text needs no escape: one pass to see it, one copy.
    if !Self.needsEscape(text) { return bytes.append(contentsOf: text.utf8) }
    for byte in text.utf8 {
      if byte >= 0x20, byte != 0x22, byte != 0x5C {
        bytes.append(byte)
      } else {
        escape(byte)
      }
    }
  }

  private static func needsEscape(_ text: String) -> Bool {
    let span = text.utf8Span.span
    for place in span.indices {
      let byte = span[place]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C { return true }
    }
    return false
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
    case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
    case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
    case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
    default:
      let digits: [UInt8] = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30])
      bytes.append(digits[Int(byte >> 4) & 15])
      bytes.append(digits[Int(byte) & 15])
    }
  }
}

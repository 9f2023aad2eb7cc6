/// The tokens of JSON on checked UTF-8 bytes: white space, strings, numbers and the three words.
///
/// Shared by the tree reader and the row reader. It never looks past `end`, and every error carries
/// the byte offset at which the text stopped being JSON.
struct JSONScanner {
  /// Why a token could not be read.
  struct Stop: Error {
    let offset: Int
    let message: String
  }

  /// A string token: the bytes between its quotes.
  struct StringToken {
    let start: Int
    let end: Int
    let hasEscape: Bool
  }

  let bytes: [UInt8]
  let end: Int
  let limits: TextLimits
  var at: Int

  /// The byte at the place, 0 at the end (a NUL never stands in checked text).
  var current: UInt8 { at < end ? bytes[at] : 0 }

  mutating func skipSpace() {
    while at < end {
      let byte = bytes[at]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at += 1
    }
  }

  func stop(_ expected: String) -> Stop {
    Stop(offset: at, message: "expected \(expected), found \(Spelling.found(bytes, at: at))")
  }

  /// Reads a string whose opening quote stands at the place.
  mutating func string(limit: Int, what: String) throws(Stop) -> StringToken {
    let quote = at
    at += 1
    let start = at
    var hasEscape = false
    while at < end {
      let byte = bytes[at]
      if byte == 0x22 {
        guard at - start <= limit else {
          throw Stop(offset: quote, message: "found a \(what) longer than \(limit) bytes")
        }
        let token = StringToken(start: start, end: at, hasEscape: hasEscape)
        at += 1
        return token
      }
      guard byte >= 0x20 else {
        throw Stop(
          offset: at, message: "found the control character \(Spelling.hex(byte)) inside a \(what)")
      }
      if byte == 0x5C {
        hasEscape = true
        at += 1
      }
      at += 1
    }
    at = end
    throw Stop(offset: quote, message: "found a \(what) without its closing quote")
  }

  /// The bytes that a string token stands for.
  func unescaped(_ token: StringToken) throws(Stop) -> [UInt8] {
    guard token.hasEscape else { return Array(bytes[token.start..<token.end]) }
    var result: [UInt8] = []
    result.reserveCapacity(token.end - token.start)
    var at = token.start
    while at < token.end {
      let byte = bytes[at]
      guard byte == 0x5C else {
        result.append(byte)
        at += 1
        continue
      }
      // The scanner stepped over the byte after each backslash, so it lies before the quote.
      let escape = at
      let letter = bytes[at + 1]
      at += 2
      switch letter {
      case 0x22, 0x5C, 0x2F: result.append(letter)
      case 0x62: result.append(0x08)
      case 0x66: result.append(0x0C)
      case 0x6E: result.append(0x0A)
      case 0x72: result.append(0x0D)
      case 0x74: result.append(0x09)
      case 0x75:
        let scalar = try scalar(at: &at, before: token.end, escape: escape)
        result.append(contentsOf: String(scalar).utf8)
      default:
        throw Stop(offset: escape, message: "found an unknown escape in a string")
      }
    }
    return result
  }

  /// The text of a string token.
  func text(_ token: StringToken) throws(Stop) -> String {
    guard token.hasEscape else {
      return String(decoding: bytes[token.start..<token.end], as: UTF8.self)
    }
    return String(decoding: try unescaped(token), as: UTF8.self)
  }

  private func scalar(at place: inout Int, before end: Int, escape: Int) throws(Stop) -> Unicode.Scalar {
    let first = try unit(at: &place, before: end, escape: escape)
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A surrogate: only a high one followed by a low one is a character.
    if first < 0xDC00, place + 1 < end, bytes[place] == 0x5C, bytes[place + 1] == 0x75 {
      place += 2
      let second = try unit(at: &place, before: end, escape: escape)
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw Stop(offset: escape, message: "found half of a surrogate pair in a string")
  }

  private func unit(at place: inout Int, before end: Int, escape: Int) throws(Stop) -> UInt32 {
    guard place + 4 <= end else {
      throw Stop(offset: escape, message: "expected four hexadecimal digits after \\u")
    }
    var value: UInt32 = 0
    for byte in bytes[place..<place + 4] {
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw Stop(offset: escape, message: "expected four hexadecimal digits after \\u")
      }
      value = value << 4 | UInt32(digit)
    }
    place += 4
    return value
  }

  /// Reads the number at the place; its bytes are `start..<at` afterwards.
  mutating func number() throws(Stop) -> NumberText.Reading {
    let start = at
    while at < end {
      switch bytes[at] {
      case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: at += 1
      default:
        return try reading(from: start)
      }
    }
    return try reading(from: start)
  }

  private func reading(from start: Int) throws(Stop) -> NumberText.Reading {
    guard at - start <= limits.numberBytes else {
      throw Stop(offset: start, message: "found a number longer than \(limits.numberBytes) bytes")
    }
    let reading = NumberText.read(bytes, from: start, to: at)
    if reading == .malformed {
      let found = String(decoding: bytes[start..<at], as: UTF8.self)
      throw Stop(offset: start, message: "expected a number, found \(Spelling.quoted(found))")
    }
    return reading
  }

  /// Reads `true`, `false` or `null` at the place.
  mutating func word(_ letters: StaticWord) throws(Stop) {
    let start = at
    for byte in letters.bytes {
      guard at < end, bytes[at] == byte else {
        at = start
        throw stop("a value")
      }
      at += 1
    }
  }

  /// The three words of JSON.
  enum StaticWord {
    case yes, no, null

    var bytes: [UInt8] {
      switch self {
      case .yes: [0x74, 0x72, 0x75, 0x65]
      case .no: [0x66, 0x61, 0x6C, 0x73, 0x65]
      case .null: [0x6E, 0x75, 0x6C, 0x6C]
      }
    }
  }
}

/// Checks that hold for every text before it is looked at as JSON or CSV.
enum TextCheck {
  /// Refuses what is no UTF-8 text: an empty file, a byte order mark, UTF-16, gzip, broken sequences,
  /// and control characters other than tab, CR and LF.
  ///
  /// - Complexity: O(bytes); a text that is ASCII throughout takes one pass without branches.
  static func validate(_ bytes: [UInt8]) throws(TextError) {
    try refuseForeignFormats(bytes)
    var joined: UInt8 = 0
    var controls: UInt8 = 0
    for byte in bytes {
      joined |= byte
      // 1 for the bytes below 0x20, which the second pass tells apart.
      controls |= byte < 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 ? 1 : 0
    }
    if joined & 0x80 == 0, controls == 0 { return }
    try validateSlowly(bytes)
  }

  private static func refuseForeignFormats(_ bytes: [UInt8]) throws(TextError) {
    let start = TextPlace(line: 1, column: 1)
    guard let first = bytes.first else { throw TextError(place: start, message: "the file is empty") }
    let second = bytes.count > 1 ? bytes[1] : 0x20
    if first == 0xEF, second == 0xBB {
      throw TextError(
        place: start, message: "found a byte order mark, expected UTF-8 text without one")
    }
    if (first == 0xFE && second == 0xFF) || (first == 0xFF && second == 0xFE) || second == 0 || first == 0 {
      throw TextError(place: start, message: "found UTF-16 or binary data, expected UTF-8 text")
    }
    if first == 0x1F, second == 0x8B {
      throw TextError(place: start, message: "found a gzip archive, expected UTF-8 text")
    }
    if first == 0x3C {
      throw TextError(
        place: start, message: "found '<' as the first character (a web page?), expected data")
    }
  }

  private static func validateSlowly(_ bytes: [UInt8]) throws(TextError) {
    var at = 0
    while at < bytes.count {
      let byte = bytes[at]
      if byte < 0x80 {
        if byte < 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 {
          throw TextError(
            at: at, in: bytes, message: "found the control character \(Spelling.hex(byte)), expected text")
        }
        at += 1
        continue
      }
      let length = sequenceLength(bytes, at: at)
      guard length > 0 else {
        throw TextError(
          at: at, in: bytes, message: "found the byte \(Spelling.hex(byte)), which is not UTF-8")
      }
      at += length
    }
  }

  /// The length of the well-formed multi-byte sequence at a place, 0 where there is none
  /// (The Unicode Standard, table 3-7: no overlong forms, no surrogates, nothing past U+10FFFF).
  private static func sequenceLength(_ bytes: [UInt8], at place: Int) -> Int {
    func follows(_ distance: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
      let index = place + distance
      return index < bytes.count && bytes[index] >= low && bytes[index] <= high
    }
    switch bytes[place] {
    case 0xC2...0xDF: return follows(1) ? 2 : 0
    case 0xE0: return follows(1, 0xA0) && follows(2) ? 3 : 0
    case 0xED: return follows(1, 0x80, 0x9F) && follows(2) ? 3 : 0
    case 0xE1...0xEF: return follows(1) && follows(2) ? 3 : 0
    case 0xF0: return follows(1, 0x90) && follows(2) && follows(3) ? 4 : 0
    case 0xF1...0xF3: return follows(1) && follows(2) && follows(3) ? 4 : 0
    case 0xF4: return follows(1, 0x80, 0x8F) && follows(2) && follows(3) ? 4 : 0
    default: return 0
    }
  }
}

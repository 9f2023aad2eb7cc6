/// Doubles from and to decimal text, without a locale.
public enum NumberText {
  /// What a text turned out to be.
  public enum Reading: Hashable, Sendable {
    /// The nearest double, ties to even; an underflow is a subnormal or zero.
    case finite(Double)
    /// A number whose nearest double is infinite, such as `1e400`.
    case outOfRange
    /// Not a number of the JSON grammar: empty, `NaN`, `+1`, `.5`, `007`, `0x1p3`, `1 000`.
    case malformed
  }

  /// Reads a whole text as one JSON number (RFC 8259, section 6).
  public static func read(_ text: String) -> Reading {
    let bytes = Array(text.utf8)
    return read(bytes, from: 0, to: bytes.count)
  }

  /// Reads the bytes of a half-open range as one JSON number.
  ///
  /// Correctly rounded. Clinger's fast path (1990): digits that fit 2^53 and a power of ten that is
  /// itself exact, up to 10^22, meet in one rounding. Everything else goes to `Double(_: String)`,
  /// which rounds exactly and knows no locale; the grammar is checked first, because alone it would
  /// take `nan`, `inf` and hexadecimal.
  ///
  /// - Parameters:
  ///   - bytes: the text that holds the number.
  ///   - start: first byte of the number.
  ///   - end: after its last byte; a range outside `bytes` reads as malformed.
  /// - Complexity: O(length), no allocation on the fast path.
  public static func read(_ bytes: [UInt8], from start: Int, to end: Int) -> Reading {
    guard start >= 0, end <= bytes.count, start < end else { return .malformed }
    var at = start
    let isNegative = bytes[at] == 0x2D
    if isNegative { at += 1 }
    var digits: UInt64 = 0
    var kept = 0
    var scale = 0
    var isExact = true

    let whole = at
    while at < end, bytes[at] &- 0x30 < 10 {
      // Nineteen digits fit 64 bits; leading zeros of a fraction do not count as kept.
      if kept < 19 {
        digits = digits &* 10 &+ UInt64(bytes[at] &- 0x30)
        if digits > 0 { kept += 1 }
      } else {
        isExact = false
      }
      at += 1
    }
    guard at > whole, at == whole + 1 || bytes[whole] != 0x30 else { return .malformed }
    if at < end, bytes[at] == 0x2E {
      at += 1
      let fraction = at
      while at < end, bytes[at] &- 0x30 < 10 {
        if kept < 19 {
          digits = digits &* 10 &+ UInt64(bytes[at] &- 0x30)
          if digits > 0 { kept += 1 }
          scale -= 1
        } else {
          isExact = false
        }
        at += 1
      }
      guard at > fraction else { return .malformed }
    }
    if at < end, bytes[at] | 0x20 == 0x65 {
      at += 1
      var isDown = false
      if at < end, bytes[at] == 0x2B || bytes[at] == 0x2D {
        isDown = bytes[at] == 0x2D
        at += 1
      }
      let first = at
      var exponent = 0
      while at < end, bytes[at] &- 0x30 < 10 {
        // Far past every double; keeps the counter from overflowing.
        if exponent < 100_000 { exponent = exponent * 10 + Int(bytes[at] &- 0x30) }
        at += 1
      }
      guard at > first else { return .malformed }
      scale += isDown ? -exponent : exponent
    }
    guard at == end else { return .malformed }

    if isExact, digits <= 1 << 53, scale >= -22, scale <= 22 {
      let value = Double(digits)
      let scaled = scale < 0 ? value / powersOfTen[-scale] : value * powersOfTen[scale]
      return .finite(isNegative ? -scaled : scaled)
    }
    if isExact, digits == 0 { return .finite(isNegative ? -0.0 : 0) }
    guard let value = Double(String(decoding: bytes[start..<end], as: UTF8.self)), value.isFinite
    else { return .outOfRange }
    return .finite(value)
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]
}

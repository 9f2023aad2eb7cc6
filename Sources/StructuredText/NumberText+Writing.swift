extension NumberText {
  /// Appends the shortest digits that read back to the same bits, as a JSON number.
  ///
  /// Whole numbers below 2^53 print without a point (`100`), −0 prints as `0`; larger and smaller
  /// magnitudes may take an exponent (`1e+16`, `1e-05`), which JSON allows.
  ///
  /// - Returns: false, with nothing appended, for NaN and infinities: JSON has no way to write them.
  @discardableResult
  public static func append(_ value: Double, to bytes: inout [UInt8]) -> Bool {
    guard value.isFinite else { return false }
    if value.magnitude < 9_007_199_254_740_992, let whole = Int64(exactly: value) {
      append(whole, to: &bytes)
      return true
    }
    // `description` is the shortest round trip and knows no locale.
    // Only whole numbers end in `.0`, and those below 2^53 are written already.
    let text = value.description.utf8
    if value.magnitude >= 9_007_199_254_740_992, text.hasSuffix(pointZero) {
      bytes.append(contentsOf: text.dropLast(2))
    } else {
      bytes.append(contentsOf: text)
    }
    return true
  }

  /// Appends a whole number.
  public static func append(_ value: Int64, to bytes: inout [UInt8]) {
    if value < 0 { bytes.append(0x2D) }
    let first = bytes.count
    var rest = value.magnitude
    repeat {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    var low = first
    var high = bytes.count - 1
    while low < high {
      bytes.swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  /// The shortest digits of a finite double, nil for NaN and infinities.
  public static func text(of value: Double) -> String? {
    var bytes: [UInt8] = []
    guard append(value, to: &bytes) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let pointZero: [UInt8] = [0x2E, 0x30]
}

extension String.UTF8View {
  /// Whether the bytes end with `suffix`.
  fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool {
    count >= suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
  }
}

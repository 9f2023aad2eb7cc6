/// A confidence level held exactly, as a fraction of whole numbers: 0.99 is 99/100, not a double.
public struct ConfidenceLevel: Hashable, Comparable, Sendable {
  public let numerator: Int
  /// A power of ten, at most 10^15.
  public let denominator: Int

  /// A level from its decimal digits, such as `0.975`.
  ///
  /// - Returns: nil unless the text is a plain decimal strictly between 0 and 1, up to 15 digits.
  public init?(decimal text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count > 2, bytes.count <= 17, bytes[0] == 0x30, bytes[1] == 0x2E else { return nil }
    var numerator = 0
    var denominator = 1
    for byte in bytes.dropFirst(2) {
      guard (0x30...0x39).contains(byte) else { return nil }
      numerator = numerator * 10 + Int(byte - 0x30)
      denominator *= 10
    }
    guard numerator > 0, numerator < denominator else { return nil }
    while numerator % 10 == 0 {
      numerator /= 10
      denominator /= 10
    }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The nearest double.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// The level as a decimal text, `0.99`.
  public var decimal: String {
    var digits = String(numerator)
    let width = String(denominator).utf8.count - 1
    while digits.utf8.count < width { digits = "0" + digits }
    return "0." + digits
  }

  /// Order by value.
  public static func < (left: ConfidenceLevel, right: ConfidenceLevel) -> Bool {
    // Both products stay below 10^30, past Int: compare at the full width.
    left.numerator.multipliedFullWidth(by: right.denominator)
      < right.numerator.multipliedFullWidth(by: left.denominator)
  }
}

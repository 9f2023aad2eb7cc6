public import MarketModel

/// Instants as the report prints them.
public enum InstantText {
  /// An instant in UTC to the second: `2026-03-27T08:00:00Z`.
  public static func rfc3339(_ instant: Instant) -> String {
    let date = instant.civilDate
    let second = instant.secondOfDay
    var bytes: [UInt8] = []
    bytes.reserveCapacity(20)
    append(date.year, width: 4, to: &bytes)
    bytes.append(0x2D)
    append(date.month, width: 2, to: &bytes)
    bytes.append(0x2D)
    append(date.day, width: 2, to: &bytes)
    bytes.append(0x54)
    append(second / 3_600, width: 2, to: &bytes)
    bytes.append(0x3A)
    append(second / 60 % 60, width: 2, to: &bytes)
    bytes.append(0x3A)
    append(second % 60, width: 2, to: &bytes)
    bytes.append(0x5A)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func append(_ value: Int, width: Int, to bytes: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<max(width, 2) { divisor *= 10 }
    while divisor > 0 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
      divisor /= 10
    }
  }
}

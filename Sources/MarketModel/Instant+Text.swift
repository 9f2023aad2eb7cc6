extension Instant {
  /// Reads an RFC 3339 instant with its zone, to the whole second: `2026-02-05T21:29:37Z`,
  /// `2026-02-05T22:29:37+01:00`.
  ///
  /// `T` and `Z` may be of either case (RFC 3339, section 5.6). A fraction of a second is read only when it is
  /// zero: dropping another one would move every year fraction in silence. Leap seconds (`:60`) have no place
  /// on this time line.
  ///
  /// - Returns: nil for a date that does not exist, a missing zone, or any other spelling.
  public init?(rfc3339 text: String) {
    self.init(rfc3339: Array(text.utf8)[...])
  }

  /// Reads an RFC 3339 instant from its bytes; see `init(rfc3339:)` for texts.
  public init?(rfc3339 bytes: ArraySlice<UInt8>) {
    self.init(bytes, isCut: false)
  }

  /// Reads an RFC 3339 instant and cuts a fraction of a second off, for the caller to say so.
  public init?(cutting text: String) {
    self.init(Array(text.utf8)[...], isCut: true)
  }

  private init?(_ bytes: ArraySlice<UInt8>, isCut: Bool) {
    var scan = DigitScan(bytes)
    guard let year = scan.number(4), scan.skip(0x2D), let month = scan.number(2), scan.skip(0x2D),
      let day = scan.number(2), scan.skip(0x54) || scan.skip(0x74), let hour = scan.number(2),
      scan.skip(0x3A),
      let minute = scan.number(2), scan.skip(0x3A), let second = scan.number(2)
    else { return nil }
    if scan.skip(0x2E) {
      let digits: ClosedRange<UInt8> = isCut ? 0x30...0x39 : 0x30...0x30
      guard scan.skip(in: digits) else { return nil }
      while scan.skip(in: digits) {}
    }
    var offset = 0
    if !scan.skip(0x5A), !scan.skip(0x7A) {
      let isEast = scan.skip(0x2B)
      guard isEast || scan.skip(0x2D), let hours = scan.number(2), scan.skip(0x3A),
        let minutes = scan.number(2), hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 3_600 + minutes * 60) * (isEast ? 1 : -1)
    }
    guard scan.isAtEnd,
      let local = Instant(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    self.init(secondsSinceEpoch: local.secondsSinceEpoch - Int64(offset))
  }

  /// Reads a bare date `2026-02-05` as midnight UTC of that day.
  ///
  /// - Returns: nil for a date that does not exist and for any other spelling.
  public init?(date bytes: ArraySlice<UInt8>) {
    var scan = DigitScan(bytes)
    guard let year = scan.number(4), scan.skip(0x2D), let month = scan.number(2), scan.skip(0x2D),
      let day = scan.number(2), scan.isAtEnd
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Reads a bare date from a text.
  public init?(date text: String) {
    self.init(date: Array(text.utf8)[...])
  }

  /// The instant in UTC as RFC 3339: `2026-02-05T21:29:37Z`.
  public var text: String {
    let second = secondOfDay
    return dateText + "T" + Self.padded(second / 3_600, 2) + ":" + Self.padded(second / 60 % 60, 2) + ":"
      + Self.padded(second % 60, 2) + "Z"
  }

  /// The civil date in UTC: `2026-02-05`.
  public var dateText: String {
    let date = civilDate
    return Self.padded(date.year, 4) + "-" + Self.padded(date.month, 2) + "-" + Self.padded(date.day, 2)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
  }
}

/// Reads fixed-width digits and single characters from the front of bytes.
struct DigitScan {
  private let bytes: ArraySlice<UInt8>
  private(set) var at: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  var isAtEnd: Bool { at >= bytes.endIndex }

  /// Takes exactly `width` digits, nil where there are fewer.
  mutating func number(_ width: Int) -> Int? {
    guard bytes.endIndex - at >= width else { return nil }
    var value = 0
    for byte in bytes[at..<at + width] {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    at += width
    return value
  }

  /// Takes one byte when it is the one asked for.
  mutating func skip(_ byte: UInt8) -> Bool { skip(in: byte...byte) }

  /// Takes one byte when it is one of those asked for.
  mutating func skip(in range: ClosedRange<UInt8>) -> Bool {
    guard at < bytes.endIndex, range.contains(bytes[at]) else { return false }
    at += 1
    return true
  }
}

/// A stretch of a name between two separators.
struct NamePart: Sendable {
  let start: Int
  let end: Int

  /// The parts between hyphens; at least one.
  static func split(_ bytes: [UInt8]) -> [NamePart] {
    var parts: [NamePart] = []
    var start = 0
    for (place, byte) in bytes.enumerated() where byte == 0x2D {
      parts.append(NamePart(start: start, end: place))
      start = place + 1
    }
    parts.append(NamePart(start: start, end: bytes.count))
    return parts
  }

  /// The stretches before and after the first separator.
  func cut(at separator: UInt8, _ bytes: [UInt8]) -> (head: NamePart, tail: NamePart?) {
    guard let place = bytes[start..<end].firstIndex(of: separator) else { return (self, nil) }
    return (NamePart(start: start, end: place), NamePart(start: place + 1, end: end))
  }

  func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The id of a coin or a share: capital letters and digits, not digits alone.
  static func asset(_ part: NamePart, _ bytes: [UInt8]) throws(InstrumentNameError) -> Identifier {
    var hasLetter = false
    for place in part.start..<part.end {
      let byte = bytes[place]
      let isLetter = byte >= 0x41 && byte <= 0x5A
      guard isLetter || (byte >= 0x30 && byte <= 0x39) else {
        throw InstrumentNameError(offset: place, expected: "a capital letter or digit of an asset")
      }
      hasLetter = hasLetter || isLetter
    }
    guard hasLetter, let id = Identifier(bytes: bytes[part.start..<part.end]) else {
      throw InstrumentNameError(offset: part.start, expected: "an asset such as BTC")
    }
    return id
  }
}

/// The expiry of a crypto contract, 08:00 UTC.
struct NameDate {
  /// How the venues write a date.
  enum Form {
    /// `27DEC24`, `3JAN25`.
    case deribit
    /// `20241227`.
    case eightDigits
    /// `241227`.
    case sixDigits
  }

  let form: Form
  let expiry: Instant

  init(_ part: NamePart, _ bytes: [UInt8]) throws(InstrumentNameError) {
    let slice = bytes[part.start..<part.end]
    let digits = slice.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
    var scan = DigitScan(slice)
    var date: (year: Int, month: Int, day: Int)?
    if digits == slice.count, digits == 8 {
      form = .eightDigits
      if let year = scan.number(4), let month = scan.number(2), let day = scan.number(2) {
        date = (year, month, day)
      }
    } else if digits == slice.count, digits == 6 {
      form = .sixDigits
      if let year = scan.number(2), let month = scan.number(2), let day = scan.number(2) {
        date = (2_000 + year, month, day)
      }
    } else {
      form = .deribit
      // A day is written without a leading zero, so `03JAN25` is another text than the venue's.
      if digits == 1 || digits == 2, slice.count == digits + 5, slice.first != 0x30,
        let day = scan.number(digits), let month = Self.month(bytes, at: scan.at)
      {
        var year = DigitScan(bytes[(scan.at + 3)..<part.end])
        if let number = year.number(2) { date = (2_000 + number, month, day) }
      }
    }
    guard let date else {
      throw InstrumentNameError(
        offset: part.start, expected: "PERPETUAL, PERP or an expiry such as 27DEC24, 20241227 or 241227")
    }
    guard let expiry = Instant.cryptoExpiry(year: date.year, month: date.month, day: date.day) else {
      throw InstrumentNameError(offset: part.start, expected: "a date of the calendar")
    }
    self.expiry = expiry
  }

  private static func month(_ bytes: [UInt8], at place: Int) -> Int? {
    guard place + 3 <= bytes.count else { return nil }
    let names = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    return names.firstIndex { $0.utf8.elementsEqual(bytes[place..<place + 3]) }.map { $0 + 1 }
  }
}

/// A strike: `100000`, `0d625` (Deribit) or `0.625`.
enum NameStrike {
  static func parse(_ part: NamePart, _ bytes: [UInt8]) throws(InstrumentNameError) -> Double {
    var digits = 0
    var count = 0
    var divisor = 1
    var pointAt: Int?
    for place in part.start..<part.end {
      let byte = bytes[place]
      if byte >= 0x30, byte <= 0x39, count < 15 {
        // Fifteen digits and as many decimals are exact, so one division rounds correctly.
        digits = digits * 10 + Int(byte - 0x30)
        count += 1
        if pointAt != nil { divisor *= 10 }
      } else if byte == 0x64 || byte == 0x2E, pointAt == nil, place > part.start, place + 1 < part.end {
        pointAt = place
      } else {
        throw InstrumentNameError(offset: place, expected: "a digit of the strike")
      }
    }
    let whole = (pointAt ?? part.end) - part.start
    guard digits > 0, whole == 1 || bytes[part.start] != 0x30 else {
      throw InstrumentNameError(offset: part.start, expected: "a strike above zero such as 100000 or 0d625")
    }
    return Double(digits) / Double(divisor)
  }
}

/// Underlying, quote and settlement of a crypto contract.
struct ContractTerms {
  let underlying: Identifier
  let quote: Identifier
  let settlement: Identifier
  let isInverse: Bool

  /// Linear in `quote`; without one the contract is quoted in USD and settled in its underlying.
  init(underlying: Identifier, quote: String?, offset: Int) throws(InstrumentNameError) {
    guard let quoteAsset = Identifier(quote ?? "USD") else {
      throw InstrumentNameError(offset: offset, expected: "a quote asset")
    }
    self.underlying = underlying
    self.quote = quoteAsset
    isInverse = quote == nil
    settlement = quote == nil ? underlying : quoteAsset
  }

  func perpetual(_ id: Identifier) -> Instrument {
    Instrument(
      id: id, kind: .perpetual, underlying: underlying, quoteAsset: quote, settlementAsset: settlement,
      isInverse: isInverse)
  }

  func future(_ id: Identifier, _ expiry: Instant) -> Instrument {
    Instrument(
      id: id, kind: .future, underlying: underlying, quoteAsset: quote, settlementAsset: settlement,
      expiry: expiry, isInverse: isInverse)
  }

  func option(_ id: Identifier, _ expiry: Instant, _ strike: Double, _ type: OptionType) -> Instrument {
    Instrument(
      id: id, kind: .option, underlying: underlying, quoteAsset: quote, settlementAsset: settlement,
      expiry: expiry, strike: strike, optionType: type, isInverse: isInverse)
  }
}

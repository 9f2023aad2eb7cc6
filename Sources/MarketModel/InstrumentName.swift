/// Why a name is not the name of a contract: where it stops being one.
public struct InstrumentNameError: Error, Hashable, Sendable {
  /// Bytes before the place, so 0 is the first character.
  public let offset: Int
  /// What could have stood there.
  public let expected: String

  /// An error from its place.
  public init(offset: Int, expected: String) {
    self.offset = offset
    self.expected = expected
  }

  /// One clause for a message: `expected a strike at character 13`.
  public var sentence: String { "expected \(expected) at character \(offset + 1)" }
}

/// What the names of exchanges tell: contracts as Deribit, Derive, OKX, Binance, Bybit and the OCC spell
/// them.
///
/// | spelling | venue | contract |
/// |---|---|---|
/// | `BTC-27DEC24-100000-C` | Deribit | option settled in coin, quoted in USD |
/// | `SOL_USDC-27DEC24-0d625-C` | Deribit | linear option; `d` is the decimal point |
/// | `BTC-27DEC24`, `BTC-PERPETUAL` | Deribit | inverse, USD a contract |
/// | `BTC_USDC-27DEC24`, `BTC_USDC-PERPETUAL` | Deribit | linear |
/// | `ETH-20241227-4000-C`, `ETH-PERP` | Derive | linear in USDC |
/// | `BTC-USD-241227-100000-C`, `BTC-USD-241227`, `BTC-USDT-SWAP` | OKX | inverse for USD, else linear |
/// | `BTC-241227-100000-C`, `BTCUSDT`, `BTCUSDT_241227` | Binance, Bybit | linear |
/// | `BTC-27DEC24-100000-C-USDT` | Bybit | linear option |
/// | `SPY   261218C00600000`, `SPY261218C00600000` | OCC | 100 shares, quoted in USD |
///
/// A spelling that two venues share is Deribit's. Every contract of a crypto venue counts in coin, or in
/// USD for inverse futures and perpetuals, with multiplier 1: OKX counts whole contracts in its own
/// statements, which an import must turn into coin. Crypto contracts expire at 08:00 UTC, listed options
/// at 16:00 New York; the morning settlement of some index series is not in the name.
public enum InstrumentName {
  /// The contract that a name tells.
  ///
  /// - Throws: `InstrumentNameError` with the place where the name stops being a contract's.
  /// - Complexity: O(length).
  public static func parse(_ id: Identifier) throws(InstrumentNameError) -> Instrument {
    let bytes = Array(id.text.utf8)
    if let listed = try ListedName.parse(id, bytes) { return listed }
    let parts = NamePart.split(bytes)
    guard parts.count > 1 else { return try PairName.parse(id, bytes) }
    if isWord(parts[1], "USD", "USDT", "USDC", in: bytes) { return try pairParts(id, bytes, parts) }
    return try coinParts(id, bytes, parts)
  }

  /// `BTC-…`, `SOL_USDC-…`: Deribit, Derive, Binance options, Bybit options.
  private static func coinParts(
    _ id: Identifier, _ bytes: [UInt8], _ parts: [NamePart]
  ) throws(InstrumentNameError) -> Instrument {
    let (underlying, pairQuote) = try coin(parts[0], bytes)
    let second = parts[1]
    if parts.count == 2, isWord(second, "PERPETUAL", in: bytes) {
      let terms = try ContractTerms(underlying: underlying, quote: pairQuote, offset: 0)
      return terms.perpetual(id)
    }
    if parts.count == 2, isWord(second, "PERP", in: bytes) {
      let terms = try ContractTerms(underlying: underlying, quote: pairQuote ?? "USDC", offset: 0)
      return terms.perpetual(id)
    }
    let date = try NameDate(second, bytes)
    var quote = pairQuote
    switch date.form {
    case .deribit: break
    case .eightDigits: quote = pairQuote ?? "USDC"
    case .sixDigits: quote = pairQuote ?? "USDT"
    }
    if parts.count == 2 {
      guard date.form == .deribit else {
        throw InstrumentNameError(offset: second.end, expected: "a strike after the expiry")
      }
      return try ContractTerms(underlying: underlying, quote: quote, offset: 0).future(id, date.expiry)
    }
    let strike = try NameStrike.parse(parts[2], bytes)
    guard parts.count > 3 else {
      throw InstrumentNameError(offset: bytes.count, expected: "C or P after the strike")
    }
    let type = try optionType(parts[3], bytes)
    if parts.count > 4 {
      guard parts.count == 5, date.form == .deribit, pairQuote == nil,
        isWord(parts[4], "USDT", "USDC", in: bytes)
      else {
        throw InstrumentNameError(offset: parts[4].start, expected: "the end of the name")
      }
      quote = parts[4].text(bytes)
    }
    let terms = try ContractTerms(underlying: underlying, quote: quote, offset: 0)
    return terms.option(id, date.expiry, strike, type)
  }

  /// `BTC-USD-…`, `BTC-USDT-…`: OKX.
  private static func pairParts(
    _ id: Identifier, _ bytes: [UInt8], _ parts: [NamePart]
  ) throws(InstrumentNameError) -> Instrument {
    let (underlying, pairQuote) = try coin(parts[0], bytes)
    guard pairQuote == nil else {
      throw InstrumentNameError(offset: parts[1].start, expected: "an expiry or PERPETUAL")
    }
    let quote = parts[1].text(bytes)
    let terms = try ContractTerms(
      underlying: underlying, quote: quote == "USD" ? nil : quote, offset: parts[1].start)
    guard parts.count > 2 else {
      throw InstrumentNameError(offset: bytes.count, expected: "SWAP or an expiry such as 241227")
    }
    if parts.count == 3, isWord(parts[2], "SWAP", in: bytes) { return terms.perpetual(id) }
    let date = try NameDate(parts[2], bytes)
    guard date.form == .sixDigits else {
      throw InstrumentNameError(offset: parts[2].start, expected: "SWAP or an expiry such as 241227")
    }
    if parts.count == 3 { return terms.future(id, date.expiry) }
    let strike = try NameStrike.parse(parts[3], bytes)
    guard parts.count > 4 else {
      throw InstrumentNameError(offset: bytes.count, expected: "C or P after the strike")
    }
    let type = try optionType(parts[4], bytes)
    guard parts.count == 5 else {
      throw InstrumentNameError(offset: parts[5].start, expected: "the end of the name")
    }
    return terms.option(id, date.expiry, strike, type)
  }

  /// The underlying of `BTC` or `SOL_USDC`, and the quote asset where the name holds one.
  private static func coin(
    _ part: NamePart, _ bytes: [UInt8]
  ) throws(InstrumentNameError) -> (underlying: Identifier, quote: String?) {
    let (head, tail) = part.cut(at: 0x5F, bytes)
    let underlying = try NamePart.asset(head, bytes)
    guard let tail else { return (underlying, nil) }
    guard isWord(tail, "USDC", "USDT", in: bytes) else {
      throw InstrumentNameError(offset: tail.start, expected: "USDC or USDT")
    }
    return (underlying, tail.text(bytes))
  }

  private static func optionType(
    _ part: NamePart, _ bytes: [UInt8]
  ) throws(InstrumentNameError) -> OptionType {
    if isWord(part, "C", in: bytes) { return .call }
    if isWord(part, "P", in: bytes) { return .put }
    throw InstrumentNameError(offset: part.start, expected: "C or P")
  }

  static func isWord(_ part: NamePart, _ words: String..., in bytes: [UInt8]) -> Bool {
    words.contains { $0.utf8.elementsEqual(bytes[part.start..<part.end]) }
  }
}

/// Names without a hyphen: `BTCUSDT`, `BTCUSDT_241227` (Binance, Bybit), `BTCUSD`, `BTCUSD_PERP`,
/// `BTCUSD_241227` (their coin-margined contracts).
enum PairName {
  static func parse(_ id: Identifier, _ bytes: [UInt8]) throws(InstrumentNameError) -> Instrument {
    let (head, tail) = NamePart(start: 0, end: bytes.count).cut(at: 0x5F, bytes)
    guard let quote = ["USDT", "USDC", "USD"].first(where: { ends(head, with: $0, bytes) }) else {
      throw InstrumentNameError(
        offset: head.end, expected: "a contract name such as BTC-27DEC24-100000-C, ETH-PERP or BTCUSDT")
    }
    let underlying = try NamePart.asset(
      NamePart(start: 0, end: head.end - quote.utf8.count), bytes)
    let terms = try ContractTerms(
      underlying: underlying, quote: quote == "USD" ? nil : quote, offset: head.end)
    guard let tail else { return terms.perpetual(id) }
    if InstrumentName.isWord(tail, "PERP", in: bytes) { return terms.perpetual(id) }
    let date = try NameDate(tail, bytes)
    guard date.form == .sixDigits else {
      throw InstrumentNameError(offset: tail.start, expected: "PERP or an expiry such as 241227")
    }
    return terms.future(id, date.expiry)
  }

  private static func ends(_ part: NamePart, with quote: String, _ bytes: [UInt8]) -> Bool {
    let count = quote.utf8.count
    return part.end - part.start > count && bytes[(part.end - count)..<part.end].elementsEqual(quote.utf8)
  }
}

import Plimsoll
import Testing

@Suite("what expires and what is missing in a replay")
struct ReplaySettlementTests {
  private func market(_ asOf: String, spot: Double, extra: String = "") -> String {
    """
    {"schema": "plimsoll.market/1", "as_of": "\(asOf)", "base_currency": "USD",
     "assets": [{"asset": "BTC", "spot": \(spot)}, {"asset": "USDC", "spot": 1, "stable": true}],
     "forwards": [{"underlying": "BTC", "expiry": "2026-06-26T08:00:00Z", "price": \(spot)}],
     "volatility": [{"underlying": "BTC", "expiry": "2026-06-26T08:00:00Z", "strikes": [60000],
                     "volatilities": [0.5]}],
     "marks": [{"instrument": "BTC-PERPETUAL", "price": \(spot)}\(extra)]}
    """
  }

  private func book(_ positions: [String], balances: [String] = ["a,USDC,50000"]) throws -> Book {
    let rows = [HandBook.positionHeader] + positions
    return try BookReader.read(
      .directory([
        .init(name: "market.json", bytes: Array(market("2026-02-01T08:00:00Z", spot: 80_000).utf8)),
        .init(name: "positions.csv", bytes: Array(rows.map { $0 + "\n" }.joined().utf8)),
        .init(
          name: "balances.csv",
          bytes: Array((["account_id,asset,quantity"] + balances).map { $0 + "\n" }.joined().utf8)),
      ]))
  }

  private func reading(_ asOf: String, spot: Double, extra: String = "") throws -> MarketReading {
    try BookReader.readMarket(
      .init(name: "later/market.json", bytes: Array(market(asOf, spot: spot, extra: extra).utf8)))
  }

  private func replay(_ book: Book, _ markets: [MarketReading]) throws -> ReplayResult {
    try #require(
      try Replay(book: book, comparison: ComparisonPlan(), markets: markets, threads: 1).result())
  }

  @Test("an option pays its intrinsic value at the spot of the nearest market, in its settlement asset")
  func option() throws {
    // Expires on the 6th at 08:00: the market of the 10th is nearer than that of the 1st only from the 5th, 20:00 on.
    let later = try reading("2026-02-10T08:00:00Z", spot: 70_000)
    let linear = try replay(try book(["a,BTC_USDC-6FEB26-78000-P,2,,,"]), [later])
    // 2 × (78,000 − 70,000) in USDC beside the 50,000.
    #expect(abs(linear.accounts[0].steps[1].equity - 66_000) < 1e-6)
    let coin = try replay(try book(["a,BTC-6FEB26-78000-P,-2,,,"]), [later])
    // −2 × 8,000 / 70,000 BTC at 70,000.
    #expect(abs(coin.accounts[0].steps[1].equity - 34_000) < 1e-6)
    // Coins that were paid move with spot from then on.
    let after = try replay(
      try book(["a,BTC-6FEB26-78000-P,-2,,,"]), [later, try reading("2026-02-11T08:00:00Z", spot: 35_000)])
    #expect(abs(after.accounts[0].steps[2].equity - 42_000) < 1e-6)
    #expect(after.accounts[0].steps[2].profit?.factors.balances == 8_000)
    // Nearer to the first day: worthless at 80,000.
    let near = try replay(try book(["a,BTC_USDC-4FEB26-78000-P,2,,,"]), [later])
    #expect(near.accounts[0].steps[1].equity == 50_000)
    for result in [linear, coin, after, near] {
      #expect(!result.accounts[0].isIncomplete && result.failures.isEmpty)
    }
  }

  @Test("a future pays its profit since entry, and one without an entry price was entered on the first day")
  func future() throws {
    let later = try reading("2026-02-10T08:00:00Z", spot: 70_000)
    let dated = try replay(try book(["a,BTC-6FEB26,160000,80000,,"]), [later])
    // 160,000 × (1/80,000 − 1/70,000) BTC at 70,000 = −20,000.
    #expect(abs(dated.accounts[0].steps[1].equity - 30_000) < 1e-6)
    let held = try replay(try book(["a,BTC-PERPETUAL,160000,,,"]), [later, later])
    #expect(abs(held.accounts[0].steps[2].equity - 30_000) < 1e-6)
    #expect(abs((held.accounts[0].steps[1].profit?.factors.forward ?? 0) + 20_000) < 1e-6)
    #expect(held.accounts[0].steps[2].profit?.factors == ProfitFactors())
  }

  @Test("what a later market cannot price is named, and its account is incomplete")
  func missing() throws {
    let bare = MarketReading(
      name: "bare/market.json",
      market: MarketSnapshot(
        asOf: try #require(Instant(rfc3339: "2026-02-10T08:00:00Z")),
        baseCurrency: try #require(Identifier("USD")),
        assets: [Asset(id: try #require(Identifier("BTC")), spot: 70_000)]))
    let result = try replay(try book(["a,BTC-26JUN26-60000-C,1,,,", "b,BTC-PERPETUAL,1000,,,"]), [bare])
    #expect(result.accounts.map(\.isIncomplete) == [true, false])
    #expect(result.failures.count == 2)
    #expect(result.failures.map(\.path) == ["positions.csv:2:instrument", "balances.csv:2:asset"])
    #expect(result.failures[0].message.hasPrefix("on bare/market.json as of 2026-02-10T08:00:00Z: "))
    // A quote that was set aside while reading the market marks whoever is valued by it.
    let torn = try reading(
      "2026-02-10T08:00:00Z", spot: 70_000,
      extra: ", {\"instrument\": \"BTC-26JUN26-60000-C\", \"price\": -1}")
    let marked = try replay(try book(["a,BTC-26JUN26-60000-C,1,,,", "b,BTC-PERPETUAL,1000,,,"]), [torn])
    #expect(marked.accounts.map(\.isIncomplete) == [true, false])
    #expect(marked.failures.map(\.path) == ["later/market.json#/marks/1/price"])
  }

  @Test("a market before the one it follows is refused by name")
  func order() throws {
    let book = try book(["a,BTC-PERPETUAL,1000,,,"])
    let late = try reading("2026-02-10T08:00:00Z", spot: 70_000)
    let early = try reading("2026-02-09T08:00:00Z", spot: 70_000)
    #expect(throws: EngineError.self) { try replay(book, [late, early]) }
    #expect {
      try replay(book, [try reading("2026-01-09T08:00:00Z", spot: 70_000)])
    } throws: { error in
      guard case EngineError.invalid(let path, let message)? = error as? EngineError else { return false }
      return path == "later/market.json#/as_of"
        && message.contains("2026-01-09T08:00:00Z, earlier than 2026-02-01T08:00:00Z")
    }
  }
}

import MarketModel
import RiskDocuments
import Testing

/// What `market.json` says of depth.
struct ReadingDepthTests {
  private func book(_ depth: String) -> SmallBook {
    SmallBook().replacing(
      "\"confidence\": [{", with: "\"depth\": [\(depth)], \"confidence\": [{", in: "market.json")
  }

  private func depths(_ depth: String) throws -> [MarketDepth] {
    let reading = try book(depth).read().get()
    #expect(reading.book.failures.isEmpty)
    return reading.book.market.depths
  }

  @Test("every shape reaches the market, and comes back from the writer as it was")
  func shapes() throws {
    let btc = MarketDepth.Subject.underlying(try #require(Identifier("BTC")))
    let call = try #require(Identifier("BTC-27MAR26-65000-C"))
    let text = """
      {"underlying": "BTC", "half_spread": 0.0002,
       "impact": {"form": "square_root", "coefficient": 0.8, "daily_volume": 250000},
       "daily_volatility": 0.03, "widening": {"spread": 0.5, "depth": 1},
       "option_half_spread": 0.02, "volatility_half_spread": 0.01},
      {"instrument": "BTC-27MAR26-65000-C", "half_spread": 0.05},
      {"underlying": "ETH", "bids": [{"distance": 0.001, "quantity": 12.5}, {"distance": 0.002, "quantity": 40}],
       "asks": [{"distance": 0.001, "quantity": 10}]},
      {"underlying": "SPY", "levels": [{"distance": 0, "quantity": 10}]}
      """
    let depths = try depths(text)
    let bids = [(0.001, 12.5), (0.002, 40)].map { MarketDepth.Level(distance: $0.0, quantity: $0.1) }
    let asks = [MarketDepth.Level(distance: 0.001, quantity: 10)]
    let still = [MarketDepth.Level(distance: 0, quantity: 10)]
    #expect(
      depths == [
        MarketDepth(
          btc,
          shape: .impact(
            halfSpread: 0.0002,
            MarketDepth.Impact(form: .squareRoot, coefficient: 0.8, dailyVolume: 250_000)),
          dailyVolatility: 0.03, widening: MarketDepth.Widening(spread: 0.5, depth: 1),
          optionHalfSpread: 0.02, volatilityHalfSpread: 0.01),
        MarketDepth(
          .underlying(try #require(Identifier("ETH"))), shape: .levels(bids: bids, asks: asks)),
        MarketDepth(
          .underlying(try #require(Identifier("SPY"))), shape: .levels(bids: still, asks: still)),
        MarketDepth(.instrument(call), shape: .impact(halfSpread: 0.05, nil)),
      ])
    let market = try book(text).read().get().book.market
    let written = String(decoding: MarketWriter.document(market), as: UTF8.self)
    let again = try SmallBook().with("market.json", written).read().get().book.market
    #expect(again == market)
  }

  @Test(
    "an entry that is wrong is set aside by its place, and nothing stands in for what it is of",
    arguments: [
      ("{\"underlying\": \"BTC\"}", "half_spread", "missing"),
      ("{\"underlying\": \"BTC\", \"half_spread\": -0.1}", "half_spread", "invalid"),
      ("{\"underlying\": \"BTC\", \"half_spread\": 0, \"levels\": []}", "half_spread", "invalid"),
      ("{\"underlying\": \"BTC\", \"levels\": []}", "levels", "limit"),
      ("{\"underlying\": \"BTC\", \"bids\": [{\"distance\": 0, \"quantity\": 1}]}", "bids", "invalid"),
      (
        "{\"underlying\": \"BTC\", \"levels\": [{\"distance\": 0.1, \"quantity\": 1}, {\"distance\": 0.1, \"quantity\": 1}]}",
        "levels/1/distance", "invalid"
      ),
      (
        "{\"underlying\": \"BTC\", \"levels\": [{\"distance\": 0.1, \"quantity\": 0}]}", "levels/0/quantity",
        "invalid"
      ),
      (
        "{\"underlying\": \"BTC\", \"half_spread\": 0, \"impact\": {\"form\": \"cubic\", \"coefficient\": 1, \"daily_volume\": 1}}",
        "impact/form", "invalid"
      ),
      (
        "{\"underlying\": \"SPY\", \"half_spread\": 0, \"impact\": {\"form\": \"linear\", \"coefficient\": 1, \"daily_volume\": 1}}",
        "daily_volatility", "missing"
      ),
      (
        "{\"underlying\": \"SPY\", \"half_spread\": 0, \"widening\": {\"spread\": 1}}", "daily_volatility",
        "missing"
      ),
      (
        "{\"instrument\": \"BTC-PERPETUAL\", \"half_spread\": 0, \"option_half_spread\": 0.1}",
        "option_half_spread", "invalid"
      ),
      ("{\"instrument\": \"BTC-PERPETUAI\", \"half_spread\": 0}", "instrument", "invalid"),
      ("{\"underlying\": \"BTCC\", \"half_spread\": 0}", "underlying", "invalid"),
      (
        "{\"underlying\": \"BTC\", \"instrument\": \"BTC-PERPETUAL\", \"half_spread\": 0}", "underlying",
        "invalid"
      ),
      ("{\"half_spread\": 0}", "underlying", "missing"),
    ])
  func refusals(entry: String, field: String, reason: String) throws {
    let reading = try book(entry).read().get()
    #expect(reading.book.failures.map(\.path) == ["market.json#/depth/0/\(field)"])
    #expect(reading.book.failures.map(\.reason.word) == [reason])
    #expect(reading.book.market.depths.allSatisfy { $0.shape == .unknown })
  }

  @Test(
    "what may be a misspelling, or said twice, stops the run",
    arguments: [
      "{\"underlying\": \"BTC\", \"half_spred\": 0}",
      "{\"underlying\": \"BTC\", \"half_spread\": 0, \"widening\": {\"spreads\": 1}}",
      "{\"underlying\": \"BTC\", \"half_spread\": 0}, {\"underlying\": \"BTC\", \"half_spread\": 0}",
    ])
  func stops(entries: String) {
    #expect(throws: DocumentError.self) { try book(entries).read().get() }
  }

  @Test("the daily volatility may come from the correlation")
  func correlation() throws {
    let depths = try depths("{\"underlying\": \"BTC\", \"half_spread\": 0, \"widening\": {\"depth\": 1}}")
    #expect(depths.map(\.dailyVolatility) == [nil])
    let volatility = try book("").read().get().book.market.correlation?
      .dailyVolatility(of: try #require(Identifier("BTC")))
    #expect(volatility == 0.62 / 365.0.squareRoot())
  }
}

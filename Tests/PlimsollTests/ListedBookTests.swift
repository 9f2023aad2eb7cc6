import Plimsoll
import Testing

/// The published side-by-side comparison of 2007 from files to report: strategy-based against portfolio margin.
@Suite struct ListedBookTests {
  /// The market as a user of the hand-out would write it: marks are its premiums, volatilities those of the marks.
  private func engine(_ assets: String, _ marks: [(String, Double)], positions: [String], balances: [String])
    throws
    -> Engine
  {
    let quotes = marks.map { "{\"instrument\": \"\($0.0)\", \"price\": \($0.1)}" }.joined(separator: ", ")
    let market = """
      {"schema": "plimsoll.market/1", "as_of": "2007-02-23T21:00:00Z", "base_currency": "USD",
       "assets": [\(assets)], "rates": [{"currency": "USD", "curve": [{"years": 0.25, "rate": 0.05}]}],
       "marks": [\(quotes)]}
      """
    let run = """
      {"schema": "plimsoll.run/1", "measures": ["margin"], "margin": {"models": ["reg-t", "tims-cpm"]},
       "compare": "us-listed"}
      """
    func table(_ header: String, _ rows: [String]) -> [UInt8] {
      Array(([header] + rows).map { $0 + "\n" }.joined().utf8)
    }
    let reading = try BookReader.readWithPlan(
      .directory([
        .init(name: "market.json", bytes: Array(market.utf8)),
        .init(name: "positions.csv", bytes: table("account_id,instrument,quantity", positions)),
        .init(name: "balances.csv", bytes: table("account_id,asset,quantity", balances)),
        .init(name: "run.json", bytes: Array(run.utf8)),
      ]), rules: ReadingRules())
    return try Engine(book: reading.book, plan: reading.plan, threads: 2)
  }

  private func figures(_ engine: Engine) throws -> [String: (strategy: Double, portfolio: Double)] {
    var found: [String: (strategy: Double, portfolio: Double)] = [:]
    for place in engine.valued.book.accounts.indices {
      let account = try #require(engine.account(place)).account
      let models = try #require(account.figures.margin).models
      let strategy = try #require(models.first { $0.model == "reg-t" && $0.mode == .cross })
      let portfolio = try #require(models.first { $0.model == "tims-cpm" })
      found[account.id.text] = (strategy.initial, portfolio.initial)
    }
    return found
  }

  @Test("IBM: strategies to the dollar, portfolios to 0.5 %, from the book's files")
  func shares() throws {
    func option(_ type: String, _ strike: Int) -> String {
      "IBM   070420\(type)00\(strike < 100 ? "0" : "")\(strike)000"
    }
    let (c95, c100, c105) = (option("C", 95), option("C", 100), option("C", 105))
    let (p95, p100) = (option("P", 95), option("P", 100))
    let engine = try engine(
      "{\"asset\": \"IBM\", \"spot\": 97.73}",
      [(c95, 4.53), (c100, 1.68), (c105, 0.40), (p95, 1.02), (p100, 3.18)],
      positions: [
        "short-call,\(c100),-100", "short-put,\(p100),-100", "covered-call,\(c100),-100",
        "protective-put,\(p95),100", "synthetic-long,\(c100),100", "synthetic-long,\(p100),-100",
        "risk-reversal,\(p95),100", "risk-reversal,\(c105),-100", "collar,\(p95),100", "collar,\(c105),-100",
        "call-spread,\(c95),100", "call-spread,\(c105),-100", "long-straddle,\(p100),100",
        "long-straddle,\(c100),100",
      ], balances: ["covered-call,IBM,10000", "protective-put,IBM,10000", "collar,IBM,10000"])
    #expect(engine.failures.isEmpty)
    let published: [(String, Double?, Double)] = [
      ("short-call", 172_760, 115_429), ("short-put", 195_460, 137_527), ("covered-call", 471_850, 129_804),
      ("protective-put", 498_850, 37_538), ("synthetic-long", 212_260, 154_313),
      ("risk-reversal", 132_960, 91_118), ("collar", 494_850, 33_522), ("call-spread", 41_300, 40_881),
      ("long-straddle", nil, 7_500),
    ]
    let found = try figures(engine)
    for (name, strategy, portfolio) in published {
      let figure = try #require(found[name])
      if let strategy { #expect(abs(figure.strategy - strategy) <= 1, "\(name)") }
      // Rate, dividends and the day of expiry are assumed, not published.
      #expect(abs(figure.portfolio - portfolio) <= 0.005 * portfolio, "\(name)")
    }
  }

  @Test("SPX: an index put needs 15 % by strategy; the fund covers the index in both models")
  func index() throws {
    let (call, put) = ("SPX   070420C01455000", "SPX   070420P01455000")
    let engine = try engine(
      "{\"asset\": \"SPX\", \"spot\": 1451.19}, {\"asset\": \"SPY\", \"spot\": 145.119}",
      [(call, 22.5), (put, 15.19)],
      positions: [
        "short-put,\(put),-100", "covered-call,\(call),-100", "conversion,\(call),-100",
        "conversion,\(put),100",
        "short-call,\(call),-100",
      ], balances: ["covered-call,SPY,100000", "conversion,SPY,100000"])
    #expect(engine.failures.isEmpty)
    #expect(engine.valued.resolved.allSatisfy { $0?.isAmerican == false })
    let found = try figures(engine)
    let put15 = try #require(found["short-put"])
    // 15 % of 100 contracts × 100 × 1451.19, as printed; the put is in the money.
    #expect(abs(put15.strategy - 2_176_785) <= 1)
    let covered = try #require(found["covered-call"])
    #expect(abs(covered.strategy - (0.5 * 14_511_900 - 225_000)) <= 1)
    // The premiums keep put-call parity, so a covered call loses what the short put does, but for their cents.
    #expect(abs(covered.portfolio - put15.portfolio) <= 0.002 * put15.portfolio)
    #expect(try #require(found["conversion"]).portfolio <= 0.005 * 14_511_900)
    let naked = try #require(found["short-call"])
    #expect(naked.portfolio > 0.2 * 0.06 * 14_511_900)
  }
}

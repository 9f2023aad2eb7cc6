import Plimsoll
import Testing

@Suite("each factor of a replay's profit alone")
struct ReplayFactorTests {
  /// What one market says; each field can be moved alone.
  struct Quotes {
    var asOf = "2026-02-01T08:00:00Z"
    var bitcoin = 80_000.0
    var fund = 600.0
    var volatility = 0.5
    var rate = 0.04

    var json: String {
      """
      {"schema": "plimsoll.market/1", "as_of": "\(asOf)", "base_currency": "USD",
       "assets": [{"asset": "BTC", "spot": \(bitcoin)}, {"asset": "SPY", "spot": \(fund)},
                  {"asset": "USDC", "spot": 1, "stable": true}],
       "rates": [{"currency": "USD", "curve": [{"years": 1, "rate": \(rate)}]}],
       "forwards": [{"underlying": "BTC", "expiry": "2026-06-26T08:00:00Z", "price": \(bitcoin * 1.01)}],
       "dividends": [{"underlying": "SPY", "yield": 0.012}],
       "volatility": [
         {"underlying": "BTC", "expiry": "2026-06-26T08:00:00Z", "strikes": [60000, 80000],
          "volatilities": [\(volatility + 0.1), \(volatility)]},
         {"underlying": "SPY", "expiry": "2026-12-18T21:00:00Z", "strikes": [500, 600],
          "volatilities": [\(volatility / 2 + 0.05), \(volatility / 2)]}]}
      """
    }
  }

  /// Linear, coin-settled and American options, a long and a short of each, and a perpetual.
  static let positions = [
    "a,BTC-26JUN26-80000-C,-2,,,", "a,BTC-26JUN26-60000-P,3,,,", "a,BTC_USDC-26JUN26-80000-P,1,,,",
    "a,BTC_USDC-PERPETUAL,1,,,", "a,SPY   261218P00650000,-3,,,", "a,SPY   261218C00600000,2,,,",
  ]

  private func profit(_ change: (inout Quotes) -> Void) throws -> (factors: ProfitFactors, change: Double) {
    let rows = [HandBook.positionHeader] + Self.positions
    let book = try BookReader.read(
      .directory([
        .init(name: "market.json", bytes: Array(Quotes().json.utf8)),
        .init(name: "positions.csv", bytes: Array(rows.map { $0 + "\n" }.joined().utf8)),
        .init(name: "balances.csv", bytes: Array("account_id,asset,quantity\na,USDC,50000\na,BTC,1\n".utf8)),
      ]))
    var later = Quotes()
    change(&later)
    let market = try BookReader.readMarket(.init(name: "market.json", bytes: Array(later.json.utf8)))
    let result = try #require(
      try Replay(book: book, comparison: ComparisonPlan(), markets: [market], threads: 1).result())
    #expect(result.failures.isEmpty)
    let steps = result.accounts[0].steps
    return (try #require(steps[1].profit).factors, steps[1].equity - steps[0].equity)
  }

  @Test("a move of volatility alone is profit of volatility alone, and so on for each")
  func alone() throws {
    // Rounding of options worth up to 100,000: the premium of exercise is added to a value of another formula.
    func isNone(_ value: Double) -> Bool { abs(value) < 1e-8 }
    let volatility = try profit { $0.volatility = 0.6 }
    #expect(isNone(volatility.factors.forward) && isNone(volatility.factors.time))
    #expect(isNone(volatility.factors.rates) && volatility.factors.balances == 0)
    #expect(abs(volatility.factors.volatility) > 100)
    let spot = try profit { $0.bitcoin = 78_000 }
    #expect(spot.factors.balances == -2_000)
    #expect(abs(spot.factors.forward) > 100)
    #expect(isNone(spot.factors.time) && isNone(spot.factors.volatility))
    let rates = try profit { $0.rate = 0.05 }
    #expect(isNone(rates.factors.forward) && isNone(rates.factors.volatility) && isNone(rates.factors.time))
    #expect(abs(rates.factors.rates) > 1)
    let time = try profit { $0.asOf = "2026-02-15T08:00:00Z" }
    #expect(time.factors.balances == 0 && abs(time.factors.time) > 100)
    for (factors, change) in [volatility, spot, rates, time] {
      #expect(abs(factors.total - change) < 1e-9 * (1 + abs(change)))
    }
  }

  @Test("moves together are explained to the last cent, American options among them")
  func together() throws {
    let all = try profit {
      $0.asOf = "2026-02-09T12:00:00Z"
      $0.bitcoin = 66_000
      $0.fund = 560
      $0.volatility = 0.8
      $0.rate = 0.035
    }
    #expect(abs(all.factors.total - all.change) < 1e-9 * abs(all.change))
    #expect(all.factors.forward != 0 && all.factors.volatility != 0 && all.factors.time != 0)
  }
}

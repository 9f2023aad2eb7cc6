import MarketModel
import PortfolioValuation
import RiskNumerics
import TestSupport
import Testing

@Suite struct BookValuationTests {
  private let team = ThreadTeam(threadCount: 1)

  @Test("equity is balances, option values and unrealised profit, linear and inverse")
  func equity() throws {
    var sample = SampleBook()
    sample.positions = [
      (0, "BTC-PERPETUAL", 10_000, 60_000), (0, "BTC_USDC-PERPETUAL", -0.5, 66_000),
    ]
    sample.balances = [(0, "BTC", 2), (0, "USDC", 1_000), (0, "BTC", -0.5), (0, "USD", 7)]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let spot = 65_010.5
    let mark = spot * 1.0003
    let inverse = 10_000 * (1 / 60_000.0 - 1 / mark) * spot
    let linear = -0.5 * (mark - 66_000)
    #expect(abs(book.equity[0] - (1.5 * spot + 1_007 + inverse + linear)) < 1e-9)
    #expect(book.balances.map(\.asset.text) == ["BTC", "USD", "USDC"])
    #expect(book.isIncomplete == [false])
  }

  @Test("the delta of an inverse perpetual is its size over the entry price")
  func inverseDelta() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC-PERPETUAL", 10_000, 60_000)]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let total = try #require(GreekAggregation(book, team: team).account(0)).total
    #expect(total.delta == 10_000.0 / 60_000)
    // Counted in coin it is Q/mark.
    #expect(abs(total.coinDelta - 10_000 / (65_010.5 * 1.0003)) < 1e-15)
  }

  @Test("positions that the market cannot value are set aside by row, the account is incomplete")
  func setAside() throws {
    var sample = SampleBook()
    let doge = try #require(Identifier("DOGE"))
    let usd = try #require(Identifier("USD"))
    let btc = try #require(Identifier("BTC"))
    let expiry = Instant(year: 2026, month: 12, day: 25, hour: 8)
    sample.extraInstruments = [
      Instrument(
        id: try #require(Identifier("DOGE-PERPETUAL")), kind: .perpetual, underlying: doge,
        quoteAsset: usd, settlementAsset: doge, isInverse: true),
      Instrument(
        id: try #require(Identifier("BTC-AMERICAN")), kind: .option, underlying: btc, quoteAsset: usd,
        settlementAsset: btc, expiry: expiry, strike: 60_000, optionType: .put, exercise: .american,
        isInverse: true),
    ]
    sample.accountCount = 2
    sample.positions = [
      (0, "BTC-PERPETUAL", 100, nil), (0, "DOGE-PERPETUAL", 5, nil), (0, "BTC-AMERICAN", 1, nil),
    ]
    sample.balances = [(1, "DOGE", 3)]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    #expect(
      book.failures.map(\.path) == [
        "positions.csv:4:instrument", "positions.csv:3:instrument", "balances.csv:2:asset",
      ])
    #expect(book.failures.map(\.reason) == [.unsupported, .missing, .missing])
    #expect(book.isIncomplete == [true, true])
    #expect(book.holdings.count == 1)
  }

  @Test("every default is stated once")
  func assumptions() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC-30-65010-C", 1, nil), (0, "BTC-F30", 100, nil)]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    #expect(Set(book.assumptions).count == book.assumptions.count)
    #expect(book.assumptions.contains("rates: BTC has no curve; its rate is taken as 0, and so is rho"))
    #expect(book.assumptions.contains("marks: BTC-F30 has none; its forward is used"))
  }

  @Test("the size of the team changes no bit")
  func threads() throws {
    let book = try #require(SampleBook.random(accounts: 20, positions: 15, seed: 4).book())
    let one = BookValuation.value(book, team: ThreadTeam(threadCount: 1))
    for count in [2, 3, 8] {
      let other = BookValuation.value(book, team: ThreadTeam(threadCount: count))
      #expect(other.equity.map(\.bitPattern) == one.equity.map(\.bitPattern))
      let greeks = GreekAggregation(other, team: ThreadTeam(threadCount: count))
      #expect(greeks.account(3) == GreekAggregation(one, team: ThreadTeam(threadCount: 1)).account(3))
    }
  }
}

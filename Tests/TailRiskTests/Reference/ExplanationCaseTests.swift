import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// The published explanation of a day's profit, as a stress of one call.
@Suite struct ExplanationCaseTests {
  @Test("a call's day is explained by the derivatives of mpmath")
  func call() throws {
    // pnl_explain.001: S 100 → 102, K 105, T ¼, r 3 % → 3.05 %, q 1 %, σ 25 % → 26.5 %, one day of 365.
    let (usd, coin) = (try #require(Identifier("USD")), try #require(Identifier("X")))
    let asOf = try #require(Instant(year: 2026, month: 1, day: 1))
    let expiry = try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + 7_884_000))
    let option = Instrument(
      id: try #require(Identifier("CALL")), kind: .option, underlying: coin, quoteAsset: usd,
      settlementAsset: usd, expiry: expiry, strike: 105, optionType: .call)
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: [Asset(id: coin, spot: 100)],
      rates: [RateCurve(currency: usd, years: [1], rates: [0.03])],
      dividends: [DividendYield(underlying: coin, rate: 0.01)],
      volatility: [
        VolatilitySlice(
          underlying: coin, expiry: expiry, shape: .quotes(strikes: [50, 200], volatilities: [0.25, 0.25]))
      ])
    let book = Book(
      market: market, instruments: [option], accounts: [try #require(Identifier("A"))],
      positions: [Position(account: 0, instrument: 0, quantity: 1, entryPrice: nil, row: 1)], balances: [])
    let team = ThreadTeam(threadCount: 1)
    let valued = BookValuation.value(book, team: team)
    var scenario = StressScenario(name: try #require(Identifier("day")), spot: 0.02, volatility: 0.06)
    (scenario.rates, scenario.days) = (0.0005, 1)
    let table = StressTable(
      valued, scenarios: [scenario], greeks: GreekAggregation(valued, team: team), team: team)
    let figure = try #require(table.figures(ofAccount: 0).first.flatMap { $0 })
    let found = try #require(figure.explanation)
    let parts = [
      ("theta", found.theta), ("delta", found.delta), ("gamma", found.gamma), ("vega", found.vega),
      ("rho", found.rho), ("vanna", found.vanna), ("volga", found.volga), ("actual", figure.profitAndLoss),
      ("explained", figure.profitAndLoss - found.residual), ("unexplained", found.residual),
    ]
    let expected = [
      -0.028004943202845564, 0.7715522280305726, 0.061087956033454245, 0.28634979390681675,
      0.004427446886777884, 0.0189138076799482, 0.0010207119313116002, 1.1088578431385956, 1.1153470012660358,
      -0.006489158127440073,
    ]
    for ((name, value), number) in zip(parts, expected) {
      #expect(abs(value - number) < 1e-9 * abs(number) + 1e-14, "\(name)")
    }
    guard let cases = ReferenceCase.all("pnl_explain") else { return }
    #expect(cases.count == 1)
    for one in cases {
      for (name, value) in parts { #expect(one.faults(name, value) == []) }
    }
  }
}

import Foundation
import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import Testing

/// Smiles that move along with the forward.
@Suite struct StickyDeltaTests {
  private static let strikes = [80.0, 100, 120]
  private static let days = 60.0
  private let team = ThreadTeam(threadCount: 2)
  /// Closes of three days of moves, today's spot being 100.
  private static let closes: [Double] = [100, 112, 95, 97]

  private func engine(
    _ smile: ValueAtRiskPlan.Smile, volatilities: [Double], method: ValueAtRiskPlan.Method = .historical
  ) throws -> any TailMeasure {
    let coin = try #require(Identifier("BTC"))
    let usd = try #require(Identifier("USD"))
    let asOf = try #require(Instant(year: 2026, month: 2, day: 1))
    let expiry = try #require(
      Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + Int64(Self.days) * 86_400))
    let option = Instrument(
      id: try #require(Identifier("C")), kind: .option, underlying: coin, quoteAsset: usd,
      settlementAsset: usd,
      expiry: expiry, strike: 105, optionType: .call)
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: [Asset(id: coin, spot: 100)],
      volatility: [
        VolatilitySlice(
          underlying: coin, expiry: expiry,
          shape: .quotes(strikes: Self.strikes, volatilities: volatilities))
      ])
    let dates = try (0..<Self.closes.count).map {
      try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + Int64($0 - 10) * 86_400))
    }
    let book = Book(
      market: market, instruments: [option], accounts: [try #require(Identifier("a"))],
      positions: [Position(account: 0, instrument: 0, quantity: 1, row: 1)], balances: [],
      history: PriceHistory(dates: dates, assets: [coin], prices: [Self.closes.map { $0 }]))
    var plan = ValueAtRiskPlan(
      method: method, confidence: [try #require(ConfidenceLevel(decimal: "0.9"))], keepsProfits: true)
    plan.smile = smile
    return try TailMeasures.prepare(
      book: BookValuation.value(book, team: team), plan: plan, seed: 1, team: team)
  }

  private static func call(_ forward: Double, _ volatility: Double, years: Double) -> Double {
    func cdf(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
    let deviation = volatility * years.squareRoot()
    let d = log(forward / 105) / deviation + deviation / 2
    return forward * cdf(d) - 105 * cdf(d - deviation)
  }

  /// Variance linear in ln(K/F) between the quotes, flat outside: one expiry needs no more of the surface.
  private static func volatility(_ moneyness: Double, _ quotes: [Double]) -> Double {
    let k = strikes.map { log($0 / 100) }
    if moneyness <= k[0] { return quotes[0] }
    if moneyness >= k[2] { return quotes[2] }
    let place = moneyness < k[1] ? 0 : 1
    let t = (moneyness - k[place]) / (k[place + 1] - k[place])
    return (quotes[place] * quotes[place] * (1 - t) + quotes[place + 1] * quotes[place + 1] * t).squareRoot()
  }

  @Test(
    "an option has the volatility of ln(K/F) on each path", arguments: [[0.8, 0.6, 0.7], [0.5, 0.6, 0.9]])
  func profits(quotes: [Double]) throws {
    let figure = try #require(try engine(.stickyDelta, volatilities: quotes).figures(ofAccount: 0).first)
    let profits = try #require(figure.profits)
    let today = Self.call(100, Self.volatility(log(1.05), quotes), years: Self.days / 365)
    for (path, profit) in profits.enumerated() {
      let forward = 100 * Self.closes[path + 1] / Self.closes[path]
      let moved = Self.call(
        forward, Self.volatility(log(105 / forward), quotes), years: (Self.days - 1) / 365)
      // Two erfc of the C library: some 1e-15 of the forward each.
      #expect(abs(profit - (moved - today)) < 1e-11)
    }
    #expect(profits.count == 3)
  }

  @Test("on a flat smile there is nothing to stick to")
  func flat() throws {
    let flat = [0.6, 0.6, 0.6]
    let delta = try #require(
      try engine(.stickyDelta, volatilities: flat).figures(ofAccount: 0).first?.profits)
    let strike = try #require(
      try engine(.stickyStrike, volatilities: flat).figures(ofAccount: 0).first?.profits)
    for (one, other) in zip(delta, strike) { #expect(abs(one - other) < 1e-12) }
  }

  @Test("the engine says that smiles moved, and methods that cannot move them refuse")
  func notes() throws {
    let moving = try engine(.stickyDelta, volatilities: [0.8, 0.6, 0.7])
    #expect(moving.notes.contains { $0.hasPrefix("smile: ") })
    #expect(moving.figures(ofAccount: 0).allSatisfy { $0.remark?.contains("sticky_delta") == true })
    #expect(throws: TailRiskError.self) {
      try engine(.stickyDelta, volatilities: [0.8, 0.6, 0.7], method: .deltaGamma)
    }
  }
}

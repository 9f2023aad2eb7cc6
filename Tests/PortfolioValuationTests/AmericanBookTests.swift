import Foundation
import MarketModel
import OptionPricing
import PortfolioValuation
import RiskNumerics
import Testing

/// Books with American listed options: value, Greeks and revaluation against the pricer itself.
@Suite struct AmericanBookTests {
  private let team = ThreadTeam(threadCount: 2)

  private func valued(
    spot: Double = 97.73, volatility: Double = 0.2, rate: Double = 0.05, days: Int = 56,
    marks: [String: Double] = [:], hasSurface: Bool = true
  ) throws -> ValuedBook {
    let ibm = try #require(Identifier("IBM"))
    let usd = try #require(Identifier("USD"))
    let expiry = try #require(Instant.newYorkClose(year: 2007, month: 4, day: 20))
    let asOf = try #require(Instant(secondsSinceEpoch: expiry.secondsSinceEpoch - Int64(days) * 86_400))
    let names = [
      "IBM   070420C00100000", "IBM   070420P00080000", "IBM   070420P00100000", "IBM   070420P00150000",
    ]
    let instruments = try names.map { try InstrumentName.parse(try #require(Identifier($0))) }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: [Asset(id: ibm, spot: spot), Asset(id: usd, spot: 1)],
      rates: [RateCurve(currency: usd, years: [1], rates: [rate])], forwards: [],
      dividends: [DividendYield(underlying: ibm, rate: 0.02)],
      volatility: hasSurface
        ? [
          VolatilitySlice(
            underlying: ibm, expiry: expiry, shape: .quotes(strikes: [100], volatilities: [volatility]))
        ] : [],
      marks: try marks.map { Mark(instrument: try #require(Identifier($0.key)), price: $0.value) })
    let account = try #require(Identifier("a"))
    return BookValuation.value(
      Book(
        market: market, instruments: instruments, accounts: [account],
        positions: instruments.indices.map { Position(account: 0, instrument: $0, quantity: 1, row: $0 + 1) },
        balances: []), team: team)
  }

  private func price(
    _ option: ResolvedInstrument, spot: Double? = nil, volatility: Double? = nil
  ) throws -> Double {
    try AmericanOption.value(
      isCall: option.isCall, spot: spot ?? option.spot, strike: option.strike, years: option.timeToExpiry,
      volatility: volatility ?? option.volatility, rate: 0.05, dividendYield: 0.02) * 100
  }

  @Test("an American option is worth what the pricer says, to the table's 10⁻⁵ of the strike")
  func value() throws {
    let book = try valued()
    #expect(book.failures.isEmpty)
    for option in book.resolved.compactMap({ $0 }) {
      #expect(abs(option.unit - (try price(option))) < 1e-5 * option.strike * 100)
    }
    // Deep in the money the put is exercised: exactly its intrinsic value.
    #expect(abs((book.resolved[3]?.unit ?? 0) - (150 - 97.73) * 100) < 1e-9)
  }

  @Test("stress reprices with early exercise, and nothing moved is nothing gained")
  func stress() throws {
    let book = try valued()
    for (spot, volatility) in [(0.0, 0.0), (-0.15, 0), (0.15, 0), (-0.2, 0.3), (0, -0.3)] {
      let changes = Revaluation.unitChanges(book, spot: spot, volatility: volatility, team: team)
      for option in book.resolved.compactMap({ $0 }) {
        let moved = try price(
          option, spot: option.spot * (1 + spot), volatility: option.volatility * (1 + volatility))
        #expect(abs(changes[option.instrument] - (moved - option.unit)) < 2e-5 * option.strike * 100)
        if spot == 0, volatility == 0 { #expect(changes[option.instrument] == 0) }
      }
    }
  }

  @Test("Greeks are the slopes of the revalued book, and theta passes with the day")
  func greeks() throws {
    let book = try valued()
    let units = GreekAggregation(book, team: team).units
    // The pricer's error of 10⁻⁵ of the strike over the bump; second differences lose it twice.
    for (place, unit) in units.enumerated() {
      let unit = try #require(unit)
      func worth(_ book: ValuedBook) throws -> Double { try #require(book.resolved[place]).unit }
      let (up, down) = (try worth(valued(spot: 98.73)), try worth(valued(spot: 96.73)))
      let here = try worth(book)
      #expect(abs(unit.delta - (up - down) / 2) < 0.5)
      #expect(abs(unit.gamma - (up - 2 * here + down)) < 0.5)
      let vega = try (worth(valued(volatility: 0.22)) - worth(valued(volatility: 0.18))) / 0.04
      #expect(abs(unit.vega - vega) < 10)
      let rho = try (worth(valued(rate: 0.06)) - worth(valued(rate: 0.04))) / 0.02
      #expect(abs(unit.rho - rho) < 25)
      let theta = try (worth(valued(days: 55)) - worth(valued(days: 57))) / 2 * 365
      #expect(abs(unit.theta - theta) < 0.02 * abs(theta) + 10)
    }
    #expect(units[3]?.delta == -100)
    #expect(units[3]?.vega == 0)
  }

  @Test("without a surface a listed option takes the volatility of its mark, and says so")
  func marks() throws {
    let book = try valued(
      marks: [
        "IBM   070420C00100000": 1.68, "IBM   070420P00100000": 3.18, "IBM   070420P00080000": 0.05,
        "IBM   070420P00150000": 1,
      ], hasSurface: false)
    #expect(abs((book.resolved[0]?.unit ?? 0) - 168) < 0.05)
    #expect(abs((book.resolved[2]?.unit ?? 0) - 318) < 0.05)
    #expect(book.failures.map(\.reason) == [.invalid])
    #expect(book.assumptions.contains { $0.contains("that of each listed option is its mark's") })
    let without = try valued(hasSurface: false)
    #expect(without.failures.map(\.reason) == [.missing, .missing, .missing, .missing])
  }
}

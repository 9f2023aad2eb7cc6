import MarketModel
import OptionPricing
import Testing

@Suite struct CurveTests {
  private let asOf = Instant(year: 2026, month: 1, day: 1)
  private let btc = Identifier("BTC")

  private func day(_ count: Int64) throws -> Instant {
    let asOf = try #require(asOf)
    return try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + count * 86_400))
  }

  @Test("rates are linear between nodes and flat outside")
  func rates() throws {
    let curve = DiscountCurve(
      RateCurve(currency: try #require(Identifier("USD")), years: [1, 2], rates: [0.02, 0.04]))
    #expect(curve.rate(years: 0.1) == 0.02)
    #expect(curve.rate(years: 1.5) == 0.03)
    #expect(curve.rate(years: 9) == 0.04)
    #expect(abs(curve.discount(years: 2) - 0.9231163463866358) < 1e-15)
  }

  @Test("a listed forward comes back to the bit, and the carry is constant outside")
  func forwards() throws {
    let btc = try #require(btc)
    let curve = ForwardCurve(
      spot: 100,
      quotes: [
        ForwardQuote(underlying: btc, expiry: try day(365), price: 110),
        ForwardQuote(underlying: btc, expiry: try day(730), price: 115.5),
      ], asOf: try #require(asOf))
    #expect(curve.forward(years: 1) == 110)
    #expect(curve.forward(years: 2) == 115.5)
    #expect(curve.forward(years: 0) == 100)
    // Half way in ln(F): geometric means; beyond: the last carry once more.
    #expect(abs(curve.forward(years: 0.5) - 104.88088481701516) < 1e-12)
    #expect(abs(curve.forward(years: 1.5) - (110 * 115.5).squareRoot()) < 1e-12)
    #expect(abs(curve.forward(years: 4) - 115.5 * 115.5 / 100) < 1e-11)
  }

  @Test("total variance is linear in ln(K/F) between strikes and in time across expiries")
  func surface() throws {
    let btc = try #require(btc)
    let surface = VolatilitySurface(
      slices: [
        VolatilitySlice(
          underlying: btc, expiry: try day(365),
          shape: .quotes(strikes: [100, 400], volatilities: [0.5, 0.7])),
        VolatilitySlice(
          underlying: btc, expiry: try day(730), shape: .quotes(strikes: [200], volatilities: [0.6])),
      ], asOf: try #require(asOf)
    ) { _ in 200 }
    func volatility(_ strike: Double, _ years: Double) throws -> Double {
      try surface.volatility(strike: strike, forward: 200, years: years)
    }
    #expect(abs(try volatility(100, 1) - 0.5) < 1e-15)
    #expect(abs(try volatility(200, 1) - (0.5 * (0.25 + 0.49)).squareRoot()) < 1e-15)
    #expect(abs(try volatility(10, 1) - 0.5) < 1e-15)
    #expect(abs(try volatility(4_000, 0.1) - 0.7) < 1e-15)
    #expect(abs(try volatility(200, 5) - 0.6) < 1e-15)
    #expect(abs(try volatility(100, 1.5) - ((0.25 + 0.72) / 2 / 1.5).squareRoot()) < 1e-15)
  }

  @Test("an SVI slice is its own total variance, and a negative one is refused")
  func svi() throws {
    let btc = try #require(btc)
    let asOf = try #require(asOf)
    func surface(_ a: Double) throws -> VolatilitySurface {
      VolatilitySurface(
        slices: [
          VolatilitySlice(
            underlying: btc, expiry: try day(730),
            shape: .svi(SVIParameters(a: a, b: 0.08, rho: -0.3, m: 0, sigma: 0.15)))
        ], asOf: asOf
      ) { _ in 100 }
    }
    let volatility = try surface(0.01).volatility(strike: 100, forward: 100, years: 2)
    #expect(abs(volatility * volatility * 2 - 0.022) < 1e-16)
    let dipping = try surface(-0.5)
    #expect(throws: PricingError.negativeVariance(logMoneyness: 0)) {
      try dipping.volatility(strike: 100, forward: 100, years: 2)
    }
  }
}

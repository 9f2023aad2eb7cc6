import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// The analytic methods where more than spots moves.
@Suite struct SensitivityFactorTests {
  private let team = ThreadTeam(threadCount: 2)
  private static let methods = [ValueAtRiskPlan.Method.parametric, .cornishFisher, .deltaGamma]

  private func named(_ text: String) throws -> Identifier { try #require(Identifier(text)) }

  private func factors(_ size: Double, skew: Bool = true, spot: Double = -0.6) throws -> FactorPlan {
    FactorPlan(
      volatility: [
        VolatilityFactor(
          underlying: try named("BTC"), volatilityOfVolatility: 1.2 * size, spotCorrelation: spot,
          skew: skew ? SkewFactor(volatility: 0.3 * size, spotCorrelation: 0.3) : nil),
        VolatilityFactor(
          underlying: try named("ETH"), volatilityOfVolatility: 0.9 * size, spotCorrelation: 0.2),
      ],
      basis: [
        BasisFactor(underlying: try named("BTC"), volatility: 0.2 * size),
        BasisFactor(underlying: try named("ETH"), volatility: 0.3 * size),
      ])
  }

  private func plan(
    _ method: ValueAtRiskPlan.Method, _ factors: FactorPlan, days: Double = 1
  ) -> ValueAtRiskPlan {
    ValueAtRiskPlan(
      method: method, confidence: ["0.95", "0.99"].compactMap(ConfidenceLevel.init(decimal:)),
      horizonDays: days, paths: 1 << 16, sampling: method == .monteCarlo ? .sobol : .pseudo, factors: factors)
  }

  private func measure(
    _ book: ValuedBook, _ method: ValueAtRiskPlan.Method, _ factors: FactorPlan, days: Double = 1
  ) throws -> any TailMeasure {
    try TailMeasures.prepare(book: book, plan: plan(method, factors, days: days), seed: 11, team: team)
  }

  private func value(_ sample: SampleBook) throws -> ValuedBook {
    BookValuation.value(try #require(sample.book()), team: team)
  }

  private func checkSums(_ figure: ValueAtRiskFigure) {
    for parts in [figure.components, figure.byUnderlying, figure.byRiskClass] where !parts.isEmpty {
      let value = parts.reduce(0) { $0 + ($1.valueAtRisk ?? .nan) }
      let tail = parts.reduce(0) { $0 + $1.expectedShortfall }
      let gross = parts.reduce(0) { $0 + abs($1.valueAtRisk ?? 0) + abs($1.expectedShortfall) }
      #expect(abs(value - figure.valueAtRisk) <= 1e-12 * gross)
      #expect(abs(tail - figure.expectedShortfall) <= 1e-12 * gross)
    }
  }

  @Test("one option: the deviation is that of delta and vega with their correlation")
  func closedForm() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-91-65010-C", -3, nil)]
    let book = try value(sample)
    let greeks = try #require(GreekAggregation(book, team: team).account(0)?.total)
    let option = try #require(
      book.resolved.compactMap { $0 }.first { book.holdings[0].instrument == $0.instrument })
    let factors = FactorPlan(
      volatility: [
        VolatilityFactor(underlying: try named("BTC"), volatilityOfVolatility: 1.2, spotCorrelation: -0.6)
      ])
    let result = try measure(book, .parametric, factors)
    let (delta, vega) = (0.62 * greeks.cashDelta, 1.2 * option.volatility * greeks.vega)
    let deviation = ((delta * delta + vega * vega - 1.2 * delta * vega) / 365).squareRoot()
    let figure = try #require(result.figures(ofAccount: 0).last)
    #expect(abs(figure.valueAtRisk / (2.3263478740408408 * deviation) - 1) < 1e-12)
    #expect(figure.byRiskClass.map(\.name.text) == ["delta", "vega"])
    let vegaPart = try #require(figure.byRiskClass.last?.valueAtRisk)
    let expected = 2.3263478740408408 * (vega * vega - 0.6 * delta * vega) / (365 * deviation)
    #expect(abs(vegaPart / expected - 1) < 1e-10)
    let moved = result.factors.filter(\.moved)
    #expect(moved.map { "\($0.kind) \($0.name)" } == ["spot BTC", "spot ETH", "volatility BTC"])
  }

  @Test("where every move is small, delta-gamma has the figures of the full revaluation")
  func simulation() throws {
    // Calendar and inverse legs, futures and perpetuals that move with their basis.
    var sample = SampleBook()
    sample.positions = [
      (0, "BTC_USDC-30-65010-C", -6, nil), (0, "BTC_USDC-30-65010-P", -6, nil),
      (0, "BTC-91-61760-P", 4, nil), (0, "ETH-91-2080-C", -90, nil), (0, "ETH_USDC-30-1890-P", 50, nil),
      (0, "BTC_USDC-F91", -1.5, 64_000), (0, "BTC-F91", 90_000, 66_000), (0, "ETH-PERPETUAL", -30_000, 1_900),
    ]
    let book = try value(sample)
    // Half an hour: relative moves stand in for logarithmic ones, which leaves half a deviation of some 0.5 % of z.
    let analytic = try measure(book, .deltaGamma, try factors(1), days: 0.02)
    let simulated = try measure(book, .monteCarlo, try factors(1), days: 0.02)
    for (a, b) in zip(analytic.figures(ofAccount: 0), simulated.figures(ofAccount: 0)) {
      checkSums(a)
      let (error, wide) = (try #require(b.standardError), try #require(b.expectedShortfallStandardError))
      #expect(abs(a.valueAtRisk - b.valueAtRisk) < 4 * error + 0.005 * b.valueAtRisk)
      #expect(abs(a.expectedShortfall - b.expectedShortfall) < 4 * wide + 0.01 * b.expectedShortfall)
      #expect(a.byRiskClass.map(\.name.text) == ["theta", "delta", "gamma", "vega", "basis"])
      for (part, other) in zip(a.byRiskClass, b.byRiskClass) {
        // Parts are means over the paths of the tail: some per cent of the whole.
        #expect(abs(part.expectedShortfall - other.expectedShortfall) < 0.03 * b.expectedShortfall)
      }
    }
  }

  @Test("hedged in delta and vega, gamma, vanna and volga alone have the figures of the full revaluation")
  func secondOrder() throws {
    let legs = [
      "BTC_USDC-30-84510-C", "BTC_USDC-30-52010-P", "BTC_USDC-91-65010-C", "BTC_USDC-91-65010-P",
    ]
    func sample(_ long: Double, _ coins: Double) -> SampleBook {
      var sample = SampleBook()
      sample.positions = zip(legs, [-10, -10, long, long]).map { (0, $0, $1, nil) }
      sample.balances = [(0, "BTC", coins)]
      return sample
    }
    // Slopes by the level of volatility of the short strangle and the long straddle, and by the spot in coins.
    func slopes(_ sample: SampleBook) throws -> (short: Double, long: Double, delta: Double) {
      let book = try value(sample)
      let greeks = GreekAggregation(book, team: team)
      var sums = (0.0, 0.0, 0.0)
      for (place, holding) in book.holdings.enumerated() {
        let option = try #require(book.resolved[holding.instrument])
        let set = try #require(greeks.holding(place))
        if option.timeToExpiry < 0.1 { sums.0 += set.vega * option.volatility }
        if option.timeToExpiry > 0.1 { sums.1 += set.vega * option.volatility }
        sums.2 += set.delta
      }
      return sums
    }
    let one = try slopes(sample(1, 0))
    let long = 0 - one.short / one.long
    let book = try value(sample(long, 0 - (try slopes(sample(long, 0)).delta)))
    let factors = FactorPlan(
      volatility: [
        VolatilityFactor(underlying: try named("BTC"), volatilityOfVolatility: 1.5, spotCorrelation: -0.6)
      ])
    let linear = try measure(book, .parametric, factors, days: 0.02).figures(ofAccount: 0)
    let spots = try measure(book, .deltaGamma, FactorPlan(), days: 0.02).figures(ofAccount: 0)
    let analytic = try measure(book, .deltaGamma, factors, days: 0.02).figures(ofAccount: 0)
    let simulated = try measure(book, .monteCarlo, factors, days: 0.02).figures(ofAccount: 0)
    for (place, (a, b)) in zip(analytic, simulated).enumerated() {
      #expect(linear[place].valueAtRisk < 1e-6 * a.valueAtRisk)
      let (error, wide) = (try #require(b.standardError), try #require(b.expectedShortfallStandardError))
      // Third derivatives: some deviations of 0.5 to 1 %.
      #expect(abs(a.valueAtRisk - b.valueAtRisk) < 4 * error + 0.02 * b.valueAtRisk)
      #expect(abs(a.expectedShortfall - b.expectedShortfall) < 4 * wide + 0.02 * b.expectedShortfall)
      // Vanna and volga are seen: without them the figure is another.
      #expect(abs(spots[place].valueAtRisk - b.valueAtRisk) > 0.08 * b.valueAtRisk)
    }
  }

  @Test("factors that do not move leave the figures of spots alone, and parts sum whatever moves")
  func limits() throws {
    let sample = SampleBook.random(accounts: 4, positions: 8, seed: 6)
    let book = try value(sample)
    for method in Self.methods {
      let spots = try measure(book, method, FactorPlan())
      let still = try measure(book, method, try factors(0))
      // A correlation of one leaves the level no draw of its own.
      let tied = try measure(book, method, try factors(1, spot: -1))
      for (a, b) in zip(spots.bookFigures, still.bookFigures) {
        #expect(abs(a.valueAtRisk - b.valueAtRisk) <= 1e-9 * abs(a.valueAtRisk))
        #expect(abs(a.expectedShortfall - b.expectedShortfall) <= 1e-9 * abs(a.expectedShortfall))
      }
      for result in [still, tied, try measure(book, method, try factors(1))] {
        #expect(result.failures.allSatisfy { $0.reason == .notApplicable })
        for figure in (0..<4).flatMap(result.figures(ofAccount:)) + result.bookFigures { checkSums(figure) }
        #expect(result.factors.count == 7 && result.factors.allSatisfy(\.moved))
      }
    }
  }

  @Test("rates move what discounts a premium and what makes a forward")
  func rates() throws {
    let (usd, coin) = (try named("USD"), try named("X"))
    let asOf = try #require(Instant(year: 2026, month: 1, day: 1))
    let expiry = try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + 2 * 31_536_000))
    let instruments = try [OptionType.call, .put].map { type in
      Instrument(
        id: try named(type == .call ? "C" : "P"), kind: .option, underlying: coin, quoteAsset: usd,
        settlementAsset: usd, expiry: expiry, strike: 105, optionType: type)
    }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: [Asset(id: coin, spot: 100)],
      rates: [RateCurve(currency: usd, years: [1], rates: [0.03])],
      dividends: [DividendYield(underlying: coin, rate: 0.01)],
      volatility: [
        VolatilitySlice(
          underlying: coin, expiry: expiry, shape: .quotes(strikes: [50, 200], volatilities: [0.25, 0.25]))
      ],
      correlation: Correlation(assets: [coin], matrix: [1], volatilities: [0.2]))
    // Long call, short put: S·e^(−qT) − K·e^(−rT), so that rho alone is T·K·e^(−rT), and half of it bends.
    let book = Book(
      market: market, instruments: instruments, accounts: [try named("A")],
      positions: [
        Position(account: 0, instrument: 0, quantity: 1, entryPrice: nil, row: 1),
        Position(account: 0, instrument: 1, quantity: -1, entryPrice: nil, row: 2),
      ], balances: [])
    let valued = BookValuation.value(book, team: team)
    let factors = FactorPlan(rates: [RateFactor(currency: usd, volatility: 0.02)])
    let hour = 1 / 24.0
    let result = try measure(valued, .parametric, factors, days: hour)
    let years = 2 - hour / 365
    let (spot, rate) = (0.2 * 100 * Elementary.exp(-0.02), 0.02 * years * 105 * Elementary.exp(-0.06))
    let deviation = ((spot * spot + rate * rate) * hour / 365).squareRoot()
    let figure = try #require(result.figures(ofAccount: 0).last)
    // The forward of two years less an hour is moved, the slope is today's.
    #expect(abs(figure.valueAtRisk / (2.3263478740408408 * deviation) - 1) < 1e-4)
    #expect(figure.byRiskClass.map(\.name.text) == ["delta", "rate"])
    let quadratic = try measure(valued, .deltaGamma, factors, days: hour)
    let simulated = try measure(valued, .monteCarlo, factors, days: hour)
    for (a, b) in zip(quadratic.figures(ofAccount: 0), simulated.figures(ofAccount: 0)) {
      checkSums(a)
      #expect(abs(a.valueAtRisk - b.valueAtRisk) < 4 * (b.standardError ?? 0) + 0.005 * b.valueAtRisk)
    }
  }
}

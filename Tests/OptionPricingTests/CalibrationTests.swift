import MarketModel
import OptionPricing
import Testing

@Suite("Surfaces fitted to quotes") struct CalibrationTests {
  private func quotes(of slice: SVISlice, years: Double, _ places: [Double]) -> [SmileQuote] {
    places.map {
      SmileQuote(
        logMoneyness: $0, volatility: (slice.totalVariance($0) / years).squareRoot(), years: years)
    }
  }

  private let places = stride(from: -0.6, through: 0.6, by: 0.08).map { $0 }

  @Test("quotes made by a slice give the slice back")
  func recovery() throws {
    var random = SplitMix(state: 71)
    for _ in 0..<20 {
      let years = random.uniform(0.1, 2)
      let slice = SVISlice(
        a: random.uniform(0.005, 0.05), b: random.uniform(0.05, 0.3), rho: random.uniform(-0.8, 0.5),
        m: random.uniform(-0.2, 0.2), sigma: random.uniform(0.08, 0.5))
      guard slice.leastDensity.value > 0.01 else { continue }
      let fit = try SVICalibration.fit(quotes(of: slice, years: years, places), years: years)
      // The sum of squares is flat at its bottom: 1e-8 of a volatility is what is left of 1e-16 of its square.
      #expect(fit.error.largest < 2e-7, "\(slice)")
      #expect(!fit.isConstrained)
    }
  }

  @Test("quotes with a butterfly are fitted without it, and with it where that is asked for")
  func vogt() throws {
    let places = stride(from: -1.0, through: 1, by: 0.1).map { $0 }
    let quotes = quotes(of: SurfaceFormTests.vogt, years: 1, places)
    let free = try SVICalibration.fit(quotes, years: 1, allowsArbitrage: true)
    #expect(free.error.largest < 1e-6 && free.slice.leastDensity.value < 0)
    let fit = try SVICalibration.fit(quotes, years: 1)
    #expect(fit.isConstrained && fit.slice.leastDensity.value >= 0)
    // The density of the quotes is negative far to the right: the wing there has to give.
    #expect(fit.error.weightedRootMeanSquare < 0.02)
    print("Vogt: weighted error \(fit.error.weightedRootMeanSquare), worst \(fit.error.largest)")
  }

  @Test("a slice never crosses the one before it, even where its quotes do")
  func calendar() throws {
    let first = try SVICalibration.fit(
      quotes(of: SVISlice(a: 0.02, b: 0.1, rho: -0.3, m: 0, sigma: 0.1), years: 0.25, places), years: 0.25)
    let crossing = quotes(
      of: SVISlice(a: 0.021, b: 0.08, rho: -0.1, m: 0.05, sigma: 0.1), years: 0.3, places)
    let second = try SVICalibration.fit(crossing, years: 0.3, above: first.slice)
    #expect(second.isConstrained)
    #expect(SurfaceArbitrage(of: [first.slice, second.slice]).isFree)
    #expect(second.error.weightedRootMeanSquare < 0.02)
  }

  @Test("quotes made by a surface SVI give it back")
  func ssvi() throws {
    let surface = SSVI(rho: -0.55, eta: 1.1, gamma: 0.42)
    let thetas = [0.01, 0.03, 0.08]
    let times = [0.1, 0.4, 1.0]
    let expiries = zip(thetas, times).map { theta, years in
      SmileExpiry(years: years, quotes: quotes(of: surface.slice(theta), years: years, places))
    }
    let fit = try SSVICalibration.fit(expiries)
    #expect(abs(fit.surface.rho + 0.55) < 1e-5 && abs(fit.surface.eta - 1.1) < 1e-4)
    #expect(zip(fit.thetas, thetas).allSatisfy { abs($0 / $1 - 1) < 1e-5 })
    #expect(fit.surface.isFreeOfArbitrage && SurfaceArbitrage(of: fit.slices).isFree)
  }

  @Test("too few quotes, a volatility of 0 and a time of 0 are refused by name")
  func refusals() {
    let good = SmileQuote(logMoneyness: 0, volatility: 0.2, weight: 1)
    let bad = SmileQuote(logMoneyness: 0, volatility: 0, weight: 1)
    #expect(throws: CalibrationError.tooFewQuotes(found: 4, needed: 5)) {
      try SVICalibration.fit([good, good, good, good], years: 1)
    }
    #expect(throws: CalibrationError.invalidQuote(1)) { try SVICalibration.fit([good, bad], years: 1) }
    #expect(throws: CalibrationError.invalidTime) { try SVICalibration.fit([good], years: 0) }
    #expect(throws: CalibrationError.invalidTime) {
      try SSVICalibration.fit([SmileExpiry(years: 1, quotes: [good]), SmileExpiry(years: 1, quotes: [good])])
    }
  }

  @Test("five equal quotes, a flat smile and a single strike five times end in a slice, not in a trap")
  func degenerate() throws {
    let flat = places.map { SmileQuote(logMoneyness: $0, volatility: 0.4, weight: 1) }
    let fit = try SVICalibration.fit(flat, years: 0.5)
    #expect(fit.error.largest < 1e-3 && fit.slice.isProper)
    let same = (0..<5).map { _ in SmileQuote(logMoneyness: 0.1, volatility: 0.4, weight: 1) }
    #expect(try SVICalibration.fit(same, years: 0.5).error.largest < 1e-3)
  }

  @Test("forward and discount come out of calls and puts, whatever two stale quotes say")
  func parity() throws {
    let (forward, discount) = (4_012.5, 0.985)
    var quotes = stride(from: 3_000.0, through: 5_000, by: 50).map { strike in
      let call = max(0, discount * (forward - strike)) + 80
      return ParityQuote(strike: strike, call: call, put: call - discount * (forward - strike))
    }
    let clean = try #require(ParityForward(quotes))
    #expect(abs(clean.forward / forward - 1) < 1e-13 && abs(clean.discount - discount) < 1e-13)
    quotes[3] = ParityQuote(strike: quotes[3].strike, call: 900, put: 5)
    quotes[30] = ParityQuote(strike: quotes[30].strike, call: 500, put: 700)
    let found = try #require(ParityForward(quotes))
    #expect(abs(found.forward / forward - 1) < 1e-12 && found.leftOut == 2)
    let known = try #require(ParityForward(Array(quotes.prefix(1)), discount: discount))
    #expect(abs(known.forward / forward - 1) < 1e-13)
    #expect(ParityForward(Array(quotes.prefix(1))) == nil)
  }

  @Test("a smile stays with the strike or moves with the forward")
  func rules() throws {
    let asOf = try #require(Instant(year: 2026, month: 1, day: 1))
    let expiry = try #require(Instant(year: 2027, month: 1, day: 1))
    let surface = VolatilitySurface(
      slices: [
        VolatilitySlice(
          underlying: try #require(Identifier("BTC")), expiry: expiry,
          shape: .svi(SVIParameters(a: 0.02, b: 0.2, rho: -0.5, m: 0, sigma: 0.2)))
      ], asOf: asOf
    ) { _ in 100 }
    func volatility(_ strike: Double, _ forward: Double, _ rule: SmileRule) throws -> Double {
      try surface.volatility(strike: strike, base: 100, forward: forward, years: 1, rule: rule)
    }
    #expect(try volatility(110, 90, .stickyStrike) == volatility(110, 100, .stickyStrike))
    #expect(try abs(volatility(99, 90, .stickyDelta) - volatility(110, 100, .stickyDelta)) < 1e-15)
    #expect(try volatility(90, 90, .stickyStrike) > volatility(90, 90, .stickyDelta))
  }
}

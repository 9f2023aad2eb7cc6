import MarketModel
import OptionPricing
import Testing

/// One test a row of the table of edge cases: what a right pricing library does at the ends of its range.
@Suite("European options at the ends of their range") struct EdgeTableTests {
  private func bsm(
    _ type: OptionType, _ spot: Double, _ strike: Double, _ years: Double, _ volatility: Double,
    _ rate: Double = 0.05, _ yield: Double = 0.02
  ) throws -> OptionGreeks {
    try BlackScholes.greeks(
      type: type, spot: spot, strike: strike, timeToExpiry: years, volatility: volatility, rate: rate,
      dividendYield: yield)
  }

  /// e^x to 1e-15, from outside the library.
  private func exponential(_ x: Double) -> Double {
    var (sum, term) = (1.0, 1.0)
    for n in 1..<40 {
      term *= x / Double(n)
      sum += term
    }
    return sum
  }

  @Test("on the day of expiry, away from the strike: the payoff, a whole delta or none, nothing else")
  func expiryDay() throws {
    for (type, spot, price, delta) in [
      (OptionType.call, 105.0, 5.0, 1.0), (.call, 95, 0, 0), (.put, 105, 0, 0), (.put, 95, 5, -1),
    ] {
      let g = try bsm(type, spot, 100, 0, 0.3)
      #expect(g.price == price && g.delta == delta)
      #expect(g.gamma == 0 && g.vega == 0 && g.rho == 0 && g.rhoQ == 0 && g.vanna == 0 && g.ultima == 0)
      #expect(g.columns.allSatisfy { $0?.isFinite ?? true })
    }
  }

  @Test("on the day of expiry at the strike: price 0, half a delta, no gamma, no NaN")
  func expiryAtTheMoney() throws {
    for type in OptionType.allCases {
      let g = try bsm(type, 100, 100, 0, 0.3)
      #expect(g.price == 0 && g.delta == 0.5 * type.sign && g.gamma == 0)
      #expect(g.columns.allSatisfy { $0?.isFinite ?? true })
    }
  }

  @Test("an expired option is never priced with negative time")
  func expired() {
    #expect(throws: PricingError.outOfDomain(.yearsToExpiry)) { try bsm(.call, 100, 100, -1e-9, 0.3) }
    #expect(throws: PricingError.outOfDomain(.yearsToExpiry)) {
      try ImpliedVolatility.black76(
        type: .call, price: 1, forward: 100, strike: 100, timeToExpiry: -1, rate: 0)
    }
  }

  @Test("without volatility: the discounted intrinsic value of the forward and its slopes")
  func noVolatility() throws {
    let years = 2.0
    let (dividend, discount) = (exponential(-0.02 * years), exponential(-0.05 * years))
    let call = try bsm(.call, 100, 90, years, 0)
    #expect(abs(call.price - (100 * dividend - 90 * discount)) < 1e-13)
    #expect(abs(call.delta - dividend) < 1e-15 && abs(call.dualDelta + discount) < 1e-15)
    #expect(call.vega == 0 && call.vanna == 0 && call.volga == 0 && call.gamma == 0)
    let out = try bsm(.call, 100, 120, years, 0)
    #expect(out.price == 0 && out.delta == 0 && out.dualDelta == 0)
  }

  @Test("a deviation below 1e-8 gives the same limit, smoothly")
  func tinyDeviation() throws {
    for volatility in [1e-9, 1e-12, 1e-100, 0x1p-1074] {
      for (type, strike) in [(OptionType.call, 90.0), (.put, 90), (.call, 130), (.put, 130)] {
        let (limit, near) = (try bsm(type, 100, strike, 1, 0), try bsm(type, 100, strike, 1, volatility))
        #expect(near.price == limit.price && near.delta == limit.delta && near.vega == 0)
      }
    }
  }

  @Test("an endless deviation: a call is worth the asset, a put the strike, no vega, no inf times 0")
  func hugeDeviation() throws {
    for volatility in [100, 1e6, 1e150, 1e300] {
      let call = try bsm(.call, 100, 100, 1, volatility)
      let put = try bsm(.put, 100, 100, 1, volatility)
      #expect(abs(call.price - 100 * exponential(-0.02)) < 1e-12 && call.vega == 0)
      #expect(abs(put.price - 100 * exponential(-0.05)) < 1e-12 && put.vega == 0)
      #expect((call.columns + put.columns).allSatisfy { $0?.isFinite ?? true })
    }
  }

  @Test("a strike or a spot of 0: one leg is all there is")
  func zeroLegs() throws {
    let call = try bsm(.call, 100, 0, 2, 0.4)
    #expect(abs(call.price - 100 * exponential(-0.04)) < 1e-13)
    #expect(abs(call.dualDelta + exponential(-0.1)) < 1e-15)
    #expect(try bsm(.put, 100, 0, 2, 0.4).price == 0)
    let put = try bsm(.put, 0, 100, 2, 0.4)
    #expect(abs(put.price - 100 * exponential(-0.1)) < 1e-13)
    #expect(abs(put.delta + exponential(-0.04)) < 1e-15)
    #expect(try bsm(.call, 0, 100, 2, 0.4).price == 0)
    for type in OptionType.allCases {
      for (spot, strike) in [(100.0, 0.0), (0, 100), (0, 0)] {
        #expect(try bsm(type, spot, strike, 2, 0.4).columns.allSatisfy { $0?.isFinite ?? true })
      }
    }
  }

  @Test("far from the money: relative accuracy until the value underflows, then exactly 0")
  func farStrikes() throws {
    // mpmath, 50 digits: F = 1, T = 1, sigma = 0.2, r = q = 0.
    for (strike, value) in [(2.0, 1.8862181761500388e-5), (1e1, 3.0586701126054058e-32)] {
      let price = try Black76.value(
        type: .call, forward: 1, strike: strike, timeToExpiry: 1, volatility: 0.2, rate: 0)
      // |d| = 11.4 and relative condition d^2 = 130 at the second strike.
      #expect(abs(price / value - 1) < 1e-13)
    }
    var last = Double.infinity
    for exponent in stride(from: 0.0, through: 9, by: 0.25) {
      let strike = exponential(exponent)
      let price = try Black76.value(
        type: .call, forward: 1, strike: strike, timeToExpiry: 1, volatility: 0.2, rate: 0)
      #expect(price >= 0 && price <= last)
      last = price
    }
    #expect(last == 0)
    #expect(
      try Black76.value(type: .call, forward: 1e-3, strike: 1e6, timeToExpiry: 1, volatility: 0.2, rate: 0)
        == 0)
  }

  @Test("deep in the money: never below the intrinsic value of the forward")
  func deepInTheMoney() throws {
    var random = SplitMix(state: 31)
    for _ in 0..<2000 {
      let (strike, years, volatility) = (
        random.uniform(1, 99), random.uniform(0, 3), random.uniform(0, 0.5)
      )
      for type in OptionType.allCases {
        let (spot, strike) = type == .call ? (100, strike) : (strike, 100)
        let price = try Black76.value(
          type: type, forward: spot, strike: strike, timeToExpiry: years, volatility: volatility, rate: 0)
        #expect(price >= (spot - strike).magnitude)
      }
    }
  }

  @Test("rates and yields of any sign are fine, and parity holds")
  func negativeRates() throws {
    for (rate, yield) in [(-0.03, 0.01), (0.02, -0.04), (-0.05, -0.05), (0, 0), (0, 0.03)] {
      let (call, put) = (
        try bsm(.call, 100, 95, 1.5, 0.25, rate, yield), try bsm(.put, 100, 95, 1.5, 0.25, rate, yield)
      )
      let forward = 100 * exponential(-yield * 1.5) - 95 * exponential(-rate * 1.5)
      #expect(abs(call.price - put.price - forward) < 1e-12)
    }
  }

  @Test("NaN and infinity are refused by the name of their field, one at a time")
  func notNumbers() {
    for bad in [Double.nan, .infinity, -.infinity] {
      let good = [100.0, 95, 1, 0.2, 0.01, 0.02]
      let names: [PricingArgument] = [.spot, .strike, .yearsToExpiry, .volatility, .rate, .dividendYield]
      for (place, name) in names.enumerated() {
        var x = good
        x[place] = bad
        #expect(throws: PricingError.outOfDomain(name)) { try bsm(.call, x[0], x[1], x[2], x[3], x[4], x[5]) }
      }
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(next() >> 11) * 0x1p-53
  }

  /// A number that may be anything: a uniform one, one of any exponent, or one of the special values.
  mutating func anything() -> Double {
    let draw = next() % 16
    if draw < 5 { return uniform(0, 2) }
    if draw < 8 { return uniform(-1, 300) }
    if draw == 15 {
      let special = [0, -0.0, .nan, .infinity, -.infinity, 0x1p-1074, 1.7e308, -1, 0x1p-1030]
      return special[Int(next() % 9)]
    }
    // Any sign, any exponent between 2^-400 and 2^400.
    let exponent = Int(next() % 801) - 400
    return Double(sign: next() % 8 == 0 ? .minus : .plus, exponent: exponent, significand: uniform(1, 2))
  }
}

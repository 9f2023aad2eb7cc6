import MarketModel
import OptionPricing
import Testing

/// The edge table of American options, one test a row; figures without a source are closed forms.
@Suite("American options: edges") struct AmericanEdgeTests {
  private func value(
    _ type: OptionType, _ spot: Double, _ strike: Double, _ time: Double, _ rate: Double, _ yield: Double,
    _ volatility: Double
  ) throws -> Double {
    try AmericanPricing.value(
      AmericanContract(
        type: type, spot: spot, strike: strike, timeToExpiry: time, volatility: volatility, rate: rate,
        dividendYield: yield))
  }

  @Test("at expiry the value is the payoff, and at the money the delta one half of the step")
  func expiry() throws {
    #expect(try value(.put, 90, 100, 0, 0.05, 0, 0.2) == 10)
    #expect(try value(.call, 90, 100, 0, 0.05, 0, 0.2) == 0)
    let greeks = try AmericanPricing.greeks(
      AmericanContract(type: .call, spot: 100, strike: 100, timeToExpiry: 0, volatility: 0.2, rate: 0.05))
    #expect(greeks.price == 0 && greeks.delta == 0.5 && greeks.gamma == 0 && greeks.vega == 0)
  }

  @Test("negative time, and what is not a number, is refused by name")
  func refused() {
    #expect(throws: PricingError.outOfDomain(.yearsToExpiry)) { try value(.put, 90, 100, -1, 0.05, 0, 0.2) }
    #expect(throws: PricingError.outOfDomain(.spot)) { try value(.put, .infinity, 100, 1, 0.05, 0, 0.2) }
    #expect(throws: PricingError.outOfDomain(.strike)) { try value(.put, 90, .nan, 1, 0.05, 0, 0.2) }
    #expect(throws: PricingError.outOfDomain(.dividendYield)) {
      try value(.put, 90, 100, 1, 0.05, .infinity, 0.2)
    }
  }

  @Test("without volatility the holder picks the best date")
  func noVolatility() throws {
    // QuantLib 1.44: 108.9809045611846; exercise after 7.6 years.
    #expect(abs(try value(.put, 100, 120, 40, 0.01, 0.5, 0) - 108.980_904_561_184_6) < 1e-10)
    #expect(try value(.put, 100, 120, 1, 0.05, 0.01, 0) == 20)
  }

  @Test("a vanishing deviation comes to the same limit smoothly")
  func vanishingVolatility() throws {
    let limit = try value(.call, 100, 50, 1, 0.05, 0.01, 0)
    for volatility in [1e-12, 1e-9, 1.1e-8, 1e-7, 1e-5, 1e-3] {
      #expect(abs(try value(.call, 100, 50, 1, 0.05, 0.01, volatility) - limit) < 1e-8)
    }
    let money = try value(.put, 100, 100, 1, 0.05, 0.05, 1e-4)
    // At the money half of a deviation of the spot, times 0.8.
    #expect(money > 0 && money < 100 * 1e-4)
  }

  @Test("a deviation without bound makes the option perpetual")
  func hugeVolatility() throws {
    // Merton's perpetual call in 15 digits; QuantLib 1.44, high precision: 99.98748794. Its QD+ engine gives
    // 99.98749423, above the perpetual option and so above every bound.
    #expect(abs(try value(.call, 100, 100, 1, 0.01, 0.05, 100) - 99.987_487_875_392_2) < 1e-10)
    #expect(abs(try value(.put, 100, 100, 1, 0.0, -0.05, 1000) - 100) < 1e-12)
    // The kernel and the closed form meet at σ√T = 12.
    let below = try value(.put, 100, 100, 1, 0.05, 0.02, 11.999_999)
    let above = try value(.put, 100, 100, 1, 0.05, 0.02, 12.000_001)
    #expect(abs(below - above) < 5e-5)
  }

  @Test("a strike or spot of nothing leaves the asset or the strike")
  func zeros() throws {
    #expect(try value(.call, 100, 0, 1, 0.05, 0.025, 0.2) == 100)
    #expect(try value(.put, 100, 0, 1, 0.05, 0.025, 0.2) == 0)
    #expect(try value(.put, 0, 100, 1, 0.05, 0.025, 0.2) == 100)
    #expect(try value(.call, 0, 100, 1, 0.05, 0.025, 0.2) == 0)
    #expect(try value(.put, 0, 0, 1, 0, 0, 0) == 0)
    #expect(abs(try value(.put, 1e-6, 120, 1, -0.075, 0.05, 0.25) - 129.346_097_154_926_35) < 1e-9)
  }

  @Test("moneyness beyond any market: intrinsic or nothing, never negative")
  func farMoneyness() throws {
    #expect(try value(.put, 1e6, 100, 1, 0.05, 0, 0.2) == 0)
    #expect(try value(.put, 1e-3, 100, 1, 0.05, 0, 0.2) == 100 - 1e-3)
    #expect(try value(.call, 1e10, 100, 1, 0.01, 0.05, 0.25) == 1e10 - 100)
    #expect(try value(.call, 100, 1e-7, 1, 0.05, 0.01, 0.25) == 100 - 1e-7)
    #expect(try value(.call, 1e-300, 1e300, 1, 0.05, 0.01, 0.25) == 0)
  }

  @Test("deep in the money the holder exercises at once")
  func deepInTheMoney() throws {
    #expect(try value(.put, 60, 100, 0.5, 0.05, 0.01, 0.2) == 40)
    #expect(try value(.call, 300, 100, 0.5, 0.01, 0.05, 0.2) == 200)
  }

  @Test("r = 0: a put with yield is European, one without a yield too, one with a negative yield is not")
  func zeroRate() throws {
    let european = try BlackScholes.value(
      type: .put, spot: 100, strike: 100, timeToExpiry: 1, volatility: 0.25, rate: 0, dividendYield: 0.02)
    #expect(abs(try value(.put, 100, 100, 1, 0, 0.02, 0.25) - european) < 1e-12)
    let negative = try BlackScholes.value(
      type: .put, spot: 100, strike: 100, timeToExpiry: 1, volatility: 0.25, rate: 0, dividendYield: -0.05)
    #expect(try value(.put, 100, 100, 1, 0, -0.05, 0.25) > negative + 1e-3)
    // QuantLib 1.44, high precision: 8.8653652; a binomial tree of 8,000 and 8,001 steps 8.86519 and 8.86568.
    // QuantLib's test suite has 8.8715, a figure of its QD+ approximation.
    #expect(abs(try value(.call, 100, 100, 1, 0, 0.025, 0.25) - 8.865_365_2) < 1e-7)
  }

  @Test("r = q: the boundary starts at the strike, and both sides of r = q meet there")
  func equalRates() throws {
    let middle = try value(.put, 100, 100, 1, 0.05, 0.05, 0.25)
    for shift in [-1e-9, 1e-9] {
      #expect(abs(try value(.put, 100, 100, 1, 0.05, 0.05 + shift, 0.25) - middle) < 1e-6)
    }
  }

  @Test("negative rates: European where waiting gains, more than European where it does not")
  func negativeRates() throws {
    for (rate, yield) in [(-0.02, 0.01), (-0.02, -0.02), (-0.02, -0.01)] {
      let european = try BlackScholes.value(
        type: .put, spot: 95, strike: 100, timeToExpiry: 1, volatility: 0.2, rate: rate, dividendYield: yield)
      #expect(abs(try value(.put, 95, 100, 1, rate, yield, 0.2) - european) < 1e-12)
    }
    // A call under r < q ≤ 0 is European: below intrinsic in BAW and Ju (QuantLib issue 2728).
    #expect(try value(.call, 150, 100, 1, -0.05, -0.01, 0.2) >= 50)
  }

  @Test("a short life is close to intrinsic and to the European value")
  func shortLife() throws {
    #expect(try value(.put, 100, 120, 1.0 / 365, 0.05, 0, 0.25) == 20)
    let day = try value(.put, 100, 100, 1.0 / 365 / 24 / 60, 0.05, 0, 0.25)
    #expect(day > 0 && day < 0.02)
  }

  @Test("a long life comes to the perpetual value")
  func longLife() throws {
    // Merton: λ = 2r/σ² without a yield, b = λ/(1+λ)·K.
    let exponent = 2 * 0.06 / 0.04
    let boundary = 100 * exponent / (1 + exponent)
    let exact = (100 - boundary) * 1 / (100 / boundary * 100 / boundary * 100 / boundary)
    #expect(abs(try value(.put, 100, 100, 600, 0.06, 0, 0.2) - exact) < 1e-6)
    #expect(abs(try value(.put, 100, 100, 2000, 0.06, 0, 0.2) - exact) < 1e-9)
  }

  private func between(
    _ type: OptionType, _ spot: Double, _ strike: Double, _ years: Double, _ rate: Double, _ yield: Double,
    _ volatility: Double
  ) -> AmericanContract {
    AmericanContract(
      type: type, spot: spot, strike: strike, timeToExpiry: years, volatility: volatility, rate: rate,
      dividendYield: yield)
  }

  @Test("between two boundaries a put is worth what a large tree says, whether they have met or not")
  func twoBoundaries() throws {
    // Cox–Ross–Rubinstein trees of 6,000 and 12,000 steps, odd and even averaged, extrapolated: good to about 2e-4.
    let cases = [
      (between(.put, 92, 100, 4, -0.02, -0.045, 0.11), 10.040_69),
      (between(.put, 95, 100, 1, -0.01, -0.03, 0.1), 6.070_62),
      (between(.put, 90, 100, 10, -0.005, -0.01, 0.08), 13.775_81),
      (between(.put, 95, 100, 10, -0.012, -0.016, 0.08), 11.962_91),
      (between(.put, 92, 100, 4, -0.02, -0.045, 0.3), 24.986_21),
      (between(.put, 92, 100, 2, -0.02, -0.0201, 0.2), 15.870_78),
    ]
    for (contract, tree) in cases {
      #expect(abs(try AmericanPricing.value(contract) - tree) < 5e-4)
    }
  }

  @Test("a put is exercised between its two boundaries only, and leaves the payoff with its slope")
  func band() throws {
    for (spot, isExercised) in [(99.0, false), (92, false), (70, true), (60, true), (45, false), (10, false)]
    {
      let contract = between(.put, spot, 100, 4, -0.02, -0.045, 0.11)
      let greeks = try AmericanPricing.greeks(contract)
      #expect((greeks.price == 100 - spot) == isExercised)
      #expect((greeks.delta == -1 && greeks.gamma == 0) == isExercised)
      #expect(greeks.gamma >= 0)
    }
    // Just outside either boundary (about 81.69 and 49.93) the slope is that of the payoff.
    for spot in [81.75, 49.9] {
      let greeks = try AmericanPricing.greeks(between(.put, spot, 100, 4, -0.02, -0.045, 0.11))
      #expect(greeks.price > 100 - spot && abs(greeks.delta + 1) < 2e-2)
    }
  }

  @Test("the call of the exchanged rates is the same option")
  func bandOfTheCall() throws {
    let put = try AmericanPricing.greeks(between(.put, 92, 100, 4, -0.02, -0.045, 0.11))
    let call = try AmericanPricing.greeks(between(.call, 100, 92, 4, -0.045, -0.02, 0.11))
    #expect(put.price == call.price && put.vega == call.vega && put.delta == call.dualDelta)
    #expect(put.rho == call.rhoQ && put.rhoQ == call.rho)
    // By the equation in the spot there, in the strike here.
    #expect(abs(put.theta - call.theta) < 1e-9)
  }

  @Test("Greeks between two boundaries are differences of values")
  func bandGreeks() throws {
    let contract = between(.put, 92, 100, 4, -0.02, -0.045, 0.11)
    let greeks = try AmericanPricing.greeks(contract)
    func slope(_ path: WritableKeyPath<AmericanContract, Double>, _ step: Double) throws -> Double {
      var (up, down) = (contract, contract)
      up[keyPath: path] += step
      down[keyPath: path] -= step
      return (try AmericanPricing.value(up) - (try AmericanPricing.value(down))) / (2 * step)
    }
    // Second-order differences with steps this wide are good to about 1e-4.
    #expect(abs(try slope(\.spot, 0.2) - greeks.delta) < 2e-4)
    #expect(abs(try slope(\.volatility, 2e-3) - greeks.vega) < 2e-3 * greeks.vega)
    #expect(abs(try slope(\.rate, 5e-4) - greeks.rho) < 2e-3 * abs(greeks.rho))
    #expect(abs(try slope(\.dividendYield, 5e-4) - (greeks.rhoQ ?? 0)) < 2e-3 * abs(greeks.rhoQ ?? 0))
    #expect(abs(try slope(\.timeToExpiry, 2e-2) + greeks.theta) < 5e-3 * abs(greeks.theta))
  }
}

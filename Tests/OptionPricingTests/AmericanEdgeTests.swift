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

  @Test("between two boundaries there is a value and no Greeks")
  func twoBoundaries() throws {
    let contract = AmericanContract(
      type: .put, spot: 92, strike: 100, timeToExpiry: 4, volatility: 0.11, rate: -0.02, dividendYield: -0.045
    )
    // Cox–Ross–Rubinstein trees of 2,000 to 8,001 steps: 10.0407.
    #expect(abs(try AmericanPricing.value(contract) - 10.0407) < 5e-3)
    #expect(throws: PricingError.outOfDomain(.rate)) { try AmericanPricing.greeks(contract) }
  }
}

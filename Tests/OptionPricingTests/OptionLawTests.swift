import MarketModel
import OptionPricing
import Testing

@Suite struct OptionLawTests {
  @Test("a call minus a put is the discounted forward minus the strike", arguments: [0.01, 0.7, 1, 1.4, 90])
  func parity(moneyness: Double) throws {
    let strike = 100 * moneyness
    for type in [(0.0, 0.5), (0.3, 0.0), (0.6, 0.25), (40, 2)] {
      let (volatility, time) = type
      let call = try Black76.greeks(
        type: .call, forward: 100, strike: strike, timeToExpiry: time, volatility: volatility, rate: 0.03)
      let put = try Black76.greeks(
        type: .put, forward: 100, strike: strike, timeToExpiry: time, volatility: volatility, rate: 0.03)
      // Each leg is rounded to a few ulp of the larger of forward and strike.
      let scale = max(100, strike) * 1e-15
      let discount = call.delta - put.delta
      #expect(abs(call.price - put.price - discount * (100 - strike)) <= 8 * scale)
      #expect(abs(call.gamma - put.gamma) <= 8 * scale)
      #expect(abs(call.dualDelta - put.dualDelta + discount) <= 8 * scale)
    }
  }

  @Test("without volatility or time left an option is worth its discounted intrinsic value")
  func noVariance() throws {
    let call = try BlackScholes.greeks(
      type: .call, spot: 120, strike: 100, timeToExpiry: 0, volatility: 0.5, rate: 0.1)
    #expect(call.price == 20 && call.delta == 1 && call.gamma == 0 && call.vega == 0 && call.rho == 0)
    let atTheMoney = try Black76.greeks(
      type: .put, forward: 100, strike: 100, timeToExpiry: 1, volatility: 0, rate: 0)
    #expect(atTheMoney.price == 0 && atTheMoney.delta == -0.5 && atTheMoney.gamma == 0)
    let put = try Black76.value(
      type: .put, forward: 80, strike: 100, timeToExpiry: 1, volatility: 0, rate: 0)
    #expect(put == 20)
  }

  @Test("a strike or spot of zero leaves the asset or the strike")
  func zeros() throws {
    let call = try BlackScholes.greeks(
      type: .call, spot: 100, strike: 0, timeToExpiry: 2, volatility: 0.5, rate: 0.1)
    #expect(call.price == 100 && call.delta == 1 && call.dualGamma == 0)
    let put = try BlackScholes.greeks(
      type: .put, spot: 0, strike: 100, timeToExpiry: 2, volatility: 0.5, rate: 0)
    #expect(put.price == 100 && put.vega == 0)
  }

  @Test("every figure is finite over extremes of moneyness, time and volatility")
  func extremes() throws {
    for strike in [1e-12, 1e-3, 1, 1e3, 1e12] {
      for time in [1e-12, 1e-6, 1, 50] {
        for volatility in [1e-9, 1e-3, 0.5, 5, 100] {
          for type in OptionType.allCases {
            let greeks = try Black76.greeks(
              type: type, forward: 1, strike: strike, timeToExpiry: time, volatility: volatility, rate: 0.05)
            #expect(greeks.price >= 0 && greeks.gamma >= 0 && greeks.vega >= 0)
          }
        }
      }
    }
  }

  @Test("an argument outside its range is named")
  func names() {
    #expect(throws: PricingError.outOfDomain(.volatility)) {
      try Black76.value(type: .call, forward: 1, strike: 1, timeToExpiry: 1, volatility: -0.1, rate: 0)
    }
    #expect(throws: PricingError.outOfDomain(.yearsToExpiry)) {
      try BlackScholes.greeks(
        type: .call, spot: 1, strike: 1, timeToExpiry: .nan, volatility: 0.1, rate: 0)
    }
    #expect(throws: PricingError.outOfDomain(.dividendYield)) {
      try BlackScholes.greeks(
        type: .call, spot: 1, strike: 1, timeToExpiry: 1, volatility: 0.1, rate: 0,
        dividendYield: .infinity)
    }
  }

  @Test("coin Greeks are the derivatives of the value counted in coin")
  func coin() throws {
    let step = 1e-3
    func coinValue(_ forward: Double) throws -> Double {
      try Black76.value(
        type: .call, forward: forward, strike: 95, timeToExpiry: 0.4, volatility: 0.7, rate: 0) / forward
    }
    let greeks = try Black76.greeks(
      type: .call, forward: 100, strike: 95, timeToExpiry: 0.4, volatility: 0.7, rate: 0)
    let coin = try CoinGreeks(of: greeks, spot: 100, strike: 95)
    let (down, middle, up) = (
      try coinValue(100 - step), try coinValue(100), try coinValue(100 + step)
    )
    // Central differences: rounding 1e-16/step and truncation step² leave about 1e-9 and 1e-6.
    #expect(abs(coin.delta - 100 * (up - down) / (2 * step)) < 1e-8)
    #expect(abs(coin.gamma - 1e4 * (up - 2 * middle + down) / (step * step)) < 1e-4)
  }
}

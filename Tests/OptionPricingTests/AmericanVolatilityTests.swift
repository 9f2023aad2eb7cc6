import MarketModel
import OptionPricing
import Testing

@Suite("American options: implied volatility") struct AmericanVolatilityTests {
  @Test("the volatility of a value comes back, to the scheme's error over vega")
  func roundTrip() throws {
    var draw = AmericanDraw(seed: 21)
    let contracts = (0..<200).map { _ in draw.ordinary() }
    let greeks = AmericanPricing.greeks(of: contracts)
    let prices = try greeks.map { try $0.get().price }
    let found = ImpliedVolatility.american(contracts, prices: prices)
    for (place, contract) in contracts.enumerated() {
      let greeks = try greeks[place].get()
      let result = try found[place].get()
      if greeks.vega == 0 {
        #expect(result.status == .noTimeValue, "\(contract)")
      } else if greeks.vega > 1e-3 {
        let volatility = try #require(result.volatility)
        // Values repeat to 1e-14 of the strike.
        #expect(abs(volatility - contract.volatility) < 1e-11 * contract.strike / greeks.vega, "\(contract)")
      }
    }
  }

  @Test("what exercise pays at once has no volatility; below it, above the maximum, at zero are named")
  func outcomes() throws {
    func status(_ type: OptionType, _ price: Double, spot: Double) throws -> ImpliedVolatilityStatus {
      try ImpliedVolatility.american(
        type: type, price: price, spot: spot, strike: 100, timeToExpiry: 0.5, rate: 0.05, dividendYield: 0.03
      ).status
    }
    #expect(try status(.put, 40, spot: 60) == .noTimeValue)
    #expect(try status(.put, 39.99, spot: 60) == .belowIntrinsic)
    #expect(try status(.put, 100, spot: 60) == .atMaximum)
    #expect(try status(.put, 100.01, spot: 60) == .aboveMaximum)
    #expect(try status(.call, 0, spot: 60) == .zeroVolatility)
    #expect(try status(.put, 40.01, spot: 60) == .ok)
    #expect(throws: PricingError.outOfDomain(.price)) { try status(.put, .nan, spot: 60) }
    #expect(throws: PricingError.outOfDomain(.spot)) { try status(.put, 40, spot: 0) }
  }

  @Test("where early exercise never pays the European volatility comes back")
  func european() throws {
    let price = try BlackScholes.value(
      type: .call, spot: 100, strike: 105, timeToExpiry: 0.5, volatility: 0.37, rate: 0.05)
    let found = try ImpliedVolatility.american(
      type: .call, price: price, spot: 100, strike: 105, timeToExpiry: 0.5, rate: 0.05)
    #expect(abs((found.volatility ?? 0) - 0.37) < 1e-13)
  }
}

import MarketModel
import OptionPricing
import RiskNumerics
import Testing

@Suite("Discrete dividends") struct DividendPricingTests {
  typealias Row = (
    type: OptionType, exercise: ExerciseStyle, spot: Double, strike: Double, days: Int, volatility: Double,
    rate: Double, yield: Double, cash: [(Int, Double)], price: Double, delta: Double, gamma: Double
  )

  /// QuantLib-Python 1.44, FdBlackScholesVanillaEngine, TR-BDF2, the spot model of cash dividends, 800² and 1600²
  /// points extrapolated; the two grids differ by up to 3e-4, so the price is good to about 1e-4.
  private static let rows: [Row] = [
    (.call, .european, 100, 100, 365, 0.25, 0.05, 0, [(182, 3)], 10.711392, 0.5808387, 0.0158642),
    (.call, .american, 100, 100, 365, 0.25, 0.05, 0, [(182, 3)], 10.730356, 0.583108, 0.0160625),
    (.put, .american, 100, 100, 365, 0.25, 0.05, 0, [(182, 3)], 9.320148, -0.4522106, 0.0173718),
    (
      .call, .american, 100, 90, 300, 0.3, 0.06, 0, [(60, 2), (150, 2), (240, 2)], 15.303777, 0.7071124,
      0.01435
    ),
    (
      .put, .american, 100, 110, 300, 0.3, 0.06, 0, [(60, 2), (150, 2), (240, 2)], 17.662069, -0.6131101,
      0.0148184
    ),
    (.call, .european, 40, 40, 183, 0.3, 0.09, 0, [(61, 0.5), (152, 0.5)], 3.725490, 0.5795335, 0.0464968),
    (.call, .american, 40, 40, 183, 0.3, 0.09, 0, [(61, 0.5), (152, 0.5)], 3.770047, 0.5869901, 0.0469941),
    (
      .put, .american, 100, 100, 730, 0.2, 0.03, 0.01, [(100, 1), (465, 5)], 12.320141, -0.4851384, 0.0148754
    ),
  ]

  private func contract(_ row: Row) -> AmericanContract {
    AmericanContract(
      type: row.type, spot: row.spot, strike: row.strike, timeToExpiry: Double(row.days) / 365,
      volatility: row.volatility, rate: row.rate, dividendYield: row.yield)
  }

  private func payments(_ row: Row) -> [DiscreteDividend] {
    row.cash.map { DiscreteDividend(time: Double($0.0) / 365, amount: .cash($0.1)) }
  }

  @Test("values and slopes of QuantLib's grids", arguments: Self.rows.indices)
  func quantLib(place: Int) throws {
    let row = Self.rows[place]
    let found = try DividendPricing.value(contract(row), exercise: row.exercise, dividends: payments(row))
    #expect(abs(found.price - row.price) < 2e-4, "\(found.price)")
    #expect(abs(found.delta - row.delta) < 2e-4, "\(found.delta)")
    #expect(abs(found.gamma - row.gamma) < 2e-4, "\(found.gamma)")
  }

  @Test(
    "Hull's European call on 40 with two payments of 0.50: 3.67 in the escrowed model, more in the spot model"
  )
  func hull() throws {
    let contract = AmericanContract(
      type: .call, spot: 40, strike: 40, timeToExpiry: 0.5, volatility: 0.3, rate: 0.09)
    let payments = [2.0 / 12, 5.0 / 12].map { DiscreteDividend(time: $0, amount: .cash(0.5)) }
    let escrowed = try DividendPricing.escrowedValue(contract, dividends: payments)
    #expect(abs(escrowed - 3.671_233_209) < 1e-8)
    #expect(try DividendPricing.value(contract, exercise: .european, dividends: payments).price > escrowed)
  }

  @Test("without payments the grid agrees with the formula and the spectral engine")
  func noPayments() throws {
    for type in OptionType.allCases {
      let contract = AmericanContract(
        type: type, spot: 100, strike: 105, timeToExpiry: 0.8, volatility: 0.3, rate: 0.05,
        dividendYield: 0.03)
      let greeks = try BlackScholes.greeks(
        type: type, spot: 100, strike: 105, timeToExpiry: 0.8, volatility: 0.3, rate: 0.05,
        dividendYield: 0.03)
      let european = try DividendPricing.value(contract, exercise: .european, dividends: [])
      #expect(abs(european.price - greeks.price) < 1e-4)
      #expect(abs(european.delta - greeks.delta) < 1e-5)
      #expect(abs(european.gamma - greeks.gamma) < 1e-5)
      #expect(abs(european.theta - greeks.theta) < 1e-3)
      let american = try DividendPricing.value(contract, exercise: .american, dividends: [])
      let exact = try AmericanPricing.greeks(contract)
      #expect(abs(american.price - exact.price) < 5e-4, "\(american.price) \(exact.price)")
      #expect(abs(american.delta - exact.delta) < 2e-4)
    }
  }

  @Test("European call less put is spot less payments less strike, discounted; early exercise only adds")
  func laws() throws {
    var call = AmericanContract(
      type: .call, spot: 100, strike: 95, timeToExpiry: 1, volatility: 0.25, rate: 0.04)
    var put = call
    put.type = .put
    let payments = [
      DiscreteDividend(time: 0.9, amount: .cash(1)), DiscreteDividend(time: 0.3, amount: .cash(2)),
      DiscreteDividend(time: 0.5, amount: .proportional(0.02)),
      DiscreteDividend(time: 1.5, amount: .cash(50)),
    ]
    let gap =
      try DividendPricing.value(call, exercise: .european, dividends: payments).price
      - DividendPricing.value(put, exercise: .european, dividends: payments).price
    // The 2 % takes its share of the spot and of what the first payment took from it.
    let exact =
      0.98 * (100 - 2 * Elementary.exp(-0.04 * 0.3)) - Elementary.exp(-0.04 * 0.9) - 95
      * Elementary.exp(-0.04)
    #expect(abs(gap - exact) < 5e-4)
    for contract in [call, put] {
      let american = try DividendPricing.value(contract, exercise: .american, dividends: payments).price
      #expect(
        american >= (try DividendPricing.value(contract, exercise: .european, dividends: payments)).price)
    }
    call.spot = 300
    put.spot = 20
    #expect(try DividendPricing.value(put, exercise: .american, dividends: []).price == 75)
  }

  @Test("a payment that is none is refused by name")
  func refused() {
    let contract = AmericanContract(
      type: .call, spot: 40, strike: 40, timeToExpiry: 0.5, volatility: 0.3, rate: 0.09)
    for dividend in [
      DiscreteDividend(time: 0, amount: .cash(1)), DiscreteDividend(time: 0.1, amount: .cash(-1)),
      DiscreteDividend(time: .nan, amount: .cash(1)), DiscreteDividend(time: 0.1, amount: .proportional(1)),
    ] {
      #expect(throws: PricingError.outOfDomain(.dividends)) {
        try DividendPricing.value(contract, exercise: .american, dividends: [dividend])
      }
    }
  }
}

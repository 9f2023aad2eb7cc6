import MarketModel
import OptionPricing
import RiskNumerics
import Testing

/// Figures of QuantLib-Python 1.44, QdFpAmericanEngine with its high-precision scheme, ACT/365.
@Suite("American options: figures of others") struct AmericanReferenceTests {
  typealias Row = (OptionType, Double, Double, Int, Double, Double, Double, Double)

  /// Type, spot, strike, days, volatility, rate, yield, value.
  private static let rows: [Row] = [
    (.put, 100, 125, 113, 0.222, 0.04, 0, 25),
    (.call, 100, 92, 50, 0.501, 0.018, 0.037, 11.6197814366),
    (.put, 100, 125, 323, 0.402, 0.022, 0.036, 32.404031006),
    (.call, 100, 131, 980, 0.454, 0.024, 0.088, 13.5141118533),
    (.put, 100, 81, 39, 0.277, 0.045, 0.012, 0.0245094840324),
    (.call, 100, 83, 317, 0.138, 0.045, 0, 20.3655460632),
    (.put, 100, 102, 11, 0.117, 0.083, 0.021, 2.08449800411),
    (.call, 100, 127, 27, 0.5, 0.05, 0.067, 0.236459859727),
    (.put, 100, 138, 20, 0.416, 0.017, 0.047, 38.1300376035),
    (.call, 100, 81, 337, 0.154, 0.05, 0.007, 22.251303717),
    (.put, 100, 103, 618, 0.485, 0.053, 0.092, 27.0604961287),
    (.call, 100, 104, 26, 0.171, 0.084, 0.015, 0.606491163276),
    (.put, 100, 115, 547, 0.23, 0.078, 0.012, 16.6497222501),
    (.call, 100, 73, 213, 0.316, 0.096, 0.094, 27.3553206565),
    (.put, 100, 123, 365, 0.442, 0.078, 0, 28.6540879494),
    (.call, 100, 91, 883, 0.493, 0.085, 0.003, 40.2339617888),
    (.put, 100, 87, 35, 0.54, 0.06, 0.068, 1.76908465103),
    (.call, 100, 105, 74, 0.326, 0.058, 0.086, 3.59172891841),
    (.put, 100, 129, 801, 0.499, 0.014, 0.028, 49.512528951),
    (.call, 100, 91, 13, 0.584, 0.087, 0.043, 10.2402970356),
    (.put, 100, 75, 50, 0.202, 0.044, 0.046, 9.06429413993e-05),
    (.call, 100, 140, 63, 0.133, 0.043, 0.047, 5.30693290452e-10),
    (.put, 100, 92, 11, 0.594, 0.017, 0.073, 1.20272817095),
    (.call, 100, 108, 470, 0.44, 0.016, 0.003, 17.2997842938),
    (.put, 100, 76, 214, 0.177, 0.024, 0.038, 0.108132798994),
    (.call, 100, 71, 903, 0.453, 0.068, 0.079, 36.1741187992),
    (.put, 100, 140, 13, 0.499, 0.086, 0.052, 40),
    (.call, 100, 89, 374, 0.18, 0.099, 0.025, 18.2604108868),
    (.put, 100, 127, 204, 0.413, 0.072, 0, 28.9514901643),
    (.call, 100, 73, 10, 0.431, 0.064, 0.022, 27.0676380412),
    (.put, 100, 100, 365, 0.25, 0.05, 0.05, 9.56944529891),
    (.call, 100, 100, 365, 0.25, 0.05, 0.05, 9.56944529891),
    (.put, 100, 100, 365, 0.25, 0.03, -0.02, 8.06842937891),
    (.call, 100, 100, 365, 0.25, -0.02, 0.03, 8.06842937891),
    (.put, 100, 100, 365, 0.25, 0.001, 0.05, 12.2733650102),
    (.put, 90, 100, 1095, 0.1, 0.1, 0, 10.0000083117),
    (.call, 100, 100, 365, 0.25, -0.02, 0, 9.18964317876),
    (.put, 36, 40, 365, 0.2, 0.06, 0, 4.48667441903),
  ]

  @Test("values of QuantLib's high-precision scheme, within 2e-6 (fast) and 1e-7 (accurate) of the strike")
  func quantLib() {
    let contracts = Self.rows.map {
      AmericanContract(
        type: $0.0, spot: $0.1, strike: $0.2, timeToExpiry: Double($0.3) / 365, volatility: $0.4, rate: $0.5,
        dividendYield: $0.6)
    }
    // QuantLib's own scheme is good to about 1.5e-8 of the strike.
    for (scheme, tolerance) in [(AmericanScheme.fast, 2e-6), (.accurate, 1e-7)] {
      for (row, result) in zip(Self.rows, AmericanPricing.values(contracts, scheme: scheme)) {
        let value = (try? result.get()) ?? .nan
        #expect(abs(value - row.7) <= tolerance * row.2, "\(row) \(value)")
      }
    }
  }

  @Test("the example of Andersen, Lake and Offengenden: premium 0.23865")
  func example() throws {
    let contract = AmericanContract(
      type: .put, spot: 100, strike: 95, timeToExpiry: 1, volatility: 0.25, rate: 0.075, dividendYield: 0.05)
    let european = try BlackScholes.value(
      type: .put, spot: 100, strike: 95, timeToExpiry: 1, volatility: 0.25, rate: 0.075, dividendYield: 0.05)
    #expect(abs(try AmericanPricing.value(contract) - european - 0.238_650_389) < 1e-7)
  }

  private static let greekCases: [AmericanContract] = [
    AmericanContract(
      type: .put, spot: 100, strike: 105, timeToExpiry: 0.7, volatility: 0.3, rate: 0.05, dividendYield: 0.02),
    AmericanContract(
      type: .call, spot: 100, strike: 105, timeToExpiry: 0.7, volatility: 0.3, rate: 0.02, dividendYield: 0.06
    ),
    AmericanContract(
      type: .put, spot: 100, strike: 90, timeToExpiry: 2, volatility: 0.2, rate: 0.04, dividendYield: 0.06),
    AmericanContract(
      type: .call, spot: 100, strike: 100, timeToExpiry: 0.1, volatility: 0.5, rate: 0.05,
      dividendYield: 0.05),
    AmericanContract(
      type: .put, spot: 100, strike: 100, timeToExpiry: 1, volatility: 0.2, rate: 0.06, dividendYield: 0),
  ]

  @Test("Greeks are the differences of the value and of each other", arguments: greekCases)
  func bumps(contract: AmericanContract) throws {
    let g = try AmericanPricing.greeks(contract)
    func change(_ path: WritableKeyPath<AmericanContract, Double>, _ step: Double) throws -> OptionGreeks {
      var up = contract
      var down = contract
      up[keyPath: path] += step
      down[keyPath: path] -= step
      let high = try AmericanPricing.greeks(up)
      let low = try AmericanPricing.greeks(down)
      var d = OptionGreeks()
      d.price = (high.price - low.price) / (2 * step)
      d.delta = (high.delta - low.delta) / (2 * step)
      d.gamma = (high.gamma - low.gamma) / (2 * step)
      d.vega = (high.vega - low.vega) / (2 * step)
      d.speed = (high.speed - low.speed) / (2 * step)
      d.volga = (high.volga - low.volga) / (2 * step)
      return d
    }
    func near(_ a: Double, _ b: Double, _ tolerance: Double, _ name: String) {
      #expect(abs(a - b) <= tolerance * max(abs(a), abs(b)) + tolerance * 1e-3, "\(name) \(a) \(b)")
    }
    // Differences of second order with small steps: 1e-5 relative is their own error.
    let spot = try change(\.spot, 0.05)
    near(g.delta, spot.price, 2e-5, "delta")
    near(g.gamma, spot.delta, 2e-5, "gamma")
    near(g.speed, spot.gamma, 1e-3, "speed")
    near(g.vanna, spot.vega, 1e-3, "vanna")
    let volatility = try change(\.volatility, 1e-3)
    near(g.vega, volatility.price, 2e-5, "vega")
    near(g.volga, volatility.vega, 1e-3, "volga")
    near(g.vanna, volatility.delta, 1e-3, "vanna by volatility")
    near(g.zomma, volatility.gamma, 1e-3, "zomma")
    near(g.ultima, volatility.volga, 1e-2, "ultima")
    let time = try change(\.timeToExpiry, 1e-4)
    near(g.theta, -time.price, 1e-4, "theta")
    near(g.charm, -time.delta, 1e-3, "charm")
    near(g.color, -time.gamma, 1e-3, "color")
    near(g.veta, -time.vega, 1e-3, "veta")
    // At r = q the value bends in both: a difference there says less.
    let rates = contract.rate == contract.dividendYield ? 5e-3 : 2e-5
    near(g.rho, try change(\.rate, 1e-4).price, rates, "rho")
    near(try #require(g.rhoQ), try change(\.dividendYield, 1e-4).price, rates, "rho_q")
    let strike = try change(\.strike, 0.05)
    near(g.dualDelta, strike.price, 2e-5, "dual delta")
  }

  /// Values of a 2001-step tree are no better than 1e-4; these laws hold to rounding.
  @Test("homogeneity: V = S·Δ + K·∂V/∂K")
  func homogeneity() throws {
    for contract in Self.greekCases {
      let g = try AmericanPricing.greeks(contract)
      #expect(abs(g.price - contract.spot * g.delta - contract.strike * g.dualDelta) < 1e-10)
    }
  }
}

import Foundation
import MarketModel
import OptionPricing
import TestSupport
import Testing

/// SplitMix64 (Steele, Lea and Flood, 2014) from a fixed seed.
private struct FixedDraws: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Published values, limits and laws of options with early exercise.
@Suite struct AmericanOptionTests {
  /// Computed by QuantLib 1.44, QdFpAmericanEngine in its high-precision scheme.
  private static let reference: [(Bool, Double, Double, Double, Double, Double, Double, Double)] = [
    // isCall, spot, strike, days, volatility, rate, yield, value
    (false, 100, 100, 365, 0.2, 0.05, 0, 6.090370607), (false, 80, 100, 182, 0.3, 0.05, 0, 20.361895175),
    (false, 120, 100, 730, 0.4, 0.03, 0.01, 13.914245251), (true, 100, 100, 365, 0.25, 0, 0.025, 8.865365197),
    (true, 100, 100, 365, 0.2, 0.03, 0.07, 6.294519021), (true, 130, 100, 730, 0.3, 0.05, 0.05, 35.693471299),
    (false, 97.73, 100, 56, 0.2, 0.05, 0, 3.988360738), (false, 95, 105, 36, 0.15, 0.08, 0.02, 10),
    (true, 90, 100, 1095, 0.6, 0.04, 0.08, 25.818625786),
    (false, 100, 90, 1825, 0.25, 0.02, 0.04, 17.832860591),
    (false, 100, 100, 7, 0.8, 0.1, 0, 4.328924256), (false, 60, 100, 365, 0.5, 0.05, 0.02, 41.268579319),
  ]

  @Test("values agree with QuantLib's to 10⁻⁷ of the strike, trees to 3·10⁻⁵, their error at this size")
  func reference() throws {
    for (isCall, spot, strike, days, volatility, rate, yield, expected) in Self.reference {
      let found = try AmericanOption.value(
        isCall: isCall, spot: spot, strike: strike, years: days / 365, volatility: volatility, rate: rate,
        dividendYield: yield)
      #expect(abs(found - expected) <= 1e-7 * strike, "\(isCall) \(spot) \(strike): \(found) \(expected)")
      let tree = try AmericanOption.treeValue(
        isCall: isCall, spot: spot, strike: strike, years: days / 365, volatility: volatility, rate: rate,
        dividendYield: yield)
      #expect(abs(tree - expected) <= 3e-5 * strike, "\(isCall) \(spot) \(strike): \(tree) \(expected)")
    }
  }

  @Test("edges: no time, no volatility, no strike, no spot, huge volatility")
  func edges() throws {
    func value(
      _ isCall: Bool, _ spot: Double, _ strike: Double, _ years: Double, _ volatility: Double, _ rate: Double,
      _ yield: Double
    ) throws -> Double {
      try AmericanOption.value(
        isCall: isCall, spot: spot, strike: strike, years: years, volatility: volatility, rate: rate,
        dividendYield: yield)
    }
    #expect(try value(false, 90, 100, 0, 0.2, 0.05, 0) == 10)
    #expect(try value(false, 100, 120, 1, 0, 0.05, 0.01) == 20)
    #expect(try abs(value(false, 100, 120, 40, 0, 0.01, 0.5) - 108.980_904_561_184_6) < 1e-10)
    #expect(try value(true, 100, 0, 1, 0.2, 0.05, 0.025) == 100)
    #expect(try value(false, 0, 100, 1, 0.2, 0.05, 0) == 100)
    // Below zero the strike is worth more the later it is paid.
    #expect(try abs(value(false, 1e-6, 120, 1, 0.25, -0.075, 0.05) - 129.346_097_154_926_35) < 1e-9)
    #expect(try value(true, 1e10, 100, 1, 0.25, 0.01, 0.05) == 1e10 - 100)
    #expect(try abs(value(false, 100, 100, 1, 100, 0.05, 0) - 100) < 0.5)
  }

  @Test("at least exercise, at least European, at most the strike or the spot; more time is worth more")
  func bounds() throws {
    var draws = FixedDraws(state: 20_261_120)
    for _ in 0..<200 {
      let spot = Double.random(in: 50...200, using: &draws)
      let volatility = Double.random(in: 0.02...2, using: &draws)
      let years = Double.random(in: 0.002...3, using: &draws)
      let rate = Double.random(in: -0.03...0.15, using: &draws)
      let yield = Double.random(in: -0.03...0.15, using: &draws)
      for isCall in [true, false] {
        let values = try [years, years * 1.3].map {
          try AmericanOption.value(
            isCall: isCall, spot: spot, strike: 100, years: $0, volatility: volatility, rate: rate,
            dividendYield: yield)
        }
        let european = try BlackScholes.value(
          type: isCall ? .call : .put, spot: spot, strike: 100, timeToExpiry: years, volatility: volatility,
          rate: rate, dividendYield: yield)
        #expect(values[0] >= max(european, isCall ? spot - 100 : 100 - spot))
        #expect(values[0] <= (isCall ? spot * max(1, exp(-yield * years)) : 100 * max(1, exp(-rate * years))))
        // The two trees err by up to 2·10⁻⁵ of the strike each.
        #expect(values[1] >= values[0] - 5e-3)
      }
    }
  }

  @Test(
    "the tabulated premium gives the pricer's values to 2·10⁻⁴ of the strike, both rates below zero to 10⁻³")
  func premium() throws {
    for volatility in [0.05, 0.2, 0.6, 1.5] {
      for (rate, yield) in [
        (0.05, 0.0), (0.03, 0.07), (0.07, 0.03), (0.05, 0.05), (-0.01, -0.03), (0.001, 0),
      ] {
        for years in [0.01, 0.25, 2] {
          for isCall in [true, false] {
            let table = ExercisePremium(
              isCall: isCall, strike: 100, years: years, volatility: volatility, rate: rate,
              dividendYield: yield)
            for step in 0...20 {
              let width = min(2, 4 * volatility * years.squareRoot())
              let spot = 100 * exp((Double(step) / 10 - 1) * width)
              let direct = try AmericanOption.value(
                isCall: isCall, spot: spot, strike: 100, years: years, volatility: volatility, rate: rate,
                dividendYield: yield)
              let european = try BlackScholes.value(
                type: isCall ? .call : .put, spot: spot, strike: 100, timeToExpiry: years,
                volatility: volatility, rate: rate, dividendYield: yield)
              let found = table?.value(european: european, spot: spot) ?? european
              #expect(abs(found - direct) / max(100, spot) < (rate < 0 ? 1e-3 : 2e-4))
            }
          }
        }
      }
    }
  }
}

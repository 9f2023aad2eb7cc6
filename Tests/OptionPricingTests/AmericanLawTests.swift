import MarketModel
import OptionPricing
import RiskNumerics
import Testing

/// Contracts in ranges, repeatable from a seed.
struct AmericanDraw {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return low + (high - low) * Double(state >> 11) * 0x1p-53
  }

  mutating func ordinary() -> AmericanContract {
    AmericanContract(
      type: uniform(0, 1) < 0.5 ? .call : .put, spot: 100, strike: uniform(60, 160),
      timeToExpiry: uniform(0.02, 3), volatility: uniform(0.1, 0.6), rate: uniform(0.01, 0.1),
      dividendYield: uniform(0, 0.1))
  }
}

@Suite("American options: laws") struct AmericanLawTests {
  private func value(_ contract: AmericanContract) throws -> Double { try AmericanPricing.value(contract) }

  private func european(_ c: AmericanContract) throws -> Double {
    try BlackScholes.value(
      type: c.type, spot: c.spot, strike: c.strike, timeToExpiry: c.timeToExpiry, volatility: c.volatility,
      rate: c.rate, dividendYield: c.dividendYield)
  }

  @Test("an American option is worth at least the European one and what exercise pays")
  func bounds() throws {
    var draw = AmericanDraw(seed: 11)
    for _ in 0..<300 {
      let contract = draw.ordinary()
      let value = try value(contract)
      // The call is computed as a put in other units: its European part has the same value, not the same bits.
      #expect(value >= (try european(contract)) - 1e-12)
      #expect(value >= contract.strike * 0 + max(0, contract.type.sign * (contract.spot - contract.strike)))
    }
  }

  @Test("a call without yield and a put without rate are European")
  func noEarlyExercise() throws {
    var draw = AmericanDraw(seed: 12)
    for _ in 0..<50 {
      var contract = draw.ordinary()
      contract.type = .call
      contract.dividendYield = -0.01 * (draw.uniform(0, 1) < 0.5 ? 0 : 1)
      #expect(abs(try value(contract) - european(contract)) < 1e-12)
      contract.type = .put
      contract.rate = 0
      contract.dividendYield = 0.04
      #expect(abs(try value(contract) - european(contract)) < 1e-12)
    }
  }

  @Test("more time, more volatility are never worth less; a put is convex in the strike")
  func monotone() throws {
    var draw = AmericanDraw(seed: 13)
    for _ in 0..<100 {
      let contract = draw.ordinary()
      let value = try value(contract)
      var other = contract
      other.timeToExpiry *= 1.3
      // 1e-6: the error of the accurate scheme is 1e-8 of the strike.
      #expect(try self.value(other) >= value - 1e-6)
      other = contract
      other.volatility *= 1.1
      #expect(try self.value(other) >= value - 1e-6)
      var low = contract
      var high = contract
      low.strike *= 0.97
      high.strike *= 1.03
      #expect(try self.value(low) + self.value(high) >= 2 * value - 1e-6)
    }
  }

  @Test("a put on S struck at K under (r, q) is a call on K struck at S under (q, r), to the bit")
  func symmetry() throws {
    var draw = AmericanDraw(seed: 14)
    for _ in 0..<100 {
      var put = draw.ordinary()
      put.type = .put
      let call = AmericanContract(
        type: .call, spot: put.strike, strike: put.spot, timeToExpiry: put.timeToExpiry,
        volatility: put.volatility, rate: put.dividendYield, dividendYield: put.rate)
      #expect(try value(put) == value(call))
    }
  }

  @Test("value and slope fit at the boundary: intrinsic, and minus one")
  func smoothFit() throws {
    var draw = AmericanDraw(seed: 15)
    for _ in 0..<50 {
      var contract = draw.ordinary()
      let boundary = try #require(try AmericanPricing.exerciseBoundary(contract))
      // A thousandth of a deviation into the continuation region.
      let step = 1e-3 * contract.volatility * contract.timeToExpiry.squareRoot()
      contract.spot = boundary * (1 - contract.type.sign * step)
      let greeks = try AmericanPricing.greeks(contract)
      #expect(abs(greeks.price - contract.type.sign * (contract.spot - contract.strike)) < 1e-3)
      #expect(abs(greeks.delta - contract.type.sign) < 0.02, "\(contract) \(greeks.delta)")
      contract.spot = boundary * (1 + contract.type.sign * 1e-9)
      let exercised = try AmericanPricing.greeks(contract)
      #expect(exercised.delta == contract.type.sign && exercised.gamma == 0 && exercised.vega == 0)
    }
  }

  @Test("a value depends neither on its neighbours nor on its place")
  func batches() throws {
    var draw = AmericanDraw(seed: 16)
    var contracts = (0..<70).map { _ in draw.ordinary() }
    contracts[3].volatility = -1
    contracts[20].rate = .nan
    contracts[33].timeToExpiry = 0
    contracts[40].dividendYield = -0.3
    for scheme in AmericanScheme.allCases {
      let whole = AmericanPricing.values(contracts, scheme: scheme)
      #expect(whole[3] == .failure(.outOfDomain(.volatility)))
      #expect(whole[20] == .failure(.outOfDomain(.rate)))
      for (contract, result) in zip(contracts, whole) {
        #expect(AmericanPricing.values([contract], scheme: scheme) == [result])
      }
    }
  }

  @Test("10⁵ extreme options are worth a finite sum, or are refused")
  func extremes() {
    var draw = AmericanDraw(seed: 17)
    func wide(_ low: Double, _ high: Double) -> Double {
      draw.uniform(0, 1) < 0.05 ? 0 : Elementary.exp(draw.uniform(low, high))
    }
    for _ in 0..<50 {
      let contracts = (0..<2000).map { _ in
        AmericanContract(
          type: draw.uniform(0, 1) < 0.5 ? .call : .put, spot: wide(-40, 40), strike: wide(-40, 40),
          timeToExpiry: wide(-15, 5), volatility: wide(-15, 5), rate: draw.uniform(0, 2) * wide(-9, 2),
          dividendYield: draw.uniform(-0.2, 2) * wide(-9, 2))
      }
      for (contract, result) in zip(contracts, AmericanPricing.values(contracts, scheme: .fast)) {
        switch result {
        case .success(let value):
          let low = max(0, contract.type.sign * (contract.spot - contract.strike))
          if !(value.isFinite && value >= low) { Issue.record("\(contract) \(value)") }
        case .failure(let error):
          if error != .notRepresentable(figure: "price") { Issue.record("\(contract) \(error)") }
        }
      }
    }
  }
}

import MarketModel
import OptionPricing
import TestSupport
import Testing

@Suite struct JumpDiffusionTests {
  /// The reference's parameters: total volatility, the share of variance that is jumps, no mean gain of a jump.
  private func value(
    _ type: OptionType, spot: Double = 100, strike: Double, years: Double, rate: Double = 0.08,
    yield: Double = 0, volatility: Double = 0.25, perYear: Double, share: Double
  ) throws -> Double {
    let square = share * volatility * volatility / perYear
    return try MertonJumpDiffusion.value(
      type: type, spot: spot, strike: strike, timeToExpiry: years,
      volatility: (volatility * volatility * (1 - share)).squareRoot(), rate: rate, dividendYield: yield,
      jumps: .init(perYear: perYear, mean: -0.5 * square, deviation: square.squareRoot()))
  }

  @Test(
    "calls have the prices of Haug's table",
    // jump_diffusion.001, .003, .008, .129 and .130: Haug (1998), p. 9; the digits are QuantLib 1.44's.
    arguments: [
      (80.0, 0.1, 1.0, 0.25, 20.66764266827247), (80, 0.5, 1, 0.25, 23.631957228509474),
      (80, 0.25, 10, 0.25, 21.69825049489349), (120, 0.5, 1, 0.75, 2.0927781446998095),
      (120, 0.1, 5, 0.75, 0.15481670704197448),
    ])
  func table(strike: Double, years: Double, perYear: Double, share: Double, expected: Double) throws {
    // QuantLib stops its series at 1e-4 of relative accuracy or better.
    #expect(
      abs(try value(.call, strike: strike, years: years, perYear: perYear, share: share) - expected) < 1e-6)
  }

  @Test("every published price is met")
  func published() throws {
    guard let cases = ReferenceCase.all("jump_diffusion") else { return }
    #expect(cases.count == 47)
    for one in cases {
      #expect(one.model == "merton_1976" && one.number("mean_jump") == 0, "\(one.id)")
      let found = try value(
        one.inputs["type"] as? String == "put" ? .put : .call, spot: one.number("S"), strike: one.number("K"),
        years: one.number("T"), rate: one.number("r"), yield: one.number("q"),
        volatility: one.number("sigma"), perYear: one.number("jump_intensity"),
        share: one.number("jump_variance_fraction"))
      #expect(one.faults("price", found) == [])
    }
  }

  @Test("parity holds, no jumps are Black–Scholes, and jumps of one size are a sum of forwards")
  func laws() throws {
    let jumps = MertonJumpDiffusion.Jumps(perYear: 12, mean: 0.04, deviation: 0.1)
    func merton(
      _ type: OptionType, _ strike: Double, _ volatility: Double, _ jumps: MertonJumpDiffusion.Jumps
    )
      throws -> Double
    {
      try MertonJumpDiffusion.value(
        type: type, spot: 100, strike: strike, timeToExpiry: 0.75, volatility: volatility, rate: 0.03,
        dividendYield: 0.01, jumps: jumps)
    }
    for strike in [60.0, 100, 170] {
      let parity = try merton(.call, strike, 0.3, jumps) - merton(.put, strike, 0.3, jumps)
      let forward = try BlackScholes.value(
        type: .call, spot: 100, strike: strike, timeToExpiry: 0.75, volatility: 0, rate: 0.03,
        dividendYield: 0.01)
      let back = try BlackScholes.value(
        type: .put, spot: 100, strike: strike, timeToExpiry: 0.75, volatility: 0, rate: 0.03,
        dividendYield: 0.01)
      #expect(abs(parity - (forward - back)) < 1e-12)
      let still = MertonJumpDiffusion.Jumps(perYear: 0, mean: 0.04, deviation: 0.1)
      let black = try BlackScholes.value(
        type: .call, spot: 100, strike: strike, timeToExpiry: 0.75, volatility: 0.3, rate: 0.03,
        dividendYield: 0.01)
      #expect(abs(try merton(.call, strike, 0.3, still) - black) < 1e-12)
      // Jumps add variance, and with it value.
      #expect(try merton(.call, strike, 0.3, jumps) > black)
    }
  }

  @Test("jumps that cannot be summed are refused")
  func refusals() {
    for (rate, mean, deviation) in [
      (-1.0, 0.0, 0.1), (.nan, 0, 0.1), (1_000, 0, 0.1), (1, .infinity, 0.1), (1, 800, 0.1), (1, 0, -0.1),
      (1, -.infinity, 0),
    ] {
      #expect(throws: PricingError.self) {
        try MertonJumpDiffusion.value(
          type: .call, spot: 100, strike: 100, timeToExpiry: 1, volatility: 0.2, rate: 0, dividendYield: 0,
          jumps: .init(perYear: rate, mean: mean, deviation: deviation))
      }
    }
  }
}

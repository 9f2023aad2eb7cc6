import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Margin from total delta and gamma: the worst of a parabola, and what full revaluation adds.
@Suite struct DeltaGammaTests {
  static func agrees(_ found: Double, _ expected: Double, _ relative: Double = 1e-12) -> Bool {
    abs(found - expected) <= relative * abs(expected) + 1e-9
  }

  @Test("a parabola that opens upwards loses most at its lowest point where that lies inside")
  func inside() {
    // D = 1,000, G = 20,000, |y| ≤ 0.15: y* = −0.05, loss 1,000² / 40,000 = 25.
    let envelope = DeltaGammaEnvelope(delta: 1_000, gamma: 20_000, range: 0.15)
    #expect(Self.agrees(envelope.worstMove, -0.05) && Self.agrees(envelope.loss, 25))
    let mirrored = DeltaGammaEnvelope(delta: -1_000, gamma: 20_000, range: 0.15)
    #expect(Self.agrees(mirrored.worstMove, 0.05) && Self.agrees(mirrored.loss, 25))
  }

  @Test("a parabola that opens upwards loses most at the end against its delta where it turns outside")
  func upwardsEnd() {
    // D = 6,000, G = 20,000: y* = −0.3 lies outside 0.15; loss 6,000 × 0.15 − 20,000 × 0.0225 / 2 = 675.
    let envelope = DeltaGammaEnvelope(delta: 6_000, gamma: 20_000, range: 0.15)
    #expect(envelope.worstMove == -0.15 && Self.agrees(envelope.loss, 675))
  }

  @Test("a parabola that opens downwards loses most at an end")
  func downwards() {
    // D = −1,000, G = −20,000: +0.15 loses 150 + 225 = 375, −0.15 loses 75.
    let envelope = DeltaGammaEnvelope(delta: -1_000, gamma: -20_000, range: 0.15)
    #expect(envelope.worstMove == 0.15 && Self.agrees(envelope.loss, 375))
    #expect(Self.agrees(DeltaGammaEnvelope(delta: 500, gamma: 0, range: 0.2).loss, 100))
    #expect(DeltaGammaEnvelope(delta: 0, gamma: 100, range: 0.2).loss == 0)
  }

  @Test(
    "no point of a fine grid loses more than the envelope, and one comes close", arguments: [1 as UInt64, 2])
  func bound(seed: UInt64) {
    print("seed \(seed)")
    var generator = SeededGenerator(state: seed)
    for _ in 0..<200 {
      let delta = Double.random(in: -1e6...1e6, using: &generator)
      let gamma = Double.random(in: -1e7...1e7, using: &generator)
      let range = Double.random(in: 0.01...0.5, using: &generator)
      let envelope = DeltaGammaEnvelope(delta: delta, gamma: gamma, range: range)
      var worst = 0.0
      for step in -1_000...1_000 {
        let move = range * Double(step) / 1_000
        worst = max(worst, -(delta * move + gamma * move * move / 2))
      }
      // A step of the grid moves the parabola by half of its curvature at most.
      let step = range / 1_000
      #expect(worst <= envelope.loss * (1 + 1e-12) + 1e-9)
      #expect(envelope.loss - worst <= abs(gamma) * step * step)
    }
  }

  // MARK: Whole accounts

  static func figure(_ market: HandMarket) throws -> AccountRequirement {
    try ScenarioGridTests.figure(market, "delta-gamma")
  }

  static func measure(_ figure: AccountRequirement, _ name: String) -> Double {
    figure.measures.first { $0.name == name }?.value ?? .nan
  }

  @Test(
    "delta-one contracts need their move of the range, coin-settled ones by the delta of their base value")
  func deltaOne() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    let other = market.add(asset: "DOGE", spot: 0.1)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 2)
    // An inverse perpetual of −50,000 USD opened at 40,000 stands for −1.25 coins.
    market.add(.perpetual, on: coin, mark: 50_000, isInverse: true, quantity: -50_000, entry: 40_000)
    market.add(.perpetual, on: other, mark: 0.1, quantity: -10_000)
    let found = try Self.figure(market)
    // 0.75 coins × 50,000 × 15 % = 5,625, and 1,000 × 25 % = 250.
    #expect(Self.agrees(found.initial, 5_875) && Self.agrees(found.maintenance, 4_700))
    #expect(Self.agrees(Self.measure(found, "full_revaluation"), 5_875))
    #expect(abs(Self.measure(found, "gap")) < 1e-8)
    #expect(found.worstScenario == "BTC: -15% vol none; DOGE: +25% vol none")
  }

  @Test("the delta and gamma of options are those of Black-76")
  func options() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(
      optionOn: coin, seconds: 30 * 86_400, strike: 50_000, isCall: true, volatility: 0.6, forward: 50_000,
      quantity: -2)
    let found = try Self.figure(market)
    // σ√T = 0.6 × √(30/365) = 0.17202; d₁ = 0.08601; delta N(d₁), S²·gamma = S·φ(d₁)/(σ√T), both twice and sold.
    let deviation = 0.6 * (30.0 / 365).squareRoot()
    let delta = -2 * 50_000 * Elementary.normalDistribution(deviation / 2)
    let gamma = -2 * 50_000 * Elementary.normalDensity(deviation / 2) / deviation
    #expect(Self.agrees(found.initial, -delta * 0.15 - gamma * 0.0225 / 2, 1e-10))
    let before = HandMarket.black(forward: 50_000, strike: 50_000, deviation: deviation, isCall: true)
    let after = HandMarket.black(forward: 57_500, strike: 50_000, deviation: deviation, isCall: true)
    #expect(Self.agrees(Self.measure(found, "full_revaluation"), 2 * (after - before), 1e-9))
    #expect(
      Self.agrees(
        Self.measure(found, "gap"), Self.measure(found, "full_revaluation") - found.initial, 1e-9))
  }

  @Test("a short wing a day from expiry is where the parabola collects too little")
  func wings() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    for (strike, isCall) in [(55_000.0, true), (45_000, false)] {
      market.add(
        optionOn: coin, seconds: 86_400, strike: strike, isCall: isCall, volatility: 0.5, forward: 50_000,
        quantity: -1)
    }
    let found = try Self.figure(market)
    // Hardly any gamma today; 15 % away one of them is some 2,500 in the money.
    #expect(Self.measure(found, "envelope") < 500)
    #expect(Self.measure(found, "full_revaluation") > 2_400)
    #expect(Self.measure(found, "gap") > 1_900)
  }

  @Test("a long straddle that loses inside the range is charged its lowest point")
  func insideAccount() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    for isCall in [true, false] {
      market.add(
        optionOn: coin, seconds: 30 * 86_400, strike: 50_000, isCall: isCall, volatility: 0.6,
        forward: 50_000, quantity: 1)
    }
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 0.1)
    let found = try Self.figure(market)
    let deviation = 0.6 * (30.0 / 365).squareRoot()
    let delta = 50_000 * (2 * Elementary.normalDistribution(deviation / 2) - 1 + 0.1)
    let gamma = 2 * 50_000 * Elementary.normalDensity(deviation / 2) / deviation
    #expect(delta / gamma < 0.15)
    #expect(Self.agrees(found.initial, delta * delta / (2 * gamma), 1e-10))
  }
}

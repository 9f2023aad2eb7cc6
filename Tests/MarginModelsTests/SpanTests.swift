import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// The flow of SPAN on arrays given by hand, term by term.
@Suite struct SpanTests {
  /// A future whose price scan range is worth `range`; extreme scenarios of three ranges at 33 %.
  static func future(_ quantity: Double, range: Double, period: Int = 1, delta: Double = 1) -> SpanPosition {
    let losses = (0..<SpanScenario.count).map { scenario -> Double in
      let move = -SpanScenario.priceFractions[scenario] * range
      return scenario >= 14 ? 0.33 * 3 * move : move
    }
    return SpanPosition(quantity: quantity, losses: losses, delta: delta, period: period)
  }

  static let months = [
    SpanTier(number: 1, first: 1, last: 3), SpanTier(number: 2, first: 4, last: 12),
  ]

  @Test("a covered write needs what McMillan prints: 6,620, with the arrays of its legs added")
  func coveredWrite() throws {
    // McMillan, Options as a Strategic Investment, SPAN: S&P future and December 410 call; gains positive there.
    let future: [Double] = [
      0, 0, 3330, 3330, -3330, -3330, 6670, 6670, -6670, -6670, 10000, 10000, -10000, -10000, 7000, -7000,
    ]
    let call: [Double] = [
      460, -610, 2640, 1730, -1270, -2340, 5210, 4540, -2540, -3430, 8060, 7640, -3380, -3990, 3130, -1500,
    ]
    let expected: [Double] = [
      -460, 610, 690, 1600, -2060, -990, 1460, 2130, -4130, -3240, 1940, 2360, -6620, -6010, 3870, -5500,
    ]
    let long = SpanPosition(quantity: 1, losses: future.map { -$0 }, delta: 1, period: 1)
    let option = SpanPosition(quantity: 1, losses: call.map { -$0 }, delta: 0.5, period: 1, isCall: true)
    var short = option
    short.quantity = -1
    #expect(SpanRisk(of: [long], terms: SpanTerms()).scan == 10_000)
    #expect(SpanRisk(of: [option], terms: SpanTerms()).scan == 3_990)
    let both = SpanRisk(of: [long, short], terms: SpanTerms())
    #expect(both.losses.map { -$0 } == expected)
    #expect(both.scan == 6_620)
    #expect(both.active.map { SpanScenario.names[$0] } == "-1 vol+")
    // Time (460 − 610)/2 = −75; the pair of 6,620 is 6,010: volatility (6,620 − 6,010)/2 = 305 and price
    // (6,620 + 6,010)/2 + 75 = 6,390; a delta of 1 − 0.5 makes 6,390/0.5 = 12,780 a delta.
    #expect(both.time == -75 && both.volatility == 305 && both.price == 6_390)
    #expect(both.scan == both.time + both.volatility + both.price)
    #expect(both.weightedPrice == 12_780)
  }

  @Test("a position is linear in its extreme scenarios: 0.33 × 3 × 16,000 = 15,840")
  func extreme() {
    let risk = SpanRisk(of: [Self.future(1, range: 16_000)], terms: SpanTerms())
    #expect(abs(risk.losses[15] - 15_840) < 1e-9 && risk.scan == 16_000)
    #expect(
      SpanScenario.compositeDelta(
        losses: Self.future(1, range: 16_000).losses, priceScanRange: 16_000,
        weights: [0.27, 0.217, 0.11, 0.037]
      ).isEqual(to: 1, within: 1e-14))
  }

  @Test("inter-month spreads are charged a spread, in order of priority, from the nearest periods")
  func interMonth() {
    var terms = SpanTerms()
    terms.tiers = Self.months
    terms.spreads = [
      SpanTierSpread(
        legs: [.init(tier: 1, ratio: 1, isSideA: true), .init(tier: 1, ratio: 1, isSideA: false)], charge: 40),
      SpanTierSpread(
        legs: [.init(tier: 1, ratio: 1, isSideA: true), .init(tier: 2, ratio: 1, isSideA: false)], charge: 100
      ),
    ]
    // Long 10 of month 1, short 4 of month 3, short 9 of month 6: 4 spreads within the first tier at 40, then the 6
    // deltas left against 9 at 100; net delta −3. Scan 3 × 1,000.
    let positions = [
      Self.future(10, range: 1_000), Self.future(-4, range: 1_000, period: 3),
      Self.future(-9, range: 1_000, period: 6),
    ]
    let risk = SpanRisk(of: positions, terms: terms)
    #expect(risk.interMonth == 4 * 40 + 6 * 100)
    #expect(risk.scan == 3_000 && risk.netDelta == -3)
    #expect(risk.requirement == 3_000 + 760)
    // The other way round the same spreads form.
    let turned = positions.map { position in
      var other = position
      other.quantity = -position.quantity
      return other
    }
    #expect(SpanRisk(of: turned, terms: terms).interMonth == 760)
  }

  @Test("a butterfly takes two deltas of its middle tier a spread")
  func butterfly() {
    var terms = SpanTerms()
    terms.tiers = (1...3).map { SpanTier(number: $0, first: $0, last: $0) }
    terms.spreads = [
      SpanTierSpread(
        legs: [
          .init(tier: 1, ratio: 1, isSideA: true), .init(tier: 2, ratio: 2, isSideA: false),
          .init(tier: 3, ratio: 1, isSideA: true),
        ], charge: 30)
    ]
    // 5 : 8 : 6 allow min(5, 8/2, 6) = 4 spreads.
    let positions = [
      Self.future(5, range: 100, period: 1), Self.future(-8, range: 100, period: 2),
      Self.future(6, range: 100, period: 3),
    ]
    #expect(SpanRisk(of: positions, terms: terms).interMonth == 120)
  }

  @Test("a month in delivery is charged for deltas in spreads and for those that are left")
  func delivery() {
    var terms = SpanTerms()
    terms.tiers = Self.months
    terms.spreads = [
      SpanTierSpread(
        legs: [.init(tier: 1, ratio: 1, isSideA: true), .init(tier: 2, ratio: 1, isSideA: false)], charge: 100
      )
    ]
    terms.deliveries = [SpanDelivery(period: 1, spreadCharge: 250, outrightCharge: 400)]
    // Long 10 of the month in delivery, short 6 of month 6: 6 deltas in spreads, 4 left.
    let risk = SpanRisk(
      of: [Self.future(10, range: 1_000), Self.future(-6, range: 1_000, period: 6)], terms: terms)
    #expect(risk.delivery == 6 * 250 + 4 * 400)
    #expect(risk.requirement == 4_000 + 600 + 3_100)
  }

  @Test("corn against soybeans, one to two at 65 %: 50 spreads credit 0.65 × 50 × (500 + 2 × 900)")
  func interCommodity() {
    // Long 50 corn at a range of 500, short 120 soybeans at 900: spreads of 1 : 2 use 50 and 100 deltas.
    var risks = [
      SpanRisk(of: [Self.future(50, range: 500)], terms: SpanTerms()),
      SpanRisk(of: [Self.future(-120, range: 900)], terms: SpanTerms()),
    ]
    #expect(abs(risks[0].weightedPrice - 500) < 1e-9 && abs(risks[1].weightedPrice - 900) < 1e-9)
    let spread = SpanInterSpread(
      legs: [.init(commodity: 0, ratio: 1, isSideA: true), .init(commodity: 1, ratio: 2, isSideA: false)],
      rate: 0.65)
    SpanInterSpread.credit([spread], to: &risks)
    #expect(abs(risks[0].interCommodityCredit - 0.65 * 50 * 500) < 1e-9)
    #expect(abs(risks[1].interCommodityCredit - 0.65 * 100 * 900) < 1e-9)
    #expect(abs(risks[0].requirement - (25_000 - 16_250)) < 1e-9)
    #expect(abs(risks[1].requirement - (108_000 - 58_500)) < 1e-9)
  }

  @Test("a spread of lower priority gets the deltas that are left; the same side gets nothing")
  func priority() {
    var risks = [10.0, -4, -20].map {
      SpanRisk(of: [Self.future($0, range: 100)], terms: SpanTerms())
    }
    func spread(_ one: Int, _ other: Int, _ rate: Double) -> SpanInterSpread {
      SpanInterSpread(
        legs: [
          .init(commodity: one, ratio: 1, isSideA: true), .init(commodity: other, ratio: 1, isSideA: false),
        ],
        rate: rate)
    }
    SpanInterSpread.credit([spread(1, 2, 0.9), spread(0, 1, 0.8), spread(0, 2, 0.5)], to: &risks)
    // 4 spreads at 80 %, then 10 − 4 = 6 at 50 %; commodities 1 and 2 are both short and form none.
    #expect(abs(risks[0].interCommodityCredit - (0.8 * 400 + 0.5 * 600)) < 1e-9)
    #expect(abs(risks[1].interCommodityCredit - 0.8 * 400) < 1e-9)
    #expect(abs(risks[2].interCommodityCredit - 0.5 * 600) < 1e-9)
  }

  @Test("short options need their minimum, on both sides or on the larger one")
  func shortOptionMinimum() {
    var terms = SpanTerms()
    terms.shortOptionMinimum = 50
    let flat = [Double](repeating: 0, count: SpanScenario.count)
    let options = [
      SpanPosition(quantity: -7, losses: flat, delta: 0.1, period: 1, isCall: true),
      SpanPosition(quantity: -3, losses: flat, delta: -0.1, period: 1, isCall: false),
      SpanPosition(quantity: 20, losses: flat, delta: -0.1, period: 2, isCall: false),
    ]
    #expect(SpanRisk(of: options, terms: terms).requirement == 10 * 50)
    terms.countsLargerSide = true
    #expect(SpanRisk(of: options, terms: terms).requirement == 7 * 50)
  }

  @Test("deltas that cancel but for roundings earn no inter-commodity credit")
  func noDelta() {
    let delta = 0.1 + 0.2
    let risk = SpanRisk(
      of: [Self.future(1, range: 100, delta: delta), Self.future(-2, range: 90, period: 2, delta: 0.15)],
      terms: SpanTerms())
    #expect(risk.netDelta == 0 && risk.weightedPrice == 0 && risk.scan > 0)
  }
}

extension Double {
  fileprivate func isEqual(to other: Double, within bound: Double) -> Bool { abs(self - other) <= bound }
}

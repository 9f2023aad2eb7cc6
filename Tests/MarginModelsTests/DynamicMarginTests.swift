import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Requirements that follow volatility, and the three tools that slow them: arithmetic by hand, then an account.
@Suite struct DynamicMarginTests {
  @Test("exponential weights by hand: 0.9 × 4 + 0.1 × 9 = 4.5 of squared returns")
  func ewma() {
    var plan = DynamicMarginPlan()
    plan.decay = 0.9
    // Thirty returns of 2 % seed 4 (in squared per cent) and leave it there; then one of 3 %.
    let returns = [Double](repeating: 0.02, count: 30) + [0.03]
    let found = DynamicVolatility.filtered(returns, plan: plan)
    #expect(found.count == 32)
    #expect(abs(found[30] - 0.02) < 1e-15 && abs(found[31] - 0.00045.squareRoot()) < 1e-15)
  }

  @Test("GARCH by hand: 0.1 × 2.5 + 0.2 × 4 + 0.7 × 2.5 = 2.8 of squared returns, targeting the mean square")
  func garch() {
    var plan = DynamicMarginPlan()
    plan.volatility = .garch
    plan.alpha = 0.2
    plan.beta = 0.7
    // Squares of 4 and 1 have the mean 2.5, which the first variance and the constant take.
    let found = DynamicVolatility.filtered([0.02, -0.01], plan: plan).map { $0 * $0 * 1e4 }
    #expect(abs(found[0] - 2.5) < 1e-12 && abs(found[1] - 2.8) < 1e-12)
    #expect(abs(found[2] - (0.25 + 0.2 + 0.7 * 2.8)) < 1e-12)
  }

  @Test("the tools by hand: a quarter of stress, the ten-year floor, a buffer that is drawn")
  func tools() {
    // Forty quiet returns of 1 %, two of 3 %, then quiet ones: the worst window of two has 3 %.
    let returns =
      [Double](repeating: 0.01, count: 40) + [0.03, -0.03] + [Double](repeating: 0.01, count: 300)
    var plan = DynamicMarginPlan()
    plan.reference = 0.01 * 365.0.squareRoot()
    plan.stressedDays = 2
    #expect(abs(DynamicVolatility.stressed(returns, days: 2) - 0.03) < 1e-15)
    plan.hasTenYearFloor = false
    // 0.75 × 1 % + 0.25 × 3 % over 1 %.
    #expect(abs((DynamicVolatility.factors(returns, plan: plan).first ?? 0) - 1.5) < 1e-12)
    // Unweighted: (340 × 1 + 2 × 9)/342 of squared per cent.
    plan = plan.withoutTools
    plan.hasTenYearFloor = true
    let floor = (358.0 / 342).squareRoot()
    let last = DynamicVolatility.factors(returns, plan: plan).last ?? 0
    #expect(abs(last - floor) < 1e-12)
    plan.hasTenYearFloor = false
    #expect(abs((DynamicVolatility.factors(returns, plan: plan).last ?? 0) - 1) < 1e-3)
    plan.cap = 0.8
    #expect(DynamicVolatility.factors(returns, plan: plan).last == 0.8)
    // 100 is charged 125; 110 and 120 draw the buffer; 140 exceeds it; at 100 again 125, at 60 no more than 75.
    #expect(
      DynamicVolatility.buffered([100, 110, 120, 140, 100, 60], buffer: 0.25) == [
        125, 125, 125, 140, 125, 75,
      ])
  }

  @Test("ten years are a window: an older shock falls out of the floor")
  func window() {
    let returns = [1.0] + [Double](repeating: 0.01, count: 3_650)
    let floors = DynamicVolatility.tenYear(returns)
    #expect(floors[0] == 0 && abs(floors[1] - 1) < 1e-15)
    // The square of the shock leaves behind no more than the rounding of a sum of 1.
    #expect(floors[3_650] > 0.016 && abs(floors[3_651] - 0.01) < 1e-10)
  }

  @Test("what a model does not count is no margin to scale: with its buffer no factor passes the cap")
  func bounds() throws {
    var plan = DynamicMarginPlan()
    plan.cap = 1.1
    plan.floor = 1
    let engine = try MarginEngine(
      book: try HistoryMarginTests.valued(seed: 1), models: ["aave-v3", "reg-t", "span"], dynamic: plan,
      parts: [], team: HistoryMarginTests.team)
    for account in 0..<8 {
      let margin = engine.margin(ofAccount: account)
      let dynamic = try #require(margin.dynamic)
      // The floor of 1 with a buffer of a quarter would be 1.25.
      #expect(plan.buffer == 0.25 && (dynamic.factor == 1.1 || dynamic.factor == 1))
      for (scaled, figure) in zip(dynamic.scaled, margin.models) {
        // Crypto contracts are unsupported there: haircuts of deposits and coins without loan value are all there is.
        let factor = figure.model == "span" ? dynamic.factor : 1
        #expect(abs(scaled.initial - factor * figure.initial) <= 1e-12 * figure.initial)
        #expect(abs(scaled.surplus - (figure.equity - factor * figure.maintenance)) <= 1e-9)
      }
    }
  }

  @Test("an account: scaled by its own blend, tools dearer in calm and steadier through the storm")
  func account() throws {
    let valued = try HistoryMarginTests.valued(seed: 1)
    let plan = DynamicMarginPlan()
    let engine = try MarginEngine(
      book: valued, models: ["derive-pmrm2", "span"], dynamic: plan, parts: [], team: HistoryMarginTests.team)
    for account in valued.book.accounts.indices {
      let margin = engine.margin(ofAccount: account)
      let dynamic = try #require(margin.dynamic)
      // A hundred calm days after the storm: volatility is below that of the whole history.
      #expect(dynamic.factorWithoutTools < 1 && dynamic.factor > dynamic.factorWithoutTools)
      for (scaled, figure) in zip(dynamic.scaled, margin.models) {
        let fixed = figure.components.first { $0.name == "collateral_haircut" }?.maintenance ?? 0
        let moved = (figure.maintenance - fixed) * dynamic.factor + fixed
        #expect(abs(scaled.maintenance - moved) <= 1e-12 * figure.maintenance)
        #expect(scaled.surplus == figure.equity - scaled.maintenance)
      }
      let panels = dynamic.courses.map(\.panel)
      #expect(dynamic.courses.map(\.rule) == ["static", "scaled", "tools"])
      #expect(panels.allSatisfy { $0.count == 200 && $0.breachRate != nil })
      guard panels[0].mean > 0 else { continue }
      #expect(panels[0].peakToTrough == 1)
      let (scaled, tools) = (try #require(panels[1].peakToTrough), try #require(panels[2].peakToTrough))
      #expect(scaled > tools && tools > 1)
      #expect((panels[2].breaches ?? 0) <= (panels[1].breaches ?? 0))
    }
    #expect(engine.assumptions.contains { $0.hasPrefix("dynamic:") })
    // Two hundred closes are less than ten years, and more than a window of sixty.
    let floor = "ten_year_floor looks back 3650 returns, ten years; the history has 199 returns"
    #expect(engine.assumptions.contains { $0.contains(floor) })
    #expect(!engine.assumptions.contains { $0.contains("stressed_days") })
  }
}

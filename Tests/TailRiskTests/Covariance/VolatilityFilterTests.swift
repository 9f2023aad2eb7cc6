import MarketModel
import RiskNumerics
import TailRisk
import Testing

@Suite struct VolatilityFilterTests {
  @Test("the recursion has the figures of QuantLib's test of GARCH")
  func quantLib() {
    // pricing_cases.json garch.003: QuantLib test-suite, testCalculation; weight 0.5 on a long-run 0.4.
    let parameters = GARCHParameters(omega: 0.5 * 0.4, alpha: 0.2, beta: 0.3)
    let found = parameters.variances(of: [Double](repeating: 0.1, count: 10), presample: 0.01)
      .prefix(10).map { $0.squareRoot() }
    let expected = [
      0.452769, 0.513323, 0.530141, 0.5350841, 0.536558, 0.536999, 0.537132, 0.537171, 0.537183, 0.537187,
    ]
    #expect(zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-6 })
  }

  @Test("a decay of 0.97 forgets all but one per cent in 151 days, and weights sum to one")
  func effectiveDays() throws {
    // pricing_cases.json ewma.003: RiskMetrics Technical Document (1996).
    #expect((Elementary.log(0.01) / Elementary.log(0.97)).rounded() == 151)
    let ones = try VolatilityFilter([Double](repeating: 1, count: 40), plan: .init(decay: 0.97))
    #expect(areClose(ones.deviations + [ones.forecast], [Double](repeating: 1, count: 41), 1e-15))
    #expect(areClose(ones.residuals, [Double](repeating: 1, count: 40), 1e-15))
  }

  @Test("EWMA has the volatilities of arch's recursion, started at the mean square")
  func arch() throws {
    // arch 8.0.0, EWMAVariance(λ).compute_variance with backcast = mean square, in per cent: the second, the
    // middle and the last volatility, and the step after it.
    let cases: [(seed: UInt64, count: Int, made: [Double], decay: Double, expected: [Double])] = [
      (
        11, 1_000, [0.05, 0.08, 0.88], 0.94,
        [0.9931453563692783, 0.8339598125336475, 0.7201147784161741, 0.713284129157022]
      ),
      (
        12, 750, [0.1, 0.2, 0.7], 0.97,
        [0.9776929965564912, 0.776811070777918, 0.8499551038490938, 0.848114537410767]
      ),
    ]
    for entry in cases {
      let returns = SampleReturns.garch(
        seed: entry.seed, count: entry.count, entry.made[0], entry.made[1], entry.made[2])
      let filter = try VolatilityFilter(returns, plan: .init(decay: entry.decay))
      let found = [1, entry.count / 2, entry.count - 1].map { filter.deviations[$0] } + [filter.forecast]
      #expect(areClose(found.map { $0 * 100 }, entry.expected, 1e-12))
    }
  }

  /// Of `SampleReturns.garch`: seed, count and parameters; then the optimum that scipy 1.16's Nelder-Mead finds
  /// to 1e-10 from the fit of arch 8.0.0 (mean zero, backcast = mean square), in per cent.
  static let fits:
    [(seed: UInt64, count: Int, made: [Double], full: [Double], value: Double, target: [Double])] = [
      (
        11, 1_000, [0.05, 0.08, 0.88], [0.0950934335323104, 0.08758543582219053, 0.813485254470711],
        -1389.7795633283233, [0.08916018805039486, 0.8126412809610786]
      ),
      (
        12, 750, [0.1, 0.2, 0.7], [0.08681436635625162, 0.15916250379120933, 0.7564547246904927],
        -1026.0315042477205, [0.15254334132067154, 0.7572814617696055]
      ),
      (
        13, 2_000, [0.02, 0.05, 0.93], [0.017404081653754663, 0.04946100199129533, 0.9319421120655335],
        -2732.3602423727725, [0.049918927555907114, 0.9319205973834686]
      ),
    ]

  @Test("GARCH fits are those of arch and scipy, with and without variance targeting", arguments: fits)
  func fit(
    _ fit: (seed: UInt64, count: Int, made: [Double], full: [Double], value: Double, target: [Double])
  ) throws {
    let returns = SampleReturns.garch(
      seed: fit.seed, count: fit.count, fit.made[0], fit.made[1], fit.made[2])
    guard case .fitted(let free) = try GARCHEstimate.fit(returns, targetsVariance: false),
      case .fitted(let targeted) = try GARCHEstimate.fit(returns)
    else {
      Issue.record("refused")
      return
    }
    // Both searches stop within about √(1e-13) of a flat optimum.
    let found = free.parameters
    #expect(areClose([found.omega * 1e4, found.alpha, found.beta], fit.full, 2e-5))
    #expect(areClose([targeted.parameters.alpha, targeted.parameters.beta], fit.target, 2e-5))
    // The likelihood is of returns, the reference's of per cent.
    let shift = Double(fit.count) * Elementary.log(100)
    #expect((free.logLikelihood - shift - fit.value).magnitude < 1e-7)
    #expect(free.logLikelihood >= targeted.logLikelihood - 1e-7)
    #expect(areClose([targeted.parameters.longRunVariance], [targeted.presample], 1e-12))
    #expect(free.evaluations < 4_000)
  }

  @Test(
    "filters scale with the returns: deviations by the factor, residuals not at all",
    arguments: [VolatilityFilterPlan.Model.ewma, .garch])
  func scales(model: VolatilityFilterPlan.Model) throws {
    let returns = SampleReturns.garch(seed: 14, count: 400, 0.1, 0.1, 0.8)
    let plan = VolatilityFilterPlan(model: model)
    let filter = try VolatilityFilter(returns, plan: plan)
    #expect(filter.model == model && filter.fallback == nil)
    for factor in [0x1p-20, 1e-6, 100.0, 3e7] {
      let other = try VolatilityFilter(returns.map { factor * $0 }, plan: plan)
      // Powers of two are exact; else rounding moves a flat optimum of GARCH by 1e-6 or so.
      let allowed = model == .ewma ? 1e-13 : 1e-5
      #expect(areClose(other.deviations, filter.deviations.map { factor * $0 }, allowed))
      #expect(areClose([other.forecast], [factor * filter.forecast], allowed))
      #expect(areClose(other.residuals, filter.residuals, allowed))
    }
  }

  @Test("residuals times their deviation are the returns, and rescaled returns have the forecast's size")
  func residuals() throws {
    let returns = SampleReturns.garch(seed: 15, count: 600, 0.05, 0.1, 0.85)
    for model in VolatilityFilterPlan.Model.allCases {
      let filter = try VolatilityFilter(returns, plan: .init(model: model))
      #expect(areClose(zip(filter.residuals, filter.deviations).map { $0 * $1 }, returns, 1e-15))
      #expect(areClose(filter.rescaled, filter.residuals.map { $0 * filter.forecast }, 1e-15))
      let square = filter.residuals.reduce(0) { $0 + $1 * $1 } / 600
      // A good filter leaves unit variance: its sampling error at 600 is about √(2/600) = 0.06.
      #expect((square - 1).magnitude < 0.15)
    }
  }

  @Test("the variance of a horizon is the sum of the forecasts of its steps")
  func horizon() throws {
    let parameters = GARCHParameters(omega: 2e-6, alpha: 0.08, beta: 0.9)
    var variance = 5e-4
    var sum = 0.0
    for _ in 0..<10 {
      sum += variance
      variance = parameters.omega + parameters.persistence * variance
    }
    #expect(areClose([parameters.variance(over: 10, from: 5e-4)], [sum], 1e-12))
    #expect(areClose([parameters.variance(over: 1, from: 5e-4)], [5e-4], 1e-12))
    // The next ten variances of arch 8.0.0's fit of seed 11, summed, in per cent squared.
    let returns = SampleReturns.garch(seed: 11, count: 1_000, 0.05, 0.08, 0.88)
    guard case .fitted(let estimate) = try GARCHEstimate.fit(returns, targetsVariance: false) else {
      Issue.record("refused")
      return
    }
    let last = estimate.parameters.variances(of: returns, presample: estimate.presample).last ?? 0
    // arch stops its own search earlier: its parameters differ by 1e-6.
    #expect(areClose([estimate.parameters.variance(over: 10, from: last) * 1e4], [8.366315670045031], 1e-5))
    // At the long-run variance nothing decays, so that half a step has half of it.
    let level = parameters.longRunVariance
    #expect(areClose([parameters.variance(over: 0.5, from: level)], [0.5 * level], 1e-12))
    let filter = try VolatilityFilter([0.01, -0.02, 0.03], plan: .init())
    #expect(areClose([filter.variance(over: 7)], [7 * filter.forecast * filter.forecast], 1e-15))
  }

  @Test("where GARCH cannot be fitted, EWMA stands in and the filter says why")
  func fallback() throws {
    let plan = VolatilityFilterPlan(model: .garch)
    let short = SampleReturns.garch(seed: 16, count: 99, 0.1, 0.1, 0.8)
    let filter = try VolatilityFilter(short, plan: plan)
    #expect(filter.model == .ewma && filter.parameters == nil)
    #expect(filter.fallback == "it has 99 returns, and GARCH needs 100")
    #expect(filter.deviations == (try VolatilityFilter(short, plan: .init())).deviations)
    let still = try VolatilityFilter([Double](repeating: 0, count: 200), plan: plan)
    #expect(still.forecast == 0 && still.residuals.allSatisfy { $0 == 0 } && still.fallback != nil)
    // Volatility that only ever grows has no level to return to.
    let growing = (0..<500).map { ($0 % 2 == 0 ? 1 : -1) * Elementary.exp(0.02 * Double($0)) }
    let trend = try VolatilityFilter(growing, plan: plan)
    #expect(trend.model == .ewma && trend.fallback == "its GARCH persistence reaches 0.9999")
  }

  @Test("what is not a number is refused by place; so are no returns and a decay outside its range")
  func refused() {
    #expect(throws: EstimationError.notFinite(column: 1, row: 2)) {
      try VolatilityFilter.columns([[1, 2, 3], [1, 2, .nan]], plan: .init())
    }
    #expect(throws: EstimationError.notFinite(column: 0, row: 0)) {
      try GARCHEstimate.fit([.infinity])
    }
    #expect(throws: EstimationError.tooFewRows(found: 0, needed: 1)) {
      try VolatilityFilter([], plan: .init())
    }
    #expect(throws: EstimationError.outOfRange(field: "decay", value: 1)) {
      try VolatilityFilter([1], plan: .init(decay: 1))
    }
  }

  @Test("one return, a zero return and a year of silence leave finite numbers")
  func edges() throws {
    let one = try VolatilityFilter([-0.02], plan: .init())
    #expect(areClose([one.deviations[0], one.forecast], [0.02, 0.02], 1e-15) && one.residuals == [-1])
    let zero = try VolatilityFilter([0], plan: .init())
    #expect(zero.deviations == [0] && zero.forecast == 0 && zero.residuals == [0])
    let silence = [0.01] + [Double](repeating: 0, count: 20_000) + [0.01]
    let filter = try VolatilityFilter(silence, plan: .init(decay: 0.5))
    #expect(filter.residuals.allSatisfy(\.isFinite) && filter.forecast > 0)
  }
}

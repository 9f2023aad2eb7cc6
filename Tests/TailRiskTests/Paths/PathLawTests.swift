import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// The laws of moves against closed forms.
@Suite struct PathLawTests {
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1
  private let volatility = SampleBook.coins[0].2

  private func figure(
    _ plan: ValueAtRiskPlan, seed: UInt64 = 21, _ sample: SampleBook? = nil
  ) throws -> ValueAtRiskFigure {
    var coin = SampleBook()
    coin.balances = [(0, "BTC", 1)]
    let engine = try MonteCarloEngine(
      book: BookValuation.value(try #require((sample ?? coin).book()), team: team), plan: plan, seed: seed,
      team: team)
    return try #require(engine.figures(ofAccount: 0).last)
  }

  private func plan(
    _ distribution: ValueAtRiskPlan.Distribution, _ sampling: ValueAtRiskPlan.Sampling, days: Double = 1
  ) throws -> ValueAtRiskPlan {
    ValueAtRiskPlan(
      confidence: [try #require(ConfidenceLevel(decimal: "0.99"))], horizonDays: days, paths: 16_384,
      distribution: distribution, sampling: sampling)
  }

  private func check(_ figure: ValueAtRiskFigure, _ exact: Double, _ sampling: ValueAtRiskPlan.Sampling)
    throws
  {
    let error = try #require(figure.standardError)
    // Four standard errors, and a tenth of a per cent of room for the error of the error of Sobol points.
    #expect(abs(figure.valueAtRisk - exact) < 4 * error + (sampling == .sobol ? 1e-3 * exact : 0))
    if sampling == .sobol { #expect(error < 0.02 * exact) }
  }

  @Test(
    "a coin under student_t loses what the t quantile says, whatever expires inside the horizon",
    arguments: [ValueAtRiskPlan.Sampling.pseudo, .sobol], [1.0, 10])
  func student(sampling: ValueAtRiskPlan.Sampling, days: Double) throws {
    let s = volatility * (days / 365).squareRoot()
    let t = StudentDistribution(degreesOfFreedom: 4).quantile(0.01)
    let exact = spot * (1 - Elementary.exp(-0.5 * s * s + s * 0.5.squareRoot() * t))
    try check(try figure(try plan(.studentT, sampling, days: days)), exact, sampling)
  }

  @Test(
    "a coin under t_copula has the normal law, whatever expires inside the horizon",
    arguments: [ValueAtRiskPlan.Sampling.pseudo, .sobol], [1.0, 10])
  func copula(sampling: ValueAtRiskPlan.Sampling, days: Double) throws {
    let s = volatility * (days / 365).squareRoot()
    let exact = spot * (1 - Elementary.exp(-0.5 * s * s + s * Elementary.normalQuantile(0.01)))
    try check(try figure(try plan(.tCopula, sampling, days: days)), exact, sampling)
  }

  @Test("uncorrelated coins fall together more often under t_copula than under the normal copula")
  func tailDependence() throws {
    var sample = SampleBook()
    let assets = SampleBook.coins.compactMap { Identifier($0.0) }
    sample.correlation = Correlation(assets: assets, matrix: [1, 0, 0, 1], volatilities: [0.6, 0.6])
    sample.balances = [(0, "BTC", 1 / SampleBook.coins[0].1), (0, "ETH", 1 / SampleBook.coins[1].1)]
    let normal = try figure(try plan(.normal, .sobol), sample)
    let copula = try figure(try plan(.tCopula, .sobol), sample)
    #expect(copula.expectedShortfall > 1.1 * normal.expectedShortfall)
  }

  @Test(
    "a coin under jump_diffusion loses what the Poisson mixture says",
    arguments: [ValueAtRiskPlan.Sampling.pseudo, .sobol], [true, false])
  func jumps(sampling: ValueAtRiskPlan.Sampling, areCommon: Bool) throws {
    var plan = try plan(.jumpDiffusion, sampling, days: 10)
    plan.jumps = JumpPlan(perYear: 20, mean: -0.06, deviation: 0.09, areCommon: areCommon)
    let h = 10.0 / 365
    let s = volatility * h.squareRoot()
    let mean = plan.jumps.perYear * h
    let gain = Elementary.expMinusOne(plan.jumps.mean + 0.5 * plan.jumps.deviation * plan.jumps.deviation)
    // P(x ≤ q) = Σ P(N = n)·N((q + ½s² + λh·gain − nμ)/√(s² + n d²)).
    func probability(_ q: Double) -> Double {
      var weight = Elementary.exp(-mean)
      var sum = 0.0
      for n in 0..<60 {
        let k = Double(n)
        let deviation = (s * s + k * plan.jumps.deviation * plan.jumps.deviation).squareRoot()
        sum +=
          weight
          * Elementary.normalDistribution((q + 0.5 * s * s + mean * gain - k * plan.jumps.mean) / deviation)
        weight *= mean / (k + 1)
      }
      return sum
    }
    var (low, high) = (-3.0, 1.0)
    for _ in 0..<80 {
      let middle = 0.5 * (low + high)
      if probability(middle) < 0.01 { low = middle } else { high = middle }
    }
    try check(try figure(plan), spot * (1 - Elementary.exp(low)), sampling)
  }

  @Test("jumps leave the mean of a spot where it is")
  func compensated() throws {
    var plan = try plan(.jumpDiffusion, .sobol, days: 10)
    plan.keepsProfits = true
    plan.jumps = JumpPlan(perYear: 40, mean: 0.05, deviation: 0.02)
    let result = try figure(plan)
    let profits = try #require(result.profits)
    // Sixteen replicates of a smooth mean: some 1e-4 of the spot is wide.
    #expect(abs(profits.reduce(0, +) / Double(profits.count)) < 1e-3 * spot)
    #expect(profits.count == result.sampling?.paths)
  }

  @Test("profits are the losses behind the figure")
  func profits() throws {
    var plan = try plan(.normal, .pseudo)
    plan.paths = 1_000
    plan.keepsProfits = true
    let figure = try figure(plan)
    let losses = try #require(figure.profits).map { -$0 }.sorted()
    #expect(losses[(figure.rank ?? 1) - 1] == figure.valueAtRisk)
    plan.keepsProfits = false
    #expect(try self.figure(plan).profits == nil)
  }

  @Test("square_root_of_time is one day times the root of the days, and says so")
  func scaled() throws {
    var plan = try plan(.normal, .pseudo, days: 4)
    plan.scaling = .squareRootOfTime
    let scaled = try figure(plan)
    plan.horizonDays = 1
    plan.scaling = .simulated
    let day = try figure(plan)
    #expect(
      scaled.valueAtRisk == 2 * day.valueAtRisk && scaled.expectedShortfall == 2 * day.expectedShortfall)
    #expect(scaled.interval.upper == 2 * day.interval.upper && scaled.horizonDays == 4)
    #expect(scaled.remark?.contains("not simulated") == true && day.remark == nil)
  }
}

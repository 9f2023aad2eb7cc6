import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// Importance sampling and the control variate where volatilities, skews and bases move beside the spots.
@Suite struct TiltedFactorTests {
  private let team = ThreadTeam(threadCount: 2)

  private func plan(
    _ reduction: ValueAtRiskPlan.VarianceReduction, paths: Int, sampling: ValueAtRiskPlan.Sampling = .pseudo
  ) throws -> ValueAtRiskPlan {
    let (btc, eth) = (try #require(Identifier("BTC")), try #require(Identifier("ETH")))
    return ValueAtRiskPlan(
      confidence: [try #require(ConfidenceLevel(decimal: "0.99"))], horizonDays: 2, paths: paths,
      sampling: sampling, varianceReduction: reduction,
      factors: FactorPlan(
        volatility: [
          VolatilityFactor(
            underlying: btc, volatilityOfVolatility: 1.2, spotCorrelation: -0.6,
            skew: SkewFactor(volatility: 0.3, spotCorrelation: 0.3)),
          VolatilityFactor(underlying: eth, volatilityOfVolatility: 0.9, spotCorrelation: -0.3),
        ], basis: [BasisFactor(underlying: btc, volatility: 0.1)]))
  }

  /// Short of volatility in both coins, with a future that has a basis.
  private var sample: SampleBook {
    var sample = SampleBook()
    sample.positions = [
      (0, "BTC-91-71510-C", -10, nil), (0, "BTC_USDC-30-61760-P", -10, nil),
      (0, "ETH_USDC-91-2080-C", -200, nil), (0, "ETH-30-1800-P", -250, nil), (0, "BTC_USDC-F91", 1, 64_000),
    ]
    return sample
  }

  private func figure(_ plan: ValueAtRiskPlan, threads: Int = 2) throws -> ValueAtRiskFigure {
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let measure = try TailMeasures.prepare(
      book: book, plan: plan, seed: 7, team: ThreadTeam(threadCount: threads))
    return try #require(measure.figures(ofAccount: 0).first)
  }

  @Test(
    "the tilt follows the factors beside the spots and finds the tail that plain paths find",
    arguments: [
      (ValueAtRiskPlan.VarianceReduction.importance, 6.0), (.importanceStratified, 12),
      (.controlVariate, 1.5),
    ])
  func gain(reduction: ValueAtRiskPlan.VarianceReduction, least: Double) throws {
    let plan = try plan(reduction, paths: 8_000)
    let found = try figure(plan)
    let use = try #require(found.sampling)
    print(reduction, found.valueAtRisk, found.standardError ?? 0, use)
    #expect(use.fallback == nil)
    // Seed 7; sixteen replicates know a variance to a third.
    #expect(try #require(use.varianceRatio) > least)
    for parts in [found.components, found.byUnderlying, found.byRiskClass] {
      let gross = parts.reduce(0) { $0 + abs($1.valueAtRisk ?? 0) + abs($1.expectedShortfall) }
      let value = try parts.reduce(0) { $0 + (try #require($1.valueAtRisk)) }
      #expect(abs(value - found.valueAtRisk) <= 1e-12 * gross)
      #expect(abs(parts.reduce(0) { $0 + $1.expectedShortfall } - found.expectedShortfall) <= 1e-12 * gross)
    }
    let plain = try figure(try self.plan(.none, paths: 1 << 15, sampling: .sobol))
    let error = try #require(found.standardError) + (try #require(plain.standardError))
    #expect(abs(found.valueAtRisk - plain.valueAtRisk) < 4 * error)
    #expect(found.byRiskClass.map(\.name) == plain.byRiskClass.map(\.name))
    #expect(try figure(plan, threads: 1) == found)
  }
}

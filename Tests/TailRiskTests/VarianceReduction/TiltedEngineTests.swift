import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite("importance sampling") struct TiltedEngineTests {
  private let team = ThreadTeam(threadCount: 2)
  private static let reductions: [ValueAtRiskPlan.VarianceReduction] = [.importance, .importanceStratified]

  private func plan(
    _ reduction: ValueAtRiskPlan.VarianceReduction, _ levels: [String] = ["0.99"], days: Double = 1,
    paths: Int = 10_000
  ) -> ValueAtRiskPlan {
    ValueAtRiskPlan(
      confidence: levels.compactMap(ConfidenceLevel.init(decimal:)), horizonDays: days, paths: paths,
      varianceReduction: reduction)
  }

  private func measure(
    _ sample: SampleBook, _ plan: ValueAtRiskPlan, seed: UInt64 = 7, threads: Int = 2
  ) throws -> any TailMeasure {
    let team = ThreadTeam(threadCount: threads)
    return try TailMeasures.prepare(
      book: BookValuation.value(try #require(sample.book()), team: team), plan: plan, seed: seed, team: team)
  }

  /// Short strangles on both coins: gamma is negative everywhere, the tail lies on every side.
  private var strangles: SampleBook {
    var sample = SampleBook()
    sample.positions = [
      (0, "BTC-30-71510-C", -10, nil), (0, "BTC-30-61760-P", -10, nil),
      (0, "ETH_USDC-30-2080-C", -200, nil), (0, "ETH_USDC-30-1800-P", -250, nil),
      (0, "BTC-PERPETUAL", 20_000, nil),
    ]
    return sample
  }

  @Test("a short strangle's tail is found with a tenth of the variance and less", arguments: reductions)
  func gain(reduction: ValueAtRiskPlan.VarianceReduction) throws {
    let figure = try #require(try measure(strangles, plan(reduction)).figures(ofAccount: 0).first)
    let use = try #require(figure.sampling)
    print(reduction, figure.valueAtRisk, figure.standardError ?? 0, use)
    #expect(use.fallback == nil && use.replicates == 16 && use.paths == 10_000)
    // 16 replicates know a variance to 35 %; without strata all paths do.
    #expect(try #require(use.varianceRatio) > (reduction == .importance ? 8 : 20))
    #expect(try #require(use.effectiveSampleSize) > 1_000, "plain sampling has a hundred")
    #expect(figure.interval.kind == .replicates && figure.interval.lowerRank == nil && figure.rank == nil)
    #expect(figure.interval.lower < figure.valueAtRisk && figure.valueAtRisk < figure.interval.upper)
    #expect(figure.expectedShortfall >= figure.valueAtRisk)
    let sum = figure.components.reduce(0) { $0 + $1.expectedShortfall }
    #expect(abs(sum - figure.expectedShortfall) <= 1e-12 * abs(figure.expectedShortfall))
    for parts in [figure.components, figure.byUnderlying, figure.byRiskClass] {
      let gross = parts.reduce(0) { $0 + abs($1.valueAtRisk ?? 0) }
      let sum = try parts.reduce(0) { $0 + (try #require($1.valueAtRisk)) }
      #expect(abs(sum - figure.valueAtRisk) <= 1e-12 * gross)
    }
    // Twenty thousand plain paths know the parts to some per cent of the whole.
    let plain = try #require(
      try measure(strangles, plan(.none, paths: 20_000)).figures(ofAccount: 0).first)
    #expect(figure.components.map(\.name) == plain.components.map(\.name))
    for (one, other) in zip(
      figure.components + figure.byRiskClass, plain.components + plain.byRiskClass)
    {
      #expect(one.name == other.name)
      #expect(abs(one.expectedShortfall - other.expectedShortfall) < 0.2 * plain.expectedShortfall)
    }
  }

  @Test("ten coins have the value at risk and expected shortfall of the lognormal law", arguments: reductions)
  func coins(reduction: ValueAtRiskPlan.VarianceReduction) throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 10)]
    let s = 0.62 / 365.0.squareRoot()
    let worth = 10 * SampleBook.coins[0].1
    for level in ["0.95", "0.99", "0.999"] {
      let figure = try #require(try measure(sample, plan(reduction, [level])).figures(ofAccount: 0).first)
      let tail = 1 - figure.confidence.value
      let z = Elementary.normalQuantile(tail)
      let value = worth * (1 - Elementary.exp(-0.5 * s * s + s * z))
      let shortfall = worth * (1 - Elementary.normalDistribution(z - s) / tail)
      #expect(figure.sampling?.fallback == nil)
      // Four standard errors of a fixed seed.
      #expect(abs(figure.valueAtRisk - value) < 4 * (try #require(figure.standardError)))
      #expect(
        abs(figure.expectedShortfall - shortfall) < 4 * (try #require(figure.expectedShortfallStandardError)))
    }
  }

  @Test("the mean over seeds is that of a million plain paths", arguments: reductions)
  func unbiased(reduction: ValueAtRiskPlan.VarianceReduction) throws {
    let plain = try #require(
      try measure(strangles, plan(.none, paths: 1_000_000), seed: 1).figures(ofAccount: 0).first)
    var (values, shortfalls): ([Double], [Double]) = ([], [])
    for seed in 100..<140 {
      let figure = try #require(
        try measure(strangles, plan(reduction), seed: UInt64(seed)).figures(ofAccount: 0).first)
      #expect(figure.sampling?.fallback == nil)
      values.append(figure.valueAtRisk)
      shortfalls.append(figure.expectedShortfall)
    }
    for (sample, expected, error) in [
      (values, plain.valueAtRisk, plain.standardError),
      (shortfalls, plain.expectedShortfall, plain.expectedShortfallStandardError),
    ] {
      let mean = sample.reduce(0, +) / Double(sample.count)
      let spread = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sample.count - 1)
      let deviation = (spread / Double(sample.count) + pow2(try #require(error))).squareRoot()
      print(reduction, mean, expected, deviation, spread.squareRoot())
      #expect(abs(mean - expected) < 3 * deviation)
    }
  }

  private func pow2(_ x: Double) -> Double { x * x }

  @Test("what does not gain is plain sampling's figure to the bit, and says why")
  func fallback() throws {
    // A straddle bought loses most where nothing moves: no tilt leads there.
    var long = SampleBook()
    long.positions = [(0, "BTC_USDC-7-65010-C", 5, nil), (0, "BTC_USDC-7-65010-P", 5, nil)]
    var expiring = SampleBook()
    expiring.positions = [(0, "BTC-7-65010-C", -1, nil), (0, "BTC-30-65010-C", -1, nil)]
    for (sample, days) in [(long, 1.0), (expiring, 8), (SampleBook(), 1)] {
      let tilted = try measure(sample, plan(.importance, days: days))
      let plain = try measure(sample, plan(.none, days: days))
      for (one, other) in [
        (tilted.figures(ofAccount: 0), plain.figures(ofAccount: 0)), (tilted.bookFigures, plain.bookFigures),
      ] {
        var figure = try #require(one.first)
        let reason = figure.sampling?.fallback
        print(reason ?? "no fallback")
        #expect(reason != nil)
        #expect(figure.sampling?.varianceReduction == ValueAtRiskPlan.VarianceReduction.none)
        figure.sampling?.fallback = nil
        #expect(figure == other.first)
      }
      #expect(tilted.notes.contains { $0.contains("plain sampling stands in") })
    }
  }

  @Test("a control variate leaves less than half of the variance, and its interval is one of the sample")
  func controlVariate() throws {
    let figure = try #require(try measure(strangles, plan(.controlVariate)).figures(ofAccount: 0).first)
    let use = try #require(figure.sampling)
    print(figure.valueAtRisk, figure.interval, use)
    #expect(use.fallback == nil && use.replicates == 1 && use.paths == 10_000)
    #expect(try #require(use.varianceRatio) > 2)
    #expect(figure.interval.kind == .orderStatistics)
    let exact = try #require(
      try measure(strangles, plan(.importanceStratified, paths: 200_000)).figures(ofAccount: 0).first)
    // The wider of the two errors is the control variate's.
    #expect(abs(figure.valueAtRisk - exact.valueAtRisk) < 4 * (try #require(figure.standardError)))
    #expect(
      abs(figure.expectedShortfall - exact.expectedShortfall)
        < 4 * (try #require(figure.expectedShortfallStandardError)))
    let sum = figure.components.reduce(0) { $0 + $1.expectedShortfall }
    #expect(abs(sum - figure.expectedShortfall) <= 1e-12 * abs(figure.expectedShortfall))
  }

  @Test("neither threads nor other accounts nor other levels change a bit")
  func sameBits() throws {
    let sample = SampleBook.random(accounts: 12, positions: 10, seed: 5)
    for reduction in Self.reductions + [.controlVariate] {
      let plan = plan(reduction, ["0.95", "0.99"], paths: 4_000)
      let one = try measure(sample, plan, threads: 1)
      let three = try measure(sample, plan, threads: 3)
      var part = sample
      part.positions = sample.positions.filter { $0.account == 7 }
      part.balances = sample.balances.filter { $0.account == 7 }
      for account in 0..<12 {
        #expect(one.figures(ofAccount: account) == three.figures(ofAccount: account))
        for figure in one.figures(ofAccount: account) { #expect(figure.valueAtRisk.isFinite) }
      }
      #expect(one.bookFigures == three.bookFigures)
      #expect(try measure(part, plan).figures(ofAccount: 7) == one.figures(ofAccount: 7))
      let alone = try measure(sample, self.plan(reduction, ["0.99"], paths: 4_000))
      #expect(alone.figures(ofAccount: 3).first == one.figures(ofAccount: 3).last)
    }
  }

  @Test("the distribution and the points that a tilt does not know are refused by name")
  func refused() throws {
    let market = try #require(strangles.book())
    for change in [
      { (plan: inout ValueAtRiskPlan) in plan.distribution = .tCopula }, { $0.sampling = .sobol },
      { $0.replicates = 8 },
    ] {
      var plan = plan(.importance)
      change(&plan)
      #expect(throws: TailRiskError.self) { try TailMeasures.check(market, plan: plan) }
    }
  }
}

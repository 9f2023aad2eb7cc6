import MarketModel
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct BacktestLawTests {
  private static func level(_ text: String) throws -> ConfidenceLevel {
    try #require(ConfidenceLevel(decimal: text))
  }

  private static func days(_ profits: [Double], at risk: Double = 1, es: Double = 2) throws -> [BacktestDay] {
    let date = try #require(Instant(year: 2026, month: 1, day: 1))
    return profits.map {
      BacktestDay(date: date, valueAtRisk: risk, expectedShortfall: es, profit: $0)
    }
  }

  @Test(
    "binomial probabilities are those of SciPy 1.17",
    arguments: [
      // binom.cdf(k, n, p), binom.sf(k - 1, n, p), binomtest(k, n, p).pvalue
      (250, 0.01, 7, [0.9959746612881922, 0.013701447855203663, 0.013701447855203663]),
      (1_000, 0.025, 40, [0.9982189224180338, 0.003060712937066194, 0.004336080075038988]),
      (500, 0.05, 9, [0.0001683536345098717, 0.9999445061796528, 0.0002989584152280826]),
      (60, 0.5, 40, [0.9968911986703367, 0.00674464686559593, 0.01348929373119186]),
    ])
  func binomial(n: Int, p: Double, k: Int, expected: [Double]) throws {
    let law = try #require(BinomialLaw(count: n, probability: p))
    // SciPy's incomplete beta carries some 1e-14 itself.
    #expect(abs(law.cumulative(k) / expected[0] - 1) < 1e-13)
    #expect(abs(law.upperTail(k) / expected[1] - 1) < 1e-12)
    #expect(abs(law.twoSidedPValue(k) / expected[2] - 1) < 1e-12)
  }

  @Test("the tails of a binomial law add up to one")
  func tails() throws {
    for (n, p) in [(1, 0.3), (10, 0.9), (250, 0.01), (1_000, 0.5), (5_000, 0.001)] {
      let law = try #require(BinomialLaw(count: n, probability: p))
      for k in 0...n { #expect(abs(law.cumulative(k) + law.upperTail(k + 1) - 1) < 1e-14) }
    }
    #expect(BinomialLaw(count: -1, probability: 0.5) == nil)
    #expect(BinomialLaw(count: 3, probability: 1) == nil)
    #expect(BinomialLaw(count: 3, probability: .nan) == nil)
  }

  @Test("exact p-values of independence are those of every order counted one by one")
  func orders() throws {
    for n in 2...12 {
      // Sequences by their number of exceptions, with their ratios.
      var ratios = [[Double]](repeating: [], count: n + 1)
      var samples: [[Bool]] = []
      for bits in 0..<(1 << n) {
        let flags = (0..<n).map { bits >> $0 & 1 == 1 }
        samples.append(flags)
        ratios[flags.count(where: { $0 })].append(ExceptionTransitions(flags).likelihoodRatio)
      }
      let p = 0.1
      let law = try #require(BinomialLaw(count: n, probability: p))
      for (place, flags) in samples.enumerated() where place % 7 == 0 || n < 8 {
        let x = flags.count(where: { $0 })
        let test = try #require(IndependenceTest(flags))
        let bound = test.likelihoodRatio * (1 - 1e-9)
        let share = Double(ratios[x].count { $0 >= bound }) / Double(ratios[x].count)
        #expect(abs(test.exactPValue - share) < 1e-13)
        let joint = try #require(ConditionalCoverageTest(flags, probability: p, law: law))
        var sum = 0.0
        for (count, found) in ratios.enumerated() {
          let coverage = try #require(KupiecTest(exceptions: count, probability: p, law: law)).likelihoodRatio
          let many = found.count { coverage + $0 >= joint.likelihoodRatio * (1 - 1e-9) }
          sum += law.masses[count] * Double(many) / Double(found.count)
        }
        #expect(abs(joint.exactPValue - sum) < 1e-13)
      }
    }
  }

  @Test(
    "zones of other windows and levels are those of the binomial law",
    arguments: [
      // First yellow and first red count less one, as supervisors print them: recomputed with SciPy's binom.cdf.
      ("0.99", 250, 5, 10), ("0.99", 500, 9, 15), ("0.99", 750, 12, 20), ("0.99", 1_000, 15, 24),
      ("0.995", 250, 3, 7),
    ])
  func zones(level: String, n: Int, yellow: Int, red: Int) throws {
    let level = try Self.level(level)
    let law = try #require(BinomialLaw(count: n, probability: level.exceedance))
    let light = try #require(TrafficLight(exceptions: 0, level: level, law: law))
    #expect(light.yellowFrom == yellow && light.redFrom == red)
    #expect((light.multiplier1996 != nil) == (n == 250 && level.decimal == "0.99"))
  }

  @Test("degenerate samples have defined statistics")
  func degenerate() throws {
    let level = try Self.level("0.99")
    let none = BacktestStatistics([], level: level, seed: 1)
    #expect(none.count == 0 && none.kupiec == nil && none.independence == nil && none.trafficLight == nil)
    #expect(none.conditionalCoverage == nil && none.expectedShortfall == nil)
    let one = BacktestStatistics(try Self.days([-3]), level: level, seed: 1)
    #expect(one.exceptions == 1 && one.kupiec != nil && one.independence == nil)
    #expect(one.trafficLight?.zone == .yellow)
    let calm = BacktestStatistics(try Self.days(Array(repeating: 0, count: 250)), level: level, seed: 1)
    #expect(calm.exceptions == 0 && calm.independence?.likelihoodRatio == 0)
    #expect(calm.independence?.pValue == 1 && calm.independence?.exactPValue == 1)
    #expect(calm.expectedShortfall?.z1 == nil && calm.expectedShortfall?.z2 == 1)
    #expect(calm.trafficLight?.zone == .green)
    let all = BacktestStatistics(try Self.days(Array(repeating: -9, count: 250)), level: level, seed: 1)
    #expect(all.exceptions == 250 && all.independence?.exactPValue == 1 && all.trafficLight?.zone == .red)
    #expect(
      all.kupiec?.pValue.isFinite == true
        && all.conditionalCoverage?.pValue == all.conditionalCoverage?.pValue)
    // A loss of exactly the value at risk is none.
    #expect(BacktestStatistics(try Self.days([-1, 1]), level: level, seed: 1).exceptions == 0)
    // An account without risk has nothing to divide by.
    #expect(
      BacktestStatistics(try Self.days([0, 0], at: 0, es: 0), level: level, seed: 1).expectedShortfall == nil)
  }

  @Test("under a right forecast, p-values are no smaller than they say and fill the unit interval")
  func uniformity() throws {
    // Exponential losses: the level's quantile is ln(1/α), its expected shortfall one more.
    let level = try Self.level("0.975")
    let alpha = level.exceedance
    let value = -Elementary.log(alpha)
    let samples = 200
    let n = 250
    var found: [String: [Double]] = [:]
    var normals = [Double](repeating: 0, count: n)
    let stream = RandomStream(seed: 20_260_205)
    for sample in 0..<samples {
      var span = normals.mutableSpan
      stream.normals(factor: sample, step: 0, firstPath: 0, into: &span)
      let profits = normals.map { Elementary.log(1 - Elementary.normalDistribution($0)) }
      let result = BacktestStatistics(
        try Self.days(profits, at: value, es: value + 1), level: level, seed: 1)
      found["kupiec", default: []].append(try #require(result.kupiec).exactPValue)
      found["independence", default: []].append(try #require(result.independence).exactPValue)
      found["coverage", default: []].append(try #require(result.conditionalCoverage).exactPValue)
      found["z1", default: []].append(try #require(result.expectedShortfall).z1PValue ?? 1)
      found["z2", default: []].append(try #require(result.expectedShortfall).z2PValue)
    }
    for (test, values) in found {
      for bound in [0.05, 0.1, 0.25, 0.5, 0.75] {
        let share = Double(values.count { $0 <= bound }) / Double(samples)
        // Four standard deviations of a share of so many samples. A discrete law may stay below its bound.
        let slack = 4 * (bound * (1 - bound) / Double(samples)).squareRoot()
        #expect(share <= bound + slack, "\(test): \(share) of p-values at most \(bound), seed 20260205")
        if test == "z1" || test == "z2" || test == "coverage" {
          #expect(
            share >= bound - slack - 0.03, "\(test): \(share) of p-values at most \(bound), seed 20260205")
        }
      }
    }
  }

  @Test("a forecast of half the risk is found out")
  func power() throws {
    let level = try Self.level("0.99")
    let value = -Elementary.log(level.exceedance)
    var normals = [Double](repeating: 0, count: 500)
    var span = normals.mutableSpan
    RandomStream(seed: 7).normals(factor: 0, step: 0, firstPath: 0, into: &span)
    let profits = normals.map { Elementary.log(1 - Elementary.normalDistribution($0)) }
    let result = BacktestStatistics(
      try Self.days(profits, at: value / 2, es: (value + 1) / 2), level: level, seed: 1)
    #expect(result.trafficLight?.zone == .red, "seed 7")
    #expect(try #require(result.kupiec).exactPValue < 1e-6, "seed 7")
    #expect(try #require(result.expectedShortfall).z2PValue < 0.001, "seed 7")
  }
}

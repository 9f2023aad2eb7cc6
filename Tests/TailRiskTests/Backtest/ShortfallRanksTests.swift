import MarketModel
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct ShortfallRanksTests {
  private func level(_ text: String) throws -> ConfidenceLevel {
    try #require(ConfidenceLevel(decimal: text))
  }

  /// Twenty forecasts of fifty profits that widen with time, and outcomes of 1.3 times their width.
  private func sample(seed: UInt64) throws -> ShortfallRanks {
    var generator = SampleBook.Generator(seed: seed)
    func bell() -> Double { generator.next() + generator.next() + generator.next() - 1.5 }
    var ranks = try #require(ShortfallRanks(days: 20, level: try level("0.9")))
    for day in 0..<20 {
      let scale = 1 + 0.1 * Double(day)
      let profits = (0..<50).map { _ in scale * bell() }
      ranks.add(profits, outcome: scale * 1.3 * bell())
    }
    return ranks
  }

  @Test("Z3 is that of the paper's integral, its p-value that of 400,000 samples of NumPy")
  func reference() throws {
    let ranks = try sample(seed: 17)
    #expect(ranks.isComplete && ranks.tailCount == 2)
    // scipy 1.17.1: the incomplete beta function integrated over each step of each sample.
    let test = try #require(AcerbiSzekelyRankTest(ranks, seed: 3))
    #expect(abs(test.z3 + 0.08333383188086074) < 1e-12)
    // Ten thousand samples: a standard error of 0.005.
    #expect(abs(test.pValue - 0.381695) < 0.02)
  }

  @Test("where the forecast is right Z3 is 0 on average and p-values are uniform; half the risk is found out")
  func laws() throws {
    let stream = RandomStream(seed: 23)
    let law = (0..<250).map { Elementary.normalQuantile((Double($0) + 0.5) / 250) }
    var (sum, squares, low, found) = (0.0, 0.0, 0, 0)
    for series in 0..<40 {
      var outcomes = [Double](repeating: 0, count: 100)
      var span = outcomes.mutableSpan
      stream.normals(factor: series, step: 0, firstPath: 0, into: &span)
      var right = try #require(ShortfallRanks(days: 100, level: try level("0.95")))
      var wrong = right
      for outcome in outcomes {
        right.add(law, outcome: outcome)
        wrong.add(law.map { 0.5 * $0 }, outcome: outcome)
      }
      let test = try #require(AcerbiSzekelyRankTest(right, seed: 5, replicates: 400))
      sum += test.z3
      squares += test.z3 * test.z3
      if test.pValue <= 0.1 { low += 1 }
      if try #require(AcerbiSzekelyRankTest(wrong, seed: 5, replicates: 400)).pValue <= 0.01 { found += 1 }
    }
    // Four standard errors of the mean; 4 of 40 with a deviation of 2.
    #expect(abs(sum / 40) < 0.64 * (squares / 40).squareRoot(), "seed 23")
    #expect(low <= 11, "seed 23: \(low)")
    #expect(found >= 37, "seed 23: \(found)")
  }

  @Test("the test has no unit, and thick samples are grouped without bias")
  func scale() throws {
    let level = try level("0.9")
    var plain = try #require(ShortfallRanks(days: 10, level: level))
    var large = plain
    var grouped = plain
    for day in 0..<10 {
      let law = (0..<2_000).map { Double($0) - 1_000 + Double(day) }
      let outcome = Double(37 * day % 11) * 150 - 900
      plain.add(law, outcome: outcome)
      large.add(law.map { 1e12 * $0 }, outcome: 1e12 * outcome)
      grouped.add(law.flatMap { [$0 - 0.2, $0, $0, $0 + 0.2] }, outcome: outcome)
    }
    let tests = try [plain, large, grouped].map { try #require(AcerbiSzekelyRankTest($0, seed: 1)) }
    #expect(abs(tests[0].z3 - tests[1].z3) < 1e-12 && tests[0].pValue == tests[1].pValue)
    // Ranks of other samples fall between other outcomes: a step of one in a thousand.
    #expect(abs(tests[0].z3 - tests[2].z3) < 3e-3)
  }

  @Test("what has no distribution, no tail or no loss in it has no third test")
  func lacks() throws {
    #expect(ShortfallRanks(days: 99, level: try level("0.99")) == nil)
    #expect(ShortfallRanks(days: 0, level: try level("0.5")) == nil)
    #expect(ShortfallRanks(days: 100, level: try level("0.99"))?.tailCount == 1)
    var ranks = try #require(ShortfallRanks(days: 2, level: try level("0.5")))
    ranks.add([-1, 1], outcome: 0)
    #expect(!ranks.isComplete && AcerbiSzekelyRankTest(ranks, seed: 1) == nil)
    for broken in [nil, [], [.nan, 1], [1, 2, 3], [1, 2]] as [[Double]?] {
      var other = ranks
      other.add(broken, outcome: 0)
      #expect(other.isBroken && AcerbiSzekelyRankTest(other, seed: 1) == nil)
    }
    ranks.add([-3, 3], outcome: .infinity)
    #expect(ranks.isBroken)
  }
}

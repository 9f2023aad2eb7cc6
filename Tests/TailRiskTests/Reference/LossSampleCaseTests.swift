import MarketModel
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// Published or recomputed cases of quantiles and tails of plain samples, each within its own tolerance.
@Suite struct LossSampleCaseTests {
  private func level(_ p: Double) throws -> ConfidenceLevel { try #require(ConfidenceLevel(decimal: "\(p)")) }

  @Test("ranks, exponential weights and the figures of Hull's 500 scenarios")
  func historical() throws {
    // historical_var.002, Hull: the six worst of 500 days, which are numbered from the oldest on.
    let worst = [477_841.0, 345_435, 282_204, 277_041, 253_385, 217_974]
    let days = [494, 339, 349, 329, 487, 227]
    var losses = [Double](repeating: 0, count: 500)
    for (day, loss) in zip(days, worst) { losses[day - 1] = loss }
    let plain = try #require(LossSample(losses)?.figure(try level(0.99)))
    // n(1 − c) = 5 losses lie beyond the sixth.
    #expect(plain.rank == 495 && plain.valueAtRisk == 217_974)
    #expect(plain.expectedShortfall == worst.prefix(5).reduce(0, +) / 5)
    let weighted = try #require(WeightedLossSample(losses, decay: 0.995))
    let figure = try #require(weighted.figure(try level(0.99)))
    #expect(figure.valueAtRisk == 282_204)
    #expect(abs(figure.expectedShortfall - 400_914.18992801075) < 1e-8)
    guard let cases = ReferenceCase.all("historical_var") else { return }
    #expect(cases.count == 5)
    for one in cases {
      switch one.model {
      case "hull_exponentially_weighted":
        #expect(one.faults("weights", days.map { weighted.shares[$0 - 1] }) == [])
        #expect(one.faults("var", figure.valueAtRisk) == [])
        #expect(one.faults("es", figure.expectedShortfall) == [])
      case "tail_rank_exact":
        let text = try #require(one.inputs["level"] as? String)
        let count = one.whole("n")
        let sample = try #require(LossSample((0..<count).map(Double.init)))
        let level = try #require(ConfidenceLevel(decimal: text))
        let found = try #require(sample.figure(level))
        #expect(one.faults("rank_from_worst", Double(count - found.rank + 1)) == [])
        #expect(one.faults("tail_count", found.tailCount) == [])
      default: Issue.record("\(one.id): the model \(one.model) is not met")
      }
    }
  }

  @Test("quantiles by the conventions of Hyndman and Fan")
  func conventions() throws {
    // quantile_convention: NumPy's figures of one sample of twenty.
    let data = [
      -9, -7, -5.5, -4, -3, -2, -1.2, -0.5, 0.1, 0.4, 0.8, 1.5, 2, 2.6, 3.3, 4, 5.2, 6, 7.5, 11,
    ]
    let sample = try #require(LossSample(data))
    for (type, p, expected) in [
      (3, 0.05, -9.0), (4, 0.1, -7), (5, 0.05, -8), (7, 0.1, -5.65), (8, 0.05, -8.3), (8, 0.25, -31.0 / 12),
      (9, 0.05, -8.225), (9, 0.1, -6.4),
    ] {
      let convention = try #require(QuantileConvention(rawValue: type))
      #expect(abs(sample.quantile(try level(p), convention) - expected) < 1e-14)
    }
    guard let cases = ReferenceCase.all("quantile_convention") else { return }
    #expect(cases.count == 13)
    for one in cases {
      let type = try #require(one.model.split(separator: "_").last.flatMap { Int($0) })
      let found = try #require(LossSample(one.numbers("data"))).quantile(
        try level(one.number("p")), try #require(QuantileConvention(rawValue: type)))
      #expect(one.faults("q", found) == [])
    }
  }

  @Test("expected shortfall of few losses, and of the normal law with their moments")
  func shortfall() throws {
    let few = try #require(LossSample([3, 2, 1, 0])?.figure(try level(0.99)))
    #expect(few.valueAtRisk == 3 && few.expectedShortfall == 3)
    // es_discrete.006, twenty returns: neither figure mixes a normal threshold with an empirical tail.
    let returns = [
      0.012, -0.018, 0.004, -0.031, 0.009, 0.021, -0.007, -0.044, 0.015, -0.002, 0.006, -0.011, 0.028, -0.025,
      0.003, 0.01, -0.016, 0.001, -0.008, 0.017,
    ]
    let found = try figures(returns, try level(0.95))
    #expect(abs(found[0] - 0.03199125418705118) < 1e-15 && abs(found[1] - 0.0396610507743252) < 1e-15)
    #expect(found[2] == 0.044 && found[3] == 0.044)
    guard let cases = ReferenceCase.all("es_discrete") else { return }
    #expect(cases.count == 2)
    for one in cases {
      let level = try level(one.number("level"))
      switch one.model {
      case "acerbi_tasche_es":
        let figure = try #require(LossSample(one.numbers("losses"))?.figure(level))
        #expect(one.faults("var", figure.valueAtRisk) == [])
        #expect(one.faults("es", figure.expectedShortfall) == [])
      case "four_consistent_estimators":
        let keys = ["var_gaussian", "es_gaussian", "var_empirical", "es_empirical"]
        for (key, value) in zip(keys, try figures(one.numbers("returns"), level)) {
          #expect(one.faults(key, value) == [])
        }
      default: Issue.record("\(one.id): the model \(one.model) is not met")
      }
    }
  }

  private func figures(_ returns: [Double], _ level: ConfidenceLevel) throws -> [Double] {
    let moments = try ReturnCovariance.sample([returns], centred: true)
    let mean = returns.reduce(0, +) / Double(returns.count)
    let law = CornishFisher(mean: 0 - mean, deviation: moments.deviations[0], skewness: 0, kurtosis: 0)
    let empirical = try #require(LossSample(returns.map { 0 - $0 })?.figure(level))
    // The case reads the 5 % quantile of the returns, the worst of twenty; P(L ≤ x) ≥ 95 % holds from the second on.
    let rest = try #require(ConfidenceLevel(decimal: "0.05"))
    let worst = try #require(LossSample(returns)).quantile(rest, .inverseDistribution)
    #expect(level.decimal == "0.95" && empirical.rank == 19 && empirical.valueAtRisk == 0.031)
    return [
      law.quantile(upper: level.exceedance), law.expectedShortfall(upper: level.exceedance), 0 - worst,
      empirical.expectedShortfall,
    ]
  }

  @Test("intervals and errors of quantiles")
  func intervals() throws {
    // var_confidence_interval.003, .006 and .008.
    let sample = try #require(LossSample((1...10_000).map(Double.init)))
    let figure = try #require(sample.figure(try level(0.99)))
    #expect(figure.lowerRank == 9_880 && figure.upperRank == 9_920)
    #expect(figure.lower == 9_880 && figure.upper == 9_920)
    #expect(abs(figure.coverage - 0.9557546828065552) < 1e-10)
    func error(_ p: Double, _ count: Int) throws -> Double {
      let level = try level(p)
      return LossSample.asymptoticStandardError(
        level, density: Elementary.normalDensity(Elementary.normalQuantile(p)), count: count)
    }
    #expect(abs(try error(0.99, 1_000) / 0.11805529628692328 - 1) < 1e-13)
    #expect(abs(try error(0.99, 100_000) / 0.01180552962869233 - 1) < 1e-13)
    guard let cases = ReferenceCase.all("var_confidence_interval") else { return }
    #expect(cases.count == 3)
    for one in cases {
      let (count, p) = (one.whole("n"), one.number("p"))
      switch one.model {
      case "order_statistics":
        let sample = try #require(LossSample((0..<count).map(Double.init)))
        let found = try #require(sample.figure(try level(p)))
        #expect(one.faults("lower_rank", Double(found.lowerRank)) == [])
        #expect(one.faults("upper_rank", Double(found.upperRank)) == [])
        #expect(one.faults("coverage", found.coverage) == [])
      case "asymptotic_standard_error": #expect(one.faults("se", try error(p, count)) == [])
      default: Issue.record("\(one.id): the model \(one.model) is not met")
      }
    }
  }

  @Test("peaks over threshold: Hull's figures")
  func extremes() throws {
    // evt.001, Hull: ξ = 0.436 and β = 32.532 beyond 160 (thousand), 22 of 500 losses.
    let tail = try #require(
      ParetoTail(threshold: 160, count: 500, exceedances: 22, shape: 0.436, scale: 32.532))
    let (a, b) = (tail.valueAtRisk(try level(0.99)), tail.valueAtRisk(try level(0.999)))
    #expect(abs(try #require(a).value - 227.73931009655593) < 1e-10)
    #expect(abs(try #require(b).value - 473.86619436411524) < 1e-10)
    #expect(abs(try #require(tail.expectedShortfall(try level(0.99))).value - 337.78601080949636) < 1e-10)
    guard let cases = ReferenceCase.all("evt") else { return }
    #expect(cases.count == 1)
    for one in cases {
      let tail = try #require(
        ParetoTail(
          threshold: one.number("u"), count: one.whole("n"), exceedances: one.whole("n_u"),
          shape: one.number("xi"), scale: one.number("beta")))
      let values = try one.numbers("levels").map { try #require(tail.valueAtRisk(try level($0))).value }
      #expect(one.faults("var", values) == [])
      #expect(one.faults("es_99", tail.expectedShortfall(try level(0.99))?.value) == [])
    }
  }
}

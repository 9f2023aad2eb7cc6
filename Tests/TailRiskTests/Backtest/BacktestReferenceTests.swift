import MarketModel
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// The published cases of `shared/reference/pricing_cases.json`, topic `backtest`, each within its own tolerance.
@Suite struct BacktestReferenceTests {
  private func check(_ one: ReferenceCase, _ key: String, _ found: Double?) {
    #expect(one.faults(key, found) == [])
  }

  @Test func `every published case is met`() throws {
    guard let cases = ReferenceCase.all("backtest") else { return }
    #expect(cases.count == 17)
    for one in cases {
      switch one.model {
      case "kupiec_pof":
        let p = one.number("p")
        let law = try #require(BinomialLaw(count: one.whole("n"), probability: p))
        let test = try #require(KupiecTest(exceptions: one.whole("failures"), probability: p, law: law))
        check(one, "lr", test.likelihoodRatio)
        check(one, "p_value", test.pValue)
      case "kupiec_nonrejection_region":
        let p = one.number("p")
        let law = try #require(BinomialLaw(count: one.whole("n"), probability: p))
        let test = try #require(KupiecTest(exceptions: 0, probability: p, law: law))
        check(one, "min_accepted", test.fewestAccepted.map(Double.init))
        check(one, "max_accepted", test.mostAccepted.map(Double.init))
      case "christoffersen_independence":
        let ratio = ExceptionTransitions(
          n00: one.whole("n00"), n01: one.whole("n01"), n10: one.whole("n10"),
          n11: one.whole("n11")
        ).likelihoodRatio
        check(one, "lr", ratio)
        check(one, "p_value", ChiSquare.upperTailOfOne(ratio))
      case "basel_traffic_light":
        let law = try #require(BinomialLaw(count: one.whole("n"), probability: one.number("p")))
        let level = try #require(ConfidenceLevel(decimal: "0.99"))
        let light = try #require(TrafficLight(exceptions: one.whole("exceptions"), level: level, law: law))
        check(one, "cumulative_percent", 100 * light.cumulativeProbability)
        check(one, "zone", TrafficLight.Zone.allCases.firstIndex(of: light.zone).map(Double.init))
      case "basel_multipliers":
        let law = try #require(BinomialLaw(count: 250, probability: 0.01))
        let level = try #require(ConfidenceLevel(decimal: "0.99"))
        for (key, multiplier) in [("basel_1996", \TrafficLight.multiplier1996), ("frtb", \.multiplierFRTB)] {
          let found = try one.numbers("exceptions").map { count in
            try #require(TrafficLight(exceptions: Int(count), level: level, law: law)?[keyPath: multiplier])
          }
          #expect(one.faults(key, found) == [])
        }
      case "acerbi_szekely":
        let date = try #require(Instant(year: 2026, month: 1, day: 1))
        let days = zip(zip(one.numbers("var"), one.numbers("es")), one.numbers("pnl")).map {
          BacktestDay(date: date, valueAtRisk: $0.0, expectedShortfall: $0.1, profit: $1)
        }
        let test = try #require(AcerbiSzekelyTest(days, probability: one.number("alpha"), seed: 1))
        check(one, "z1", test.z1)
        check(one, "z2", test.z2)
        check(one, "exceptions", Double(days.count(where: \.isException)))
      default: Issue.record("\(one.id): the model \(one.model) is not met")
      }
    }
  }
}

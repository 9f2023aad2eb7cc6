import Foundation
import MarketModel
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// The published cases of `shared/reference/pricing_cases.json`, topic `backtest`, each within its own tolerance.
@Suite struct BacktestReferenceTests {
  private struct Case {
    let id: String
    let model: String
    let inputs: [String: Any]
    let expected: [String: Any]
    let tolerance: [String: Any]

    func bound(_ key: String, _ expected: Double) -> Double {
      let value =
        (tolerance["value"] as? NSNumber)?.doubleValue
        ?? ((tolerance["value"] as? [String: NSNumber])?[key]?.doubleValue ?? 0)
      return tolerance["kind"] as? String == "rel" ? value * abs(expected) : value
    }

    func expect(_ key: String, _ found: Double?) throws {
      let expected = try #require(expected[key] as? NSNumber).doubleValue
      let found = try #require(found)
      #expect(abs(found - expected) <= bound(key, expected), "\(id) \(key): \(found), expected \(expected)")
    }

    func number(_ key: String) throws -> Double { try #require(inputs[key] as? NSNumber).doubleValue }
    func whole(_ key: String) throws -> Int { try #require(inputs[key] as? NSNumber).intValue }
    func numbers(_ key: String) throws -> [Double] {
      try #require(inputs[key] as? [NSNumber]).map(\.doubleValue)
    }
  }

  private static func cases() throws -> [Case]? {
    guard let data = SharedFolder.read("reference/pricing_cases.json") else { return nil }
    let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return try #require(document["cases"] as? [[String: Any]]).filter { $0["topic"] as? String == "backtest" }
      .map {
        Case(
          id: $0["id"] as? String ?? "", model: $0["model"] as? String ?? "",
          inputs: $0["inputs"] as? [String: Any] ?? [:], expected: $0["expected"] as? [String: Any] ?? [:],
          tolerance: $0["tolerance"] as? [String: Any] ?? [:])
      }
  }

  @Test func `every published case is met`() throws {
    guard let cases = try Self.cases() else { return }
    #expect(cases.count == 17)
    for one in cases {
      switch one.model {
      case "kupiec_pof":
        let p = try one.number("p")
        let law = try #require(BinomialLaw(count: one.whole("n"), probability: p))
        let test = try #require(KupiecTest(exceptions: one.whole("failures"), probability: p, law: law))
        try one.expect("lr", test.likelihoodRatio)
        try one.expect("p_value", test.pValue)
      case "kupiec_nonrejection_region":
        let p = try one.number("p")
        let law = try #require(BinomialLaw(count: one.whole("n"), probability: p))
        let test = try #require(KupiecTest(exceptions: 0, probability: p, law: law))
        try one.expect("min_accepted", test.fewestAccepted.map(Double.init))
        try one.expect("max_accepted", test.mostAccepted.map(Double.init))
      case "christoffersen_independence":
        let ratio = ExceptionTransitions(
          n00: try one.whole("n00"), n01: try one.whole("n01"), n10: try one.whole("n10"),
          n11: try one.whole("n11")
        ).likelihoodRatio
        try one.expect("lr", ratio)
        try one.expect("p_value", ChiSquare.upperTailOfOne(ratio))
      case "basel_traffic_light":
        let law = try #require(BinomialLaw(count: one.whole("n"), probability: one.number("p")))
        let level = try #require(ConfidenceLevel(decimal: "0.99"))
        let light = try #require(TrafficLight(exceptions: one.whole("exceptions"), level: level, law: law))
        try one.expect("cumulative_percent", 100 * light.cumulativeProbability)
        try one.expect("zone", TrafficLight.Zone.allCases.firstIndex(of: light.zone).map(Double.init))
      case "basel_multipliers":
        let law = try #require(BinomialLaw(count: 250, probability: 0.01))
        let level = try #require(ConfidenceLevel(decimal: "0.99"))
        for (key, multiplier) in [("basel_1996", \TrafficLight.multiplier1996), ("frtb", \.multiplierFRTB)] {
          let expected = try #require(one.expected[key] as? [NSNumber]).map(\.doubleValue)
          for (count, value) in zip(try one.numbers("exceptions"), expected) {
            let light = try #require(TrafficLight(exceptions: Int(count), level: level, law: law))
            #expect(abs(try #require(light[keyPath: multiplier]) - value) <= 1e-12)
          }
        }
      case "acerbi_szekely":
        let date = try #require(Instant(year: 2026, month: 1, day: 1))
        let days = zip(zip(try one.numbers("var"), try one.numbers("es")), try one.numbers("pnl")).map {
          BacktestDay(date: date, valueAtRisk: $0.0, expectedShortfall: $0.1, profit: $1)
        }
        let test = try #require(AcerbiSzekelyTest(days, probability: one.number("alpha"), seed: 1))
        try one.expect("z1", test.z1)
        try one.expect("z2", test.z2)
        try one.expect("exceptions", Double(days.count(where: \.isException)))
      default: Issue.record("\(one.id): the model \(one.model) is not met")
      }
    }
  }
}

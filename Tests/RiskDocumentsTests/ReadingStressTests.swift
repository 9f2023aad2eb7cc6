import MarketModel
import RiskDocuments
import Testing

/// What `run.json` says of stresses.
struct ReadingStressTests {
  private func plan(_ keys: String) -> Result<RunPlan, DocumentError> {
    SmallBook().with("run.json", "{\"schema\": \"plimsoll.run/1\", \(keys)}").read().map(\.plan)
  }

  private func stress(_ keys: String) throws -> StressScenario {
    try #require(try plan("\"stress\": [{\"scenario\": \"s\", \(keys)}]").get().stress.first)
  }

  @Test("every source of moves reaches the plan")
  func sources() throws {
    #expect(
      try stress("\"spot\": -0.2, \"volatility\": 0.3").uniform.map { [$0.spot, $0.volatility] } == [
        -0.2, 0.3,
      ])
    let from = try #require(Instant(year: 2020, month: 3, day: 11))
    let to = try #require(Instant(year: 2020, month: 3, day: 13))
    let history = try stress("\"history\": {\"from\": \"2020-03-11\", \"to\": \"2020-03-13\"}")
    #expect(history.source == .history(from: from, to: to) && history.uniform == nil)
    #expect(try stress("\"worst_history\": {\"days\": 10}").source == .worstHistory(days: 10))
    #expect(try stress("\"preset\": \"equities-1987-10-19\"").source == .preset(.equities19871019))
    let ladder = StressLadder(spots: [-0.1, 0.1], volatilities: [0])
    #expect(try stress("\"ladder\": {\"spot\": [-0.1, 0.1]}").source == .ladder(ladder))
    var breaking = CorrelationBreak(pattern: .against, deviations: 4, horizonDays: 2)
    breaking.against = Identifier("ETH")
    let text =
      "{\"pattern\": \"against\", \"against\": \"ETH\", \"deviations\": 4, \"horizon_days\": 2}"
    #expect(try stress("\"correlation_break\": \(text)").source == .correlationBreak(breaking))
  }

  @Test("what comes on top reaches the plan")
  func overlays() throws {
    let found = try stress(
      """
      "skew": -0.2, "basis": 0.01, "rates": 0.02, "days": 3,
      "moves": [{"underlying": "ETH", "spot": -0.3, "volatility": 0.5}],
      "depeg": {"asset": "USDC", "price": 0.9}, "funding_spike": {"rate_8h": 0.003, "hours": 72}
      """)
    #expect([found.skew, found.basis, found.rates, found.days] == [-0.2, 0.01, 0.02, 3])
    let ether = try #require(Identifier("ETH"))
    #expect(found.moves == [UnderlyingStress(underlying: ether, spot: -0.3, volatility: 0.5)])
    #expect(found.depeg?.price == 0.9)
    #expect(found.funding == FundingSpike(rate8h: 0.003, hours: 72))
    let reverse = try plan("\"reverse_stress\": [{\"loss\": 10}, {\"loss_fraction_of_equity\": 0.5}]").get()
    #expect(reverse.reverseStress.map(\.loss) == [.amount(10), .fractionOfEquity(0.5)])
  }

  @Test(
    "what is no stress stops the run and says where",
    arguments: [
      ("\"spot\": -0.1, \"preset\": \"crypto-2020-03-12\"", "preset"), ("\"preset\": \"crypto\"", "preset"),
      ("\"history\": {\"from\": \"2020-03-13\", \"to\": \"2020-03-11\"}", "history/to"),
      ("\"history\": {\"from\": \"yesterday\", \"to\": \"2020-03-11\"}", "history/from"),
      ("\"worst_history\": {\"days\": 0}", "worst_history/days"),
      ("\"ladder\": {\"spot\": []}", "ladder/spot"), ("\"ladder\": {}, \"volatility\": 0.1", "volatility"),
      ("\"correlation_break\": {\"pattern\": \"against\"}", "correlation_break/against"),
      ("\"moves\": [{\"underlying\": \"ETH\"}, {\"underlying\": \"ETH\"}]", "moves/1/underlying"),
      ("\"depeg\": {\"asset\": \"USDC\", \"price\": 0}", "depeg/price"),
      ("\"funding_spike\": {\"rate_8h\": 2, \"hours\": 1}", "funding_spike/rate_8h"),
      ("\"days\": -1", "days"),
    ])
  func refusals(keys: String, place: String) {
    guard case .failure(let error) = plan("\"stress\": [{\"scenario\": \"s\", \(keys)}]") else {
      Issue.record("expected a refusal of \(keys)")
      return
    }
    #expect(error.path == "run.json#/stress/0/\(place)")
  }
}

import MarketModel
import RiskDocuments
import Testing

/// What `run.json` says of requirements that follow volatility: `margin.dynamic`.
struct ReadingDynamicTests {
  static func plan(_ dynamic: String) -> Result<RunPlan, DocumentError> {
    ReadingComparisonTests.plan("\"margin\": {\"dynamic\": \(dynamic)}")
  }

  @Test("a plan is read key by key, and absent where run.json has none")
  func whole() throws {
    let text = """
      {"volatility": "garch", "alpha": 0.1, "beta": 0.8, "reference_volatility": 0.6, "floor": 0.5,
       "cap": 3, "tools": {"buffer": 0.3, "stressed_weight": 0.4, "stressed_days": 90, "ten_year_floor": false}}
      """
    var expected = DynamicMarginPlan()
    expected.volatility = .garch
    (expected.alpha, expected.beta) = (0.1, 0.8)
    expected.reference = 0.6
    (expected.floor, expected.cap) = (0.5, 3)
    (expected.buffer, expected.stressedWeight, expected.stressedDays) = (0.3, 0.4, 90)
    expected.hasTenYearFloor = false
    #expect(try Self.plan(text).get().dynamic == expected)
    #expect(try Self.plan("{\"decay\": 0.9}").get().dynamic?.decay == 0.9)
    #expect(try Self.plan("{}").get().dynamic == DynamicMarginPlan())
    #expect(try ReadingComparisonTests.plan("\"margin\": {}").get().dynamic == nil)
  }

  @Test(
    "what is no plan stops the run and says where",
    arguments: [
      ("{\"volatility\": \"arch\"}", "/volatility"), ("{\"decay\": 1}", "/decay"),
      ("{\"volatility\": \"garch\", \"alpha\": 0.3, \"beta\": 0.7}", "/beta"),
      ("{\"alpha\": 0.1}", "/alpha"), ("{\"volatility\": \"garch\", \"decay\": 0.9}", "/decay"),
      ("{\"floor\": 2, \"cap\": 1}", "/cap"),
      ("{\"tools\": {\"buffer\": -0.1}}", "/tools/buffer"),
      ("{\"tools\": {\"ten_year_floor\": 1}}", "/tools/ten_year_floor"), ("{\"lambda\": 0.9}", "/lambda"),
    ])
  func faults(_ text: String, _ path: String) {
    switch Self.plan(text) {
    case .success: Issue.record("\(text) was read")
    case .failure(let error): #expect(error.path.contains("/margin/dynamic\(path)"), "\(error.sentence)")
    }
  }
}

import MarginModels
import MarketModel
import RiskDocuments
import Testing

/// What `run.json` says of venues and of how far margin is taken apart.
struct ReadingComparisonTests {
  static func plan(_ keys: String) -> Result<RunPlan, DocumentError> {
    SmallBook().with("run.json", "{\"schema\": \"plimsoll.run/1\", \(keys)}").read().map(\.plan)
  }

  static let triple = ComparisonPlan(isolated: "deribit-sm", cross: "derive-srm", portfolio: "derive-pmrm2")

  @Test("a comparison is a venue by name, three models, or a list of both whose first is the primary")
  func venues() throws {
    let object = "{\"isolated\": \"deribit-sm\"}"
    for text in ["\"derive\"", "[\"derive\"]"] {
      let plan = try Self.plan("\"compare\": \(text)").get()
      #expect(plan.comparison == ComparisonPlan() && plan.comparisonsBeside.isEmpty)
      #expect(plan.stated == .comparison)
      #expect(plan.comparison.venue == "derive")
    }
    let both = try Self.plan("\"compare\": [\(object), \"derive\"]").get()
    #expect(both.comparison == Self.triple && both.comparisonsBeside == [ComparisonPlan()])
    #expect(Self.triple.venue == "deribit-sm,derive-srm,derive-pmrm2")
    #expect(try Self.plan("\"seed\": 3").get().stated == [])
  }

  @Test("how far margin is taken apart is summary, or full where run.json says so")
  func detail() throws {
    #expect(try Self.plan("\"seed\": 3").get().marginDetail == .summary)
    let full = try Self.plan("\"margin\": {\"detail\": \"full\"}").get()
    #expect(full.marginDetail == .full && full.stated == .marginDetail)
    #expect(full.marginModels == RunPlan().marginModels)
  }

  @Test(
    "what is no comparison stops the run and says where",
    arguments: [
      ("\"compare\": \"drive\"", "run.json#/compare"),
      ("\"compare\": []", "run.json#/compare"),
      ("\"compare\": [\"derive\", {}]", "run.json#/compare/1"),
      ("\"compare\": [7]", "run.json#/compare/0"),
      ("\"compare\": [{\"crossed\": \"derive-srm\"}]", "run.json#/compare/0/crossed"),
      ("\"margin\": {\"detail\": \"everything\"}", "run.json#/margin/detail"),
    ])
  func refused(keys: String, path: String) throws {
    guard case .failure(let error) = Self.plan(keys) else {
      Issue.record("\(keys) was read")
      return
    }
    #expect(error.path == path)
  }
}

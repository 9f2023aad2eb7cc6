import MarketModel
import RiskDocuments
import Testing

/// What `run.json` says of the covariance behind value at risk.
struct ReadingCovarianceTests {
  private func plan(_ covariance: String) -> Result<CovariancePlan?, DocumentError> {
    let entry = "\"value_at_risk\": [{\"covariance\": \(covariance)}]"
    return SmallBook().with("run.json", "{\"schema\": \"plimsoll.run/1\", \(entry)}").read()
      .map(\.plan.valueAtRisk.first?.covariance)
  }

  @Test("every key reaches the plan, and what is left out has its default")
  func keys() throws {
    #expect(try plan("{}").get() == CovariancePlan())
    for estimator in CovariancePlan.Estimator.allCases {
      let found = try plan("{\"estimator\": \"\(estimator.rawValue)\"}").get()
      #expect(found == CovariancePlan(estimator: estimator, prefersHistory: true))
    }
    let all = try plan(
      """
      {"estimator": "ewma", "decay": 0.97, "repair": true, "gaps": "pairwise", "return_days": 5}
      """
    ).get()
    #expect(
      all
        == CovariancePlan(
          estimator: .ewma, decay: 0.97, repairs: true, gaps: .pairwise, returnDays: 5, prefersHistory: true))
  }

  @Test("who says how to read the history prefers it to a quoted correlation; a repair alone does not")
  func preference() throws {
    for keys in ["\"estimator\": \"sample\"", "\"gaps\": \"common\"", "\"return_days\": 1"] {
      #expect(try plan("{\(keys)}").get()?.prefersHistory == true)
    }
    #expect(try plan("{\"repair\": true, \"decay\": 0.9}").get()?.prefersHistory == false)
  }

  @Test(
    "what is no covariance stops the run and says where",
    arguments: [
      ("{\"estimator\": \"shrunk\"}", "estimator"), ("{\"gaps\": \"filled\"}", "gaps"),
      ("{\"return_days\": 0}", "return_days"), ("{\"return_days\": 1.5}", "return_days"),
      ("{\"decay\": 1}", "decay"), ("{\"repair\": 1}", "repair"), ("{\"lambda\": 0.9}", "lambda"),
    ])
  func refused(covariance: String, key: String) {
    guard case .failure(let error) = plan(covariance) else {
      Issue.record("\(covariance) was read")
      return
    }
    #expect(error.path == "run.json#/value_at_risk/0/covariance/\(key)")
  }
}

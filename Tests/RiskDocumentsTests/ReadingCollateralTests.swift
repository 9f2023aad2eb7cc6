import MarketModel
import RiskDocuments
import Testing

/// What `run.json` says of collateral: `margin.collateral`.
struct ReadingCollateralTests {
  static func plan(_ collateral: String) -> Result<RunPlan, DocumentError> {
    ReadingComparisonTests.plan("\"margin\": {\"collateral\": \(collateral)}")
  }

  @Test("a plan of haircuts is read key by key, and absent where run.json has none")
  func whole() throws {
    let text = """
      {"assets": [{"asset": "ETH", "haircut": 0.1, "latency_seconds": 900, "volatility": 0.8, "beta": 1.2},
                  {"asset": "other", "haircut": 0.5}],
       "depeg": [{"asset": "USDC", "price": 0.97}],
       "concentration": {"by_share": [{"above": 0.25, "haircut": 0.1}, {"above": 0.5, "haircut": 0.3}],
                         "by_value": [{"above": 1000000, "haircut": 0.2}], "assets": ["ETH"]},
       "oracle": {"threshold": 0.55, "factor": 1}, "wrong_way": {"move": 0.2},
       "borrow": {"horizon_days": 30, "rates": [{"asset": "USDC", "rate": 0.08}, {"asset": "other", "rate": 0.2}]}}
      """
    let plan = try #require(try Self.plan(text).get().collateral)
    let (eth, usdc) = (try #require(Identifier("ETH")), try #require(Identifier("USDC")))
    #expect(
      plan
        == CollateralPlan(
          assets: [
            .init(asset: eth, haircut: 0.1, latencySeconds: 900, volatility: 0.8, beta: 1.2),
            .init(asset: nil, haircut: 0.5),
          ],
          depeg: [Depeg(asset: usdc, price: 0.97)],
          concentration: .init(
            byShare: [.init(above: 0.25, haircut: 0.1), .init(above: 0.5, haircut: 0.3)],
            byValue: [.init(above: 1e6, haircut: 0.2)], assets: [eth]),
          oracle: .init(threshold: 0.55, factor: 1), wrongWayMove: 0.2,
          borrowRates: [.init(asset: usdc, rate: 0.08), .init(asset: nil, rate: 0.2)], borrowDays: 30))
    #expect(try ReadingComparisonTests.plan("\"margin\": {}").get().collateral == nil)
    #expect(try Self.plan("{}").get().collateral == CollateralPlan())
  }

  @Test(
    "what is no plan of haircuts stops the run and says where",
    arguments: [
      ("7", ""), ("{\"asset\": []}", "/asset"), ("{\"assets\": [{}]}", "/assets/0/asset"),
      ("{\"assets\": [{\"asset\": \"ETH\", \"haircut\": 1.5}]}", "/assets/0/haircut"),
      ("{\"assets\": [{\"asset\": \"ETH\", \"latency_seconds\": 900}]}", "/assets/0/volatility"),
      ("{\"assets\": [{\"asset\": \"ETH\", \"volatility\": 0.8}]}", "/assets/0/latency_seconds"),
      ("{\"assets\": [{\"asset\": \"ETH\"}, {\"asset\": \"ETH\"}]}", "/assets/1"),
      ("{\"depeg\": [{\"asset\": \"USDC\", \"price\": 0}]}", "/depeg/0/price"),
      ("{\"depeg\": [{\"asset\": \"A\", \"price\": 1}, {\"asset\": \"A\", \"price\": 1}]}", "/depeg/1"),
      ("{\"concentration\": {}}", "/concentration/by_share"),
      (
        "{\"concentration\": {\"by_share\": [{\"above\": 2, \"haircut\": 0}]}}",
        "/concentration/by_share/0/above"
      ),
      (
        "{\"concentration\": {\"by_value\": [{\"above\": 2, \"haircut\": 0.1}, {\"above\": 2, \"haircut\": 0.2}]}}",
        "/concentration/by_value/1/above"
      ),
      (
        "{\"concentration\": {\"by_value\": [{\"above\": 1, \"haircut\": 0.2}, {\"above\": 2, \"haircut\": 0.1}]}}",
        "/concentration/by_value/1/haircut"
      ),
      ("{\"oracle\": {\"threshold\": 0.5}}", "/oracle/factor"),
      ("{\"wrong_way\": {\"move\": -0.2}}", "/wrong_way/move"),
      ("{\"borrow\": {\"rates\": [{\"asset\": \"A\", \"rate\": 0.1}]}}", "/borrow/horizon_days"),
      ("{\"borrow\": {\"horizon_days\": 1, \"rates\": []}}", "/borrow/rates"),
      (
        "{\"borrow\": {\"horizon_days\": 1, \"rates\": [{\"asset\": \"A\", \"rate\": -1}]}}",
        "/borrow/rates/0/rate"
      ),
    ])
  func refused(collateral: String, path: String) throws {
    guard case .failure(let error) = Self.plan(collateral) else {
      Issue.record("\(collateral) was read")
      return
    }
    #expect(error.path == "run.json#/margin/collateral" + path)
  }
}

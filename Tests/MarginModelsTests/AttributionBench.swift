import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics

/// Random books on the two-coin desk, with a twin of every instrument: the same terms under another name.
struct AttributionBench {
  let desk: CapitalDesk
  let accounts: [CapitalDesk.Account]
  let valued: ValuedBook
  let engine: MarginEngine
  let context: MarginContext

  init(_ accounts: [CapitalDesk.Account], comparison: ComparisonPlan = ComparisonPlan()) throws {
    desk = CapitalDesk().withTwins()
    self.accounts = accounts
    valued = try desk.valued(accounts, on: desk.market())
    context = MarginContext(of: valued)
    engine = try MarginEngine(
      book: valued, models: [comparison.portfolio], comparison: comparison, stress: StressScenario.standard,
      parts: .comparison, team: CapitalDesk.team)
  }

  /// Books of 1 to `lines` positions.
  static func random(
    _ count: Int, seed: UInt64, lines: Int, portfolio: String = "derive-pmrm2"
  ) throws -> AttributionBench {
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    return try AttributionBench(
      (0..<count).map { desk.randomAccount(&random, lines: 1 + $0 % lines) },
      comparison: ComparisonPlan(portfolio: portfolio))
  }

  func detail(_ account: Int, seed: UInt64 = 1) -> AttributionDetail? {
    engine.attributionDetail(ofAccount: account, seed: seed)
  }
}

extension AttributionDetail {
  /// A size for tolerances: everything that is summed, without cancellation.
  var scale: Double { shapley.reduce(1) { $0 + abs($1.alone) + abs($1.share) } }

  func share(of instrument: String) -> ShapleyShare? { shapley.first { $0.instrument.text == instrument } }
}

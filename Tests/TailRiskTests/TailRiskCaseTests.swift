import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct TailRiskCaseTests {
  private let team = ThreadTeam(threadCount: 2)

  private func run(
    _ sample: SampleBook, _ level: String = "0.99", paths: Int = 1_000, history: PriceHistory? = nil
  ) throws -> MonteCarloEngine {
    try MonteCarloEngine(
      book: BookValuation.value(try #require(sample.book(history: history)), team: team),
      plan: ValueAtRiskPlan(
        confidence: [try #require(ConfidenceLevel(decimal: level))], paths: paths), seed: 1, team: team)
  }

  @Test(
    "ranks and intervals are those of exact arithmetic",
    arguments: [
      ("0.99", 250, 248, 244, 250, 0.9052400359826149), ("0.95", 500, 475, 465, 485, 0.960498735515962),
      ("0.975", 1_000, 975, 965, 985, 0.957891715545376),
      ("0.99", 10_000, 9_900, 9_880, 9_920, 0.9557546828065552),
      ("0.9", 10, 9, 7, 10, 0.6385263615),
    ])
  func ranks(level: String, paths: Int, rank: Int, lower: Int, upper: Int, coverage: Double) throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    let figure = try #require(try run(sample, level, paths: paths).figures(ofAccount: 0).first)
    #expect(figure.rank == rank)
    #expect(figure.interval.lowerRank == lower && figure.interval.upperRank == upper)
    #expect(abs(figure.interval.confidence - coverage) < 1e-12)
  }

  @Test("ties and fractional weights leave no residue between the parts and the whole")
  func ties() throws {
    // The short calls end worthless on most paths, so most losses are equal.
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-7-84510-C", -1, nil), (0, "ETH-7-2460-C", -3, nil)]
    for (level, paths) in [("0.2", 37), ("0.05", 1_237), ("0.975", 1_237), ("0.975", 5_003)] {
      let result = try MonteCarloEngine(
        book: BookValuation.value(try #require(sample.book()), team: team),
        plan: ValueAtRiskPlan(
          confidence: [try #require(ConfidenceLevel(decimal: level))], horizonDays: 7.5, paths: paths),
        seed: 2, team: team)
      let figure = try #require(result.figures(ofAccount: 0).first)
      let sum = figure.components.reduce(0) { $0 + $1.expectedShortfall }
      let gross = figure.components.reduce(0) { $0 + abs($1.expectedShortfall) }
      #expect(abs(sum - figure.expectedShortfall) <= 1e-12 * gross)
      #expect(figure.expectedShortfall >= figure.valueAtRisk)
    }
  }

  @Test("fewer paths than the level needs give the worst loss and a note")
  func fewPaths() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    let result = try run(sample, "0.999", paths: 20)
    let figure = try #require(result.figures(ofAccount: 0).first)
    #expect(figure.rank == 20 && figure.valueAtRisk == figure.expectedShortfall)
    #expect(result.notes.count == 3, "the worst loss, and no error of either figure")
    #expect(figure.standardError == nil && figure.expectedShortfallStandardError == nil)
    #expect(try run(sample, "0.9", paths: 1).figures(ofAccount: 0).first?.rank == 1)
  }

  @Test("accounts that hold nothing, or cash alone, have no risk")
  func empty() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.balances = [(1, "USDC", 5_000)]
    let result = try run(sample)
    for account in 0..<2 {
      let figure = try #require(result.figures(ofAccount: account).first)
      #expect(figure.valueAtRisk == 0 && figure.expectedShortfall == 0 && figure.components.isEmpty)
    }
    #expect(result.failures.isEmpty)
  }

  @Test("an asset without covariance does not move, and who holds it has a failure instead of a figure")
  func unmoved() throws {
    var sample = SampleBook()
    let btc = try #require(Identifier("BTC"))
    sample.correlation = Correlation(assets: [btc], matrix: [1], volatilities: [0.62])
    sample.accountCount = 2
    sample.balances = [(0, "BTC", 1), (1, "ETH", 1)]
    let result = try run(sample)
    #expect(result.figures(ofAccount: 0).count == 1)
    #expect(result.figures(ofAccount: 1).isEmpty && result.bookFigures.isEmpty)
    #expect(result.failures.map(\.reason) == [.missing, .missing])
    #expect(result.factors.map(\.name.text) == ["BTC", "ETH"])
    #expect(result.factors.map(\.moved) == [true, false])
    #expect(result.factors[1].reason != nil)
  }

  @Test("an indefinite correlation is refused with its smallest eigenvalue, perfect correlation is not")
  func correlation() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1), (0, "ETH", -65_010.5 / 1_893.25)]
    let assets = SampleBook.coins.compactMap { Identifier($0.0) }
    sample.correlation = Correlation(assets: assets, matrix: [1, 1.5, 1.5, 1], volatilities: [0.5, 0.5])
    #expect(throws: TailRiskError.self) { try run(sample) }
    sample.correlation = Correlation(assets: assets, matrix: [1, 1, 1, 1], volatilities: [0.5, 0.5])
    let figure = try #require(try run(sample).figures(ofAccount: 0).first)
    // One factor moves both, so the long and the short of the same worth cancel.
    #expect(abs(figure.valueAtRisk) < 1e-9 * 65_010.5)
  }

  @Test("history gives second moments about zero over dates where every asset has a price")
  func history() throws {
    let assets = SampleBook.coins.compactMap { Identifier($0.0) }
    func date(_ day: Int) throws -> Instant { try #require(Instant(year: 2026, month: 1, day: day)) }
    let history = PriceHistory(
      dates: [try date(1), try date(2), try date(3), try date(5)], assets: assets,
      prices: [[100, 110, nil, 121], [10, 10, 50, 9]])
    var sample = SampleBook()
    sample.correlation = nil
    sample.balances = [(0, "BTC", 1)]
    let factors = try run(sample, history: history).factors
    let growth = Elementary.log(1.1)
    // One day and three days, each ln 1.1.
    let variance = 365 * (growth * growth + growth * growth / 3) / 2
    #expect(abs(try #require(factors[0].volatility) - variance.squareRoot()) < 1e-12)
    let fall = Elementary.log(0.9)
    #expect(abs(try #require(factors[1].volatility) - (365 * fall * fall / 6).squareRoot()) < 1e-12)
  }

  @Test("a plan that is not built is refused by name")
  func unsupported() throws {
    let book = BookValuation.value(try #require(SampleBook().book()), team: team)
    var plan = ValueAtRiskPlan.standard
    plan.method = .parametric
    #expect(throws: TailRiskError.unsupported(field: "method", value: "parametric")) {
      try MonteCarloEngine(book: book, plan: plan, seed: 1, team: team)
    }
    plan = ValueAtRiskPlan.standard
    plan.horizonDays = -1
    #expect(throws: TailRiskError.outOfRange(field: "horizon_days", value: -1)) {
      try MonteCarloEngine(book: book, plan: plan, seed: 1, team: team)
    }
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics
import TestSupport
import Testing

@testable import TailRisk

@Suite struct ReverseStressTests {
  private let team = ThreadTeam(threadCount: 1)
  private let spot = SampleBook.coins[0].1

  private func first(_ figures: [StressFigure?]) throws -> StressFigure {
    try #require(figures.first.flatMap { $0 })
  }

  private func figures(
    _ sample: SampleBook, _ losses: [ReverseStressPlan.Loss], days: Double = 1, account: Int = 0
  ) throws -> [ReverseStressFigure] {
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let plans = losses.map { ReverseStressPlan(loss: $0, horizonDays: days) }
    return try ReverseStress(book, plans: plans).figures(ofAccount: account)
  }

  @Test("a coin loses X at the distance of the closed form", arguments: [1.0, 10])
  func coin(days: Double) throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 2)]
    let deviation = 0.62 * (days / 365).squareRoot()
    for share in [1e-6, 0.01, 0.1, 0.3] {
      let figure = try #require(
        try figures(sample, [.amount(share * 2 * spot)], days: days).first)
      // 2·S·(1 - e^x) = X at x = ln(1 - X/(2·S)).
      let distance = -Elementary.logOnePlus(-share) / deviation
      let found = try #require(figure.distance)
      #expect(abs(found - distance) < 1e-9 * distance)
      #expect(figure.halfSpaceProbability == Elementary.normalDistribution(-found))
      #expect(abs(try #require(figure.profitAndLoss) + share * 2 * spot) < 1e-9 * spot)
      // To first order d = X/(σ·Δ·S·√h), by X/2V of it.
      #expect(abs(found - share / deviation) < 0.8 * share * found)
    }
  }

  @Test("a linear book of two coins loses a little at X over its deviation")
  func linear() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1), (0, "ETH", -20)]
    let (a, b) = (spot * 0.62, -20 * SampleBook.coins[1].1 * 0.81)
    let deviation = (a * a + b * b + 2 * 0.85 * a * b).squareRoot() / 365.0.squareRoot()
    let figure = try #require(try figures(sample, [.amount(1e-5 * deviation)]).first)
    // Curvature of e^x is of the order of the loss over the book, 10⁻⁷.
    #expect(abs(try #require(figure.distance) - 1e-5) < 1e-6 * 1e-5)
    #expect(figure.degreesOfFreedom == 2)
    // The move is Σ·Δ over its length: both coins by their covariance with the book.
    let moves = figure.moves
    let ratio = (a + 0.85 * b) / (0.85 * a + b)
    #expect(abs(moves[0].deviations / moves[1].deviations - ratio) < 1e-4 * abs(ratio))
  }

  @Test("no point of a fine grid of directions is nearer", arguments: [1, 2, 3] as [UInt64])
  func grid(seed: UInt64) throws {
    var sample = SampleBook.random(accounts: 1, positions: 14, seed: seed)
    sample.balances = []
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let risk = try RiskFactors(book.book, covariance: CovariancePlan(), horizonDays: 1)
    let portfolio = ReverseStressPortfolio(book, account: 0, risk: risk)
    #expect(portfolio.factors == [0, 1])
    let deviations = risk.volatilities.map { $0 * (1 / 365.0).squareRoot() }
    func loss(_ x: Double, _ y: Double) -> Double {
      let z = [x, y]
      let moves = zip(risk.rows, deviations).map { row, deviation in
        deviation * zip(row, z).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return portfolio.losses(moves).reduce(0, +)
    }
    // A grid of 1/8 deviation within 12: of the cells that lose an amount, the nearest.
    var cells: [(distance: Double, loss: Double)] = []
    for i in -96...96 {
      for j in -96...96 where i * i + j * j <= 96 * 96 {
        let (x, y) = (Double(i) / 8, Double(j) / 8)
        cells.append(((x * x + y * y).squareRoot(), loss(x, y)))
      }
    }
    for amount in [2e3, 2e4, 1e5] {
      let nearest = cells.filter { $0.loss >= amount }.map(\.distance).min() ?? .infinity
      let figure = try #require(try figures(sample, [.amount(amount)]).first)
      if nearest.isFinite {
        let found = try #require(figure.distance)
        // The frontier is at most half a diagonal of a cell before the nearest grid point, and never behind it.
        #expect(found <= nearest * (1 + 1e-9) && found > nearest - 0.125, "seed \(seed), \(amount)")
        #expect(abs(try #require(figure.profitAndLoss) + amount) < 1e-8 * (amount + 1e6))
      } else {
        #expect(figure.status == .unreachable || (figure.distance ?? 0) > 11.8)
      }
    }
  }

  @Test("the point is verified by a stress of its moves")
  func verified() throws {
    let sample = SampleBook.random(accounts: 2, positions: 10, seed: 12)
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let engine = try ReverseStress(book, plans: [ReverseStressPlan(loss: .amount(50_000))])
    for account in 0..<2 {
      let figure = try #require(engine.figures(ofAccount: account).first)
      guard figure.status == .found else { continue }
      let name = try #require(Identifier("point"))
      var stress = StressScenario(name: name)
      stress.moves = figure.moves.map { UnderlyingStress(underlying: $0.asset, spot: $0.spot) }
      let table = StressTable(book, scenarios: [stress], team: team)
      let profit = try first(table.figures(ofAccount: account)).profitAndLoss
      #expect(abs(profit + 50_000) < 1e-6)
    }
    let whole = try #require(engine.bookFigures(equity: 1e6).first)
    #expect(whole.status == .found)
  }

  @Test("a long straddle loses on no move, a short one on either side")
  func straddle() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    for (account, sign) in [(0, 1.0), (1, -1)] {
      sample.positions += [
        (account, "BTC_USDC-91-65010-C", sign, nil), (account, "BTC_USDC-91-65010-P", sign, nil),
      ]
    }
    let long = try #require(try figures(sample, [.amount(20_000)]).first)
    #expect(long.status == .unreachable && long.distance == nil)
    #expect(try #require(long.largestLoss) < 20_000)
    let short = try #require(try figures(sample, [.amount(10_000)], account: 1).first)
    #expect(short.status == .found && short.otherMinima.count == 1)
  }

  @Test("an empty account and one without equity have typed answers")
  func refusals() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.balances = [(1, "BTC", -1)]
    let empty = try figures(sample, [.amount(1), .fractionOfEquity(0.5)])
    #expect(empty.map(\.status) == [.unreachable, .notApplicable])
    #expect(empty[0].largestLoss == 0)
    let short = try figures(sample, [.amount(1), .fractionOfEquity(0.5)], account: 1)
    #expect(short.map(\.status) == [.found, .notApplicable])
    sample.correlation = nil
    #expect(try figures(sample, [.amount(1)], account: 1).map(\.status) == [.notApplicable])
  }

  @Test("the tail of the χ² law is that of tables")
  func chiSquare() {
    // Upper 5 % points for 1 to 5 degrees of freedom (Abramowitz and Stegun, table 26.8).
    let points = [3.841_459, 5.991_465, 7.814_728, 9.487_729, 11.070_498]
    for (place, point) in points.enumerated() {
      let tail = ChiSquare.upperTail(distance: point.squareRoot(), degreesOfFreedom: place + 1)
      #expect(abs(tail - 0.05) < 1e-7)
    }
    #expect(ChiSquare.upperTail(distance: 0, degreesOfFreedom: 3) == 1)
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

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

  @Test("nothing nearer loses as much, in any direction", arguments: [1, 2, 3] as [UInt64])
  func nearest(seed: UInt64) throws {
    var sample = SampleBook.random(accounts: 1, positions: 14, seed: seed)
    sample.balances = []
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let root = (1 / 365.0).squareRoot()
    for amount in [2e3, 2e4, 1e5] {
      let figure = try #require(try figures(sample, [.amount(amount)]).first)
      guard let distance = figure.distance else { continue }
      #expect(abs(try #require(figure.profitAndLoss) + amount) < 1e-8 * (amount + 1e6))
      // The law of χ² with two degrees of freedom is exponential.
      let beyond = try #require(figure.chiSquareProbability)
      #expect(abs(beyond - Elementary.exp(-distance * distance / 2)) < 1e-12)
      // 90 directions on each of five circles inside, moves by the factor of the correlation 0.85.
      var inside: [StressScenario] = []
      for share in [0.2, 0.5, 0.8, 0.95, 0.999] {
        for step in 0..<90 {
          let t = Double(step) / 90 * 8
          // Around a square, then on to its circle.
          let edge = t < 2 ? (1, t - 1) : t < 4 ? (3 - t, 1) : t < 6 ? (-1, 5 - t) : (t - 7, -1)
          let length = share * distance / (edge.0 * edge.0 + edge.1 * edge.1).squareRoot()
          let (x, y) = (length * edge.0, length * edge.1)
          let other = 0.85 * x + (1 - 0.85 * 0.85).squareRoot() * y
          var stress = StressScenario(name: try #require(Identifier("s\(inside.count)")))
          stress.moves = try zip(["BTC", "ETH"], [0.62 * root * x, 0.81 * root * other]).map {
            UnderlyingStress(
              underlying: try #require(Identifier($0)), spot: Elementary.expMinusOne($1))
          }
          inside.append(stress)
        }
      }
      let table = StressTable(book, scenarios: inside, team: team)
      for loss in table.figures(ofAccount: 0) {
        #expect(try #require(loss).profitAndLoss > -amount * (1 + 1e-9), "seed \(seed), \(amount)")
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
}

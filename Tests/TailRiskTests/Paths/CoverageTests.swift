import Foundation
import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// How often intervals cover a value at risk that is known: a few repeats here, 1,000 by `make coverage`.
@Suite struct CoverageTests {
  private static let repeats =
    ProcessInfo.processInfo.environment["PLIMSOLL_COVERAGE"].flatMap(Int.init) ?? 60
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1
  private let deviation = SampleBook.coins[0].2 / 365.0.squareRoot()

  enum Holding: String, CaseIterable, Sendable { case coin, straddle }

  private func sample(_ holding: Holding) -> SampleBook {
    var sample = SampleBook()
    switch holding {
    case .coin: sample.balances = [(0, "BTC", 1)]
    case .straddle:
      sample.positions = [(0, "BTC_USDC-30-65010-C", -1, nil), (0, "BTC_USDC-30-65010-P", -1, nil)]
    }
    return sample
  }

  /// The exact value at risk of a loss that has one or two points x where it equals a number.
  ///
  /// The loss as a function of the spot's normal z is read off one large simulation: the profits of a coin give z, those of
  /// the holding the loss. Between neighbouring paths it is linear to far below any tolerance here.
  private func exact(_ holding: Holding, _ level: Double) throws -> Double {
    if holding == .coin {
      return spot
        * (1
          - Elementary.exp(
            -0.5 * deviation * deviation + deviation * Elementary.normalQuantile(1 - level)))
    }
    var both = sample(holding)
    both.accountCount = 2
    both.balances = [(1, "BTC", 1)]
    var plan = ValueAtRiskPlan.standard
    plan.paths = 40_000
    plan.keepsProfits = true
    let engine = try MonteCarloEngine(
      book: BookValuation.value(try #require(both.book()), team: team), plan: plan, seed: 999, team: team)
    let losses = try #require(engine.figures(ofAccount: 0).first?.profits).map { -$0 }
    let coin = try #require(engine.figures(ofAccount: 1).first?.profits)
    let curve = zip(coin, losses).map { profit, loss in
      ((Elementary.log(1 + profit / spot) + 0.5 * deviation * deviation) / deviation, loss)
    }.sorted { $0.0 < $1.0 }
    func beyond(_ value: Double) -> Double {
      var probability = 0.0
      for (left, right) in zip(curve, curve.dropFirst()) where (left.1 > value) != (right.1 > value) {
        let z = left.0 + (value - left.1) / (right.1 - left.1) * (right.0 - left.0)
        let below = Elementary.normalDistribution(z)
        probability += left.1 > value ? below : 1 - below
      }
      return probability
    }
    var (low, high) = (0.0, try #require(losses.max()))
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if beyond(middle) > 1 - level { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  private func share(
    _ holding: Holding, _ level: ConfidenceLevel, paths: Int, _ sampling: ValueAtRiskPlan.Sampling
  ) throws -> (hits: Double, promised: Double) {
    let exact = try exact(holding, level.value)
    let book = BookValuation.value(try #require(sample(holding).book()), team: team)
    let plan = ValueAtRiskPlan(confidence: [level], paths: paths, sampling: sampling)
    let results = try (0..<Self.repeats).map { seed -> (Bool, Double) in
      let engine = try MonteCarloEngine(book: book, plan: plan, seed: UInt64(seed), team: team)
      let interval = try #require(engine.figures(ofAccount: 0).first).interval
      return (interval.lower <= exact && exact <= interval.upper, interval.confidence)
    }
    return (
      Double(results.count { $0.0 }) / Double(Self.repeats), results.first?.1 ?? 0
    )
  }

  @Test("order statistics cover as often as they say", arguments: Holding.allCases, ["0.95", "0.99"])
  func plain(holding: Holding, text: String) throws {
    let level = try #require(ConfidenceLevel(decimal: text))
    let (hits, promised) = try share(
      holding, level, paths: Self.repeats >= 1_000 ? 10_000 : 1_000, .pseudo)
    print("coverage: \(holding) \(text) pseudo \(hits) of \(promised), \(Self.repeats) repeats, seeds from 0")
    // 1.4 points are two standard deviations of a share of 1,000; few repeats have more.
    #expect(abs(hits - promised) < max(0.014, 3.5 * (0.05 / Double(Self.repeats)).squareRoot()))
  }

  @Test(
    "intervals of replicates cover at least nine times of ten", arguments: Holding.allCases, ["0.95", "0.99"])
  func replicates(holding: Holding, text: String) throws {
    let level = try #require(ConfidenceLevel(decimal: text))
    let (hits, promised) = try share(holding, level, paths: 8_192, .sobol)
    print("coverage: \(holding) \(text) sobol \(hits) of \(promised), \(Self.repeats) repeats, seeds from 0")
    // A rank on each side makes them wider than nominal where replicates hardly differ.
    #expect(hits >= 0.93 - 3 * (0.05 / Double(Self.repeats)).squareRoot())
  }
}

import Foundation
import MarketModel
import OptionPricing
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite("intervals of reduced variance") struct ReplicateCoverageTests {
  private let team = ThreadTeam(threadCount: 2)
  /// `PLIMSOLL_COVERAGE` repeats, as `make coverage` asks for; else few enough for every build.
  private static let repeats =
    ProcessInfo.processInfo.environment["PLIMSOLL_COVERAGE"].flatMap { Int($0) } ?? 80

  /// A short strangle on one coin: its loss is convex in the coin, so its quantile is known.
  private var strangle: SampleBook {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-30-71510-C", -10, nil), (0, "BTC_USDC-30-61760-P", -10, nil)]
    return sample
  }

  /// The loss at a log return of the coin, with Black's formula and the volatilities kept.
  private func loss(_ book: ValuedBook, _ x: Double) throws -> Double {
    var loss = 0.0
    for holding in book.holdings {
      let option = try #require(book.resolved[holding.instrument])
      let value = try Black76.value(
        type: option.isCall ? .call : .put, forward: option.forward * Elementary.exp(x),
        strike: option.strike, timeToExpiry: option.timeToExpiry - 1.0 / 365, volatility: option.volatility,
        rate: 0)
      loss -= holding.effectiveQuantity * (value - option.unit)
    }
    return loss
  }

  /// The loss that is passed with probability 0.01: bisection on the loss, and on the returns either side of the least.
  private func exactValueAtRisk(_ book: ValuedBook) throws -> Double {
    let s = 0.62 / 365.0.squareRoot()
    func end(_ side: Double, _ value: Double) throws -> Double {
      var (low, high) = (0.0, 0.5)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if try loss(book, side * middle) < value { low = middle } else { high = middle }
      }
      return side * low
    }
    var (low, high) = (try loss(book, 0), try loss(book, 0.3))
    for _ in 0..<50 {
      let value = (low + high) / 2
      let down = (try end(-1, value) + 0.5 * s * s) / s
      let up = (try end(1, value) + 0.5 * s * s) / s
      let beyond = Elementary.normalDistribution(down) + Elementary.normalDistribution(-up)
      if beyond > 0.01 { low = value } else { high = value }
    }
    return (low + high) / 2
  }

  @Test(
    "95 of 100 intervals hold the value at risk of a short strangle",
    arguments: [ValueAtRiskPlan.VarianceReduction.importance, .importanceStratified, .controlVariate])
  func coverage(reduction: ValueAtRiskPlan.VarianceReduction) throws {
    let book = BookValuation.value(try #require(strangle.book()), team: team)
    let exact = try exactValueAtRisk(book)
    let plan = ValueAtRiskPlan(
      confidence: [try #require(ConfidenceLevel(decimal: "0.99"))], paths: 10_000,
      varianceReduction: reduction)
    var held = 0
    var sum = 0.0
    for seed in 0..<Self.repeats {
      let figure = try #require(
        try TailMeasures.prepare(book: book, plan: plan, seed: UInt64(1_000 + seed), team: team)
          .figures(ofAccount: 0).first)
      #expect(figure.interval.kind == (reduction == .controlVariate ? .orderStatistics : .replicates))
      sum += figure.valueAtRisk
      if figure.interval.lower <= exact, exact <= figure.interval.upper { held += 1 }
    }
    let share = Double(held) / Double(Self.repeats)
    print(reduction, "seeds from 1000:", share, "exact", exact, "mean", sum / Double(Self.repeats))
    // 93 to 97 of 100 over a thousand repeats, which is three standard errors; as wide for fewer.
    let width = max(0.02, 3 * (0.95 * 0.05 / Double(Self.repeats)).squareRoot())
    #expect(abs(share - 0.95) <= width)
  }
}

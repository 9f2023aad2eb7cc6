import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite("importance sampling on real chains") struct ChainVarianceTests {
  private let team = ThreadTeam(threadCount: 2)

  private func sample(
    _ book: ValuedBook, _ reduction: ValueAtRiskPlan.VarianceReduction, seeds: Range<UInt64>
  ) throws -> [ValueAtRiskFigure] {
    let plan = ValueAtRiskPlan(
      confidence: [try #require(ConfidenceLevel(decimal: "0.99"))], paths: 10_000,
      varianceReduction: reduction)
    return try seeds.map { seed in
      try #require(
        try TailMeasures.prepare(book: book, plan: plan, seed: seed, team: team).figures(ofAccount: 0).first)
    }
  }

  private func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  @Test("the variance of the 99 % value at risk of short options falls tenfold and more")
  func shortOptions() throws {
    let names = SharedFolder.list(ChainBook.folder).filter { $0.hasSuffix(".csv") }
    // The first and the last chain.
    for name in Set([names.first, names.last].compactMap { $0 }).sorted() {
      guard let chain = ChainBook(name) else { return }
      for (kind, quantity) in [
        ("strangles", ChainBook.strangles), ("straddles", ChainBook.straddles),
        ("put spreads", ChainBook.putSpreads),
      ] {
        let book = BookValuation.value(try #require(chain.book(quantity)), team: team)
        #expect(!book.holdings.isEmpty)
        // Seeds 1 to 12: a ratio of two variances of 12 draws is known to a factor of 3.5 in 95 of 100 cases, and
        // the measured ones are eight times the bound and more.
        let plain = try sample(book, .none, seeds: 1..<13)
        let tilted = try sample(book, .importanceStratified, seeds: 1..<13)
        #expect(tilted.allSatisfy { $0.sampling?.fallback == nil })
        let ratio = variance(plain.map(\.valueAtRisk)) / variance(tilted.map(\.valueAtRisk))
        let tails = tilted.compactMap { $0.sampling?.varianceRatio }.reduce(0, +) / Double(tilted.count)
        print(name, kind, book.holdings.count, "value at risk", ratio, "tail probability", tails)
        #expect(ratio > 10)
        #expect(tails > 10)
        let means = [plain, tilted].map { $0.map(\.valueAtRisk).reduce(0, +) / Double($0.count) }
        let error = (variance(plain.map(\.valueAtRisk)) / Double(plain.count)).squareRoot()
        #expect(abs(means[0] - means[1]) < 4 * error)
      }
    }
  }
}

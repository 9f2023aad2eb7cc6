import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct TailRiskLawTests {
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1

  private func levels(_ texts: String...) -> [ConfidenceLevel] {
    texts.compactMap(ConfidenceLevel.init(decimal:))
  }

  private func value(_ sample: SampleBook, history: PriceHistory? = nil) throws -> ValuedBook {
    BookValuation.value(try #require(sample.book(history: history)), team: team)
  }

  private func engine(
    _ sample: SampleBook, days: Double = 1, paths: Int = 10_000, seed: UInt64 = 7
  ) throws -> MonteCarloEngine {
    try MonteCarloEngine(
      book: try value(sample),
      plan: ValueAtRiskPlan(confidence: levels("0.95", "0.99"), horizonDays: days, paths: paths),
      seed: seed, team: team)
  }

  @Test("ten coins have the value at risk of the normal law")
  func coin() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 10)]
    let figure = try #require(try engine(sample).figures(ofAccount: 0).last)
    // V(1 − exp(−½σ²h + σ√h·z)) at z = N⁻¹(0.01), σ = 0.62, h = 1/365.
    let deviation = try #require(figure.standardError)
    #expect(abs(figure.valueAtRisk - 47_590) < 2 * deviation)
    // V(1 − E[e^x | tail]) = V(1 − N(z − σ√h)/0.01).
    let s = 0.62 / 365.0.squareRoot()
    let z = Elementary.normalQuantile(0.01)
    let shortfall = 10 * spot * (1 - Elementary.normalDistribution(z - s) / 0.01)
    let error = try #require(figure.expectedShortfallStandardError)
    #expect(abs(figure.expectedShortfall - shortfall) < 2 * error)
    #expect(figure.rank == 9_900)
    #expect(figure.interval.lower < 47_590 && figure.interval.upper > 47_590)
    #expect(
      figure.components == [
        .init(
          name: try #require(Identifier("BTC")), valueAtRisk: figure.valueAtRisk,
          expectedShortfall: figure.expectedShortfall)
      ])
  }

  @Test("one coin and a short inverse perpetual of its size have no value at risk")
  func hedgedCoin() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC-PERPETUAL", -spot * 1.0003, nil)]
    sample.balances = [(0, "BTC", 1)]
    for figure in try engine(sample).figures(ofAccount: 0) {
      #expect(abs(figure.valueAtRisk) < 1e-9 * spot)
      #expect(abs(figure.expectedShortfall) < 1e-9 * spot)
    }
  }

  @Test(
    "a call minus a put minus a forward has neither value at risk nor stress loss",
    arguments: [(true, 1.0), (false, 1), (true, 45), (false, 45)])
  func synthetic(isInverse: Bool, days: Double) throws {
    // 45 days reach beyond the expiry: both sides are then settled on the path's spot.
    var sample = SampleBook()
    let stem = isInverse ? "BTC" : "BTC_USDC"
    let strike = 61_760.0
    sample.positions = [
      (0, "\(stem)-30-61760-C", 1, nil), (0, "\(stem)-30-61760-P", -1, nil),
      (0, "\(stem)-F30", isInverse ? -strike : -1, strike),
    ]
    for figure in try engine(sample, days: days).figures(ofAccount: 0) {
      #expect(abs(figure.valueAtRisk) < 1e-9 * spot)
      #expect(abs(figure.expectedShortfall) < 1e-9 * spot)
    }
    let stress = StressTable(try value(sample), scenarios: StressScenario.standard, team: team)
    for figure in stress.figures(ofAccount: 0) {
      #expect(abs(try #require(figure).profitAndLoss) < 1e-9 * spot)
    }
  }

  @Test("neither threads nor memory nor kernel level change a bit")
  func sameBits() throws {
    let sample = SampleBook.random(accounts: 40, positions: 15, seed: 11)
    let book = try value(sample)
    let plan = ValueAtRiskPlan(confidence: levels("0.95", "0.99"), horizonDays: 10, paths: 5_000)
    let one = try MonteCarloEngine(book: book, plan: plan, seed: 3, team: ThreadTeam(threadCount: 1))
    let figures = (0..<40).map { one.figures(ofAccount: $0) }
    #expect(figures.allSatisfy { $0.count == 2 })
    func areEqual(_ other: MonteCarloEngine) -> Bool {
      (0..<40).map { other.figures(ofAccount: $0) } == figures && other.bookFigures == one.bookFigures
    }
    for count in [2, 3, 8] {
      let other = try MonteCarloEngine(book: book, plan: plan, seed: 3, team: ThreadTeam(threadCount: count))
      #expect(areEqual(other))
    }
    // 1 MiB holds a few blocks only: the table is priced slab by slab.
    let slabs = try MonteCarloEngine(
      book: book, plan: plan, seed: 3, net: nil, team: team, tableLimit: 1 << 20)
    #expect(areEqual(slabs))
    let best = KernelLevel.current
    for level in KernelLevel.allCases where KernelLevel.select(level) {
      let again = BookValuation.value(try #require(sample.book()), team: team)
      let other = try MonteCarloEngine(book: again, plan: plan, seed: 3, team: team)
      #expect(areEqual(other))
    }
    #expect(KernelLevel.select(best))
  }

  @Test("the figures of an account do not depend on the other accounts")
  func shards() throws {
    let sample = SampleBook.random(accounts: 12, positions: 10, seed: 5)
    var part = sample
    part.positions = sample.positions.filter { $0.account == 7 }
    part.balances = sample.balances.filter { $0.account == 7 }
    let whole = try engine(sample, days: 8, paths: 2_000)
    #expect(try engine(part, days: 8, paths: 2_000).figures(ofAccount: 7) == whole.figures(ofAccount: 7))
    let joined = try MonteCarloEngine(
      book: try value(part), plan: whole.plan, seed: 7, net: NettedBook(try value(sample)), team: team)
    // The book's holdings handed to a part of it give the book's figure.
    let isEqual = joined.bookFigures == whole.bookFigures && joined.bookFigures.count == 2
    #expect(isEqual)
  }

  @Test("parts of the expected shortfall sum to it, it exceeds the value at risk, both grow with confidence")
  func sums() throws {
    let result = try engine(SampleBook.random(accounts: 25, positions: 20, seed: 2))
    for account in 0..<25 {
      let figures = result.figures(ofAccount: account)
      for figure in figures + result.bookFigures {
        let sum = figure.components.reduce(0) { $0 + $1.expectedShortfall }
        #expect(abs(sum - figure.expectedShortfall) <= 1e-12 * abs(figure.expectedShortfall))
        #expect(figure.expectedShortfall >= figure.valueAtRisk)
        #expect(figure.interval.lower <= figure.valueAtRisk && figure.valueAtRisk <= figure.interval.upper)
      }
      #expect(figures[1].valueAtRisk >= figures[0].valueAtRisk)
    }
  }

  @Test("a part of the expected shortfall is its size times the shortfall's slope in that size")
  func euler() throws {
    let items = [("BTC_USDC-30-65010-C", -2.0), ("ETH-91-1890-P", 25), ("BTC-PERPETUAL", 40_000)]
    let step = 1e-7
    var sample = SampleBook()
    sample.accountCount = items.count + 2
    for account in 0..<sample.accountCount {
      for (place, (name, size)) in items.enumerated() {
        sample.positions.append((account, name, size * (place + 1 == account ? 1 + step : 1), nil))
      }
      sample.balances.append((account, "ETH", 30 * (account == items.count + 1 ? 1 + step : 1)))
    }
    let result = try engine(sample, paths: 4_999)
    let base = result.figures(ofAccount: 0)
    for account in 1..<sample.accountCount {
      let name = account <= items.count ? items[account - 1].0 : "ETH"
      for (figure, moved) in zip(base, result.figures(ofAccount: account)) {
        let slope = (moved.expectedShortfall - figure.expectedShortfall) / step
        let part = try #require(figure.components.first { $0.name.text == name }).expectedShortfall
        // The tail keeps its paths under so small a change; what is left is rounding of the difference.
        #expect(abs(slope - part) < 1e-6 * figure.expectedShortfall)
      }
    }
  }

  @Test("the interval covers the exact value at risk as often as it says")
  func coverage() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    let book = try value(sample)
    let plan = ValueAtRiskPlan(confidence: levels("0.95"), paths: 400)
    let s = 0.62 / 365.0.squareRoot()
    let exact = spot * (1 - Elementary.exp(-0.5 * s * s + s * Elementary.normalQuantile(0.05)))
    var hits = 0.0
    var promised = 0.0
    for seed in 0..<1_000 as Range<UInt64> {
      let result = try MonteCarloEngine(book: book, plan: plan, seed: seed, team: ThreadTeam(threadCount: 1))
      let interval = try #require(result.figures(ofAccount: 0).first).interval
      promised = interval.confidence
      if interval.lower <= exact, exact <= interval.upper { hits += 1 }
    }
    // Three standard deviations of a binomial share of 1,000.
    let allowance = 3 * (promised * (1 - promised) / 1_000).squareRoot()
    #expect(abs(hits / 1_000 - promised) < allowance)
  }

  @Test("without volatility an option that expires inside the horizon earns its payoff less its price")
  func expiry() throws {
    var sample = SampleBook()
    let assets = SampleBook.coins.compactMap { Identifier($0.0) }
    sample.correlation = Correlation(assets: assets, matrix: [1, 0, 0, 1], volatilities: [0, 0])
    sample.accountCount = 2
    sample.positions = [(0, "BTC_USDC-7-61760-C", 2, nil), (1, "BTC-7-61760-C", 2, nil)]
    let book = try value(sample)
    let result = try engine(sample, days: 7, paths: 50)
    for account in 0..<2 {
      let figure = try #require(result.figures(ofAccount: account).first)
      let gain = 2 * (spot - 61_760) - book.equity[account]
      #expect(abs(figure.valueAtRisk + gain) < 1e-9 * spot)
      #expect(figure.standardError == nil, "fifty paths carry no interval at this level")
    }
  }
}

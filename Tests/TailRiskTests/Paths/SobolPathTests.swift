import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct SobolPathTests {
  private let team = ThreadTeam(threadCount: 2)

  private func engine(
    _ sample: SampleBook, _ plan: ValueAtRiskPlan, seed: UInt64 = 7, threads: Int = 2,
    tableLimit: Int = 256 << 20
  ) throws -> MonteCarloEngine {
    try MonteCarloEngine(
      book: BookValuation.value(try #require(sample.book()), team: team), plan: plan, seed: seed, net: nil,
      team: ThreadTeam(threadCount: threads), tableLimit: tableLimit)
  }

  private func plan(paths: Int = 4_000, days: Double = 10) throws -> ValueAtRiskPlan {
    ValueAtRiskPlan(
      confidence: ["0.95", "0.99"].compactMap(ConfidenceLevel.init(decimal:)), horizonDays: days,
      paths: paths,
      sampling: .sobol)
  }

  @Test("neither threads nor the cut nor the kernel level change a bit, under any law")
  func sameBits() throws {
    let sample = SampleBook.random(accounts: 6, positions: 10, seed: 11)
    for law in ValueAtRiskPlan.Distribution.allCases {
      for sampling in [ValueAtRiskPlan.Sampling.sobol, .pseudo] {
        var plan = try plan()
        plan.distribution = law
        plan.sampling = sampling
        let one = try engine(sample, plan, threads: 1)
        let figures = (0..<6).map { one.figures(ofAccount: $0) }
        #expect(figures.allSatisfy { $0.count == 2 })
        let others = [
          try engine(sample, plan, threads: 3), try engine(sample, plan, tableLimit: 1 << 17),
        ]
        for other in others {
          #expect((0..<6).map { other.figures(ofAccount: $0) } == figures)
          #expect(other.bookFigures == one.bookFigures)
        }
        let best = KernelLevel.current
        for level in [KernelLevel.baseline] where KernelLevel.select(level) {
          #expect(try engine(sample, plan).figures(ofAccount: 2) == figures[2])
        }
        #expect(KernelLevel.select(best))
      }
    }
  }

  @Test("the figures of an account do not depend on the other accounts")
  func shards() throws {
    let sample = SampleBook.random(accounts: 8, positions: 10, seed: 5)
    var part = sample
    part.positions = sample.positions.filter { $0.account == 3 }
    part.balances = sample.balances.filter { $0.account == 3 }
    let whole = try engine(sample, try plan())
    #expect(try engine(part, try plan()).figures(ofAccount: 3) == whole.figures(ofAccount: 3))
  }

  @Test("the paths taken are stated: a power of two a replicate, at least as many as asked for")
  func rounding() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    let result = try engine(sample, try plan(paths: 10_000))
    let figure = try #require(result.figures(ofAccount: 0).first)
    #expect(figure.sampling?.paths == 16_384 && figure.sampling?.replicates == 16)
    #expect(figure.sampling?.kind == "sobol" && figure.interval.kind == .replicates)
    #expect(result.notes.contains { $0.contains("16384 paths for the 10000 asked for") })
    var plan = try plan()
    plan.replicates = 15
    #expect(throws: TailRiskError.outOfRange(field: "replicates", value: 15)) { try engine(sample, plan) }
    plan.replicates = 16
    plan.paths = 10_000_000
    #expect(throws: TailRiskError.outOfRange(field: "paths", value: 10_000_000)) { try engine(sample, plan) }
  }

  @Test("parts of the expected shortfall sum to it, and the value at risk lies in its interval")
  func sums() throws {
    let result = try engine(SampleBook.random(accounts: 10, positions: 20, seed: 2), try plan())
    for account in 0..<10 {
      for figure in result.figures(ofAccount: account) {
        let sum = figure.components.reduce(0) { $0 + $1.expectedShortfall }
        #expect(abs(sum - figure.expectedShortfall) <= 1e-12 * abs(figure.expectedShortfall))
        #expect(figure.expectedShortfall >= figure.valueAtRisk)
        #expect(figure.interval.lower <= figure.valueAtRisk && figure.valueAtRisk <= figure.interval.upper)
      }
    }
  }

  @Test("the error of a linear book is a small part of that of plain sampling")
  func reduction() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1), (0, "ETH", 20)]
    var plan = try plan(paths: 16_384, days: 1)
    let sobol = try #require(try engine(sample, plan).figures(ofAccount: 0).last)
    plan.sampling = .pseudo
    let pseudo = try #require(try engine(sample, plan).figures(ofAccount: 0).last)
    let (quasi, plain) = (try #require(sobol.standardError), try #require(pseudo.standardError))
    #expect(quasi < plain / 2, "\(quasi) after \(plain), seed 7")
    #expect(abs(sobol.valueAtRisk - pseudo.valueAtRisk) < 4 * plain)
    #expect(try #require(sobol.sampling?.varianceRatio) > 4)
  }
}

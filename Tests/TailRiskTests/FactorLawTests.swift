import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct FactorLawTests {
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1

  private func identifier(_ text: String) throws -> Identifier { try #require(Identifier(text)) }

  private func volatility(
    _ coin: String, _ size: Double, correlation: Double = -0.4, skew: SkewFactor? = nil
  ) throws -> VolatilityFactor {
    VolatilityFactor(
      underlying: try identifier(coin), volatilityOfVolatility: size, spotCorrelation: correlation, skew: skew
    )
  }

  /// Everything that can move, in proportion to a size.
  private func all(_ size: Double) throws -> FactorPlan {
    FactorPlan(
      volatility: [
        try volatility(
          "BTC", 0.9 * size, correlation: -0.5, skew: SkewFactor(volatility: 0.3 * size, spotCorrelation: 0.3)
        ),
        try volatility("ETH", 1.1 * size),
      ],
      rates: [RateFactor(currency: try identifier("USD"), volatility: 0.02 * size)],
      basis: [
        BasisFactor(underlying: try identifier("BTC"), volatility: 0.1 * size),
        BasisFactor(underlying: try identifier("ETH"), volatility: 0.15 * size),
      ])
  }

  private func plan(
    _ factors: FactorPlan, days: Double = 1, paths: Int = 4_000, levels: [String] = ["0.95", "0.99"]
  ) -> ValueAtRiskPlan {
    ValueAtRiskPlan(
      confidence: levels.compactMap(ConfidenceLevel.init(decimal:)), horizonDays: days, paths: paths,
      factors: factors)
  }

  private func engine(
    _ sample: SampleBook, _ plan: ValueAtRiskPlan, threads: Int = 2
  ) throws -> MonteCarloEngine {
    try MonteCarloEngine(
      book: BookValuation.value(try #require(sample.book()), team: team), plan: plan, seed: 7,
      team: ThreadTeam(threadCount: threads))
  }

  private func expectEqual(_ parts: [ValueAtRiskFigure.Component], _ figure: ValueAtRiskFigure) {
    let tail = parts.reduce(0) { $0 + $1.expectedShortfall }
    let value = parts.reduce(0) { $0 + ($1.valueAtRisk ?? .nan) }
    // Rounding of a sum: relative to what is added, which may cancel.
    let gross = parts.reduce(0) { $0 + abs($1.expectedShortfall) + abs($1.valueAtRisk ?? .nan) }
    #expect(abs(tail - figure.expectedShortfall) <= 1e-12 * gross)
    #expect(abs(value - figure.valueAtRisk) <= 1e-12 * gross)
  }

  @Test("parts by item, underlying and class sum to the value at risk and to the expected shortfall")
  func sums() throws {
    let sample = SampleBook.random(accounts: 12, positions: 12, seed: 4)
    for factors in [FactorPlan(), try all(1)] {
      for days in [1, 10.0] {
        let result = try engine(sample, plan(factors, days: days))
        #expect(result.failures.isEmpty)
        for figure in (0..<12).flatMap(result.figures(ofAccount:)) + result.bookFigures {
          expectEqual(figure.components, figure)
          expectEqual(figure.byUnderlying, figure)
          expectEqual(figure.byRiskClass, figure)
        }
      }
    }
  }

  @Test("factors that do not move leave the losses of spots alone, within rounding")
  func limit() throws {
    let sample = SampleBook.random(accounts: 6, positions: 12, seed: 9)
    let spots = try engine(sample, plan(FactorPlan(), days: 8))
    let still = try engine(sample, plan(try all(0), days: 8))
    let little = try engine(sample, plan(try all(1e-6), days: 8))
    for account in 0..<6 {
      let figures = zip(
        spots.figures(ofAccount: account),
        zip(still.figures(ofAccount: account), little.figures(ofAccount: account)))
      for (figure, (same, near)) in figures {
        // The kernel of a moving volatility divides where the other multiplies.
        #expect(abs(figure.valueAtRisk - same.valueAtRisk) <= 1e-9 * abs(figure.valueAtRisk))
        #expect(
          abs(figure.expectedShortfall - same.expectedShortfall) <= 1e-9 * abs(figure.expectedShortfall))
        #expect(abs(figure.valueAtRisk - near.valueAtRisk) <= 1e-3 * abs(figure.valueAtRisk))
      }
    }
    #expect(still.factors.count == spots.factors.count + 6)
    // The sample market has no curve of rates.
    #expect(still.factors.last?.moved == false && still.factors.last?.reason != nil)
  }

  @Test("what depends on no other factor keeps its bits")
  func untouched() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 2), (0, "ETH", -3)]
    sample.positions = [(0, "BTC-PERPETUAL", 10_000, 64_000), (0, "ETH_USDC-91-1890-C", 4, nil)]
    let factors = FactorPlan(volatility: [try volatility("BTC", 0.8)])
    let spots = try engine(sample, plan(FactorPlan()))
    let moved = try engine(sample, plan(factors))
    #expect(spots.figures(ofAccount: 0) == moved.figures(ofAccount: 0))
  }

  @Test("put-call parity holds on every path, whatever moves", arguments: [1, 7.25, 40])
  func parity(days: Double) throws {
    var sample = SampleBook()
    let strike = 65_010.0
    for (account, stem) in ["BTC_USDC", "BTC"].enumerated() {
      sample.accountCount = account + 1
      sample.positions += [
        (account, "\(stem)-91-65010-C", 1, nil), (account, "\(stem)-91-65010-P", -1, nil),
        (account, "\(stem)-F91", account == 0 ? -1 : -strike, strike),
      ]
    }
    let result = try engine(sample, plan(try all(1), days: days, paths: 1_000))
    for account in 0..<2 {
      for figure in result.figures(ofAccount: account) {
        #expect(abs(figure.valueAtRisk) < 1e-9 * spot && abs(figure.expectedShortfall) < 1e-9 * spot)
      }
    }
  }

  @Test(
    "correlations of plus and minus one are legal, and of opposite sign for a long and a short of volatility")
  func perfect() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-91-65010-C", 1, nil)]
    func value(_ correlation: Double) throws -> Double {
      let factors = FactorPlan(volatility: [try volatility("BTC", 0.8, correlation: correlation)])
      return try #require(try engine(sample, plan(factors)).figures(ofAccount: 0).last).valueAtRisk
    }
    // A call loses on falling spots, and the more so when volatility falls with them.
    let (down, none, up) = (try value(-1), try value(0), try value(1))
    #expect(down < none && none < up)
    #expect(throws: TailRiskError.outOfRange(field: "spot_correlation", value: 1.5)) { try value(1.5) }
  }

  @Test("neither threads nor the table's memory nor kernel level change a bit of moving factors")
  func sameBits() throws {
    let sample = SampleBook.random(accounts: 10, positions: 12, seed: 3)
    let plan = plan(try all(1), days: 10, paths: 3_000)
    let one = try engine(sample, plan, threads: 1)
    func areEqual(_ other: MonteCarloEngine) -> Bool {
      (0..<10).allSatisfy { other.figures(ofAccount: $0) == one.figures(ofAccount: $0) }
        && other.bookFigures == one.bookFigures
    }
    #expect(areEqual(try engine(sample, plan, threads: 3)))
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let slabs = try MonteCarloEngine(
      book: book, plan: plan, seed: 7, net: nil, team: team, tableLimit: 1 << 20)
    #expect(areEqual(slabs))
    let best = KernelLevel.current
    for level in KernelLevel.allCases where KernelLevel.select(level) {
      #expect(areEqual(try engine(sample, plan)))
    }
    #expect(KernelLevel.select(best))
  }

  @Test("over a short horizon the value at risk is that of delta, vega and their correlation")
  func deltaVega() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-91-65010-C", 1, nil), (0, "BTC_USDC-PERPETUAL", -0.4, 65_010)]
    let correlation = -0.4
    let factors = FactorPlan(volatility: [try volatility("BTC", 0.8, correlation: correlation)])
    let days = 0.01
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let result = try MonteCarloEngine(
      book: book, plan: plan(factors, days: days, paths: 40_000, levels: ["0.99"]), seed: 7, team: team)
    let figure = try #require(result.figures(ofAccount: 0).first)
    let call = try #require(
      book.resolved.compactMap { $0 }.first {
        $0.kind == .option && $0.strike == 65_010 && $0.isCall && !$0.isInverse && $0.timeToExpiry > 0.2
      })
    let root = call.timeToExpiry.squareRoot()
    let d1 =
      Elementary.log(call.forward / call.strike) / (call.volatility * root) + 0.5 * call.volatility * root
    let delta = call.scale * call.forward * Elementary.normalDistribution(d1) - 0.4 * spot * 1.0003
    let vega =
      call.scale * call.forward * root * Elementary.exp(-0.5 * d1 * d1) / (2 * Double.pi).squareRoot()
    let h = days / 365
    let (a, b) = (delta * 0.62 * h.squareRoot(), vega * call.volatility * 0.8 * h.squareRoot())
    let deviation = (a * a + b * b + 2 * correlation * a * b).squareRoot()
    let expected = deviation * Elementary.normalQuantile(0.99)
    // Three standard errors of the sample and two per cent for gamma, vanna and the passing of time.
    #expect(
      abs(figure.valueAtRisk - expected) < 3 * (try #require(figure.standardError)) + 0.02 * expected,
      "\(figure.valueAtRisk) against \(expected)")
  }

  @Test(
    "a class of risk is its own sensitivity: coins are delta alone, a hedged straddle mostly gamma and vega")
  func classes() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.balances = [(0, "BTC", 1), (0, "ETH", 5)]
    sample.positions = [(1, "BTC_USDC-7-65010-C", -1, nil), (1, "BTC_USDC-7-65010-P", -1, nil)]
    let factors = FactorPlan(volatility: [try volatility("BTC", 1.5, correlation: 0)])
    let result = try engine(sample, plan(factors))
    let coins = try #require(result.figures(ofAccount: 0).first)
    #expect(coins.byRiskClass.map(\.name.text) == ["delta"])
    #expect(coins.byUnderlying.map(\.name.text) == ["BTC", "ETH"])
    let straddle = try #require(result.figures(ofAccount: 1).last)
    #expect(straddle.byRiskClass.map(\.name.text) == ["theta", "delta", "gamma_and_higher", "vega"])
    let parts = straddle.byRiskClass.map(\.expectedShortfall)
    // A short straddle earns time, and its tail is large moves.
    #expect(parts[0] < 0 && parts[2] > abs(parts[1]) && parts[2] > parts[3])
  }

  @Test("a part of the value at risk is its size times the slope of the value at risk in that size")
  func euler() throws {
    // Of normal losses the parts are known: σ·q·ρ-weighted shares.
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1), (0, "ETH", 60)]
    let days = 0.01
    let result = try engine(sample, plan(FactorPlan(), days: days, paths: 200_000, levels: ["0.99"]))
    let figure = try #require(result.figures(ofAccount: 0).first)
    let h = (days / 365).squareRoot()
    let (a, b) = (spot * 0.62 * h, 60 * SampleBook.coins[1].1 * 0.81 * h)
    let deviation = (a * a + b * b + 2 * 0.85 * a * b).squareRoot()
    let share = (a * a + 0.85 * a * b) / (deviation * deviation)
    let part = try #require(figure.components.first { $0.name.text == "BTC" }?.valueAtRisk)
    // Some 90 paths of the window, each with a conditional deviation of a·b·√(1−ρ²)/σ.
    let error = a * b * (1 - 0.85 * 0.85).squareRoot() / deviation / 9
    #expect(abs(part - share * figure.valueAtRisk) < 3 * error)
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// Value at risk and stresses with the cost of closing out inside.
@Suite struct LiquidityTests {
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1

  private func depth(
    _ asset: String, halfSpread: Double, coefficient: Double = 0,
    widening: MarketDepth.Widening = .init(spread: 0, depth: 0), option: Double? = nil,
    volatility: Double? = nil
  ) throws -> MarketDepth {
    MarketDepth(
      .underlying(try #require(Identifier(asset))),
      shape: .impact(
        halfSpread: halfSpread,
        MarketDepth.Impact(form: .squareRoot, coefficient: coefficient, dailyVolume: 10_000)),
      dailyVolatility: 0.03, widening: widening, optionHalfSpread: option, volatilityHalfSpread: volatility)
  }

  private func plan(
    _ method: ValueAtRiskPlan.Method = .monteCarlo, paths: Int = 4_000, days: Double = 1,
    keepsProfits: Bool = false
  ) -> ValueAtRiskPlan {
    ValueAtRiskPlan(
      method: method, confidence: ["0.95", "0.99"].compactMap(ConfidenceLevel.init(decimal:)),
      horizonDays: days, paths: paths, keepsProfits: keepsProfits)
  }

  private struct Prepared {
    let book: ValuedBook
    let net: NettedBook
    let liquidity: BookLiquidity
  }

  private func prepare(_ sample: SampleBook, history: PriceHistory? = nil) throws -> Prepared {
    let book = BookValuation.value(try #require(sample.book(history: history)), team: team)
    let net = NettedBook(book)
    return Prepared(book: book, net: net, liquidity: try #require(BookLiquidity(book, net: net)))
  }

  private func engine(
    _ it: Prepared, _ plan: ValueAtRiskPlan, seed: UInt64 = 7, threads: Int = 2
  ) throws -> MonteCarloEngine {
    try MonteCarloEngine(
      book: it.book, plan: plan, seed: seed, net: it.net, liquidity: it.liquidity,
      team: ThreadTeam(threadCount: threads))
  }

  /// What a half-spread of 0.01 makes of three coins: loss V − V·m becomes V − V·m·0.99, which keeps the order, so
  /// that the quantile moves with it.
  private func expectSpread(in figure: ValueAtRiskFigure) throws {
    let worth = 3 * spot
    let closed = try #require(figure.liquidity)
    #expect(
      abs(try #require(closed.valueAtRisk) - (0.99 * figure.valueAtRisk + 0.01 * worth)) < 1e-9 * worth)
    #expect(
      abs(try #require(closed.expectedShortfall) - (0.99 * figure.expectedShortfall + 0.01 * worth))
        < 1e-9 * worth)
  }

  @Test("a spread alone makes the loss of coins grow by it path by path")
  func spread() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 3)]
    sample.depths = [try depth("BTC", halfSpread: 0.01)]
    for method in [ValueAtRiskPlan.Method.monteCarlo, .historical] {
      let it = try prepare(sample, history: try history())
      for figure in try engine(it, plan(method)).figures(ofAccount: 0) {
        try expectSpread(in: figure)
      }
    }
  }

  @Test(
    "under a tilt and under a control variate a spread alone does the same to the loss of coins",
    arguments: [
      ValueAtRiskPlan.VarianceReduction.importance, .importanceStratified, .controlVariate,
    ])
  func tiltedSpread(reduction: ValueAtRiskPlan.VarianceReduction) throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 3)]
    sample.depths = [try depth("BTC", halfSpread: 0.01)]
    let it = try prepare(sample)
    var plan = plan(paths: 16_000)
    plan.varianceReduction = reduction
    let engine = try TiltedEngine(
      book: it.book, plan: plan, seed: 7, net: it.net, liquidity: it.liquidity, team: team)
    let figures = engine.figures(ofAccount: 0)
    #expect(figures.count == 2 && figures.allSatisfy { $0.sampling?.fallback == nil })
    for figure in figures {
      try expectSpread(in: figure)
      let (error, own) = (try #require(figure.liquidity?.standardError), try #require(figure.standardError))
      #expect(abs(error - 0.99 * own) < 1e-9 * 3 * spot)
    }
  }

  @Test("options sold cost the same to close out under a tilt as under plain sampling, within both errors")
  func tiltedOptions() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-7-65010-C", -40, nil), (0, "BTC_USDC-30-52010-P", -25, nil)]
    sample.depths = [
      try depth(
        "BTC", halfSpread: 0.001, coefficient: 1, widening: .init(spread: 0.5, depth: 1), option: 0.02,
        volatility: 0.01)
    ]
    let it = try prepare(sample)
    let plain = try engine(it, plan(paths: 100_000)).figures(ofAccount: 0)
    for reduction in [ValueAtRiskPlan.VarianceReduction.importance, .importanceStratified, .controlVariate] {
      var plan = plan(paths: 32_000)
      plan.varianceReduction = reduction
      let tilted = try TiltedEngine(
        book: it.book, plan: plan, seed: 11, net: it.net, liquidity: it.liquidity, team: team
      ).figures(ofAccount: 0)
      #expect(tilted.count == plain.count)
      for (one, other) in zip(tilted, plain) {
        let (found, wanted) = (try #require(one.liquidity), try #require(other.liquidity))
        let gap = abs(try #require(found.valueAtRisk) - (try #require(wanted.valueAtRisk)))
        let errors = (try #require(found.standardError), try #require(wanted.standardError))
        // Four standard errors: seeds are fixed, so this holds or it does not.
        #expect(
          gap < 4 * (errors.0 * errors.0 + errors.1 * errors.1).squareRoot(),
          "\(reduction.rawValue) \(one.confidence.decimal): \(gap), \(errors)")
        #expect(try #require(found.valueAtRisk) > one.valueAtRisk)
      }
    }
  }

  @Test("the impact and the widening are inside the distribution: coins path by path")
  func widening() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 100)]
    sample.depths = [
      try depth("BTC", halfSpread: 0.001, coefficient: 0.8, widening: .init(spread: 0.5, depth: 2))
    ]
    let it = try prepare(sample)
    let all = try engine(it, plan(keepsProfits: true)).figures(ofAccount: 0)
    let profits = try #require(all.first?.profits)
    let worth = 100 * spot
    let losses = profits.map { profit -> Double in
      let multiplier = 1 + profit / worth
      let z = Elementary.log(multiplier).magnitude / 0.03
      let impact = 0.8 * 0.03 * (100 * (1 + 2 * z) / 10_000).squareRoot()
      return -profit + worth * multiplier * (0.001 * (1 + 0.5 * z) + impact)
    }.sorted()
    for (figure, rank) in zip(all, [3_800, 3_960]) {
      #expect(abs(try #require(figure.liquidity?.valueAtRisk) - losses[rank - 1]) < 1e-9 * worth)
    }
  }

  @Test("no figure shrinks by the cost of closing out")
  func bounds() throws {
    for seed in 1...3 {
      var sample = SampleBook.random(accounts: 4, positions: 5, seed: UInt64(seed))
      sample.depths = [
        try depth("BTC", halfSpread: 0.001, coefficient: 1, option: 0.02, volatility: 0.01),
        try depth("ETH", halfSpread: 0.002, coefficient: 1, option: 0.02, volatility: 0.01),
      ]
      let it = try prepare(sample)
      let result = try engine(it, plan(), seed: UInt64(seed))
      for account in 0..<4 {
        for figure in result.figures(ofAccount: account) {
          let closed = try #require(figure.liquidity)
          #expect(try #require(closed.valueAtRisk) >= figure.valueAtRisk, "seed \(seed)")
          #expect(try #require(closed.expectedShortfall) >= figure.expectedShortfall, "seed \(seed)")
        }
      }
    }
  }

  @Test("the curves of options between their nodes meet a full revaluation of the delta")
  func options() throws {
    // One account an option: its loss and cost on a path that a stress repeats.
    var sample = SampleBook()
    sample.positions = [
      (0, "BTC_USDC-7-65010-C", -40, nil), (0, "BTC_USDC-30-52010-P", 25, nil),
      (0, "BTC-PERPETUAL", 90_000, 60_000),
    ]
    sample.depths = [
      try depth(
        "BTC", halfSpread: 0.001, coefficient: 1, widening: .init(spread: 0.5, depth: 1), option: 0.02,
        volatility: 0.01)
    ]
    let it = try prepare(sample)
    let paths = 400
    let flat = ValueAtRiskPlan(
      confidence: (1..<20).compactMap { ConfidenceLevel(decimal: "0.\($0 * 5 + 900)") }, paths: paths,
      keepsProfits: true)
    let figures = try engine(it, flat).figures(ofAccount: 0)
    let profits = try #require(figures.first?.profits)
    let sampled = try PathSample(book: it.book, plan: flat, seed: 7, team: team)
    let btc = try #require(Identifier("BTC"))
    let place = try #require(it.book.book.market.assetIndex(of: btc))
    let multipliers = try #require(sampled.multipliers[place])
    let losses = zip(profits, multipliers).map { profit, multiplier -> Double in
      var move = MarketMove(assetCount: it.book.book.market.assets.count)
      move.assets[place].spot = multiplier - 1
      move.days = 1
      let cost = it.liquidity.cost(
        of: it.liquidity.holdings(ofAccount: 0), in: it.liquidity.state(under: move, team: team))
      return (cost.total ?? .nan) - profit
    }.sorted()
    for figure in figures {
      let rank = try #require(figure.rank)
      let found = try #require(figure.liquidity?.valueAtRisk)
      let cost = found - figure.valueAtRisk
      // 257 nodes over half a unit of ln S either way: a thousandth of the cost for an option of six days.
      #expect(abs(found - losses[rank - 1]) < 2e-3 * cost.magnitude)
    }
  }

  @Test("one thread and three, whole and slab by slab: the same bits")
  func bits() throws {
    var sample = SampleBook.random(accounts: 5, positions: 6, seed: 11)
    sample.depths = [
      try depth("BTC", halfSpread: 0.001, coefficient: 1, widening: .init(spread: 1, depth: 1), option: 0.02),
      try depth("ETH", halfSpread: 0.002, coefficient: 1, volatility: 0.02),
    ]
    let it = try prepare(sample)
    let one = try engine(it, plan(paths: 3_001), threads: 1)
    let three = try engine(it, plan(paths: 3_001), threads: 3)
    let slabs = try MonteCarloEngine(
      book: it.book, plan: plan(paths: 3_001), seed: 7, net: it.net, liquidity: it.liquidity, team: team,
      tableLimit: 1 << 18)
    let plain = try MonteCarloEngine(
      book: it.book, plan: plan(paths: 3_001), seed: 7, net: it.net, team: team)
    for account in 0..<5 {
      let figures = one.figures(ofAccount: account)
      #expect(figures == three.figures(ofAccount: account))
      #expect(figures == slabs.figures(ofAccount: account))
      let bare = figures.map { figure in
        var figure = figure
        figure.liquidity = nil
        return figure
      }
      #expect(bare == plain.figures(ofAccount: account))
    }
    #expect(one.bookFigures == three.bookFigures && one.bookFigures == slabs.bookFigures)
  }

  @Test("one day scaled to the horizon scales the loss and not the cost")
  func scaled() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    sample.depths = [try depth("BTC", halfSpread: 0.01)]
    var plan = plan(days: 4)
    plan.scaling = .squareRootOfTime
    for figure in try engine(try prepare(sample), plan).figures(ofAccount: 0) {
      // The loss of one day is half of it; the path's worth is what is left of the coin after that day.
      let left = spot - figure.valueAtRisk / 2
      let closed = try #require(figure.liquidity?.valueAtRisk)
      #expect(abs(closed - (figure.valueAtRisk + 0.01 * left)) < 1e-9 * spot)
    }
  }

  @Test("what has no depth has no figure with it, and the others have")
  func missing() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.balances = [(0, "BTC", 1), (1, "ETH", 1)]
    sample.depths = [try depth("BTC", halfSpread: 0.01)]
    let result = try engine(try prepare(sample), plan())
    #expect(result.figures(ofAccount: 0).allSatisfy { $0.liquidity != nil })
    #expect(result.figures(ofAccount: 1).allSatisfy { $0.liquidity == nil && $0.valueAtRisk > 0 })
    #expect(result.bookFigures.allSatisfy { $0.liquidity == nil })
  }

  @Test("a stress says what closing out costs on its market")
  func stress() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 4)]
    sample.depths = [
      try depth("BTC", halfSpread: 0.001, coefficient: 0.5, widening: .init(spread: 0.5, depth: 1))
    ]
    let it = try prepare(sample)
    let name = try #require(Identifier("crash"))
    let ladder = StressScenario(
      name: name, source: .ladder(StressLadder(spots: [-0.2, 0, 0.2], volatilities: [0])))
    let table = StressTable(
      it.book, scenarios: [StressScenario(name: name, spot: -0.2, volatility: 0.3), ladder],
      liquidity: it.liquidity, team: team)
    let z = -Elementary.log(0.8) / 0.03
    let impact = 0.5 * 0.03 * (4 * (1 + z) / 10_000).squareRoot()
    let expected = 4 * 0.8 * spot * (0.001 * (1 + 0.5 * z) + impact)
    for figure in table.figures(ofAccount: 0) + table.figures(it.net) {
      #expect(abs(try #require(figure?.closeOut?.total) - expected) < 1e-9 * expected)
    }
    let bare = StressTable(it.book, scenarios: [ladder], team: team)
    #expect(bare.figures(ofAccount: 0).allSatisfy { $0?.closeOut == nil })
  }

  private func history() throws -> PriceHistory {
    var generator = SampleBook.Generator(seed: 3)
    let dates = try (0..<300).map { day in
      try #require(Instant(secondsSinceEpoch: 1_735_689_600 + Int64(day) * 86_400))
    }
    var prices: [[Double?]] = [[60_000], [3_000]]
    for _ in 1..<300 {
      for column in 0..<2 {
        prices[column].append((prices[column].last ?? 1).map { $0 * (0.95 + 0.1 * generator.next()) })
      }
    }
    return PriceHistory(
      dates: dates, assets: SampleBook.coins.compactMap { Identifier($0.0) }, prices: prices)
  }
}

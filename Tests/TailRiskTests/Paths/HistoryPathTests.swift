import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// Historical and filtered historical simulation against figures by hand.
@Suite struct HistoryPathTests {
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1

  /// Prices of both coins on so many days, one gap.
  private func history(_ days: Int, gap: Int? = 5) throws -> PriceHistory {
    var generator = SampleBook.Generator(seed: 77)
    var prices: [[Double?]] = [[100], [10]]
    for day in 1..<days {
      let calm = day < days / 2 ? 0.02 : 0.06
      for asset in 0..<2 {
        let last = prices[asset].last.flatMap { $0 } ?? 1
        prices[asset].append(last * Elementary.exp(calm * (generator.next() + generator.next() - 1)))
      }
    }
    if let gap { prices[1][gap] = nil }
    let first = try #require(Instant(year: 2025, month: 1, day: 1))
    return PriceHistory(
      dates: try (0..<days).map {
        try #require(Instant(secondsSinceEpoch: first.secondsSinceEpoch + Int64($0) * 86_400))
      }, assets: SampleBook.coins.compactMap { Identifier($0.0) }, prices: prices)
  }

  private func engine(
    _ plan: ValueAtRiskPlan, _ history: PriceHistory?, _ sample: SampleBook? = nil, threads: Int = 2
  ) throws -> MonteCarloEngine {
    var coin = SampleBook()
    coin.balances = [(0, "BTC", 1)]
    return try MonteCarloEngine(
      book: BookValuation.value(try #require((sample ?? coin).book(history: history)), team: team),
      plan: plan, seed: 3, team: ThreadTeam(threadCount: threads))
  }

  private func plan(_ method: ValueAtRiskPlan.Method, days: Double = 1, level: String = "0.95") throws
    -> ValueAtRiskPlan
  {
    ValueAtRiskPlan(
      method: method, confidence: [try #require(ConfidenceLevel(decimal: level))], horizonDays: days,
      paths: 4_000)
  }

  /// Log prices of the coin on the dates that count.
  private func logs(_ history: PriceHistory) -> [Double] {
    history.dates.indices.compactMap { day in
      guard let price = history.prices[0][day], history.prices[1][day] != nil else { return nil }
      return Elementary.log(price)
    }
  }

  @Test("a column of volatility moves its options with the spots: each path is the stress of its day")
  func volatility() throws {
    let base = try history(12, gap: nil)
    var generator = SampleBook.Generator(seed: 5)
    var levels: [Double?] = (0..<12).map { _ in 40 + 30 * generator.next() }
    levels[7] = nil
    let column = PriceHistory.VolatilityColumn(
      underlying: try #require(Identifier("BTC")), levels: levels)
    let history = PriceHistory(
      dates: base.dates, assets: base.assets, prices: base.prices, volatilities: [column])
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-30-65010-C", -2, nil), (0, "ETH-91-1890-P", 5, nil)]
    var plan = try plan(.historical)
    plan.keepsProfits = true
    // run.json's own level gives way to the history's.
    plan.factors.volatility = [
      VolatilityFactor(underlying: column.underlying, volatilityOfVolatility: 1, spotCorrelation: 0)
    ]
    let found = try engine(plan, history, sample)
    #expect(found.factors.map { "\($0.kind) \($0.name) \($0.moved)" }.last == "volatility BTC true")
    #expect(found.factors.count == 3)
    let profits = try #require(found.figures(ofAccount: 0).first?.profits)
    let days = history.dates.indices.filter { $0 != 7 }
    #expect(profits.count == 10)
    let book = BookValuation.value(try #require(sample.book(history: history)), team: team)
    for (path, (from, to)) in zip(days, days.dropFirst()).enumerated() {
      func move(_ column: [Double?]) throws -> Double {
        try #require(column[to]) / (try #require(column[from])) - 1
      }
      var scenario = StressScenario(name: try #require(Identifier("day")))
      scenario.days = 1
      scenario.moves = try zip(base.assets, base.prices).map { asset, prices in
        UnderlyingStress(
          underlying: asset, spot: try move(prices), volatility: asset.text == "BTC" ? try move(levels) : 0)
      }
      let figure = StressTable(book, scenarios: [scenario], team: team).figures(ofAccount: 0).first
      let expected = try #require(figure.flatMap { $0 }).profitAndLoss
      #expect(abs(profits[path] - expected) < 1e-7 * spot, "day \(to)")
    }
    // Filtered history draws residuals of the level as of the spots.
    let filtered = try engine(try self.plan(.filteredHistorical), history, sample)
    #expect(filtered.factors.count == 3 && filtered.failures.isEmpty)
    #expect(filtered.figures(ofAccount: 0).first?.byRiskClass.map(\.name.text).contains("vega") == true)
  }

  @Test(
    "historical losses are those of the overlapping returns of the dates with all prices", arguments: [1, 3])
  func historical(days: Int) throws {
    let history = try history(120)
    let logs = logs(history)
    let losses = (0..<logs.count - days).map { spot * (1 - Elementary.exp(logs[$0 + days] - logs[$0])) }
      .sorted()
    let result = try engine(try plan(.historical, days: Double(days)), history)
    let figure = try #require(result.figures(ofAccount: 0).first)
    let rank = try #require(figure.rank)
    // ⌈0.95 n⌉ by whole numbers.
    #expect(rank == (95 * losses.count + 99) / 100)
    #expect(abs(figure.valueAtRisk - losses[rank - 1]) < 1e-9 * spot)
    #expect(figure.sampling?.kind == "history" && figure.sampling?.paths == losses.count)
    #expect(result.notes.contains { $0.contains("overlap") } == (days > 1))
  }

  @Test("a quoted correlation has no part in historical simulation")
  func noCorrelation() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    let quoted = try engine(try plan(.historical), try history(60), sample)
    sample.correlation = nil
    let own = try engine(try plan(.historical), try history(60), sample)
    #expect(quoted.figures(ofAccount: 0) == own.figures(ofAccount: 0))
  }

  @Test("filtered losses of one day are the residuals times today's volatility")
  func filtered() throws {
    let history = try history(200)
    let logs = logs(history)
    let filter = try VolatilityFilter(
      zip(logs, logs.dropFirst()).map { $1 - $0 }, plan: VolatilityFilterPlan())
    let losses = filter.rescaled.map { spot * (1 - Elementary.exp($0)) }.sorted()
    let figure = try #require(
      try engine(try plan(.filteredHistorical), history).figures(ofAccount: 0).first)
    let rank = try #require(figure.rank)
    #expect(figure.sampling?.paths == losses.count)
    #expect(abs(figure.valueAtRisk - losses[rank - 1]) < 1e-9 * spot)
    // The second half of the history is three times as wild as the first.
    let raw = try #require(try engine(try plan(.historical), history).figures(ofAccount: 0).first)
    #expect(figure.valueAtRisk > 1.1 * raw.valueAtRisk)
  }

  @Test("several filtered days are simulated: their variance is that of the filter's forecast")
  func severalDays() throws {
    let history = try history(400)
    let logs = logs(history)
    for model in [VolatilityFilterPlan.Model.ewma, .garch] {
      var plan = try plan(.filteredHistorical, days: 5)
      plan.filter = VolatilityFilterPlan(model: model)
      plan.keepsProfits = true
      plan.paths = 20_000
      let result = try engine(plan, history)
      let profits = try #require(result.figures(ofAccount: 0).first?.profits)
      #expect(profits.count == 20_000)
      let moves = profits.map { Elementary.log(1 + $0 / spot) }
      let filter = try VolatilityFilter(
        zip(logs, logs.dropFirst()).map { $1 - $0 }, plan: plan.filter)
      // Residuals are drawn as they are: their mean square, not 1, scales the first day.
      let square = moves.reduce(0) { $0 + $1 * $1 } / 20_000
      let forecast = filter.variance(over: 5)
      let residual = filter.residuals.reduce(0) { $0 + $1 * $1 } / Double(filter.residuals.count)
      let drift = filter.residuals.reduce(0, +) / Double(filter.residuals.count)
      // Their mean adds as well; sampling error of the square is some 1.5 %.
      #expect(abs(square / forecast / residual - 1) < 0.12 + 5 * drift * drift)
    }
  }

  @Test("fewer than two returns are refused, naming what was found")
  func short() throws {
    for method in [ValueAtRiskPlan.Method.historical, .filteredHistorical] {
      #expect(throws: TailRiskError.shortHistory(returns: 1, needed: 2)) {
        try engine(try plan(method), try history(2, gap: nil))
      }
      #expect(throws: TailRiskError.shortHistory(returns: 0, needed: 2)) { try engine(try plan(method), nil) }
    }
    #expect(throws: TailRiskError.shortHistory(returns: 1, needed: 2)) {
      try engine(try plan(.historical, days: 9), try history(10, gap: nil))
    }
    #expect(throws: TailRiskError.outOfRange(field: "horizon_days", value: 1.5)) {
      try engine(try plan(.historical, days: 1.5), try history(10))
    }
    var sobol = try plan(.historical)
    sobol.sampling = .sobol
    #expect(throws: TailRiskError.unsupported(field: "sampling", value: "sobol of historical")) {
      try engine(sobol, try history(10))
    }
  }

  @Test("two returns are enough; fewer losses than the level needs give the worst one and a note")
  func few() throws {
    let result = try engine(try plan(.historical, level: "0.99"), try history(3, gap: nil))
    let figure = try #require(result.figures(ofAccount: 0).first)
    #expect(figure.rank == 2)
    // The mean over a fraction of one loss, rounded.
    #expect(abs(figure.valueAtRisk - figure.expectedShortfall) <= 1e-15 * figure.valueAtRisk.magnitude)
    #expect(result.notes.contains { $0.contains("worst loss") })
  }

  @Test("threads and memory change no bit of historical figures")
  func sameBits() throws {
    let sample = SampleBook.random(accounts: 9, positions: 12, seed: 4)
    let history = try history(300)
    for method in [ValueAtRiskPlan.Method.historical, .filteredHistorical] {
      let plan = try plan(method, days: 8)
      let one = try engine(plan, history, sample, threads: 1)
      let three = try engine(plan, history, sample, threads: 3)
      let slabs = try MonteCarloEngine(
        book: BookValuation.value(try #require(sample.book(history: history)), team: team), plan: plan,
        seed: 3,
        net: nil, team: team, tableLimit: 1 << 16)
      for account in 0..<9 {
        let figures = one.figures(ofAccount: account)
        #expect(figures.count == 1)
        #expect(three.figures(ofAccount: account) == figures && slabs.figures(ofAccount: account) == figures)
      }
    }
  }
}

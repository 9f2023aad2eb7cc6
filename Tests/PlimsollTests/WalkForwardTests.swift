import MarketModel
import Plimsoll
import RiskNumerics
import TestSupport
import Testing

@Suite("value at risk walked forward through a history")
struct WalkForwardTests {
  /// Closes that wander from a seed and end near the sample market's spots.
  static func history(rows: Int, seed: UInt64, changedFrom change: Int? = nil) throws -> PriceHistory {
    let end = try #require(SampleBook.asOf).secondsSinceEpoch / 86_400
    var normals = [[Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows)]
    for coin in normals.indices {
      var span = normals[coin].mutableSpan
      RandomStream(seed: seed).normals(factor: coin, step: 0, firstPath: 0, into: &span)
    }
    var prices: [[Double?]] = [[], []]
    var level = [62_000.0, 1_800.0]
    for row in 0..<rows {
      let common = normals[0][row]
      for (coin, own) in [common, 0.8 * common + 0.6 * normals[1][row]].enumerated() {
        level[coin] *= Elementary.exp((coin == 0 ? 0.03 : 0.04) * own)
        let isChanged = change.map { row >= $0 } ?? false
        prices[coin].append(isChanged ? level[coin] * (1.5 + Double(row % 3)) : level[coin])
      }
    }
    return PriceHistory(
      dates: try (0..<rows).map { row in
        try #require(Instant(secondsSinceEpoch: (end - Int64(rows - 1 - row)) * 86_400))
      }, assets: try ["BTC", "ETH"].map { try #require(Identifier($0)) }, prices: prices)
  }

  static func result(
    _ sample: SampleBook, _ history: PriceHistory, threads: Int = 2, market: WalkForward.Market = .past,
    window: Int = 40, days: Int = 30, horizon: Double = 1, accounts: Bool = true
  ) throws -> BacktestResult {
    var plan = RunPlan(seed: 3)
    plan.measures = [.valueAtRisk]
    plan.valueAtRisk = [
      ValueAtRiskPlan(
        confidence: [try #require(ConfidenceLevel(decimal: "0.95"))], horizonDays: horizon, paths: 400)
    ]
    var options = WalkForward.Options()
    options.window = window
    options.days = days
    options.market = market
    options.accounts = accounts
    return try WalkForward(
      book: try #require(sample.book(history: history)), plan: plan, options: options, threads: threads
    ).result()
  }

  @Test("what happens later changes nothing before", arguments: [WalkForward.Market.past, .today])
  func noLookAhead(market: WalkForward.Market) throws {
    let sample = SampleBook.random(accounts: 3, positions: 6, seed: 11)
    let change = 70
    let calm = try Self.result(sample, try Self.history(rows: 90, seed: 5), market: market)
    let wild = try Self.result(
      sample, try Self.history(rows: 90, seed: 5, changedFrom: change), market: market)
    let date = try Self.history(rows: 90, seed: 5).dates[change]
    #expect(calm.series.count == 4 && wild.series.count == 4)
    for (before, after) in zip(calm.series, wild.series) {
      #expect(
        before.days.filter { $0.until < date } == after.days.filter { $0.until < date }, "seeds 11 and 5")
      #expect(
        before.days.filter { $0.forecast.date >= date } != after.days.filter { $0.forecast.date >= date })
      // The forecast of the day before the change was made without it, and meets it.
      let last = try #require(before.days.last { $0.forecast.date < date })
      let met = try #require(after.days.last { $0.forecast.date < date })
      #expect(last.forecast.valueAtRisk == met.forecast.valueAtRisk)
      #expect(last.forecast.profit != met.forecast.profit)
    }
  }

  @Test("the document is the same on any number of threads")
  func threads() throws {
    let sample = SampleBook.random(accounts: 2, positions: 5, seed: 4)
    let history = try Self.history(rows: 60, seed: 8)
    let one = BacktestWriter(try Self.result(sample, history, threads: 1)).document()
    #expect(BacktestWriter(try Self.result(sample, history, threads: 3)).document() == one)
  }

  @Test("a coin earns the difference of its closes, and every horizon once")
  func coin() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 2)]
    let history = try Self.history(rows: 60, seed: 9)
    for horizon in [1, 3] {
      let result = try Self.result(sample, history, horizon: Double(horizon))
      let series = try #require(result.series.first)
      #expect(series.account == nil)
      #expect(series.days.count == (horizon == 1 ? 20 : 6))
      for (place, day) in series.days.enumerated() {
        let row = try #require(history.dates.firstIndex(of: day.forecast.date))
        #expect(day.until == history.dates[row + horizon])
        let from = try #require(history.prices[0][row])
        let to = try #require(history.prices[0][row + horizon])
        // Two products and a difference of numbers of that size.
        #expect(abs(day.forecast.profit - 2 * (to - from)) < 1e-9 * to)
        if place > 0 { #expect(series.days[place - 1].until == day.forecast.date) }
      }
      #expect(series.days.last?.until == history.dates.last)
    }
  }

  @Test("today's market keeps its size: a coin earns today's worth times the move")
  func today() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    let history = try Self.history(rows: 50, seed: 10)
    let series = try #require(try Self.result(sample, history, market: .today).series.first)
    for day in series.days {
      let row = try #require(history.dates.firstIndex(of: day.forecast.date))
      let move = try #require(history.prices[0][row + 1]) / (try #require(history.prices[0][row]))
      #expect(abs(day.forecast.profit - 65_010.5 * (move - 1)) < 1e-9 * 65_010.5)
    }
  }

  @Test("an option that nobody moves loses its time value, and one that expires overnight is settled")
  func time() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-7-84510-C", 1, nil)]
    let flat = PriceHistory(
      dates: try Self.history(rows: 50, seed: 1).dates,
      assets: try ["BTC", "ETH"].map { try #require(Identifier($0)) },
      prices: [Array(repeating: 65_010.5, count: 50), Array(repeating: 1_893.25, count: 50)])
    // Nothing moves: what is earned is the decay of a call out of the money, all of it by its expiry.
    let near = try #require(try Self.result(sample, flat, days: 1).series.first?.days.first).forecast
    let settled = try #require(try Self.result(sample, flat, days: 1, horizon: 8).series.first?.days.first)
      .forecast
    #expect(near.profit < 0)
    #expect(settled.profit < near.profit)
    // Without variance the forecast is the decay itself: the same formulas price both.
    #expect(abs(near.valueAtRisk + near.profit) < 1e-9 * 65_010.5)
    #expect(abs(settled.valueAtRisk + settled.profit) < 1e-9 * 65_010.5)
  }

  @Test(
    "methods with a distribution have the third test of expected shortfall, others say that it is not applicable"
  )
  func ranks() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1), (0, "ETH", -10)]
    var plan = RunPlan(seed: 3)
    plan.measures = [.valueAtRisk]
    let levels = ["0.95", "0.99"].compactMap(ConfidenceLevel.init(decimal:))
    plan.valueAtRisk = [.historical, .filteredHistorical, .monteCarlo, .parametric].map { method in
      ValueAtRiskPlan(
        method: method, confidence: levels, paths: 400, filter: VolatilityFilterPlan(model: .garch))
    }
    var options = WalkForward.Options()
    (options.window, options.days) = (40, 40)
    let result = try WalkForward(
      book: try #require(sample.book(history: try Self.history(rows: 90, seed: 12))), plan: plan,
      options: options, threads: 2
    ).result()
    #expect(result.series.count == 8)
    for series in result.series {
      // Forty days have two ranks in a tail of 5 %, and none in one of 1 %.
      let isTested = series.method != "parametric" && series.confidence.decimal == "0.95"
      #expect((series.statistics.shortfallRanks != nil) == isTested, "\(series.method)")
      #expect((series.rankNote?.hasPrefix("not_applicable: ") ?? false) == !isTested)
      guard let test = series.statistics.shortfallRanks else { continue }
      #expect(test.z3 < 1 && test.pValue > 0 && test.pValue <= 1)
      // The history wanders by one law: no method that has seen forty days of it is far off.
      #expect(test.pValue > 0.001, "seed 12: \(series.method) \(test.z3)")
    }
    let said = result.assumptions.joined(separator: "\n")
    #expect(said.contains("which are 39 returns"))
    #expect(said.contains("On 40 days: ") && said.contains("GARCH needs 100"))
  }

  @Test("too little history is refused by name")
  func refusals() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1)]
    let history = try Self.history(rows: 40, seed: 1)
    #expect(throws: EngineError.self) { try Self.result(sample, history) }
    #expect(throws: EngineError.self) { try Self.result(sample, history, window: 20, horizon: 1.5) }
    #expect(try Self.result(sample, history, window: 39).series.first?.days.count == 1)
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct StressTableTests {
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1

  private func value(_ sample: SampleBook, history: PriceHistory? = nil) throws -> ValuedBook {
    BookValuation.value(try #require(sample.book(history: history)), team: team)
  }

  private func first(_ figures: [StressFigure?]) throws -> StressFigure {
    try #require(figures.first.flatMap { $0 })
  }

  private func named(_ text: String) throws -> Identifier { try #require(Identifier(text)) }

  private func scenario(
    _ source: StressScenario.Source, volatility: Double = 0,
    with change: (inout StressScenario) throws -> Void = { _ in }
  ) throws -> StressScenario {
    var scenario = StressScenario(name: try named("s"), source: source, volatility: volatility)
    try change(&scenario)
    return scenario
  }

  private func profit(_ book: ValuedBook, _ scenario: StressScenario, account: Int = 0) throws -> Double {
    let table = StressTable(book, scenarios: [scenario], team: team)
    #expect(table.failures == [])
    return try first(table.figures(ofAccount: account)).profitAndLoss
  }

  // MARK: Laws

  @Test(
    "a replay of a window is the full revaluation of the book on that market", arguments: [3, 4] as [UInt64])
  func replay(seed: UInt64) throws {
    let sample = SampleBook.random(accounts: 3, positions: 12, seed: seed)
    let from = try #require(Instant(year: 2020, month: 3, day: 11))
    let to = try #require(Instant(year: 2020, month: 3, day: 13))
    let middle = try #require(Instant(year: 2020, month: 3, day: 12))
    let history = PriceHistory(
      dates: [from, middle, to],
      assets: [try named("BTC"), try named("ETH")], prices: [[8_000, 7_000, 5_600], [200, nil, 110]])
    let now = try value(sample, history: history)
    var moved = sample
    moved.spotFactor = ["BTC": 0.7, "ETH": 0.55]
    let later = try value(moved)
    let table = StressTable(now, scenarios: [try scenario(.history(from: from, to: to))], team: team)
    for account in 0..<3 {
      let figure = try first(table.figures(ofAccount: account))
      let change = later.equity[account] - now.equity[account]
      // Equities of some 10⁶ are subtracted.
      #expect(abs(figure.profitAndLoss - change) < 1e-9 * (1e6 + abs(change)))
    }
    let whole = try first(table.figures(NettedBook(now)))
    let sum = later.equity.reduce(0, +) - now.equity.reduce(0, +)
    #expect(abs(whole.profitAndLoss - sum) < 1e-9 * (3e6 + abs(sum)))
    let window = try #require(whole.market?.window)
    #expect(window == StressMarket.Window(from: from, to: to))
    let first = try #require(whole.market?.moves.first)
    #expect(first.asset.text == "BTC" && abs(first.spot + 0.3) < 1e-15)
  }

  @Test("the worst window is the worst of all windows, for the book")
  func worstWindow() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", -2)]
    let days = try (1...6).map { try #require(Instant(year: 2024, month: 1, day: $0)) }
    let history = PriceHistory(
      dates: days, assets: [try named("BTC")], prices: [[100, 120, 90, 117, 100, 105]])
    let book = try value(sample, history: history)
    let table = StressTable(book, scenarios: [try scenario(.worstHistory(days: 1))], team: team)
    let figure = try first(table.figures(NettedBook(book)))
    // Short coins lose most in the steepest rise, 90 to 117: 30 %.
    #expect(abs(figure.profitAndLoss + 2 * spot * 0.3) < 1e-9 * spot)
    #expect(figure.market?.window == StressMarket.Window(from: days[2], to: days[3]))
    #expect(table.notes.count == 1)
    let two = try profit(book, try scenario(.worstHistory(days: 2)))
    // Over two days 90 to 100 is the steepest rise: 11.1 %.
    #expect(abs(two + 2 * spot * (100.0 / 90 - 1)) < 1e-9 * spot)
  }

  @Test("a cell of a ladder is the single stress of its moves")
  func ladder() throws {
    let sample = SampleBook.random(accounts: 2, positions: 15, seed: 8)
    let book = try value(sample)
    let ladder = StressLadder(spots: [-0.4, 0, 0.25], volatilities: [-0.2, 0.6])
    let grid = try first(
      StressTable(book, scenarios: [try scenario(.ladder(ladder))], team: team).figures(ofAccount: 1))
    let cells = try #require(grid.grid)
    for (row, volatility) in ladder.volatilities.enumerated() {
      for (column, move) in ladder.spots.enumerated() {
        #expect(
          try profit(book, try scenario(.all(move), volatility: volatility), account: 1)
            == cells.profits[row][column])
      }
    }
    #expect(grid.profitAndLoss == cells.profits.flatMap { $0 }.min())
  }

  @Test("moves of single underlyings add up to the move of all")
  func separate() throws {
    let book = try value(SampleBook.random(accounts: 1, positions: 20, seed: 21))
    var sum = 0.0
    for coin in ["BTC", "ETH"] {
      sum += try profit(
        book,
        try scenario(.all(0)) {
          $0.moves = [
            UnderlyingStress(underlying: try self.named(coin), spot: -0.3, volatility: 0.5, basis: 0.01)
          ]
        })
    }
    let all = try profit(book, try scenario(.all(-0.3), volatility: 0.5) { $0.basis = 0.01 })
    #expect(abs(sum - all) < 1e-10 * (1e6 + abs(all)))
  }

  @Test("the parts of an explanation sum to the profit, and small moves leave no residual")
  func explanation() throws {
    let book = try value(SampleBook.random(accounts: 4, positions: 20, seed: 5))
    func stress(_ size: Double) throws -> StressScenario {
      try scenario(.all(-0.3 * size), volatility: 0.4 * size) {
        ($0.skew, $0.basis, $0.rates, $0.days) = (0.2 * size, 0.02 * size, 0.01 * size, 2 * size)
        $0.depeg = Depeg(asset: try self.named("USDC"), price: 1 - 0.1 * size)
        $0.funding = FundingSpike(rate8h: 0.003, hours: 72)
      }
    }
    let table = StressTable(
      book, scenarios: [try stress(1)], greeks: GreekAggregation(book, team: team), team: team)
    let net = NettedBook(book)
    for figure in (0..<4).flatMap({ table.figures(ofAccount: $0) }) + table.figures(net) {
      let found = try #require(figure)
      let parts = try #require(found.explanation).parts
      let largest = parts.reduce(1) { max($0, abs($1)) }
      #expect(abs(parts.reduce(0, +) - found.profitAndLoss) < 1e-14 * largest)
    }
    // What is left of a smooth book falls with the square of the moves: cross terms that have no part of their own.
    func residual(_ size: Double) throws -> Double {
      let table = StressTable(
        book, scenarios: [try stress(size)], greeks: GreekAggregation(book, team: team), team: team)
      return abs(try #require(try first(table.figures(net)).explanation).residual)
    }
    let (coarse, fine) = (try residual(1e-2), try residual(1e-3))
    #expect(fine < coarse / 60)
  }

  // MARK: By hand

  @Test("a stable asset at 0.90: cash, a perpetual and an option quoted and settled in it")
  func depeg() throws {
    let price = spot * 1.0003
    var sample = SampleBook()
    sample.accountCount = 4
    sample.balances = [(0, "USDC", 1_000)]
    sample.positions = [
      (1, "BTC_USDC-PERPETUAL", 2, nil), (2, "BTC_USDC-PERPETUAL", 1, 50_000),
      (3, "BTC_USDC-30-65010-C", 1, nil),
    ]
    let book = try value(sample)
    let stress = try scenario(.all(0)) { $0.depeg = Depeg(asset: try self.named("USDC"), price: 0.9) }
    // 1,000 USDC lose 100 dollars.
    #expect(abs(try profit(book, stress) + 100) < 1e-9)
    // The coin keeps its dollars, so it costs m/0.9 USDC: 2·(m/0.9 - m)·0.9 = 2·0.1·m dollars for the long, who owes USDC.
    #expect(abs(try profit(book, stress, account: 1) - 2 * 0.1 * price) < 1e-9 * price)
    // Entered at 50,000: (m/0.9 - 50,000)·0.9 - (m - 50,000) = 0.1·50,000, whatever the mark.
    #expect(abs(try profit(book, stress, account: 2) - 5_000) < 1e-9 * price)
    // The same call on a market quoted in USDC at 0.90: forwards over 0.9, volatilities by strike as they were.
    let market = book.book.market
    let broken = MarketSnapshot(
      asOf: market.asOf, baseCurrency: market.baseCurrency,
      assets: market.assets.map {
        Asset(id: $0.id, spot: $0.isStable ? 0.9 : $0.spot, isStable: $0.isStable)
      },
      forwards: market.forwards.map {
        ForwardQuote(underlying: $0.underlying, expiry: $0.expiry, price: $0.price / 0.9)
      }, volatility: market.volatility, marks: market.marks, correlation: market.correlation)
    let later = BookValuation.value(
      Book(
        market: broken, instruments: book.book.instruments, accounts: book.book.accounts,
        positions: book.book.positions, balances: book.book.balances), team: team)
    let change = later.equity[3] - book.equity[3]
    #expect(change > 0)
    #expect(abs(try profit(book, stress, account: 3) - change) < 1e-9 * spot)
  }

  @Test("funding of 0.3 % per eight hours for three days")
  func funding() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.positions = [(0, "BTC_USDC-PERPETUAL", 2, nil), (1, "BTC-PERPETUAL", -10_000, nil)]
    let stress = try scenario(.all(0)) { $0.funding = FundingSpike(rate8h: 0.003, hours: 72) }
    let book = try value(sample)
    // 72 hours are nine payments: 2 × 65,030.00315 × 0.003 × 9 = 3,511.6201701 paid by the long.
    #expect(abs(try profit(book, stress) + 3_511.620_170_1) < 1e-6)
    // 10,000 dollars short of a coin-margined contract receive 10,000/65,030.00315 coins × 0.027, at 65,010.5: 269.919…
    #expect(abs(try profit(book, stress, account: 1) - 270 * spot / (spot * 1.0003)) < 1e-9)
  }

  @Test("an option that expires on the way is worth its payoff, one that does not is younger")
  func days() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-7-61760-C", 2, nil)]
    let book = try value(sample)
    let stress = try scenario(.all(0.1)) { $0.days = 10 }
    let payoff = 2 * (spot * 1.1 - 61_760)
    #expect(abs(try profit(book, stress) - (payoff - book.equity[0])) < 1e-9 * spot)
    let aged = try profit(book, try scenario(.all(0)) { $0.days = 3 })
    #expect(aged < 0 && aged > -book.equity[0])
  }

  @Test("the broken correlations of a long and a short coin")
  func correlations() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 1), (0, "ETH", -30)]
    let book = try value(sample)
    let ether = SampleBook.coins[1].1
    func move(_ sign: Double, _ coin: Int) -> Double {
      // Three deviations of one day: e^(±3σ/√365) - 1.
      Elementary.expMinusOne(sign * 3 * SampleBook.coins[coin].2 / 365.0.squareRoot())
    }
    let expected: [(CorrelationBreak.Pattern, Double)] = [
      (
        .together,
        min(spot * move(1, 0) - 30 * ether * move(1, 1), spot * move(-1, 0) - 30 * ether * move(-1, 1))
      ),
      (.against, spot * move(-1, 0) - 30 * ether * move(1, 1)),
      (.worstSigns, spot * move(-1, 0) - 30 * ether * move(1, 1)),
      (.alone, min(spot * move(-1, 0), -30 * ether * move(1, 1))),
    ]
    for (pattern, loss) in expected {
      let breaking = CorrelationBreak(pattern: pattern, against: try named("ETH"))
      #expect(abs(try profit(book, try scenario(.correlationBreak(breaking))) - loss) < 1e-9 * spot)
    }
  }

  @Test("the moves of presets are those of the closes")
  func presets() throws {
    let expected: [(StressPreset, Double, Double)] = [
      (.crypto20200312, -0.3717, -0.4235), (.crypto20210519, -0.1377, -0.2720),
      (.crypto20221109, -0.1435, -0.1746), (.equities19871019, -0.2047, -0.2047),
      (.equities20081015, -0.0903, -0.0903), (.equities20200316, -0.1198, -0.1198),
    ]
    for (preset, bitcoin, others) in expected {
      #expect(abs(preset.spotMove(of: try named("BTC")) - bitcoin) < 5e-5)
      #expect(abs(preset.spotMove(of: try named("ETH")) - others) < 5e-5)
    }
  }

  // MARK: Refusals

  @Test("what the market cannot carry is a failure by name, and the rest goes on")
  func refusals() throws {
    var sample = SampleBook()
    sample.correlation = nil
    sample.balances = [(0, "BTC", 1)]
    let day = try #require(Instant(year: 2020, month: 3, day: 11))
    let scenarios = [
      try scenario(.history(from: day, to: try #require(Instant(year: 2020, month: 3, day: 13)))),
      try scenario(.worstHistory(days: 10)),
      try scenario(.correlationBreak(CorrelationBreak(pattern: .together))),
      try scenario(.all(0)) { $0.depeg = Depeg(asset: try self.named("ETH"), price: 0.9) },
      try scenario(.all(0)) { $0.moves = [UnderlyingStress(underlying: try self.named("SOL"), spot: -0.1)] },
      try scenario(.all(-0.1)),
    ]
    let table = StressTable(try value(sample), scenarios: scenarios, team: team)
    #expect(
      table.failures.map(\.path) == [
        "run.json#/stress/0", "run.json#/stress/1", "run.json#/stress/2", "run.json#/stress/3/depeg",
        "run.json#/stress/4/moves",
      ])
    #expect(table.figures(ofAccount: 0).compactMap { $0?.profitAndLoss } == [-0.1 * spot])
  }

  @Test("an empty account loses nothing, whatever happens")
  func empty() throws {
    var scenarios = StressScenario.standard
    scenarios.append(try scenario(.ladder(.standard)))
    scenarios += try StressPreset.allCases.map { try scenario(.preset($0)) }
    let book = try value(SampleBook())
    let table = StressTable(
      book, scenarios: scenarios, greeks: GreekAggregation(book, team: team), team: team)
    for figure in table.figures(ofAccount: 0) + table.figures(NettedBook(book)) {
      #expect(try #require(figure).profitAndLoss == 0)
    }
    #expect(table.figures(ofAccount: 7).isEmpty)
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Recipes on the losses that an account would have had on the days of a history.
@Suite struct HistoryMarginTests {
  static let team = ThreadTeam(threadCount: 1)
  static let names = ["var-margin", "es-margin", "fhs-margin"]

  @Test("the tail of ten losses at 75 %: rank 8 and the mean of the worst two and a half")
  func tail() {
    // n(1 − c) = 2.5: the third largest, and (10 + 9 + 0.5 × 8)/2.5 = 9.2.
    let tail = LossTail(of: [3, 10, 1, 8, 2, 9, 4, 7, 6, 5], confidence: 0.75)
    #expect(tail.valueAtRisk == 8 && tail.expectedShortfall == 9.2)
    // 0.99 of 100 leaves exactly one loss, whatever binary fractions say.
    let hundred = LossTail(of: (1...100).map(Double.init), confidence: 0.99)
    #expect(hundred.valueAtRisk == 99 && hundred.expectedShortfall == 100)
    #expect(LossTail(of: [], confidence: 0.99) == LossTail(of: [0], confidence: 0.99))
  }

  /// Closes of two coins: quiet days of ±1 %, then a window of ±5 %, then quiet ones again.
  static func history(days: Int = 200) throws -> PriceHistory {
    let coins = try ["BTC", "ETH"].map { try #require(Identifier($0)) }
    let dates = try (0..<days).map { day in
      try #require(Instant(secondsSinceEpoch: 1_735_689_600 + 86_400 * Int64(day)))
    }
    var generator = SeededGenerator(state: 5)
    let prices = [65_000.0, 2_000].map { start -> [Double?] in
      var price = start
      return (0..<days).map { day in
        let size = (60..<90).contains(day) ? 0.05 : 0.01
        price *= 1 + Double.random(in: -size...size, using: &generator)
        return price
      }
    }
    return PriceHistory(dates: dates, assets: coins, prices: prices)
  }

  static func valued(seed: UInt64) throws -> ValuedBook {
    var desk = RandomDesk(seed: seed)
    print("seed \(seed)")
    let made = desk.book(accounts: 8, positions: 10)
    let book = try #require(made)
    let dated = Book(
      market: book.market, instruments: book.instruments, accounts: book.accounts, positions: book.positions,
      balances: book.balances, history: try history())
    return BookValuation.value(dated, team: team)
  }

  static func model(
    _ base: String, _ context: MarginContext, _ numbers: [(String, Double)]
  ) throws -> any ReportableModel {
    let definition = ModelDefinition(
      name: "house", base: base, parameters: numbers.map { .init(name: $0.0, value: $0.1) },
      file: "house.json")
    return try ModelLibrary(adding: [definition]).prepare(
      "house", context: context, states: [.today], team: team)
  }

  @Test("a coin alone needs the tail of its own moves, blended with that of the stressed window")
  func coin() throws {
    let valued = try Self.valued(seed: 1)
    let context = MarginContext(of: valued)
    let prices = try Self.history().prices[0].compactMap { $0 }
    let losses = zip(prices, prices.dropFirst()).map { 65_000 * (1 - $1 / $0) }
    let set = NettingSet(underlying: 0, legs: [], collateral: 1)
    let model = try Self.model(
      "es-margin", context,
      [
        ("horizon_days", 1), ("confidence", 0.95), ("lookback_days", 100), ("stress.days", 40),
        ("stress.weight", 0.25),
      ])
    // The window of 40 days with the largest squares holds the thirty of ±5 %: moves 59 to 88 of both coins.
    let stressed = (20...59).map { Array(losses[$0..<($0 + 40)]) }.map {
      LossTail(of: $0, confidence: 0.95).expectedShortfall
    }
    let current = LossTail(of: Array(losses.suffix(100)), confidence: 0.95).expectedShortfall
    let parts = try #require(model.breakdown(ofGroup: [set], state: 0)).parts
    #expect(abs(parts[0].amount - 0.75 * current) < 1e-8)
    #expect(stressed.contains { abs(parts[1].amount - 0.25 * $0) < 1e-8 })
    #expect(parts[1].amount / 0.25 > 3 * current)
  }

  @Test(
    "laws: homogeneous, the shortfall subadditive, a state priced anew the same",
    arguments: [1 as UInt64, 2, 3])
  func laws(seed: UInt64) throws {
    let valued = try Self.valued(seed: seed)
    let context = MarginContext(of: valued)
    for name in Self.names {
      let model = try ModelCatalogue.prepare(
        name, context: context, states: MarginLawTests.states, team: Self.team)
      for account in valued.book.accounts.indices {
        let sets = context.nettingSets(ofAccount: account, in: valued)
        let bound = 1e-11 * sets.reduce(0) { $0 + MarginLawTests.size(of: $1, in: context) }
        let whole = model.netMargins(ofGroup: sets)
        for (state, market) in model.states.enumerated() {
          #expect(model.netMargin(ofGroup: sets, in: market) == whole[state])
        }
        let larger = sets.map { set in
          NettingSet(
            underlying: set.underlying,
            legs: set.legs.map {
              Leg(
                instrument: $0.instrument, effectiveQuantity: 2.5 * $0.effectiveQuantity,
                rawQuantity: 2.5 * $0.rawQuantity, value: 2.5 * $0.value)
            }, collateral: 2.5 * set.collateral)
        }
        #expect(abs(model.netMargin(ofGroup: larger, state: 0).initial - 2.5 * whole[0].initial) <= 3 * bound)
        guard name == "es-margin" else { continue }
        var apart = NetMargin.zero
        for set in sets {
          apart += model.netMargin(collateral: set.collateral, underlying: set.underlying, state: 0)
          for leg in set.legs { apart += model.netMargin(alone: leg, state: 0) }
        }
        #expect(whole[0].initial >= apart.initial - bound)
      }
    }
  }

  @Test("filtered moves are those of today's volatility: after quiet days less than as they were")
  func filtered() throws {
    let context = MarginContext(of: try Self.valued(seed: 1))
    let set = NettingSet(underlying: 0, legs: [], collateral: 1)
    let plain = try Self.model("es-margin", context, [("stress.weight", 0), ("lookback_days", 190)])
    let filtered = try Self.model("fhs-margin", context, [("stress.weight", 0), ("lookback_days", 190)])
    let (one, other) = (plain.netMargin(of: set, state: 0), filtered.netMargin(of: set, state: 0))
    #expect(65_000 - other.initial < 0.6 * (65_000 - one.initial))
    // With its weight the stressed window decides.
    let stressed = try Self.model("fhs-margin", context, [("stress.weight", 1), ("lookback_days", 190)])
    #expect(stressed.netMargin(of: set, state: 0).initial < other.initial)
  }

  @Test("liquidity and floor are parts of the gross exposure; without history everything is unsupported")
  func charges() throws {
    let valued = try Self.valued(seed: 1)
    let context = MarginContext(of: valued)
    let sets = context.nettingSets(ofAccount: 0, in: valued)
    let model = try Self.model("var-margin", context, [("liquidity.rate", 0.01), ("floor.rate", 0.5)])
    let parts = try #require(model.breakdown(ofGroup: sets, state: 0)).parts
    let exposure = parts[2].amount / 0.01
    #expect(exposure > 0 && abs(parts[0...3].reduce(0) { $0 + $1.amount } - 0.5 * exposure) < 1e-6)
    var desk = RandomDesk(seed: 2)
    let made = desk.valued(accounts: 1, positions: 5)
    let bare = try #require(made)
    let engine = try MarginEngine(book: bare, models: Self.names, parts: [], team: Self.team)
    for figure in engine.models(ofAccount: 0) {
      #expect(figure.perPosition.isEmpty && figure.unsupported.count == bare.holdings.count)
    }
  }

  @Test("what has no loan value has none in maintenance margin, whatever its ratio")
  func ratio() throws {
    let valued = try Self.valued(seed: 1)
    let book = valued.book
    let bare = Book(
      market: book.market, instruments: book.instruments, accounts: book.accounts, positions: [],
      balances: [Balance(account: 0, asset: try #require(Identifier("BTC")), quantity: 1)],
      history: PriceHistory(
        dates: try Self.history().dates, assets: [try #require(Identifier("ETH"))],
        prices: [try Self.history().prices[1]]))
    let context = MarginContext(of: BookValuation.value(bare, team: Self.team))
    for name in Self.names {
      let model = try Self.model(name, context, [("maintenance_ratio", 0.5)])
      let net = model.netMargin(collateral: 1, underlying: 0, state: 0)
      #expect(net.initial == 0 && net.maintenance == 0)
    }
  }

  @Test("an account needs the same alone as beside others, whatever those hold")
  func neighbours() throws {
    let valued = try Self.valued(seed: 4)
    let book = valued.book
    let whole = try MarginEngine(
      book: valued, models: Self.names, dynamic: DynamicMarginPlan(), parts: [], team: Self.team)
    for account in book.accounts.indices {
      let alone = Book(
        market: book.market, instruments: book.instruments, accounts: [book.accounts[account]],
        positions: book.positions.filter { $0.account == account }.map {
          Position(account: 0, instrument: $0.instrument, quantity: $0.quantity, entryPrice: $0.entryPrice)
        },
        balances: book.balances.filter { $0.account == account }.map {
          Balance(account: 0, asset: $0.asset, quantity: $0.quantity)
        }, history: book.history)
      let engine = try MarginEngine(
        book: BookValuation.value(alone, team: Self.team), models: Self.names, dynamic: DynamicMarginPlan(),
        parts: [], team: Self.team)
      #expect(engine.margin(ofAccount: 0) == whole.margin(ofAccount: account))
      #expect(engine.assumptions == whole.assumptions)
    }
  }

  @Test("a coin listed last month has no history, and leaves the others theirs")
  func listedLate() throws {
    let valued = try Self.valued(seed: 4)
    let history = try #require(valued.book.history)
    let late = PriceHistory(
      dates: history.dates, assets: history.assets,
      prices: [history.prices[0], [Double?](repeating: nil, count: 170) + history.prices[1].suffix(30)])
    let model = { (history: PriceHistory) in
      let book = valued.book
      let dated = Book(
        market: book.market, instruments: book.instruments, accounts: book.accounts,
        positions: book.positions, balances: book.balances, history: history)
      return try Self.model(
        "es-margin", MarginContext(of: BookValuation.value(dated, team: Self.team)),
        [("stress.weight", 0), ("lookback_days", 100)])
    }
    let coin = NettingSet(underlying: 0, legs: [], collateral: 1)
    let (short, long) = (try model(late), try model(history))
    #expect(short.netMargin(of: coin, state: 0) == long.netMargin(of: coin, state: 0))
    #expect(short.notes.first?.hasSuffix("; without a history: ETH") == true)
    #expect(long.notes.first?.contains("without a history") == false)
    let other = NettingSet(underlying: 1, legs: [], collateral: 1)
    #expect(
      short.netMargin(of: other, state: 0).initial == 0 && long.netMargin(of: other, state: 0).initial > 0)
  }
}

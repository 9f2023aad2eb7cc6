import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Positions that a book holds isolated: what they need, and whether they are still there.
@Suite struct StandingPositionTests {
  static let team = ThreadTeam(threadCount: 1)

  /// One account with 100,000 USDC on a perpetual on bitcoin at 60,000.
  static func valued(_ lots: [(quantity: Double, entry: Double?, mode: MarginMode, margin: Double?)]) throws
    -> ValuedBook
  {
    let (usd, usdc) = (try #require(Identifier("USD")), try #require(Identifier("USDC")))
    let (btc, account) = (try #require(Identifier("BTC")), try #require(Identifier("a")))
    let asOf = try #require(Instant(year: 2026, month: 1, day: 30, hour: 8))
    let perpetual = Instrument(
      id: try #require(Identifier("BTC_USDC-PERPETUAL")), kind: .perpetual, underlying: btc, quoteAsset: usdc,
      settlementAsset: usdc, isInverse: false)
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd,
      assets: [Asset(id: btc, spot: 60_000), Asset(id: usdc, spot: 1, isStable: true)],
      marks: [Mark(instrument: perpetual.id, price: 60_000)])
    let book = Book(
      market: market, instruments: [perpetual], accounts: [account],
      positions: lots.enumerated().map { row, lot in
        Position(
          account: 0, instrument: 0, quantity: lot.quantity, entryPrice: lot.entry, marginMode: lot.mode,
          isolatedMargin: lot.margin, row: row + 2)
      }, balances: [Balance(account: 0, asset: usdc, quantity: 100_000)])
    return BookValuation.value(book, team: team)
  }

  static func engine(_ valued: ValuedBook) throws -> MarginEngine {
    try MarginEngine(
      book: valued, models: ["binance-perp"],
      comparison: ComparisonPlan(
        isolated: "binance-perp", cross: "binance-perp", portfolio: "derive-pmrm2"), team: team)
  }

  @Test("an isolated position below its own maintenance is closed as it stands, whatever cash lies beside it")
  func below() throws {
    // 600 of margin less a loss of 1,000, against 0.5 % of 60,000 less 50.
    let engine = try Self.engine(Self.valued([(1, 61_000, .isolated, 600)]))
    let figure = try #require(engine.models(ofAccount: 0).first { $0.mode == .isolated })
    let position = try #require(figure.perPosition.first)
    #expect(position.maintenance == 250)
    let surplus = 600.0 - 1_000 - 250
    #expect(position.isHeldIsolated && position.surplus == surplus && figure.surplus > 98_000)
    let liquidation = try #require(engine.liquidation(ofAccount: 0))
    let price = try #require(liquidation.prices.first { $0.mode == .isolated })
    #expect(price.isHeldIsolated && abs(price.surplus - surplus) < 1e-9)
    // Its root lies above today's spot: there it would come out again, so it is no distance.
    #expect(price.spotRoots.allSatisfy { $0 > 60_000 } && liquidation.distance == 0)
  }

  @Test("what a portfolio account would lose if it were isolated leaves its distance alone")
  func hypothetical() throws {
    let engine = try Self.engine(Self.valued([(1, 65_000, .portfolio, nil)]))
    let liquidation = try #require(engine.liquidation(ofAccount: 0))
    let price = try #require(liquidation.prices.first { $0.mode == .isolated })
    #expect(!price.isHeldIsolated && price.surplus < 0)
    #expect(liquidation.prices.allSatisfy { $0.mode == .isolated || $0.surplus > 0 })
    // 95,000 cannot be lost on one coin at 60,000: nothing ahead liquidates, and nothing has been liquidated.
    #expect(liquidation.prices.allSatisfy { $0.mode == .isolated || $0.spotRoots.isEmpty })
  }

  @Test("an isolated long and a cross short of one contract are two positions alone and none together")
  func twoModes() throws {
    let engine = try Self.engine(Self.valued([(1, nil, .isolated, 2_000), (-1, nil, .cross, nil)]))
    let figures = engine.models(ofAccount: 0)
    let isolated = try #require(figures.first { $0.mode == .isolated })
    #expect(isolated.perPosition.map(\.quantity) == [-1, 1])
    #expect(isolated.perPosition.map(\.isHeldIsolated) == [false, true])
    #expect(isolated.perPosition.map(\.margin) == [isolated.perPosition[0].initial, 2_000])
    for sum in [\MarginFigure.initial, \.maintenance] {
      let part = sum == \.initial ? \PositionMargin.initial : \.maintenance
      #expect(isolated[keyPath: sum] == isolated.perPosition.reduce(0) { $0 + $1[keyPath: part] })
    }
    let cross = try #require(figures.first { $0.mode == .cross })
    #expect(cross.maintenance == 0 && cross.perPosition.map(\.quantity) == [0])
    // In the second bracket 0.5 % less 50 is due: 2,000 + P − 60,000 = 0.005 P − 50.
    let prices = try #require(engine.liquidation(ofAccount: 0)).prices.filter { $0.mode == .isolated }
    let root = try #require(prices.first { $0.isHeldIsolated }?.spotRoots.first)
    #expect(abs(root - 57_950 / 0.995) < 1e-4)
    // Capital one by one is that of two positions; what pooling saves is all of it, and the shares say so.
    let margin = engine.margin(ofAccount: 0)
    let comparison = try #require(margin.comparison)
    #expect((comparison.isolated.capital ?? 0) > 1e5 && comparison.cross.capital == 0)
    #expect(comparison.attribution.count == 2)
    let detail = try #require(engine.attributionDetail(ofAccount: 0, seed: 1))
    let pooled = detail.shapley.reduce(0) { $0 + $1.capital.pooling }
    #expect(abs(pooled - (comparison.saving?.pooling ?? .nan)) < 1e-6)
  }

  @Test("a position is closed where no model of the run would keep it, and each says what it sees")
  func models() throws {
    // 3,000 of margin: more than deribit-sm maintains, less than derive-srm does.
    let valued = try Self.valued([(1, nil, .isolated, 2_000)])
    func liquidation(_ names: [String], isolated: String) throws -> AccountLiquidation {
      let engine = try MarginEngine(
        book: valued, models: names,
        comparison: ComparisonPlan(isolated: isolated, cross: isolated, portfolio: "derive-pmrm2"),
        team: Self.team)
      return try #require(engine.liquidation(ofAccount: 0))
    }
    // 5 % of 60,000 is 3,000 by derive-srm; 250 by binance-perp.
    let alone = try liquidation(["derive-srm"], isolated: "derive-srm")
    #expect(alone.distance == 0)
    let both = try liquidation(["derive-srm", "binance-perp"], isolated: "derive-srm")
    let held = both.prices.filter(\.isHeldIsolated)
    #expect(held.map(\.model) == ["derive-srm", "binance-perp"])
    #expect(held.map { $0.surplus < 0 } == [true, false])
    #expect((both.distance ?? 0) > 0)
  }

  @Test(
    "a closed position is no less closed for another one of its contract, nor an account for what it might set aside"
  )
  func closedBeside() throws {
    func liquidation(_ valued: ValuedBook) throws -> AccountLiquidation {
      let engine = try MarginEngine(
        book: valued, models: ["derive-srm"],
        comparison: ComparisonPlan(isolated: "derive-srm", cross: "derive-srm", portfolio: "derive-pmrm2"),
        team: Self.team)
      return try #require(engine.liquidation(ofAccount: 0))
    }
    // A long closed at a loss of 10,000 on 5,000, beside a short with 50,000 of its own.
    let lots = try liquidation(Self.valued([(1, 70_000, .isolated, 5_000), (-1, 60_000, .cross, 50_000)]))
    #expect(lots.distance == 0 && lots.closed.map(\.surplus) == [5_000 - 10_000 - 3_000])
    // 100,000 on fifty coins: below every model, whatever positions alone would have set aside.
    let whole = try liquidation(Self.valued([(50, nil, .portfolio, nil)]))
    #expect(whole.prices.allSatisfy { $0.position != nil || $0.surplus < 0 } && whole.distance == 0)
    #expect(whole.closed.isEmpty)
  }

  @Test("a margin in coin defends its position in full, and the report says so")
  func coin() throws {
    let engine = try MarginEngine(book: try Self.coinBook(), models: ["derive-srm"], team: Self.team)
    let figures = engine.models(ofAccount: 0)
    let position = try #require(figures.first { $0.mode == .isolated }?.perPosition.first)
    // 0.06 BTC is 6,000, the requirement 5 % of 100,000; in the account coins count 75 %.
    #expect(position.margin == 6_000 && abs((position.surplus ?? 0) - 1_000) < 1e-9)
    #expect(abs((figures.first { $0.mode == .cross }?.surplus ?? 0) + 500) < 1e-9)
    #expect(engine.assumptions.contains { $0.hasPrefix("isolated_margin: a margin in coin") })
  }

  /// One coin perpetual of 100,000 at 100,000 on an isolated margin of 0.06 bitcoin.
  static func coinBook() throws -> ValuedBook {
    let (usd, btc) = (try #require(Identifier("USD")), try #require(Identifier("BTC")))
    let perpetual = Instrument(
      id: try #require(Identifier("BTC-PERPETUAL")), kind: .perpetual, underlying: btc, quoteAsset: usd,
      settlementAsset: btc, isInverse: true)
    let market = MarketSnapshot(
      asOf: try #require(Instant(year: 2026, month: 1, day: 30, hour: 8)), baseCurrency: usd,
      assets: [Asset(id: btc, spot: 100_000)], marks: [Mark(instrument: perpetual.id, price: 100_000)])
    let book = Book(
      market: market, instruments: [perpetual], accounts: [try #require(Identifier("a"))],
      positions: [
        Position(
          account: 0, instrument: 0, quantity: 100_000, entryPrice: 100_000, marginMode: .isolated,
          isolatedMargin: 0.06)
      ], balances: [Balance(account: 0, asset: btc, quantity: 0.06)])
    return BookValuation.value(book, team: team)
  }

  @Test("lots of one mode are one position, whatever margin stands behind one of them")
  func lots() throws {
    let engine = try Self.engine(Self.valued([(1, nil, .isolated, 2_000), (2, nil, .isolated, nil)]))
    let isolated = try #require(engine.models(ofAccount: 0).first { $0.mode == .isolated })
    #expect(isolated.perPosition.map(\.quantity) == [3])
    let alone = try #require(
      Self.engine(Self.valued([(2, nil, .isolated, nil)])).models(ofAccount: 0).first { $0.mode == .isolated }
    )
    #expect(isolated.perPosition.first?.margin == 2_000 + (alone.perPosition.first?.initial ?? .nan))
  }
}

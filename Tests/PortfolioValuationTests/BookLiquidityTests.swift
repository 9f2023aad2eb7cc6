import MarketModel
import PortfolioValuation
import RiskNumerics
import TestSupport
import Testing

@Suite struct BookLiquidityTests {
  private let team = ThreadTeam(threadCount: 2)
  private let spot = SampleBook.coins[0].1

  private func depth(
    _ asset: String, halfSpread: Double = 0.001, coefficient: Double = 0.5,
    widening: MarketDepth.Widening = .init(spread: 0.5, depth: 1), option: Double? = nil,
    volatility: Double? = nil
  ) throws -> MarketDepth {
    MarketDepth(
      .underlying(try #require(Identifier(asset))),
      shape: .impact(
        halfSpread: halfSpread,
        MarketDepth.Impact(form: .squareRoot, coefficient: coefficient, dailyVolume: 10_000)),
      dailyVolatility: 0.03, widening: widening, optionHalfSpread: option, volatilityHalfSpread: volatility)
  }

  private func costs(
    _ sample: SampleBook, under move: (inout MarketMove) -> Void = { _ in }
  ) throws -> [CloseOutCost] {
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let net = NettedBook(book)
    let liquidity = try #require(BookLiquidity(book, net: net))
    var moved = MarketMove(assetCount: book.book.market.assets.count)
    move(&moved)
    let state = liquidity.state(under: moved, team: team)
    return book.book.accounts.indices.map { liquidity.cost(of: liquidity.holdings(ofAccount: $0), in: state) }
      + [liquidity.cost(of: liquidity.holdings(net), in: state)]
  }

  @Test("a market without depth has no costs, and an account with nothing but cash has none with it")
  func nothing() throws {
    var sample = SampleBook()
    sample.balances = [(0, "USDC", 5_000)]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    #expect(BookLiquidity(book, net: NettedBook(book)) == nil)
    sample.depths = [try depth("BTC")]
    #expect(try costs(sample).map(\.total) == [0, 0])
    #expect(try costs(sample).allSatisfy(\.parts.isEmpty))
  }

  @Test("four coins by hand, today and after a fall of two daily standard deviations")
  func coins() throws {
    var sample = SampleBook()
    sample.balances = [(0, "BTC", 4)]
    sample.depths = [try depth("BTC")]
    // 4·S·(0.001 + 0.5·0.03·√(4/10,000))
    let today = try #require(try costs(sample)[0].total)
    #expect(abs(today - 4 * spot * 0.0013) < 1e-9)
    let fall = Elementary.expMinusOne(-0.06)
    let after = try #require(
      try costs(sample) { move in for place in move.assets.indices { move.assets[place].spot = fall } }[0]
        .total
    )
    // The half-spread by 1 + 0.5·2, the volume over 1 + 1·2, the price times e^−0.06.
    let expected = 4 * spot * (1 + fall) * (0.002 + 0.015 * (12.0 / 10_000).squareRoot())
    #expect(abs(after - expected) < 1e-9 * expected)
  }

  @Test("the trade is the delta of the account: coins, linear and inverse contracts and options together")
  func delta() throws {
    for seed in 1...4 {
      var sample = SampleBook.random(accounts: 3, positions: 6, seed: UInt64(seed))
      sample.depths = [try depth("BTC"), try depth("ETH")]
      let book = BookValuation.value(try #require(sample.book()), team: team)
      let greeks = GreekAggregation(book, team: team)
      for (account, cost) in try costs(sample).dropLast().enumerated() {
        let held = try #require(greeks.account(account)).byUnderlying
        #expect(cost.parts.map(\.underlying) == held.map { book.book.market.assets[$0.underlying].id })
        for (part, own) in zip(cost.parts, held) {
          #expect(
            abs(part.quantity - own.greeks.delta) <= 1e-12 * max(1, own.greeks.delta.magnitude),
            "seed \(seed)")
        }
      }
    }
  }

  @Test("a hedge costs nothing to undo")
  func hedge() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC-PERPETUAL", -2 * spot * 1.0003, nil), (0, "BTC_USDC-F7", -1, nil)]
    sample.balances = [(0, "BTC", 2)]
    sample.depths = [try depth("BTC")]
    let hedged = try #require(try costs(sample)[0].total)
    sample.positions = [(0, "BTC_USDC-F7", -1, nil)]
    sample.balances = []
    let open = try #require(try costs(sample)[0].total)
    #expect(abs(hedged - open) < 1e-9 * open)
  }

  @Test("lots of one account cost what their sum costs")
  func lots() throws {
    var sample = SampleBook()
    sample.depths = [try depth("BTC", option: 0.02, volatility: 0.01)]
    sample.positions = [(0, "BTC_USDC-30-65010-C", 4, nil), (0, "BTC_USDC-PERPETUAL", 2, nil)]
    let whole = try #require(try costs(sample)[0].total)
    sample.positions = [
      (0, "BTC_USDC-30-65010-C", 7, nil), (0, "BTC_USDC-PERPETUAL", -1, nil),
      (0, "BTC_USDC-30-65010-C", -3, nil), (0, "BTC_USDC-PERPETUAL", 3, nil),
    ]
    let split = try #require(try costs(sample)[0].total)
    #expect(abs(split - whole) <= 1e-12 * whole)
  }

  @Test("spreads of options are of value and of volatility, and offset nothing")
  func options() throws {
    var sample = SampleBook()
    let call = "BTC_USDC-30-65010-C"
    sample.positions = [(0, call, -3, nil)]
    sample.depths = [try depth("BTC", halfSpread: 0, coefficient: 0, option: 0.02, volatility: 0.01)]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let greeks = try #require(GreekAggregation(book, team: team).account(0)).total
    let cost = try #require(try costs(sample)[0].total)
    // Short three: value and vega of three, both against the holder.
    let expected = 0.02 * greeks.value.magnitude + 0.01 * greeks.vega.magnitude
    #expect(abs(cost - expected) < 1e-9 * expected)
    sample.positions = [(0, call, -3, nil), (0, "BTC_USDC-30-65010-P", 3, nil)]
    #expect(try #require(try costs(sample)[0].total) > cost)
    // A long option is never sold for less than nothing.
    sample.positions = [(0, call, 3, nil)]
    sample.depths = [try depth("BTC", halfSpread: 0, coefficient: 0, volatility: 5)]
    let lost = try #require(try costs(sample)[0].total)
    #expect(abs(lost - greeks.value.magnitude) < 1e-9 * lost)
  }

  @Test(
    "a contract with a depth of its own is traded there, and an inverse one leaves its coin profit behind")
  func own() throws {
    var sample = SampleBook()
    sample.depths = [
      try depth("BTC", halfSpread: 0.01, coefficient: 0),
      MarketDepth(
        .instrument(try #require(Identifier("BTC-PERPETUAL"))), shape: .impact(halfSpread: 0.002, nil)),
    ]
    let mark = spot * 1.0003
    sample.positions = [(0, "BTC-PERPETUAL", 10_000, 60_000)]
    let part = try #require(try costs(sample)[0].parts.first)
    let gained = 10_000 * (1 / 60_000.0 - 1 / mark)
    #expect(abs(part.quantity - gained) < 1e-15)
    let cost = 0.002 * 10_000 * spot / mark
    #expect(abs(try #require(part.contractCost) - cost) < 1e-9)
    #expect(abs(try #require(part.deltaCost) - 0.01 * gained * spot * 1) < 1e-9)
  }

  @Test("what has no depth has no cost, says so, and leaves the total unknown")
  func missing() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.balances = [(0, "BTC", 1), (1, "BTC", 1), (1, "ETH", 1)]
    sample.depths = [try depth("BTC")]
    let costs = try costs(sample)
    #expect(costs[0].total != nil && costs[1].total == nil && costs[2].total == nil)
    #expect(costs[1].parts.map(\.reason) == [nil, "the market quotes no depth of it"])
    #expect(costs[1].parts.map { $0.cost == nil } == [false, true])
    // Set aside, its underlying's depth does not stand in for it.
    sample.balances = []
    sample.positions = [(0, "BTC-PERPETUAL", 100, nil)]
    sample.depths.append(
      MarketDepth(.instrument(try #require(Identifier("BTC-PERPETUAL"))), shape: .unknown))
    #expect(try self.costs(sample)[0].total == nil)
  }

  @Test("the book is closed as one account: what offsets between accounts costs nothing")
  func netted() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.positions = [(0, "BTC_USDC-PERPETUAL", 5, nil), (1, "BTC_USDC-PERPETUAL", -5, nil)]
    sample.depths = [try depth("BTC")]
    let costs = try costs(sample)
    #expect(try #require(costs[0].total) > 0)
    #expect(costs[2].total == 0)
  }

  @Test("what is settled on the way costs nothing")
  func settled() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-7-65010-C", 5, nil)]
    sample.depths = [try depth("BTC", option: 0.05)]
    #expect(try costs(sample) { $0.days = 6 }[0].total ?? 0 > 0)
    #expect(try costs(sample) { $0.days = 8 }[0].total == 0)
  }
}

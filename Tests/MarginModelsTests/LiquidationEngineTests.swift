import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Liquidation prices on the desk.
struct LiquidationBench {
  let desk = CapitalDesk()
  let accounts: [CapitalDesk.Account]
  let valued: ValuedBook
  let context: MarginContext
  let engine: LiquidationEngine

  init(_ accounts: [CapitalDesk.Account], isolated: String = "derive-srm") throws {
    self.accounts = accounts
    valued = try desk.valued(accounts, on: desk.market())
    context = MarginContext(of: valued)
    let prepare = { [context] (name: String) in
      try ModelCatalogue.prepare(
        name, context: context, states: LiquidationEngine.states(), team: CapitalDesk.team)
    }
    engine = LiquidationEngine(
      valued: valued, context: context,
      wholeAccount: [
        .init(mode: .cross, model: try prepare("derive-srm")),
        .init(mode: .cross, model: try prepare("deribit-sm")),
        .init(mode: .portfolio, model: try prepare("derive-pmrm2")),
      ],
      isolated: [try prepare(isolated)])
  }

  /// The market with one coin's spot at a price, its forwards and marks with it.
  func market(_ coin: String, at price: Double) throws -> MarketSnapshot {
    try desk.market([coin: .init(spot: price / (CapitalDesk.spots[coin] ?? 1))])
  }

  /// The price entry of one account for a model and an underlying or a position.
  func price(_ place: Int, model: String, underlying: String) throws -> LiquidationPrice {
    try #require(
      engine.liquidation(ofAccount: place).prices.first {
        $0.model == model && $0.underlying.text == underlying && $0.position == nil
      })
  }

  func price(_ place: Int, position: String) throws -> LiquidationPrice {
    try #require(
      engine.liquidation(ofAccount: place).prices.first { $0.position?.text == position })
  }

  /// Surplus of one isolated position with its margin, on a market, by the direct path.
  func isolatedSurplus(
    _ line: CapitalDesk.Line, model: String, on market: MarketSnapshot
  ) throws -> Double {
    let valuedToday = try desk.valued([.init(lines: [line])], on: desk.market())
    let instrument = try #require(desk.instruments.first { $0.id.text == line.instrument })
    let isCoin = instrument.settlementAsset == instrument.underlying
    let today = valuedToday.book.market.spot(of: instrument.underlying) ?? 1
    let then = market.spot(of: instrument.underlying) ?? 1
    var margin = (line.isolatedMargin ?? 0) * (isCoin ? then : 1)
    if line.isolatedMargin == nil {
      // Its own initial requirement; a perpetual's profit so far is no part of that.
      let context = MarginContext(of: valuedToday)
      let prepared = try ModelCatalogue.prepare(
        model, context: context, states: [.today], team: CapitalDesk.team)
      let set = try #require(context.nettingSets(ofAccount: 0, in: valuedToday).first)
      let profit = instrument.kind == .perpetual ? valuedToday.equity[0] : 0
      margin = max(0, profit - prepared.netMargin(of: set, state: 0).initial) * (isCoin ? then / today : 1)
    }
    return try margin + desk.surplus(.init(lines: [line]), model: model, on: market)
  }
}

struct LiquidationEngineTests {
  @Test("the account's surplus changes sign at every root of random books", arguments: 0..<8)
  func accountRoots(block: Int) throws {
    let seed = UInt64(40 + block)
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let bench = try LiquidationBench((0..<12).map { desk.randomAccount(&random, lines: 1 + $0) })
    var roots = 0
    for (place, account) in bench.accounts.enumerated() {
      for price in bench.engine.liquidation(ofAccount: place).prices where price.position == nil {
        #expect(price.spotRoots == price.spotRoots.sorted())
        #expect(price.spotRoots.isEmpty == (price.reason != nil))
        for root in price.spotRoots {
          roots += 1
          let sides = try [1 - 1e-6, 1 + 1e-6].map {
            try bench.desk.surplus(
              account, model: price.model, on: bench.market(price.underlying.text, at: root * $0)) < 0
          }
          #expect(
            sides[0] != sides[1],
            "seed \(seed), account \(place), \(price.model), \(price.underlying) at \(root)")
        }
      }
    }
    #expect(roots > 20, "seed \(seed): \(roots) roots")
  }

  @Test("no sign change is missed where the surplus is looked at three hundred times", arguments: 0..<3)
  func allRoots(block: Int) throws {
    let seed = UInt64(900 + block)
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let bench = try LiquidationBench((0..<8).map { desk.randomAccount(&random, lines: 2 + $0) })
    let cuts = (0...300).map { Elementary.exp(-3.9 + 6.8 * Double($0) / 300) }
    for (place, account) in bench.accounts.enumerated() {
      for price in bench.engine.liquidation(ofAccount: place).prices
      where price.position == nil && price.model == "derive-pmrm2" {
        let coin = price.underlying.text
        let spot = CapitalDesk.spots[coin] ?? 1
        var previous: Bool?
        for (low, high) in zip([0] + cuts, cuts) {
          let sign =
            try bench.desk.surplus(
              account, model: price.model, on: bench.market(coin, at: spot * high)) < 0
          let between = price.spotRoots.filter { $0 > spot * low && $0 <= spot * high }.count
          if let previous {
            #expect((between % 2 == 1) == (previous != sign), "seed \(seed), account \(place), \(coin)")
          }
          previous = sign
        }
      }
    }
  }

  @Test("an isolated position's surplus changes sign at every root", arguments: ["derive-srm", "deribit-sm"])
  func isolatedRoots(model: String) throws {
    let seed: UInt64 = 61
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    var accounts = (0..<12).map { desk.randomAccount(&random, lines: 1 + $0 % 5) }
    for place in accounts.indices where place % 2 == 0 {
      for line in accounts[place].lines.indices {
        let name = accounts[place].lines[line].instrument
        let isCoin = !name.contains("_USDC")
        accounts[place].lines[line].isolatedMargin =
          isCoin ? 0.4 * random.uniform() : 20_000 * random.uniform()
      }
    }
    let bench = try LiquidationBench(accounts, isolated: model)
    var roots = 0
    for (place, account) in bench.accounts.enumerated() {
      for price in bench.engine.liquidation(ofAccount: place).prices {
        guard let position = price.position else { continue }
        let lots = account.lines.filter { $0.instrument == position.text }
        guard lots.count == 1 else { continue }
        #expect(price.mode == .isolated && price.model == model)
        #expect(price.spotRoots.isEmpty == (price.reason != nil))
        for root in price.spotRoots {
          roots += 1
          let sides = try [1 - 1e-6, 1 + 1e-6].map {
            try bench.isolatedSurplus(
              lots[0], model: model, on: bench.market(price.underlying.text, at: root * $0)) < 0
          }
          #expect(sides[0] != sides[1], "seed \(seed), account \(place), \(position) at \(root)")
        }
      }
    }
    #expect(roots >= 12, "seed \(seed): \(roots) roots")
  }

  @Test("a linear perpetual alone: P = (entry − side·margin/Q)/(1 − side·r)")
  func linearPerpetual() throws {
    let rate = DeriveStandardParameters.mainnet.perpetualTerms(of: "BTC").maintenance
    for (side, entry, margin) in [(1.0, 64_000.0, 9_000.0), (-1, 66_500, 20_000), (1, 65_000, 14_000)] {
      let size = 1.7
      let line = CapitalDesk.Line(
        "BTC_USDC-PERPETUAL", side * size, entry: entry, isolatedMargin: margin)
      var cross = CapitalDesk.Account(lines: [line])
      cross.cash = margin
      let bench = try LiquidationBench([cross])
      let mark = (entry - side * margin / size) / (1 - side * rate)
      // The perpetual's mark stands 0.07 % above its spot, and moves with it.
      let expected = mark / 1.000_7
      for price in [
        try bench.price(0, position: "BTC_USDC-PERPETUAL"),
        try bench.price(0, model: "derive-srm", underlying: "BTC"),
      ] {
        #expect(agree(price.spotRoots, [expected], within: 1e-9))
      }
    }
  }

  @Test("an inverse perpetual alone: coin margin and USD payoff, both sides")
  func inversePerpetual() throws {
    // Surplus in USD at spot S = m·S0: B·S + (Q/e)·(S − S0) + uPnL − r·|Q/e|·S, linear in S.
    let rate = DeriveStandardParameters.mainnet.perpetualTerms(of: "BTC").maintenance
    let spot = CapitalDesk.spots["BTC"] ?? 0
    let mark = CapitalDesk.perpetualMark("BTC")
    for (usd, entry, coins) in [(100_000.0, 60_000.0, 0.2), (-100_000, 60_000, 0.3), (-50_000, 70_000, 1)] {
      let units = usd / entry
      let profit = units * spot * (mark - entry) / mark
      let slope = coins + units - rate * abs(units)
      let expected = (units * spot - profit) / slope
      let line = CapitalDesk.Line("BTC-PERPETUAL", usd, entry: entry, isolatedMargin: coins)
      let bench = try LiquidationBench([.init(lines: [line])])
      let price = try bench.price(0, position: "BTC-PERPETUAL")
      let isInRange = expected > 0.02 * spot && expected < 20 * spot
      #expect(agree(price.spotRoots, isInRange ? [expected] : [], within: 1e-9), "\(usd) at \(entry)")
      #expect(price.reason == nil || !isInRange)
    }
  }

  @Test("a short hedged by as much coin has no liquidation price")
  func coveredShort() throws {
    // One coin against a short of 0.9 coin: the surplus only grows with spot, and the loss is in coin that is there.
    let line = CapitalDesk.Line("BTC-PERPETUAL", -0.9 * CapitalDesk.perpetualMark("BTC"))
    let bench = try LiquidationBench([.init(lines: [line], cash: 100_000, btc: 1)])
    let price = try bench.price(0, model: "derive-pmrm2", underlying: "BTC")
    #expect(price.spotRoots.isEmpty)
    #expect(
      price.reason
        == "equity exceeds the requirement at every spot looked at between 0.02 and 20.0 times today's")
    let covered = try LiquidationBench(
      [.init(lines: [.init("BTC-PERPETUAL", -0.5 * CapitalDesk.perpetualMark("BTC"), isolatedMargin: 0.6)])])
    #expect(try covered.price(0, position: "BTC-PERPETUAL").spotRoots.isEmpty)
  }

  @Test("a short strangle is liquidated on both sides, a long one nowhere")
  func strangle() throws {
    let short = [CapitalDesk.Line("BTC_USDC-near-80000-C", -2), .init("BTC_USDC-near-50000-P", -2)]
    let long = short.map { CapitalDesk.Line($0.instrument, -$0.quantity) }
    let bench = try LiquidationBench([.init(lines: short, cash: 40_000), .init(lines: long, cash: 10)])
    for model in ["derive-srm", "deribit-sm", "derive-pmrm2"] {
      let price = try bench.price(0, model: model, underlying: "BTC")
      let spot = CapitalDesk.spots["BTC"] ?? 0
      #expect(price.spotRoots.count == 2, "\(model): \(price.spotRoots)")
      #expect(price.spotRoots.first ?? 0 < spot && price.spotRoots.last ?? 0 > spot)
      #expect(price.reason == nil)
    }
    for model in ["derive-srm", "deribit-sm"] {
      #expect(try bench.price(1, model: model, underlying: "BTC").spotRoots.isEmpty)
    }
    let alone = try bench.price(1, position: "BTC_USDC-near-80000-C")
    #expect(alone.spotRoots.isEmpty)
    #expect(alone.reason == "long option: nothing beyond the premium can be lost")
  }

  @Test("coin that carries a position elsewhere has its own liquidation price")
  func collateralAbroad() throws {
    let bench = try LiquidationBench([
      .init(lines: [.init("ETH_USDC-PERPETUAL", 60)], cash: -30_000, btc: 0.8)
    ])
    let price = try bench.price(0, model: "derive-srm", underlying: "BTC")
    #expect(price.spotRoots.count == 1)
    #expect(price.spotRoots.first ?? 0 < CapitalDesk.spots["BTC"] ?? 0)
  }

  @Test("distance is the nearest root's, leverage is gross exposure over equity")
  func distanceAndLeverage() throws {
    let bench = try LiquidationBench([
      .init(lines: [.init("BTC_USDC-PERPETUAL", 1)], cash: 20_000, eth: 2),
      .init(lines: [.init("BTC_USDC-PERPETUAL", 1)], cash: -1),
      .init(cash: 70),
    ])
    let account = bench.engine.liquidation(ofAccount: 0)
    let nearest = account.prices.flatMap { price in
      price.spotRoots.map { abs(Elementary.log($0 / (CapitalDesk.spots[price.underlying.text] ?? 1))) }
    }.min()
    let distance = try #require(account.distance)
    #expect(abs(distance - (nearest ?? 0)) <= 1e-12)
    let gross = CapitalDesk.perpetualMark("BTC") + 2 * (CapitalDesk.spots["ETH"] ?? 0)
    let equity = 20_000 + 2 * (CapitalDesk.spots["ETH"] ?? 0)
    #expect(abs((account.leverage ?? 0) - gross / equity) <= 1e-12 * gross / equity)
    #expect(bench.engine.liquidation(ofAccount: 1).leverage == nil)
    let idle = bench.engine.liquidation(ofAccount: 2)
    #expect(idle.prices.isEmpty && idle.distance == nil && idle.leverage == 0)
  }
}

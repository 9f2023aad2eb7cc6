import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Tiered margin as a model: venue tables, a user's brackets, and its liquidation prices against the algebra.
@Suite struct TieredMarginModelTests {
  static let brackets: [(lower: Double, rate: Double, leverage: Double)] = [
    (0, 0.01, 50), (50_000, 0.02, 25), (400_000, 0.05, 10), (2_000_000, 0.2, 4),
  ]

  /// A venue of the test's own: the same brackets for both coins, in coins of 50,000 for inverse contracts.
  static func library(fee: Double = 0, leverage: Double = 0, lots: Double = 1) throws -> ModelLibrary {
    var parameters: [ModelDefinition.Parameter] = []
    for (path, unit) in [("tier", 1.0), ("inverse_tier", 50_000)] {
      for asset in ["BTC", "ETH"] {
        for (place, row) in brackets.enumerated() {
          let name = "\(path).\(asset).\(place + 1)"
          parameters += [
            .init(name: "\(name).lower", value: row.lower / unit * lots),
            .init(name: "\(name).rate", value: row.rate),
            .init(name: "\(name).max_leverage", value: row.leverage),
          ]
        }
      }
    }
    parameters += [.init(name: "closing_fee", value: fee), .init(name: "leverage", value: leverage)]
    return try ModelLibrary(
      adding: [ModelDefinition(name: "mine", base: "tiered-perp", parameters: parameters, file: "mine.json")])
  }

  static func model(
    _ name: String, _ library: ModelLibrary, _ valued: ValuedBook, states: [MarketState] = [.today]
  ) throws -> (model: any ReportableModel, context: MarginContext) {
    let context = MarginContext(of: valued, library: library)
    return (try library.prepare(name, context: context, states: states, team: CapitalDesk.team), context)
  }

  /// FLOX (FLOX-Foundation/flox, tests/test_liquidation_engine.cpp): 10,000 of cash, one coin bought at 50,000 and ten
  /// sold at 3,000, half a per cent of maintenance.
  @Test("cross margin adds the positions' maintenance and pools their profit")
  func cross() throws {
    for (btc, eth, equity, maintenance) in [(47_000.0, 3_000.0, 7_000.0, 385.0), (40_000, 2_200, 8_000, 310)]
    {
      var market = HandMarket()
      let coins = [market.add(asset: "BTC", spot: btc), market.add(asset: "ETH", spot: eth)]
      market.add(.perpetual, on: coins[0], mark: btc, quantity: 1, entry: 50_000)
      market.add(.perpetual, on: coins[1], mark: eth, quantity: -10, entry: 3_000)
      let library = try ModelLibrary(
        adding: [
          ModelDefinition(
            name: "flat", base: "tiered-perp",
            parameters: [
              .init(name: "tier.other.1.lower", value: 0), .init(name: "tier.other.1.rate", value: 0.005),
              .init(name: "tier.other.1.initial_rate", value: 0.01),
            ], file: "flat.json")
        ])
      let model = try library.prepare(
        "flat", context: market.context, states: [.today], team: CapitalDesk.team)
      var net = NetMargin(initial: 10_000, maintenance: 10_000)
      for set in market.sets(in: market.context) { net += model.netMargin(of: set, state: 0) }
      #expect(abs(net.maintenance - (equity - maintenance)) <= 1e-9)
      #expect(abs(net.initial - (equity - 2 * maintenance)) <= 1e-9)
    }
  }

  /// Deductions as Bybit and Binance print them beside their rates (sources in the descriptions).
  @Test("the tables of the venues rebuild the deductions that the venues print")
  func venueTables() throws {
    for (name, place, deduction) in [
      ("bybit-perp", 3, 3_020.0), ("bybit-perp", 9, 46_000), ("bybit-perp", 20, 1_482_000),
      ("binance-perp", 5, 131_450), ("binance-perp", 12, 421_481_450), ("gate-perp", 3, 35),
      ("hyperliquid-perp", 2, 1_875_000),
    ] {
      let description = try #require(ModelDescription.named(name))
      var (bounds, rates) = ([Double](), [Double]())
      for row in 1...place {
        for (key, keep) in [("lower", 0), ("rate", 1)] {
          let number = description.parameters.first { $0.name == "tier.BTC.\(row).\(key)" }?.number
          if keep == 0 { bounds.append(try #require(number)) } else { rates.append(try #require(number)) }
        }
      }
      let tiers = try #require(TieredMaintenance(lowerBounds: bounds, rates: rates))
      let last = try #require(tiers.brackets.last)
      #expect(abs(last.deduction - deduction) <= 1e-6, "\(name) \(place)")
    }
  }

  @Test("liquidation prices of books are those of the algebra", arguments: [UInt64(31), 32, 33])
  func agreement(seed: UInt64) throws {
    print("seed \(seed)")
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let fee = seed == 33 ? 0.0005 : 0
    let library = try Self.library(fee: fee)
    var roots = 0
    for _ in 0..<25 {
      let isInverse = random.uniform() < 0.5
      let mark = CapitalDesk.perpetualMark("BTC")
      let size = (random.uniform() - 0.5) * 60 * (isInverse ? mark : 1)
      let other = (random.uniform() - 0.5) * 200
      var account = CapitalDesk.Account(lines: [
        .init(
          isInverse ? "BTC-PERPETUAL" : "BTC_USDC-PERPETUAL", size,
          entry: mark * (0.8 + 0.4 * random.uniform())),
        .init("ETH_USDC-PERPETUAL", other),
      ])
      if isInverse { account.btc = 8 * random.uniform() }
      account.cash = 150_000 * random.uniform()
      let valued = try desk.valued([account], on: desk.market())
      let (model, context) = try Self.model(
        "mine", library, valued, states: LiquidationEngine.states())
      let engine = LiquidationEngine(
        valued: valued, context: context, wholeAccount: [.init(mode: .cross, model: model)], isolated: [])
      let price = try #require(
        engine.liquidation(ofAccount: 0).prices.first { $0.underlying.text == "BTC" })
      let spot = CapitalDesk.spots["BTC"] ?? 1
      guard !isInverse else {
        // Cash is no part of a coin account: the algebra has no place for it, the definition does.
        for root in price.spotRoots {
          let state = MarketState(
            name: "x", scenarioSet: "x", spotMultiplier: root / spot, volatility: .none)
          let sets = context.nettingSets(ofAccount: 0, in: valued)
          let net = sets.map {
            $0.underlying == sets[0].underlying
              ? model.netMargin(of: $0, in: state) : model.netMargin(of: $0, state: 0)
          }
          let surplus = net.reduce(account.cash) { $0 + $1.maintenance }
          #expect(abs(surplus) <= 1e-6 * abs(size))
        }
        continue
      }
      let ethMark = CapitalDesk.perpetualMark("ETH")
      let tiers = try #require(
        TieredMaintenance(lowerBounds: Self.brackets.map(\.lower), rates: Self.brackets.map(\.rate)))
      let position = FrozenAccount(
        quantity: size, reference: account.lines[0].entry ?? mark, equity: account.cash,
        otherMaintenance: tiers.requirement(of: abs(other) * ethMark) + fee * abs(other) * ethMark,
        takerFee: fee)
      let expected = position.linearPrices(tiers).map { $0 / mark }.filter { $0 > 0.021 && $0 < 17 }
      #expect(price.spotRoots.count == expected.count, "seed \(seed)")
      roots += expected.count
      for (found, wanted) in zip(price.spotRoots, expected) {
        // The search stops at a relative 1e-9.
        #expect(abs(found / spot - wanted) <= 2e-9 * wanted)
      }
    }
    #expect(roots > 3)
  }

  @Test(
    "a coin account alone is liquidated where the algebra of inverse contracts says",
    arguments: [UInt64(41), 42])
  func inverseAgreement(seed: UInt64) throws {
    print("seed \(seed)")
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let library = try Self.library()
    let tiers = try #require(
      TieredMaintenance(
        lowerBounds: Self.brackets.map { $0.lower / 50_000 }, rates: Self.brackets.map(\.rate)))
    var roots = 0
    for _ in 0..<20 {
      let mark = CapitalDesk.perpetualMark("BTC")
      let size = (random.uniform() - 0.5) * 40 * mark
      var account = CapitalDesk.Account(lines: [
        .init("BTC-PERPETUAL", size, entry: mark * (0.8 + 0.4 * random.uniform()))
      ])
      account.btc = 6 * random.uniform()
      let valued = try desk.valued([account], on: desk.market())
      let (model, context) = try Self.model(
        "mine", library, valued, states: LiquidationEngine.states())
      let engine = LiquidationEngine(
        valued: valued, context: context, wholeAccount: [.init(mode: .cross, model: model)], isolated: [])
      let price = try #require(engine.liquidation(ofAccount: 0).prices.first)
      let position = FrozenAccount(
        quantity: size, reference: account.lines[0].entry ?? mark, equity: account.btc)
      let expected = position.inversePrices(tiers).map { $0 / mark }.filter { $0 > 0.021 && $0 < 17 }
      #expect(price.spotRoots.count == expected.count, "seed \(seed)")
      roots += expected.count
      for (found, wanted) in zip(price.spotRoots, expected) {
        #expect(abs(found / (CapitalDesk.spots["BTC"] ?? 1) - wanted) <= 2e-9 * wanted)
      }
    }
    #expect(roots > 3)
  }

  @Test("an isolated position is liquidated where the algebra of its own margin says")
  func isolated() throws {
    let desk = CapitalDesk()
    let library = try Self.library(fee: 0.0004)
    let tiers = try #require(
      TieredMaintenance(lowerBounds: Self.brackets.map(\.lower), rates: Self.brackets.map(\.rate)))
    let mark = CapitalDesk.perpetualMark("BTC")
    for (size, margin) in [(0.5, 4_000.0), (-0.5, 4_000), (20, 200_000), (-20, 200_000), (40, 900_000)] {
      let entry = mark * 0.99
      let account = CapitalDesk.Account(lines: [
        .init("BTC_USDC-PERPETUAL", size, entry: entry, isolatedMargin: margin)
      ])
      let valued = try desk.valued([account], on: desk.market())
      let (model, context) = try Self.model(
        "mine", library, valued, states: LiquidationEngine.states())
      let engine = LiquidationEngine(
        valued: valued, context: context, wholeAccount: [], isolated: [model])
      let price = try #require(engine.liquidation(ofAccount: 0).prices.first { $0.position != nil })
      let expected = FrozenAccount(quantity: size, reference: entry, equity: margin, takerFee: 0.0004)
        .linearPrices(tiers)
      #expect(price.spotRoots.count == 1 && expected.count == 1)
      for (found, wanted) in zip(price.spotRoots, expected) {
        let relative = found / (CapitalDesk.spots["BTC"] ?? 1) * mark / wanted
        // The search stops at a relative 1e-9.
        #expect(abs(relative - 1) <= 2e-9)
      }
    }
  }

  @Test("the requirement of a lone position grows with its size, either side")
  func monotone() throws {
    let desk = CapitalDesk()
    let library = try Self.library()
    for side in [1.0, -1] {
      var last = UnitRequirement(initial: 0, maintenance: 0)
      for size in [0.1, 1, 5, 6, 30, 31, 32, 100] {
        let account = CapitalDesk.Account(lines: [.init("BTC_USDC-PERPETUAL", side * size)])
        let valued = try desk.valued([account], on: desk.market())
        let (model, context) = try Self.model("mine", library, valued)
        let leg = try #require(context.legs(ofAccount: 0, in: valued).first)
        let alone = model.loneRequirement(of: leg)
        #expect(alone.initial > last.initial && alone.maintenance > last.maintenance)
        #expect(alone.initial >= alone.maintenance)
        last = UnitRequirement(initial: alone.initial, maintenance: alone.maintenance)
      }
    }
  }

  @Test("prices, cash and brackets scaled together scale the requirement")
  func scaling() throws {
    for factor in [0.5, 3] {
      let found = try [1, factor].map { scale -> (Double, Double) in
        var market = HandMarket()
        let coin = market.add(asset: "BTC", spot: 60_000 * scale)
        market.add(.perpetual, on: coin, mark: 60_100 * scale, quantity: -12, entry: 58_000 * scale)
        let model = try Self.library(lots: scale).prepare(
          "mine", context: market.context, states: [.today], team: CapitalDesk.team)
        let set = market.sets(in: market.context)[coin]
        let net = model.netMargin(of: set, state: 0)
        return (net.initial / scale, net.maintenance / scale)
      }
      #expect(abs(found[0].0 - found[1].0) <= 1e-9 * abs(found[0].0))
      #expect(abs(found[0].1 - found[1].1) <= 1e-9 * abs(found[0].1))
    }
  }

  @Test("a lower leverage than the bracket allows asks for more initial margin and no more maintenance")
  func leverage() throws {
    let account = CapitalDesk.Account(lines: [.init("ETH_USDC-PERPETUAL", 10)])
    let desk = CapitalDesk()
    let valued = try desk.valued([account], on: desk.market())
    let notional = 10 * CapitalDesk.perpetualMark("ETH")
    for (leverage, rate) in [(0.0, 0.02), (10, 0.1), (200, 0.02)] {
      let (model, context) = try Self.model("mine", Self.library(leverage: leverage), valued)
      let leg = try #require(context.legs(ofAccount: 0, in: valued).first)
      let alone = model.loneRequirement(of: leg)
      #expect(abs(alone.initial - rate * notional) <= 1e-9 * notional)
      #expect(abs(alone.maintenance - 0.01 * notional) <= 1e-9 * notional)
    }
  }

  @Test("brackets that make no sense are refused by the name of their row")
  func refusals() {
    let cases: [[(String, Double)]] = [
      [("tier.BTC.1.lower", 0)],
      [("tier.BTC.1.lower", 5), ("tier.BTC.1.rate", 0.1), ("tier.BTC.1.max_leverage", 5)],
      [("tier.BTC.1.lower", 0), ("tier.BTC.1.rate", 0.1), ("tier.BTC.1.max_leverage", 11)],
      [("leverage", -1)],
    ]
    for numbers in cases {
      #expect(throws: MarginError.self) {
        try ModelLibrary(
          adding: [
            ModelDefinition(
              name: "mine", base: "binance-perp",
              parameters: numbers.map { .init(name: $0.0, value: $0.1) }, file: "mine.json")
          ])
      }
    }
  }
}

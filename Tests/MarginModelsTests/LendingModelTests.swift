import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Lending protocols: published cases, accounts by hand, and the laws of a health factor.
@Suite struct LendingModelTests {
  static let team = ThreadTeam(threadCount: 1)

  /// One account of balances on a market of the assets named; stable ones are cash.
  static func valued(
    _ balances: [(asset: String, quantity: Double)], spots: [(asset: String, spot: Double, isStable: Bool)]
  ) throws -> ValuedBook {
    let usd = try #require(Identifier("USD"))
    let assets = try spots.map {
      Asset(id: try #require(Identifier($0.asset)), spot: $0.spot, isStable: $0.isStable)
    }
    let market = MarketSnapshot(
      asOf: try #require(Instant(year: 2026, month: 2, day: 5)), baseCurrency: usd, assets: assets)
    let book = Book(
      market: market, instruments: [], accounts: [try #require(Identifier("a"))], positions: [],
      balances: try balances.map {
        Balance(account: 0, asset: try #require(Identifier($0.asset)), quantity: $0.quantity)
      })
    return BookValuation.value(book, team: team)
  }

  static func figure(
    _ model: String, _ valued: ValuedBook, numbers: [(String, Double)] = []
  ) throws -> MarginFigure {
    let library =
      try numbers.isEmpty
      ? ModelLibrary.builtIn : ChainMarginTests.library(model, numbers)
    let engine = try MarginEngine(
      book: valued, models: [numbers.isEmpty ? model : "mine"], library: library, parts: [], team: team)
    return try #require(engine.models(ofAccount: 0).first)
  }

  static func measure(_ name: String, _ figure: MarginFigure) -> Double? {
    figure.measures.first { $0.name == name }?.value
  }

  static let market: [(asset: String, spot: Double, isStable: Bool)] = [
    ("DAI", 0.99, true), ("ETH", 2_000, false), ("USDC", 1, true), ("WBTC", 60_000, false),
    ("XYZ", 5, false), ("wstETH", 2_400, false),
  ]

  /// Aave docs: 10,000 of collateral at a threshold of 80 % against a debt of 6,000 is a health factor of 1.333.
  @Test("the health factor of the Aave documentation, and a surplus of 0 where it is 1")
  func aaveDocument() throws {
    for (debt, healthFactor, surplus) in [
      (6_000.0, 1.3333333333, 2_000.0), (8_000, 1, 0), (8_001, 0.99987502, -1),
    ] {
      let valued = try Self.valued([("ETH", 5), ("USDC", -debt)], spots: Self.market)
      let figure = try Self.figure(
        "aave-v3", valued,
        numbers: [("collateral.ETH.ltv", 0.75), ("collateral.ETH.liquidation_threshold", 0.8)])
      let found = try #require(Self.measure("health_factor", figure))
      #expect(abs(found - healthFactor) <= 1e-6)
      #expect(abs(figure.surplus - surplus) <= 1e-9)
      #expect((figure.surplus >= 0) == (found >= 1))
      #expect(abs(figure.surplusInitial - (7_500 - debt)) <= 1e-9)
      #expect(Self.measure("close_factor", figure) == (debt > 8_000 ? 0.5 : 0))
    }
  }

  /// compound-finance/comet, test/is-liquidatable-test.ts: 100,000 borrowed against 100,000, 95,000, 100,000 at a factor
  /// of 0.8, and 100,000 at half the price.
  @Test("Comet's liquidatable accounts are those with a negative surplus")
  func comet() throws {
    for (units, price, factor, isLiquidatable) in [
      (100_000.0, 1.0, 1.0, false), (95_000, 1, 1, true), (100_000, 1, 0.8, true), (100_000, 0.5, 1, true),
    ] {
      let valued = try Self.valued(
        [("COMP", units), ("USDC", -100_000)], spots: [("COMP", price, false), ("USDC", 1, true)])
      let figure = try Self.figure(
        "compound-v3", valued,
        numbers: [("collateral.COMP.borrow_factor", factor), ("collateral.COMP.liquidate_factor", factor)])
      #expect((figure.surplus < 0) == isLiquidatable)
      #expect((figure.surplusInitial < 0) == isLiquidatable)
    }
  }

  /// ETH at 2,000 against 40 units: 80,000 / 1.6 = 50,000 of DAI, at par though DAI trades at 0.99.
  ///
  /// One unit of debt more is unsafe; a rate of 1.1 makes 50,000 of normalised debt 55,000.
  @Test("a Maker vault is unsafe exactly where ink × price / mat < art × rate")
  func maker() throws {
    for (art, rate, surplus) in [
      (50_000.0, 1.0, 0.0), (50_001, 1, -1), (50_000, 1.1, -5_000), (0, 1, 50_000),
    ] {
      let valued = try Self.valued([("DAI", -art), ("ETH", 40)], spots: Self.market)
      let figure = try Self.figure(
        "maker-vault", valued,
        numbers: [("collateral.ETH.liquidation_ratio", 1.6), ("debt.DAI.index", rate)])
      #expect(abs(figure.surplus - surplus) <= 1e-8)
      #expect((figure.surplus < 0) == (40.0 * 2_000 / 1.6 < art * rate))
      let price = Self.measure("liquidation_price.ETH", figure)
      if art > 0 {
        #expect(abs(try #require(price) - art * rate * 1.6 / 40) <= 1e-9 * 2_000)
      } else {
        #expect(price == nil && Self.measure("health_factor", figure) == nil)
      }
    }
  }

  /// 10 wstETH at 2,400 against 9 ETH at 2,000: 0.81·24,000/18,000 = 1.08; in e-mode 0.95·24,000/18,000 = 1.2667.
  ///
  /// Falling wstETH reaches 1 at 18,000/(10·0.81) = 2,222.2; rising ETH at 19,440/9 = 2,160.
  @Test("an e-mode category replaces the terms of its assets, and both sides have a liquidation price")
  func eMode() throws {
    let valued = try Self.valued([("ETH", -9), ("wstETH", 10)], spots: Self.market)
    let plain = try Self.figure("aave-v3", valued)
    #expect(abs(try #require(Self.measure("health_factor", plain)) - 1.08) <= 1e-12)
    #expect(abs(try #require(Self.measure("liquidation_price.wstETH", plain)) - 18_000 / 8.1) <= 1e-9)
    #expect(abs(try #require(Self.measure("liquidation_price.ETH", plain)) - 2_160) <= 1e-9)
    let mode = try Self.figure("aave-v3", valued, numbers: [("emode_category", 1)])
    #expect(abs(try #require(Self.measure("health_factor", mode)) - 0.95 * 24_000 / 18_000) <= 1e-12)
    #expect(Self.measure("debt_outside_emode", mode) == 0)
    let outside = try Self.valued([("USDC", -900), ("wstETH", 10)], spots: Self.market)
    let figure = try Self.figure("aave-v3", outside, numbers: [("emode_category", 1)])
    #expect(Self.measure("debt_outside_emode", figure) == 900)
  }

  /// 2 units of a balance that has grown to 1.1 WBTC each, 50,000 borrowed at 10 % for 73 days: e^0.02.
  @Test("interest-bearing deposits count by their index, and a debt accrues over the horizon")
  func interest() throws {
    let valued = try Self.valued([("USDC", -50_000), ("WBTC", 2)], spots: Self.market)
    let figure = try Self.figure(
      "aave-v3", valued,
      numbers: [
        ("collateral.WBTC.ltv", 0.73), ("collateral.WBTC.liquidation_threshold", 0.78),
        ("collateral.WBTC.index", 1.1), ("debt.USDC.rate", 0.1), ("horizon_days", 73),
      ])
    let debt = 50_000 * Elementary.exp(0.02)
    #expect(abs(figure.surplus - (0.78 * 132_000 - debt)) <= 1e-8)
    #expect(abs(try #require(Self.measure("health_factor", figure)) - 0.78 * 132_000 / debt) <= 1e-12)
  }

  @Test("an asset without terms is worth nothing as a deposit and counts in full as a debt")
  func unknownAsset() throws {
    for model in ["aave-v3", "compound-v3", "maker-vault"] {
      let base = try Self.figure(model, Self.valued([("ETH", 1)], spots: Self.market))
      let more = try Self.figure(model, Self.valued([("ETH", 1), ("XYZ", 100)], spots: Self.market))
      let less = try Self.figure(model, Self.valued([("ETH", 1), ("XYZ", -100)], spots: Self.market))
      #expect(abs(more.surplus - base.surplus) <= 1e-9)
      #expect(abs(less.surplus - (base.surplus - 500)) <= 1e-9)
      #expect(Self.measure("deposits_without_terms", more) == 500)
    }
  }

  @Test(
    "liquidation prices by the engine are the measures, one asset at a time", arguments: [UInt64(51), 52])
  func roots(seed: UInt64) throws {
    print("seed \(seed)")
    var random = DeskRandom(seed: seed)
    var checked = 0
    for model in ["aave-v3", "compound-v3", "maker-vault"] {
      for _ in 0..<10 {
        let valued = try Self.valued(
          [
            ("ETH", 40 * (random.uniform() - 0.3)), ("USDC", -60_000 * random.uniform()),
            ("WBTC", 2 * (random.uniform() - 0.2)), ("XYZ", 1_000 * (random.uniform() - 0.5)),
          ], spots: Self.market)
        let figure = try Self.figure(model, valued)
        let context = MarginContext(of: valued)
        let prepared = try ModelCatalogue.prepare(
          model, context: context, states: LiquidationEngine.states(), team: Self.team)
        let engine = LiquidationEngine(
          valued: valued, context: context, wholeAccount: [.init(mode: .cross, model: prepared)],
          isolated: [])
        for price in engine.liquidation(ofAccount: 0).prices {
          let name = "liquidation_price.\(price.underlying)"
          let spot = Self.market.first { $0.asset == price.underlying.text }?.spot ?? 1
          let expected = Self.measure(name, figure)
          // The engine looks from a fiftieth of today's spot to some eighteen times it.
          let isInside = expected.map { $0 > 0.03 * spot && $0 < 15 * spot } ?? false
          if isInside { #expect(price.spotRoots.count == 1, "seed \(seed), \(model), \(name)") }
          guard let root = price.spotRoots.first else { continue }
          #expect(price.spotRoots.count == 1)
          guard let expected else {
            Issue.record("seed \(seed), \(model): \(root) without \(name)")
            continue
          }
          checked += 1
          // The search stops at a relative 1e-9.
          #expect(abs(root - expected) <= 2e-9 * expected)
        }
      }
    }
    #expect(checked > 20)
  }

  @Test(
    "the surplus is homogeneous and additive, and signs with the health factor", arguments: [UInt64(61), 62])
  func laws(seed: UInt64) throws {
    print("seed \(seed)")
    var random = DeskRandom(seed: seed)
    for model in ["aave-v3", "compound-v3", "maker-vault"] {
      for _ in 0..<15 {
        let balances = ["DAI", "ETH", "USDC", "WBTC", "XYZ", "wstETH"].map {
          ($0, (random.uniform() - 0.45) * ($0 == "DAI" || $0 == "USDC" ? 80_000 : $0 == "WBTC" ? 1 : 30))
        }
        let one = try Self.figure(model, Self.valued(balances, spots: Self.market))
        let double = try Self.figure(
          model, Self.valued(balances.map { ($0.0, 2 * $0.1) }, spots: Self.market))
        #expect(abs(double.surplus - 2 * one.surplus) <= 1e-6)
        #expect(abs(double.surplusInitial - 2 * one.surplusInitial) <= 1e-6)
        #expect(one.initial >= one.maintenance - 1e-9 && one.maintenance >= 0)
        var sum = 0.0
        for balance in balances {
          sum += try Self.figure(model, Self.valued([balance], spots: Self.market)).surplus
        }
        #expect(abs(sum - one.surplus) <= 1e-6)
        if let healthFactor = Self.measure("health_factor", one), abs(healthFactor - 1) > 1e-9 {
          #expect((healthFactor > 1) == (one.surplus > 0))
        }
        #expect(
          abs(try #require(Self.measure("available_to_borrow", one)) - max(0, one.surplusInitial)) <= 1e-6)
      }
    }
  }

  @Test("a stable deposit has its haircut, its liquidation price and its seizable value, as a coin has")
  func stableDeposit() throws {
    // 10,000 USDC at a threshold of 80 % against 4 ETH of 2,000: 8,000 against 8,000.
    let valued = try Self.valued([("USDC", 10_000), ("ETH", -4)], spots: Self.market)
    let numbers = [("collateral.USDC.ltv", 0.75), ("collateral.USDC.liquidation_threshold", 0.8)]
    let figure = try Self.figure("aave-v3", valued, numbers: numbers)
    #expect(abs(figure.equity - 2_000) < 1e-9 && abs(figure.surplus) < 1e-9)
    #expect(abs(figure.maintenance - 2_000) < 1e-9 && abs(figure.initial - 2_500) < 1e-9)
    let haircut = figure.components.reduce(0) { $0 + $1.maintenance }
    #expect(abs(haircut - 2_000) < 1e-9)
    #expect(abs((Self.measure("liquidation_price.USDC", figure) ?? 0) - 1) < 1e-12)
    #expect(abs((Self.measure("liquidation_price.ETH", figure) ?? 0) - 2_000) < 1e-9)
    // A balance that has grown, and a debt that will, stand where those of a coin do.
    let grown = try Self.figure(
      "aave-v3",
      try Self.valued([("USDC", 1_000), ("DAI", -100)], spots: [("DAI", 1, true), ("USDC", 1, true)]),
      numbers: numbers + [("collateral.USDC.index", 1.1), ("debt.DAI.rate", 0.1), ("horizon_days", 365)])
    let parts = grown.components
    #expect(abs(grown.equity - (1_100 - 100)) < 1e-9)
    #expect(abs((parts.first { $0.name == "collateral_haircut" }?.maintenance ?? 0) - 220) < 1e-9)
    let interest = 100 * (Elementary.exp(0.1) - 1)
    #expect(abs((parts.first { $0.name == "borrow_interest" }?.maintenance ?? 0) - interest) < 1e-9)
    // Rows of one asset are one balance.
    let rows = try Self.valued([("USDC", 15_000), ("USDC", -5_000), ("ETH", -4)], spots: Self.market)
    #expect(try Self.figure("aave-v3", rows, numbers: numbers) == figure)
  }

  @Test("no more debt is liquidated than deposits pay for, the bonus taken off")
  func capped() throws {
    // 10,500 of deposits and a bonus of 5 % pay for 10,000 of a debt of 20,000, all of which may be closed.
    let valued = try Self.valued([("USDC", 10_500), ("WBTC", -1.0 / 3)], spots: Self.market)
    let numbers = [
      ("collateral.USDC.ltv", 0.75), ("collateral.USDC.liquidation_threshold", 0.8),
      ("collateral.USDC.liquidation_bonus", 0.05),
    ]
    let figure = try Self.figure("aave-v3", valued, numbers: numbers)
    #expect(Self.measure("close_factor", figure) == 1)
    #expect(abs((Self.measure("liquidatable_debt", figure) ?? 0) - 10_000) < 1e-9)
    #expect(abs((Self.measure("seizable_value.USDC", figure) ?? 0) - 10_500) < 1e-9)
  }

  @Test("terms that make no sense are refused by name")
  func refusals() {
    for (base, numbers) in [
      ("aave-v3", [("collateral.ETH.ltv", 0.9), ("collateral.ETH.liquidation_threshold", 0.8)]),
      ("aave-v3", [("collateral.XYZ.ltv", 0.5)]),
      ("maker-vault", [("collateral.ETH.liquidation_ratio", 0.9)]),
      ("compound-v3", [("collateral.ETH.borrow_factor", 0.5), ("collateral.ETH.liquidate_factor", 1.5)]),
      ("maker-vault", [("debt.DAI.index", 0)]), ("aave-v3", [("horizon_days", -1)]),
      ("aave-v3", [("emode.2.ltv", 0.9)]),
    ] {
      #expect(throws: MarginError.self) { try ChainMarginTests.library(base, numbers) }
    }
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Numbers of the built models by name: read back as they were described, and changed by a user's definition.
@Suite struct ModelNumbersTests {
  static let team = ThreadTeam(threadCount: 1)
  static let named = [
    "derive-srm", "derive-pmrm2", "deribit-sm", "deribit-pm", "reg-t", "tims-cpm", "derive-pmrm1",
  ]

  static func library(_ base: String, _ numbers: [(String, Double)]) throws(MarginError) -> ModelLibrary {
    try ModelLibrary(adding: [
      ModelDefinition(
        name: "mine", base: base, parameters: numbers.map { .init(name: $0.0, value: $0.1) },
        file: "mine.json")
    ])
  }

  /// Net margin of the holdings of a market under a base with changed numbers.
  static func net(_ base: String, _ numbers: [(String, Double)], _ market: HandMarket) throws -> NetMargin {
    let context = market.context
    let model = try library(base, numbers).prepare("mine", context: context, states: [.today], team: team)
    var net = NetMargin.zero
    for set in market.sets(in: context) { net += model.netMargin(of: set, state: 0) }
    return net
  }

  static func figures(_ base: String, _ numbers: [(String, Double)], _ desk: ListedDesk) throws
    -> MarginFigure
  {
    let engine = try MarginEngine(
      book: desk.valued(), models: ["mine"], listed: desk.plan, library: library(base, numbers), parts: [],
      team: team)
    return try #require(engine.models(ofAccount: 0).last)
  }

  @Test("a set that is described and read back is the same set")
  func roundTrip() throws {
    func numbers(_ name: String) throws -> ModelParameters {
      let description = try #require(ModelDescription.named(name))
      return ModelParameters(try description.parameters.map { ($0.name, try #require($0.number)) })
    }
    #expect(try DeriveStandardParameters(numbers("derive-srm")) == .mainnet)
    #expect(try DerivePortfolioParameters(numbers("derive-pmrm2")) == .mainnet2025)
    #expect(try DerivePortfolioParameters(numbers("derive-pmrm1")) == .firstVersionMainnet)
    #expect(try DerivePortfolioParameters(numbers("derive-pmrm2-test")) == .secondVersionTest)
    #expect(try DeribitStandardParameters(numbers("deribit-sm")) == .documented)
    #expect(try DeribitPortfolioParameters(numbers("deribit-pm")) == .documented)
    #expect(try StrategyParameters(numbers("reg-t")) == StrategyParameters())
    #expect(try TimsParameters(numbers("tims-cpm")) == TimsParameters())
  }

  @Test("a definition that changes nothing gives the bits of its base", arguments: named)
  func unchanged(base: String) throws {
    let description = try #require(ModelDescription.named(base))
    let numbers = description.parameters.compactMap { parameter in
      parameter.number.map { (parameter.name, $0) }
    }
    for changes in [[], numbers] {
      let library = try Self.library(base, changes)
      var desk = RandomDesk(seed: 71)
      let made = desk.valued(accounts: 6, positions: 12)
      let crypto = try #require(made)
      var listed = ListedDesk(spots: [("SPX", 1_400), ("IBM", 97)], stock: [("IBM", 200)])
      listed.legs = [
        .init(underlying: "SPX", quantity: -2, strike: 1_350, isCall: false),
        .init(underlying: "IBM", quantity: -3, strike: 100, isCall: true),
      ]
      for book in [crypto, try listed.valued()] {
        let engine = try MarginEngine(
          book: book, models: [base, "mine"], library: library, parts: [], team: Self.team)
        for account in book.book.accounts.indices {
          var figures = engine.models(ofAccount: account)
          let mine = figures.filter { $0.model == "mine" }
          figures.removeAll { $0.model == "mine" }
          #expect(figures.count == mine.count && !mine.isEmpty)
          for (built, other) in zip(figures, mine) {
            var renamed = other
            renamed.model = base
            #expect(built == renamed)
          }
        }
      }
    }
  }

  @Test("numbers of the standard manager do what its rules say")
  func deriveStandard() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    let other = market.add(asset: "DOGE", spot: 0.1)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: -2)
    // 2 × 50,000 at 0.10 and 0.05 of notional instead of 0.066 and 0.05.
    var net = try Self.net("derive-srm", [("perpetual.BTC.initial", 0.1)], market)
    #expect(net == NetMargin(initial: -10_000, maintenance: -5_000))
    // A coin without a row of its own is margined by `other`: 1,000 × 0.1 × 0.2 until it has one.
    market.add(.perpetual, on: other, mark: 0.1, quantity: 1_000)
    net = try Self.net("derive-srm", [], market)
    #expect(abs(net.initial - (-6_600 - 20)) < 1e-9)
    net = try Self.net(
      "derive-srm", [("perpetual.DOGE.maintenance", 0.3), ("perpetual.DOGE.initial", 0.4)], market)
    #expect(abs(net.initial - (-6_600 - 40)) < 1e-9 && abs(net.maintenance - (-5_000 - 30)) < 1e-9)
    // Collateral: 4 coins of 50,000 at 0.5, of which 0.9 count initially: 100,000 and 90,000.
    market.legs = [:]
    market.collateral[coin] = 4
    net = try Self.net(
      "derive-srm", [("collateral.BTC.factor", 0.5), ("collateral.BTC.initial_scale", 0.9)], market)
    #expect(abs(net.initial - 90_000) < 1e-9 && abs(net.maintenance - 100_000) < 1e-9)
  }

  @Test("numbers of the Deribit models do what their rules say")
  func deribit() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 10)
    // Rate = 0.03 + 10 × 0.001 = 0.04 of 500,000; maintenance 0.01 + 0.01.
    var net = try Self.net(
      "deribit-sm", [("future.BTC.initial", 0.03), ("future.BTC.slope_per_unit", 0.001)], market)
    #expect(abs(net.initial + 20_000) < 1e-6 && abs(net.maintenance + 10_000) < 1e-6)
    // A fall of 20 % of 500,000 and the least roll shock of 2 %: 100,000 + 10,000, maintenance three quarters.
    net = try Self.net(
      "deribit-pm",
      [
        ("pair.BTC.price_range", 0.2), ("linear.minimum_move", 0.02), ("matrix.maintenance_factor", 0.75),
        ("linear.extended_dampener", 0), ("matrix.buckets_each_side", 2), ("extended.move.1", -0.5),
      ], market)
    #expect(abs(net.initial + 110_000) < 1e-6 && abs(net.maintenance + 82_500) < 1e-6)
  }

  @Test("numbered rows replace the table, named ones change one number of it")
  func tables() throws {
    let moves = try Self.library("deribit-pm", [("extended.move.1", -0.5), ("extended.move.2", 1)])
    let found = try #require(
      moves.description(of: "mine")?.parameters.filter { $0.name.hasPrefix("extended.move") })
    #expect(found.map(\.number) == [-0.5, 1])
    let coins = try Self.library("deribit-pm", [("coin.BTC.gain_offset", 0.5)])
    let names = try #require(coins.description(of: "mine")).parameters.map(\.name)
    #expect(names == ModelDescription.named("deribit-pm")?.parameters.map(\.name))
  }

  @Test("numbers of strategy margin do what its rules say, and the rates of the table follow")
  func strategy() throws {
    // Isolated short put at the money on an index of broad base: rate × 1,400 × 100 beside its premium.
    var desk = ListedDesk(spots: [("NDX", 1_400)])
    desk.legs = [.init(underlying: "NDX", quantity: -1, strike: 1_400, isCall: false, mark: 20)]
    let plain = try Self.figures("reg-t", [], desk)
    let wider = try Self.figures("reg-t", [("uncovered.broad_index", 0.25)], desk)
    #expect(abs(plain.initial - wider.initial + 0.10 * 140_000) < 1e-6)
    let name = "security.NDX.broad_index.group.NDX.uncovered_rate"
    let follows = try Self.library("reg-t", [("uncovered.broad_index", 0.25)])
    #expect(follows.description(of: "mine")?.parameters.first { $0.name == name }?.number == 0.25)
    let own = try Self.figures("reg-t", [("uncovered.broad_index", 0.25), (name, 0.5)], desk)
    #expect(abs(own.initial - plain.initial - 0.35 * 140_000) < 1e-6)
    // Twice the leverage, twice the rate: 0.30 instead of 0.15.
    let levered = try Self.figures("reg-t", [("security.NDX.broad_index.group.NDX.leverage", 2)], desk)
    #expect(abs(levered.initial - plain.initial - 0.15 * 140_000) < 1e-6)
    // What the run says of an underlying is nearer than the table: the equity rate of 0.20, whatever the row says.
    desk.plan.securities = [.init(underlying: try #require(Identifier("NDX")), securityClass: .equity)]
    let stated = try Self.figures("reg-t", [(name, 0.5)], desk)
    #expect(abs(stated.initial - plain.initial - 0.05 * 140_000) < 1e-6)
  }

  @Test("numbers of customer portfolio margin do what its rules say")
  func tims() throws {
    var desk = ListedDesk(spots: [("IBM", 100)], stock: [("IBM", 1_000)])
    // 1,000 shares of 100 that fall by 15 %, then by 25 %.
    #expect(abs(try Self.figures("tims-cpm", [], desk).initial - 15_000) < 1e-6)
    let wider = try Self.figures("tims-cpm", [("range.equity.down", -0.25)], desk)
    #expect(abs(wider.initial - 25_000) < 1e-6)
    // SPY stands for a tenth of its index and moves with it; ten times the units change no percent.
    desk = ListedDesk(spots: [("SPY", 140)], stock: [("SPY", 1_000)])
    let levered = try Self.figures("tims-cpm", [("security.SPY.high_cap_index.group.SPX.leverage", 2)], desk)
    #expect(abs(levered.initial - 2 * 0.08 * 140_000) < 1e-6)
  }

  @Test(
    "a number that cannot be is refused by its name",
    arguments: [
      ("derive-srm", "perpetual.BTC.initial", 15.0), ("derive-srm", "perpetual.BTC.initial", 0.01),
      ("derive-srm", "perpetual.DOGE.initial", 0.2), ("derive-srm", "perpetual.BTC.inital", 0.2),
      ("derive-srm", "perpetual.BTC", 0.2), ("derive-srm", "option.initial_minimum", 0.16),
      ("derive-srm", "option.nothing", 0.1), ("deribit-sm", "future.BTC.maintenance", 0.03),
      ("deribit-pm", "matrix.buckets_each_side", 2.5), ("deribit-pm", "matrix.buckets_each_side", 400),
      ("deribit-pm", "extended.move.1", -1), ("deribit-pm", "extended.moves.1", 1),
      ("deribit-pm", "pair.BTC.price_range", 1.2), ("reg-t", "stock.initial", -0.1),
      ("reg-t", "security.SPX.high_cap_index.group.SPX.leverage", 0), ("tims-cpm", "points_per_side", 0),
      ("tims-cpm", "product_group.offset", 0.9), ("tims-cpm", "range.equity.down", 0.1),
    ])
  func refusals(base: String, name: String, value: Double) throws {
    let error = #expect(throws: MarginError.self) { try Self.library(base, [(name, value)]) }
    guard case .definition(let file, let path, let message)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    print(message)
    #expect(file == "mine.json" && path.hasPrefix("/parameters"))
    #expect(message.contains(name.split(separator: ".").prefix(2).joined(separator: ".")))
  }
}

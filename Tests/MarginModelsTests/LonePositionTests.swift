import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// One position has nothing to pool with and nothing to offset, whatever it was opened at.
@Suite struct LonePositionTests {
  static let team = ThreadTeam(threadCount: 1)

  static let venues: [ComparisonPlan] = [
    ComparisonPlan(isolated: "deribit-sm", cross: "deribit-sm", portfolio: "deribit-pm"), ComparisonPlan(),
    ComparisonPlan(isolated: "derive-srm", cross: "derive-srm", portfolio: "paradex-pm"),
    ComparisonPlan(isolated: "binance-perp", cross: "binance-perp", portfolio: "dederi-pm"),
  ]

  /// Each position of a random desk as the only thing that an account holds.
  static func positions(seed: UInt64) throws -> [(valued: ValuedBook, sets: [NettingSet], size: Double)] {
    print("seed \(seed)")
    var desk = RandomDesk(seed: seed)
    let made = desk.valued(accounts: 12, positions: 8)
    let valued = try #require(made)
    let context = MarginContext(of: valued)
    return valued.book.accounts.indices.flatMap { account in
      context.nettingSets(ofAccount: account, in: valued).flatMap { set in
        set.legs.map {
          let alone = NettingSet(underlying: set.underlying, legs: [$0], collateral: 0)
          return (valued, [alone], MarginLawTests.size(of: alone, in: context))
        }
      }
    }
  }

  @Test(
    "the capital of a lone position is the same isolated and in cross, and has no offset", arguments: venues)
  func alone(plan: ComparisonPlan) throws {
    var coinContracts = 0
    for (valued, sets, size) in try Self.positions(seed: 21) {
      let context = MarginContext(of: valued)
      let states = CapitalStates.states(scenarios: [], stresses: StressScenario.standard)
      let model = { (name: String) in
        try ModelCatalogue.prepare(name, context: context, states: states, team: Self.team)
      }
      let engine = CapitalEngine(
        valued: valued, context: context, isolated: try model(plan.isolated), cross: try model(plan.cross),
        portfolio: try model(plan.portfolio))
      let table = engine.capital(of: sets)
      guard !table.items.isEmpty else { continue }
      let leg = try #require(sets.first?.legs.first)
      let contract = try #require(context.instruments[leg.instrument])
      if contract.isInverse, contract.kind != .option { coinContracts += 1 }
      for state in table.cross.indices {
        #expect(abs(table.isolated[state] - table.cross[state]) <= 1e-9 * size)
        #expect(abs(table.portfolioAlone[state] - table.portfolio[state]) <= 1e-9 * size)
      }
    }
    #expect(coinContracts > 1)
  }

  @Test("coins that a future was opened for do not stand for its margin: LTC bought at 200, now at 100")
  func carried() throws {
    var market = HandMarket()
    let coin = market.add(asset: "LTC", spot: 100)
    market.add(.perpetual, on: coin, mark: 100, isInverse: true, quantity: 100_000, entry: 200)
    let context = market.context
    let valued = try #require(try Self.positions(seed: 1).first).valued
    let model = { (name: String) in
      try ModelCatalogue.prepare(name, context: context, states: [.today], team: Self.team)
    }
    let engine = CapitalEngine(
      valued: valued, context: context, isolated: try model("deribit-sm"), cross: try model("deribit-sm"),
      portfolio: try model("deribit-pm"))
    let table = engine.capital(of: market.sets(in: context))
    // 1,000 coins at the mark of 100, 5 % of which is maintenance margin; the loss of 50,000 is in both sides of K.
    #expect(abs(table.isolated[0] - 5_000) < 1e-9)
    #expect(abs(table.cross[0] - 5_000) < 1e-9)
    #expect(abs(table.saving.offset) < 1e-9)
  }

  @Test("a venue whose scenarios repeat a market is ranked over its own list")
  func repeated() throws {
    var desk = RandomDesk(seed: 3)
    let made = desk.book(accounts: 1, positions: 1)
    let book = try #require(made)
    let place = try #require(book.instruments.firstIndex { $0.kind == .perpetual && !$0.isInverse })
    let lone = Book(
      market: book.market, instruments: book.instruments, accounts: book.accounts,
      positions: [Position(account: 0, instrument: place, quantity: 1, row: 2)],
      balances: book.balances.filter { $0.asset.text == "USDC" })
    let valued = BookValuation.value(lone, team: Self.team)
    // Every move of Dederi's grid comes with three shifts of volatility, and without options all three are none.
    let engine = try RankingLawTests.engine(
      valued, [ComparisonPlan(isolated: "derive-srm", cross: "derive-srm", portfolio: "dederi-pm")])
    let ranking = engine.margin(ofAccount: 0).ranking
    #expect(ranking.count == 3)
    let unit = try #require(valued.resolved[place]?.unit)
    for entry in ranking {
      // The dearest state is the run's fall by a fifth.
      let loss = entry.parts.first { $0.name == "loss" }?.amount ?? .nan
      #expect(entry.scenario == "crash" && abs(loss - 0.2 * unit) < 1e-9 * unit)
    }
  }

  @Test(
    "a call in coin covers a call in a stable asset of the same strike and expiry",
    arguments: ["derive-srm", "derive-pmrm1", "derive-pmrm2"])
  func settlements(name: String) throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 100_000)
    for (isInverse, quantity) in [(true, -1.0), (false, 1.0)] {
      market.add(
        optionOn: coin, seconds: 50 * 86_400, strike: 100_000, isCall: true, volatility: 0.5,
        forward: 101_000, rate: isInverse ? 0 : 0.04, isInverse: isInverse, quantity: quantity)
    }
    let context = market.context
    let model = try ModelCatalogue.prepare(name, context: context, states: [.today], team: Self.team)
    let sets = market.sets(in: context)
    let whole = model.requirement(
      of: AccountHoldings(sets: sets, cashBalances: []), mode: name == "derive-srm" ? .cross : .portfolio)
    let alone = try #require(sets.first?.legs.first { $0.effectiveQuantity < 0 })
    // The two differ by their discounting alone, half a percent of an option's value.
    #expect(whole.maintenance < 0.05 * -model.netMargin(alone: alone, state: 0).maintenance)
    #expect(name != "derive-srm" || whole.maintenance == 0)
  }
}

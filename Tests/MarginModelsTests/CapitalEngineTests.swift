import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Capital on the desk: engines over accounts, and the accounts that the laws are tried on.
struct CapitalBench {
  let desk = CapitalDesk()
  let accounts: [CapitalDesk.Account]
  let valued: ValuedBook
  let context: MarginContext
  let engine: CapitalEngine

  init(_ accounts: [CapitalDesk.Account]) throws {
    self.accounts = accounts
    valued = try desk.valued(accounts, on: desk.market())
    context = MarginContext(of: valued)
    let states = CapitalStates.states(
      scenarios: CapitalStates.scenarios(of: .mainnet2025, model: "derive-pmrm2"),
      stresses: StressScenario.standard)
    let prepare = { [context] (name: String) in
      try ModelCatalogue.prepare(name, context: context, states: states, team: CapitalDesk.team)
    }
    engine = CapitalEngine(
      valued: valued, context: context, isolated: try prepare("derive-srm"),
      cross: try prepare("derive-srm"), portfolio: try prepare("derive-pmrm2"))
  }

  /// The market of a state, quoted anew.
  func market(of state: MarketState) throws -> MarketSnapshot {
    let move = CapitalDesk.Move(spot: state.spotMultiplier, volatility: state.volatility)
    return try desk.market(["BTC": move, "ETH": move])
  }

  /// Base value today of what an account holds beside cash.
  func value(ofAccount place: Int) -> Double {
    valued.equity[place] - context.cash(ofAccount: place, in: valued)
  }

  static let named: [(name: String, account: CapitalDesk.Account)] = [
    ("short put", .init(lines: [.init("BTC_USDC-near-60000-P", -1)])),
    (
      "perpetual with puts",
      .init(lines: [.init("BTC_USDC-PERPETUAL", 2), .init("BTC_USDC-near-60000-P", 2)])
    ),
    (
      "conversion",
      .init(
        lines: [
          .init("BTC_USDC-PERPETUAL", 1), .init("BTC_USDC-far-65000-P", 1),
          .init("BTC_USDC-far-65000-C", -1),
        ])
    ),
    ("long call", .init(lines: [.init("ETH_USDC-near-2000-C", 30)])),
    ("covered call", .init(lines: [.init("BTC-near-70000-C", -1)], btc: 1)),
    (
      "two underlyings",
      .init(
        lines: [
          .init("BTC-PERPETUAL", -80_000, entry: 61_000), .init("BTC-near-80000-C", -1.5),
          .init("ETH_USDC-PERPETUAL", 55, entry: 2_050), .init("ETH-far-1500-P", -40),
        ], btc: 0.7, eth: -12)
    ),
  ]
}

struct CapitalEngineTests {
  @Test(
    "capital less value is the least cash that passes the test on the shocked market",
    arguments: [
      "derive-srm", "derive-pmrm2",
    ])
  func leastCash(model: String) throws {
    let bench = try CapitalBench(CapitalBench.named.map(\.account))
    var changed = 0
    for (place, entry) in CapitalBench.named.enumerated() {
      let table = bench.engine.capital(ofAccount: place)
      let value = bench.value(ofAccount: place)
      #expect(abs(table.value - value) <= 1e-9 * abs(value), "\(entry.name)")
      for (state, column) in bench.engine.states.enumerated() {
        let capital = model == "derive-srm" ? table.cross[state] : table.portfolio[state]
        let market = try bench.market(of: column)
        // Two ways to one sum of prices: rounding of prices near 10^5 over a dozen terms.
        let epsilon = 1e-6
        var account = entry.account
        account.cash = capital - value + epsilon
        #expect(
          try bench.desk.surplus(account, model: model, on: market) >= 0, "\(entry.name), \(column.name)")
        account.cash -= 2 * epsilon
        if model == "derive-srm", account.cash + epsilon == 0 || capital == value { continue }
        changed += 1
        #expect(
          try bench.desk.surplus(account, model: model, on: market) < 0, "\(entry.name), \(column.name)")
      }
    }
    #expect(changed > 60, "only \(changed) changes of sign were seen")
  }

  @Test("isolated capital is what each item needs alone")
  func isolatedItems() throws {
    let bench = try CapitalBench(CapitalBench.named.map(\.account))
    for (place, entry) in CapitalBench.named.enumerated() {
      let table = bench.engine.capital(ofAccount: place)
      var items = entry.account.lines.map { CapitalDesk.Account(lines: [$0]) }
      if entry.account.btc != 0 { items.append(.init(btc: entry.account.btc)) }
      if entry.account.eth != 0 { items.append(.init(eth: entry.account.eth)) }
      for (state, column) in bench.engine.states.enumerated() {
        let market = try bench.market(of: column)
        var sum = 0.0
        for item in items {
          let alone = try bench.desk.valued([item], on: bench.desk.market())
          let net = try bench.desk.surplus(item, model: "derive-srm", on: market)
          sum += max(-net, 0) + alone.equity[0]
        }
        #expect(
          abs(sum - table.isolated[state]) <= 1e-9 * max(1, abs(sum)), "\(entry.name), \(column.name)")
      }
    }
  }

  @Test("a lone short put from 65,010.5 needs its loss and the requirement once, not the mark twice")
  func shortPut() throws {
    let bench = try CapitalBench([CapitalBench.named[0].account])
    let state = try #require(bench.engine.states.firstIndex { $0.name == "crash" })
    let table = bench.engine.capital(ofAccount: 0)
    let market = try bench.market(of: bench.engine.states[state])
    let today = try bench.desk.valued([bench.accounts[0]], on: bench.desk.market()).equity[0]
    let then = try bench.desk.valued([bench.accounts[0]], on: market).equity[0]
    let parameters = DeriveStandardParameters.mainnet
    let spot = 0.8 * 65_010.5
    let requirement = max(
      parameters.putMaintenance * spot, parameters.putValueMaintenance * -then)
    let expected = today - then + requirement
    for capital in [table.isolated[state], table.cross[state]] {
      #expect(abs(capital - expected) <= 1e-9 * expected)
    }
  }

  @Test("pooling and offset save, every row and the split add up, on random books", arguments: 0..<6)
  func randomBooks(block: Int) throws {
    let seed = UInt64(700 + block)
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let accounts = (0..<50).map { desk.randomAccount(&random, lines: 1 + $0 % 12) }
    let bench = try CapitalBench(accounts)
    for place in accounts.indices {
      let table = bench.engine.capital(ofAccount: place)
      var scale = 1.0
      for state in bench.engine.states.indices {
        scale = max(scale, abs(table.isolated[state]), abs(table.portfolioAlone[state]))
      }
      // Sums of the same terms in two orders.
      let tolerance = 1e-11 * scale
      for state in bench.engine.states.indices {
        #expect(table.isolated[state] >= table.cross[state] - tolerance, "seed \(seed), account \(place)")
        #expect(
          table.portfolioAlone[state] >= table.portfolio[state] - tolerance,
          "seed \(seed), account \(place)")
        #expect(table.cross[state] >= table.value)
      }
      let saving = table.saving
      #expect(saving.pooling >= -tolerance && saving.offset >= -tolerance)
      let whole = table.worst.isolated - table.worst.portfolio
      #expect(abs(saving.pooling + saving.model + saving.offset - whole) <= tolerance)
      let rows = table.rows(states: bench.engine.states)
      #expect(rows.count == bench.engine.states.count + 1)
      #expect(rows.last?.scenario == "worst" && rows.first?.scenario == "none")
      #expect(rows.last?.isolated == rows.dropLast().compactMap(\.isolated).max())
      #expect(rows.last?.cross == rows.dropLast().compactMap(\.cross).max())
      #expect(rows.last?.portfolio == rows.dropLast().compactMap(\.portfolio).max())
    }
  }

  @Test("capital is the same whatever the cash")
  func cashDoesNotMatter() throws {
    var rich = CapitalBench.named[5].account
    rich.cash = 1e6
    let bench = try CapitalBench([CapitalBench.named[5].account, rich])
    let first = bench.engine.capital(ofAccount: 0)
    let second = bench.engine.capital(ofAccount: 1)
    #expect(first.isolated == second.isolated && first.cross == second.cross)
    #expect(first.portfolio == second.portfolio && first.portfolioAlone == second.portfolioAlone)
  }

  @Test("an account without positions or coins needs nothing")
  func empty() throws {
    let bench = try CapitalBench([.init(cash: 500)])
    let table = bench.engine.capital(ofAccount: 0)
    #expect(table.worst == (0, 0, 0, 0))
    #expect(table.saving == MarginSaving(pooling: 0, model: 0, offset: 0))
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import Testing

@Suite struct ContagionTests {
  @Test("a spill is the loss beyond isolated equity, never negative, greatest first: 120 books")
  func spills() throws {
    let seed: UInt64 = 21
    let bench = try AttributionBench.random(120, seed: seed, lines: 9)
    var found = 0
    for place in bench.accounts.indices {
      let detail = try #require(bench.detail(place))
      var last = Double.infinity
      for figure in detail.contagion {
        #expect(figure.spill > 0 && figure.contained >= 0, "seed \(seed), account \(place)")
        #expect(figure.spill == figure.loss - figure.contained)
        #expect(figure.spill <= last)
        last = figure.spill
        found += 1
      }
    }
    #expect(found > 100)
  }

  @Test("a long option takes nothing from the rest, a naked short does")
  func sides() throws {
    let bench = try AttributionBench([
      .init(lines: [.init("BTC_USDC-near-60000-P", 1)], cash: 50_000),
      .init(lines: [.init("BTC_USDC-near-60000-P", -1)], cash: 50_000),
      .init(lines: [.init("BTC_USDC-near-60000-P", -1, isolatedMargin: 60_000)], cash: 60_000),
    ])
    #expect(bench.detail(0)?.contagion.isEmpty == true)
    #expect(bench.detail(1)?.contagion.count == 1)
    // With the strike set aside the put cannot lose more than its margin.
    #expect(bench.detail(2)?.contagion.isEmpty == true)
  }

  @Test("the loss grows with the size, and the spill with it: 100 books")
  func monotone() throws {
    let seed: UInt64 = 22
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    var accounts: [CapitalDesk.Account] = []
    for _ in 0..<100 {
      let account = desk.randomAccount(&random, lines: 1)
      var larger = account
      larger.lines[0].quantity *= 1.5
      accounts += [account, larger]
    }
    let bench = try AttributionBench(accounts)
    for place in 0..<100 {
      let small = try #require(bench.detail(2 * place)).contagion.first?.spill ?? 0
      let large = try #require(bench.detail(2 * place + 1)).contagion.first?.spill ?? 0
      // Margin and loss are both in proportion, so the spill is too.
      #expect(abs(large - 1.5 * small) <= 1e-9 * max(large, 1), "seed \(seed), account \(place)")
    }
  }

  @Test("a breach is one on the market moved by hand: below maintenance whole, above it without the position")
  func breaches() throws {
    let seed: UInt64 = 23
    var random = DeskRandom(seed: seed)
    let plain = CapitalDesk()
    let accounts = (0..<60).map { count in
      var account = plain.randomAccount(&random, lines: 1 + count % 4)
      var seen: Set<String> = []
      account.lines = account.lines.filter { seen.insert($0.instrument).inserted }
      return account
    }
    let bench = try AttributionBench(accounts)
    let states = CapitalStates.states(
      scenarios: CapitalStates.scenarios(of: .mainnet2025, model: "derive-pmrm2"),
      stresses: StressScenario.standard)
    var found = 0
    for place in accounts.indices {
      let detail = try #require(bench.detail(place))
      let margins = try isolatedMargins(bench, place)
      for figure in detail.contagion.prefix(1) {
        for (model, name) in [("derive-srm", figure.crossBreach), ("derive-pmrm2", figure.portfolioBreach)] {
          guard let state = states.first(where: { $0.name == name }) else { continue }
          let move = CapitalDesk.Move(spot: state.spotMultiplier, volatility: state.volatility)
          let market = try bench.desk.market(["BTC": move, "ETH": move])
          #expect(try bench.desk.surplus(accounts[place], model: model, on: market) < 1e-6)
          var rest = accounts[place]
          rest.lines.removeAll { $0.instrument == figure.instrument.text }
          rest.cash -= margins[figure.instrument] ?? 0
          #expect(
            try bench.desk.surplus(rest, model: model, on: market) > -1e-6, "seed \(seed), account \(place)")
          found += 1
        }
      }
    }
    #expect(found > 5)
  }

  private func isolatedMargins(_ bench: AttributionBench, _ account: Int) throws -> [Identifier: Double] {
    let engine = try MarginEngine(
      book: bench.valued, models: ["derive-srm"], parts: [], team: CapitalDesk.team)
    let figure = engine.models(ofAccount: account).first { $0.mode == .isolated }
    var margins: [Identifier: Double] = [:]
    for position in figure?.perPosition ?? [] { margins[position.instrument] = position.margin }
    return margins
  }
}

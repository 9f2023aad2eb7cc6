import MarginModels
import MarketModel
import Testing

struct CapitalAttributionTests {
  @Test("shares of the worst scenario's loss sum to the scan loss, on random books")
  func sums() throws {
    let seed: UInt64 = 5
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let bench = try CapitalBench((0..<120).map { desk.randomAccount(&random, lines: 1 + $0 % 9) })
    let model = DerivePortfolioModel(
      name: "derive-pmrm2", parameters: .mainnet2025, context: bench.context, states: [.today],
      team: CapitalDesk.team)
    var positive = 0
    for place in bench.accounts.indices {
      for set in bench.context.nettingSets(ofAccount: place, in: bench.valued) {
        let shares = model.worstScenarioLosses(of: set)
        #expect(shares.count == set.legs.count + 1)
        let scan = model.requirement(of: set, state: 0).scanInitial
        let sum = shares.reduce(0, +)
        let scale = shares.reduce(1) { $0 + abs($1) }
        #expect(abs(sum - scan) <= 1e-11 * scale, "seed \(seed), account \(place)")
        if scan > 0 { positive += 1 }
      }
    }
    #expect(positive > 100)
  }

  @Test("the comparison's attribution has every position and coin, and sums to both totals")
  func comparison() throws {
    let bench = try CapitalBench(CapitalBench.named.map(\.account))
    for (place, entry) in CapitalBench.named.enumerated() {
      let side = ComparedMode(model: "m", initial: 7, maintenance: 4, capital: 0, surplus: 6)
      let sets = bench.context.nettingSets(ofAccount: place, in: bench.valued)
      let comparison = try #require(
        bench.engine.comparison(of: sets, table: bench.engine.capital(of: sets)) { _ in side })
      let coins = (entry.account.btc != 0 ? 1 : 0) + (entry.account.eth != 0 ? 1 : 0)
      #expect(comparison.attribution.count == entry.account.lines.count + coins)
      let isolated = comparison.attribution.reduce(0) { $0 + ($1.isolated ?? .nan) }
      let capital = try #require(comparison.isolated.capital)
      #expect(abs(isolated - capital) <= 1e-9 * max(1, abs(isolated)), "\(entry.name)")
      #expect(comparison.cross.surplus == 6 && comparison.cross.initial == 7)
      #expect(comparison.saving == bench.engine.capital(ofAccount: place).saving)
      #expect(comparison.capitalToSurvive.last?.portfolio == comparison.portfolio.capital)
    }
  }
}

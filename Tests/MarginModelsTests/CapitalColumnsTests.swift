import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

struct CapitalColumnsTests {
  @Test(
    "all states at once, the states one by one and the states priced anew agree",
    arguments: [
      "derive-srm", "deribit-sm", "derive-pmrm2",
    ])
  func statesAgree(name: String) throws {
    let seed: UInt64 = 17
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let valued = try desk.valued(
      (0..<30).map { desk.randomAccount(&random, lines: 1 + $0) }, on: desk.market())
    let context = MarginContext(of: valued)
    let states = CapitalStates.states(
      scenarios: CapitalStates.scenarios(of: .mainnet2025, model: "derive-pmrm2"),
      stresses: StressScenario.standard)
    let model = try ModelCatalogue.prepare(
      name, context: context, states: states, team: CapitalDesk.team)
    for account in 0..<30 {
      for set in context.nettingSets(ofAccount: account, in: valued) {
        let all = model.netMargins(of: set)
        #expect(all.count == states.count)
        for (place, state) in states.enumerated() {
          let one = model.netMargin(of: set, state: place)
          let anew = model.netMargin(of: set, in: state)
          // Rounding of sums of some dozens of terms, each up to the gross exposure times the move.
          let gross = set.legs.reduce(abs(set.collateral) * 65_000) {
            $0 + abs($1.effectiveQuantity) * 65_000 * 6
          }
          let tolerance = 1e-12 * max(1, gross)
          for other in [one, anew] {
            #expect(
              abs(all[place].initial - other.initial) <= tolerance
                && abs(all[place].maintenance - other.maintenance) <= tolerance,
              "seed \(seed), account \(account), \(state.name)")
          }
        }
      }
    }
  }
}

import MarginModels
import RiskNumerics
import Testing

@Suite struct ScenarioScanTests {
  private let team = ThreadTeam(threadCount: 2)

  @Test("a covered write loses what its future and its short call lose together")
  func coveredWrite() {
    // McMillan, Options as a Strategic Investment, SPAN section: sixteen scenarios of an S&P future and a call.
    let future: [Double] = [
      0, 0, 3330, 3330, -3330, -3330, 6670, 6670, -6670, -6670, 10000, 10000, -10000, -10000, 7000, -7000,
    ]
    let call: [Double] = [
      460, -610, 2640, 1730, -1270, -2340, 5210, 4540, -2540, -3430, 8060, 7640, -3380, -3990, 3130, -1500,
    ]
    let scan = ScenarioScan(scenarios: 16, profits: future + call)
    let worst = scan.worst(
      starts: [0, 1, 2, 4], instruments: [0, 1, 0, 1], quantities: [1, 1, 1, -1], team: team)
    #expect(worst.map(\.loss) == [10_000, 3_990, 6_620])
    #expect(worst.map(\.scenario) == [12, 13, 12])
  }

  @Test("every account is the sum of its positions, on any number of threads", arguments: [1, 33, 40])
  func sums(scenarios: Int) {
    var generator = SeededGenerator(state: 11)
    let profits = (0..<50 * scenarios).map { _ in Double(Int.random(in: -1_000...1_000, using: &generator)) }
    var starts = [0]
    for _ in 0..<1_000 { starts.append(starts[starts.count - 1] + Int.random(in: 0...60, using: &generator)) }
    let count = starts[starts.count - 1]
    let instruments = (0..<count).map { _ in Int.random(in: 0..<50, using: &generator) }
    let quantities = (0..<count).map { _ in Double(Int.random(in: -100...100, using: &generator)) }
    let scan = ScenarioScan(scenarios: scenarios, profits: profits)
    let found = scan.worst(starts: starts, instruments: instruments, quantities: quantities, team: team)
    #expect(
      found
        == scan.worst(
          starts: starts, instruments: instruments, quantities: quantities, team: ThreadTeam(threadCount: 1)))
    #expect(found.count == 1_000)
    for account in 0..<1_000 {
      // Whole numbers far below 2⁵³: sums are exact in any order.
      let losses = (0..<scenarios).map { scenario in
        (starts[account]..<starts[account + 1]).reduce(0.0) {
          $0 - quantities[$1] * profits[instruments[$1] * scenarios + scenario]
        }
      }
      #expect(found[account].loss == losses.max())
      #expect(losses[found[account].scenario] == losses.max())
    }
  }

  @Test("what is no number of the table is NaN, what does not fit is empty")
  func defects() {
    let scan = ScenarioScan(scenarios: 2, profits: [1, -2, 3, 4, 9])
    #expect(scan.instruments == 2)
    let worst = scan.worst(
      starts: [0, 1, 2, 3, 3], instruments: [0, 7, 1], quantities: [1, 1, .nan], team: team)
    #expect(worst[0].loss == 2)
    #expect(worst[1].loss.isNaN && worst[2].loss.isNaN)
    #expect(worst[3].loss == 0)
    #expect(scan.worst(starts: [0, 2], instruments: [0], quantities: [1], team: team).isEmpty)
    #expect(scan.worst(starts: [], instruments: [], quantities: [], team: team).isEmpty)
  }
}

package import MarketModel
import PortfolioValuation

extension ScenarioGridModel: ReportableModel {
  package static let modes: [MarginMode] = [.portfolio]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = GridRequirement()
    var worst: [(underlying: String, scenarios: String)] = []
    for set in holdings.sets {
      let part = requirement(of: set, state: 0)
      sum += part
      guard part.decisive != 0 else { continue }
      worst.append(
        (
          context.assets[set.underlying].id.text,
          scenarioNames(part.decisive, of: set).joined(separator: " = ")
        ))
    }
    let borrow = borrow(holdings.cashBalances)
    sum.initial[sum.initial.count - 1] = borrow.initial
    sum.maintenance[sum.maintenance.count - 1] = borrow.maintenance
    return AccountRequirement(
      equity: holdings.cash + sum.counted, initial: sum.initial.reduce(0, +),
      maintenance: sum.maintenance.reduce(0, +), components: sum.components,
      worstScenario: WorstScenarioText.sentence(worst))
  }

  /// What borrowed balances require, base currency.
  private func borrow(_ balances: [CashBalance]) -> UnitRequirement {
    var owed = 0.0
    for balance in balances { owed += max(-balance.value, 0) }
    return UnitRequirement(
      initial: owed * parameters.borrowInitial, maintenance: owed * parameters.borrowMaintenance)
  }

  /// Cash less what its borrowed part requires.
  package func countedCash(_ balances: [CashBalance]) -> NetMargin {
    var sum = 0.0
    for balance in balances { sum += balance.value }
    let borrow = borrow(balances)
    return NetMargin(initial: sum - borrow.initial, maintenance: sum - borrow.maintenance)
  }

  /// The names of the scenarios of a mask, in the order of the grid.
  func scenarioNames(_ decisive: UInt64, of set: NettingSet) -> [String] {
    WorstScenarioText.names(
      of: decisive, among: layouts[set.underlying].scenarios.map(\.name) + ["time passes"])
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard let set = lone(leg) else { return (0, 0) }
    let part = requirement(of: set, state: 0)
    return (part.initial.reduce(0, +), part.maintenance.reduce(0, +))
  }

  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    var sum = GridRequirement()
    for set in group { sum += requirement(of: set, state: state) }
    return GroupBreakdown(counted: sum.counted, components: sum.components)
  }
}

extension ScenarioGridModel: ScanAttributing {
  package func decisiveScenarios(of set: NettingSet) -> [String] {
    scenarioNames(requirement(of: set, state: 0).decisive, of: set)
  }

  /// Each leg's weighted loss in the first decisive scenario, as far as its expiry counts there.
  package func worstScenarioLosses(of set: NettingSet) -> [Double] {
    var losses = [Double](repeating: 0, count: set.legs.count + 1)
    let decisive = requirement(of: set, state: 0).decisive
    guard decisive != 0 else { return losses }
    let place = decisive.trailingZeroBitCount
    let scenarios = layouts[set.underlying].scenarios
    let scenario = place < scenarios.count ? scenarios[place] : nil
    var buckets = [Double](repeating: 0, count: bucketCount)
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      losses[place] = loss(of: leg, scenario)
      buckets[expiryBuckets[leg.instrument]] += losses[place]
    }
    if let scenario {
      let coins = set.collateral * context.assets[set.underlying].spot * parameters.coinInScan
      losses[set.legs.count] = -coins * scenario.move * scenario.weight
      buckets[0] += losses[set.legs.count]
    }
    guard parameters.gainOffset != 1, scenario != nil else { return losses }
    for (place, leg) in set.legs.enumerated() where buckets[expiryBuckets[leg.instrument]] < 0 {
      losses[place] *= parameters.gainOffset
    }
    if buckets[0] < 0 { losses[set.legs.count] *= parameters.gainOffset }
    return losses
  }

  /// nil for the scenario in which only time passes.
  private func loss(of leg: Leg, _ scenario: GridLayout.Scenario?) -> Double {
    guard let contract = context.instruments[leg.instrument] else { return 0 }
    if let start = table.start[leg.instrument], contract.kind == .option {
      guard let scenario else {
        let entry = sensitivities.start[leg.instrument].map { sensitivities.entries[$0].decay } ?? 0
        return -leg.effectiveQuantity * entry
      }
      let change = table.cells[start + scenario.column] - table.cells[start]
      return -leg.effectiveQuantity * change * scenario.weight
    }
    guard let scenario else { return 0 }
    let value = leg.effectiveQuantity * contract.unit * openParts[leg.instrument]
    return -value * scenario.move * scenario.weight
  }
}

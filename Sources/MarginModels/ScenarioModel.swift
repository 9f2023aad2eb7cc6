package import MarketModel
import PortfolioValuation
import RiskNumerics

/// A group of netting sets in one market state, with the values of its options in every inner scenario.
package struct GroupInScenarios: Sendable {
  /// In margin order.
  package let sets: [NettingSet]
  package let market: MarketState
  /// Of the table of each set.
  private let cells: [[Double]]
  /// First cell of each leg, one row a set; −1 for a leg without a row.
  private let starts: [[Int]]
  private let offset: Int

  init(sets: [NettingSet], market: MarketState, cells: [[Double]], starts: [[Int]], offset: Int) {
    self.sets = sets
    self.market = market
    self.cells = cells
    self.starts = starts
    self.offset = offset
  }

  /// Whether a leg is an option that was priced.
  package func hasRow(_ set: Int, _ leg: Int) -> Bool { starts[set][leg] >= 0 }

  /// Base value of one contract of a leg that has a row, in a column of the table.
  package func value(_ set: Int, _ leg: Int, column: Int) -> Double {
    cells[set][starts[set][leg] + offset + column]
  }
}

/// A model whose scenarios need prices of their own, given as one pure function over the cells of a table.
///
/// The first column of the table is the state as it is. Everything that a margin model has to answer follows. The
/// requirement of a leg alone has to be proportional to its size: it is tabulated once an instrument and sign.
package protocol ScenarioModel: PreparedModel, ReportableModel {
  var context: MarginContext { get }
  var table: OptionTable { get }
  /// The table of the options on one underlying, `table` unless a model has several; all are of the same columns.
  func table(of underlying: Int) -> OptionTable
  /// Names of the parts, in the order of a report.
  var componentNames: [String] { get }
  /// Net margins of ±1 contract of each instrument alone, opened at the mark: instrument, sign, state.
  var lone: [NetMargin] { get }

  /// What is counted and required. Total and deterministic; legs that are not supported count as absent.
  func requirement(of group: GroupInScenarios) -> ModelRequirement

  /// Figures of the model's own beside the requirement of an account.
  func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure]
}

extension ScenarioModel {
  package var states: [MarketState] { table.states }
  package func table(of underlying: Int) -> OptionTable { table }
  package func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure] {
    []
  }

  package func netMargins(of set: NettingSet) -> [NetMargin] { netMargins(ofGroup: [set]) }
  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    netMargin(ofGroup: [set], state: state)
  }
  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    netMargin(ofGroup: [set], in: state)
  }

  package func netMargins(ofGroup group: [NettingSet]) -> [NetMargin] {
    let starts = starts(of: group)
    return states.indices.map { requirement(of: inTable(group, starts, state: $0)).net }
  }

  package func netMargin(ofGroup group: [NettingSet], state: Int) -> NetMargin {
    requirement(ofGroup: group, state: state).net
  }

  package func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin {
    let priced = group.map { set -> (cells: [Double], starts: [Int]) in
      let table = table(of: set.underlying)
      var pricer = ColumnPricer(
        shocks: table.shocks, states: [state], settlementWindow: table.settlementWindow,
        premiums: context.premiums)
      let options = set.legs.filter { table.start[$0.instrument] != nil }
        .compactMap { context.instruments[$0.instrument] }
      var next = 0
      let starts = set.legs.map { leg -> Int in
        guard table.start[leg.instrument] != nil else { return -1 }
        defer { next += table.columns.count }
        return next
      }
      return (pricer.cells(of: options[...]), starts)
    }
    return requirement(
      of: GroupInScenarios(
        sets: group, market: state, cells: priced.map(\.cells), starts: priced.map(\.starts), offset: 0)
    ).net
  }

  /// The parts of the requirement of a group in one of the states.
  package func requirement(ofGroup group: [NettingSet], state: Int) -> ModelRequirement {
    requirement(of: inTable(group, starts(of: group), state: state))
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    guard supports(instrument: leg.instrument), let instrument = context.instruments[leg.instrument] else {
      return .zero
    }
    let sign = leg.effectiveQuantity < 0 ? 1 : 0
    let unit = lone[(leg.instrument * 2 + sign) * states.count + state]
    let size = abs(leg.effectiveQuantity)
    // The table holds a position opened at the mark: a future's or perpetual's open profit comes on top.
    let profit = instrument.kind == .option ? 0 : leg.value
    return NetMargin(
      initial: size * unit.initial + profit, maintenance: size * unit.maintenance + profit)
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    netMargin(ofGroup: [NettingSet(underlying: underlying, legs: [], collateral: quantity)], state: state)
  }

  /// What the group holds in a state of the table.
  package func inTable(_ group: [NettingSet], state: Int) -> GroupInScenarios {
    inTable(group, starts(of: group), state: state)
  }

  private func inTable(_ group: [NettingSet], _ starts: [[Int]], state: Int) -> GroupInScenarios {
    GroupInScenarios(
      sets: group, market: states[state], cells: group.map { table(of: $0.underlying).cells },
      starts: starts,
      offset: state * table.columns.count)
  }

  private func starts(of group: [NettingSet]) -> [[Int]] {
    group.map { set in
      let start = table(of: set.underlying).start
      return set.legs.map { start[$0.instrument] ?? -1 }
    }
  }

  /// The table of `lone`.
  func tabulateLone(team: ThreadTeam) -> [NetMargin] {
    team.map(count: context.instruments.count) { place -> [NetMargin] in
      guard let instrument = context.instruments[place], supports(instrument: place) else {
        return [NetMargin](repeating: .zero, count: 2 * states.count)
      }
      return [1.0, -1.0].flatMap { sign in
        let leg = Leg(instrument: place, effectiveQuantity: sign, rawQuantity: sign, value: 0)
        return netMargins(ofGroup: [
          NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)
        ])
      }
    }.flatMap { $0 }
  }

  /// Counted value of a leg on the market of a group: an option at its cell, other contracts at their open profit.
  func counted(_ leg: Leg, _ set: Int, _ place: Int, in group: GroupInScenarios) -> Double {
    if group.hasRow(set, place) { return leg.effectiveQuantity * group.value(set, place, column: 0) }
    let unit = context.terms[leg.instrument].unit
    return leg.value + leg.effectiveQuantity * unit * (group.market.spotMultiplier - 1)
  }
}

extension ScenarioModel {
  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    let zero = UnitRequirement(initial: 0, maintenance: 0)
    var sum = ModelRequirement(
      counted: 0, parts: [UnitRequirement](repeating: zero, count: componentNames.count))
    var worst: [(underlying: String, scenarios: String)] = []
    for group in groups(of: holdings.sets) {
      let part = requirement(ofGroup: group, state: 0)
      sum.add(part)
      guard let scenario = part.worstScenario, let first = group.first else { continue }
      worst.append((context.assets[first.underlying].id.text, scenario))
    }
    let cash = countedCash(holdings.cashBalances)
    var found = AccountRequirement(
      equity: cash.maintenance + sum.counted, initial: sum.initial + (cash.maintenance - cash.initial),
      maintenance: sum.maintenance, components: components(of: sum),
      worstScenario: WorstScenarioText.sentence(worst))
    if cash.maintenance != cash.initial {
      found.components.append(
        MarginComponent(name: "cash_haircut", initial: cash.maintenance - cash.initial, maintenance: 0))
    }
    found.measures = measures(of: holdings, requirement: found)
    return found
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard supports(instrument: leg.instrument), let instrument = context.instruments[leg.instrument] else {
      return (0, 0)
    }
    let part = requirement(
      ofGroup: [NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)], state: 0)
    return (part.initial, part.maintenance)
  }

  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    let sum = requirement(ofGroup: group, state: state)
    return GroupBreakdown(counted: sum.counted, components: components(of: sum))
  }

  private func components(of sum: ModelRequirement) -> [MarginComponent] {
    zip(componentNames, sum.parts).map {
      MarginComponent(name: $0, initial: $1.initial, maintenance: $1.maintenance)
    }
  }
}

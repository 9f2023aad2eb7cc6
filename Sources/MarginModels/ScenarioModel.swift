import MarketModel
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
package protocol ScenarioModel: PartedModel {
  var table: OptionTable { get }
  /// The table of the options on one underlying, `table` unless a model has several; all are of the same columns.
  func table(of underlying: Int) -> OptionTable
  /// Net margins of ±1 contract of each instrument alone, opened at the mark: instrument, sign, state.
  var lone: [NetMargin] { get }

  /// What is counted and required. Total and deterministic; legs that are not supported count as absent.
  func requirement(of group: GroupInScenarios) -> ModelRequirement
}

extension ScenarioModel {
  package var states: [MarketState] { table.states }
  package func table(of underlying: Int) -> OptionTable { table }

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

  package func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin {
    let priced = group.map { table(of: $0.underlying).priced($0.legs, in: state, of: context) }
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
    netMargin(of: leg, tabulated: lone, state: state)
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

  /// Counted value of a leg on the market of a group: an option at its cell, other contracts at their open profit.
  func counted(_ leg: Leg, _ set: Int, _ place: Int, in group: GroupInScenarios) -> Double {
    if group.hasRow(set, place) { return leg.effectiveQuantity * group.value(set, place, column: 0) }
    let unit = context.terms[leg.instrument].unit
    return leg.value + leg.effectiveQuantity * unit * (group.market.spotMultiplier - 1)
  }
}

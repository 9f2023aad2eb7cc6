import MarketModel
import PortfolioValuation

/// A group of netting sets on a market where every underlying has moved by one factor.
package struct GroupOnMarket: Sendable {
  /// In margin order.
  package let sets: [NettingSet]
  /// What the spots, forwards and marks of `MarginContext` are multiplied by; > 0.
  package let multiplier: Double
  /// Base value of one contract of each leg on that market, one row a set; 0 for a leg that is no priced option.
  package let values: [[Double]]

  package init(sets: [NettingSet], multiplier: Double, values: [[Double]]) {
    self.sets = sets
    self.multiplier = multiplier
    self.values = values
  }
}

/// A model given as one pure function: from what a group holds on one market to the parts of its requirement.
///
/// Everything else that a margin model has to answer follows from it. For models whose inner scenarios need a
/// table of prices of their own there is `PreparedModel` itself.
package protocol RequirementModel: TabulatedModel, PartedModel {
  /// Whether the account is margined as one group instead of underlying by underlying.
  var marginsWholeAccount: Bool { get }

  /// What is counted and required. Total and deterministic; legs that are not supported count as absent.
  func requirement(of group: GroupOnMarket) -> ModelRequirement
}

extension RequirementModel {
  package var marginsWholeAccount: Bool { false }

  package func isHomogeneous(instrument: Int) -> Bool { false }

  /// Nothing is homogeneous, so nothing is tabulated.
  package var lone: [NetMargin] { [] }

  package var spotShocks: [SpotShock] { [SpotShock(multiplier: 1, weight: 1)] }

  package func netMargin(of set: NettingSet, multiplier: Double, values: [Double]) -> NetMargin {
    requirement(of: GroupOnMarket(sets: [set], multiplier: multiplier, values: [values])).net
  }

  package func groups(of sets: [NettingSet]) -> [[NettingSet]] {
    guard marginsWholeAccount else { return sets.map { [$0] } }
    return sets.isEmpty ? [] : [sets]
  }

  package func netMargins(ofGroup group: [NettingSet]) -> [NetMargin] {
    states.indices.map { netMargin(ofGroup: group, state: $0) }
  }

  package func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin {
    requirement(
      of: GroupOnMarket(
        sets: group, multiplier: state.spotMultiplier,
        values: group.map { table.values(of: $0.legs, in: state, of: context) })
    ).net
  }

  /// The parts of the requirement of a group in one of the states.
  package func requirement(ofGroup group: [NettingSet], state: Int) -> ModelRequirement {
    requirement(
      of: GroupOnMarket(
        sets: group, multiplier: states[state].spotMultiplier,
        values: group.map { values(of: $0, state: state) }))
  }
}

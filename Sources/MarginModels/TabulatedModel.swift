import MarketModel
import PortfolioValuation
import RiskNumerics

/// A model that needs one value an option and state, and margins a set state by state.
package protocol TabulatedModel: ContextModel {
  var table: OptionTable { get }
  /// Net margins of ±1 contract of each instrument alone, opened at the mark: instrument, sign, state.
  /// Used where the model is homogeneous in that instrument's quantity.
  var lone: [NetMargin] { get }

  /// Whether twice the quantity needs twice the margin.
  func isHomogeneous(instrument: Int) -> Bool

  /// The set on a market moved by `multiplier`, given the base value of one contract of each leg there
  /// (0 for a leg that is no option).
  func netMargin(of set: NettingSet, multiplier: Double, values: [Double]) -> NetMargin
}

extension TabulatedModel {
  package var states: [MarketState] { table.states }

  package func netMargins(of set: NettingSet) -> [NetMargin] {
    var values = [Double](repeating: 0, count: set.legs.count)
    var found: [NetMargin] = []
    found.reserveCapacity(states.count)
    for (state, market) in states.enumerated() {
      for (place, leg) in set.legs.enumerated() {
        if let start = table.start[leg.instrument] { values[place] = table.cells[start + state] }
      }
      found.append(netMargin(of: set, multiplier: market.spotMultiplier, values: values))
    }
    return found
  }

  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    netMargin(
      of: set, multiplier: states[state].spotMultiplier, values: values(of: set, state: state))
  }

  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    netMargin(
      of: set, multiplier: state.spotMultiplier,
      values: table.values(of: set.legs, in: state, of: context))
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    guard isHomogeneous(instrument: leg.instrument) else {
      return lone(leg).map { netMargin(of: $0, state: state) } ?? .zero
    }
    return netMargin(of: leg, tabulated: lone, state: state)
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    let set = NettingSet(underlying: underlying, legs: [], collateral: quantity)
    return netMargin(of: set, multiplier: states[state].spotMultiplier, values: [])
  }

  /// Base value of one contract of each leg in a state; 0 for a leg that is no option.
  package func values(of set: NettingSet, state: Int) -> [Double] {
    set.legs.map { leg in table.start[leg.instrument].map { table.cells[$0 + state] } ?? 0 }
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics

/// A model that needs one value an option and state, and margins a set state by state.
package protocol TabulatedModel: PreparedModel {
  var context: MarginContext { get }
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
    var pricer = ColumnPricer(shocks: table.shocks, states: [state], settlementWindow: 0)
    let options = set.legs.compactMap { leg in
      table.start[leg.instrument] == nil ? nil : context.instruments[leg.instrument]
    }
    let cells = pricer.cells(of: options[...])
    var next = 0
    let values = set.legs.map { leg -> Double in
      guard table.start[leg.instrument] != nil else { return 0 }
      defer { next += 1 }
      return cells[next]
    }
    return netMargin(of: set, multiplier: state.spotMultiplier, values: values)
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    guard supports(instrument: leg.instrument), let instrument = context.instruments[leg.instrument]
    else { return .zero }
    guard isHomogeneous(instrument: leg.instrument) else {
      let set = NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)
      return netMargin(of: set, state: state)
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
    let set = NettingSet(underlying: underlying, legs: [], collateral: quantity)
    return netMargin(of: set, multiplier: states[state].spotMultiplier, values: [])
  }

  /// Base value of one contract of each leg in a state; 0 for a leg that is no option.
  package func values(of set: NettingSet, state: Int) -> [Double] {
    set.legs.map { leg in table.start[leg.instrument].map { table.cells[$0 + state] } ?? 0 }
  }

  /// The table of `lone`.
  func tabulateInstruments(team: ThreadTeam) -> [NetMargin] {
    team.map(count: context.instruments.count) { place -> [NetMargin] in
      guard let instrument = context.instruments[place], supports(instrument: place) else {
        return [NetMargin](repeating: .zero, count: 2 * states.count)
      }
      return [1.0, -1.0].flatMap { sign in
        let leg = Leg(instrument: place, effectiveQuantity: sign, rawQuantity: sign, value: 0)
        return netMargins(
          of: NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0))
      }
    }.flatMap { $0 }
  }
}

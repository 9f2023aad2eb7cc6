package import MarketModel
import PortfolioValuation
package import RiskNumerics

/// Strategy-based margin of listed options and stock: Regulation T initial margin, Cboe and FINRA maintenance.
///
/// Equity counts stock and options at their value. An option's premium is its mark where the market gives one and
/// nothing has moved, else the model's value. In isolated mode every position stands alone; in cross mode the legs
/// of a class group form the strategies that need least (see `StrategyGrouping`). Contracts of crypto venues are
/// not supported, and coins have no loan value.
package struct StrategyMarginModel: PreparedModel {
  package let name: String
  package let states: [MarketState]
  let context: MarginContext
  let parameters: StrategyParameters
  let table: OptionTable
  /// Base value of one contract by its mark; nil where there is none.
  private let marks: [Double?]

  /// Prices the listed options of a context in every state.
  package init(
    name: String, parameters: StrategyParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    self.states = states
    table = OptionTable(
      of: context, columns: [.unmoved], states: states, settlementWindow: 0, includesListed: true, team: team)
    marks = context.instruments.map { instrument in
      guard let instrument, let mark = instrument.optionMark else { return nil }
      return mark * instrument.quoteSpot * instrument.multiplier
    }
  }

  package func supports(instrument: Int) -> Bool { context.isMarginedListing(instrument) }

  package func groups(of sets: [NettingSet]) -> [[NettingSet]] {
    context.classGroups(of: sets) { $0.group }
  }

  /// Base value of one contract in one of the states.
  private func unit(_ instrument: Int, state: Int) -> Double {
    let market = states[state]
    if market.spotMultiplier == 1, market.volatility == .none, let mark = marks[instrument] { return mark }
    return table.start[instrument].map { table.cells[$0 + state] } ?? 0
  }

  package func netMargins(of set: NettingSet) -> [NetMargin] { netMargins(ofGroup: [set]) }
  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    netMargin(ofGroup: [set], state: state)
  }
  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    netMargin(ofGroup: [set], in: state)
  }

  package func netMargins(ofGroup group: [NettingSet]) -> [NetMargin] {
    var evaluation = StrategyEvaluation(group, model: self)
    return states.indices.map { state in
      evaluation.requirement(multiplier: states[state].spotMultiplier) { unit($0, state: state) }.net
    }
  }

  package func netMargin(ofGroup group: [NettingSet], state: Int) -> NetMargin {
    requirement(ofGroup: group, state: state).net
  }

  package func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin {
    var pricer = ColumnPricer(
      shocks: table.shocks, states: [state], settlementWindow: 0, premiums: context.premiums)
    let legs = group.flatMap(\.legs).filter { table.start[$0.instrument] != nil }
    let cells = pricer.cells(of: legs.compactMap { context.instruments[$0.instrument] }[...])
    var evaluation = StrategyEvaluation(group, model: self)
    return evaluation.requirement(multiplier: state.spotMultiplier) { instrument in
      legs.firstIndex { $0.instrument == instrument }.map { cells[$0] } ?? 0
    }.net
  }

  /// The parts of the requirement of a group in one of the states.
  package func requirement(ofGroup group: [NettingSet], state: Int) -> StrategyRequirement {
    var evaluation = StrategyEvaluation(group, model: self)
    return evaluation.requirement(multiplier: states[state].spotMultiplier) { unit($0, state: state) }
  }

  /// One leg alone, part by part.
  func requirement(alone leg: Leg, state: Int) -> StrategyRequirement {
    var part = StrategyRequirement()
    guard supports(instrument: leg.instrument), let option = context.instruments[leg.instrument] else {
      return part
    }
    add(
      leg, option, unit: unit(leg.instrument, state: state), multiplier: states[state].spotMultiplier,
      to: &part)
    return part
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    requirement(alone: leg, state: state).net
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    var part = StrategyRequirement()
    add(collateral: quantity, underlying: underlying, multiplier: states[state].spotMultiplier, to: &part)
    return part.net
  }

  /// Adds one option by itself.
  func add(
    _ leg: Leg, _ option: ResolvedInstrument, unit: Double, multiplier: Double,
    to part: inout StrategyRequirement
  ) {
    let size = abs(leg.effectiveQuantity)
    part.counted += leg.effectiveQuantity * unit
    guard leg.effectiveQuantity < 0 else {
      part.longOptions += size * unit * longRate(option)
      return
    }
    let percentage = parameters.uncovered(
      isCall: option.isCall, price: option.spot * multiplier, strike: option.strike * option.quoteSpot,
      terms: context.securities[option.underlying])
    part.shortOptions += size * (unit + option.multiplier * percentage)
    part.premium += size * unit
  }

  /// Adds stock, or a coin that these rules do not lend on.
  func add(
    collateral quantity: Double, underlying: Int, multiplier: Double, to part: inout StrategyRequirement
  ) {
    let value = quantity * context.assets[underlying].spot * multiplier
    part.counted += value
    let terms = context.securities[underlying]
    guard terms.isMargined else {
      part.coins += max(value, 0)
      return
    }
    for isInitial in [true, false] {
      let rate = parameters.stockRate(isLong: quantity > 0, isInitial: isInitial, leverage: terms.leverage)
      if isInitial {
        part.stockInitial += abs(value) * rate
      } else {
        part.stockMaintenance += abs(value) * rate
      }
    }
  }

  /// The part of a long option's value that is required.
  func longRate(_ option: ResolvedInstrument) -> Double {
    option.timeToExpiry > parameters.longDatedYears ? parameters.longDatedRate : parameters.longRate
  }
}

extension StrategyMarginModel: ReportableModel {
  package static let modes: [MarginMode] = [.isolated, .cross]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = StrategyRequirement()
    if mode == .isolated {
      for leg in holdings.legs { sum += requirement(alone: leg, state: 0) }
      for set in holdings.sets where set.collateral != 0 {
        add(collateral: set.collateral, underlying: set.underlying, multiplier: 1, to: &sum)
      }
    } else {
      for group in groups(of: holdings.sets) { sum += requirement(ofGroup: group, state: 0) }
    }
    return AccountRequirement(
      equity: holdings.cash + sum.counted, initial: sum.initial, maintenance: sum.maintenance,
      components: sum.components, worstScenario: nil)
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    let part = requirement(alone: leg, state: 0)
    return (part.initial, part.maintenance)
  }
}

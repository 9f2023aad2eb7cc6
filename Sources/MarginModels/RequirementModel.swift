package import MarketModel
import PortfolioValuation

/// What a model counts and requires of a group in one state, part by part.
package struct ModelRequirement: Hashable, Sendable {
  /// Value counted, cash left out.
  package var counted: Double
  /// One entry a name of `RequirementModel.componentNames`; requirements positive, credits negative.
  package var parts: [UnitRequirement]
  /// The scenario that decided, where the model has scenarios.
  package var worstScenario: String?

  package init(counted: Double, parts: [UnitRequirement], worstScenario: String? = nil) {
    self.counted = counted
    self.parts = parts
    self.worstScenario = worstScenario
  }

  package var initial: Double { parts.reduce(0) { $0 + $1.initial } }
  package var maintenance: Double { parts.reduce(0) { $0 + $1.maintenance } }
  package var net: NetMargin {
    NetMargin(initial: counted - initial, maintenance: counted - maintenance)
  }

  /// Adds the requirement of another group of the same model, part by part.
  package mutating func add(_ other: Self) {
    counted += other.counted
    guard parts.count == other.parts.count else { return parts += other.parts }
    for place in parts.indices {
      parts[place].initial += other.parts[place].initial
      parts[place].maintenance += other.parts[place].maintenance
    }
  }
}

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
package protocol RequirementModel: TabulatedModel, ReportableModel {
  /// Names of the parts, in the order of a report.
  var componentNames: [String] { get }
  /// Whether the account is margined as one group instead of underlying by underlying.
  var marginsWholeAccount: Bool { get }

  /// What is counted and required. Total and deterministic; legs that are not supported count as absent.
  func requirement(of group: GroupOnMarket) -> ModelRequirement

  /// Figures of the model's own beside the requirement of an account.
  func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure]
}

extension RequirementModel {
  package var marginsWholeAccount: Bool { false }

  package func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure] {
    []
  }

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

  package func netMargin(ofGroup group: [NettingSet], state: Int) -> NetMargin {
    requirement(ofGroup: group, state: state).net
  }

  package func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin {
    requirement(
      of: GroupOnMarket(
        sets: group, multiplier: state.spotMultiplier, values: group.map { values(of: $0, in: state) })
    ).net
  }

  /// The parts of the requirement of a group in one of the states.
  package func requirement(ofGroup group: [NettingSet], state: Int) -> ModelRequirement {
    requirement(
      of: GroupOnMarket(
        sets: group, multiplier: states[state].spotMultiplier,
        values: group.map { values(of: $0, state: state) }))
  }

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    let zero = UnitRequirement(initial: 0, maintenance: 0)
    var sum = ModelRequirement(
      counted: 0, parts: [UnitRequirement](repeating: zero, count: componentNames.count))
    var worst: [(underlying: String, scenarios: String)] = []
    for group in groups(of: holdings.sets) {
      let part = requirement(ofGroup: group, state: 0)
      sum.add(part)
      if let name = part.worstScenario, let first = group.first {
        worst.append((context.assets[first.underlying].id.text, name))
      }
    }
    if mode == .isolated { sum.parts = loneParts(of: holdings.legs) }
    let cash = countedCash(holdings.cashBalances)
    var found = AccountRequirement(
      equity: cash.maintenance + sum.counted, initial: sum.initial + (cash.maintenance - cash.initial),
      maintenance: sum.maintenance, components: components(of: sum),
      worstScenario: mode == .isolated ? nil : WorstScenarioText.sentence(worst))
    if cash.maintenance != cash.initial {
      found.components.append(
        MarginComponent(name: "cash_haircut", initial: cash.maintenance - cash.initial, maintenance: 0))
    }
    found.measures = measures(of: holdings, requirement: found)
    return found
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard let part = lone(leg) else { return (0, 0) }
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

  private func lone(_ leg: Leg) -> ModelRequirement? {
    guard supports(instrument: leg.instrument), let instrument = context.instruments[leg.instrument]
    else { return nil }
    return requirement(
      ofGroup: [NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)], state: 0)
  }

  private func loneParts(of legs: [Leg]) -> [UnitRequirement] {
    let zero = UnitRequirement(initial: 0, maintenance: 0)
    var sum = ModelRequirement(
      counted: 0, parts: [UnitRequirement](repeating: zero, count: componentNames.count))
    for leg in legs { if let part = lone(leg) { sum.add(part) } }
    return sum.parts
  }

  private func values(of set: NettingSet, in state: MarketState) -> [Double] {
    var pricer = ColumnPricer(shocks: table.shocks, states: [state], settlementWindow: 0)
    let options = set.legs.compactMap { leg in
      table.start[leg.instrument] == nil ? nil : context.instruments[leg.instrument]
    }
    let cells = pricer.cells(of: options[...])
    var next = 0
    return set.legs.map { leg -> Double in
      guard table.start[leg.instrument] != nil else { return 0 }
      defer { next += 1 }
      return cells[next]
    }
  }
}

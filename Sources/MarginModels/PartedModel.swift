package import MarketModel
import PortfolioValuation

/// What a model counts and requires of a group in one state, part by part.
package struct ModelRequirement: Hashable, Sendable {
  /// Value counted, cash left out.
  package var counted: Double
  /// One entry a name of `PartedModel.componentNames`; requirements positive, credits negative.
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
    for place in parts.indices { parts[place] += other.parts[place] }
  }
}

/// A model whose requirement of a group is a list of named parts: what a report asks follows from them.
package protocol PartedModel: ContextModel, ReportableModel {
  /// Names of the parts, in the order of a report.
  var componentNames: [String] { get }

  /// The parts of the requirement of a group in one of the states.
  func requirement(ofGroup group: [NettingSet], state: Int) -> ModelRequirement

  /// The parts of what the model counts and requires of balances that count as cash; nil where it counts them, or part of
  /// them, as they are.
  func requirement(ofCash balances: [CashBalance]) -> ModelRequirement?

  /// Figures of the model's own beside the requirement of an account.
  func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure]
}

extension PartedModel {
  package func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure] {
    []
  }

  package func requirement(ofCash balances: [CashBalance]) -> ModelRequirement? { nil }

  package func netMargin(ofGroup group: [NettingSet], state: Int) -> NetMargin {
    requirement(ofGroup: group, state: state).net
  }

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = noRequirement
    var worst: [(underlying: String, scenarios: String)] = []
    for group in groups(of: holdings.sets) {
      let part = requirement(ofGroup: group, state: 0)
      sum.add(part)
      if let name = part.worstScenario, let first = group.first {
        worst.append((context.assets[first.underlying].id.text, name))
      }
    }
    if mode == .isolated { sum.parts = loneParts(of: holdings.legs) }
    var cash = holdings.cash
    var lost = UnitRequirement.zero
    if let parts = requirement(ofCash: holdings.cashBalances) {
      cash = 0
      sum.add(parts)
    } else {
      let counted = countedCash(holdings.cashBalances)
      lost = UnitRequirement(initial: cash - counted.initial, maintenance: cash - counted.maintenance)
    }
    var found = AccountRequirement(
      equity: cash + sum.counted, initial: sum.initial + lost.initial,
      maintenance: sum.maintenance + lost.maintenance, components: components(of: sum),
      worstScenario: mode == .isolated ? nil : WorstScenarioText.sentence(worst))
    if lost != .zero {
      found.components.append(
        MarginComponent(name: "cash_haircut", initial: lost.initial, maintenance: lost.maintenance))
    }
    found.measures = measures(of: holdings, requirement: found)
    return found
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard let set = lone(leg) else { return (0, 0) }
    let part = requirement(ofGroup: [set], state: 0)
    return (part.initial, part.maintenance)
  }

  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    let sum = requirement(ofGroup: group, state: state)
    return GroupBreakdown(counted: sum.counted, components: components(of: sum))
  }

  private var noRequirement: ModelRequirement {
    ModelRequirement(counted: 0, parts: [UnitRequirement](repeating: .zero, count: componentNames.count))
  }

  private func components(of sum: ModelRequirement) -> [MarginComponent] {
    zip(componentNames, sum.parts).map {
      MarginComponent(name: $0, initial: $1.initial, maintenance: $1.maintenance)
    }
  }

  private func loneParts(of legs: [Leg]) -> [UnitRequirement] {
    var sum = noRequirement
    for leg in legs {
      if let set = lone(leg) { sum.add(requirement(ofGroup: [set], state: 0)) }
    }
    return sum.parts
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics

/// What a model counts and requires of a group in one state, before it is netted.
package struct GroupBreakdown: Hashable, Sendable {
  /// Value counted, marks of short options included, cash left out.
  package var counted: Double
  /// Parts of the maintenance requirement beyond those marks.
  package var parts: [CapitalPart]

  package init(counted: Double, parts: [CapitalPart]) {
    self.counted = counted
    self.parts = parts
  }

  /// A breakdown from the components of a requirement.
  package init(counted: Double, components: [MarginComponent]) {
    self.init(
      counted: counted, parts: components.map { CapitalPart(name: $0.name, amount: $0.maintenance) })
  }

  /// Moves the marks of short options from one part of the requirement into what is counted.
  ///
  /// - Parameter marks: ≤ 0, base currency.
  mutating func count(marks: Double, insteadOf name: String) {
    counted += marks
    for place in parts.indices where parts[place].name == name { parts[place].amount += marks }
  }
}

extension PreparedModel {
  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? { nil }
}

extension TabulatedModel {
  /// Base value of the short options of a group in a state, ≤ 0.
  func shortMarks(of group: [NettingSet], state: Int) -> Double {
    var marks = 0.0
    for set in group {
      for leg in set.legs where leg.effectiveQuantity < 0 && supports(instrument: leg.instrument) {
        guard let start = table.start[leg.instrument] else { continue }
        marks += leg.effectiveQuantity * table.cells[start + state]
      }
    }
    return marks
  }
}

extension DeriveStandardModel {
  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    var sum = StandardRequirement()
    for set in group { sum += requirement(of: set, state: state) }
    var found = GroupBreakdown(counted: sum.counted, components: sum.components)
    found.count(marks: shortMarks(of: group, state: state), insteadOf: "short_options")
    return found
  }
}

extension DeribitStandardModel {
  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    var sum = DeribitRequirement()
    for set in group { sum += requirement(of: set, state: state) }
    var found = GroupBreakdown(counted: sum.counted, components: sum.components)
    found.count(marks: shortMarks(of: group, state: state), insteadOf: "short_options")
    return found
  }
}

extension DerivePortfolioModel {
  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    var sum = PortfolioRequirement()
    for set in group { sum += requirement(of: set, state: state) }
    return GroupBreakdown(counted: sum.counted, components: sum.components)
  }
}

extension DeribitPortfolioModel {
  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    var sum = DeribitMatrixRequirement()
    for set in group { sum += requirement(of: set, state: state) }
    return GroupBreakdown(counted: sum.counted, components: sum.components)
  }
}

extension StrategyMarginModel {
  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    let found = requirement(ofGroup: group, state: state)
    return GroupBreakdown(counted: found.counted, components: found.components)
  }
}

extension TimsMarginModel {
  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    let found = requirement(ofGroup: group, state: state)
    return GroupBreakdown(counted: found.counted, components: found.components)
  }
}

// MARK: Capital taken apart

/// Market values of contracts and coins in every state of a capital engine, as no model counts them.
struct MarketValues: Sendable {
  private let context: MarginContext
  private let states: [MarketState]
  private let table: OptionTable

  /// Prices the options of a context, unmoved, in every state.
  init(context: MarginContext, states: [MarketState], team: ThreadTeam) {
    self.context = context
    self.states = states
    table = OptionTable(
      of: context, columns: [.unmoved], states: states, settlementWindow: 0, team: team)
  }

  /// Base value of a netting set in a state, coins included.
  func value(of set: NettingSet, state: Int) -> Double {
    let multiplier = states[state].spotMultiplier
    var sum = set.collateral * context.assets[set.underlying].spot * multiplier
    for leg in set.legs {
      sum += leg.value
      if let start = table.start[leg.instrument] {
        sum += leg.effectiveQuantity * (table.cells[start + state] - table.cells[start])
      } else if let contract = context.instruments[leg.instrument] {
        sum += leg.effectiveQuantity * contract.unit * (multiplier - 1)
      }
    }
    return sum
  }
}

extension CapitalEngine {
  /// The capital of one mode in one state, part by part.
  ///
  /// - Parameters:
  ///   - sets: of one account.
  ///   - capital: of that mode and state: the parts sum to it.
  func parts(
    of sets: [NettingSet], mode: MarginMode, state: Int, capital: Double, value: Double, values: MarketValues
  ) -> [CapitalPart] {
    let held = held(sets)
    var shocked = 0.0
    for set in held { shocked += values.value(of: set, state: state) }
    let model = mode == .isolated ? isolated.model : mode == .cross ? cross : portfolio
    let groups = mode == .isolated ? items(of: held) : model.groups(of: held)
    var whole: GroupBreakdown?
    for group in groups {
      guard let part = model.breakdown(ofGroup: group, state: state) else { continue }
      if whole == nil { whole = part } else { whole?.add(part) }
    }
    var parts = [CapitalPart(name: CapitalPart.Name.loss, amount: value - shocked)]
    if let whole {
      parts.append(CapitalPart(name: CapitalPart.Name.notCounted, amount: shocked - whole.counted))
      parts += whole.parts
    }
    // What is left is the floor under the need: of each position alone, or of the account.
    var rest = capital
    for part in parts { rest -= part.amount }
    let floor =
      whole == nil
      ? CapitalPart.Name.requirement
      : mode == .isolated ? CapitalPart.Name.notShared : CapitalPart.Name.beyondNeed
    if mode != .portfolio || whole == nil { parts.append(CapitalPart(name: floor, amount: rest)) }
    return Self.swept(parts, scale: abs(capital) + abs(value) + abs(shocked))
  }

  /// Positions and coins one by one.
  private func items(of sets: [NettingSet]) -> [[NettingSet]] {
    sets.flatMap { set in
      set.standing.map { [NettingSet(underlying: set.underlying, legs: [$0], collateral: 0)] }
        + (set.collateral == 0
          ? [] : [[NettingSet(underlying: set.underlying, legs: [], collateral: set.collateral)]])
    }
  }

  /// Without the parts that are nothing but rounding, which go into the loss.
  private static func swept(_ parts: [CapitalPart], scale: Double) -> [CapitalPart] {
    var kept: [CapitalPart] = []
    var dust = 0.0
    for part in parts {
      if part.name != CapitalPart.Name.loss, abs(part.amount) <= 1e-11 * scale {
        dust += part.amount
      } else {
        kept.append(part)
      }
    }
    if let first = kept.firstIndex(where: { $0.name == CapitalPart.Name.loss }) { kept[first].amount += dust }
    return kept
  }
}

extension GroupBreakdown {
  fileprivate mutating func add(_ other: GroupBreakdown) {
    counted += other.counted
    for part in other.parts {
      if let place = parts.firstIndex(where: { $0.name == part.name }) {
        parts[place].amount += part.amount
      } else {
        parts.append(part)
      }
    }
  }
}

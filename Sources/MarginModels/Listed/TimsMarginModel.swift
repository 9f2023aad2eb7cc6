import MarketModel
import PortfolioValuation
package import RiskNumerics

/// What customer portfolio margin counts and requires of one product group in one state; base currency.
package struct TimsRequirement: Hashable, Sendable {
  /// Stock, coins and options at their value; no cash.
  package var counted = 0.0
  /// Worst losses of the class groups over their points, less what product groups allow.
  package var scan = 0.0
  /// What the least requirement per contract adds to it.
  package var minimum = 0.0
  /// Coins that these rules lend nothing on.
  package var coins = 0.0
  /// Place of the deciding point; nil where nothing can be lost or the minimum decides.
  package var decisive: Int?

  package init() {}

  package var requirement: Double { scan + minimum + coins }
  package var net: NetMargin {
    NetMargin(initial: counted - requirement, maintenance: counted - requirement)
  }

  /// The parts in the order of a report.
  package var components: [MarginComponent] {
    [
      MarginComponent(name: "scan_loss", initial: scan, maintenance: scan),
      MarginComponent(name: "contract_minimum", initial: minimum, maintenance: minimum),
      MarginComponent(name: "coins_without_loan_value", initial: coins, maintenance: coins),
    ]
  }

  /// Adds another group, part by part.
  package static func += (sum: inout Self, term: Self) {
    sum.counted += term.counted
    sum.scan += term.scan
    sum.minimum += term.minimum
    sum.coins += term.coins
  }
}

/// Customer portfolio margin: the worst loss of a class group over ten points of its underlying.
///
/// Volatility stands still; American options are repriced with early exercise. Instruments of one class group move
/// by the same percentages and net in full; class groups of one product group net by the allowed part: the
/// requirement is that part of the way from the sum of the groups' worst losses to the worst sum of their losses
/// at the same point. No group needs less than the minimum of its contracts. Contracts of crypto venues are not
/// supported, and coins have no loan value.
package struct TimsMarginModel: PreparedModel {
  package let name: String
  package let states: [MarketState]
  let context: MarginContext
  let parameters: TimsParameters
  let table: OptionTable
  /// Moves of the points, one list an asset.
  let multipliers: [[Double]]
  /// First column of the asset's points in the table.
  let firstColumn: [Int]

  /// Prices the listed options of a context under states × points.
  package init(
    name: String, parameters: TimsParameters, context: MarginContext, states: [MarketState], team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    self.states = states
    let moves = context.securities.map { parameters.multipliers(of: $0) }
    multipliers = moves
    var held = [Bool](repeating: false, count: context.assets.count)
    for place in context.instruments.indices where context.isMarginedListing(place) {
      if let option = context.instruments[place] { held[option.underlying] = true }
    }
    var columns = [ScenarioColumn.unmoved]
    var known: [(moves: [Double], first: Int)] = []
    firstColumn = moves.indices.map { asset in
      guard held[asset] else { return 0 }
      if let found = known.first(where: { $0.moves == moves[asset] }) { return found.first }
      known.append((moves[asset], columns.count))
      columns += moves[asset].map { ScenarioColumn(spotMultiplier: $0, volatility: .none) }
      return columns.count - moves[asset].count
    }
    table = OptionTable(
      of: context, columns: columns, states: states, settlementWindow: 0, includesListed: true, team: team)
  }

  package func supports(instrument: Int) -> Bool { context.isMarginedListing(instrument) }

  package func groups(of sets: [NettingSet]) -> [[NettingSet]] {
    context.classGroups(of: sets) { $0.product }
  }

  package func netMargins(of set: NettingSet) -> [NetMargin] { netMargins(ofGroup: [set]) }
  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    netMargin(ofGroup: [set], state: state)
  }
  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    netMargin(ofGroup: [set], in: state)
  }

  package func netMargins(ofGroup group: [NettingSet]) -> [NetMargin] {
    let start = starts(of: group)
    return states.indices.map { state in
      requirement(
        of: group, TimsCells(table.cells, start, offset: state * table.columns.count), states[state]
      ).net
    }
  }

  package func netMargin(ofGroup group: [NettingSet], state: Int) -> NetMargin {
    requirement(ofGroup: group, state: state).net
  }

  package func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin {
    let (cells, starts) = table.priced(group.flatMap(\.legs), in: state, of: context)
    var next = 0
    let start = group.map { set in
      defer { next += set.legs.count }
      return Array(starts[next..<next + set.legs.count])
    }
    return requirement(of: group, TimsCells(cells, start, offset: 0), state).net
  }

  /// The parts of the requirement of a group in one of the states.
  package func requirement(ofGroup group: [NettingSet], state: Int) -> TimsRequirement {
    requirement(
      of: group, TimsCells(table.cells, starts(of: group), offset: state * table.columns.count), states[state]
    )
  }

  private func starts(of group: [NettingSet]) -> [[Int]] {
    group.map { set in set.legs.map { table.start[$0.instrument] ?? -1 } }
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    guard supports(instrument: leg.instrument), let option = context.instruments[leg.instrument] else {
      return .zero
    }
    return netMargin(
      ofGroup: [NettingSet(underlying: option.underlying, legs: [leg], collateral: 0)], state: state)
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    netMargin(ofGroup: [NettingSet(underlying: underlying, legs: [], collateral: quantity)], state: state)
  }

  /// The points of the classes that the book has contracts on, each once, the greatest fall first.
  package var capitalScenarios: [MarketState] {
    moves.map {
      MarketState(
        name: TimsParameters.name(of: $0), scenarioSet: name, spotMultiplier: $0, volatility: .none)
    }
  }

  package var spotShocks: [SpotShock] {
    [SpotShock(multiplier: 1, weight: 1)] + moves.map { SpotShock(multiplier: $0, weight: 1) }
  }

  /// Distinct multipliers of all margined underlyings that the book has a contract on, increasing.
  private var moves: [Double] {
    var found: Set<Double> = []
    for asset in context.assets.indices
    where context.hasContracts[asset] && context.securities[asset].isMargined {
      found.formUnion(multipliers[asset])
    }
    return found.sorted()
  }
}

/// Cells of a table as one state has them.
struct TimsCells {
  private let cells: [Double]
  private let start: [[Int]]
  private let offset: Int

  init(_ cells: [Double], _ start: [[Int]], offset: Int) {
    (self.cells, self.start, self.offset) = (cells, start, offset)
  }

  /// Whether a leg has a row.
  func has(_ set: Int, _ leg: Int) -> Bool { start[set][leg] >= 0 }

  /// The value of one contract of a leg in a column.
  func value(_ set: Int, _ leg: Int, column: Int) -> Double { cells[start[set][leg] + offset + column] }
}

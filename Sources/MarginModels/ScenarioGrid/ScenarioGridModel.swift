import MarketModel
import PortfolioValuation
import RiskNumerics

/// Portfolio margin over a grid of moves of price and volatility, with charges beside the worst loss.
///
/// Each underlying is margined apart and summed. Coin contracts count at their payoff in the base currency. Listed
/// options are not supported.
package struct ScenarioGridModel: ContextModel {
  package let name: String
  package let states: [MarketState]
  let parameters: ScenarioGridParameters
  package let context: MarginContext
  /// One entry an asset: its scenarios as columns of the table.
  let layouts: [GridLayout]
  let table: OptionTable
  let sensitivities: OptionSensitivities
  private let isSupported: [Bool]
  /// One entry an instrument: the part of its settlement price that is not fixed yet.
  let openParts: [Double]
  /// One entry an instrument: contracts that settle at one instant share it, perpetuals and coins the first.
  let expiryBuckets: [Int]
  let bucketCount: Int
  /// Years to each of them.
  let bucketYears: [Double]
  /// Settlement assets of the book's contracts, coins first.
  let settlements: [Int]
  /// One entry an instrument: fraction of its expiry's net delta that basis costs.
  let basisRates: [Double]
  package let capitalScenarios: [MarketState]

  /// Prices the options of a context in every state × scenario.
  ///
  /// - Complexity: instruments × states × scenarios, spread over the team.
  init(
    name: String, parameters: ScenarioGridParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    self.states = states
    let isSupported = context.instruments.indices.map { place in
      guard let instrument = context.instruments[place], !context.isListed[place] else { return false }
      return instrument.kind != .option || parameters.marginsOptions
    }
    self.isSupported = isSupported
    var columns = [ScenarioColumn.unmoved]
    let layouts = context.assets.map { asset in
      GridLayout(asset: asset.id.text, parameters: parameters, columns: &columns)
    }
    self.layouts = layouts
    table = OptionTable(
      of: context, columns: columns, states: states, settlementWindow: parameters.settlementWindow, team: team
    )
    sensitivities = OptionSensitivities(
      of: context, isSupported: isSupported, states: states, settlementWindow: parameters.settlementWindow,
      elapsedSeconds: parameters.elapsedHours * 3_600, team: team)
    openParts = context.instruments.map { $0?.openPart(window: parameters.settlementWindow) ?? 1 }
    // By time, so that an account's sums run in one order whatever other contracts the book has.
    let dated = context.instruments.compactMap {
      $0.flatMap { $0.kind == .perpetual ? nil : $0.secondsToExpiry }
    }
    let instants = [-1] + Set(dated).sorted()
    let buckets = [Int64: Int](
      instants.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    expiryBuckets = context.instruments.map { instrument in
      guard let instrument, instrument.kind != .perpetual else { return 0 }
      return buckets[instrument.secondsToExpiry] ?? 0
    }
    bucketCount = instants.count
    var years = [Double](repeating: 0, count: instants.count)
    for (place, instrument) in context.instruments.enumerated() {
      if let instrument, instrument.kind != .perpetual {
        years[expiryBuckets[place]] = instrument.timeToExpiry
      }
    }
    bucketYears = years
    settlements = [-1] + Set(context.settlements.filter { $0 >= 0 }).sorted()
    basisRates = context.instruments.map { instrument in
      guard let instrument else { return 0 }
      let terms = parameters.terms(of: context.assets[instrument.underlying].id.text)
      return max(terms.basisMinimum, Elementary.expMinusOne(terms.basisAnnual * instrument.timeToExpiry))
    }
    capitalScenarios = Self.capitalScenarios(of: layouts, context: context, parameters, model: name)
  }

  /// The scenarios of the underlying that the book moves the most: every underlying moves by one factor in a state.
  private static func capitalScenarios(
    of layouts: [GridLayout], context: MarginContext, _ parameters: ScenarioGridParameters, model: String
  ) -> [MarketState] {
    var widest: GridLayout?
    for (layout, isMoved) in zip(layouts, context.hasContracts) where isMoved {
      if layout.widest > widest?.widest ?? 0 { widest = layout }
    }
    return (widest?.scenarios ?? []).map {
      MarketState(
        name: $0.name, scenarioSet: model, spotMultiplier: 1 + $0.move,
        volatility: parameters.shock($0.volatility))
    }
  }

  package func supports(instrument: Int) -> Bool { isSupported[instrument] }

  /// The moves of all grids, today's market first.
  package var spotShocks: [SpotShock] {
    var shocks = [SpotShock(multiplier: 1, weight: 1)]
    for layout in layouts {
      for scenario in layout.scenarios where scenario.move != 0 {
        let weight = parameters.maintenanceFactor * scenario.weight
        if let known = shocks.firstIndex(where: { $0.multiplier == 1 + scenario.move }) {
          shocks[known] = SpotShock(
            multiplier: 1 + scenario.move, weight: max(weight, shocks[known].weight))
        } else {
          shocks.append(SpotShock(multiplier: 1 + scenario.move, weight: weight))
        }
      }
    }
    return shocks
  }
}

/// The scenarios of one underlying.
struct GridLayout: Sendable {
  struct Scenario: Sendable {
    var name: String
    var move: Double
    var volatility: PortfolioScenario.Volatility
    var weight: Double
    /// Of the table.
    var column: Int
  }

  let scenarios: [Scenario]
  /// The furthest undampened move, else the furthest.
  var widest: Double {
    let full = scenarios.filter { $0.weight == 1 }
    return (full.isEmpty ? scenarios : full).map { abs($0.move) }.max() ?? 0
  }

  /// Adds what the grid of an asset needs to the columns of a table.
  init(asset: String, parameters: ScenarioGridParameters, columns: inout [ScenarioColumn]) {
    let terms = parameters.terms(of: asset)
    var scenarios: [Scenario] = []
    for row in parameters.rows(of: terms) {
      let move = row.move * terms.range
      for volatility in row.volatilities {
        let column = ScenarioColumn(
          spotMultiplier: max(1 + move, .leastNormalMagnitude), volatility: parameters.shock(volatility))
        let place = columns.firstIndex(of: column) ?? columns.count
        if place == columns.count { columns.append(column) }
        scenarios.append(
          Scenario(
            name: PortfolioScenario(1 + move, volatility).name, move: move, volatility: volatility,
            weight: row.weight, column: place))
      }
    }
    self.scenarios = scenarios
  }
}

// MARK: Figures of the protocol

extension ScenarioGridModel {
  package func netMargins(of set: NettingSet) -> [NetMargin] {
    states.indices.map { requirement(of: set, state: $0).net }
  }

  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    requirement(of: set, state: state).net
  }

  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    let (cells, starts) = table.priced(set.legs, in: state, of: context)
    let entries = set.legs.map { leg in
      sensitivities.start[leg.instrument].flatMap { _ in context.instruments[leg.instrument] }
        .map { sensitivities.entry(of: $0, in: state) } ?? OptionSensitivity()
    }
    return requirement(
      of: set, multiplier: state.spotMultiplier, cells: cells.span, starts: starts, entries: entries
    ).net
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    guard let set = lone(leg) else { return .zero }
    return netMargin(of: set, state: state)
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    netMargin(of: NettingSet(underlying: underlying, legs: [], collateral: quantity), state: state)
  }

  /// The parts of the requirement in one of the states.
  func requirement(of set: NettingSet, state: Int) -> GridRequirement {
    let offset = state * table.columns.count
    return requirement(
      of: set, multiplier: states[state].spotMultiplier, cells: table.cells.span,
      starts: set.legs.map { leg in table.start[leg.instrument].map { $0 + offset } ?? -1 },
      entries: set.legs.map { leg in
        sensitivities.start[leg.instrument].map { sensitivities.entries[$0 + state] } ?? OptionSensitivity()
      })
  }
}

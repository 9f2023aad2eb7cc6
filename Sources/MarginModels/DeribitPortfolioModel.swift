import MarketModel
import PortfolioValuation
package import RiskNumerics

/// Deribit portfolio margin: worst loss over the extended risk matrix of each underlying, with roll shock and
/// delta shock.
///
/// A coin-settled contract's loss is a coin figure, here at the coin's spot. Coins count in full and stand
/// still in the matrix, as in an account whose risk is measured in the coin. The dampener of the extended
/// table makes the requirement grow faster than the position. Listed options are not supported.
package struct DeribitPortfolioModel: ContextModel {
  package let name: String
  package let states: [MarketState]
  let parameters: DeribitPortfolioParameters
  package let context: MarginContext
  /// One entry an asset.
  let matrices: [DeribitRiskMatrix]
  let table: DeribitOptionCells
  private let isSupported: [Bool]
  /// Part of the settlement price of each instrument that is not fixed yet.
  let openParts: [Double]
  /// Roll shock of each instrument's expiry, a fraction of net delta.
  let rollRates: [Double]
  /// Which instruments roll together.
  let buckets: RollBuckets
  package let capitalScenarios: [MarketState]

  /// Prices the options of a context under states × columns.
  ///
  /// - Complexity: instruments × states × columns, spread over the team.
  package init(
    name: String, parameters: DeribitPortfolioParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    self.states = states
    let matrices = context.assets.map { DeribitRiskMatrix(asset: $0.id.text, parameters: parameters) }
    self.matrices = matrices
    let isSupported = context.instruments.indices.map {
      context.instruments[$0] != nil && !context.isListed[$0]
    }
    self.isSupported = isSupported
    let window = parameters.settlementWindow
    table = DeribitOptionCells(
      of: context, isSupported: isSupported, matrices: matrices, states: states,
      settlementWindow: window, team: team)
    openParts = context.instruments.map { instrument in
      instrument.map { $0.openPart(window: window) } ?? 1
    }
    let rollRates = context.instruments.map { instrument -> Double in
      guard let instrument else { return 0 }
      return matrices[instrument.underlying].rollRate(
        years: instrument.timeToExpiry, isPerpetual: instrument.kind == .perpetual,
        isCoin: instrument.isInverse)
    }
    self.rollRates = rollRates
    buckets = RollBuckets(context: context, isSupported: isSupported, rollRates: rollRates)
    capitalScenarios = Self.capitalScenarios(
      of: parameters, context: context, isSupported: isSupported, name: name)
  }

  /// The columns of the widest matrix among the underlyings of the book: every underlying moves by the same
  /// factor in a market state, and what is survived there is survived in a narrower one.
  private static func capitalScenarios(
    of parameters: DeribitPortfolioParameters, context: MarginContext, isSupported: [Bool], name: String
  ) -> [MarketState] {
    var pair: DeribitPortfolioParameters.PairTerms?
    for (place, instrument) in context.instruments.enumerated() where isSupported[place] {
      guard let instrument else { continue }
      let terms = parameters.pairTerms(of: context.assets[instrument.underlying].id.text)
      if terms.priceRange > (pair?.priceRange ?? 0) { pair = terms }
    }
    let terms = pair ?? parameters.pairTerms(of: "")
    return DeribitRiskMatrix.scenarios(of: parameters, range: terms.priceRange).map {
      MarketState(
        name: $0.name, scenarioSet: name, spotMultiplier: $0.spotMultiplier, volatility: terms.shock(of: $0))
    }
  }

  package func supports(instrument: Int) -> Bool { isSupported[instrument] }

  /// The moves of all matrices, today's market first.
  package var spotShocks: [SpotShock] {
    var shocks = [SpotShock(multiplier: 1, weight: 1)]
    for matrix in matrices {
      for (column, move) in matrix.moves.enumerated() where move != 0 {
        let weight = parameters.maintenanceFactor * matrix.linear.scale[column]
        if let known = shocks.firstIndex(where: { $0.multiplier == 1 + move }) {
          shocks[known] = SpotShock(multiplier: 1 + move, weight: max(weight, shocks[known].weight))
        } else {
          shocks.append(SpotShock(multiplier: 1 + move, weight: weight))
        }
      }
    }
    return shocks
  }
}

// MARK: Figures of the protocol

extension DeribitPortfolioModel {
  package func netMargins(of set: NettingSet) -> [NetMargin] {
    requirements(of: set, states: states.indices).map(\.net)
  }

  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    requirement(of: set, state: state).net
  }

  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    let options = set.legs.compactMap { leg in
      table.start[leg.instrument] == nil ? nil : context.instruments[leg.instrument]
    }
    let (cells, deltas) = table.cells(of: options, in: state)
    var next = 0
    let places = set.legs.map { leg -> Int in
      guard table.start[leg.instrument] != nil else { return -1 }
      defer { next += 1 }
      return next
    }
    let rows = MatrixRows(
      starts: places.map { $0 < 0 ? -1 : $0 * table.width }, deltas: places,
      multipliers: [state.spotMultiplier])
    return requirements(of: set, cells: cells.span, deltas: deltas.span, rows: rows).first?.net ?? .zero
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    guard let set = lone(leg) else { return .zero }
    return netMargin(of: set, state: state)
  }

  package func netMargins(alone leg: Leg) -> [NetMargin] {
    guard let set = lone(leg) else { return [NetMargin](repeating: .zero, count: states.count) }
    return netMargins(of: set)
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    netMargin(of: NettingSet(underlying: underlying, legs: [], collateral: quantity), state: state)
  }

  /// The parts of the requirement in one of the states.
  package func requirement(of set: NettingSet, state: Int) -> DeribitMatrixRequirement {
    requirements(of: set, states: state..<(state + 1)).first ?? DeribitMatrixRequirement()
  }

  /// The requirement of a netting set in a range of the prepared states.
  func requirements(of set: NettingSet, states range: Range<Int>) -> [DeribitMatrixRequirement] {
    requirements(
      of: set, cells: table.cells.span, deltas: table.deltas.span, rows: rows(of: set, states: range))
  }

  /// Where the options of a netting set lie in the table.
  func rows(of set: NettingSet, states range: Range<Int>) -> MatrixRows {
    MatrixRows(
      starts: set.legs.map { leg in
        table.start[leg.instrument].map { $0 + range.lowerBound * table.width } ?? -1
      },
      deltas: set.legs.map { leg in
        table.start[leg.instrument].map { $0 / table.width + range.lowerBound } ?? -1
      },
      multipliers: range.map { states[$0].spotMultiplier })
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics

/// Margin from an account's total delta and gamma: the envelope of a parabola over a price range of each underlying,
/// summed over underlyings, and beside it what full revaluation over the same range would lose.
///
/// The gap between them shows where a Taylor margin collects too little: short wings and options close to expiry, whose
/// gamma at today's price is small. Options enter by their Greeks, coin-settled contracts by the delta of their base
/// value. Listed options are not supported.
package struct DeltaGammaModel: ContextModel {
  package let name: String
  let parameters: DeltaGammaParameters
  package let context: MarginContext
  let table: OptionTable
  let sensitivities: OptionSensitivities
  /// One entry an asset.
  let ranges: [Double]
  /// Today's options over the range of their underlying: instrument, then price from the lowest.
  let revalued: RangeTable

  package var states: [MarketState] { table.states }

  /// - Complexity: options × (states + 257), spread over the team.
  init(
    name: String, parameters: DeltaGammaParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    let ranges = context.assets.map { parameters.range(of: $0.id.text) }
    self.ranges = ranges
    table = OptionTable(of: context, columns: [.unmoved], states: states, settlementWindow: 0, team: team)
    sensitivities = OptionSensitivities(
      of: context, isSupported: context.instruments.indices.map { !context.isListed[$0] }, states: states,
      settlementWindow: 0, elapsedSeconds: 0, team: team)
    revalued = RangeTable(of: context, ranges: ranges, team: team)
  }

  package func supports(instrument: Int) -> Bool {
    context.instruments[instrument] != nil && !context.isListed[instrument]
  }

  /// The ends of the widest range among the book's contracts, half way, and today.
  package var capitalScenarios: [MarketState] {
    let widest = zip(ranges, context.hasContracts).filter(\.1).map(\.0).max() ?? 0
    return [-1, -0.5, 0, 0.5, 1].map { part in
      MarketState(
        name: PortfolioScenario(1 + part * widest, .none).name, scenarioSet: name,
        spotMultiplier: 1 + part * widest, volatility: .none)
    }
  }
}

/// The options of a context at prices evenly over the range of their underlying, priced once.
struct RangeTable: Sendable {
  /// Even, so that today's price is one of them.
  static let steps = 256
  /// First cell of each instrument; nil where it is no priced option.
  let start: [Int?]
  let cells: [Double]

  init(of context: MarginContext, ranges: [Double], team: ThreadTeam) {
    var start = [Int?](repeating: nil, count: context.instruments.count)
    var options: [ResolvedInstrument] = []
    for (place, instrument) in context.instruments.enumerated() where !context.isListed[place] {
      guard let instrument, instrument.kind == .option else { continue }
      start[place] = options.count * (Self.steps + 1)
      options.append(instrument)
    }
    self.start = start
    let priced = options
    let moves = ranges.map { range in
      ColumnShocks(
        (0...Self.steps).map {
          ScenarioColumn(spotMultiplier: 1 + Self.move($0, range: range), volatility: .none)
        })
    }
    cells = team.map(count: priced.count) { place in
      var pricer = ColumnPricer(
        shocks: moves[priced[place].underlying], states: [.today], settlementWindow: 0)
      return pricer.cells(of: priced[place...place])
    }.flatMap { $0 }
  }

  /// The relative move of one of the prices.
  static func move(_ step: Int, range: Double) -> Double {
    (2 * Double(step) / Double(steps) - 1) * range
  }
}

/// What delta and gamma make of one netting set in one state.
struct DeltaGammaRequirement {
  var counted = 0.0
  var delta = 0.0
  var gamma = 0.0
  var envelope = DeltaGammaEnvelope(delta: 0, gamma: 0, range: 0)
}

extension DeltaGammaModel {
  /// - Parameters:
  ///   - values: base value of one contract of each leg; 0 for a leg that is no option.
  ///   - entries: sensitivities of each leg.
  func requirement(
    of set: NettingSet, multiplier: Double, values: [Double], entries: [OptionSensitivity]
  ) -> DeltaGammaRequirement {
    var sum = DeltaGammaRequirement()
    let coins = set.collateral * context.assets[set.underlying].spot * multiplier
    sum.counted = countedCoins(of: set, multiplier: multiplier, factor: parameters.coinFactor)
    sum.delta = coins * parameters.coinInRange
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      let terms = context.terms[leg.instrument]
      if terms.isOption {
        let today = table.start[leg.instrument].map { table.cells[$0] } ?? 0
        sum.counted += leg.value + leg.effectiveQuantity * (values[place] - today)
        sum.delta += leg.effectiveQuantity * entries[place].delta
        sum.gamma += leg.effectiveQuantity * entries[place].gamma
      } else {
        let value = leg.effectiveQuantity * terms.unit
        sum.counted += leg.value + value * (multiplier - 1)
        sum.delta += value * multiplier
      }
    }
    sum.envelope = DeltaGammaEnvelope(
      delta: sum.delta, gamma: sum.gamma, range: ranges[set.underlying])
    return sum
  }

  func requirement(of set: NettingSet, state: Int) -> DeltaGammaRequirement {
    requirement(
      of: set, multiplier: states[state].spotMultiplier,
      values: set.legs.map { leg in table.start[leg.instrument].map { table.cells[$0 + state] } ?? 0 },
      entries: set.legs.map { leg in
        sensitivities.start[leg.instrument].map { sensitivities.entries[$0 + state] } ?? OptionSensitivity()
      })
  }

  func net(_ part: DeltaGammaRequirement) -> NetMargin {
    NetMargin(
      initial: part.counted - part.envelope.loss * parameters.initialFactor,
      maintenance: part.counted - part.envelope.loss * parameters.maintenanceFactor)
  }

  /// Worst loss today over the same range by full revaluation, ≥ 0.
  func fullRevaluation(of set: NettingSet) -> Double {
    let width = RangeTable.steps + 1
    var sums = [Double](repeating: 0, count: width)
    var starts: [Int] = []
    var factors: [Double] = []
    var linear = set.collateral * context.assets[set.underlying].spot * parameters.coinInRange
    for leg in set.legs where supports(instrument: leg.instrument) {
      if let start = revalued.start[leg.instrument] {
        starts.append(start)
        factors.append(leg.effectiveQuantity)
      } else {
        linear += leg.effectiveQuantity * context.terms[leg.instrument].unit
      }
    }
    var span = sums.mutableSpan
    VectorMath.gatherRows(
      revalued.cells.span, rowStarts: starts.span, factors: factors.span, adding: 0, into: &span)
    let today = sums[RangeTable.steps / 2]
    var worst = 0.0
    for step in 0..<width {
      let move = RangeTable.move(step, range: ranges[set.underlying])
      worst = min(worst, sums[step] - today + linear * move)
    }
    return -worst
  }
}

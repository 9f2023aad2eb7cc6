import MarketModel
import PortfolioValuation
package import RiskNumerics

/// What Deribit standard margin counts and requires of one netting set in one state, part by part.
package struct DeribitRequirement: Hashable, Sendable {
  /// Coins and unrealised profit and loss of futures and perpetuals; no option values, no cash.
  package var counted = 0.0
  package var futureInitial = 0.0
  package var futureMaintenance = 0.0
  /// Short options, their marks included.
  package var optionInitial = 0.0
  package var optionMaintenance = 0.0

  package init() {}

  package var initial: Double { futureInitial + optionInitial }
  package var maintenance: Double { futureMaintenance + optionMaintenance }
  package var net: NetMargin {
    NetMargin(initial: counted - initial, maintenance: counted - maintenance)
  }

  /// Adds the requirement of another netting set, part by part.
  package static func += (sum: inout Self, term: Self) {
    sum.counted += term.counted
    sum.futureInitial += term.futureInitial
    sum.futureMaintenance += term.futureMaintenance
    sum.optionInitial += term.optionInitial
    sum.optionMaintenance += term.optionMaintenance
  }

  /// The parts in the order of a report.
  package var components: [MarginComponent] {
    [
      MarginComponent(name: "futures", initial: futureInitial, maintenance: futureMaintenance),
      MarginComponent(name: "short_options", initial: optionInitial, maintenance: optionMaintenance),
    ]
  }
}

/// Deribit standard margin: positions one by one, futures by a rate that grows with their size.
///
/// A coin-settled contract's requirement is a coin figure, here at the coin's spot; a linear one's is the
/// same ratio of its underlying price. Long options need nothing beyond their premium and defend nothing.
/// Listed options are not supported.
package struct DeribitStandardModel: TabulatedModel {
  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package private(set) var lone: [NetMargin] = []
  let parameters: DeribitStandardParameters
  private let futureTerms: [DeribitStandardParameters.FutureTerms]

  /// Prices the options of a context in every state.
  package init(
    name: String, parameters: DeribitStandardParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    futureTerms = context.assets.map { parameters.futureTerms(of: $0.id.text) }
    table = OptionTable(
      of: context, columns: [.unmoved], states: states, settlementWindow: 0, team: team)
    lone = tabulateLone(team: team)
  }

  package func supports(instrument: Int) -> Bool {
    context.instruments[instrument] != nil && !context.isListed[instrument]
  }

  /// Options need margin in proportion; futures and perpetuals more than that.
  package func isHomogeneous(instrument: Int) -> Bool {
    context.instruments[instrument]?.kind == .option
  }

  package func netMargin(of set: NettingSet, multiplier: Double, values: [Double]) -> NetMargin {
    requirement(of: set, multiplier: multiplier, values: values).net
  }

  /// The parts of the requirement in one of the states.
  package func requirement(of set: NettingSet, state: Int) -> DeribitRequirement {
    requirement(
      of: set, multiplier: states[state].spotMultiplier, values: values(of: set, state: state))
  }

  /// The parts of the requirement on a market moved by `multiplier`.
  func requirement(of set: NettingSet, multiplier: Double, values: [Double]) -> DeribitRequirement {
    var part = DeribitRequirement()
    part.counted = set.collateral * context.assets[set.underlying].spot * multiplier
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      guard let instrument = context.instruments[leg.instrument] else { continue }
      if instrument.kind == .option {
        addOption(leg, instrument, multiplier: multiplier, value: values[place], to: &part)
      } else {
        addFuture(leg, instrument, multiplier: multiplier, to: &part)
      }
    }
    return part
  }

  private func addFuture(
    _ leg: Leg, _ future: ResolvedInstrument, multiplier: Double, to part: inout DeribitRequirement
  ) {
    let terms = futureTerms[future.underlying]
    let mark = future.forward * multiplier
    let contracts = abs(leg.rawQuantity) * future.multiplier
    // An inverse contract is sized in its quote asset: at the mark it stands for so many coins.
    let size = future.isInverse ? contracts / mark : contracts
    let notional = size * (future.isInverse ? future.spot * multiplier : mark * future.quoteSpot)
    part.counted += leg.value + leg.effectiveQuantity * future.unit * (multiplier - 1)
    part.futureInitial += (terms.initial + terms.slope * size) * notional
    part.futureMaintenance += (terms.maintenance + terms.slope * size) * notional
  }

  private func addOption(
    _ leg: Leg, _ option: ResolvedInstrument, multiplier: Double, value unit: Double,
    to part: inout DeribitRequirement
  ) {
    guard leg.effectiveQuantity < 0 else { return }
    let units = -leg.effectiveQuantity * option.multiplier
    let value = -leg.effectiveQuantity * unit
    let forward = option.forward * multiplier
    let reference =
      units * (option.isInverse ? option.spot * multiplier : forward * option.quoteSpot)
    let distance = option.isCall ? option.strike - forward : forward - option.strike
    let rate = max(
      parameters.optionMaximum - max(distance, 0) / forward, parameters.optionMinimum)
    let initial = rate * reference + value
    if option.isCall {
      part.optionInitial += initial
      part.optionMaintenance += parameters.callMaintenance * reference + value
    } else {
      let maintenance = parameters.putMaintenance * max(reference, value) + value
      part.optionInitial += max(initial, maintenance)
      part.optionMaintenance += maintenance
    }
  }
}

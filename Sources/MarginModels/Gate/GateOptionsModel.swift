package import MarketModel
import PortfolioValuation
package import RiskNumerics

/// Margin of short options on Gate, position by position.
///
/// With the price U of the underlying at the option's expiry, its mark M and its distance out of the money:
/// a short call needs max(a·U, b·U − OTM) + M to open and m·U + M to keep, a short put the same with a·U and m·U
/// multiplied by 1 + M/U. A long option is paid for and needs nothing; nor does it defend anything.
///
/// Source: Gate help, "options margin" (28364); ratios of the venue's contract list.
package struct GateOptionsModel: RequirementModel {
  package static let modes: [MarginMode] = [.isolated, .cross]

  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package let componentNames = ["short_options"]
  private let low: Double
  private let high: Double
  private let maintenance: Double

  package init(
    name: String, parameters: ModelParameters, context: MarginContext, states: [MarketState], team: ThreadTeam
  ) {
    self.name = name
    self.context = context
    low = parameters["option.initial_low", default: 1]
    high = parameters["option.initial_high", default: 1]
    maintenance = parameters["option.maintenance", default: 1]
    table = OptionTable(
      of: context, columns: [.unmoved], states: states, settlementWindow: 0, team: team)
  }

  package func supports(instrument: Int) -> Bool {
    guard let option = context.instruments[instrument] else { return false }
    return option.kind == .option && !option.isInverse && !context.isListed[instrument]
  }

  package func requirement(of group: GroupOnMarket) -> ModelRequirement {
    var counted = 0.0
    var short = UnitRequirement.zero
    for (set, values) in zip(group.sets, group.values) {
      counted += set.collateral * context.assets[set.underlying].spot * group.multiplier
      for (leg, value) in zip(set.legs, values)
      where leg.effectiveQuantity < 0 && supports(instrument: leg.instrument) {
        guard let option = context.instruments[leg.instrument] else { continue }
        let unit = requirement(of: option, multiplier: group.multiplier, value: value)
        short.initial -= leg.effectiveQuantity * unit.initial
        short.maintenance -= leg.effectiveQuantity * unit.maintenance
      }
    }
    return ModelRequirement(counted: counted, parts: [short])
  }

  /// What one contract sold needs, base currency, given its worth.
  private func requirement(
    of option: ResolvedInstrument, multiplier: Double, value: Double
  ) -> UnitRequirement {
    let forward = option.forward * multiplier
    let scale = option.multiplier * option.quoteSpot
    let underlying = forward * scale
    let outOfTheMoney = max(0, option.isCall ? option.strike - forward : forward - option.strike) * scale
    let base = option.isCall ? underlying : underlying + value
    let initial = max(low * base, high * underlying - outOfTheMoney) + value
    let maintenance = maintenance * base + value
    return UnitRequirement(initial: max(initial, maintenance), maintenance: maintenance)
  }
}

package import MarketModel
import PortfolioValuation
import RiskNumerics

/// Standard margin of short options in a Bybit unified account, option by option.
///
/// With index S, mark M, entry price E and out-of-the-money amount OTM, an option unit sold needs
///
///     maintenance = max(a·S, a·M) + M + f·S
///     initial     = max( max(b·S − OTM, c·S) + max(E, M), maintenance )
///
/// a = 3 %, f = 0.2 % (the fee of a liquidation), b = 15 %, c = 10 %. Long options need nothing and, as the closing
/// price stands in the requirement, no option counts as equity. Source: Bybit help, initial and maintenance margin of
/// options. Futures, perpetuals and listed options are not supported: `tiered-perp` margins the first two.
package struct BybitStandardModel: RequirementModel {
  package static let modes: [MarginMode] = [.cross]

  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package let componentNames = ["short_options"]
  private let parameters: BybitStandardParameters

  init(
    name: String, parameters: BybitStandardParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.context = context
    self.parameters = parameters
    table = OptionTable(of: context, columns: [.unmoved], states: states, settlementWindow: 0, team: team)
  }

  package func supports(instrument: Int) -> Bool {
    !context.isListed[instrument] && context.instruments[instrument]?.kind == .option
  }

  package func requirement(of group: GroupOnMarket) -> ModelRequirement {
    var sum = ModelRequirement(counted: 0, parts: [UnitRequirement.zero])
    for (set, values) in zip(group.sets, group.values) {
      let spot = context.assets[set.underlying].spot * group.multiplier
      sum.counted += countedCoins(of: set, multiplier: group.multiplier, factor: parameters.coinFactor)
      for (leg, value) in zip(set.legs, values)
      where leg.effectiveQuantity < 0 && supports(instrument: leg.instrument) {
        let option = context.terms[leg.instrument]
        let units = -leg.effectiveQuantity * option.units
        // Base value a unit, now and when it was sold.
        let mark = value / option.units
        let entry = leg.entryValue.map { -$0 / units } ?? mark
        let short = short(
          mark: mark, entry: entry, strike: option.strike, isCall: option.isCall, spot: spot)
        sum.parts[0].initial += units * short.initial
        sum.parts[0].maintenance += units * short.maintenance
      }
    }
    return sum
  }

  /// One option unit sold, base currency.
  func short(
    mark: Double, entry: Double, strike: Double, isCall: Bool, spot: Double
  ) -> UnitRequirement {
    let outOfTheMoney = max(isCall ? strike - spot : spot - strike, 0)
    let maintenance = parameters.maintenance * max(spot, mark) + mark + parameters.liquidationFee * spot
    let floor = max(
      parameters.initialMaximum * spot - outOfTheMoney, parameters.initialMinimum * spot)
    return UnitRequirement(initial: max(floor + max(entry, mark), maintenance), maintenance: maintenance)
  }
}

extension ModelDescription {
  static let bybitStandard = ModelDescription(
    name: ModelCatalogue.bybitStandard, modes: BybitStandardModel.modes,
    confidence: "reproduced against the published example",
    source: "help pages of the Bybit exchange, initial and maintenance margin of options",
    parameters: BybitStandardParameters.documented.parameters,
    assumptions: [
      "bybit-sm: options alone; futures and perpetuals are unsupported (see tiered-perp), and so are listed options",
      "bybit-sm: the index is the spot; an option without an entry price was sold at its mark",
      "bybit-sm: coins count with coin.factor of their value, borrowed ones in full; options count nothing as equity",
    ])
}

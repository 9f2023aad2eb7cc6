package import MarketModel
import PortfolioValuation

/// Margin of a dYdX v4 subaccount: linear perpetuals against one quote balance.
///
/// Initial margin rises with the open interest of a market, maintenance never does; both are rounded up to quanta of
/// the quote asset. An account is liquidated where its maintenance margin exceeds its net collateral: at equality it
/// stands, so that a surplus of 0 passes here as well.
package struct DydxMarginModel: RequirementModel {
  package static let modes: [MarginMode] = [.isolated, .cross]

  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package let componentNames = ["positions"]
  private let parameters: DydxParameters
  /// One entry an instrument; nil where it is not margined.
  private let markets: [DydxMarket?]

  package init(name: String, parameters: ModelParameters, context: MarginContext, states: [MarketState]) {
    let parameters = DydxParameters(parameters)
    self.name = name
    self.parameters = parameters
    self.context = context
    table = OptionTable(withoutOptionsOf: context, states: states)
    markets = context.instruments.enumerated().map { place, instrument in
      guard let instrument, instrument.kind == .perpetual, !instrument.isInverse, !context.isListed[place]
      else { return nil }
      return parameters.market(context.assets[instrument.underlying].id.text)
    }
  }

  package func supports(instrument: Int) -> Bool { markets[instrument] != nil }

  package func requirement(of group: GroupOnMarket) -> ModelRequirement {
    var counted = 0.0
    var positions = UnitRequirement.zero
    for set in group.sets {
      counted += countedCoins(of: set, multiplier: group.multiplier, factor: parameters.coinFactor)
      for leg in set.legs {
        guard let market = markets[leg.instrument], let contract = context.instruments[leg.instrument] else {
          continue
        }
        counted += contract.profit(of: leg, multiplier: group.multiplier)
        positions += requirement(of: leg, contract, market, multiplier: group.multiplier)
      }
    }
    return ModelRequirement(counted: counted, parts: [positions])
  }

  private func requirement(
    of leg: Leg, _ contract: ResolvedInstrument, _ market: DydxMarket, multiplier: Double
  ) -> UnitRequirement {
    let (notional, unit) = contract.notional(of: leg, multiplier: multiplier)
    let openInterest = context.openInterest[leg.instrument].map {
      $0 * contract.multiplier * contract.forward * multiplier
    }
    let ppm = market.initialPpm(openInterest: openInterest, chosenPpm: parameters.chosenPpm)
    let maintenance = parameters.roundedUp(notional * market.maintenancePpm / DydxMarket.million) * unit
    let initial = parameters.roundedUp(notional * ppm / DydxMarket.million) * unit
    return UnitRequirement(initial: max(initial, maintenance), maintenance: maintenance)
  }

  /// The share of the net collateral that maintenance takes: liquidated above 1.
  package func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure] {
    let ratio = requirement.equity > 0 ? requirement.maintenance / requirement.equity : nil
    return [ModelMeasure(name: "maintenance_ratio", value: ratio)]
  }
}

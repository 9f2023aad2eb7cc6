package import MarketModel
import PortfolioValuation

/// Margin of perpetuals and futures by brackets of their notional, position by position.
///
/// The same algebra serves Binance, Bybit, Gate and Hyperliquid; a venue is a table of brackets. A linear contract is
/// sized in its quote asset; a coin-margined one in coins, its requirement a coin figure at the coin's spot. A
/// position whose asset has no brackets is unsupported, and so is an option.
package struct TieredMarginModel: RequirementModel {
  package static let modes: [MarginMode] = [.isolated, .cross]

  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package let componentNames = ["positions", "closing_fees"]
  private let parameters: TieredMarginParameters
  /// One entry an instrument; nil where it is not margined.
  private let tiers: [MarginTiers?]

  package init(
    name: String, parameters: ModelParameters, context: MarginContext, states: [MarketState]
  ) {
    let parameters = TieredMarginParameters(parameters)
    self.name = name
    self.parameters = parameters
    self.context = context
    table = OptionTable(withoutOptionsOf: context, states: states)
    tiers = context.instruments.enumerated().map { place, instrument in
      guard let instrument, instrument.kind != .option, !context.isListed[place] else { return nil }
      guard instrument.kind == .perpetual || parameters.marginsDatedFutures else { return nil }
      return parameters.tiers(
        of: context.assets[instrument.underlying].id.text, isInverse: instrument.isInverse)
    }
  }

  package func supports(instrument: Int) -> Bool { tiers[instrument] != nil }

  package func requirement(of group: GroupOnMarket) -> ModelRequirement {
    var counted = 0.0
    var positions = UnitRequirement.zero
    var fees = 0.0
    for set in group.sets {
      counted += countedCoins(of: set, multiplier: group.multiplier, factor: parameters.coinFactor)
      for leg in set.legs {
        guard let tiers = tiers[leg.instrument], let contract = context.instruments[leg.instrument] else {
          continue
        }
        counted += contract.profit(of: leg, multiplier: group.multiplier)
        let size = contract.notional(of: leg, multiplier: group.multiplier)
        let part = tiers.requirement(of: size.notional, leverage: parameters.leverage)
        positions.initial += part.initial * size.unit
        positions.maintenance += part.maintenance * size.unit
        fees += parameters.closingFee * size.notional * size.unit
      }
    }
    return ModelRequirement(
      counted: counted, parts: [positions, UnitRequirement(initial: fees, maintenance: fees)])
  }
}

extension ResolvedInstrument {
  /// Unrealised profit of a future or perpetual, base currency, on a market moved by `multiplier`.
  func profit(of leg: Leg, multiplier: Double) -> Double {
    leg.value + leg.effectiveQuantity * unit * (multiplier - 1)
  }

  /// Size of a future or perpetual in its own unit, and the base value of that unit: the quote asset, or coins for
  /// an inverse contract, which at the mark stands for contracts / mark of them.
  func notional(of leg: Leg, multiplier: Double) -> (notional: Double, unit: Double) {
    let mark = max(forward * multiplier, .leastNormalMagnitude)
    let contracts = abs(leg.rawQuantity) * self.multiplier
    return isInverse ? (contracts / mark, spot * multiplier) : (contracts * mark, quoteSpot)
  }
}

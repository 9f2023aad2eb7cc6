package import MarketModel
import PortfolioValuation

/// Margin of a Drift v2 account: weighted deposits against weighted borrows and perpetuals.
///
/// The surplus is Σ deposits × asset weight − Σ borrows × liability weight − Σ notional × margin ratio + weighted
/// profit. Weights worsen with the size of the balance or position; in initial margin a balance is valued at the
/// worse of spot and average price where one is given.
package struct DriftMarginModel: RequirementModel {
  package static let modes: [MarginMode] = [.cross]

  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package let componentNames = ["positions", "deposits", "borrows"]
  private let parameters: DriftParameters
  /// One entry an instrument; nil where it is not margined.
  private let perpetuals: [DriftPerpetual?]
  /// One entry an asset of the market.
  private let assets: [DriftAsset]

  package init(name: String, parameters: ModelParameters, context: MarginContext, states: [MarketState]) {
    let parameters = DriftParameters(parameters)
    self.name = name
    self.parameters = parameters
    self.context = context
    table = OptionTable(withoutOptionsOf: context, states: states)
    assets = context.assets.map { parameters.asset($0.id.text) }
    perpetuals = context.instruments.enumerated().map { place, instrument in
      guard let instrument, instrument.kind == .perpetual, !instrument.isInverse, !context.isListed[place]
      else { return nil }
      return parameters.perpetual(context.assets[instrument.underlying].id.text)
    }
  }

  package func supports(instrument: Int) -> Bool { perpetuals[instrument] != nil }

  package func requirement(of group: GroupOnMarket) -> ModelRequirement {
    var counted = 0.0
    var parts = [UnitRequirement](repeating: UnitRequirement.zero, count: 3)
    for set in group.sets {
      let price = context.assets[set.underlying].spot * group.multiplier
      counted += set.collateral * price
      let balance = assets[set.underlying].requirement(
        quantity: set.collateral, price: price, strict: parameters.strict)
      parts[set.collateral < 0 ? 2 : 1] += balance
      for leg in set.legs {
        guard let terms = perpetuals[leg.instrument], let contract = context.instruments[leg.instrument]
        else {
          continue
        }
        let profit = contract.profit(of: leg, multiplier: group.multiplier)
        counted += profit
        let (notional, unit) = contract.notional(of: leg, multiplier: group.multiplier)
        parts[0] += terms.requirement(
          units: abs(leg.rawQuantity) * contract.multiplier, notional: notional * unit, profit: profit)
      }
    }
    return ModelRequirement(counted: counted, parts: parts)
  }

  /// USDC and the base currency count in full; other stable assets by their weights.
  package func countedCash(_ balances: [CashBalance]) -> NetMargin {
    var sum = NetMargin.zero
    for balance in balances {
      let terms = balance.asset.map { asset in
        context.assets[asset].id.text == "USDC" ? DriftAsset.quote : assets[asset]
      }
      let price = balance.asset.map { context.assets[$0].spot } ?? 1
      let required = (terms ?? .quote).requirement(
        quantity: balance.value / price, price: price, strict: parameters.strict)
      sum += NetMargin(
        initial: balance.value - required.initial, maintenance: balance.value - required.maintenance)
    }
    return sum
  }
}

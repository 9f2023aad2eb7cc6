import MarketModel
import PortfolioValuation
import RiskNumerics

/// A model over the instruments of a context: what single legs make of it.
package protocol ContextModel: PreparedModel {
  var context: MarginContext { get }
}

extension ContextModel {
  /// A leg as a netting set of its own; nil where it is not supported.
  func lone(_ leg: Leg) -> NettingSet? {
    guard supports(instrument: leg.instrument), let instrument = context.instruments[leg.instrument]
    else { return nil }
    return NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)
  }

  /// What the coins of a set count for on a market moved by `multiplier`: held ones by a factor, borrowed ones in full.
  func countedCoins(of set: NettingSet, multiplier: Double, factor: Double) -> Double {
    let coins = set.collateral * context.assets[set.underlying].spot * multiplier
    return coins > 0 ? coins * factor : coins
  }

  /// Net margins of ±1 contract of each instrument alone, opened at the mark: instrument, sign, state.
  func tabulateLone(team: ThreadTeam) -> [NetMargin] {
    team.map(count: context.instruments.count) { place -> [NetMargin] in
      [1.0, -1.0].flatMap { sign in
        lone(Leg(instrument: place, effectiveQuantity: sign, rawQuantity: sign, value: 0))
          .map { netMargins(of: $0) } ?? [NetMargin](repeating: .zero, count: states.count)
      }
    }.flatMap { $0 }
  }

  /// One leg alone by a table as `tabulateLone` makes it, where the model is homogeneous in its quantity.
  func netMargin(of leg: Leg, tabulated: [NetMargin], state: Int) -> NetMargin {
    guard supports(instrument: leg.instrument), let instrument = context.instruments[leg.instrument]
    else { return .zero }
    let sign = leg.effectiveQuantity < 0 ? 1 : 0
    let unit = tabulated[(leg.instrument * 2 + sign) * states.count + state]
    let size = abs(leg.effectiveQuantity)
    // The table holds a position opened at the mark: a future's or perpetual's open profit comes on top.
    let profit = instrument.kind == .option ? 0 : leg.value
    return NetMargin(
      initial: size * unit.initial + profit, maintenance: size * unit.maintenance + profit)
  }
}

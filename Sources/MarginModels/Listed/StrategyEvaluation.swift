import MarketModel
import PortfolioValuation

/// One class group under strategy-based margin: laid out once, then charged state by state.
struct StrategyEvaluation {
  private let group: [NettingSet]
  private let model: StrategyMarginModel
  private var holdings = StrategyHoldings()
  /// Instruments of the shorts and longs of `holdings`, and units in one contract.
  private var shortTerms: [(instrument: Int, units: Double)] = []
  private var longTerms: [(instrument: Int, units: Double)] = []
  private var groups: StrategyGroups?

  init(_ group: [NettingSet], model: StrategyMarginModel) {
    self.group = group
    self.model = model
    for set in group where model.context.securities[set.underlying].isMargined { enter(set) }
  }

  private mutating func enter(_ set: NettingSet) {
    let context = model.context
    let place = holdings.underlyings.count
    holdings.underlyings.append(set.underlying)
    holdings.terms.append(context.securities[set.underlying])
    holdings.spots.append(context.assets[set.underlying].spot)
    if set.collateral != 0 {
      holdings.stocks.append(
        StrategyStock(underlying: place, units: abs(set.collateral), isLong: set.collateral > 0))
    }
    for leg in set.legs where model.supports(instrument: leg.instrument) && leg.effectiveQuantity != 0 {
      guard let option = context.instruments[leg.instrument] else { continue }
      let isLong = leg.effectiveQuantity > 0
      let entry = StrategyOption(
        underlying: place, units: abs(leg.effectiveQuantity) * option.multiplier,
        strike: option.strike * option.quoteSpot, isCall: option.isCall, seconds: option.secondsToExpiry,
        longRate: isLong ? model.longRate(option) : 0)
      if isLong {
        holdings.longs.append(entry)
        longTerms.append((leg.instrument, option.multiplier))
      } else {
        holdings.shorts.append(entry)
        shortTerms.append((leg.instrument, option.multiplier))
      }
    }
  }

  /// The requirement on a market moved by `multiplier`, given the base value of one contract of an instrument there.
  mutating func requirement(multiplier: Double, unit: (Int) -> Double) -> StrategyRequirement {
    var part = StrategyRequirement()
    for set in group {
      if set.collateral != 0 {
        model.add(collateral: set.collateral, underlying: set.underlying, multiplier: multiplier, to: &part)
      }
      for leg in set.legs where model.supports(instrument: leg.instrument) {
        guard let option = model.context.instruments[leg.instrument] else { continue }
        model.add(leg, option, unit: unit(leg.instrument), multiplier: multiplier, to: &part)
      }
    }
    let prices = StrategyPrices(
      shorts: shortTerms.map { unit($0.instrument) / $0.units },
      longs: longTerms.map { unit($0.instrument) / $0.units }, spots: holdings.spots.map { $0 * multiplier })
    var groups = self.groups ?? StrategyGroups(holdings, parameters: model.parameters, today: prices)
    (part.initialRelief, part.maintenanceRelief) = groups.relief(prices)
    self.groups = groups
    return part
  }
}

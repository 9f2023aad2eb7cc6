import MarketModel
import PortfolioValuation

extension LiquidationEngine {
  /// Σ |cash delta| of positions and coin balances over equity; nil where equity is not positive.
  func leverage(ofAccount account: Int, sets: [NettingSet]) -> Double? {
    let equity = valued.equity[account]
    guard equity > 0 else { return nil }
    var gross = 0.0
    for set in sets {
      gross += abs(set.collateral * context.assets[set.underlying].spot)
      for leg in set.legs { gross += abs(leg.effectiveQuantity * unitCashDelta[leg.instrument]) }
    }
    let leverage = gross / equity
    return leverage.isFinite ? leverage : nil
  }

  /// Spot times delta of one unit of each instrument; 0 where it has none.
  static func unitCashDeltas(_ context: MarginContext) -> [Double] {
    context.instruments.map { resolved in
      guard let resolved, let greeks = InstrumentGreeks(resolved, premium: context.premium(of: resolved))
      else { return 0 }
      return greeks.delta * resolved.spot
    }
  }
}

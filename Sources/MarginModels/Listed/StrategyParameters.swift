import MarketModel

/// Every number of strategy-based margin (Regulation T with the maintenance rules of FINRA 4210 and Cboe).
package struct StrategyParameters: Hashable, Sendable {
  /// Percentages of the underlying's value that an uncovered short needs beside its premium.
  package var equityRate = 0.20
  package var broadRate = 0.15
  /// Least percentage: of the underlying's value for a call, of the strike for a put.
  package var minimumRate = 0.10
  /// Part of a long option's value that is required, up to and beyond nine months.
  package var longRate = 1.0
  package var longDatedRate = 0.75
  /// Years beyond which a long option is long-dated.
  package var longDatedYears = 0.75
  package var stockInitial = 0.50
  package var longStockMaintenance = 0.25
  package var shortStockMaintenance = 0.30
  /// Of the strike: protective options, collars, conversions.
  package var hedgedRate = 0.10
  /// Of the call's strike: the upper bound of a collar.
  package var collarRate = 0.25
  /// Rows × columns up to which the grouping of one class group is exact.
  package var exactSize = 120_000

  package init() {}

  /// The percentage of an uncovered short, its leverage included, at most the whole value.
  func uncoveredRate(of terms: SecurityTerms) -> Double {
    if let own = terms.uncoveredRate { return own }
    let rate =
      terms.securityClass == .broadIndex || terms.securityClass == .highCapIndex ? broadRate : equityRate
    return min(1, rate * terms.leverage)
  }

  /// What an uncovered short option needs beside its premium, per unit of the underlying.
  ///
  /// - Parameters:
  ///   - price: of the underlying.
  ///   - strike: in the same currency.
  func uncovered(isCall: Bool, price: Double, strike: Double, terms: SecurityTerms) -> Double {
    let outOfTheMoney = max(0, isCall ? strike - price : price - strike)
    let least = min(1, minimumRate * terms.leverage) * (isCall ? price : strike)
    return max(uncoveredRate(of: terms) * price - outOfTheMoney, least)
  }

  /// The fraction of a stock position's value that is required.
  func stockRate(isLong: Bool, isInitial: Bool, leverage: Double) -> Double {
    let maintenance = min(1, (isLong ? longStockMaintenance : shortStockMaintenance) * leverage)
    return isInitial ? max(stockInitial, maintenance) : maintenance
  }
}

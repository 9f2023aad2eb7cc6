/// One option position of a class group, in units of its underlying.
struct StrategyOption: Hashable, Sendable {
  /// Place among the underlyings of the group.
  var underlying: Int
  /// Contracts × multiplier, > 0.
  var units: Double
  /// Base currency per unit.
  var strike: Double
  var isCall: Bool
  var seconds: Int64
  /// Part of the value that a long option needs; 0 for a short one.
  var longRate = 0.0
}

/// A stock or fund position of a class group.
struct StrategyStock: Hashable, Sendable {
  var underlying: Int
  /// Shares, > 0.
  var units: Double
  var isLong: Bool
}

/// One class group of an account, sorted into what strategies are made of.
struct StrategyHoldings: Sendable {
  /// Places in the market's `assets`.
  var underlyings: [Int] = []
  var terms: [SecurityTerms] = []
  var shorts: [StrategyOption] = []
  var longs: [StrategyOption] = []
  var stocks: [StrategyStock] = []
  /// Base spot of the underlyings, today.
  var spots: [Double] = []

  /// Units of an option's underlying that one share covers.
  ///
  /// An index is covered by its funds by nominal fraction (0.1 SPX a share of SPY) or by value, whichever is more.
  func cover(of stock: StrategyStock, for option: StrategyOption) -> Double {
    let (share, unit) = (stock.underlying, option.underlying)
    guard share != unit else { return 1 }
    let value = spots[share] / spots[unit]
    let (shareUnits, indexUnits) = (terms[share].units, terms[unit].units)
    return shareUnits > 0 && indexUnits > 0 ? max(value, shareUnits / indexUnits) : value
  }
}

/// Prices of one market state, from which the strategies are charged.
struct StrategyPrices: Sendable {
  /// Base value of one unit's option, in order of the shorts and of the longs.
  var shorts: [Double]
  var longs: [Double]
  /// Base spot of the underlyings.
  var spots: [Double]
}

public import MarketModel

/// European options on an asset with a continuous yield.
///
/// Source: Black and Scholes, Journal of Political Economy 81 (1973); Merton, Bell Journal of Economics 4 (1973).
public enum BlackScholes {
  /// The value of one option.
  ///
  /// - Parameters:
  ///   - type: call or put.
  ///   - spot: price of the underlying, in the quote asset; ≥ 0.
  ///   - strike: in the quote asset; ≥ 0.
  ///   - timeToExpiry: years; ≥ 0. At 0 the value is intrinsic.
  ///   - volatility: annual, as a fraction (0.20 is 20 %); ≥ 0.
  ///   - rate: continuously compounded a year.
  ///   - dividendYield: continuously compounded a year.
  /// - Returns: the value per one unit of the underlying, ≥ 0.
  /// - Throws: `outOfDomain` with the argument that is out; `notRepresentable` where the value overflows.
  /// - Complexity: O(1), one logarithm, two densities, four distribution functions.
  public static func value(
    type: OptionType, spot: Double, strike: Double, timeToExpiry: Double, volatility: Double, rate: Double,
    dividendYield: Double = 0
  ) throws(PricingError) -> Double {
    let value = try formula(type, spot, strike, timeToExpiry, volatility, rate, dividendYield).value
    guard value.isFinite else { throw .notRepresentable(figure: "price") }
    return value
  }

  /// The value and its derivatives; parameters and errors as for `value`.
  ///
  /// At the money with no variance left the delta is one half of the step, gamma and the volatility figures
  /// are zero.
  ///
  /// - Returns: every figure of `OptionGreeks`; on the mpmath reference cases within 8 units of 2^-53 times
  ///   the condition number of each figure.
  public static func greeks(
    type: OptionType, spot: Double, strike: Double, timeToExpiry: Double, volatility: Double, rate: Double,
    dividendYield: Double = 0
  ) throws(PricingError) -> OptionGreeks {
    try formula(type, spot, strike, timeToExpiry, volatility, rate, dividendYield).greeks.checked()
  }

  private static func formula(
    _ type: OptionType, _ spot: Double, _ strike: Double, _ timeToExpiry: Double, _ volatility: Double,
    _ rate: Double, _ dividendYield: Double
  ) throws(PricingError) -> EuropeanFormula {
    try EuropeanFormula(
      type: type, asset: spot, strike: strike, time: timeToExpiry, volatility: volatility, rate: rate,
      yield: dividendYield
    ).checked()
  }
}

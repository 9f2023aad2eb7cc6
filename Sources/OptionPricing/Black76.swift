public import MarketModel

/// European options on a forward.
///
/// Source: Black, "The pricing of commodity contracts", Journal of Financial Economics 3 (1976).
public enum Black76 {
  /// The value of one option.
  ///
  /// - Parameters:
  ///   - type: call or put.
  ///   - forward: price of the underlying for delivery at expiry, in the quote asset; ≥ 0.
  ///   - strike: in the quote asset; ≥ 0.
  ///   - timeToExpiry: years; ≥ 0. At 0 the value is intrinsic.
  ///   - volatility: annual, as a fraction (0.20 is 20 %); ≥ 0. At 0 the value is the discounted intrinsic.
  ///   - rate: continuously compounded a year.
  /// - Returns: the value per one unit of the underlying, ≥ 0 and at least the discounted intrinsic.
  /// - Throws: `outOfDomain` with the argument that is out; `notRepresentable` where the value overflows.
  /// - Complexity: O(1), one logarithm, two densities, four distribution functions.
  public static func value(
    type: OptionType, forward: Double, strike: Double, timeToExpiry: Double, volatility: Double, rate: Double
  ) throws(PricingError) -> Double {
    let value = try formula(type, forward, strike, timeToExpiry, volatility, rate).value
    guard value.isFinite else { throw .notRepresentable(figure: "price") }
    return value
  }

  /// The value and its derivatives with the forward held fixed.
  ///
  /// Parameters and errors as for `value`. At the money with no variance left the delta is one half of the
  /// step, gamma and the volatility figures are zero.
  ///
  /// - Returns: `rho` = −T·V, `rhoQ` nil; on the mpmath reference cases within 8 units of 2^-53 times the
  ///   condition number of each figure.
  public static func greeks(
    type: OptionType, forward: Double, strike: Double, timeToExpiry: Double, volatility: Double, rate: Double
  ) throws(PricingError) -> OptionGreeks {
    try formula(type, forward, strike, timeToExpiry, volatility, rate).greeks.checked()
  }

  private static func formula(
    _ type: OptionType, _ forward: Double, _ strike: Double, _ timeToExpiry: Double, _ volatility: Double,
    _ rate: Double
  ) throws(PricingError) -> EuropeanFormula {
    try EuropeanFormula(
      type: type, asset: forward, strike: strike, time: timeToExpiry, volatility: volatility, rate: rate,
      yield: rate, onForward: true
    ).checked()
  }
}

public import MarketModel
import RiskNumerics

/// What inverting a price gave.
public enum ImpliedVolatilityStatus: String, Sendable, CaseIterable {
  case ok
  /// The price lies below the discounted intrinsic value of the forward.
  case belowIntrinsic = "below_intrinsic"
  /// The price lies above what any volatility gives.
  case aboveMaximum = "above_maximum"
  /// The price is the limit of infinite volatility.
  case atMaximum = "at_maximum"
  /// The price is zero and the option out of the money: volatility zero gives it.
  case zeroVolatility = "zero_vol"
  /// The price is the intrinsic value, to rounding: no time value is left to read a volatility from.
  case noTimeValue = "no_time_value"
}

/// A volatility with the outcome of its search.
public struct ImpliedVolatility: Hashable, Sendable {
  public let status: ImpliedVolatilityStatus
  /// Annual, as a fraction; nil unless `status` is `ok` or `zeroVolatility`.
  public let volatility: Double?

  /// The volatility at which Black-76 gives a price.
  ///
  /// - Parameters:
  ///   - price: discounted, per one unit of the underlying, in the quote asset; ≥ 0.
  ///   - forward: > 0.
  ///   - strike: > 0.
  ///   - timeToExpiry: years; > 0.
  ///   - rate: continuously compounded a year.
  /// - Returns: the volatility, or the reason why no volatility gives this price.
  /// - Throws: `outOfDomain` with the argument that is out.
  /// - Complexity: O(1): commonly 3 to 5 evaluations of the Black formula, at most 100.
  public static func black76(
    type: OptionType, price: Double, forward: Double, strike: Double, timeToExpiry: Double, rate: Double
  ) throws(PricingError) -> ImpliedVolatility {
    try Domain.checkPositive(forward, .forward)
    return try solve(
      type: type, price: price, asset: forward, strike: strike, time: timeToExpiry, rate: rate, yield: rate)
  }

  /// The volatility at which Black–Scholes–Merton gives a price; as `black76` with a spot > 0.
  public static func blackScholes(
    type: OptionType, price: Double, spot: Double, strike: Double, timeToExpiry: Double, rate: Double,
    dividendYield: Double = 0
  ) throws(PricingError) -> ImpliedVolatility {
    try Domain.checkPositive(spot, .spot)
    try Domain.check(dividendYield, .dividendYield)
    return try solve(
      type: type, price: price, asset: spot, strike: strike, time: timeToExpiry, rate: rate,
      yield: dividendYield)
  }

  private init(_ status: ImpliedVolatilityStatus, _ volatility: Double? = nil) {
    self.status = status
    self.volatility = volatility
  }

  /// Settles the boundaries, then hands the out-of-the-money time value to the normalised search.
  private static func solve(
    type: OptionType, price: Double, asset: Double, strike: Double, time: Double, rate: Double,
    yield: Double
  ) throws(PricingError) -> ImpliedVolatility {
    try Domain.checkNotNegative(price, .price)
    try Domain.checkPositive(strike, .strike)
    try Domain.checkPositive(time, .yearsToExpiry)
    try Domain.check(rate, .rate)
    let worth = asset * Elementary.exp(-yield * time)
    let cost = strike * Elementary.exp(-rate * time)
    guard worth > 0, worth.isFinite else { throw .outOfDomain(.rate) }
    guard cost > 0, cost.isFinite else { throw .outOfDomain(.rate) }
    let maximum = type == .call ? worth : cost
    let intrinsic = max(0, type == .call ? worth - cost : cost - worth)
    if price > maximum { return ImpliedVolatility(.aboveMaximum) }
    if price == maximum { return ImpliedVolatility(.atMaximum) }
    if intrinsic == 0, price == 0 { return ImpliedVolatility(.zeroVolatility, 0) }
    // The two discounted legs carry half an ulp each: a time value inside their rounding is none.
    let rounding = rate == 0 && yield == 0 ? 0 : 0x1p-53 * (worth + cost)
    let timeValue = price - intrinsic
    if intrinsic > 0, abs(timeValue) <= rounding { return ImpliedVolatility(.noTimeValue) }
    if timeValue < 0 { return ImpliedVolatility(.belowIntrinsic) }
    let scale = worth.squareRoot() * cost.squareRoot()
    let (x0, _) = BlackTerms.logRatio(asset, strike)
    let x = -abs(x0 + (rate - yield) * time)
    let search = NormalisedBlack(x: x)
    guard
      let deviation = search.deviation(
        value: timeValue / scale, complement: (maximum - price) / scale)
    else { return ImpliedVolatility(timeValue / scale > 0 ? .atMaximum : .noTimeValue) }
    let volatility = deviation / time.squareRoot()
    guard volatility.isFinite else { return ImpliedVolatility(.atMaximum) }
    return ImpliedVolatility(.ok, volatility)
  }
}

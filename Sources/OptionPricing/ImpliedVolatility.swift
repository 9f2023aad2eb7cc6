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
  ///   Within 4 × 2⁻⁵³ × (1 + condition number) of the exact inverse on the mpmath reference cases.
  /// - Complexity: O(1): commonly two Householder steps on ln b (Jäckel, "Let's be rational", 2015), at most 20.
  public static func black76(
    type: OptionType, price: Double, forward: Double, strike: Double, timeToExpiry: Double, rate: Double
  ) throws(PricingError) -> ImpliedVolatility {
    try ImpliedVolatility(
      OptionKernels.impliedVolatility(
        price: price, asset: forward, strike: strike, years: timeToExpiry, rate: rate, yield: rate,
        sign: type.sign), asset: .forward)
  }

  /// The volatility at which Black–Scholes–Merton gives a price; as `black76` with a spot > 0.
  public static func blackScholes(
    type: OptionType, price: Double, spot: Double, strike: Double, timeToExpiry: Double, rate: Double,
    dividendYield: Double = 0
  ) throws(PricingError) -> ImpliedVolatility {
    try ImpliedVolatility(
      OptionKernels.impliedVolatility(
        price: price, asset: spot, strike: strike, years: timeToExpiry, rate: rate, yield: dividendYield,
        sign: type.sign), asset: .spot)
  }

  init(_ status: ImpliedVolatilityStatus, _ volatility: Double? = nil) {
    self.status = status
    self.volatility = volatility
  }

  /// What the kernel found; `asset` is the name of its first argument.
  init(
    _ found: (volatility: Double, outcome: OptionKernels.Outcome), asset: PricingArgument
  ) throws(PricingError) {
    switch found.outcome {
    case .ok: self.init(.ok, found.volatility)
    case .belowIntrinsic: self.init(.belowIntrinsic)
    case .aboveMaximum: self.init(.aboveMaximum)
    case .atMaximum: self.init(.atMaximum)
    case .zeroVolatility: self.init(.zeroVolatility, 0)
    case .noTimeValue: self.init(.noTimeValue)
    case .asset: throw .outOfDomain(asset)
    case .price: throw .outOfDomain(.price)
    case .strike: throw .outOfDomain(.strike)
    case .years: throw .outOfDomain(.yearsToExpiry)
    case .rate: throw .outOfDomain(.rate)
    case .yield: throw .outOfDomain(.dividendYield)
    }
  }
}

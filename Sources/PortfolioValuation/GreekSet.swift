/// The value and sensitivities of a position, netting set or account, for its whole quantity.
///
/// Money is in the base currency. Vega is per 1.00 of volatility, theta per year, rho per 1.00.
public struct GreekSet: Hashable, Sendable {
  /// Worth today.
  public var value = 0.0
  /// Change of value per unit of the underlying's spot, forwards and marks moving with it.
  public var delta = 0.0
  /// Change of delta per unit of spot.
  public var gamma = 0.0
  /// Δ − V/S, the delta of the value counted in coin (also called premium-adjusted).
  public var coinDelta = 0.0
  /// Γ·S − 2(Δ − V/S), the curvature of the value counted in coin.
  public var coinGamma = 0.0
  /// Δ·S.
  public var cashDelta = 0.0
  /// Γ·S²/100, the change of `cashDelta` for one percent of spot.
  public var cashGamma1Percent = 0.0
  public var vega = 0.0
  public var theta = 0.0
  public var rho = 0.0

  /// All zero.
  public init() {}

  /// Adds another set, figure by figure.
  public static func += (sum: inout GreekSet, term: GreekSet) {
    sum.value += term.value
    sum.delta += term.delta
    sum.gamma += term.gamma
    sum.coinDelta += term.coinDelta
    sum.coinGamma += term.coinGamma
    sum.cashDelta += term.cashDelta
    sum.cashGamma1Percent += term.cashGamma1Percent
    sum.vega += term.vega
    sum.theta += term.theta
    sum.rho += term.rho
  }
}

/// The Greeks of one underlying, with those of each expiry below them.
public struct UnderlyingGreeks: Hashable, Sendable {
  /// The Greeks of the positions of one expiry; nil expiry for perpetuals and spot balances.
  public struct ExpiryGreeks: Hashable, Sendable {
    public var expiry: Int64?
    public var greeks: GreekSet

    /// One expiry and its sum.
    public init(expiry: Int64?, greeks: GreekSet) {
      self.expiry = expiry
      self.greeks = greeks
    }
  }

  /// Place of the asset in the market's `assets`.
  public var underlying: Int
  public var greeks: GreekSet
  /// Perpetuals and spot first, then by expiry (seconds since the epoch).
  public var byExpiry: [ExpiryGreeks]

  /// One underlying and its sums.
  public init(underlying: Int, greeks: GreekSet, byExpiry: [ExpiryGreeks]) {
    self.underlying = underlying
    self.greeks = greeks
    self.byExpiry = byExpiry
  }
}

/// The Greeks of an account or of the book.
public struct AggregateGreeks: Hashable, Sendable {
  /// In byte order of the underlyings.
  public var byUnderlying: [UnderlyingGreeks]
  /// Sums over underlyings; unit figures (delta, gamma, coin) mean something for one underlying only.
  public var total: GreekSet

  /// Sums from their parts.
  public init(byUnderlying: [UnderlyingGreeks], total: GreekSet) {
    self.byUnderlying = byUnderlying
    self.total = total
  }
}

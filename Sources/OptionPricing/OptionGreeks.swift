/// The value of one European option on one unit and its partial derivatives, unscaled.
///
/// Vega is per 1.00 of volatility, rho per 1.00 of rate, and every time derivative is per year of calendar
/// time: minus the derivative in the time to expiry.
public struct OptionGreeks: Hashable, Sendable {
  /// V.
  public var price = 0.0
  /// ∂V/∂S, or ∂V/∂F where a forward was given.
  public var delta = 0.0
  /// ∂²V/∂S².
  public var gamma = 0.0
  /// ∂V/∂σ.
  public var vega = 0.0
  /// −∂V/∂T.
  public var theta = 0.0
  /// ∂V/∂r; −T·V where a forward was given, because it is held fixed.
  public var rho = 0.0
  /// ∂V/∂q; nil where a forward was given.
  public var rhoQ: Double?
  /// ∂²V/∂S∂σ.
  public var vanna = 0.0
  /// ∂²V/∂σ².
  public var volga = 0.0
  /// −∂²V/∂S∂T.
  public var charm = 0.0
  /// −∂²V/∂σ∂T.
  public var veta = 0.0
  /// ∂³V/∂S³.
  public var speed = 0.0
  /// ∂³V/∂S²∂σ.
  public var zomma = 0.0
  /// −∂³V/∂S²∂T.
  public var color = 0.0
  /// ∂³V/∂σ³.
  public var ultima = 0.0
  /// ∂V/∂K.
  public var dualDelta = 0.0
  /// ∂²V/∂K².
  public var dualGamma = 0.0

  /// All zero.
  public init() {}

  /// The names of the figures in the order of the `greeks` columns.
  public static let columnNames = [
    "price", "delta", "gamma", "vega", "theta", "rho", "rho_q", "vanna", "volga", "charm", "veta", "speed",
    "zomma", "color", "ultima", "dual_delta", "dual_gamma",
  ]

  /// The figures in the order of `columnNames`; nil where the model has no such figure.
  public var columns: [Double?] {
    [
      price, delta, gamma, vega, theta, rho, rhoQ, vanna, volga, charm, veta, speed, zomma, color, ultima,
      dualDelta, dualGamma,
    ]
  }

  /// Throws for the first figure that is not finite.
  func checked() throws(PricingError) -> OptionGreeks {
    for (name, figure) in zip(Self.columnNames, columns) where figure?.isFinite == false {
      throw .notRepresentable(figure: name)
    }
    return self
  }
}

/// The sensitivities of an option's worth counted in coin, c(S) = V(S)/S.
public struct CoinGreeks: Hashable, Sendable {
  /// S·∂c/∂S = Δ − V/S, in coin; also called premium-adjusted or net transaction delta.
  public let delta: Double
  /// S²·∂²c/∂S² = Γ·S − 2(Δ − V/S), in coin.
  public let gamma: Double

  /// The coin view of a value and its first two derivatives.
  ///
  /// - Parameters:
  ///   - greeks: in the quote asset, per unit of the underlying.
  ///   - spot: quote asset per coin (the forward, where the Greeks are those of a forward); > 0.
  ///   - strike: quote asset. The value is homogeneous in spot and strike, V = S·Δ + K·∂V/∂K, so that
  ///     Δ − V/S = −(K/S)·∂V/∂K, which cancels nothing.
  /// - Throws: `outOfDomain(.spot)` unless the spot is positive and finite.
  public init(of greeks: OptionGreeks, spot: Double, strike: Double) throws(PricingError) {
    let delta = -(strike / spot) * greeks.dualDelta
    try self.init(delta: delta, gamma: greeks.gamma * spot - 2 * delta, spot: spot)
  }

  /// Figures already computed.
  init(delta: Double, gamma: Double, spot: Double) throws(PricingError) {
    guard spot > 0, spot.isFinite else { throw .outOfDomain(.spot) }
    guard delta.isFinite else { throw .notRepresentable(figure: "coin_delta") }
    guard gamma.isFinite else { throw .notRepresentable(figure: "coin_gamma") }
    self.delta = delta
    self.gamma = gamma
  }
}

/// What moves beside spots; empty where nothing does.
///
/// Each list names a market factor at most once.
public struct FactorPlan: Hashable, Sendable {
  public var volatility: [VolatilityFactor]
  public var rates: [RateFactor]
  public var basis: [BasisFactor]

  /// A plan from its factors.
  public init(
    volatility: [VolatilityFactor] = [], rates: [RateFactor] = [], basis: [BasisFactor] = []
  ) {
    self.volatility = volatility
    self.rates = rates
    self.basis = basis
  }

  /// Whether spots alone move.
  public var isEmpty: Bool { volatility.isEmpty && rates.isEmpty && basis.isEmpty }
}

/// The volatility level of one underlying: every implied volatility is multiplied by e^v.
public struct VolatilityFactor: Hashable, Sendable {
  public var underlying: Identifier
  /// Annual volatility of the logarithm of the level; ≥ 0.
  public var volatilityOfVolatility: Double
  /// Correlation of its logarithm with that of the spot; in [−1, 1].
  public var spotCorrelation: Double
  /// How the slope of the smile moves; nil where it does not.
  public var skew: SkewFactor?

  /// A factor from its numbers.
  public init(
    underlying: Identifier, volatilityOfVolatility: Double, spotCorrelation: Double, skew: SkewFactor? = nil
  ) {
    self.underlying = underlying
    self.volatilityOfVolatility = volatilityOfVolatility
    self.spotCorrelation = spotCorrelation
    self.skew = skew
  }
}

/// The slope of an underlying's smile, in volatility per unit of ln(K/F)/√T.
public struct SkewFactor: Hashable, Sendable {
  /// Annual standard deviation of the slope; ≥ 0.
  public var volatility: Double
  /// Correlation of the slope with the logarithm of the spot; in [−1, 1].
  public var spotCorrelation: Double

  /// A factor from its numbers.
  public init(volatility: Double, spotCorrelation: Double) {
    self.volatility = volatility
    self.spotCorrelation = spotCorrelation
  }
}

/// A parallel move of one currency's curve of zero rates, independent of everything else.
public struct RateFactor: Hashable, Sendable {
  public var currency: Identifier
  /// Annual standard deviation of the rate, as a fraction: 0.01 is one hundred basis points; ≥ 0.
  public var volatility: Double

  /// A factor from its numbers.
  public init(currency: Identifier, volatility: Double) {
    self.currency = currency
    self.volatility = volatility
  }
}

/// The annualised basis of one underlying: a forward of T years moves by e^(b·T) beyond the spot, independently.
public struct BasisFactor: Hashable, Sendable {
  public var underlying: Identifier
  /// Annual standard deviation of the annualised basis, as a fraction; ≥ 0.
  public var volatility: Double

  /// A factor from its numbers.
  public init(underlying: Identifier, volatility: Double) {
    self.underlying = underlying
    self.volatility = volatility
  }
}

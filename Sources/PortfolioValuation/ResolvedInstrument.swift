public import MarketModel
public import OptionPricing

/// One instrument with every number that pricing needs, read off the market once.
///
/// **The unit row.** Every contract is valued as `quantity × unit`, where the unit moves with the market:
/// an option's unit is the base value of one contract; a linear future's unit is mark × quote spot ×
/// multiplier; an inverse future's unit is the spot of its underlying × multiplier, and its *effective
/// quantity* is Q/entry coins, because S·Q(1/e − x/m') with mark m' = m·x and spot S·x moves by
/// (Q/e)·S(x − 1). Profit and loss of any position under any scenario is therefore
/// `effectiveQuantity × (unit(scenario) − unit(today))`, for options, futures and perpetuals alike.
public struct ResolvedInstrument: Sendable {
  /// Place in `Book.instruments`.
  public let instrument: Int
  /// Place of the underlying in the market's `assets`.
  public let underlying: Int
  public let kind: InstrumentKind
  public let isInverse: Bool
  public let isCall: Bool
  /// Seconds from as-of to expiry; 0 for a perpetual (see `kind`).
  public package(set) var secondsToExpiry: Int64
  /// ACT/365; 0 for a perpetual.
  public package(set) var timeToExpiry: Double
  /// Base currency per unit of the underlying.
  public package(set) var spot: Double
  /// Base currency per unit of the quote asset.
  public package(set) var quoteSpot: Double
  /// Quote asset per unit of the underlying at expiry: an option's forward; a future's or perpetual's mark.
  public package(set) var forward: Double
  /// Quote asset; 0 unless an option.
  public let strike: Double
  /// Annual, read off the surface; 0 unless an option.
  public package(set) var volatility: Double
  /// Continuously compounded a year, of the settlement currency; 0 unless an option.
  public package(set) var rate: Double
  /// Whether `rate` was read off a curve; without one there is nothing for rho to be sensitive to.
  public let hasRateCurve: Bool
  /// e^(−rate·T); 1 unless an option.
  public package(set) var discount: Double
  /// Base value of one contract = `scale` × undiscounted Black-76 of (forward, strike, volatility, T):
  /// quoteSpot·multiplier·discount, and for a coin-settled option spot/forward in place of quoteSpot.
  public package(set) var scale: Double
  /// Units of the underlying (of the quote asset for an inverse future) in one contract.
  public let multiplier: Double
  /// Whether the forward came from rate and dividend yield rather than from a listed forward.
  public let forwardFollowsCarry: Bool
  /// Dividend yield or coin rate behind such a forward; 0 otherwise.
  public let carryYield: Double
  /// The unit of the unit row, today, in base currency.
  public package(set) var unit: Double
  /// The exchange's own mark of an option in its settlement asset, where given.
  public let optionMark: Double?
  /// Whether it is an option that may be exercised before expiry.
  public package(set) var isAmerican: Bool
  /// The part of `forward` that an average for settlement has fixed already; nil where the market does not say.
  public package(set) var fixedForward: Double?

  /// What the underlying of an American option pays at single instants until expiry; nil where it pays nothing so.
  public package(set) var dividends: [DividendShare]?

  /// An instrument from its resolved numbers.
  public init(
    instrument: Int, underlying: Int, kind: InstrumentKind, isInverse: Bool, isCall: Bool,
    secondsToExpiry: Int64, timeToExpiry: Double, spot: Double, quoteSpot: Double, forward: Double,
    strike: Double, volatility: Double, rate: Double, discount: Double, scale: Double,
    multiplier: Double, forwardFollowsCarry: Bool, carryYield: Double, unit: Double,
    optionMark: Double?, hasRateCurve: Bool = true, isAmerican: Bool = false,
    fixedForward: Double? = nil, dividends: [DividendShare]? = nil
  ) {
    self.instrument = instrument
    self.underlying = underlying
    self.kind = kind
    self.isInverse = isInverse
    self.isCall = isCall
    self.secondsToExpiry = secondsToExpiry
    self.timeToExpiry = timeToExpiry
    self.spot = spot
    self.quoteSpot = quoteSpot
    self.forward = forward
    self.strike = strike
    self.volatility = volatility
    self.rate = rate
    self.hasRateCurve = hasRateCurve
    self.discount = discount
    self.scale = scale
    self.multiplier = multiplier
    self.forwardFollowsCarry = forwardFollowsCarry
    self.carryYield = carryYield
    self.unit = unit
    self.optionMark = optionMark
    self.isAmerican = isAmerican
    self.fixedForward = fixedForward
    self.dividends = dividends
  }

  /// The part of the price at expiry that is not fixed yet, 0 to 1.
  ///
  /// - Parameter window: seconds before expiry over which a settlement price is averaged; 0 where it is not. Where
  ///   the market does not say what the average has fixed, it is in proportion to the time gone by.
  public func openPart(window: Double) -> Double {
    guard kind != .perpetual, window > 0, Double(secondsToExpiry) < window else { return 1 }
    guard let fixedForward, forward > 0 else { return Double(secondsToExpiry) / window }
    return min(max(1 - fixedForward / forward, 0), 1)
  }
}

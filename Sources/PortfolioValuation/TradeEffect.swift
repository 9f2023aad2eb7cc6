import MarketModel

/// What a trade adds to an account: a holding valued as those of a book are, and what it does to cash.
///
/// An option's premium is paid from cash, in the base currency at today's spot even where the venue would take coin;
/// a future or perpetual costs nothing on entry. No fees.
public struct TradeEffect: Hashable, Sendable {
  /// Place in `Book.instruments`.
  public let instrument: Int
  /// In the instrument's own contract unit, signed.
  public let quantity: Double
  /// What multiplies the unit row.
  public let effectiveQuantity: Double
  /// Base value today: an option's worth, what a future or perpetual has gained since it was traded.
  public let value: Double
  /// Change of cash, base currency: minus the premium.
  public let cash: Double

  /// An effect from its numbers.
  public init(instrument: Int, quantity: Double, effectiveQuantity: Double, value: Double, cash: Double) {
    self.instrument = instrument
    self.quantity = quantity
    self.effectiveQuantity = effectiveQuantity
    self.value = value
    self.cash = cash
  }
}

extension ResolvedInstrument {
  /// The effect of trading it.
  ///
  /// - Parameters:
  ///   - quantity: in the contract unit, signed.
  ///   - price: in the quote asset, > 0 (of an option in its settlement asset, ≥ 0); nil is the engine's own mark, at
  ///     which equity stays what it is.
  /// - Returns: nil where a figure is not finite.
  public func trade(quantity: Double, price: Double? = nil) -> TradeEffect? {
    var effective = quantity
    var worth = quantity * unit
    var cash = 0.0
    if kind == .option {
      cash = price.map { -quantity * multiplier * $0 * (isInverse ? spot : quoteSpot) } ?? -worth
    } else {
      let entry = price ?? forward
      if isInverse {
        effective = quantity / entry
        worth = effective * unit * ((forward - entry) / forward)
      } else {
        worth = quantity * multiplier * (forward - entry) * quoteSpot
      }
    }
    guard effective.isFinite, worth.isFinite, cash.isFinite else { return nil }
    return TradeEffect(
      instrument: instrument, quantity: quantity, effectiveQuantity: effective, value: worth, cash: cash)
  }
}

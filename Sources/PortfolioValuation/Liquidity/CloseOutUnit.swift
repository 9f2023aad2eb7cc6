import MarketModel
import OptionPricing

/// What closing out one contract takes on a market as it may have moved.
package struct CloseOutUnit: Hashable, Sendable {
  /// Units of the underlying that a unit of effective quantity is worth trading for: its delta.
  package var delta = 0.0
  /// The same per contract, beside `delta`: what an inverse contract that is traded by itself takes out of it.
  package var contractDelta = 0.0
  /// Base value of one contract that is traded by itself, and the most that closing a long option can cost.
  package var price = 0.0
  /// Base currency that closing an option costs by the spread of its underlying's options, one contract.
  package var spread = 0.0

  /// Nothing to close: what has been settled.
  package init() {}
}

/// What an underlying's depth says of its options.
struct OptionSpread: Hashable, Sendable {
  /// Of the value.
  var value = 0.0
  /// Annual volatility.
  var volatility = 0.0
}

extension ResolvedInstrument {
  /// What closing out takes; nil where a Greek is not a finite number.
  ///
  /// - Parameters:
  ///   - isAlone: whether the contract has a depth of its own, and so leaves the delta of its underlying.
  ///   - spread: of the underlying's options, the move's widening included.
  ///   - premium: what early exercise adds, at this volatility and time.
  func closeOutUnit(
    isAlone: Bool, spread: OptionSpread, premium: ExercisePremium?
  ) -> CloseOutUnit? {
    var unit = CloseOutUnit()
    if kind == .option {
      guard let point = closeOutPoint(premium: premium) else { return nil }
      unit.price = point.value
      if !isAlone {
        unit.delta = point.delta
        unit.spread = spread.value * point.value + spread.volatility * point.vega
      }
    } else if isInverse {
      // A contract is 1/F coins, and what it has gained in coin is sold beside it.
      unit.delta = multiplier
      if isAlone {
        unit.contractDelta = -multiplier / forward
        unit.price = multiplier * spot / forward
      }
    } else {
      unit.price = forward * quoteSpot * multiplier
      if !isAlone { unit.delta = unit.price / spot }
    }
    let isFinite =
      unit.delta.isFinite && unit.contractDelta.isFinite && unit.price.isFinite && unit.spread.isFinite
    return isFinite ? unit : nil
  }

  /// Value, delta and vega of one option, of base value.
  ///
  /// An American option's vega is that of the European one as long as it is not exercised: its spread is an estimate
  /// in any case, and no option has to be solved for it.
  private func closeOutPoint(
    premium: ExercisePremium?
  ) -> (value: Double, delta: Double, vega: Double)? {
    let black: OptionGreeks
    do throws(PricingError) {
      black = try Black76.greeks(
        type: isCall ? .call : .put, forward: forward, strike: strike, timeToExpiry: timeToExpiry,
        volatility: volatility, rate: 0)
    } catch { return nil }
    var value = scale * black.price
    var delta = scale * black.delta * (forward / spot)
    var vega = scale * black.vega
    if isAmerican {
      let price = spot / quoteSpot
      if let premium, timeToExpiry > 0, premium.isExercised(at: price) {
        (delta, vega) = (isCall ? multiplier : -multiplier, 0)
      } else if let premium {
        delta += multiplier * premium.premium(at: price).first
      }
      value = american(value, premium: premium, multiplier: 1)
    }
    return (value, delta, vega)
  }
}

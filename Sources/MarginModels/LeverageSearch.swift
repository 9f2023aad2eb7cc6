import MarketModel
import PortfolioValuation

/// How far the positions of an account can be scaled before a mode's requirement uses up the equity that counts.
///
/// The surplus of a scaled account is concave in the scale wherever requirements are sums and maxima of losses, and
/// linear where a model is homogeneous: then the root is the quotient of two figures, otherwise it is closed in on
/// to the last digits.
struct LeverageSearch {
  let holdings: AccountHoldings
  let model: any ReportableModel
  let mode: MarginMode
  /// Base value today of the option legs, which scaling buys or sells.
  private let premium: Double
  private let context: MarginContext

  /// Largest scale that is looked at.
  private static let limit = 1e12

  init(holdings: AccountHoldings, model: any ReportableModel, mode: MarginMode, context: MarginContext) {
    self.holdings = holdings
    self.model = model
    self.mode = mode
    self.context = context
    var premium = 0.0
    for leg in holdings.legs where context.terms[leg.instrument].isOption { premium += leg.value }
    self.premium = premium
  }

  /// The scales at which equity meets the initial and the maintenance requirement; nil where there is none.
  ///
  /// - Parameter today: the figure at scale 1.
  func scales(today: (equity: Double, initial: Double, maintenance: Double)) -> (
    initial: Double?, maintenance: Double?
  ) {
    let bare = requirement(scale: 0)
    return (
      root(start: bare.equity - bare.initial, one: today.equity - today.initial) { found in
        found.equity - found.initial
      },
      root(start: bare.equity - bare.maintenance, one: today.equity - today.maintenance) { found in
        found.equity - found.maintenance
      }
    )
  }

  private func root(
    start: Double, one: Double, _ surplus: (AccountRequirement) -> Double
  ) -> Double? {
    guard start > 0, one.isFinite else { return nil }
    var (low, lowValue) = one >= 0 ? (1.0, one) : (0.0, start)
    var high = one < start ? start / (start - one) : 2
    guard high <= Self.limit else { return nil }
    var highValue = surplus(requirement(scale: high))
    // Roundings of a few sums at the size of the figures.
    let tolerance = 1e-12 * (abs(start) + abs(high * (start - one)))
    if abs(highValue) <= tolerance { return high }
    if highValue > 0, one < 0 {
      // Below scale 1 a concave surplus lies above its chord: the root is between the guess and 1.
      (low, lowValue, high, highValue) = (high, highValue, 1, one)
    }
    while highValue > 0 {
      (low, lowValue) = (high, highValue)
      high *= 4
      guard high <= Self.limit else { return nil }
      highValue = surplus(requirement(scale: high))
    }
    return close(low, lowValue, high, highValue, tolerance, surplus)
  }

  /// Illinois' false position: the bracket shrinks from both ends.
  private func close(
    _ left: Double, _ leftValue: Double, _ right: Double, _ rightValue: Double, _ tolerance: Double,
    _ surplus: (AccountRequirement) -> Double
  ) -> Double? {
    var (low, lowValue, high, highValue) = (left, leftValue, right, rightValue)
    for _ in 0..<100 {
      guard high - low > 1e-13 * high, lowValue > highValue else { break }
      let guess = low + (high - low) * (lowValue / (lowValue - highValue))
      let next = guess > low && guess < high ? guess : low + (high - low) / 2
      let value = surplus(requirement(scale: next))
      guard value.isFinite else { return nil }
      if abs(value) <= tolerance { return next }
      if value > 0 {
        (low, lowValue) = (next, value)
        highValue /= 2
      } else {
        (high, highValue) = (next, value)
        lowValue /= 2
      }
    }
    return low
  }

  /// What the mode asks of the account with its positions scaled.
  private func requirement(scale: Double) -> AccountRequirement {
    let scaled = holdings.scaled(scale, premium: premium, context: context)
    return model.requirement(of: scaled.seen(in: mode), mode: mode)
  }
}

extension AccountHoldings {
  /// The account with every position scaled at today's marks.
  ///
  /// - Parameter premium: base value of the option legs.
  fileprivate func scaled(_ scale: Double, premium: Double, context: MarginContext) -> AccountHoldings {
    let cash = cash - (scale - 1) * premium
    guard scale != 0 else {
      let bare = sets.map { NettingSet(underlying: $0.underlying, legs: [], collateral: $0.collateral) }
      return AccountHoldings(legs: [], sets: bare, cash: cash)
    }
    let larger = { (leg: Leg) in
      leg.scaled(scale, isOption: context.terms[leg.instrument].isOption)
    }
    return AccountHoldings(
      legs: legs.map(larger),
      sets: sets.map {
        NettingSet(
          underlying: $0.underlying, legs: $0.legs.map(larger), collateral: $0.collateral,
          separate: $0.separate.map(larger))
      }, cash: cash)
  }
}

extension Leg {
  /// The leg at another size; the open profit of a future stays what it is.
  fileprivate func scaled(_ scale: Double, isOption: Bool) -> Leg {
    Leg(
      instrument: instrument, effectiveQuantity: effectiveQuantity * scale,
      rawQuantity: rawQuantity * scale, value: isOption ? value * scale : value)
  }
}

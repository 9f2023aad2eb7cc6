import MarketModel
import PortfolioValuation
import RiskNumerics

/// The contracts of a book at the end of a horizon on an unmoved market, and those that are cash by then.
///
/// Forwards and volatilities stay with their contracts, options have the horizon less to run and are discounted
/// by that much less. The simulation of value at risk ages a book in the same way.
struct AgedMarket: Sendable {
  let context: MarginContext
  /// Whose spot settles an option that expires inside the horizon.
  enum Settlement: Sendable {
    case now
    /// Place among the readings of the paths.
    case reading(Int)
    case horizon
  }

  /// One entry an instrument; nil for what outlives the horizon.
  let settlement: [Settlement?]

  init(_ context: MarginContext, paths: SpotPaths) {
    let horizon = paths.horizonDays * 86_400
    let seconds = Int64(exactly: horizon.rounded()) ?? 0
    let years = horizon / 31_536_000
    var settlement = [Settlement?](repeating: nil, count: context.instruments.count)
    var aged = context.instruments
    for (place, instrument) in context.instruments.enumerated() {
      guard let instrument, instrument.kind == .option else { continue }
      let left = Double(instrument.secondsToExpiry) - horizon
      guard left > 0 else {
        let expiry = Double(instrument.secondsToExpiry)
        let reading = paths.readingSeconds.firstIndex { $0 >= expiry }
        settlement[place] = expiry <= 0 ? .now : reading.map { .reading($0) } ?? .horizon
        aged[place] = nil
        continue
      }
      aged[place] = instrument.aged(
        secondsToExpiry: max(0, instrument.secondsToExpiry - seconds), years: left / 31_536_000,
        growth: Elementary.exp(instrument.rate * years))
    }
    self.settlement = settlement
    self.context = MarginContext(
      instruments: aged, isListed: context.isListed, assets: context.assets, securities: context.securities,
      hasContracts: context.hasContracts, spotConfidence: context.spotConfidence,
      feedConfidence: context.feedConfidence,
      stablePrice: context.stablePrice)
  }
}

extension ResolvedInstrument {
  /// The same option with less time to run; `growth` undoes the discount of the time gone by.
  fileprivate func aged(secondsToExpiry: Int64, years: Double, growth: Double) -> ResolvedInstrument {
    var aged = self
    aged.secondsToExpiry = secondsToExpiry
    aged.timeToExpiry = years
    aged.discount = discount * growth
    aged.scale = scale * growth
    // What an average has fixed today says nothing of a later instant.
    aged.fixedForward = nil
    return aged
  }

  /// What one contract of an option pays, base currency, valued at the horizon.
  ///
  /// A payoff in coin is kept in coin, so its worth moves on with the spot.
  func payment(settled: Double, end: Double) -> Double {
    let start = spot / quoteSpot
    let final = start * settled
    let worth = isInverse ? spot * end / final : quoteSpot
    return multiplier * max(0, (isCall ? 1.0 : -1.0) * (final - strike)) * worth
  }
}

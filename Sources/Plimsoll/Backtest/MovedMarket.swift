import MarketModel
import RiskNumerics

/// A market on which every asset has moved by a factor, and time by some seconds.
struct MovedMarket {
  let market: MarketSnapshot
  /// One an asset of the market; > 0.
  let factors: [Double]
  let instruments: [Instrument]

  /// The smiles in moneyness, at the same instant, without the quoted correlation, which is of today.
  func carried() -> MarketSnapshot {
    snapshot(
      asOf: market.asOf,
      volatility: market.volatility.map { $0.moved(spot: factor($0.underlying), volatility: 1) })
  }

  /// Every volatility with its strike, at a later instant; nil where the calendar ends before.
  func later(by seconds: Int64) -> MarketSnapshot? {
    guard let asOf = Instant(secondsSinceEpoch: market.asOf.secondsSinceEpoch + seconds) else { return nil }
    let slices = market.volatility.compactMap { slice -> VolatilitySlice? in
      guard slice.expiry > asOf else { return nil }
      guard case .svi(let smile) = slice.shape else { return slice }
      // Total variance of the same volatility over the time that is left, at the same strike.
      let left = asOf.years(to: slice.expiry) / market.asOf.years(to: slice.expiry)
      return VolatilitySlice(
        underlying: slice.underlying, expiry: slice.expiry,
        shape: .svi(
          SVIParameters(
            a: smile.a * left, b: smile.b * left, rho: smile.rho,
            m: smile.m - Elementary.log(factor(slice.underlying)), sigma: smile.sigma)))
    }
    return snapshot(asOf: asOf, volatility: slices)
  }

  private func factor(_ id: Identifier) -> Double { market.assetIndex(of: id).map { factors[$0] } ?? 1 }

  private func snapshot(asOf: Instant, volatility: [VolatilitySlice]) -> MarketSnapshot {
    MarketSnapshot(
      asOf: asOf, baseCurrency: market.baseCurrency,
      assets: market.assets.map { Asset(id: $0.id, spot: $0.spot * factor($0.id), isStable: $0.isStable) },
      rates: market.rates,
      forwards: market.forwards.filter { $0.expiry > asOf }.map {
        ForwardQuote(underlying: $0.underlying, expiry: $0.expiry, price: $0.price * factor($0.underlying))
      },
      dividends: market.dividends, volatility: volatility,
      marks: market.marks.compactMap { mark in
        guard let place = instruments.place(of: mark.instrument, by: \.id) else { return nil }
        let instrument = instruments[place]
        guard instrument.kind != .option else { return nil }
        return Mark(
          instrument: mark.instrument, price: mark.price * factor(instrument.underlying),
          fundingRate8h: mark.fundingRate8h, openInterest: mark.openInterest)
      }, correlation: nil, confidences: market.confidences)
  }
}

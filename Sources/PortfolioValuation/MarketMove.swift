public import MarketModel
import RiskNumerics

/// A move of a whole market, asset by asset, at once.
///
/// Spots move in the base currency. Forwards and marks of an underlying go with its spot, in the quote asset, and beyond
/// it by `basis`; volatilities stay with their strikes and move by `volatility` and `skew`. As time passes options age,
/// forwards that follow rate and yield shrink towards the spot and listed ones stay; what expires on the way is settled
/// on the moved spot. A shift of rates moves what was read off a curve.
public struct MarketMove: Hashable, Sendable {
  /// What one asset does.
  public struct AssetMove: Hashable, Sendable {
    /// Relative, of its price in the base currency; > -1.
    public var spot = 0.0
    /// Relative; ≥ -1.
    public var volatility = 0.0
    /// Volatilities times 1 + skew·ln(K/F), K/F of today, not below 0.
    public var skew = 0.0
    /// Relative move of forwards and marks beyond the spot's; > -1.
    public var basis = 0.0

    /// Stands still.
    public init() {}
  }

  /// One entry an asset of the market.
  public var assets: [AssetMove]
  /// Parallel shift of rates, continuously compounded a year.
  public var rates = 0.0
  /// Days of 24 hours that pass; ≥ 0.
  public var days = 0.0
  /// What perpetuals pay, on today's marks.
  public var funding: FundingSpike?

  /// A market that stands still.
  public init(assetCount: Int) {
    assets = [AssetMove](repeating: AssetMove(), count: max(0, assetCount))
  }
}

/// What a move of the market does to one instrument.
package struct InstrumentMove: Hashable, Sendable {
  /// Relative, of the underlying in the base currency.
  package var spot: Double
  /// Relative, of the quote asset in the base currency.
  package var quote: Double
  /// Relative move of forward or mark beyond what the two spots do to it.
  package var beyond = 0.0
  /// That part of it which the stress asked for as basis.
  package var basis: Double
  /// Annual, afterwards; 0 unless an option.
  package var volatility: Double
  /// Years to expiry afterwards.
  package var years: Double
  /// Shift of the rate; 0 where no curve stands behind it.
  package var rate: Double
  /// Discount factor afterwards over that of today.
  package var discounting = 1.0

  /// The move of an instrument.
  ///
  /// - Parameter quote: place of its quote asset in the market's assets; nil for the base currency.
  package init(_ instrument: ResolvedInstrument, by move: MarketMove, quote: Int?) {
    let still = MarketMove.AssetMove()
    let asset =
      move.assets.indices.contains(instrument.underlying) ? move.assets[instrument.underlying] : still
    spot = asset.spot
    basis = asset.basis
    self.quote = quote.flatMap { move.assets.indices.contains($0) ? move.assets[$0].spot : nil } ?? 0
    volatility = instrument.volatility
    years = instrument.timeToExpiry
    rate = instrument.hasRateCurve ? move.rates : 0
    let isDated = instrument.kind != .perpetual
    let isSettled = isDated && move.days > 0 && move.days * 86_400 >= Double(instrument.secondsToExpiry)
    if isSettled {
      years = 0
      basis = 0
      beyond = instrument.spot / (instrument.forward * instrument.quoteSpot) - 1
    } else {
      if isDated, move.days > 0 { years = max(0, instrument.timeToExpiry - move.days / 365) }
      beyond = asset.basis
      let carried = Self.carried(instrument, years: years, shift: rate)
      if carried != 1 { beyond = (1 + beyond) * carried - 1 }
    }
    guard instrument.kind == .option else { return }
    let factor = asset.skew == 0 ? 1 : max(0, 1 + asset.skew * Self.moneyness(instrument))
    volatility = instrument.volatility * (1 + asset.volatility) * factor
    if years != instrument.timeToExpiry || rate != 0 {
      discounting = Elementary.exp(
        instrument.rate * instrument.timeToExpiry - (instrument.rate + rate) * years)
    }
  }

  private static func moneyness(_ option: ResolvedInstrument) -> Double {
    Elementary.log(option.strike / option.forward)
  }

  /// What time and rates do to a forward S·e^(carry·T) with the spot fixed.
  private static func carried(_ instrument: ResolvedInstrument, years: Double, shift: Double) -> Double {
    let whole = instrument.timeToExpiry
    guard instrument.forwardFollowsCarry, whole > 0, years != whole || shift != 0 else { return 1 }
    let carry = Elementary.log(instrument.forward * instrument.quoteSpot / instrument.spot) / whole
    return Elementary.exp(shift * years - carry * (whole - years))
  }
}

extension ResolvedInstrument {
  /// The instrument on the moved market; an option's unit is left as it was, for the kernel to fill.
  func moved(by move: InstrumentMove) -> ResolvedInstrument {
    let perQuote = 1 + move.quote
    var price = forward * (1 + move.spot)
    if move.quote != 0 { price /= perQuote }
    if move.beyond != 0 { price *= 1 + move.beyond }
    var perPoint = scale
    if move.quote != 0 { perPoint *= perQuote }
    if move.beyond != 0, isInverse { perPoint /= 1 + move.beyond }
    if move.discounting != 1 { perPoint *= move.discounting }
    var moved = self
    moved.timeToExpiry = move.years
    moved.spot = spot * (1 + move.spot)
    moved.quoteSpot = quoteSpot * perQuote
    moved.forward = price
    moved.volatility = move.volatility
    moved.rate = rate + move.rate
    moved.discount = discount * move.discounting
    moved.scale = perPoint
    moved.fixedForward = fixedForward.map { $0 / forward * price }
    return moved
  }
}

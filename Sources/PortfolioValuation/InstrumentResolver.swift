import MarketModel
import OptionPricing
import RiskNumerics

/// Why an instrument has no value in this market.
struct Unresolved: Error {
  let reason: FailureReason
  let message: String

  static func missing(_ message: String) -> Unresolved { Unresolved(reason: .missing, message: message) }
  static func unsupported(_ message: String) -> Unresolved {
    Unresolved(reason: .unsupported, message: message)
  }
  static func invalid(_ message: String) -> Unresolved { Unresolved(reason: .invalid, message: message) }
}

/// Reads off the market what one instrument needs.
struct InstrumentResolver {
  var terms: MarketTerms
  private var market: MarketSnapshot { terms.market }

  init(_ market: MarketSnapshot) { terms = MarketTerms(market) }

  /// An instrument with its numbers; the unit of an option is left at 0 for the kernel to fill.
  mutating func resolve(_ instrument: Instrument, at place: Int) throws(Unresolved) -> ResolvedInstrument {
    let id = instrument.id
    guard instrument.exercise == .european || !instrument.isInverse else {
      throw .unsupported("\(id): American exercise of a coin-settled option is not built")
    }
    guard let underlying = market.assetIndex(of: instrument.underlying) else {
      throw .missing("\(id): the market has no asset \(instrument.underlying)")
    }
    guard market.isCash(instrument.quoteAsset), let quoteSpot = market.spot(of: instrument.quoteAsset) else {
      throw .unsupported(
        "\(id): the quote asset \(instrument.quoteAsset) is neither base currency nor stable")
    }
    let payAsset = instrument.isInverse ? instrument.underlying : instrument.quoteAsset
    guard instrument.settlementAsset == payAsset else {
      throw .unsupported("\(id): settlement in \(instrument.settlementAsset), expected \(payAsset)")
    }
    let spot = market.assets[underlying].spot
    var seconds: Int64 = 0
    if let expiry = instrument.expiry {
      seconds = market.asOf.seconds(to: expiry)
      guard seconds >= 0 else { throw .invalid("\(id): expired before the as-of instant") }
    } else if instrument.kind != .perpetual {
      throw .invalid("\(id): no expiry")
    }
    let frame = Frame(
      place: place, underlying: underlying, seconds: seconds,
      time: Double(seconds) / Instant.secondsPerYear, spot: spot, quoteSpot: quoteSpot)
    return instrument.kind == .option
      ? try option(instrument, frame) : try future(instrument, frame)
  }

  /// What both kinds share.
  private struct Frame {
    let place: Int
    let underlying: Int
    let seconds: Int64
    let time: Double
    let spot: Double
    let quoteSpot: Double
    var spotInQuote: Double { spot / quoteSpot }
  }

  /// Where a forward came from when none is listed.
  private struct Carry {
    let yield: Double
    let isRateFromCurve: Bool
  }

  /// A future or perpetual: mark, else forward, else spot.
  private mutating func future(
    _ instrument: Instrument, _ frame: Frame
  ) throws(Unresolved) -> ResolvedInstrument {
    let price: Double
    var carry: Carry?
    if let mark = terms.mark(of: instrument.id) {
      price = mark
    } else if instrument.kind == .future {
      (price, carry) = try forward(instrument, frame)
      terms.note("marks: \(instrument.id) has none; its forward is used")
    } else {
      price = frame.spotInQuote
      terms.note("marks: \(instrument.id) has none; the spot is used")
    }
    guard price.isFinite, price > 0 else { throw .invalid("\(instrument.id): mark \(price), expected > 0") }
    let unit = instrument.isInverse ? frame.spot : price * frame.quoteSpot
    return resolved(
      instrument, frame, forward: price, volatility: 0, rate: 0, discount: 1, scale: 0, follows: carry,
      unit: unit * instrument.multiplier, hasRateCurve: carry?.isRateFromCurve ?? false)
  }

  /// An option: forward, volatility and discount.
  private mutating func option(
    _ instrument: Instrument, _ frame: Frame
  ) throws(Unresolved) -> ResolvedInstrument {
    let id = instrument.id
    guard let strike = instrument.strike, strike > 0, instrument.optionType != nil else {
      throw .invalid("\(id): an option needs a positive strike and a type")
    }
    let (price, follows) = try forward(instrument, frame)
    guard price.isFinite, price > 0 else { throw .invalid("\(id): forward \(price), expected > 0") }
    let dividends = try dividends(instrument, frame)
    let settlement = instrument.settlementAsset
    guard
      let rate = terms.rate(of: settlement, years: frame.time, isListed: instrument.isListed)
    else { throw .missing("\(id): no rate curve for \(settlement)") }
    var volatility = 0.0
    if frame.seconds > 0, !terms.hasVolatility(instrument.underlying), let mark = terms.mark(of: id),
      instrument.isListed
    {
      let yield = follows?.yield ?? rate.rate - Elementary.log(price / frame.spotInQuote) / frame.time
      volatility = try MarkVolatility(
        id: id, isCall: instrument.optionType == .call, isAmerican: instrument.exercise == .american,
        spot: frame.spotInQuote, strike: strike, years: frame.time, rate: rate.rate, yield: yield,
        dividends: dividends
      ).volatility(of: mark)
      terms.note("volatility: \(instrument.underlying) has none; that of each listed option is its mark's")
    } else if frame.seconds > 0 {
      guard terms.hasVolatility(instrument.underlying) else {
        throw .missing("\(id): no volatility for \(instrument.underlying)")
      }
      let surface = try surface(instrument, frame)
      do throws(PricingError) {
        volatility = try surface.volatility(strike: strike, forward: price, years: frame.time)
      } catch {
        throw .invalid("\(id): the volatility surface gives no volatility at strike \(strike)")
      }
    }
    let perPoint = instrument.isInverse ? frame.spot / price : frame.quoteSpot
    return resolved(
      instrument, frame, forward: price, volatility: volatility, rate: rate.rate, discount: rate.discount,
      scale: perPoint * instrument.multiplier * rate.discount, follows: follows, unit: 0,
      mark: terms.mark(of: id), hasRateCurve: follows?.isRateFromCurve ?? rate.isFromCurve,
      dividends: dividends)
  }

  /// The forward of a contract; `follows` is set where it came from rates instead of a listed forward.
  private mutating func forward(
    _ instrument: Instrument, _ frame: Frame
  ) throws(Unresolved) -> (price: Double, follows: Carry?) {
    let underlying = instrument.underlying
    if terms.hasForward(underlying) {
      let curve = terms.forwardCurve(
        of: underlying, quote: instrument.quoteAsset, spot: frame.spotInQuote)
      return (curve.forward(years: frame.time), nil)
    }
    guard
      let rate = terms.rate(of: instrument.quoteAsset, years: frame.time, isListed: instrument.isListed)
    else { throw .missing("\(instrument.id): no rate curve for \(instrument.quoteAsset)") }
    var yield = terms.yield(of: underlying, years: frame.time)
    if terms.paysAtDates(underlying), frame.time > 0 {
      terms.note("forwards: \(underlying) has none; F = S·e^((r−q)T) less what it pays until T")
      let shares = try carriedShares(instrument, frame, years: frame.time)
      // Spread over the life: the yield that gives the same forward.
      for share in shares { yield -= Elementary.log(1 - share.share) / frame.time }
    } else {
      terms.note("forwards: \(underlying) has none; F = S·e^((r−q)T)")
    }
    let price = frame.spotInQuote * Elementary.exp((rate.rate - yield) * frame.time)
    return (price, Carry(yield: yield, isRateFromCurve: rate.isFromCurve))
  }

  /// What the underlying pays until a time, from rates and yield.
  private mutating func carriedShares(
    _ instrument: Instrument, _ frame: Frame, years: Double
  ) throws(Unresolved) -> [DividendShare] {
    var copy = terms
    let (underlying, quote, isListed) = (instrument.underlying, instrument.quoteAsset, instrument.isListed)
    let shares = terms.shares(of: underlying, years: years, isListed: false) {
      copy.grown(frame.spotInQuote, of: underlying, in: quote, years: $0, isListed: isListed)
    }
    guard let shares else { throw .invalid("\(instrument.id): \(underlying) pays more than it is worth") }
    return shares
  }

  /// What the underlying of an American option pays until expiry; nil for any other contract and where it pays nothing.
  private mutating func dividends(
    _ instrument: Instrument, _ frame: Frame
  ) throws(Unresolved) -> [DividendShare]? {
    let underlying = instrument.underlying
    guard instrument.exercise == .american, frame.time > 0, terms.paysAtDates(underlying) else { return nil }
    let shares: [DividendShare]
    if terms.hasForward(underlying) {
      let curve = terms.forwardCurve(
        of: underlying, quote: instrument.quoteAsset, spot: frame.spotInQuote)
      let listed = terms.shares(of: underlying, years: frame.time, isListed: true) {
        curve.forward(years: $0)
      }
      guard let listed else { throw .invalid("\(instrument.id): \(underlying) pays more than it is worth") }
      shares = listed
    } else {
      shares = try carriedShares(instrument, frame, years: frame.time)
    }
    guard !shares.isEmpty else { return nil }
    terms.note(
      "dividends: each cash payment of \(underlying) is taken as the share of the forward that it is, so that it moves "
        + "with the spot")
    return shares
  }

  /// The surface, its moneyness measured against the same rule of forwards.
  private mutating func surface(
    _ instrument: Instrument, _ frame: Frame
  ) throws(Unresolved) -> VolatilitySurface {
    let underlying = instrument.underlying
    let quote = instrument.quoteAsset
    let spot = frame.spotInQuote
    if terms.hasForward(underlying) {
      let curve = terms.forwardCurve(of: underlying, quote: quote, spot: spot)
      return terms.surface(of: underlying, quote: quote) { curve.forward(years: $0) }
    }
    var copy = terms
    let isListed = instrument.isListed
    return terms.surface(of: underlying, quote: quote) { time in
      let forward = copy.grown(spot, of: underlying, in: quote, years: time, isListed: isListed)
      guard copy.paysAtDates(underlying) else { return forward }
      let fixed = copy
      let shares = fixed.shares(of: underlying, years: time, isListed: false) {
        copy.grown(spot, of: underlying, in: quote, years: $0, isListed: isListed)
      }
      return (shares ?? []).reduce(forward) { $0 * (1 - $1.share) }
    }
  }

  /// The surface behind an option's volatility; nil where the market quotes none for its underlying.
  mutating func surface(of instrument: Instrument, resolved option: ResolvedInstrument) -> VolatilitySurface?
  {
    guard option.kind == .option, terms.hasVolatility(instrument.underlying) else { return nil }
    let frame = Frame(
      place: option.instrument, underlying: option.underlying, seconds: option.secondsToExpiry,
      time: option.timeToExpiry, spot: option.spot, quoteSpot: option.quoteSpot)
    do throws(Unresolved) { return try surface(instrument, frame) } catch { return nil }
  }

  private func resolved(
    _ instrument: Instrument, _ frame: Frame, forward: Double, volatility: Double, rate: Double,
    discount: Double, scale: Double, follows: Carry?, unit: Double, mark: Double? = nil,
    hasRateCurve: Bool = false, dividends: [DividendShare]? = nil
  ) -> ResolvedInstrument {
    ResolvedInstrument(
      instrument: frame.place, underlying: frame.underlying, kind: instrument.kind,
      isInverse: instrument.isInverse, isCall: instrument.optionType == .call,
      secondsToExpiry: frame.seconds, timeToExpiry: frame.time, spot: frame.spot,
      quoteSpot: frame.quoteSpot, forward: forward, strike: instrument.strike ?? 0,
      volatility: volatility, rate: rate, discount: discount, scale: scale,
      multiplier: instrument.multiplier, forwardFollowsCarry: follows != nil, carryYield: follows?.yield ?? 0,
      unit: unit, optionMark: mark, hasRateCurve: hasRateCurve,
      isAmerican: instrument.kind == .option && instrument.exercise == .american,
      fixedForward: instrument.expiry.flatMap { terms.fixedForward(of: instrument.underlying, at: $0) },
      dividends: dividends)
  }
}

import MarketModel
import OptionPricing
import RiskNumerics

/// The curves of a market, built once and looked up by asset.
///
/// Every rule by which a missing quote is replaced stands here, and every use of one is written down.
struct MarketTerms {
  let market: MarketSnapshot
  private let curves: [Identifier: DiscountCurve]
  private let forwards: [Identifier: [ForwardQuote]]
  private let slices: [Identifier: [VolatilitySlice]]
  private let yields: [Identifier: Double]
  private let payments: [Identifier: [DividendPayment]]
  private let marks: [Identifier: Mark]
  private var surfaces: [Pair: VolatilitySurface] = [:]
  private var forwardCurves: [Pair: ForwardCurve] = [:]
  private(set) var assumptions = AssumptionList()

  /// An underlying and the asset it is quoted in.
  private struct Pair: Hashable {
    let underlying: Identifier
    let quote: Identifier
  }

  /// A rate with where it came from.
  struct Rate {
    let rate: Double
    let discount: Double
    var isFromCurve = true
  }

  init(_ market: MarketSnapshot) {
    self.market = market
    curves = Dictionary(
      market.rates.map { ($0.currency, DiscountCurve($0)) }, uniquingKeysWith: { first, _ in first })
    forwards = Dictionary(grouping: market.forwards, by: \.underlying)
    slices = Dictionary(grouping: market.volatility, by: \.underlying)
    yields = Dictionary(
      market.dividends.map { ($0.underlying, $0.rate) }, uniquingKeysWith: { first, _ in first })
    payments = Dictionary(
      market.dividends.filter { !$0.payments.isEmpty }.map { ($0.underlying, $0.payments) },
      uniquingKeysWith: { first, _ in first })
    marks = Dictionary(market.marks.map { ($0.instrument, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The mark of an instrument, where quoted.
  func mark(of instrument: Identifier) -> Double? { marks[instrument]?.price }

  /// Whether any volatility of an underlying lies ahead of the as-of instant.
  func hasVolatility(_ underlying: Identifier) -> Bool {
    slices[underlying]?.contains { $0.expiry > market.asOf } ?? false
  }

  /// Whether any forward of an underlying lies ahead of the as-of instant.
  func hasForward(_ underlying: Identifier) -> Bool {
    forwards[underlying]?.contains { $0.expiry > market.asOf } ?? false
  }

  /// The rate and discount factor of an asset to a time; nil for a listed contract without a curve.
  ///
  /// Own curve; else, for the base currency and stable assets, the base currency's; else 0 for crypto names.
  mutating func rate(of asset: Identifier, years: Double, isListed: Bool) -> Rate? {
    if let curve = curves[asset] {
      return Rate(rate: curve.rate(years: years), discount: curve.discount(years: years))
    }
    if market.isCash(asset), let curve = curves[market.baseCurrency] {
      assumptions.note("rates: \(asset) has no curve; that of \(market.baseCurrency) is used")
      return Rate(rate: curve.rate(years: years), discount: curve.discount(years: years))
    }
    guard !isListed else { return nil }
    assumptions.note("rates: \(asset) has no curve; its rate is taken as 0, and so is rho")
    return Rate(rate: 0, discount: 1, isFromCurve: false)
  }

  /// The yield of an underlying: its dividend yield, else its own rate curve, else 0.
  mutating func yield(of underlying: Identifier, years: Double) -> Double {
    if let yield = yields[underlying] { return yield }
    if let curve = curves[underlying] { return curve.rate(years: years) }
    assumptions.note("dividends: \(underlying) has no yield; it is taken as 0")
    return 0
  }

  /// The part of an expiry's forward that is fixed already; nil where the market does not say.
  func fixedForward(of underlying: Identifier, at expiry: Instant) -> Double? {
    forwards[underlying]?.first { $0.expiry == expiry }?.fixed
  }

  /// A spot grown at rate and yield to a time, what it pays at single instants left out; a listed contract without a
  /// curve grows at its yield alone.
  mutating func grown(
    _ spot: Double, of underlying: Identifier, in quote: Identifier, years: Double, isListed: Bool
  ) -> Double {
    let rate = rate(of: quote, years: years, isListed: isListed)?.rate ?? 0
    return spot * Elementary.exp((rate - yield(of: underlying, years: years)) * years)
  }

  /// Whether an underlying pays at single instants.
  func paysAtDates(_ underlying: Identifier) -> Bool { payments[underlying] != nil }

  /// What an underlying pays between as-of and a time, as shares of its spot just before.
  ///
  /// A cash payment D is the share D/F⁻ of the forward F⁻ to just before its ex-date: the forwards are those of the
  /// cash, and moves of the spot scale what will be paid.
  ///
  /// - Parameters:
  ///   - years: to expiry.
  ///   - forward: the forward to a time without payments, from the spot's growth alone; or a listed one, with them.
  ///   - isListed: which of the two.
  /// - Returns: in order of time; nil where the payments are worth the spot or more.
  func shares(
    of underlying: Identifier, years: Double, isListed: Bool, forward: (Double) -> Double
  ) -> [DividendShare]? {
    var shares: [DividendShare] = []
    var left = 1.0
    for payment in payments[underlying] ?? [] {
      let time = Double(market.asOf.seconds(to: payment.exDate)) / Instant.secondsPerYear
      guard time > 0, time < years else { continue }
      let share: Double
      switch payment.amount {
      case .share(let part): share = part
      case .cash(let cash): share = cash / (isListed ? forward(time) + cash : forward(time) * left)
      }
      guard share < 1, share.isFinite else { return nil }
      left *= 1 - share
      shares.append(DividendShare(beforeExpiry: years - time, share: share))
    }
    return shares
  }

  /// The forward curve of an underlying in a quote asset; empty where no forward is listed.
  mutating func forwardCurve(of underlying: Identifier, quote: Identifier, spot: Double) -> ForwardCurve {
    let pair = Pair(underlying: underlying, quote: quote)
    if let curve = forwardCurves[pair] { return curve }
    let curve = ForwardCurve(spot: spot, quotes: forwards[underlying] ?? [], asOf: market.asOf)
    forwardCurves[pair] = curve
    return curve
  }

  /// The surface of an underlying whose forwards in a quote asset are given by a function of time.
  mutating func surface(
    of underlying: Identifier, quote: Identifier, forward: (Double) -> Double
  ) -> VolatilitySurface {
    let pair = Pair(underlying: underlying, quote: quote)
    if let surface = surfaces[pair] { return surface }
    let surface = VolatilitySurface(
      slices: slices[underlying] ?? [], asOf: market.asOf, forward: forward)
    surfaces[pair] = surface
    return surface
  }

  /// Writes down a default.
  mutating func note(_ sentence: String) { assumptions.note(sentence) }
}

/// Sentences in the order they were first said, each once.
struct AssumptionList {
  private(set) var sentences: [String] = []
  private var known: Set<String> = []

  mutating func note(_ sentence: String) {
    if known.insert(sentence).inserted { sentences.append(sentence) }
  }
}

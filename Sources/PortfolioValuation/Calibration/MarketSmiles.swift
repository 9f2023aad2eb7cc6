public import MarketModel
public import OptionPricing
import RiskNumerics

/// What a market says of the volatility of one underlying at one expiry.
public struct ExpirySmile: Sendable {
  /// Where the volatilities come from.
  public enum Source: String, Sendable {
    /// Quotes by strike.
    case volatility
    /// Marks of options.
    case marks
    /// A slice that the market already gives: nothing is fitted.
    case svi
  }

  public let underlying: Identifier
  public let expiry: Instant
  /// ACT/365 from the as-of instant.
  public let years: Double
  /// Quote asset.
  public let forward: Double
  public let source: Source
  public let quotes: [SmileQuote]
  /// The slice of `svi`.
  public let given: SVIParameters?
  /// Marks that gave no volatility.
  public let leftOut: Int
  /// The line through calls and puts, where the forward comes from it.
  public let parity: ParityForward?
}

/// The smiles of a market: its volatility rows, and the marks of European options where there is no row.
public struct MarketSmiles: Sendable {
  /// By underlying, then expiry.
  public let smiles: [ExpirySmile]
  public let failures: [Failure]
  /// Every default that was taken.
  public let assumptions: [String]

  /// The smiles that lie ahead.
  ///
  /// Forwards are the listed ones; else, for marks, those implied by put-call parity; else S·e^((r−q)T). Of the
  /// marks of a strike the one out of the money is read, because its price is all time value.
  ///
  /// - Parameter instrument: the contract of a name, nil where it is none.
  /// - Complexity: O(quotes), O(strikes²) for an expiry whose forward is implied.
  public init(_ market: MarketSnapshot, instrument: (Identifier) -> Instrument?) {
    var terms = MarketTerms(market)
    var found: [ExpirySmile] = []
    var quoted: Set<Place> = []
    for slice in market.volatility where slice.expiry > market.asOf {
      quoted.insert(Place(underlying: slice.underlying, expiry: slice.expiry))
      found.append(Self.row(slice, market, &terms))
    }
    var marked: [Place: [MarkedOption]] = [:]
    for mark in market.marks {
      guard let contract = instrument(mark.instrument), contract.kind == .option,
        let expiry = contract.expiry, expiry > market.asOf, let strike = contract.strike,
        let type = contract.optionType
      else { continue }
      let place = Place(underlying: contract.underlying, expiry: expiry)
      guard !quoted.contains(place) else { continue }
      marked[place, default: []].append(
        MarkedOption(contract: contract, strike: strike, type: type, price: mark.price))
    }
    var failures: [Failure] = []
    for (place, options) in marked.sorted(by: { $0.key < $1.key }) {
      let european = options.filter { $0.contract.exercise == .european }
      if european.count < options.count {
        failures.append(
          Failure(
            path: "market.json#/marks", reason: .unsupported,
            message:
              "\(place.underlying) \(place.expiry.text): \(options.count - european.count) marks of american "
              + "options; volatilities are read from european ones"))
      }
      if !european.isEmpty { found.append(Self.marks(european, place, market, &terms)) }
    }
    smiles = found.sorted { ($0.underlying, $0.expiry) < ($1.underlying, $1.expiry) }
    self.failures = failures
    assumptions = terms.assumptions.sentences
  }

  private struct Place: Hashable, Comparable {
    let underlying: Identifier
    let expiry: Instant

    static func < (a: Place, b: Place) -> Bool { (a.underlying, a.expiry) < (b.underlying, b.expiry) }
  }

  private struct MarkedOption {
    let contract: Instrument
    let strike: Double
    let type: OptionType
    let price: Double
  }

  private static func row(
    _ slice: VolatilitySlice, _ market: MarketSnapshot, _ terms: inout MarketTerms
  ) -> ExpirySmile {
    let years = market.asOf.years(to: slice.expiry)
    let forward = forward(slice.underlying, market.baseCurrency, years, market, &terms)
    switch slice.shape {
    case .svi(let parameters):
      return ExpirySmile(
        underlying: slice.underlying, expiry: slice.expiry, years: years, forward: forward, source: .svi,
        quotes: [], given: parameters, leftOut: 0, parity: nil)
    case .quotes(let strikes, let volatilities):
      let quotes = zip(strikes, volatilities).map { strike, volatility in
        SmileQuote(logMoneyness: Elementary.log(strike / forward), volatility: volatility, years: years)
      }
      return ExpirySmile(
        underlying: slice.underlying, expiry: slice.expiry, years: years, forward: forward,
        source: .volatility, quotes: quotes, given: nil, leftOut: 0, parity: nil)
    }
  }

  private static func marks(
    _ options: [MarkedOption], _ place: Place, _ market: MarketSnapshot, _ terms: inout MarketTerms
  ) -> ExpirySmile {
    let years = market.asOf.years(to: place.expiry)
    let quote = options[0].contract.quoteAsset
    var parity: ParityForward?
    if !terms.hasForward(place.underlying) { parity = ParityForward(pairs(options)) }
    let forward = parity?.forward ?? forward(place.underlying, quote, years, market, &terms)
    let settlement = options[0].contract.settlementAsset
    let ownRate = terms.rate(of: settlement, years: years, isListed: false)?.rate ?? 0
    let rate = parity.map { -Elementary.log($0.discount) / years } ?? ownRate
    var quotes: [SmileQuote] = []
    var strikes: Set<Double> = []
    let ordered = options.sorted { isOut($0, forward) && !isOut($1, forward) }
    for option in ordered where !strikes.contains(option.strike) {
      // A mark in coin is the value over the forward.
      let price = option.contract.isInverse ? option.price * forward : option.price
      let found = try? ImpliedVolatility.black76(
        type: option.type, price: price, forward: forward, strike: option.strike, timeToExpiry: years,
        rate: rate)
      guard let volatility = found?.volatility, volatility > 0 else { continue }
      strikes.insert(option.strike)
      quotes.append(
        SmileQuote(
          logMoneyness: Elementary.log(option.strike / forward), volatility: volatility, years: years))
    }
    let all = Set(options.map(\.strike)).count
    return ExpirySmile(
      underlying: place.underlying, expiry: place.expiry, years: years, forward: forward, source: .marks,
      quotes: quotes.sorted { $0.logMoneyness < $1.logMoneyness }, given: nil, leftOut: all - quotes.count,
      parity: parity)
  }

  private static func isOut(_ option: MarkedOption, _ forward: Double) -> Bool {
    (option.type == .call) == (option.strike >= forward)
  }

  /// Strikes that have a call and a put quoted in the quote asset.
  private static func pairs(_ options: [MarkedOption]) -> [ParityQuote] {
    let linear = options.filter { !$0.contract.isInverse }
    let puts = Dictionary(
      linear.filter { $0.type == .put }.map { ($0.strike, $0.price) }, uniquingKeysWith: { first, _ in first }
    )
    return linear.filter { $0.type == .call }.compactMap { call in
      puts[call.strike].map { ParityQuote(strike: call.strike, call: call.price, put: $0) }
    }.sorted { $0.strike < $1.strike }
  }

  private static func forward(
    _ underlying: Identifier, _ quote: Identifier, _ years: Double, _ market: MarketSnapshot,
    _ terms: inout MarketTerms
  ) -> Double {
    let spot = (market.spot(of: underlying) ?? 1) / (market.spot(of: quote) ?? 1)
    if terms.hasForward(underlying) {
      return terms.forwardCurve(of: underlying, quote: quote, spot: spot).forward(years: years)
    }
    terms.note("forwards: \(underlying) has none; F = S·e^((r−q)T)")
    let rate = terms.rate(of: quote, years: years, isListed: false)?.rate ?? 0
    return spot * Elementary.exp((rate - terms.yield(of: underlying, years: years)) * years)
  }
}

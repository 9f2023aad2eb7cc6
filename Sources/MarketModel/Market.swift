/// One asset of the market and its price in the base currency.
public struct Asset: Hashable, Sendable {
  public let id: Identifier
  /// Base currency per unit; > 0.
  public let spot: Double
  /// Whether it is held to be worth its spot without risk: it is cash and no risk factor.
  public let isStable: Bool

  /// An asset from its quote.
  public init(id: Identifier, spot: Double, isStable: Bool = false) {
    self.id = id
    self.spot = spot
    self.isStable = isStable
  }
}

/// Zero rates of one currency: continuously compounded a year at increasing times.
public struct RateCurve: Hashable, Sendable {
  public let currency: Identifier
  /// Years from the as-of instant, strictly increasing, > 0.
  public let years: [Double]
  /// One rate a node.
  public let rates: [Double]

  /// A curve from its nodes; the reader has checked order and counts.
  public init(currency: Identifier, years: [Double], rates: [Double]) {
    self.currency = currency
    self.years = years
    self.rates = rates
  }
}

/// The forward price of one underlying at one expiry, in its quote asset.
public struct ForwardQuote: Hashable, Sendable {
  public let underlying: Identifier
  public let expiry: Instant
  public let price: Double
  /// The part of `price` that an average for settlement has fixed already, 0 to `price`; nil where nobody says.
  public let fixed: Double?

  /// A forward from its quote.
  public init(underlying: Identifier, expiry: Instant, price: Double, fixed: Double? = nil) {
    self.underlying = underlying
    self.expiry = expiry
    self.price = price
    self.fixed = fixed
  }
}

/// What an underlying pays: a constant yield, continuously compounded a year, and payments at single instants.
public struct DividendYield: Hashable, Sendable {
  public let underlying: Identifier
  public let rate: Double
  /// In order of their ex-dates, beside the yield.
  public let payments: [DividendPayment]

  /// A yield from its quote.
  public init(underlying: Identifier, rate: Double, payments: [DividendPayment] = []) {
    self.underlying = underlying
    self.rate = rate
    self.payments = payments.sorted { $0.exDate < $1.exDate }
  }
}

/// A dividend that is paid at one instant.
public struct DividendPayment: Hashable, Sendable {
  public enum Amount: Hashable, Sendable {
    /// In the quote asset, per unit of the underlying; ≥ 0.
    case cash(Double)
    /// A share of the spot just before, in [0, 1).
    case share(Double)
  }

  /// The instant from which the spot is without it.
  public let exDate: Instant
  public let amount: Amount

  /// A payment from its quote.
  public init(exDate: Instant, amount: Amount) {
    self.exDate = exDate
    self.amount = amount
  }
}

/// The five parameters of a raw SVI slice of total variance (Gatheral 2004):
/// w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)).
public struct SVIParameters: Hashable, Sendable {
  public let a: Double
  public let b: Double
  public let rho: Double
  public let m: Double
  public let sigma: Double

  /// A slice from its parameters.
  public init(a: Double, b: Double, rho: Double, m: Double, sigma: Double) {
    self.a = a
    self.b = b
    self.rho = rho
    self.m = m
    self.sigma = sigma
  }
}

/// The implied volatilities of one underlying at one expiry.
public struct VolatilitySlice: Hashable, Sendable {
  /// Quotes by strike, or an SVI curve.
  public enum Shape: Hashable, Sendable {
    /// Strikes strictly increasing in the quote asset; annual volatilities as fractions.
    case quotes(strikes: [Double], volatilities: [Double])
    case svi(SVIParameters)
  }

  public let underlying: Identifier
  public let expiry: Instant
  public let shape: Shape

  /// A slice from its quotes or parameters.
  public init(underlying: Identifier, expiry: Instant, shape: Shape) {
    self.underlying = underlying
    self.expiry = expiry
    self.shape = shape
  }
}

/// The mark of one instrument.
public struct Mark: Hashable, Sendable {
  public let instrument: Identifier
  /// In the quote asset; in coin for a coin-settled option.
  public let price: Double
  /// Funding of a perpetual per eight hours, as a fraction; nil where not given.
  public let fundingRate8h: Double?
  /// Open interest in the instrument's own unit; nil where not given.
  public let openInterest: Double?

  /// A mark from its quote.
  public init(
    instrument: Identifier, price: Double, fundingRate8h: Double? = nil, openInterest: Double? = nil
  ) {
    self.instrument = instrument
    self.price = price
    self.fundingRate8h = fundingRate8h
    self.openInterest = openInterest
  }
}

/// The correlation of log returns and their annual volatilities.
public struct Correlation: Hashable, Sendable {
  /// Assets in the order of the matrix.
  public let assets: [Identifier]
  /// Row-major, assets.count squared, unit diagonal, symmetric.
  public let matrix: [Double]
  /// Annual volatilities of log returns, one an asset.
  public let volatilities: [Double]

  /// A correlation from its rows, laid end to end.
  public init(assets: [Identifier], matrix: [Double], volatilities: [Double]) {
    self.assets = assets
    self.matrix = matrix
    self.volatilities = volatilities
  }
}

/// How far an oracle trusts its price of an asset; 1 is full trust.
public struct OracleConfidence: Hashable, Sendable {
  public let asset: Identifier
  public let confidence: Double

  /// A confidence from its quote.
  public init(asset: Identifier, confidence: Double) {
    self.asset = asset
    self.confidence = confidence
  }
}

/// Everything that was quoted at one instant.
public struct MarketSnapshot: Hashable, Sendable {
  public let asOf: Instant
  public let baseCurrency: Identifier
  /// In byte order of their ids.
  public let assets: [Asset]
  public let rates: [RateCurve]
  /// By underlying, then expiry.
  public let forwards: [ForwardQuote]
  public let dividends: [DividendYield]
  /// By underlying, then expiry.
  public let volatility: [VolatilitySlice]
  /// In byte order of the instruments.
  public let marks: [Mark]
  public let correlation: Correlation?
  public let confidences: [OracleConfidence]
  /// What closing out costs, empty where nothing is known of it: underlyings first, each kind in byte order.
  public let depths: [MarketDepth]

  /// A market from its lists, which are put into the order that the properties state.
  public init(
    asOf: Instant, baseCurrency: Identifier, assets: [Asset], rates: [RateCurve] = [],
    forwards: [ForwardQuote] = [], dividends: [DividendYield] = [],
    volatility: [VolatilitySlice] = [], marks: [Mark] = [], correlation: Correlation? = nil,
    confidences: [OracleConfidence] = [], depths: [MarketDepth] = []
  ) {
    self.asOf = asOf
    self.baseCurrency = baseCurrency
    self.assets = assets.sorted { $0.id < $1.id }
    self.rates = rates
    self.forwards = forwards.sorted { ($0.underlying, $0.expiry) < ($1.underlying, $1.expiry) }
    self.dividends = dividends
    self.volatility = volatility.sorted { ($0.underlying, $0.expiry) < ($1.underlying, $1.expiry) }
    self.marks = marks.sorted { $0.instrument < $1.instrument }
    self.correlation = correlation
    self.confidences = confidences
    self.depths = depths.sorted { $0.subject < $1.subject }
  }

  /// The place of an asset in `assets`; the base currency has none unless it is listed.
  ///
  /// - Complexity: O(log(assets)).
  public func assetIndex(of id: Identifier) -> Int? {
    assets.place(of: id) { $0.id }
  }

  /// The price of an asset in the base currency: 1 for the base currency itself, nil when unknown.
  public func spot(of id: Identifier) -> Double? {
    if id == baseCurrency { return 1 }
    return assetIndex(of: id).map { assets[$0].spot }
  }

  /// Whether an asset counts as cash: the base currency or a stable asset.
  public func isCash(_ id: Identifier) -> Bool {
    if id == baseCurrency { return true }
    return assetIndex(of: id).map { assets[$0].isStable } ?? false
  }
}

/// What kind of contract an instrument is.
public enum InstrumentKind: String, Sendable, CaseIterable {
  /// A vanilla option on one underlying.
  case option
  /// A future with an expiry.
  case future
  /// A perpetual future.
  case perpetual
}

/// Call or put.
public enum OptionType: String, Sendable, CaseIterable {
  case call
  case put
}

/// When an option may be exercised.
public enum ExerciseStyle: String, Sendable, CaseIterable {
  case european
  case american
}

/// One tradable contract, as its name or `instruments.csv` defines it.
public struct Instrument: Hashable, Sendable {
  /// The name it is traded under.
  public let id: Identifier
  /// Option, dated future or perpetual.
  public let kind: InstrumentKind
  /// The asset whose price the contract follows.
  public let underlying: Identifier
  /// The asset in which strike, forward and mark are quoted.
  public let quoteAsset: Identifier
  /// The asset in which profit and loss are paid.
  public let settlementAsset: Identifier
  /// The instant of expiry; nil for a perpetual.
  public let expiry: Instant?
  /// Strike in the quote asset, > 0; nil unless an option.
  public let strike: Double?
  /// Call or put; nil unless an option.
  public let optionType: OptionType?
  /// European unless said otherwise.
  public let exercise: ExerciseStyle
  /// Units of the underlying (or of the quote asset, for an inverse future) in one contract, > 0.
  public let multiplier: Double
  /// Whether profit and loss are paid in the underlying itself: a coin-margined contract.
  ///
  /// Quantity of an inverse future or perpetual is in the quote asset (USD), of an inverse option in coin.
  public let isInverse: Bool
  /// Whether it follows the rules of a listed (OCC) option rather than of a crypto venue.
  public let isListed: Bool

  /// An instrument from its terms; the reader has checked that they agree with each other.
  public init(
    id: Identifier, kind: InstrumentKind, underlying: Identifier, quoteAsset: Identifier,
    settlementAsset: Identifier, expiry: Instant? = nil, strike: Double? = nil,
    optionType: OptionType? = nil, exercise: ExerciseStyle = .european, multiplier: Double = 1,
    isInverse: Bool = false, isListed: Bool = false
  ) {
    self.id = id
    self.kind = kind
    self.underlying = underlying
    self.quoteAsset = quoteAsset
    self.settlementAsset = settlementAsset
    self.expiry = expiry
    self.strike = strike
    self.optionType = optionType
    self.exercise = exercise
    self.multiplier = multiplier
    self.isInverse = isInverse
    self.isListed = isListed
  }

  /// The unit in which a position's quantity is counted, as the report names it.
  public var quantityUnit: String {
    if isListed { return "contracts" }
    return isInverse && kind != .option ? quoteAsset.text : underlying.text
  }
}

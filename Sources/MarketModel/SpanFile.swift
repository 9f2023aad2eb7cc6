/// What a clearing house's SPAN risk parameter file says: contracts with their risk arrays, and the terms on which
/// they are margined together.
///
/// A month is year × 12 + month − 1, a period a month × 100 + the day of a contract that has one, 0 for one that has none.
/// Money is in the performance bond currency of the combined commodity.
public struct SpanFile: Hashable, Sendable {
  /// A group of contracts of one kind on one product.
  public struct Product: Hashable, Sendable {
    public var exchange: String
    public var code: String
    /// `FUT`, `OOF` and so on, as the file has it.
    public var type: String

    /// A product from its keys.
    public init(exchange: String, code: String, type: String) {
      self.exchange = exchange
      self.code = code
      self.type = type
    }
  }

  /// One contract and its array.
  public struct Contract: Hashable, Sendable {
    public var product: Product
    /// Product code of what an option is on; its own for a future.
    public var underlying: String
    /// Place in `commodities`.
    public var commodity: Int
    /// Month of the contract; for an option of its own expiry.
    public var month: Int
    /// Of the future it is, or is on: what its delta belongs to.
    public var period: Int
    /// Day of the month, where the contract has one.
    public var day: Int?
    /// Expiry as year × 10,000 + month × 100 + day; nil where the file does not say.
    public var expiry: Int?
    /// nil for a future.
    public var isCall: Bool?
    public var strike: Double
    /// Units of the underlying in one contract; nil where the file does not say.
    public var valueFactor: Double?
    /// Loss of one long contract in each of sixteen scenarios, gains negative.
    public var losses: [Double]
    /// Composite delta of one contract times its scaling factor.
    public var delta: Double
    /// The line it began on, counted from 1.
    public var line: Int

    /// A contract from its numbers.
    public init(
      product: Product, underlying: String, commodity: Int, month: Int, period: Int, day: Int?,
      expiry: Int?, isCall: Bool?, strike: Double, valueFactor: Double?, losses: [Double], delta: Double,
      line: Int
    ) {
      self.product = product
      self.underlying = underlying
      self.commodity = commodity
      self.month = month
      self.period = period
      self.day = day
      self.expiry = expiry
      self.isCall = isCall
      self.strike = strike
      self.valueFactor = valueFactor
      self.losses = losses
      self.delta = delta
      self.line = line
    }
  }

  /// Contracts that spread on the same terms, by their periods.
  public struct Tier: Hashable, Sendable {
    public var number: Int
    public var first: Int
    public var last: Int

    /// A tier from its periods, both within.
    public init(number: Int, first: Int, last: Int) {
      self.number = number
      self.first = first
      self.last = last
    }
  }

  /// A leg of a spread within one combined commodity (by tier) or between several (by place).
  public struct Leg: Hashable, Sendable {
    public var place: Int
    public var ratio: Double
    public var isSideA: Bool

    /// A leg from its numbers.
    public init(place: Int, ratio: Double, isSideA: Bool) {
      self.place = place
      self.ratio = ratio
      self.isSideA = isSideA
    }
  }

  /// Legs and what a spread is charged, or the part of the risk that it is credited.
  public struct Spread: Hashable, Sendable {
    public var legs: [Leg]
    public var rate: Double

    /// A spread from its legs.
    public init(legs: [Leg], rate: Double) {
      self.legs = legs
      self.rate = rate
    }
  }

  /// What is in delivery.
  public struct Delivery: Hashable, Sendable {
    /// Periods, both within.
    public var first: Int
    public var last: Int
    public var spreadCharge: Double
    public var outrightCharge: Double

    /// Periods from their charges.
    public init(first: Int, last: Int, spreadCharge: Double, outrightCharge: Double) {
      self.first = first
      self.last = last
      self.spreadCharge = spreadCharge
      self.outrightCharge = outrightCharge
    }
  }

  /// The terms of one combined commodity.
  public struct Commodity: Hashable, Sendable {
    public var code: String
    public var currency: String
    /// In the order of the file.
    public var products: [Product] = []
    public var tiers: [Tier] = []
    /// In order of priority.
    public var spreads: [Spread] = []
    public var deliveries: [Delivery] = []
    public var shortOptionMinimum = 0.0
    public var countsLargerSide = false
    /// Risk adjustment of maintenance margin; > 0.
    public var adjustment = 1.0
    /// Initial over maintenance margin; ≥ 1.
    public var initialRatio = 1.0
    /// Whether credits against other commodities follow from its weighted price risk as it is.
    public var isCredited = true
    /// Why its contracts cannot be margined, half a sentence; nil where they can.
    public var refusal: String?

    /// A commodity without terms.
    public init(code: String, currency: String) {
      self.code = code
      self.currency = currency
    }
  }

  /// As messages name it.
  public var name: String
  /// Business date as year × 10,000 + month × 100 + day.
  public var businessDate: Int
  public var commodities: [Commodity]
  /// In the order of the file.
  public var contracts: [Contract]
  /// In order of priority.
  public var interSpreads: [Spread]
  /// What was left out, one sentence each.
  public var notes: [String]

  /// A file without contracts.
  public init(name: String, businessDate: Int) {
    self.name = name
    self.businessDate = businessDate
    commodities = []
    contracts = []
    interSpreads = []
    notes = []
  }

  /// The contract that an instrument of a book is; nil where the file has none, or more than one.
  ///
  /// Its underlying is the product code, of the option itself or of what it is on; it has the same kind, strike and
  /// type, and it expires on the day that the file gives, else in the contract month and on its day.
  public func contract(of instrument: Instrument) -> Int? {
    guard let expiry = instrument.expiry, !instrument.isInverse else { return nil }
    let date = expiry.civilDate
    let day = date.year * 10_000 + date.month * 100 + date.day
    var found: Int?
    for (place, contract) in contracts.enumerated() {
      guard Self.isKind(contract, instrument) else { continue }
      if let own = contract.expiry {
        guard own == day else { continue }
      } else {
        guard contract.month == date.year * 12 + date.month - 1, contract.day.map({ $0 == date.day }) ?? true
        else { continue }
      }
      guard found == nil else { return nil }
      found = place
    }
    return found
  }

  private static func isKind(_ contract: Contract, _ instrument: Instrument) -> Bool {
    let asset = instrument.underlying.text
    switch instrument.kind {
    case .perpetual: return false
    case .future: return contract.isCall == nil && contract.product.code == asset
    case .option:
      guard let isCall = contract.isCall, contract.product.code == asset || contract.underlying == asset
      else {
        return false
      }
      let strike = instrument.strike ?? 0
      // Strikes are decimals of a few digits in both; the bound is far below a tick and far above a rounding.
      return isCall == (instrument.optionType == .call) && abs(contract.strike - strike) <= 1e-9 * abs(strike)
    }
  }
}

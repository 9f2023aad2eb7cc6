/// One run as it is kept: what was read, and what each account and the book were worth and stood to lose.
public struct RunRecord: Hashable, Sendable {
  /// One file that the run read.
  public struct Input: Hashable, Sendable {
    public var name: String
    /// 64 lower-case hexadecimal digits.
    public var sha256: String

    /// An input from its digest.
    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// One figure of value at risk, losses positive.
  public struct Figure: Hashable, Sendable {
    public var method: String
    /// A decimal such as `0.99`.
    public var confidence: String
    public var horizonDays: Double
    public var valueAtRisk: Double
    public var expectedShortfall: Double

    /// A figure from its numbers.
    public init(
      method: String, confidence: String, horizonDays: Double, valueAtRisk: Double, expectedShortfall: Double
    ) {
      self.method = method
      self.confidence = confidence
      self.horizonDays = horizonDays
      self.valueAtRisk = valueAtRisk
      self.expectedShortfall = expectedShortfall
    }
  }

  /// An account, or the book.
  public struct Owner: Hashable, Sendable {
    /// nil for the book.
    public var account: String?
    public var equity: Double
    public var isIncomplete: Bool
    /// What the positions of the run before are worth on this market; nil where one of them has no value on it.
    public var carriedEquity: Double?
    public var figures: [Figure]

    /// An owner from its figures.
    public init(
      account: String?, equity: Double, isIncomplete: Bool, carriedEquity: Double? = nil, figures: [Figure]
    ) {
      self.account = account
      self.equity = equity
      self.isIncomplete = isIncomplete
      self.carriedEquity = carriedEquity
      self.figures = figures
    }
  }

  /// One position or balance.
  public struct Holding: Hashable, Sendable {
    public var account: String
    /// Instrument, or asset of a balance.
    public var name: String
    public var isBalance: Bool
    public var quantity: Double
    /// Of a future or perpetual; nil for the rest.
    public var entryPrice: Double?

    /// A holding from its row.
    public init(account: String, name: String, isBalance: Bool, quantity: Double, entryPrice: Double? = nil) {
      self.account = account
      self.name = name
      self.isBalance = isBalance
      self.quantity = quantity
      self.entryPrice = entryPrice
    }
  }

  /// Name of the book.
  public var book: String
  /// RFC 3339 in UTC: byte order is order of time.
  public var asOf: String
  public var baseCurrency: String
  public var seed: UInt64
  public var engineVersion: String
  /// As-of of the run behind `carriedEquity`; nil where there was none.
  public var previous: String?
  public var inputs: [Input]
  /// The book first.
  public var owners: [Owner]
  /// Empty where a list of runs was asked for.
  public var holdings: [Holding]

  /// A run from its parts.
  public init(
    book: String, asOf: String, baseCurrency: String, seed: UInt64, engineVersion: String,
    previous: String? = nil, inputs: [Input], owners: [Owner], holdings: [Holding]
  ) {
    self.book = book
    self.asOf = asOf
    self.baseCurrency = baseCurrency
    self.seed = seed
    self.engineVersion = engineVersion
    self.previous = previous
    self.inputs = inputs
    self.owners = owners
    self.holdings = holdings
  }
}

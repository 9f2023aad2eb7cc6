public import MarginModels
public import MarketModel
public import PortfolioValuation
public import TailRisk

/// What trades would do to accounts, and what would do to an account what somebody wants (`plimsoll.what-if/1`).
public struct WhatIfReport: Sendable {
  /// An account as it stands.
  public struct Account: Sendable {
    public var id: Identifier
    public var isIncomplete: Bool
    public var equity: Double
    /// By model, then mode.
    public var margin: [(id: ModelMode, state: MarginState)]
    /// One entry a confidence level; empty where not asked for, nil where it cannot be given.
    public var tail: [MarginalTail.Figure]?
  }

  /// One instrument of a trade.
  public struct Leg: Hashable, Sendable {
    public var instrument: Identifier
    /// In the contract unit, signed.
    public var quantity: Double
    public var unit: String
    /// As given; nil is the engine's mark.
    public var price: Double?
    /// Change of cash: minus the premium; 0 for futures and perpetuals.
    public var cash: Double

    /// A leg from its numbers.
    public init(instrument: Identifier, quantity: Double, unit: String, price: Double?, cash: Double) {
      self.instrument = instrument
      self.quantity = quantity
      self.unit = unit
      self.price = price
      self.cash = cash
    }
  }

  /// A trade, or trades put through together, and what they change.
  public struct Trade: Sendable {
    /// Place in `accounts`.
    public var account: Int
    public var legs: [Leg]
    /// Of the trade alone; nil where it has none.
    public var greeks: GreekSet?
    /// Whether its figures per unit mean something: its legs are of one underlying.
    public var hasOneUnderlying = true
    /// One entry an entry of the account's margin; nil where the model cannot margin an instrument of it.
    public var margin: [MarginState?]
    /// After the trade; nil where it cannot be given.
    public var tail: [MarginalTail.Figure]?
    /// Of the trade alone.
    public var stress: [StressFigure]
    /// One entry an entry of the account's margin, where it was asked for.
    public var largest: [LargestQuantity?]

    /// A trade from its figures.
    public init(
      account: Int, legs: [Leg], greeks: GreekSet?, margin: [MarginState?], tail: [MarginalTail.Figure]?,
      stress: [StressFigure], largest: [LargestQuantity?]
    ) {
      self.account = account
      self.legs = legs
      self.greeks = greeks
      self.margin = margin
      self.tail = tail
      self.stress = stress
      self.largest = largest
    }
  }

  public var asOf: Instant
  public var baseCurrency: Identifier
  public var seed: UInt64
  /// nil where no value at risk was asked for.
  public var paths: Int?
  public var assumptions: [String]
  /// Those that trades or questions name, in byte order.
  public var accounts: [Account]
  /// In the order given.
  public var trades: [Trade]
  public var cures: [Cure] = []
  public var splits: [Split] = []
  public var failures: [Failure]

  /// A report from its parts.
  public init(
    asOf: Instant, baseCurrency: Identifier, seed: UInt64, paths: Int?, assumptions: [String],
    accounts: [Account], trades: [Trade], failures: [Failure]
  ) {
    self.asOf = asOf
    self.baseCurrency = baseCurrency
    self.seed = seed
    self.paths = paths
    self.assumptions = assumptions
    self.accounts = accounts
    self.trades = trades
    self.failures = failures
  }
}

extension WhatIfReport.Account {
  /// An account from its figures.
  public init(
    id: Identifier, incomplete: Bool, equity: Double, margin: [(id: ModelMode, state: MarginState)],
    tail: [MarginalTail.Figure]?
  ) {
    self.id = id
    isIncomplete = incomplete
    self.equity = equity
    self.margin = margin
    self.tail = tail
  }
}

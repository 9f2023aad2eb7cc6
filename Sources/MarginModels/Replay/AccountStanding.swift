public import MarketModel

/// Equity against requirements.
public struct Standing: Hashable, Sendable {
  /// What the model counts, base currency.
  public var equity: Double
  public var initial: Double
  public var maintenance: Double
  /// equity − initial: a call where below zero.
  public var surplusInitial: Double { equity - initial }
  /// equity − maintenance: liquidation where below zero.
  public var surplus: Double { equity - maintenance }

  /// A standing from its numbers.
  public init(equity: Double, initial: Double, maintenance: Double) {
    self.equity = equity
    self.initial = initial
    self.maintenance = maintenance
  }
}

/// One position that stands alone on its own margin.
public struct PositionStanding: Hashable, Sendable {
  /// Place in `Book.instruments`.
  public var instrument: Int
  /// Margin set aside for it, at this market, base currency.
  public var margin: Double
  /// What it is worth: an option's value, a future's or perpetual's profit since entry.
  public var value: Double
  /// Margin and what the model counts of the position, against what it requires of the position alone.
  public var standing: Standing

  /// A standing from its numbers.
  public init(instrument: Int, margin: Double, value: Double, standing: Standing) {
    self.instrument = instrument
    self.margin = margin
    self.value = value
    self.standing = standing
  }
}

/// Margin set aside for one position on the first day, in its settlement asset.
public struct IsolatedMargin: Hashable, Sendable {
  /// Place in `Book.instruments`.
  public var instrument: Int
  public var asset: Identifier
  public var quantity: Double
}

/// What a contract paid when it expired, in its settlement asset: signed, received positive.
public struct Settlement: Hashable, Sendable {
  /// Place in `Book.accounts`.
  public var account: Int
  /// Place in `Book.instruments`.
  public var instrument: Int
  public var asset: Identifier
  public var quantity: Double

  /// A payment from its terms.
  public init(account: Int, instrument: Int, asset: Identifier, quantity: Double) {
    self.account = account
    self.instrument = instrument
    self.asset = asset
    self.quantity = quantity
  }
}

/// The three modes of one account.
public struct ByMode<Value> {
  public var isolated: Value
  public var cross: Value
  public var portfolio: Value

  /// Three values.
  public init(isolated: Value, cross: Value, portfolio: Value) {
    self.isolated = isolated
    self.cross = cross
    self.portfolio = portfolio
  }

  /// One value of a mode.
  public subscript(mode: MarginMode) -> Value {
    get {
      switch mode {
      case .isolated: isolated
      case .cross: cross
      case .portfolio: portfolio
      }
    }
    set {
      switch mode {
      case .isolated: isolated = newValue
      case .cross: cross = newValue
      case .portfolio: portfolio = newValue
      }
    }
  }

  /// The same of every value.
  public func map<Other>(_ body: (Value) -> Other) -> ByMode<Other> {
    ByMode<Other>(isolated: body(isolated), cross: body(cross), portfolio: body(portfolio))
  }
}

extension ByMode: Equatable where Value: Equatable {}
extension ByMode: Hashable where Value: Hashable {}
extension ByMode: Sendable where Value: Sendable {}

/// One account on one market, mode by mode.
public struct AccountStanding: Sendable {
  /// The account's figures under the models of the three modes.
  public var modes: ByMode<Standing>
  /// In isolated mode, by place of the instrument.
  public var positions: [PositionStanding]
  /// The least cash with which each mode's maintenance test passes, base currency; below zero in portfolio mode where
  /// positions and coins lend.
  public var cashToPass: ByMode<Double>
  /// What positions and coins are worth that all three models margin.
  public var comparableValue: Double
  /// Σ |cash delta| of positions and coin balances.
  public var exposure: Double
  /// Positions that one of the models cannot margin, by place of the instrument.
  public var unsupported: [Int]
}

/// How a position is margined.
public enum MarginMode: String, Sendable, CaseIterable {
  case isolated
  case cross
  case portfolio
}

/// A quantity of one instrument in one account.
public struct Position: Hashable, Sendable {
  /// Place of the account in `Book.accounts`.
  public let account: Int
  /// Place of the instrument in `Book.instruments`.
  public let instrument: Int
  /// In the instrument's own contract unit, long positive; finite.
  public let quantity: Double
  /// Price it was opened at, in the quote asset (coin for coin-settled options); nil means the mark.
  public let entryPrice: Double?
  /// The mode the row asks for, nil where it says nothing.
  public let marginMode: MarginMode?
  /// Margin set aside for this position alone, in the settlement asset.
  public let isolatedMargin: Double?
  /// The row of `positions` it came from, counted from 1 at the first row of data.
  public let row: Int

  /// A position from its row.
  public init(
    account: Int, instrument: Int, quantity: Double, entryPrice: Double? = nil,
    marginMode: MarginMode? = nil, isolatedMargin: Double? = nil, row: Int = 0
  ) {
    self.account = account
    self.instrument = instrument
    self.quantity = quantity
    self.entryPrice = entryPrice
    self.marginMode = marginMode
    self.isolatedMargin = isolatedMargin
    self.row = row
  }
}

/// A quantity of one asset in one account; negative when borrowed.
public struct Balance: Hashable, Sendable {
  /// Place of the account in `Book.accounts`.
  public let account: Int
  /// The asset, known to the market or the base currency.
  public let asset: Identifier
  public let quantity: Double
  /// The row of `balances` it came from, counted from 1 at the first row of data.
  public let row: Int

  /// A balance from its row.
  public init(account: Int, asset: Identifier, quantity: Double, row: Int = 0) {
    self.account = account
    self.asset = asset
    self.quantity = quantity
    self.row = row
  }
}

/// Closing prices by date, one column an asset, and levels of implied volatility beside them.
public struct PriceHistory: Hashable, Sendable {
  /// The implied volatility of one underlying by date, in any one unit and at any one moneyness: its moves count.
  public struct VolatilityColumn: Hashable, Sendable {
    public let underlying: Identifier
    /// One entry a date; > 0, nil where the cell is empty.
    public let levels: [Double?]

    /// A column from its cells.
    public init(underlying: Identifier, levels: [Double?]) {
      self.underlying = underlying
      self.levels = levels
    }
  }

  /// Midnights UTC, strictly increasing.
  public let dates: [Instant]
  public let assets: [Identifier]
  /// One column an asset, dates.count entries each; nil where the cell is empty.
  public let prices: [[Double?]]
  /// At most one an underlying.
  public let volatilities: [VolatilityColumn]

  /// A history from its columns.
  public init(
    dates: [Instant], assets: [Identifier], prices: [[Double?]], volatilities: [VolatilityColumn] = []
  ) {
    self.dates = dates
    self.assets = assets
    self.prices = prices
    self.volatilities = volatilities
  }
}

/// The rows of one table, and how many of them did not reach the book.
public struct RowCount: Hashable, Sendable {
  /// All rows of the table.
  public let rows: Int
  /// Those set aside while reading.
  public let setAside: Int

  /// A count of a table's rows.
  public init(rows: Int, setAside: Int = 0) {
    self.rows = rows
    self.setAside = setAside
  }
}

/// A whole book: the market, the instruments it needs, and what each account holds.
public struct Book: Sendable {
  public let market: MarketSnapshot
  /// In byte order of their ids, each once.
  public let instruments: [Instrument]
  /// In byte order, each once.
  public let accounts: [Identifier]
  /// By account, then instrument, then input order.
  public let positions: [Position]
  /// By account, then asset bytes, then input order.
  public let balances: [Balance]
  public let history: PriceHistory?
  /// Rows set aside while reading, in the order they were met.
  public let failures: [Failure]
  /// The table the positions were read from, as failures name it: a file, or `book.json#/positions`.
  public let positionsName: String
  /// The table the balances were read from.
  public let balancesName: String
  /// Rows of the table of positions.
  public let positionCount: RowCount
  /// Rows of the table of balances.
  public let balanceCount: RowCount
  /// What the reader took for granted, one sentence each.
  public let assumptions: [String]
  /// Accounts that lost a row, by place, increasing.
  public let incompleteAccounts: [Int]
  /// Places of `positions`, one range an account.
  public let positionRanges: [Range<Int>]
  /// Places of `balances`, one range an account.
  public let balanceRanges: [Range<Int>]

  /// A book from its parts; positions and balances are put into order.
  ///
  /// Without a count of its rows a table is taken to have come in whole.
  public init(
    market: MarketSnapshot, instruments: [Instrument], accounts: [Identifier],
    positions: [Position], balances: [Balance], history: PriceHistory? = nil,
    failures: [Failure] = [], incompleteAccounts: [Int] = [],
    positionsName: String = "positions.csv", balancesName: String = "balances.csv",
    positionCount: RowCount? = nil, balanceCount: RowCount? = nil, assumptions: [String] = []
  ) {
    self.market = market
    self.instruments = instruments
    self.accounts = accounts
    let positions = positions.sorted {
      ($0.account, $0.instrument, $0.row) < ($1.account, $1.instrument, $1.row)
    }
    let balances = balances.sorted {
      if $0.account != $1.account { return $0.account < $1.account }
      return $0.asset == $1.asset ? $0.row < $1.row : $0.asset < $1.asset
    }
    self.positions = positions
    self.balances = balances
    self.history = history
    self.positionsName = positionsName
    self.balancesName = balancesName
    self.positionCount = positionCount ?? RowCount(rows: positions.count)
    self.balanceCount = balanceCount ?? RowCount(rows: balances.count)
    self.assumptions = assumptions
    self.failures = failures
    self.incompleteAccounts = incompleteAccounts
    positionRanges = Self.ranges(of: positions.map(\.account), count: accounts.count)
    balanceRanges = Self.ranges(of: balances.map(\.account), count: accounts.count)
  }

  /// The path of one field of a row, as failures give it.
  ///
  /// - Parameters:
  ///   - table: `positionsName` or `balancesName`.
  ///   - row: counted from 1 at the first row of data; a CSV file has its header above it.
  /// - Returns: `positions.csv:18:quantity`, `positions.jsonl:17:quantity` or
  ///   `book.json#/positions/16/quantity`.
  public static func path(table: String, row: Int, field: String) -> String {
    if table.utf8.contains(0x23) { return "\(table)/\(row - 1)/\(field)" }
    return "\(table):\(table.hasSuffix(".jsonl") ? row : row + 1):\(field)"
  }

  private static func ranges(of owners: [Int], count: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    ranges.reserveCapacity(count)
    var place = 0
    for account in 0..<count {
      let start = place
      while place < owners.count, owners[place] == account { place += 1 }
      ranges.append(start..<place)
    }
    return ranges
  }
}

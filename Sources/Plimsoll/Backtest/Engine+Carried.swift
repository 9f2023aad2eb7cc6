public import MarketModel
import PortfolioValuation
public import TailRisk

/// One position or balance of an earlier day.
public struct CarriedHolding: Hashable, Sendable {
  public var account: Identifier
  /// Instrument, or asset of a balance.
  public var name: Identifier
  public var isBalance: Bool
  public var quantity: Double
  /// Of a future or perpetual; nil for the rest.
  public var entryPrice: Double?

  /// A holding from its row.
  public init(
    account: Identifier, name: Identifier, isBalance: Bool, quantity: Double, entryPrice: Double?
  ) {
    self.account = account
    self.name = name
    self.isBalance = isBalance
    self.quantity = quantity
    self.entryPrice = entryPrice
  }
}

extension Engine {
  /// The value-at-risk figures of an account, or of the book where nil; empty where the plan asks for none.
  public func valueAtRisk(ofAccount account: Int?) -> [ValueAtRiskFigure] {
    tails.flatMap { tail in account.map { tail.figures(ofAccount: $0) } ?? tail.bookFigures }
  }

  /// Every holding that has a value, by account, positions first.
  ///
  /// Futures and perpetuals without an entry price are entered at their mark of this day.
  public var carriedHoldings: [CarriedHolding] {
    let book = valued.book
    var found: [CarriedHolding] = []
    for (account, id) in book.accounts.enumerated() {
      for holding in valued.holdings[valued.holdingRanges[account]] {
        let instrument = book.instruments[holding.instrument]
        found.append(
          CarriedHolding(
            account: id, name: instrument.id, isBalance: false, quantity: holding.quantity,
            entryPrice: instrument.kind == .option ? nil : holding.entryPrice))
      }
      for balance in valued.balances[valued.balanceRanges[account]] {
        found.append(
          CarriedHolding(
            account: id, name: balance.asset, isBalance: true, quantity: balance.quantity, entryPrice: nil))
      }
    }
    return found
  }

  /// What holdings of an earlier day are worth on this market, by account in byte order.
  ///
  /// - Returns: nil for an account that held something this book has no instrument or price for, such as a contract
  ///   that has expired since.
  /// - Complexity: as valuing this book.
  public func carriedEquity(_ holdings: [CarriedHolding]) -> [(account: Identifier, equity: Double?)] {
    let accounts = Set(holdings.map(\.account)).sorted()
    let instruments = valued.book.instruments
    var positions: [Position] = []
    var balances: [Balance] = []
    var isWhole = [Bool](repeating: true, count: accounts.count)
    for (row, holding) in holdings.enumerated() {
      guard let account = accounts.place(of: holding.account, by: \.self) else { continue }
      if holding.isBalance {
        balances.append(
          Balance(account: account, asset: holding.name, quantity: holding.quantity, row: row + 1))
      } else if let instrument = instruments.place(of: holding.name, by: \.id) {
        positions.append(
          Position(
            account: account, instrument: instrument, quantity: holding.quantity,
            entryPrice: holding.entryPrice, row: row + 1))
      } else {
        isWhole[account] = false
      }
    }
    let book = Book(
      market: valued.book.market, instruments: instruments, accounts: accounts, positions: positions,
      balances: balances)
    let carried = BookValuation.value(book, team: team)
    return accounts.enumerated().map { place, id in
      let isKnown = isWhole[place] && !carried.isIncomplete[place] && carried.equity[place].isFinite
      return (id, isKnown ? carried.equity[place] : nil)
    }
  }
}

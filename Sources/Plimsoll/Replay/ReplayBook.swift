import MarketModel
import PortfolioValuation

/// A book on one market of a replay, its positions static and its contracts settled as they expire.
struct ReplayBook {
  let book: Book
  /// What expired on the way to this market, in order of accounts, then instruments; earlier steps first.
  let settlements: [Settlement]
  /// Places in `settlements` of this step's.
  let latest: Range<Int>
  let failures: [Failure]
  /// Accounts that lost something on the way, by place.
  let lost: [Int]

  /// The first day.
  init(_ book: Book) {
    self.book = book
    settlements = []
    latest = 0..<0
    failures = []
    lost = []
  }

  private init(
    book: Book, settlements: [Settlement], latest: Range<Int>, failures: [Failure], lost: [Int]
  ) {
    self.book = book
    self.settlements = settlements
    self.latest = latest
    self.failures = failures
    self.lost = lost
  }

  /// The book on a later market.
  ///
  /// A position that expired in between pays in its settlement asset, which joins the account's balances:
  /// an option its intrinsic value, a future its profit since entry. The price is the spot of its underlying on the
  /// market nearest in time to the expiry, of this one and the one before it; the later one where both are as near.
  /// - Parameters:
  ///   - market: not earlier than the one before.
  ///   - entries: the entry price of each position of the first day, by its row; of contracts without one, their mark
  ///     on that day.
  ///   - hasLost: whether quotes of an instrument were set aside while the market was read.
  func advanced(
    to market: MarketSnapshot, entries: [Int: Double], hasLost: (Instrument) -> Bool
  ) -> ReplayBook {
    let before = book.market
    var positions: [Position] = []
    var balances = book.balances
    var paid: [Settlement] = []
    var failures: [Failure] = []
    var lost = book.incompleteAccounts
    let isLost = book.instruments.map(hasLost)
    for position in book.positions {
      let instrument = book.instruments[position.instrument]
      guard let expiry = instrument.expiry, expiry <= market.asOf else {
        if isLost[position.instrument] { lost.append(position.account) }
        positions.append(position)
        continue
      }
      let path = Book.path(table: book.positionsName, row: position.row, field: "instrument")
      guard let price = Self.settlementPrice(instrument, expiry, before, market),
        let quantity = Self.payment(position, instrument, price, entries[position.row]),
        market.spot(of: instrument.settlementAsset) != nil
      else {
        lost.append(position.account)
        failures.append(
          Failure(
            path: path, reason: .missing,
            message: "\(instrument.id) expired at \(expiry.text) and no price is known to settle it by"))
        continue
      }
      paid.append(
        Settlement(
          account: position.account, instrument: position.instrument, asset: instrument.settlementAsset,
          quantity: quantity))
      balances.append(
        Balance(
          account: position.account, asset: instrument.settlementAsset, quantity: quantity,
          row: position.row))
    }
    lost = Set(lost).sorted()
    let moved = Book(
      market: market, instruments: book.instruments, accounts: book.accounts, positions: positions,
      balances: balances, history: book.history, failures: [], incompleteAccounts: lost,
      positionsName: book.positionsName, balancesName: book.balancesName)
    return ReplayBook(
      book: moved, settlements: settlements + paid,
      latest: settlements.count..<settlements.count + paid.count, failures: failures, lost: lost)
  }

  /// The spot of the underlying in the quote asset, on the nearer of two markets.
  static func settlementPrice(
    _ instrument: Instrument, _ expiry: Instant, _ before: MarketSnapshot, _ after: MarketSnapshot
  ) -> Double? {
    let isBefore = before.asOf.seconds(to: expiry) < expiry.seconds(to: after.asOf)
    let market = isBefore ? before : after
    guard let spot = market.spot(of: instrument.underlying),
      let quote = market.spot(of: instrument.quoteAsset),
      quote > 0
    else { return nil }
    return spot / quote
  }

  /// What a position pays at a price, in its settlement asset.
  static func payment(
    _ position: Position, _ instrument: Instrument, _ price: Double, _ entry: Double?
  ) -> Double? {
    guard price > 0 else { return nil }
    var quantity: Double
    if instrument.kind == .option {
      guard let strike = instrument.strike else { return nil }
      let intrinsic = max(instrument.optionType == .call ? price - strike : strike - price, 0)
      quantity = position.quantity * instrument.multiplier * intrinsic / (instrument.isInverse ? price : 1)
    } else {
      guard let entry, entry > 0 else { return nil }
      quantity =
        instrument.isInverse
        ? position.quantity * instrument.multiplier * (1 / entry - 1 / price)
        : position.quantity * instrument.multiplier * (price - entry)
    }
    return quantity.isFinite ? quantity : nil
  }
}

extension Book {
  /// The same book with the entry prices of the first day written into its futures and perpetuals: what has none was
  /// entered at that day's mark, and stays entered there.
  func holdingEntries(of valued: ValuedBook) -> (book: Book, entries: [Int: Double]) {
    var entries: [Int: Double] = [:]
    for holding in valued.holdings where instruments[holding.instrument].kind != .option {
      entries[positions[holding.position].row] = holding.entryPrice
    }
    let held = positions.map { position in
      Position(
        account: position.account, instrument: position.instrument, quantity: position.quantity,
        entryPrice: instruments[position.instrument].kind == .option
          ? position.entryPrice : position.entryPrice ?? entries[position.row],
        marginMode: position.marginMode, isolatedMargin: position.isolatedMargin, row: position.row)
    }
    let book = Book(
      market: market, instruments: instruments, accounts: accounts, positions: held, balances: balances,
      history: history, failures: failures, incompleteAccounts: incompleteAccounts,
      positionsName: positionsName, balancesName: balancesName, positionCount: positionCount,
      balanceCount: balanceCount, assumptions: assumptions)
    return (book, entries)
  }
}

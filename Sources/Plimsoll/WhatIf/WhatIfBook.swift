import MarketModel
import RiskDocuments

/// The part of a book that a what-if needs: the accounts named, what they hold, and what they might.
enum WhatIfBook {
  /// The book of some accounts with further instruments.
  ///
  /// Instruments that nobody here holds are left out, but for those that expire within the longest horizon: they cut
  /// the paths into steps, and the paths must be those of a run on the whole book.
  ///
  /// - Parameters:
  ///   - accounts: places in `Book.accounts`, increasing.
  ///   - further: instruments that trades name.
  static func cut(
    _ book: Book, accounts: [Int], further: [Instrument], horizonDays: Double
  ) -> Book {
    var isKept = [Bool](repeating: false, count: book.instruments.count)
    for account in accounts {
      for position in book.positions[book.positionRanges[account]] { isKept[position.instrument] = true }
    }
    let asOf = book.market.asOf
    for (place, instrument) in book.instruments.enumerated() {
      if let expiry = instrument.expiry, Double(asOf.seconds(to: expiry)) < horizonDays * 86_400 {
        isKept[place] = true
      }
    }
    var instruments = zip(book.instruments, isKept).filter(\.1).map(\.0)
    var known = Set(instruments.map(\.id))
    for instrument in further where known.insert(instrument.id).inserted { instruments.append(instrument) }
    instruments.sort { $0.id < $1.id }
    var positions: [Position] = []
    var balances: [Balance] = []
    for (place, account) in accounts.enumerated() {
      for position in book.positions[book.positionRanges[account]] {
        let id = book.instruments[position.instrument].id
        guard let instrument = instruments.place(of: id, by: { $0.id }) else { continue }
        positions.append(
          Position(
            account: place, instrument: instrument, quantity: position.quantity,
            entryPrice: position.entryPrice, marginMode: position.marginMode,
            isolatedMargin: position.isolatedMargin, row: position.row))
      }
      for balance in book.balances[book.balanceRanges[account]] {
        balances.append(
          Balance(account: place, asset: balance.asset, quantity: balance.quantity, row: balance.row))
      }
    }
    let incomplete = accounts.enumerated().filter { book.incompleteAccounts.contains($0.element) }
    return Book(
      market: book.market, instruments: instruments, accounts: accounts.map { book.accounts[$0] },
      positions: positions, balances: balances, history: book.history, failures: book.failures,
      incompleteAccounts: incomplete.map(\.offset), positionsName: book.positionsName,
      balancesName: book.balancesName, positionCount: book.positionCount, balanceCount: book.balanceCount,
      assumptions: book.assumptions)
  }
}

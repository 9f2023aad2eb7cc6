import MarketModel
import StructuredText

/// Reads the rows of `positions.csv`.
enum PositionRows {
  static let schema = RowSchema(
    known: ["account_id", "instrument", "quantity", "entry_price", "margin_mode", "isolated_margin"],
    required: ["account_id", "instrument", "quantity"])

  /// The positions of a table and the count of its rows, with accounts and instruments as places in the ledgers.
  static func read(
    _ table: RowTable, directory: InstrumentDirectory, asOf: Instant,
    accounts: inout AccountLedger, instruments: inout InstrumentLedger, log: inout FailureLog
  ) throws(DocumentError) -> ([Position], RowCount) {
    let reader = RowReader(table: table)
    var positions: [Position] = []
    positions.reserveCapacity(table.rowCount)
    log.beginFile()
    for row in 0..<table.rowCount {
      var account = -1
      do throws(RowFault) {
        account = try accounts.account(reader, row, 0)
        try reader.checkWidth(row)
        let instrument = try instruments.instrument(reader, row, 1, directory, asOf: asOf)
        let isOption = instruments.instruments[instrument].kind == .option
        let quantity = try reader.number(row, 2, .quantity)
        let entry = try reader.optionalNumber(row, 3, isOption ? .premium : .price)
        let mode = try reader.optionalWord(row, 4, MarginMode.self)
        let margin = try reader.optionalNumber(row, 5, .amount)
        if margin != nil, let mode, mode != .isolated {
          throw reader.invalid(row, 5, "no isolated margin of a position margined as \(mode.rawValue)")
        }
        positions.append(
          Position(
            account: account, instrument: instrument, quantity: quantity, entryPrice: entry,
            marginMode: mode, isolatedMargin: margin, row: table.number(ofRow: row)))
      } catch {
        accounts.lose(account)
        try log.add(reader.failure(error, row: row))
      }
    }
    return (positions, try log.endFile(table.name, rows: table.rowCount))
  }
}

/// Reads the rows of `balances.csv`.
enum BalanceRows {
  static let schema = RowSchema(
    known: ["account_id", "asset", "quantity"], required: ["account_id", "asset", "quantity"])

  /// The balances of a table and the count of its rows, with accounts as places in the ledger.
  ///
  /// One account holds one balance of an asset. A second row could be a correction or an addition, so it
  /// is set aside.
  static func read(
    _ table: RowTable, knows: (Identifier) -> Bool, accounts: inout AccountLedger, log: inout FailureLog
  ) throws(DocumentError) -> ([Balance], RowCount) {
    let reader = RowReader(table: table)
    var places = ByteInterner()
    var assets: [Identifier?] = []
    var seen: Set<[Int]> = []
    var balances: [Balance] = []
    balances.reserveCapacity(table.rowCount)
    log.beginFile()
    for row in 0..<table.rowCount {
      var account = -1
      do throws(RowFault) {
        account = try accounts.account(reader, row, 0)
        try reader.checkWidth(row)
        let bytes = try reader.bytes(row, 1, FieldText.identifier)
        let place = places.place(of: bytes)
        if place == assets.count { assets.append(Identifier(bytes: bytes).flatMap { knows($0) ? $0 : nil }) }
        guard let asset = assets[place] else {
          throw RowFault(
            column: 1, reason: .missing,
            message: "the asset \(table.shown(row, 1)) has no spot in the market")
        }
        let quantity = try reader.number(row, 2, .quantity)
        guard seen.insert([account, place]).inserted else {
          throw RowFault(
            column: 1, reason: .duplicate, message: "found a second balance of \(asset) in this account")
        }
        balances.append(
          Balance(account: account, asset: asset, quantity: quantity, row: table.number(ofRow: row)))
      } catch {
        accounts.lose(account)
        try log.add(reader.failure(error, row: row))
      }
    }
    return (balances, try log.endFile(table.name, rows: table.rowCount))
  }
}

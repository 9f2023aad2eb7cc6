public import MarketModel
import StructuredText

/// Reads a file of trades: `account_id,instrument,quantity` and optionally `price`.
public enum TradeRows {
  static let schema = RowSchema(
    known: ["account_id", "instrument", "quantity", "price"],
    required: ["account_id", "instrument", "quantity"])

  /// The orders of a file, CSV or JSON Lines, and the rows that were set aside.
  ///
  /// - Parameter name: of the file, as failures call it; `*.jsonl` is read as JSON Lines.
  /// - Throws: `DocumentError` where the file as a whole is wrong, or more rows are than the rules allow.
  public static func read(
    _ bytes: [UInt8], name: String, contracts: ContractNames, accounts: [Identifier], rules: ReadingRules
  ) throws(DocumentError) -> (orders: [TradeOrder], failures: [Failure]) {
    let table: RowTable
    do throws(TextError) {
      table =
        try name.hasSuffix(".jsonl")
        ? JSONLinesReader.read(bytes, name: name, schema: schema)
        : CSVReader.read(bytes, name: name, schema: schema)
    } catch { throw DocumentError(error, file: name) }
    let reader = RowReader(table: table)
    var log = FailureLog(rules: rules)
    var orders: [TradeOrder] = []
    orders.reserveCapacity(table.rowCount)
    log.beginFile()
    for row in 0..<table.rowCount {
      do throws(RowFault) {
        orders.append(try order(reader, row, contracts, accounts))
      } catch {
        try log.add(reader.failure(error, row: row))
      }
    }
    try log.endFile(name, rows: table.rowCount)
    return (orders, log.failures)
  }

  private static func order(
    _ reader: RowReader, _ row: Int, _ contracts: ContractNames, _ accounts: [Identifier]
  ) throws(RowFault) -> TradeOrder {
    try reader.checkWidth(row)
    let account = try reader.bytes(row, 0, FieldText.identifier)
    let name = try reader.bytes(row, 1, "the name of an instrument")
    let quantity = try reader.number(row, 2, .quantity)
    do throws(TradeFault) {
      guard quantity != 0 else { throw ContractNames.zero }
      let instrument = try contracts.instrument(named: String(decoding: name, as: UTF8.self))
      return TradeOrder(
        account: try ContractNames.account(String(decoding: account, as: UTF8.self), among: accounts),
        instrument: instrument, quantity: quantity,
        price: try price(reader, row, instrument), path: reader.table.path(row: row, column: nil))
    } catch {
      let column = error.field.flatMap { reader.table.column($0) }
      throw RowFault(column: column, reason: error.reason, message: error.message)
    }
  }

  private static func price(
    _ reader: RowReader, _ row: Int, _ instrument: Instrument
  ) throws(TradeFault) -> Double? {
    do throws(RowFault) {
      return try reader.optionalNumber(row, 3, ContractNames.priceRule(instrument))
    } catch { throw TradeFault(field: "price", reason: error.reason, message: error.message) }
  }
}

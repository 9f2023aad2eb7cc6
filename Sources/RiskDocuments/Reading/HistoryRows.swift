import MarketModel
import StructuredText

/// Reads `history.csv`: a date and one column of closing prices an asset, gaps empty.
enum HistoryRows {
  static let schema = RowSchema(known: ["date"], required: ["date"], admitsOthers: true)

  /// The history of a table.
  ///
  /// - Parameter known: assets that a column may be named after.
  static func read(
    _ table: RowTable, asOf: Instant, known: [Identifier], log: inout FailureLog
  ) throws(DocumentError) -> PriceHistory {
    let listed = Set(known)
    var assets: [Identifier] = []
    for name in table.columns.dropFirst() {
      guard let id = Identifier(name), listed.contains(id) else {
        throw DocumentError(
          path: table.name,
          message: Spelling.unknown("column", name, known: known.map(\.text)) + " (assets of the market)")
      }
      assets.append(id)
    }
    guard !assets.isEmpty else {
      throw DocumentError(path: table.name, message: "expected at least one column of prices, found none")
    }
    let reader = RowReader(table: table)
    var dates: [Instant] = []
    var prices: [[Double?]] = Array(repeating: [], count: assets.count)
    log.beginFile()
    for row in 0..<table.rowCount {
      do throws(RowFault) {
        try reader.checkWidth(row)
        let date = try date(reader, row, after: dates.last, asOf: asOf)
        var cells: [Double?] = []
        cells.reserveCapacity(assets.count)
        for column in assets.indices { cells.append(try reader.optionalNumber(row, column + 1, .price)) }
        dates.append(date)
        for column in assets.indices { prices[column].append(cells[column]) }
      } catch {
        try log.add(reader.failure(error, row: row))
      }
    }
    try log.endFile(table.name, rows: table.rowCount)
    return PriceHistory(dates: dates, assets: assets, prices: prices)
  }

  private static func date(
    _ reader: RowReader, _ row: Int, after last: Instant?, asOf: Instant
  ) throws(RowFault) -> Instant {
    let bytes = try reader.bytes(row, 0, "a date such as 2026-02-05")
    guard let date = Instant(date: bytes) else {
      throw reader.invalid(row, 0, "a date such as 2026-02-05")
    }
    guard date <= asOf else {
      throw reader.invalid(row, 0, "a date up to as_of \(asOf.text)")
    }
    if let last, date <= last {
      throw RowFault(
        column: 0, reason: date == last ? .duplicate : .invalid,
        message: "expected a date after \(last.dateText), found \(date.dateText)")
    }
    return date
  }
}

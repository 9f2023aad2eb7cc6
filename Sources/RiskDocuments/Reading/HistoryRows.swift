import MarketModel
import StructuredText

/// Reads `history.csv`: a date, one column of closing prices an asset, and where a name ends in `:volatility`, one of the
/// implied volatility of the asset before it; gaps are empty.
enum HistoryRows {
  /// Ends the name of a column of volatilities.
  static let volatilitySuffix = ":volatility"
  static let schema = RowSchema(known: ["date"], required: ["date"], admitsOthers: true)

  /// The history of a table.
  ///
  /// - Parameter known: assets that a column may be named after.
  static func read(
    _ table: RowTable, asOf: Instant, known: [Identifier], log: inout FailureLog
  ) throws(DocumentError) -> PriceHistory {
    let listed = Set(known)
    var assets: [Identifier] = []
    var underlyings: [Identifier] = []
    // Whether each column holds volatilities.
    var isVolatility: [Bool] = []
    for name in table.columns.dropFirst() {
      isVolatility.append(name.hasSuffix(volatilitySuffix))
      let stem = isVolatility.last == true ? String(name.dropLast(volatilitySuffix.count)) : name
      guard let id = Identifier(stem), listed.contains(id) else {
        throw DocumentError(
          path: table.name,
          message: Spelling.unknown("column", name, known: known.map(\.text))
            + " (assets of the market, and ASSET\(volatilitySuffix))")
      }
      if isVolatility.last == true { underlyings.append(id) } else { assets.append(id) }
    }
    guard !assets.isEmpty else {
      throw DocumentError(path: table.name, message: "expected at least one column of prices, found none")
    }
    let reader = RowReader(table: table)
    var dates: [Instant] = []
    var columns: [[Double?]] = Array(repeating: [], count: isVolatility.count)
    log.beginFile()
    for row in 0..<table.rowCount {
      do throws(RowFault) {
        try reader.checkWidth(row)
        let date = try date(reader, row, after: dates.last, asOf: asOf)
        var cells: [Double?] = []
        cells.reserveCapacity(columns.count)
        for column in columns.indices { cells.append(try reader.optionalNumber(row, column + 1, .price)) }
        dates.append(date)
        for column in columns.indices { columns[column].append(cells[column]) }
      } catch {
        try log.add(reader.failure(error, row: row))
      }
    }
    try log.endFile(table.name, rows: table.rowCount)
    let prices = columns.indices.filter { !isVolatility[$0] }.map { columns[$0] }
    let levels = columns.indices.filter { isVolatility[$0] }.map { columns[$0] }
    return PriceHistory(
      dates: dates, assets: assets, prices: prices,
      volatilities: zip(underlyings, levels).map { .init(underlying: $0, levels: $1) })
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

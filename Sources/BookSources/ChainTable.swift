internal import MarketModel
internal import StructuredText

/// One option of a chain.
struct ChainRow {
  let instrument: Instrument
  let expiry: Instant
  let strike: Double
  let forward: Double
  let volatility: Double
  let mark: Double
  let index: Double
  let openInterest: Double?
}

/// The checked rows of a chain.
struct ChainTable {
  /// By underlying, expiry, strike, call before put.
  let rows: [ChainRow]
  /// Listed futures, by name.
  let futures: [(name: Identifier, price: Double)]
  let asOf: Instant

  /// Reads and checks every row.
  init(csv: [UInt8], name: String) throws(SourceError) {
    let reader = try ChainReader(csv: csv, name: name)
    var rows: [(row: ChainRow, place: Int)] = []
    var futures: [(name: Identifier, price: Double)] = []
    var latest: Instant?
    for place in 0..<reader.rowCount {
      let time = try reader.timestamp(place)
      latest = latest.map { max($0, time) } ?? time
      rows.append((try reader.option(place), place))
      if let future = try reader.future(place) { futures.append(future) }
    }
    guard let latest else { throw SourceError(path: name + ":1", message: "found no rows, expected options") }
    rows.sort { Self.precedes($0.row, $1.row) }
    for place in rows.indices {
      let (row, line) = rows[place]
      if row.expiry <= latest {
        throw reader.error(
          line, "instrument_name", "an option that had expired at \(latest.text)", "a later expiry")
      }
      if place > 0, rows[place - 1].row.instrument.id == row.instrument.id {
        throw reader.error(line, "instrument_name", "\(row.instrument.id) a second time", "each option once")
      }
    }
    self.rows = rows.map(\.row)
    self.futures = Self.last(futures)
    asOf = latest
  }

  private static func precedes(_ one: ChainRow, _ other: ChainRow) -> Bool {
    if one.instrument.underlying != other.instrument.underlying {
      return one.instrument.underlying < other.instrument.underlying
    }
    if one.expiry != other.expiry { return one.expiry < other.expiry }
    if one.strike != other.strike { return one.strike < other.strike }
    // C comes before P, and families of one underlying are told apart by the rest of the name.
    return one.instrument.id < other.instrument.id
  }

  /// Each future once, with the price of its last row.
  private static func last(
    _ futures: [(name: Identifier, price: Double)]
  ) -> [(name: Identifier, price: Double)] {
    let sorted = futures.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }
    return sorted.indices.filter {
      $0 + 1 == sorted.count || sorted[$0].element.name != sorted[$0 + 1].element.name
    }.map { sorted[$0].element }
  }
}

/// Reads the cells of a chain, one at a time, with errors that name line and column.
private struct ChainReader {
  private static let schema = RowSchema(
    known: [
      "timestamp", "instrument_name", "underlying", "implied_volatility", "mark_price", "index_price",
      "open_interest", "futures_instrument_name", "futures_price",
    ],
    required: [
      "timestamp", "instrument_name", "underlying", "implied_volatility", "mark_price", "index_price",
    ],
    admitsOthers: true)

  private let table: RowTable
  var rowCount: Int { table.rowCount }

  init(csv: [UInt8], name: String) throws(SourceError) {
    do throws(TextError) {
      table = try CSVReader.read(csv, name: name, schema: Self.schema)
    } catch {
      throw SourceError(error, in: name)
    }
  }

  func error(_ row: Int, _ column: String, _ found: String, _ expected: String) -> SourceError {
    SourceError(
      path: table.path(row: row, column: table.column(column)),
      message: "found \(found), expected \(expected)")
  }

  /// The time of a row, its fraction of a second cut off.
  func timestamp(_ row: Int) throws(SourceError) -> Instant {
    var bytes = Array(text(row, "timestamp") ?? [])
    if let point = bytes.firstIndex(of: 0x2E) {
      let end = bytes[(point + 1)...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.endIndex
      bytes.removeSubrange(point..<end)
    }
    guard let instant = Instant(rfc3339: bytes[...]) else {
      throw error(row, "timestamp", shown(row, "timestamp"), "an RFC 3339 time with its zone")
    }
    return instant
  }

  func option(_ row: Int) throws(SourceError) -> ChainRow {
    if let width = table.raggedWidth(row: row) {
      throw SourceError(
        path: table.path(row: row), message: "found \(width.found) cells, expected \(width.expected)")
    }
    let instrument = try instrument(row, "instrument_name")
    guard instrument.kind == .option, let expiry = instrument.expiry, let strike = instrument.strike else {
      throw error(row, "instrument_name", shown(row, "instrument_name"), "the name of an option")
    }
    let mark = try number(row, "mark_price", "a price of zero or more") { $0 >= 0 }
    let interest = table.column("open_interest").map { !table.isAbsent(row: row, column: $0) } ?? false
    return ChainRow(
      instrument: instrument, expiry: expiry, strike: strike,
      forward: try number(row, "underlying", "a price above zero") { $0 > 0 },
      volatility: try number(row, "implied_volatility", "a fraction above zero, at most 10") {
        $0 > 0 && $0 <= 10
      },
      mark: mark, index: try number(row, "index_price", "a price above zero") { $0 > 0 },
      openInterest: interest ? try number(row, "open_interest", "a count of zero or more") { $0 >= 0 } : nil)
  }

  /// The listed future of a row; none where the venue interpolated the forward (`SYN.…`).
  func future(_ row: Int) throws(SourceError) -> (name: Identifier, price: Double)? {
    guard let name = text(row, "futures_instrument_name"), !name.starts(with: "SYN.".utf8) else { return nil }
    let instrument = try instrument(row, "futures_instrument_name")
    guard instrument.kind == .future else { return nil }
    return (instrument.id, try number(row, "futures_price", "a price above zero") { $0 > 0 })
  }

  private func instrument(_ row: Int, _ column: String) throws(SourceError) -> Instrument {
    guard let bytes = text(row, column), let id = Identifier(bytes: bytes) else {
      throw error(row, column, shown(row, column), "the name of a contract")
    }
    do throws(InstrumentNameError) {
      return try InstrumentName.parse(id)
    } catch let fault {
      throw SourceError(
        path: table.path(row: row, column: table.column(column)),
        message: "found \"\(id)\", \(fault.sentence)")
    }
  }

  private func number(
    _ row: Int, _ column: String, _ expected: String, _ admits: (Double) -> Bool
  ) throws(SourceError) -> Double {
    if let place = table.column(column), case .finite(let value) = table.number(row: row, column: place),
      admits(value)
    {
      return value
    }
    throw error(row, column, shown(row, column), expected)
  }

  private func text(_ row: Int, _ column: String) -> ArraySlice<UInt8>? {
    table.column(column).flatMap { table.textBytes(row: row, column: $0) }
  }

  private func shown(_ row: Int, _ column: String) -> String {
    table.column(column).map { table.shown(row, $0) } ?? "nothing"
  }
}

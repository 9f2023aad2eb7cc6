/// Runs of past days in one SQLite file, so that the figures of one day meet the profits of the next.
///
/// A run is kept once a book and as-of instant: recording it again replaces it. Every change is one transaction;
/// several processes may use the file, each waiting for the others.
///
/// ```
/// let history = try RunHistory(writing: "runs.db")
/// try history.record(run)
/// ```
public struct RunHistory: ~Copyable {
  /// Version of the tables.
  public static let version = 1
  /// How long another process's lock is waited for, in milliseconds.
  public static let wait: Int32 = 10_000

  private let database: Database

  /// Opens a file to record runs, made where there is none, and makes sure that it can be written.
  ///
  /// - Parameter wait: milliseconds to wait for another process.
  /// - Throws: `HistoryError`.
  public init(writing path: String, wait: Int32 = wait) throws(HistoryError) {
    let database = try Database(path, writes: true, wait: wait)
    try database.execute("PRAGMA foreign_keys = ON")
    try database.transaction { (database: borrowing Database) throws(HistoryError) in
      guard try Self.isEmpty(database) else { return try Self.checkVersion(database) }
      try database.execute(Self.tables)
      try database.execute("INSERT INTO schema_version (version) VALUES (\(Self.version))")
    }
    self.database = database
  }

  /// Opens a file to read it.
  ///
  /// - Parameter wait: milliseconds to wait for another process.
  /// - Throws: `HistoryError`.
  public init(reading path: String, wait: Int32 = wait) throws(HistoryError) {
    let database = try Database(path, writes: false, wait: wait)
    if try Self.isEmpty(database) { throw .foreign(path: path) }
    try Self.checkVersion(database)
    self.database = database
  }

  /// Keeps a run, in place of one of the same book and instant.
  ///
  /// - Throws: `HistoryError`; nothing of the run is kept then.
  public func record(_ run: RunRecord) throws(HistoryError) {
    try database.transaction { (database: borrowing Database) throws(HistoryError) in
      let delete = try database.prepare("DELETE FROM runs WHERE book = ? AND as_of = ?")
      try database.run(delete, [.text(run.book), .text(run.asOf)])
      let insert = try database.prepare(
        "INSERT INTO runs (book, as_of, base_currency, seed, engine_version, previous_as_of) "
          + "VALUES (?, ?, ?, ?, ?, ?)")
      try database.run(
        insert,
        [
          .text(run.book), .text(run.asOf), .text(run.baseCurrency), .text(String(run.seed)),
          .text(run.engineVersion), Value(run.previous),
        ])
      let id = try Self.id(of: run.book, run.asOf, in: database)
      try Self.insertInputs(run, id, into: database)
      try Self.insertOwners(run, id, into: database)
      try Self.insertHoldings(run, id, into: database)
    }
  }

  private static func insertInputs(
    _ run: RunRecord, _ id: Int64, into database: borrowing Database
  ) throws(HistoryError) {
    let insert = try database.prepare("INSERT INTO inputs (run, name, sha256) VALUES (?, ?, ?)")
    for input in run.inputs {
      try database.run(insert, [.whole(id), .text(input.name), .text(input.sha256)])
    }
  }

  private static func insertOwners(
    _ run: RunRecord, _ id: Int64, into database: borrowing Database
  ) throws(HistoryError) {
    let owner = try database.prepare(
      "INSERT INTO owners (run, place, account, equity, incomplete, carried_equity) VALUES (?, ?, ?, ?, ?, ?)"
    )
    let figure = try database.prepare(
      "INSERT INTO figures (run, owner, place, method, confidence, horizon_days, value_at_risk, "
        + "expected_shortfall) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
    for (place, entry) in run.owners.enumerated() {
      try database.run(
        owner,
        [
          .whole(id), .whole(Int64(place)), Value(entry.account), .number(entry.equity),
          .whole(entry.isIncomplete ? 1 : 0), Value(entry.carriedEquity),
        ])
      for (number, value) in entry.figures.enumerated() {
        try database.run(
          figure,
          [
            .whole(id), .whole(Int64(place)), .whole(Int64(number)), .text(value.method),
            .text(value.confidence), .number(value.horizonDays), .number(value.valueAtRisk),
            .number(value.expectedShortfall),
          ])
      }
    }
  }

  private static func insertHoldings(
    _ run: RunRecord, _ id: Int64, into database: borrowing Database
  ) throws(HistoryError) {
    let insert = try database.prepare(
      "INSERT INTO holdings (run, place, account, name, is_balance, quantity, entry_price) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?)")
    for (place, holding) in run.holdings.enumerated() {
      try database.run(
        insert,
        [
          .whole(id), .whole(Int64(place)), .text(holding.account), .text(holding.name),
          .whole(holding.isBalance ? 1 : 0), .number(holding.quantity), Value(holding.entryPrice),
        ])
    }
  }

  /// The names of the books, in byte order.
  public func books() throws(HistoryError) -> [String] {
    let select = try database.prepare("SELECT DISTINCT book FROM runs ORDER BY book")
    var names: [String] = []
    while try database.step(select) { names.append(select.text(0) ?? "") }
    return names
  }

  /// The runs of a book in order of time, without their holdings.
  public func runs(of book: String) throws(HistoryError) -> [RunRecord] {
    let select = try database.prepare(Self.runColumns + " WHERE book = ? ORDER BY as_of")
    try database.bind(select, [.text(book)])
    var runs: [(id: Int64, run: RunRecord)] = []
    while try database.step(select) { runs.append((select.whole(0), Self.run(select))) }
    var filled: [RunRecord] = []
    for (id, run) in runs {
      var run = run
      run.inputs = try inputs(id)
      run.owners = try owners(id)
      filled.append(run)
    }
    return filled
  }

  /// The last run of a book before an instant, with its holdings; nil where there is none.
  public func run(of book: String, before asOf: String) throws(HistoryError) -> RunRecord? {
    let select = try database.prepare(
      Self.runColumns + " WHERE book = ? AND as_of < ? ORDER BY as_of DESC LIMIT 1")
    try database.bind(select, [.text(book), .text(asOf)])
    guard try database.step(select) else { return nil }
    let id = select.whole(0)
    var run = Self.run(select)
    run.owners = try owners(id)
    run.holdings = try holdings(id)
    return run
  }

  private static let runColumns =
    "SELECT id, book, as_of, base_currency, seed, engine_version, previous_as_of FROM runs"

  private static func run(_ row: borrowing Statement) -> RunRecord {
    RunRecord(
      book: row.text(1) ?? "", asOf: row.text(2) ?? "", baseCurrency: row.text(3) ?? "",
      seed: UInt64(row.text(4) ?? "") ?? 0, engineVersion: row.text(5) ?? "", previous: row.text(6),
      inputs: [], owners: [], holdings: [])
  }

  private func inputs(_ id: Int64) throws(HistoryError) -> [RunRecord.Input] {
    let select = try database.prepare("SELECT name, sha256 FROM inputs WHERE run = ? ORDER BY name")
    try database.bind(select, [.whole(id)])
    var inputs: [RunRecord.Input] = []
    while try database.step(select) {
      inputs.append(RunRecord.Input(name: select.text(0) ?? "", sha256: select.text(1) ?? ""))
    }
    return inputs
  }

  private func owners(_ id: Int64) throws(HistoryError) -> [RunRecord.Owner] {
    let select = try database.prepare(
      "SELECT account, equity, incomplete, carried_equity FROM owners WHERE run = ? ORDER BY place")
    try database.bind(select, [.whole(id)])
    var owners: [RunRecord.Owner] = []
    while try database.step(select) {
      owners.append(
        RunRecord.Owner(
          account: select.text(0), equity: select.number(1) ?? 0, isIncomplete: select.whole(2) != 0,
          carriedEquity: select.number(3), figures: []))
    }
    let figures = try database.prepare(
      "SELECT owner, method, confidence, horizon_days, value_at_risk, expected_shortfall FROM figures "
        + "WHERE run = ? ORDER BY owner, place")
    try database.bind(figures, [.whole(id)])
    while try database.step(figures) {
      guard let place = Int(exactly: figures.whole(0)), owners.indices.contains(place) else { continue }
      owners[place].figures.append(
        RunRecord.Figure(
          method: figures.text(1) ?? "", confidence: figures.text(2) ?? "",
          horizonDays: figures.number(3) ?? 0, valueAtRisk: figures.number(4) ?? 0,
          expectedShortfall: figures.number(5) ?? 0))
    }
    return owners
  }

  private func holdings(_ id: Int64) throws(HistoryError) -> [RunRecord.Holding] {
    let select = try database.prepare(
      "SELECT account, name, is_balance, quantity, entry_price FROM holdings WHERE run = ? ORDER BY place")
    try database.bind(select, [.whole(id)])
    var holdings: [RunRecord.Holding] = []
    while try database.step(select) {
      holdings.append(
        RunRecord.Holding(
          account: select.text(0) ?? "", name: select.text(1) ?? "", isBalance: select.whole(2) != 0,
          quantity: select.number(3) ?? 0, entryPrice: select.number(4)))
    }
    return holdings
  }

  private static func id(
    of book: String, _ asOf: String, in database: borrowing Database
  ) throws(HistoryError) -> Int64 {
    let select = try database.prepare("SELECT id FROM runs WHERE book = ? AND as_of = ?")
    try database.bind(select, [.text(book), .text(asOf)])
    return try database.step(select) ? select.whole(0) : 0
  }

  private static func isEmpty(_ database: borrowing Database) throws(HistoryError) -> Bool {
    let select = try database.prepare("SELECT count(*) FROM sqlite_master")
    return try database.step(select) ? select.whole(0) == 0 : true
  }

  private static func checkVersion(_ database: borrowing Database) throws(HistoryError) {
    let known = try database.prepare(
      "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN "
        + "('schema_version', 'runs', 'inputs', 'owners', 'figures', 'holdings')")
    guard try database.step(known), known.whole(0) == 6 else { throw .foreign(path: database.path) }
    let select = try database.prepare("SELECT version FROM schema_version")
    let found = try database.step(select) ? Int(exactly: select.whole(0)) ?? 0 : 0
    guard found == version else {
      throw .version(path: database.path, found: found, expected: version)
    }
  }
}

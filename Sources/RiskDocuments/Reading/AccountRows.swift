import MarketModel
import StructuredText

/// The accounts met in the rows, by the order of meeting until all are known.
struct AccountLedger {
  private var places = ByteInterner()
  private(set) var ids: [Identifier] = []
  private(set) var isIncomplete: [Bool] = []
  /// The place in `ids` of each sequence met; −1 for one that is no id.
  private var accounts: [Int] = []

  /// The account of a cell.
  mutating func account(_ reader: RowReader, _ row: Int, _ column: Int) throws(RowFault) -> Int {
    let bytes = try reader.bytes(row, column, FieldText.identifier)
    let place = places.place(of: bytes)
    if place == accounts.count {
      if let id = Identifier(bytes: bytes) {
        accounts.append(ids.count)
        ids.append(id)
        isIncomplete.append(false)
      } else {
        accounts.append(-1)
      }
    }
    guard accounts[place] >= 0 else { throw reader.invalid(row, column, FieldText.identifier) }
    return accounts[place]
  }

  /// Marks an account that lost a row.
  mutating func lose(_ account: Int) {
    if isIncomplete.indices.contains(account) { isIncomplete[account] = true }
  }

  /// The accounts in byte order, and the place of each account of the ledger among them.
  func ordered() -> (ids: [Identifier], places: [Int]) {
    let order = ids.indices.sorted { ids[$0] < ids[$1] }
    var places = Array(repeating: 0, count: ids.count)
    for (place, account) in order.enumerated() { places[account] = place }
    return (order.map { ids[$0] }, places)
  }
}

/// The instruments met in the rows, each resolved once.
struct InstrumentLedger {
  private var places = ByteInterner()
  private var states: [State] = []
  /// Those that positions may hold, by the order of meeting.
  private(set) var instruments: [Instrument] = []

  private enum State {
    case held(Int)
    case refused(FailureReason, String)
  }

  /// The instrument of a cell as a place in `instruments`.
  mutating func instrument(
    _ reader: RowReader, _ row: Int, _ column: Int, _ directory: InstrumentDirectory, asOf: Instant
  ) throws(RowFault) -> Int {
    let bytes = try reader.bytes(row, column, "the name of an instrument")
    let place = places.place(of: bytes)
    if place == states.count { states.append(state(bytes, directory, asOf)) }
    switch states[place] {
    case .held(let instrument): return instrument
    case .refused(let reason, let message):
      throw RowFault(column: column, reason: reason, message: message)
    }
  }

  private mutating func state(
    _ bytes: ArraySlice<UInt8>, _ directory: InstrumentDirectory, _ asOf: Instant
  ) -> State {
    guard let id = Identifier(bytes: bytes) else {
      let found = Spelling.quoted(String(decoding: bytes, as: UTF8.self))
      return .refused(.invalid, "expected \(FieldText.identifier), found \(found)")
    }
    switch directory.definition(of: id) {
    case .refused(let reason, let message): return .refused(reason, message)
    case .found(let instrument):
      if let expiry = instrument.expiry, expiry <= asOf {
        return .refused(.invalid, InstrumentDirectory.expired(id, expiry, asOf))
      }
      instruments.append(instrument)
      return .held(instruments.count - 1)
    }
  }

  /// The instruments in byte order, and the place of each instrument of the ledger among them.
  func ordered() -> (instruments: [Instrument], places: [Int]) {
    let order = instruments.indices.sorted { instruments[$0].id < instruments[$1].id }
    var places = Array(repeating: 0, count: instruments.count)
    for (place, instrument) in order.enumerated() { places[instrument] = place }
    return (order.map { instruments[$0] }, places)
  }
}

import MarketModel
import StructuredText

/// The contracts that a book may name: those of `instruments.csv` and those whose name tells everything.
struct InstrumentDirectory: Sendable {
  /// What a name turned out to be.
  enum Definition: Sendable {
    case found(Instrument)
    /// Why the rows that name it are set aside.
    case refused(FailureReason, String)
  }

  /// Of the instruments file; nil definitions are rows that were set aside.
  private var places = ByteInterner()
  private var definitions: [Definition] = []
  private var hasFile = false

  /// The definition of a name.
  ///
  /// - Complexity: O(length of the name).
  func definition(of id: Identifier) -> Definition {
    if hasFile, let place = places.existingPlace(of: Array(id.text.utf8)[...]) { return definitions[place] }
    do throws(InstrumentNameError) {
      return .found(try InstrumentName.parse(id))
    } catch {
      let file = hasFile ? "is not in the instruments and" : "has no row in instruments.csv and"
      return .refused(
        .invalid, "the instrument \(Spelling.quoted(id.text)) \(file) is no contract name: \(error.sentence)")
    }
  }

  /// The sentence for a contract that is no more.
  static func expired(_ id: Identifier, _ expiry: Instant, _ asOf: Instant) -> String {
    "expected an expiry after as_of \(asOf.text), found that \(id) expired at \(expiry.text)"
  }

  /// Takes in the instruments of a book.
  mutating func read(_ table: RowTable, asOf: Instant, log: inout FailureLog) throws(DocumentError) {
    hasFile = true
    let rows = InstrumentRows(table)
    log.beginFile()
    for row in 0..<table.rowCount {
      var id: Identifier?
      do throws(RowFault) {
        let instrument = try rows.instrument(row, id: &id)
        guard places.existingPlace(of: Array(instrument.id.text.utf8)[...]) == nil else {
          throw RowFault(
            column: rows.id, reason: .duplicate, message: "found the instrument \(instrument.id) twice")
        }
        add(instrument.id, .found(instrument))
      } catch {
        let failure = rows.reader.failure(error, row: row)
        try log.add(failure)
        // The first row of a name stands; a name whose only row is wrong is wrong wherever it is held.
        if let id, error.reason != .duplicate, places.existingPlace(of: Array(id.text.utf8)[...]) == nil {
          add(id, .refused(error.reason, "the instrument \(id) was set aside at \(failure.path)"))
        }
      }
    }
    try log.endFile(table.name, rows: table.rowCount)
  }

  private mutating func add(_ id: Identifier, _ definition: Definition) {
    if places.place(of: Array(id.text.utf8)[...]) == definitions.count { definitions.append(definition) }
  }
}

import CommandLineKit
import RiskNumerics
import StructuredText
import SystemFiles

/// What `greeks` and `implied-vol` have in common: columns in, columns out, row by row and in order.
struct ColumnRun {
  static let format = Option("format", value: "FORMAT", default: ColumnFormat.csv, help: "default csv")
  static let operand = Operand("FILE", help: "columns as CSV (or JSON Lines, *.jsonl); - is standard input")

  /// Rows of one task, and tasks between two writes: enough to keep threads busy, few enough to stay small.
  private static let rowsPerTask = 2_048
  private static let tasksPerWave = 64

  let line: Invocation
  let columns: OptionColumns

  /// Reads the columns.
  init(_ line: Invocation, quote: String) throws(CommandError) {
    self.line = line
    let path = line.operands.first ?? "-"
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try path == "-" ? FileReader.standardInput() : FileReader.bytes(of: path)
    } catch {
      throw CommandError(reading: error)
    }
    let name = path == "-" ? "standard input" : path
    let schema = OptionColumns.schema(quote: quote)
    do throws(TextError) {
      let table =
        try path.hasSuffix(".jsonl")
        ? JSONLinesReader.read(bytes, name: name, schema: schema)
        : CSVReader.read(bytes, name: name, schema: schema)
      columns = OptionColumns(table: table, quoteName: quote)
    } catch {
      throw CommandError(error, file: name)
    }
    if let missing = columns.missing { throw .badData("\(name):1: expected \(missing)") }
  }

  /// Computes and prints every row.
  ///
  /// - Parameter compute: the figures of a range of rows, one for each.
  /// - Returns: 0, or 2 where a row has no figures.
  func print(
    _ writer: ColumnWriter, _ compute: @Sendable (Range<Int>) -> [ColumnRow]
  ) throws(CommandError) -> Int32 {
    let team = ThreadTeam(threadCount: try CommonOptions.threadCount(line))
    let count = columns.table.rowCount
    var refused = 0
    var pending = writer.head
    var first = 0
    while first < count {
      if let status = SignalFlags.stopStatus { throw .stop(status: status, message: "stopped by a signal") }
      let start = first
      let tasks = min(Self.tasksPerWave, (count - start + Self.rowsPerTask - 1) / Self.rowsPerTask)
      let done = team.map(count: tasks) { task in
        let from = start + task * Self.rowsPerTask
        return Self.rows(from..<min(from + Self.rowsPerTask, count), writer, compute)
      }
      for (bytes, failed, firstFailure) in done {
        if let failure = firstFailure, line(CommonOptions.strict) {
          throw .badData("\(columns.table.path(row: failure.row)): \(failure.status), and --strict is given")
        }
        refused += failed
        pending += bytes
      }
      // With --strict nothing may be written before the last row is known to be good.
      if !line(CommonOptions.strict) {
        try line.out.write(pending)
        pending = []
      }
      first += tasks * Self.rowsPerTask
    }
    try line.out.write(pending + writer.tail)
    if refused > 0 {
      line.err.note("plimsoll: \(refused) of \(count) rows have no figures; see their status")
    }
    return refused > 0 ? ExitStatus.writtenWithFailures : ExitStatus.success
  }

  private static func rows(
    _ places: Range<Int>, _ writer: ColumnWriter, _ compute: @Sendable (Range<Int>) -> [ColumnRow]
  ) -> (bytes: [UInt8], failed: Int, first: (row: Int, status: String)?) {
    var bytes: [UInt8] = []
    var failed = 0
    var first: (row: Int, status: String)?
    for (place, row) in zip(places, compute(places)) {
      if row.figures.allSatisfy({ $0 == nil }) {
        failed += 1
        if first == nil { first = (place, row.status) }
      }
      writer.append(row, number: place, to: &bytes)
    }
    return (bytes, failed, first)
  }
}

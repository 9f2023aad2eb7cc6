import CommandLineKit
import StructuredText

/// How columns are printed.
enum ColumnFormat: String, CaseIterable, OptionValue {
  case csv
  case json
  case jsonl
}

/// One computed row: its figures stand between id and status.
struct ColumnRow {
  var id: String?
  /// In the order of `ColumnWriter.figures`; nil prints as an empty cell or `null`.
  var figures: [Double?]
  var status: String
  /// In the order of `ColumnWriter.extras`.
  var extras: [Double?] = []
}

/// Prints rows of figures as CSV, as a JSON array, or as JSON Lines.
struct ColumnWriter: Sendable {
  let format: ColumnFormat
  /// Names of the figures, without `id` and `status`.
  let figures: [String]
  /// Names of the columns after `status`.
  let extras: [String]

  /// What stands before the first row.
  var head: [UInt8] {
    switch format {
    case .csv: Array((["id"] + figures + ["status"] + extras).joined(separator: ",").utf8) + [0x0A]
    case .json: [0x5B, 0x0A]
    case .jsonl: []
    }
  }

  /// What stands after the last row.
  var tail: [UInt8] { format == .json ? [0x0A, 0x5D, 0x0A] : [] }

  /// Appends a row.
  ///
  /// - Parameter number: place of the row, from 0.
  func append(_ row: ColumnRow, number: Int, to bytes: inout [UInt8]) {
    switch format {
    case .csv: appendCells(row, number: number, to: &bytes)
    case .json:
      if number > 0 { bytes += [0x2C, 0x0A] }
      bytes += object(row, number: number)
    case .jsonl: bytes += object(row, number: number) + [0x0A]
    }
  }

  private func appendCells(_ row: ColumnRow, number: Int, to bytes: inout [UInt8]) {
    if let id = row.id { bytes += Self.cell(id) } else { NumberText.append(Int64(number) + 1, to: &bytes) }
    for figure in row.figures { Self.append(figure, to: &bytes) }
    bytes.append(0x2C)
    bytes += row.status.utf8
    for extra in row.extras { Self.append(extra, to: &bytes) }
    bytes.append(0x0A)
  }

  private static func append(_ figure: Double?, to bytes: inout [UInt8]) {
    bytes.append(0x2C)
    if let figure { _ = NumberText.append(figure, to: &bytes) }
  }

  /// A text as a cell: quoted where a reader would take it for more than one.
  private static func cell(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard bytes.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return bytes }
    return [0x22] + bytes.flatMap { $0 == 0x22 ? [$0, $0] : [$0] } + [0x22]
  }

  private func object(_ row: ColumnRow, number: Int) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.key("id")
    if let id = row.id { json.string(id) } else { json.integer(number + 1) }
    for (name, figure) in zip(figures, row.figures) { json.field(name, figure) }
    json.field("status", row.status)
    for (name, extra) in zip(extras, row.extras) { json.field(name, extra) }
    json.endObject()
    return json.bytes
  }
}

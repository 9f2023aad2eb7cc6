/// Rows of cells as aligned text for people.
struct TextTable {
  /// The first row names the columns.
  let rows: [[String]]
  /// Columns that hold numbers and stand flush right.
  var numeric: Set<Int> = []

  /// The lines, each ended; columns two blanks apart, none at the end of a line.
  var text: String {
    let count = rows.reduce(0) { max($0, $1.count) }
    let widths = (0..<count).map { column in
      rows.reduce(0) { max($0, $1.indices.contains(column) ? $1[column].count : 0) }
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let blanks = String(repeating: " ", count: max(0, widths[column] - cell.count))
        if column > 0 { line += "  " }
        line += numeric.contains(column) ? blanks + cell : cell + blanks
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// A sum of money for people: whole units with thousands apart, two decimals below a hundred.
  static func money(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    let isSmall = value.magnitude < 100
    let scaled = (isSmall ? value * 100 : value).rounded()
    guard let whole = Int(exactly: scaled) else { return "\(value)" }
    let units = isSmall ? whole.magnitude / 100 : whole.magnitude
    var text = grouped(String(units))
    if isSmall {
      let cents = whole.magnitude % 100
      text += "." + (cents < 10 ? "0" : "") + String(cents)
    }
    return (whole < 0 ? "-" : "") + text
  }

  /// A duration for people, to the millisecond.
  static func seconds(_ value: Double) -> String { "\((value * 1_000).rounded() / 1_000) s" }

  private static func grouped(_ digits: String) -> String {
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}

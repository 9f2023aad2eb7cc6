/// A table for a terminal: columns as wide as their widest cell, the first aligned left, figures right.
package struct TextTable {
  /// One cell; colour is put on after padding, so that columns stay straight.
  struct Cell {
    var text: String
    var paint: (String) -> String

    init(_ text: String, _ paint: @escaping (String) -> String = { $0 }) {
      self.text = text
      self.paint = paint
    }
  }

  private let leftColumns: Int
  private let indentation: String
  private var rows: [[Cell]] = []

  /// An empty table.
  ///
  /// - Parameters:
  ///   - leftColumns: how many columns from the left hold words rather than figures.
  ///   - indentation: what every row begins with.
  init(leftColumns: Int = 1, indentation: String = "  ") {
    self.leftColumns = leftColumns
    self.indentation = indentation
  }

  /// A plain table: a row of names, then rows of cells, without colour.
  package init(head: [String], rows: [[String]], leftColumns: Int) {
    self.init(leftColumns: leftColumns, indentation: "")
    for row in [head] + rows { add(row.map { Cell($0) }) }
  }

  mutating func add(_ cells: [Cell]) {
    rows.append(cells)
  }

  mutating func add(header: [String], _ style: TextStyle) {
    rows.append(header.map { Cell($0, style.faint) })
  }

  /// The rows, each ended by a line break.
  package func text() -> String {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.text.count)
      }
    }
    var text = ""
    for row in rows {
      var line = ""
      for (column, cell) in row.enumerated() {
        let blanks = String(repeating: " ", count: widths[column] - cell.text.count)
        let isLast = column == row.count - 1
        line += column == 0 ? indentation : "   "
        // No blanks at the end of a line.
        line +=
          column < leftColumns
          ? cell.paint(cell.text) + (isLast ? "" : blanks) : blanks + cell.paint(cell.text)
      }
      text += line + "\n"
    }
    return text
  }
}

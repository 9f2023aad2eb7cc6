/// A table of the page: names on the left, figures on the right, scrolled sideways where a phone is too narrow.
struct PageTable {
  /// One cell.
  struct Cell {
    /// What stands in it.
    enum Content {
      /// The program's own words and figures.
      case text(String)
      /// A name of anybody's making.
      case name(String)
      /// A name that leads to a place of the page.
      case link(String, to: String)
    }

    var content: Content
    /// A second line below it, smaller; empty for none.
    var remark = ""
    /// A class of the style sheet; empty for none.
    var style = ""

    static func text(_ text: String) -> Cell { Cell(content: .text(text)) }
    static func name(_ name: String) -> Cell { Cell(content: .name(name)) }
    static func link(_ name: String, to place: String) -> Cell { Cell(content: .link(name, to: place)) }

    /// A figure with a smaller line below.
    static func text(_ text: String, over remark: String) -> Cell {
      Cell(content: .text(text), remark: remark)
    }

    /// A figure, marked where it is below zero.
    static func signed(_ text: String, _ value: Double?) -> Cell {
      Cell(content: .text(text), style: (value ?? 0) < 0 ? "loss" : "")
    }
  }

  /// A row; its first cell is its heading.
  struct Row {
    var cells: [Cell]
    /// Whether it is the one to see first.
    var isBest = false
  }

  let caption: String
  let head: [String]
  /// So many columns from the left hold words.
  var wordColumns = 1
  var rows: [Row] = []
  var showsCaption = true

  /// Writes the table; nothing where it has no rows.
  func write(to markup: inout Markup) {
    guard !rows.isEmpty else { return }
    markup.element("div", ["class": "scroll", "role": "region", "tabindex": "0", "aria-label": caption]) {
      $0.element("table") { markup in
        if showsCaption { markup.element("caption", text: caption) }
        markup.element("thead") {
          $0.element("tr") { markup in
            for (column, title) in head.enumerated() {
              let style = style("", column)
              markup.element(
                "th", style.isEmpty ? ["scope": "col"] : ["scope": "col", "class": style], text: title)
            }
          }
        }
        markup.element("tbody") { markup in
          for row in rows { write(row, to: &markup) }
        }
      }
    }
  }

  private func write(_ row: Row, to markup: inout Markup) {
    markup.element("tr", row.isBest ? ["class": "best"] : [:]) { markup in
      for (column, cell) in row.cells.enumerated() {
        let style = style(cell.style, column)
        if column == 0 {
          markup.element("th", style.isEmpty ? ["scope": "row"] : ["scope": "row", "class": style]) {
            write(cell, to: &$0)
          }
        } else if style.isEmpty {
          markup.element("td") { write(cell, to: &$0) }
        } else {
          markup.element("td", ["class": style]) { write(cell, to: &$0) }
        }
      }
    }
  }

  private func write(_ cell: Cell, to markup: inout Markup) {
    switch cell.content {
    case .text(let text): markup.text(text)
    // A cell is a paragraph of its own: no name in it can turn another one around.
    case .name(let name): markup.text(HTMLText.shortened(name, to: 80))
    case .link(let name, let place): markup.element("a", ["href": "#" + place]) { $0.name(name) }
    }
    if !cell.remark.isEmpty { markup.element("small", text: cell.remark) }
  }

  private func style(_ style: String, _ column: Int) -> String {
    // The style sheet knows the first column for words.
    guard column > 0, column < wordColumns else { return style }
    return style.isEmpty ? "w" : "w " + style
  }
}

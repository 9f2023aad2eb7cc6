/// Profit and surplus against spot, one above the other on one axis of moves, with the spots at which the account
/// is liquidated.
struct LadderChart {
  /// One line of the lower panel.
  struct Series {
    var mode: PageMode
    var values: [Double?]
  }

  /// A spot at which something is liquidated.
  struct Root {
    var mode: PageMode
    /// Relative move of spot.
    var move: Double
    /// Its price, as it is shown.
    var text: String
    /// Whether one position stands alone rather than the account.
    var isPosition: Bool
  }

  let title: String
  let description: String
  let moves: [Double]
  let profitAndLoss: [Double?]
  let surplus: [Series]
  let roots: [Root]
  /// Today's spot and the prices at a move; nil where several underlyings move.
  let price: ((Double) -> String)?

  private static let left = 42.0
  private static let right = 300.0
  private static let panelHeight = 104.0
  private static let gap = 26.0

  private var head: Double { 14 + 12 * Double(max(1, rootRows.count)) }
  private var lowerTop: Double { head + Self.panelHeight + Self.gap }
  private var bottom: Double { lowerTop + (surplus.isEmpty ? -Self.gap : Self.panelHeight) }

  /// Draws the chart.
  func draw(_ markup: inout Markup) {
    let x = LinearScale(over: moves, start: Self.left, end: Self.right)
    markup.drawing(title: title, description: description, height: bottom + 36) { markup in
      markup.line(x1: x(0), y1: head - 4, x2: x(0), y2: bottom, "today")
      panel(
        &markup, x: x, top: head, name: "profit and loss", lines: [(profitAndLoss, "line ink")])
      if !surplus.isEmpty {
        let names = "surplus by mode"
        panel(
          &markup, x: x, top: lowerTop, name: names,
          lines: surplus.map { ($0.values, "line \($0.mode.rawValue)") })
        nameLines(&markup)
      }
      drawRoots(&markup, x: x)
      axis(&markup, x: x)
    }
  }

  private func panel(
    _ markup: inout Markup, x: LinearScale, top: Double, name: String, lines: [([Double?], String)]
  ) {
    let y = yScale(lines.map(\.0), top: top)
    for tick in y.ticks(4) {
      markup.line(x1: Self.left, y1: y(tick), x2: Self.right, y2: y(tick), tick == 0 ? "zero" : "rule")
      markup.label(PageFigure.short(tick), x: Self.left - 4, y: y(tick) + 3.5, anchor: "end", "s")
    }
    markup.label(name, x: Self.left, y: top - 5, "s strong")
    for (values, style) in lines {
      markup.polyline(zip(moves, values).map { move, value in value.map { (x(move), y($0)) } }, style)
    }
  }

  private func yScale(_ lines: [[Double?]], top: Double) -> LinearScale {
    LinearScale(
      over: lines.flatMap { $0.compactMap { $0 } } + [0], start: top + Self.panelHeight, end: top)
  }

  /// The names of the lines at their right ends, pushed apart where they would lie on one another.
  private func nameLines(_ markup: inout Markup) {
    let y = yScale(surplus.map(\.values), top: lowerTop)
    var ends: [(mode: PageMode, y: Double)] = []
    for series in surplus {
      if let last = series.values.last, let last { ends.append((series.mode, y(last) + 4)) }
    }
    ends.sort { $0.y < $1.y }
    var floor = lowerTop
    for (place, end) in ends.enumerated() {
      // Leave room below for the names that follow.
      let ceiling = lowerTop + Self.panelHeight + 4 - 12 * Double(ends.count - 1 - place)
      let at = min(max(end.y, floor), ceiling)
      markup.label(end.mode.rawValue, x: Self.right + 5, y: at, "s strong \(end.mode.rawValue)")
      floor = at + 12
    }
  }

  /// Whole-account roots in rows of labels that do not overlap.
  private var rootRows: [[Root]] {
    let x = LinearScale(over: moves, start: Self.left, end: Self.right)
    var rows: [[Root]] = []
    for root in roots.filter({ !$0.isPosition && isInside($0) }).sorted(by: { $0.move < $1.move }) {
      let free = rows.firstIndex { row in
        row.last.map { x(root.move) - x($0.move) > 96 } ?? true
      }
      if let free { rows[free].append(root) } else { rows.append([root]) }
    }
    return rows
  }

  private func isInside(_ root: Root) -> Bool {
    root.move >= moves.min() ?? 0 && root.move <= moves.max() ?? 0
  }

  private func drawRoots(_ markup: inout Markup, x: LinearScale) {
    for (place, row) in rootRows.enumerated() {
      for root in row {
        let y = 10 + 12 * Double(place)
        let at = x(root.move)
        markup.line(x1: at, y1: y + 3, x2: at, y2: bottom, "root \(root.mode.rawValue)")
        let anchor = at < Self.left + 50 ? "start" : at > Self.right - 40 ? "end" : "middle"
        markup.label(
          "\(root.mode.rawValue) \(root.text)", x: at, y: y, anchor: anchor, "s strong \(root.mode.rawValue)")
      }
    }
    for root in roots where root.isPosition && isInside(root) {
      markup.pointer(x: x(root.move), y: bottom, down: true, "fill \(root.mode.rawValue)")
    }
  }

  private func axis(_ markup: inout Markup, x: LinearScale) {
    markup.line(x1: Self.left, y1: bottom, x2: Self.right, y2: bottom, "zero")
    for move in [-0.5, -0.25, 0, 0.25, 0.5] where move >= x.low && move <= x.high {
      markup.line(x1: x(move), y1: bottom, x2: x(move), y2: bottom + 4, "zero")
      let text = move == 0 ? "today" : PageFigure.wholeMove(move)
      markup.label(text, x: x(move), y: bottom + 15, anchor: "middle", "s")
      if let price {
        markup.label(price(move), x: x(move), y: bottom + 28, anchor: "middle", "s faint")
      }
    }
  }
}

/// Bars below their labels: a name on the left, its figure on the right, the bar under both, so that long names
/// and long figures have room on a phone.
struct BarChart {
  /// One line of the chart.
  enum Row {
    /// A name that the bars below belong to, and a remark at its right.
    case heading(String, remark: String, style: String)
    /// A bar from one figure to another.
    case bar(label: String, text: String, from: Double, to: Double, style: String)
  }

  /// A figure that all bars are held against.
  struct Reference {
    var value: Double
    var label: String
  }

  let title: String
  let description: String
  var rows: [Row]
  var reference: Reference?
  /// Whether a thin line leads from the end of a bar to the next: the steps of a waterfall.
  var isConnected = false

  private static let rowHeight = 27.0
  private static let headingHeight = 22.0
  private static let barHeight = 8.0

  /// Draws the chart.
  func draw(_ markup: inout Markup) {
    let scale = LinearScale(over: domain, start: 1, end: Markup.drawingWidth - 1)
    let heights = rows.map { row in
      if case .heading = row { Self.headingHeight } else { Self.rowHeight }
    }
    let foot = reference == nil ? 4.0 : 18
    let bottom = heights.reduce(2, +)
    markup.drawing(title: title, description: description, height: bottom + foot) { markup in
      if scale.low < 0 {
        markup.line(x1: scale(0), y1: 4, x2: scale(0), y2: bottom, "zero")
      }
      drawReference(&markup, scale: scale, bottom: bottom)
      var top = 2.0
      var last: (x: Double, y: Double)?
      for (row, height) in zip(rows, heights) {
        draw(row, &markup, top: top, scale: scale, last: &last)
        top += height
      }
    }
  }

  private func draw(
    _ row: Row, _ markup: inout Markup, top: Double, scale: LinearScale, last: inout (x: Double, y: Double)?
  ) {
    let right = Markup.drawingWidth - 1
    switch row {
    case .heading(let text, let remark, let style):
      last = nil
      markup.label(text, x: 1, y: top + 16, "strong \(style)")
      markup.label(remark, x: right, y: top + 16, anchor: "end", "faint")
    case .bar(let label, let text, let from, let to, let style):
      let y = top + 17
      if isConnected, let last {
        markup.line(x1: last.x, y1: last.y, x2: last.x, y2: y + Self.barHeight, "link")
      }
      markup.label(HTMLText.shortened(label, to: 34), x: 1, y: top + 13)
      markup.label(text, x: right, y: top + 13, anchor: "end")
      markup.bar(from: scale(from), to: scale(to), y: y, height: Self.barHeight, style)
      last = (scale(to), y)
    }
  }

  private func drawReference(_ markup: inout Markup, scale: LinearScale, bottom: Double) {
    guard let reference else { return }
    let isInside = reference.value <= scale.high && reference.value >= scale.low
    let x = scale(reference.value)
    if isInside { markup.line(x1: x, y1: 4, x2: x, y2: bottom + 3, "mark") }
    let anchor = x < 90 ? "start" : x > Markup.drawingWidth - 90 ? "end" : "middle"
    markup.label(
      isInside ? reference.label : reference.label + " ▸", x: isInside ? x : Markup.drawingWidth - 1,
      y: bottom + 14, anchor: isInside ? anchor : "end", "s")
  }

  /// Everything drawn, zero, and the reference where it would not press all bars together.
  private var domain: [Double] {
    var values = [0.0]
    for case .bar(_, _, let from, let to, _) in rows { values += [from, to] }
    if let reference, let most = values.max(), reference.value > 0, reference.value <= 3 * most {
      values.append(reference.value)
    }
    return values
  }
}

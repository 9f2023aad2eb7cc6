import MarginModels
import MarketModel

extension ProcyclicalityPanel {
  /// The words above `cells`.
  static let head = ["peak/trough", "1 day call", "5 days", "20 days", "breaches"]

  /// Mean, peak over trough, the largest calls and the share of days that were breached.
  var cells: [String] {
    let calls = largestCalls.map { call in
      TextFigure.money(call.increase) + (call.relative.map { " (+\(Self.percent($0, decimals: 0)))" } ?? "")
    }
    let blank = [String](repeating: "n/a", count: max(0, Procyclicality.horizons.count - calls.count))
    return [TextFigure.money(mean), peakToTrough.map { TextFigure.fixed($0, decimals: 2) } ?? "n/a"]
      + calls + blank + [Self.percent(breachRate, decimals: 1)]
  }

  static func percent(_ share: Double?, decimals: Int) -> String {
    guard let share else { return "n/a" }
    return TextFigure.fixed(share * 100, decimals: decimals) + " %"
  }
}

extension Explanation {
  /// How requirements that follow volatility stand today, and how they would have moved over the history.
  func volatilityText(_ dynamic: DynamicMarginFigure, _ style: TextStyle) -> String {
    var text =
      "Requirements follow volatility: today they are \(TextFigure.fixed(dynamic.factor, decimals: 2)) "
    text +=
      "times the models' (\(TextFigure.fixed(dynamic.factorWithoutTools, decimals: 2)) without the tools).\n"
    var scaled = TextTable(leftColumns: 2)
    scaled.add(header: ["Scaled", "mode", "initial", "maintenance", "surplus"], style)
    for figure in dynamic.scaled {
      scaled.add(
        [TextTable.Cell(figure.model), TextTable.Cell(figure.mode.rawValue)]
          + [figure.initial, figure.maintenance].map { TextTable.Cell(TextFigure.money($0)) }
          + [TextTable.Cell(TextFigure.money(figure.surplus)) { style.signed($0, figure.surplus) }])
    }
    var courses = TextTable()
    courses.add(header: ["Over the history", "mean"] + ProcyclicalityPanel.head, style)
    for course in dynamic.courses {
      courses.add(([course.rule] + course.panel.cells).map { TextTable.Cell($0) })
    }
    return text + scaled.text() + courses.text()
  }
}

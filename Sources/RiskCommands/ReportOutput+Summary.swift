import CommandLineKit
import Plimsoll

extension ReportOutput {
  /// Says on one screen what a run found, for the person who started it.
  static func noteSummary(_ report: RunReport, to err: Sink) {
    let book = report.book
    let figures = book.figures
    var rows = [
      ["accounts", "\(book.accountCount)"], ["incomplete", "\(book.incompleteCount)"],
      ["equity", TextTable.money(figures.equity)],
    ]
    if let total = figures.greeks?.total {
      rows.append(["cash delta", TextTable.money(total.cashDelta)])
      rows.append(["cash gamma 1%", TextTable.money(total.cashGamma1Percent)])
    }
    for risk in figures.valueAtRisk ?? [] {
      let days = risk.horizonDays == 1 ? "1 day" : "\(risk.horizonDays) days"
      rows.append(["VaR \(risk.confidence.decimal), \(days)", TextTable.money(risk.valueAtRisk)])
      rows.append(["ES \(risk.confidence.decimal), \(days)", TextTable.money(risk.expectedShortfall)])
    }
    for stress in figures.stress ?? [] {
      rows.append(["stress \(stress.scenario.text)", TextTable.money(stress.profitAndLoss)])
    }
    err.write(TextTable(rows: rows, numeric: [1]))
    if let comparison = figures.margin?.comparison {
      let modes = [
        ("isolated", comparison.isolated), ("cross", comparison.cross), ("portfolio", comparison.portfolio),
      ]
      let body = modes.map { name, mode in
        [name, mode.model] + [mode.initial, mode.maintenance, mode.capital].map(TextTable.money)
      }
      let head = ["margin", "model", "initial", "maintenance", "capital"]
      err.note("")
      err.write(TextTable(rows: [head] + body, numeric: [2, 3, 4]))
    }
    if !report.failures.isEmpty {
      err.note("")
      err.note("\(report.failures.count) set aside:")
      note(report.failures, to: err)
    }
    err.note("")
  }
}

extension Sink {
  fileprivate func write(_ table: TextTable) {
    for line in table.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      note(String(line))
    }
  }
}

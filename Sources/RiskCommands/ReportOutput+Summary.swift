import CommandLineKit
import Plimsoll
import SystemFiles

extension ReportOutput {
  /// Says on one screen what a run found, for the person who started it.
  static func noteSummary(_ report: RunReport, assets: [Identifier], to err: Sink) {
    let table = SummaryTable(
      provenance: report.head.provenance, assets: assets, book: report.book, accounts: report.accounts,
      failureCount: report.failures.count)
    let text = table.text(isColoured: Surroundings.allowsColour(err))
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      err.note(String(line))
    }
    note(report.failures, to: err)
    err.note("")
  }
}

extension Surroundings {
  /// Whether text for a sink may carry colour: a person is looking, and NO_COLOR is not set.
  static func allowsColour(_ sink: Sink) -> Bool {
    sink.isTerminal && (variable("NO_COLOR") ?? "").isEmpty
  }
}

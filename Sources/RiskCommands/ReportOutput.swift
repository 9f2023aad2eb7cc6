import CommandLineKit
import Plimsoll
import RiskNumerics
import SystemFiles

/// Prints a run to standard output: the document, its accounts line by line, or tables for people.
struct ReportOutput {
  private static let accountsPerWave = 512
  private static let failuresShown = 20

  let line: Invocation
  let run: PreparedRun

  /// Prints in the format of the line: by default a table on a terminal and JSON elsewhere.
  ///
  /// - Returns: the exit status.
  func print(
    failOn: RunCommand.FailureCondition? = nil, table: AccountTable = .summary
  ) throws(CommandError) -> Int32 {
    switch format {
    case .json: try document(failOn: failOn)
    case .jsonl: try accountLines(failOn: failOn)
    case .table: try self.table(table, failOn: failOn)
    }
  }

  /// That of the line, else a table on a terminal and JSON elsewhere.
  static func format(of line: Invocation) -> ReportFormat {
    line(CommonOptions.format) ?? (line.out.isTerminal ? .table : .json)
  }

  private var format: ReportFormat { Self.format(of: line) }

  /// Prints a comparison: the document or its lines, or blocks for people with the book at the end.
  ///
  /// - Returns: the exit status.
  func printComparison() throws(CommandError) -> Int32 {
    guard format == .table else { return try print() }
    let market = run.engine.valued.book.market
    var text = ComparisonText(
      currency: market.baseCurrency, asOf: market.asOf, isColoured: Surroundings.allowsColour(line.out))
    let status = try forEachAccount(failOn: nil) {
      ($0, [])
    } take: {
      text.add($0)
    }
    try line.out.write(Array(text.text().utf8))
    return status
  }

  private func document(failOn: RunCommand.FailureCondition?) throws(CommandError) -> Int32 {
    let report = try computed { _ in true }
    try run.checkStrict(report.failures, line)
    try line.out.write(report.document)
    if report.hasAccountFile, !line(CommonOptions.quiet) {
      line.err.note(
        "plimsoll: the report holds no accounts, for there are more than \(ReportWriter.accountLimit); "
          + "their lines come with run --out DIR or --format jsonl")
    }
    noteFailures(report.failures)
    return Self.status(report, failOn: failOn)
  }

  /// One object an account, as in `accounts.jsonl`, whatever their number; the last line is the rest of the
  /// report.
  private func accountLines(failOn: RunCommand.FailureCondition?) throws(CommandError) -> Int32 {
    var broken: CommandError?
    let report = try computed(keepsAccounts: false) { lines in
      do throws(CommandError) { try line.out.write(lines) } catch { broken = error }
      return broken == nil
    } ending: {
      broken
    }
    try run.checkStrict(report.failures, line)
    // A line break inside a string is written `\n`: every byte 0x0A stands between two keys or elements.
    try line.out.write(report.document.filter { $0 != 0x0A } + [0x0A])
    noteFailures(report.failures)
    return Self.status(report, failOn: failOn)
  }

  private func table(
    _ table: AccountTable, failOn: RunCommand.FailureCondition?
  ) throws(CommandError) -> Int32 {
    var rows: [[String]] = []
    let status = try forEachAccount(failOn: failOn) {
      (table.rows($0), [])
    } take: {
      rows += $0
    }
    try line.out.write(Array(table.text(rows).utf8))
    return status
  }

  private func computed(
    keepsAccounts: Bool? = nil, _ emit: ([UInt8]) -> Bool, ending: () -> CommandError? = { nil }
  ) throws(CommandError) -> RunReport {
    let report = run.engine.report(
      inputDigests: run.digests, keepsAccounts: keepsAccounts, isStopped: { SignalFlags.stopSignal != nil },
      emit: emit)
    if let error = ending() { throw error }
    try PreparedRun.checkSignals()
    guard let report else {
      throw .stop(status: ExitStatus.internalError, message: "the run ended without a report")
    }
    return report
  }

  /// Computes accounts on all threads and takes what is made of them in account order, wave by wave.
  ///
  /// - Parameters:
  ///   - render: makes a part of the output of an account, and names figures that could not be shown.
  ///   - take: receives the parts.
  /// - Returns: the exit status.
  private func forEachAccount<Part: Sendable>(
    failOn: RunCommand.FailureCondition?, render: @Sendable (ReportAccount) -> (Part, [Failure]),
    take: (Part) throws(CommandError) -> Void
  ) throws(CommandError) -> Int32 {
    let engine = run.engine
    var failures = engine.failures
    try run.checkStrict(failures, line)
    var isBreached = false
    let team = ThreadTeam(threadCount: run.threads)
    let count = engine.valued.book.accounts.count
    var first = 0
    while first < count {
      try PreparedRun.checkSignals()
      let start = first
      let size = min(Self.accountsPerWave, count - start)
      let wave = team.map(count: size) { place -> AccountPart<Part>? in
        guard let (account, failures) = engine.account(start + place) else { return nil }
        let (part, more) = render(account)
        return AccountPart(
          part: part, failures: failures + more, isBreached: account.figures.margin?.isBreached ?? false)
      }
      for account in wave {
        guard let account else { continue }
        try take(account.part)
        failures += account.failures
        isBreached = isBreached || account.isBreached
      }
      first += size
    }
    noteFailures(failures)
    return Self.status(hasFailures: !failures.isEmpty, isBreached: isBreached, failOn: failOn)
  }

  private func noteFailures(_ failures: [Failure]) {
    if !line(CommonOptions.quiet) { Self.note(failures, to: line.err) }
  }

  /// Says what was set aside, the first of them in full.
  static func note(_ failures: [Failure], to err: Sink) {
    for failure in failures.prefix(failuresShown) {
      err.note("\(failure.path): \(failure.reason.word): \(failure.message)")
    }
    if failures.count > failuresShown {
      err.note("… and \(failures.count - failuresShown) more")
    }
  }

  static func status(_ report: RunReport, failOn: RunCommand.FailureCondition?) -> Int32 {
    status(hasFailures: !report.failures.isEmpty, isBreached: report.breachCount > 0, failOn: failOn)
  }

  static func status(
    hasFailures: Bool, isBreached: Bool, failOn: RunCommand.FailureCondition?
  ) -> Int32 {
    if failOn == .breach, isBreached { return ExitStatus.breach }
    return hasFailures ? ExitStatus.writtenWithFailures : ExitStatus.success
  }
}

/// What was made of one account.
private struct AccountPart<Part: Sendable>: Sendable {
  let part: Part
  let failures: [Failure]
  let isBreached: Bool
}

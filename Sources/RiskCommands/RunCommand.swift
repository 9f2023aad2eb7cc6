import CommandLineKit
import Plimsoll
import SystemFiles

/// `plimsoll run BOOK --out DIR`: the nightly batch.
enum RunCommand {
  static let out = Option<String?>(
    "out", value: "DIR", help: "folder of the report; without it, standard output")
  static let failOn = Option<FailureCondition?>(
    "fail-on", value: "CONDITION", help: "exit with status 3 when an account's equity is below maintenance")

  /// What ends a finished run with a status of its own.
  enum FailureCondition: String, CaseIterable, OptionValue {
    case breach
  }

  static let command = Command(
    "run", abstract: "The nightly batch: every measure that the book's run.json asks for, one report.",
    discussion: [
      "DIR gets report.json, accounts.jsonl (from 1,001 accounts on) and run.log.json, each whole or not at "
        + "all. The same inputs and seed give the same bytes on any number of threads.",
      "Without --out the report goes to standard output, with an empty list of accounts where there are more "
        + "than 1,000. --format jsonl writes one account a line, whatever their number, and the rest of the "
        + "report as the last line.",
      "--history adds the run to a SQLite file, once a book and as-of instant, after the report is written; a file that "
        + "cannot be used ends the run before its work.",
      "Exit status: 0 all well, 2 written with failures, 3 breach, 64 usage, 65 bad data, 66 no input, 71 beyond "
        + "the memory, 74 cannot write, 75 folder in use, 130 or 143 stopped by a signal.",
    ],
    operands: [PreparedRun.operand],
    options: rows(
      out, CommonOptions.modelFiles, CommonOptions.seed, CommonOptions.paths, CommonOptions.nightlyDetail,
      CommonOptions.threads,
      CommonOptions.format,
      CommonOptions.strict, CommonOptions.maxRefused, failOn, RunKeeper.history, RunKeeper.book,
      CommonOptions.quiet),
    examples: [
      Example("plimsoll run desk --out report", "everything, with the defaults"),
      Example("plimsoll run desk --out report --seed 7 --strict", "stop at the first bad row"),
    ]
  ) { line throws(CommandError) in
    guard let folder = line(out) else {
      guard !line.has(RunKeeper.history) else {
        throw .usage("'--history' needs '--out', which is not given")
      }
      return try ReportOutput(line: line, run: PreparedRun(line)).print(failOn: line(failOn))
    }
    // Every name in a book must be a member of it: a report inside would spoil the book for the next run.
    guard !Folder.holds("market.json", in: folder) else {
      throw .usage("'--out' is '\(folder)', which holds a book; expected a folder of its own for the report")
    }
    let keeper = try RunKeeper(line)
    return try write(LoadedRun(line), to: folder, keeper, line)
  }

  /// Computes and publishes under the lock of the folder; what is there stays until the new file is whole.
  private static func write(
    _ loaded: LoadedRun, to folder: String, _ keeper: RunKeeper?, _ line: Invocation
  ) throws(CommandError) -> Int32 {
    // Before the work begins: whoever comes second should know at once.
    let lock = try CommandError.writing { () throws(FileError) in try FolderLock(making: folder) }
    var run = try PreparedRun(loaded, line)
    var accounts: AtomicFile?
    var broken: FileError?
    let isStopped = { SignalFlags.stopSignal != nil }
    let report = run.engine.report(inputDigests: run.digests, isStopped: isStopped) { lines in
      do throws(FileError) {
        if accounts == nil { accounts = try AtomicFile(accountsName, in: folder) }
        try accounts?.append(lines)
      } catch {
        broken = error
      }
      return broken == nil
    }
    if let broken { throw CommandError(writing: broken) }
    try PreparedRun.checkSignals()
    guard let report else {
      throw .stop(status: ExitStatus.internalError, message: "the run ended without a report")
    }
    run.note("compute")
    try run.checkStrict(report.failures, line)
    // The report comes last: where it is new, everything beside it is.
    try CommandError.writing { () throws(FileError) in
      try accounts?.commit()
      try AtomicFile.write(report.document, to: "report.json", in: folder)
      if !report.hasAccountFile { try AtomicFile.remove(accountsName, in: folder) }
    }
    run.note("write")
    if let keeper {
      try keeper.keep(run)
      run.note("history")
    }
    let status = ReportOutput.status(report, failOn: line(failOn))
    try CommandError.writing { () throws(FileError) in
      try AtomicFile.write(run.log.document(status: status), to: "run.log.json", in: folder)
    }
    lock.hold()
    if !line(CommonOptions.quiet) {
      ReportOutput.noteSummary(
        report, assets: run.engine.valued.book.market.assets.map(\.id), to: line.err)
      line.err.note("report: \(folder)/report.json (\(TextFigure.fixed(run.log.seconds, decimals: 3)) s)")
    }
    return status
  }

  private static let accountsName = "accounts.jsonl"
}

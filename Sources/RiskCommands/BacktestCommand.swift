import CommandLineKit
import Plimsoll
import SystemFiles

/// `plimsoll backtest BOOK`: forecasts of value at risk held against what came.
enum BacktestCommand {
  static let window = Option<Int?>(
    "window", value: "N",
    help: "closes that each forecast sees, from 3 on; default 250 (returns are one fewer: GARCH needs 101)")
  static let days = Option<Int?>(
    "days", value: "N", help: "the most forecasts of a series, at most 2000; default 250")
  static let market = Option<WalkForward.Market?>(
    "market", value: "WHICH",
    help: "where each day starts: from its own closes (past, default), or from today's market")
  static let history = Option<String?>(
    "history", value: "FILE.db", help: "test the runs that `plimsoll run --history` kept, in place of a BOOK")
  static let accounts = Option(flag: "accounts", help: "test every account beside the book")

  static let command = Command(
    "backtest",
    abstract:
      "Value at risk of past days, from the days before each alone, against what followed: how often it failed.",
    discussion: [
      "Today's positions are carried through history.csv. Every method of run.json's entries, or of --method, forecasts "
        + "on each day from the closes up to it; profit and loss is the book valued again one horizon later.",
      "An exception is a loss above the value at risk. Tested are their number (Kupiec, with the exact binomial "
        + "p-value), their order (Christoffersen, with the exact one over all orders), both together, the supervisors' "
        + "zones for any number of days and any level, and expected shortfall (Acerbi and Szekely, tests 1 to 3, with "
        + "simulated p-values; the third where a method has the whole distribution of each forecast).",
      "With --history the figures are those that past runs kept: each run's value at risk, account by account, against "
        + "what its positions were worth on the market of the next.",
      "Exit status: 0 all well, 2 where something has no figure, 3 with --fail-on breach where a series is red.",
    ],
    operands: [
      Operand(
        "BOOK", count: .optional,
        help: "a folder with market.json and its tables, or one JSON file; none with --history")
    ],
    options: rows(
      MeasureCommands.methods, window, days, market, accounts, history, RunKeeper.book, CommonOptions.seed,
      CommonOptions.paths,
      CommonOptions.threads, CommonOptions.format, CommonOptions.strict, CommonOptions.maxRefused, failOn,
      CommonOptions.quiet),
    examples: [
      Example("plimsoll backtest desk --window 250 --days 250", "the supervisors' year"),
      Example(
        "plimsoll backtest --history runs.db --book desk", "yesterday's figures against today's profit"),
      Example(
        "plimsoll backtest desk --method historical --method monte_carlo --market today",
        "two methods, today's market"),
    ]
  ) { line throws(CommandError) in
    let result = try line.has(history) ? pastRuns(line) : walkForward(line)
    try print(result, line)
    if !line(CommonOptions.quiet) { ReportOutput.note(result.failures, to: line.err) }
    return ReportOutput.status(
      hasFailures: !result.failures.isEmpty, isBreached: result.isRed, failOn: line(failOn))
  }

  static let failOn = Option<RunCommand.FailureCondition?>(
    "fail-on", value: "CONDITION", help: "exit with status 3 when a series stands in the red zone")

  private static func pastRuns(_ line: Invocation) throws(CommandError) -> BacktestResult {
    guard line.operands.isEmpty else {
      throw .usage("found both BOOK and '--history'; expected one of them")
    }
    for given in [line.has(MeasureCommands.methods), line.has(window), line.has(days), line.has(market)]
    where given {
      throw .usage("'--method', '--window', '--days' and '--market' belong to BOOK, not to '--history'")
    }
    let result = try PastRuns(path: line(history) ?? "", book: line(RunKeeper.book))
      .result(seed: line(CommonOptions.seed) ?? 1)
    if line(CommonOptions.strict), let first = result.failures.first {
      throw .badData("\(first.path): \(first.message), and --strict is given")
    }
    return result
  }

  private static func walkForward(_ line: Invocation) throws(CommandError) -> BacktestResult {
    guard !line.operands.isEmpty else { throw .usage("BOOK is missing, or '--history FILE.db'") }
    if line.has(RunKeeper.book) { throw .usage("'--book' belongs to '--history', which is not given") }
    var options = WalkForward.Options()
    if let wanted = line(window) {
      guard wanted >= 3 else { throw .usage("'--window' is '\(wanted)'; expected a whole number from 3") }
      options.window = wanted
    }
    if let wanted = line(days) {
      guard (1...WalkForward.mostDays).contains(wanted) else {
        throw .usage("'--days' is '\(wanted)'; expected a whole number from 1 to \(WalkForward.mostDays)")
      }
      options.days = wanted
    }
    options.market = line(market) ?? .past
    options.accounts = line(accounts)
    let loaded = try LoadedRun(line) { plan throws(CommandError) in
      plan.measures = [.valueAtRisk]
      try MeasureCommands.readMethods(line, into: &plan)
    }
    let result: BacktestResult
    do throws(EngineError) {
      result = try WalkForward(
        book: loaded.book, plan: loaded.plan, options: options, threads: loaded.threads,
        isStopped: { SignalFlags.stopSignal != nil }
      ).result(inputDigests: loaded.digests)
    } catch {
      throw CommandError(error)
    }
    if line(CommonOptions.strict), let first = result.failures.first {
      throw .badData("\(first.path): \(first.message), and --strict is given")
    }
    return result
  }

  private static func print(_ result: BacktestResult, _ line: Invocation) throws(CommandError) {
    let writer = BacktestWriter(result)
    switch line(CommonOptions.format) ?? (line.out.isTerminal ? .table : .json) {
    case .json: try line.out.write(writer.document())
    case .jsonl:
      try line.out.write(writer.seriesLines)
      try line.out.write(writer.document(withSeries: false, indentation: nil))
    case .table: try line.out.write(Array(BacktestTable(result).text.utf8))
    }
  }
}

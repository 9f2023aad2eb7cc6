import CommandLineKit
import Plimsoll
import SystemFiles

/// `plimsoll replay BOOK MARKET…`: a book marked again with later markets.
enum ReplayCommand {
  static let out = Option<String?>(
    "out", value: "DIR", help: "folder of replay.json; without it, standard output")
  static let models = Option<String?>(
    "models", value: "NAMES",
    help: "a venue, or models of the three modes: ISOLATED,CROSS,PORTFOLIO; default: run.json's")
  static let holdsTime = Option(
    flag: "hold-time", help: "foresee with time standing still; default: time moved to the later market")
  static let surface = Option(
    flag: "surface", help: "add the first day's surface for the last market, account by account")
  static let history = Option(
    flag: "history", help: "hold the book over the dates of its history.csv as well")
  static let days = Option<Int?>(
    "days", value: "N", help: "the most dates of --history, at most 2000; default 120")
  static let volatility = Option<PastVolatility?>(
    "volatility", value: "HOW",
    help: "volatilities of past dates: held (default), or scaled by realised volatility (EWMA, 0.97 a day)")

  /// Where the volatilities of past dates come from.
  enum PastVolatility: String, CaseIterable, OptionValue {
    case held
    case realised
  }

  static let command = Command(
    "replay",
    abstract:
      "Marks a book with later markets: who is called or liquidated in each mode, and what explains it.",
    discussion: [
      "MARKET is a market.json, or a folder that holds one; in order of time. Positions stay as they are. Contracts "
        + "that expire on the way pay in their settlement asset at the spot of the nearest market given.",
      "Called is equity below the initial requirement, liquidated below maintenance; in isolated mode position by "
        + "position, and what a position loses ends with its margin. Capital is what the owner must have had on the "
        + "first day, in cash and positions, to come through every market.",
      "Profit and loss is split by full revaluation in a fixed order: balances, forward, volatility, time, rates. "
        + "What the exchange's marks say beyond the model is the residual.",
      "Beside what happened stands what the surface of the first day foresaw, at the realised moves of spot and "
        + "volatility.",
    ],
    operands: [
      PreparedRun.operand, Operand("MARKET", count: .any, help: "later markets, in order of time"),
    ],
    options: rows(
      models, history, days, volatility, holdsTime, surface, out, CommonOptions.threads, CommonOptions.format,
      CommonOptions.strict, CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [
      Example("plimsoll replay desk afternoon night --format table", "two later markets, on one screen"),
      Example("plimsoll replay desk --history --days 250", "how requirements move over a year of closes"),
    ]
  ) { line throws(CommandError) in
    let result = try result(line)
    if let folder = line(out) {
      try write(ReplayWriter(result).document(), to: folder)
      if !line(CommonOptions.quiet) {
        for row in ReplayTable(result).text.split(separator: "\n", omittingEmptySubsequences: false)
          .dropLast()
        {
          line.err.note(String(row))
        }
        line.err.note("replay: \(folder)/replay.json")
      }
    } else {
      try print(result, line)
    }
    if !line(CommonOptions.quiet) { ReportOutput.note(result.failures, to: line.err) }
    return result.failures.isEmpty ? ExitStatus.success : ExitStatus.writtenWithFailures
  }

  private static func print(_ result: ReplayResult, _ line: Invocation) throws(CommandError) {
    switch line(CommonOptions.format) ?? (line.out.isTerminal ? .table : .json) {
    case .json: try line.out.write(ReplayWriter(result).document())
    case .jsonl:
      let writer = ReplayWriter(result)
      try line.out.write(writer.accountLines)
      try line.out.write(writer.document(withAccounts: false, indentation: nil))
    case .table: try line.out.write(Array(ReplayTable(result).text.utf8))
    }
  }

  private static func write(_ document: [UInt8], to folder: String) throws(CommandError) {
    guard !Folder.holds("market.json", in: folder) else {
      throw .usage("'--out' is '\(folder)', which holds a book; expected a folder of its own for the replay")
    }
    try CommandError.writing { () throws(FileError) in
      let lock = try FolderLock(making: folder)
      try AtomicFile.write(document, to: "replay.json", in: folder)
      lock.hold()
    }
  }

  private static func result(_ line: Invocation) throws(CommandError) -> ReplayResult {
    var options = Replay.Options()
    options.movesTime = !line(holdsTime)
    options.keepsSurface = line(surface)
    if let most = line(days), !(2...Replay.mostHistoryDays).contains(most) {
      throw .usage("'--days' is '\(most)'; expected a whole number from 2 to \(Replay.mostHistoryDays)")
    }
    if line(history) {
      options.historyDays = line(days) ?? Replay.standardHistoryDays
    } else if line.has(days) || line.has(volatility) {
      throw .usage("'--days' and '--volatility' belong to '--history', which is not given")
    }
    options.realisedVolatility = line(volatility) == .realised
    let paths = Array(line.operands.dropFirst())
    guard !paths.isEmpty || line(history) else {
      throw .usage("MARKET is missing: later markets, in order of time, or --history")
    }
    let loaded = try LoadedRun(line) { plan throws(CommandError) in
      plan.measures = [.margin]
      if let names = line(models) { plan.comparison = try CompareCommand.comparison(names) }
    }
    let files = try BookLoader.load(line.operands[0])
    var markets: [MarketReading] = []
    var digests = loaded.digests
    for path in paths {
      let member = try LaterMarket.member(path)
      digests.append(InputDigest(name: member.name, sha256: SHA256.hexadecimal(member.bytes)))
      do throws(DocumentError) {
        markets.append(try BookReader.readMarket(member, for: files.source, rules: PreparedRun.rules(line)))
      } catch {
        throw .stop(status: error.exitCode, message: error.sentence)
      }
    }
    let result: ReplayResult
    do throws(EngineError) {
      let replay = try Replay(
        book: loaded.book, comparison: loaded.plan.comparison, markets: markets, options: options,
        threads: loaded.threads, isStopped: { SignalFlags.stopSignal != nil })
      guard let found = try replay.result(inputDigests: digests) else { throw .stopped }
      result = found
    } catch {
      throw CommandError(error)
    }
    if line(CommonOptions.strict), let first = result.failures.first {
      throw .badData("\(first.path): \(first.message), and --strict is given")
    }
    return result
  }
}

/// A market that stands alone, or in a folder of its own.
enum LaterMarket {
  /// The file behind a path, under its name and that of its folder: never a path of the machine.
  static func member(_ path: String) throws(CommandError) -> BookSource.Member {
    do throws(FileError) {
      let isFolder = try Folder.isFolder(path)
      let file = isFolder ? path + "/market.json" : path
      var name = file.split(separator: "/").filter { $0 != "." }.suffix(isFolder ? 2 : 1).joined(
        separator: "/")
      if name.isEmpty { name = "market.json" }
      return BookSource.Member(name: name, bytes: try FileReader.bytes(of: file))
    } catch {
      throw CommandError(reading: error)
    }
  }
}

import CommandLineKit
import Plimsoll
import SystemFiles

/// `plimsoll what-if BOOK --trade …`: what trades would do to the accounts of a book.
enum WhatIfCommand {
  static let trade = Option<[String]>(
    repeating: "trade", value: "ACCOUNT,INSTRUMENT,QUANTITY",
    help: "a trade, negative to sell, at the mark unless ,PRICE follows; repeatable, each alone")
  static let trades = Option<String?>(
    "trades", value: "FILE",
    help:
      "trades as CSV (or *.jsonl): account_id,instrument,quantity and optionally price; - is standard input")
  static let together = Option(flag: "together", help: "put all trades of an account through as one")
  static let largest = Option(
    flag: "largest", help: "find the largest quantity of each trade that still passes, in its direction")
  static let test = Option<MarginTest>(
    "test", value: "TEST", default: .initial, help: "the margin to pass; default initial")
  static let lot = Option<Double?>(
    "lot", value: "QUANTITY",
    help: "quantities are multiples of it; default 1 for listed contracts, 10 for inverse futures, else 0.01")

  static let cure = Option<[String]>(
    repeating: "cure", value: "ACCOUNT", help: "find the cheapest trades that bring an account to a surplus")
  static let target = Option<Double?>(
    "target", value: "SURPLUS", help: "the surplus that --cure has to reach; default 0")
  static let with = Option<[String]>(
    repeating: "with", value: "INSTRUMENT",
    help: "--cure may trade it in any size; default: the perpetuals of the market on what the account holds")
  static let costs = Option<Double?>(
    "cost-bps", value: "BPS", help: "cost of trading in 1/10,000 of the underlying's notional; default 5")
  static let mode = Option<MarginMode?>(
    "mode", value: "MODE", help: "--cure under this mode alone; default: all")
  static let split = Option<[String]>(
    repeating: "split", value: "ACCOUNT",
    help: "find which positions to hold isolated and which in cross so that the account needs least")
  static let limit = Option<Double?>(
    "limit", value: "LOSS",
    help: "what a position in cross may take from the rest under --split; default: anything")
  static let by = Option<SplitObjective>(
    "by", value: "WHAT", default: .capital, help: "what --split makes least; default capital")

  static let command = Command(
    "what-if",
    abstract:
      "What trades would do to margin, value at risk, Greeks and stresses, and how much still passes.",
    discussion: [
      "Every trade is taken alone, on the account as it stands, unless --together is given. Trades are at the "
        + "engine's own mark and without fees; an option's premium is paid from cash. Instruments that nobody holds "
        + "are priced from the market.",
      "Value at risk is that of the same paths with and without the trade, so that the difference has no noise of "
        + "its own.",
    ],
    operands: [PreparedRun.operand],
    options: rows(
      trade, trades, together, largest, test, lot, cure, target, with, costs, mode, split, limit, by,
      MeasureCommands.models, CommonOptions.modelFiles, CommonOptions.seed,
      CommonOptions.paths, CommonOptions.threads, CommonOptions.textFormat, CommonOptions.strict,
      CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [
      Example(
        "plimsoll what-if desk --trade \"desk-0007,BTC-PERPETUAL,-1000\"", "one trade under every model"),
      Example("plimsoll what-if desk --trades ideas.csv --format jsonl", "thousands, one line each"),
      Example(
        "plimsoll what-if desk --trade \"desk-0007,BTC-27MAR26-70000-C,-1\" --largest",
        "how many calls still pass initial margin"),
      Example("plimsoll what-if desk --cure desk-0007 --target 10000", "the cheapest trades that do"),
      Example("plimsoll what-if desk --split desk-0007 --limit 5000", "what to hold isolated"),
    ]
  ) { line throws(CommandError) in
    try checkLine(line)
    let loaded = try LoadedRun(line) { plan throws(CommandError) in
      plan.measures = plan.measures.filter { $0 != .liquidation }
      try MeasureCommands.readModels(line, into: &plan)
    }
    let (orders, failures) = try read(line, loaded)
    let question = try cureQuestion(line, loaded)
    let splits = try accounts(line(split), "split", loaded)
    let engine: WhatIfEngine
    var report: WhatIfReport
    do throws(EngineError) {
      engine = try WhatIfEngine(
        book: loaded.book, plan: loaded.plan, orders: orders, furtherAccounts: question.accounts + splits,
        furtherInstruments: question.hedges, threads: loaded.threads,
        isStopped: { SignalFlags.stopSignal != nil })
      let request = WhatIfRequest(
        orders: orders, isTogether: line(together), largest: line(largest) ? line(test) : nil, lot: line(lot))
      report = engine.report(request, failures: failures)
      report.cures = engine.cures(question)
      report.splits = try engine.splits(splits, by: line(by), limit: line(limit))
    } catch { throw CommandError(error) }
    return try print(report, line)
  }

  private static func checkLine(_ line: Invocation) throws(CommandError) {
    guard line.has(trade) || line.has(trades) || line.has(cure) || line.has(split) else {
      throw .usage(
        "nothing is asked; expected '--trade ACCOUNT,INSTRUMENT,QUANTITY', '--trades FILE', '--cure ACCOUNT' or "
          + "'--split ACCOUNT'")
    }
    if let cost = line(costs), !(cost > 0 && cost <= 10_000) {
      throw .usage("'--cost-bps' is '\(cost)'; expected a number above 0, up to 10000")
    }
    for (name, value) in [("target", line(target)), ("limit", line(limit))] {
      if let value, !value.isFinite { throw .usage("'--\(name)' is '\(value)'; expected a finite number") }
    }
    if line(trades) == "-", line.operands.first == "-" {
      throw .usage("both the book and the trades are read from standard input")
    }
    if let lot = line(lot), !(lot > 0 && lot.isFinite) {
      throw .usage("'--lot' is '\(lot)'; expected a number above 0")
    }
  }

  /// The orders of the line, then those of the file, and the rows of the file that were set aside.
  private static func read(
    _ line: Invocation, _ loaded: LoadedRun
  ) throws(CommandError) -> ([TradeOrder], [Failure]) {
    var orders: [TradeOrder] = []
    for text in line(trade) {
      do throws(TradeFault) {
        orders.append(
          try loaded.contracts.order(text, accounts: loaded.book.accounts, path: "--trade \(text)"))
      } catch { throw .usage("'--trade \(text)': \(error.message)") }
    }
    guard let file = line(trades) else { return (orders, []) }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try file == "-" ? FileReader.standardInput() : FileReader.bytes(of: file)
    } catch { throw CommandError(reading: error) }
    do throws(DocumentError) {
      let name = file == "-" ? "standard input" : file
      let rows = try TradeRows.read(
        bytes, name: name, contracts: loaded.contracts, accounts: loaded.book.accounts,
        rules: PreparedRun.rules(line))
      return (orders + rows.orders, rows.failures)
    } catch { throw .stop(status: error.exitCode, message: error.sentence) }
  }

  /// Places of the accounts that an option names.
  private static func accounts(
    _ names: [String], _ option: String, _ loaded: LoadedRun
  ) throws(CommandError) -> [Int] {
    var places: [Int] = []
    for name in names {
      guard let place = Identifier(name).flatMap({ id in loaded.book.accounts.firstIndex(of: id) }) else {
        throw .usage(
          "'--\(option) \(name)': no account '\(name)' in the book"
            + Spelling.hint(for: name, among: loaded.book.accounts.map(\.text)))
      }
      if !places.contains(place) { places.append(place) }
    }
    return places
  }

  private static func cureQuestion(
    _ line: Invocation, _ loaded: LoadedRun
  ) throws(CommandError) -> CureQuestion {
    let places = try accounts(line(cure), "cure", loaded)
    var hedges: [Instrument] = []
    for name in line(with) {
      do throws(TradeFault) {
        hedges.append(try loaded.contracts.instrument(named: name))
      } catch { throw .usage("'--with \(name)': \(error.message)") }
    }
    if !line.has(with) {
      for place in places {
        hedges += CureQuestion.customaryHedges(ofAccount: place, in: loaded.book) { id in
          try? loaded.contracts.instrument(named: id.text)
        }
      }
    }
    return CureQuestion(
      accounts: places, test: line(test), target: line(target) ?? 0, mode: line(mode), hedges: hedges,
      costRate: line(costs).map { $0 / 10_000 } ?? CureQuestion.customaryCostRate, lot: line(lot))
  }

  private static func print(_ report: WhatIfReport, _ line: Invocation) throws(CommandError) -> Int32 {
    switch line(CommonOptions.textFormat) ?? .table {
    case .table: try line.out.write(Array(report.text(isColoured: Surroundings.allowsColour(line.out)).utf8))
    case .json: try line.out.write(report.json())
    case .jsonl: try line.out.write(report.jsonLines())
    }
    if !line(CommonOptions.quiet), line(CommonOptions.textFormat) != nil,
      line(CommonOptions.textFormat) != .table
    {
      ReportOutput.note(report.failures, to: line.err)
    }
    return report.failures.isEmpty ? ExitStatus.success : ExitStatus.writtenWithFailures
  }
}

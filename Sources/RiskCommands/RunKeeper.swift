import CommandLineKit
import MarketModel
import Plimsoll
import RunHistory

/// Keeps finished runs in a file of run history.
struct RunKeeper {
  static let history = Option<String?>(
    "history", value: "FILE.db",
    help: "keep equity, value at risk and holdings in a SQLite file, for `plimsoll backtest --history`")
  static let book = Option<String?>(
    "book", value: "NAME", help: "name of the book in --history; default: the name of BOOK")

  let path: String
  let book: String

  /// What the line asks for; nil where it asks for none.
  ///
  /// The file is opened, made and written to once here, so that a run that could not be kept stops before its work.
  init?(_ line: Invocation) throws(CommandError) {
    guard let path = line(Self.history) else {
      if line.has(Self.book) { throw .usage("'--book' belongs to '--history', which is not given") }
      return nil
    }
    self.path = path
    let name = (line.operands.first ?? "").split(separator: "/").filter { $0 != "." }.last.map(String.init)
    book = line(Self.book) ?? name ?? "book"
    try Self.using { () throws(HistoryError) in _ = try RunHistory(writing: path) }
  }

  /// Keeps a run, with what the positions of the run before are worth today.
  ///
  /// - Throws: status 74 where it cannot be kept; nothing of it is then.
  func keep(_ run: PreparedRun) throws(CommandError) {
    try Self.using { () throws(HistoryError) in
      let history = try RunHistory(writing: path)
      let asOf = run.engine.valued.book.market.asOf.text
      let previous = try history.run(of: book, before: asOf)
      try history.record(record(run, asOf: asOf, previous: previous))
    }
  }

  private func record(_ run: PreparedRun, asOf: String, previous: RunRecord?) -> RunRecord {
    let engine = run.engine
    let valued = engine.valued
    let carried = previous.map { engine.carriedEquity(Self.holdings($0)) } ?? []
    let isWhole = !carried.isEmpty && carried.allSatisfy { $0.equity != nil }
    var owners = [
      RunRecord.Owner(
        account: nil, equity: valued.equity.reduce(0, +), isIncomplete: valued.isIncomplete.contains(true),
        carriedEquity: isWhole ? carried.reduce(0) { $0 + ($1.equity ?? 0) } : nil,
        figures: Self.figures(engine.valueAtRisk(ofAccount: nil)))
    ]
    for (account, id) in valued.book.accounts.enumerated() {
      let place = carried.firstPlace { $0.account < id }
      let before = place < carried.count && carried[place].account == id ? carried[place].equity : nil
      owners.append(
        RunRecord.Owner(
          account: id.text, equity: valued.equity[account], isIncomplete: valued.isIncomplete[account],
          carriedEquity: before, figures: Self.figures(engine.valueAtRisk(ofAccount: account))))
    }
    // An account that is gone today held something yesterday: its day counts as well.
    for (id, equity) in carried where engine.place(ofAccount: id) == nil {
      owners.append(
        RunRecord.Owner(account: id.text, equity: 0, isIncomplete: false, carriedEquity: equity, figures: []))
    }
    return RunRecord(
      book: book, asOf: asOf, baseCurrency: valued.book.market.baseCurrency.text, seed: engine.plan.seed,
      engineVersion: Engine.version, previous: previous?.asOf,
      inputs: run.digests.map { RunRecord.Input(name: $0.name, sha256: $0.sha256) }, owners: owners,
      holdings: engine.carriedHoldings.map {
        RunRecord.Holding(
          account: $0.account.text, name: $0.name.text, isBalance: $0.isBalance, quantity: $0.quantity,
          entryPrice: $0.entryPrice)
      })
  }

  private static func holdings(_ run: RunRecord) -> [CarriedHolding] {
    run.holdings.compactMap { holding in
      guard let account = Identifier(holding.account), let name = Identifier(holding.name) else { return nil }
      return CarriedHolding(
        account: account, name: name, isBalance: holding.isBalance, quantity: holding.quantity,
        entryPrice: holding.entryPrice)
    }
  }

  private static func figures(_ figures: [ValueAtRiskFigure]) -> [RunRecord.Figure] {
    figures.filter { $0.valueAtRisk.isFinite && $0.expectedShortfall.isFinite }.map {
      RunRecord.Figure(
        method: $0.method, confidence: $0.confidence.decimal, horizonDays: $0.horizonDays,
        valueAtRisk: $0.valueAtRisk, expectedShortfall: $0.expectedShortfall)
    }
  }

  /// Does something with a file of run history; what fails is output that cannot be written.
  static func using(_ body: () throws(HistoryError) -> Void) throws(CommandError) {
    do throws(HistoryError) { try body() } catch {
      throw .stop(status: ExitStatus.cannotWrite, message: error.sentence)
    }
  }
}

extension Array {
  /// The first place whose element is not below, in an array that is sorted so.
  fileprivate func firstPlace(_ isBelow: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if isBelow(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

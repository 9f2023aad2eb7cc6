import CommandLineKit
import MarketModel
import Plimsoll
import RunHistory
import SystemFiles

/// The runs of a file of run history, each held against the next.
struct PastRuns {
  /// Days that a horizon may be exceeded by: a long weekend.
  private static let slack = 3.0

  private let book: String
  private struct Run {
    let asOf: Instant
    let record: RunRecord
    /// Places of the owners by account.
    let places: [String?: Int]
  }

  private let runs: [Run]

  /// Reads the runs of a book.
  ///
  /// - Parameter book: nil takes the only one there is.
  init(path: String, book: String?) throws(CommandError) {
    do throws(FileError) {
      guard try !Folder.isFolder(path) else { throw .notRegular(path: path, kind: "folder") }
    } catch {
      throw CommandError(reading: error)
    }
    do throws(HistoryError) {
      let history = try RunHistory(reading: path)
      let books = try history.books()
      guard let name = book ?? (books.count == 1 ? books.first : nil), books.contains(name) else {
        let known = books.isEmpty ? "it holds none" : "it holds \(books.joined(separator: ", "))"
        throw HistoryError.failed(
          path: path,
          message: book.map { "found no book \($0); \(known)" } ?? "say which book with --book; \(known)")
      }
      self.book = name
      runs = try history.runs(of: name).compactMap { run in
        Instant(rfc3339: run.asOf).map { asOf in
          let places = run.owners.enumerated().map { ($1.account, $0) }
          return Run(
            asOf: asOf, record: run, places: Dictionary(places, uniquingKeysWith: { first, _ in first }))
        }
      }
    } catch {
      throw .badData(error.sentence)
    }
  }

  /// The tests of every account and the book.
  func result(seed: UInt64) throws(CommandError) -> BacktestResult {
    guard let last = runs.last, let currency = Identifier(last.record.baseCurrency) else {
      throw .badData("\(book): found no runs")
    }
    var ledger = RunLedger()
    for (place, run) in runs.enumerated() {
      for owner in run.record.owners { forecast(owner, place, &ledger) }
    }
    if ledger.isEmpty {
      ledger.fail("found \(runs.count) runs of \(book) and no value at risk that meets a later one")
    }
    return BacktestResult(
      engineVersion: Engine.version, source: .runHistory, book: book, baseCurrency: currency, seed: seed,
      assumptions: [
        "A run's value at risk meets the first later run at the end of its horizon, at most three days after it.",
        "Profit and loss is the positions of the earlier run valued on the later market, where the later run followed "
          + "it and knows every contract; else the change of equity, in which trades and transfers count.",
        "P-values of Z1 and Z2 take losses beyond the value at risk to be exponential with the forecast's own mean.",
      ], setting: nil, series: ledger.series(seed: seed), failures: ledger.failures)
  }

  private func forecast(_ owner: RunRecord.Owner, _ place: Int, _ ledger: inout RunLedger) {
    let run = runs[place]
    for (number, figure) in owner.figures.enumerated() {
      guard let level = ConfidenceLevel(decimal: figure.confidence) else { continue }
      let key = RunLedger.Key(
        account: owner.account, method: figure.method, confidence: level, horizonDays: figure.horizonDays,
        number: number)
      // Horizons of one series do not overlap.
      if let busy = ledger.end(of: key), run.asOf < busy { continue }
      let end = run.asOf.secondsSinceEpoch + (Int64(exactly: (figure.horizonDays * 86_400).rounded()) ?? 0)
      // A run some hours early still closes the day.
      let early = Int64(exactly: (min(figure.horizonDays, 1) * 21_600).rounded()) ?? 0
      guard
        let later = runs[(place + 1)...].first(where: { $0.asOf.secondsSinceEpoch >= end - early })
      else { continue }
      let beyond = Double(later.asOf.secondsSinceEpoch - end) / 86_400
      let date = run.asOf.text
      guard beyond <= Self.slack else {
        ledger.fail("no run from \(date) until \(later.asOf.text), which is beyond the horizon")
        continue
      }
      guard later.record.baseCurrency == run.record.baseCurrency else {
        ledger.fail("the base currency changed between \(date) and \(later.asOf.text)")
        continue
      }
      guard let next = later.places[owner.account].map({ later.record.owners[$0] }) else {
        ledger.fail("\(owner.account.map { "account \($0)" } ?? "the book") has no run at \(later.asOf.text)")
        continue
      }
      let isCarried = later.record.previous == run.record.asOf && next.carriedEquity != nil
      let value = isCarried ? next.carriedEquity ?? next.equity : next.equity
      ledger.enter(
        BacktestResult.Day(
          forecast: BacktestDay(
            date: run.asOf, valueAtRisk: figure.valueAtRisk, expectedShortfall: figure.expectedShortfall,
            profit: value - owner.equity), until: later.asOf,
          basis: isCarried ? .revaluation : .equityChange), key)
    }
  }
}

/// Forecasts and outcomes of past runs, in the order they were first met.
private struct RunLedger {
  struct Key: Hashable {
    var account: String?
    var method: String
    var confidence: ConfidenceLevel
    var horizonDays: Double
    /// Place among the figures of a run: two entries of a plan may share all of the above.
    var number: Int
  }

  private var keys: [Key] = []
  private var days: [Key: [BacktestResult.Day]] = [:]
  private(set) var failures: [Failure] = []
  private var known: Set<String> = []

  var isEmpty: Bool { keys.isEmpty }

  func end(of key: Key) -> Instant? { days[key]?.last?.until }

  mutating func enter(_ day: BacktestResult.Day, _ key: Key) {
    if days[key] == nil { keys.append(key) }
    days[key, default: []].append(day)
  }

  mutating func fail(_ message: String) {
    guard known.insert(message).inserted else { return }
    failures.append(Failure(path: "history", reason: .missing, message: message))
  }

  /// The book's series, then those of the accounts in byte order.
  func series(seed: UInt64) -> [BacktestResult.Series] {
    let named = keys.enumerated().map { place, key in
      (account: key.account.flatMap { Identifier($0) }, place: place, key: key)
    }
    let order = named.sorted { left, right in
      switch (left.account, right.account) {
      case (nil, nil): left.place < right.place
      case (nil, _): true
      case (_, nil): false
      case (let a?, let b?): a == b ? left.place < right.place : a < b
      }
    }
    return order.map { account, _, key in
      BacktestResult.Series(
        account: account, method: key.method, confidence: key.confidence, horizonDays: key.horizonDays,
        days: days[key] ?? [], seed: seed)
    }
  }
}

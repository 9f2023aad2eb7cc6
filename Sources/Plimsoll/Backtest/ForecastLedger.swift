import MarketModel
import RiskDocuments
import TailRisk

/// Forecasts and outcomes by owner, entry of the plan, method and level, in the order they were first met.
struct ForecastLedger {
  private struct Key: Hashable {
    /// Place of the account; nil for the book.
    var account: Int?
    var entry: Int
    var method: String
    var confidence: ConfidenceLevel
  }

  private let accounts: [Identifier]
  private let keepsAccounts: Bool
  private var keys: [Key] = []
  private var days: [Key: [BacktestResult.Day]] = [:]
  private var ranks: [Key: ShortfallRanks] = [:]
  /// Forecasts that each entry of the plan will have.
  private let planned: [Int]
  /// Why a figure or a profit was missing, and on how many days, in the order first met.
  private var lacks: [(failure: Failure, days: Int, first: Instant)] = []
  private var lackPlaces: [Failure: Int] = [:]
  /// What the methods said of their figures, each kind of note once as it was first said, and on how many days.
  private var said: [(note: String, days: Int)] = []
  private var saidPlaces: [String: Int] = [:]

  init(accounts: [Identifier], keepsAccounts: Bool, planned: [Int]) {
    self.accounts = accounts
    self.planned = planned
    self.keepsAccounts = keepsAccounts
  }

  /// Enters the figures of one entry of the plan on one day.
  mutating func enter(
    _ measure: any TailMeasure, entry: Int, date: Instant, until: Instant, profits: [Double?]
  ) {
    // The book comes last among a measure's failures; those of accounts that are not tested do not matter.
    for failure in measure.failures where keepsAccounts || measure.bookFigures.isEmpty {
      lack(failure, on: date)
    }
    for note in measure.notes {
      // Figures of the day stand behind the first semicolon.
      let kind = "\(entry) \(note.prefix { $0 != ";" })"
      if let place = saidPlaces[kind] {
        said[place].days += 1
      } else {
        saidPlaces[kind] = said.count
        said.append((note, 1))
      }
    }
    let known = profits.compactMap { $0 }
    let total = known.count == profits.count ? known.reduce(0, +) : nil
    add(measure.bookFigures, nil, entry: entry, date: date, until: until, profit: total)
    guard keepsAccounts else { return }
    for account in accounts.indices {
      add(
        measure.figures(ofAccount: account), account, entry: entry, date: date, until: until,
        profit: profits.indices.contains(account) ? profits[account] : nil)
    }
  }

  private mutating func add(
    _ figures: [ValueAtRiskFigure], _ account: Int?, entry: Int, date: Instant, until: Instant,
    profit: Double?
  ) {
    guard !figures.isEmpty else { return }
    guard let profit else {
      let owner = account.map { "account \(accounts[$0])" } ?? "the book"
      return lack(
        Failure(
          path: "history.csv", reason: .missing,
          message: "\(owner) has no profit: a position has a value at one end of the day alone"), on: date)
    }
    for figure in figures where figure.valueAtRisk.isFinite && figure.expectedShortfall.isFinite {
      let key = Key(account: account, entry: entry, method: figure.method, confidence: figure.confidence)
      if days[key] == nil {
        keys.append(key)
        // Levels share their paths: the distribution stands with the first of them.
        if figures.first?.profits != nil, planned.indices.contains(entry) {
          ranks[key] = ShortfallRanks(days: planned[entry], level: figure.confidence)
        }
      }
      ranks[key]?.add(figures.first?.profits, outcome: profit)
      days[key, default: []].append(
        BacktestResult.Day(
          forecast: BacktestDay(
            date: date, valueAtRisk: figure.valueAtRisk, expectedShortfall: figure.expectedShortfall,
            profit: profit), until: until, basis: .revaluation))
    }
  }

  private mutating func lack(_ failure: Failure, on date: Instant) {
    if let place = lackPlaces[failure] {
      lacks[place].days += 1
    } else {
      lackPlaces[failure] = lacks.count
      lacks.append((failure, 1, date))
    }
  }

  /// The notes of the methods, with the days on which they held.
  var notes: [String] { said.map { "On \($0.days) days: \($0.note)." } }

  /// What was missing, each said once.
  var failures: [Failure] {
    lacks.map { lack in
      Failure(
        path: lack.failure.path, reason: lack.failure.reason,
        message: "on \(lack.days) days from \(lack.first.dateText): \(lack.failure.message)")
    }
  }

  /// The book's series, then those of the accounts in their order.
  func series(_ plan: RunPlan) -> [BacktestResult.Series] {
    let order = keys.enumerated().sorted {
      ($0.element.account ?? -1, $0.offset) < ($1.element.account ?? -1, $1.offset)
    }
    return order.map { _, key in
      BacktestResult.Series(
        account: key.account.map { accounts[$0] }, method: key.method, confidence: key.confidence,
        horizonDays: plan.valueAtRisk[key.entry].horizonDays, days: days[key] ?? [], ranks: ranks[key],
        seed: plan.seed)
    }
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments
import RiskNumerics

extension Replay {
  /// The most dates of a history, and how many unless asked otherwise.
  public static let mostHistoryDays = 2_000
  public static let standardHistoryDays = 120

  /// The book held constant over the dates of its history, each scaled so that the last one is today's market.
  ///
  /// Spots, forwards and marks move with the closes; smiles stay where they are in moneyness; time stands still.
  func history(team: ThreadTeam) throws(EngineError) -> ReplayHistory? {
    guard let days = options.historyDays else { return nil }
    guard let history = first.history else {
      throw .invalid(path: "history.csv", message: "expected a history of closes, found none in the book")
    }
    let path = HistoryPath(history, market: first.market, days: days, isRealised: options.realisedVolatility)
    guard path.dates.count > 1 else {
      throw .invalid(
        path: "history.csv",
        message: "found \(path.dates.count) dates with a close of every asset, expected at least two")
    }
    let count = first.accounts.count
    var equity: [[Double]] = []
    var requirement: [[ByMode<Double>]] = []
    var exposure: [[Double]] = []
    for place in path.dates.indices {
      if isStopped() { throw .stopped }
      let stage = try ReplayStage(
        ReplayBook(first.marked(path.market(first, at: place), history: history.seen(on: path.dates[place]))),
        team: team, comparison: comparison)
      let found = team.map(count: count) {
        stage.margin.standing(ofAccount: $0, margins: [], settlements: [])
      }
      equity.append(stage.valued.equity)
      requirement.append(found.map { $0.modes.map(\.initial) })
      exposure.append(found.map(\.exposure))
    }
    let series = HistorySeries(equity: equity, requirement: requirement, exposure: exposure)
    return ReplayHistory(
      volatility: options.realisedVolatility ? "realised" : "held",
      days: path.dates.indices.map { series.day($0, date: path.dates[$0]) }, book: series.book,
      accounts: (0..<count).map { ReplayHistory.Account(id: first.accounts[$0], panels: series.account($0)) })
  }
}

/// Figures by date, then account.
private struct HistorySeries {
  let equity: [[Double]]
  let requirement: [[ByMode<Double>]]
  let exposure: [[Double]]

  func account(_ account: Int) -> ByMode<ProcyclicalityPanel> {
    panels(requirement.map { $0[account] }, values: equity.map { $0[account] })
  }

  var book: ByMode<ProcyclicalityPanel> {
    panels(requirement.indices.map(sum), values: equity.map { $0.reduce(0, +) })
  }

  func day(_ place: Int, date: Instant) -> ReplayHistory.Day {
    let sum = sum(place)
    let exposure = exposure[place].reduce(0, +)
    return ReplayHistory.Day(
      date: date, equity: equity[place].reduce(0, +), requirement: sum,
      leverage: sum.map { $0 > 0 ? exposure / $0 : nil })
  }

  private func sum(_ place: Int) -> ByMode<Double> {
    var sum = ByMode(isolated: 0.0, cross: 0.0, portfolio: 0.0)
    for mode in MarginMode.allCases { sum[mode] = requirement[place].reduce(0) { $0 + $1[mode] } }
    return sum
  }

  private func panels(_ series: [ByMode<Double>], values: [Double]) -> ByMode<ProcyclicalityPanel> {
    func panel(_ mode: MarginMode) -> ProcyclicalityPanel {
      Procyclicality.panel(requirement: series.map { $0[mode] }, values: values)
    }
    return ByMode(isolated: panel(.isolated), cross: panel(.cross), portfolio: panel(.portfolio))
  }
}

/// A history as factors on today's market.
struct HistoryPath {
  let dates: [Instant]
  /// By date, then asset of the market.
  private let spots: [[Double]]
  private let volatilities: [[Double]]

  /// The last dates on which every asset of the market that has a column has a close.
  init(_ history: PriceHistory, market: MarketSnapshot, days: Int, isRealised: Bool) {
    let columns = market.assets.map { asset in
      asset.isStable ? nil : history.assets.firstIndex(of: asset.id)
    }
    let whole = history.dates.indices.filter { row in
      columns.allSatisfy { column in column.map { history.prices[$0][row] != nil } ?? true }
    }
    let rows = whole.suffix(max(0, days))
    dates = rows.map { history.dates[$0] }
    var spots = [[Double]](repeating: Array(repeating: 1, count: market.assets.count), count: rows.count)
    var volatilities = spots
    for (asset, column) in columns.enumerated() {
      guard let column else { continue }
      let closes = whole.compactMap { history.prices[column][$0] }
      let weighted = isRealised ? Procyclicality.weightedVolatility(prices: closes) : []
      guard let last = closes.last, last > 0 else { continue }
      for place in rows.indices {
        let entry = closes.count - rows.count + (place - rows.startIndex)
        spots[place - rows.startIndex][asset] = closes[entry] / last
        if let now = weighted.last, now > 0, weighted.indices.contains(entry) {
          volatilities[place - rows.startIndex][asset] = weighted[entry] / now
        }
      }
    }
    self.spots = spots
    self.volatilities = volatilities
  }

  /// Today's market as it stood on a date.
  func market(_ book: Book, at place: Int) -> MarketSnapshot {
    let market = book.market
    func factor(_ id: Identifier, _ rows: [[Double]]) -> Double {
      market.assetIndex(of: id).map { rows[place][$0] } ?? 1
    }
    return MarketSnapshot(
      asOf: market.asOf, baseCurrency: market.baseCurrency,
      assets: market.assets.map {
        Asset(id: $0.id, spot: $0.spot * factor($0.id, spots), isStable: $0.isStable)
      },
      rates: market.rates,
      forwards: market.forwards.map {
        ForwardQuote(
          underlying: $0.underlying, expiry: $0.expiry, price: $0.price * factor($0.underlying, spots))
      },
      dividends: market.dividends,
      volatility: market.volatility.map {
        $0.moved(spot: factor($0.underlying, spots), volatility: factor($0.underlying, volatilities))
      },
      marks: market.marks.compactMap { mark in
        guard let known = book.instruments.place(of: mark.instrument, by: \.id) else { return nil }
        let instrument = book.instruments[known]
        guard instrument.kind != .option else { return nil }
        return Mark(
          instrument: mark.instrument, price: mark.price * factor(instrument.underlying, spots),
          fundingRate8h: mark.fundingRate8h, openInterest: mark.openInterest)
      }, correlation: market.correlation, confidences: market.confidences)
  }
}

extension VolatilitySlice {
  /// The same smile in moneyness around another forward, every volatility by a factor.
  func moved(spot: Double, volatility factor: Double) -> VolatilitySlice {
    switch shape {
    case .quotes(let strikes, let volatilities):
      return VolatilitySlice(
        underlying: underlying, expiry: expiry,
        shape: .quotes(strikes: strikes.map { $0 * spot }, volatilities: volatilities.map { $0 * factor }))
    case .svi(let smile):
      return VolatilitySlice(
        underlying: underlying, expiry: expiry,
        shape: .svi(
          SVIParameters(
            a: smile.a * factor * factor, b: smile.b * factor * factor, rho: smile.rho, m: smile.m,
            sigma: smile.sigma)))
    }
  }
}

extension Book {
  /// The same book on another market, with what its history was then.
  func marked(_ market: MarketSnapshot, history: PriceHistory) -> Book {
    Book(
      market: market, instruments: instruments, accounts: accounts, positions: positions, balances: balances,
      history: history, incompleteAccounts: incompleteAccounts, positionsName: positionsName,
      balancesName: balancesName)
  }
}

extension ReplayStage {
  /// A stage from a book alone.
  init(_ place: ReplayBook, team: ThreadTeam, comparison: ComparisonPlan) throws(EngineError) {
    try self.init(
      place, valued: BookValuation.value(place.book, team: team), comparison: comparison, team: team)
  }
}

extension PriceHistory {
  /// Dates that a day sees at least, though they come after it: a year of them.
  static let leastSeen = 253

  /// The dates up to a day, so that models that live on the history look back from it, and not ahead; the first year
  /// where fewer came before.
  func seen(on day: Instant) -> PriceHistory {
    let past = dates.prefix { $0 <= day }.count
    let count = min(max(past, Self.leastSeen), dates.count)
    return PriceHistory(
      dates: Array(dates.prefix(count)), assets: assets, prices: prices.map { Array($0.prefix(count)) },
      volatilities: volatilities.map {
        VolatilityColumn(underlying: $0.underlying, levels: Array($0.levels.prefix(count)))
      })
  }
}

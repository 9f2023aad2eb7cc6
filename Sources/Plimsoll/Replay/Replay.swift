import MarginModels
public import MarketModel
import PortfolioValuation
public import RiskDocuments
import RiskNumerics

/// A book marked again with later markets: who is called, who is liquidated, and what explains the profit.
///
/// ```
/// let replay = try Replay(book: book, comparison: plan.comparison, markets: markets, threads: 2)
/// let result = replay.result(inputDigests: [])
/// ```
public struct Replay: Sendable {
  /// What a replay is asked for beside its steps.
  public struct Options: Hashable, Sendable {
    /// Whether the first day's surface is read at the later instant (the default) or with time standing still.
    public var movesTime = true
    /// Whether the surface for the last market is handed out, node by node.
    public var keepsSurface = false
    /// The most dates of the history that are replayed; nil replays none.
    public var historyDays: Int?
    /// Whether the volatilities of past dates follow realised volatility.
    public var realisedVolatility = false

    /// The defaults.
    public init() {}
  }

  let threads: Int
  let options: Options
  let comparison: ComparisonPlan
  /// As read, its entries filled in.
  let first: Book
  let markets: [MarketReading]
  let stages: [ReplayStage]
  let isStopped: @Sendable () -> Bool

  /// Prepares every market of a replay.
  ///
  /// - Parameters:
  ///   - book: the first day, as read.
  ///   - comparison: the models of the three modes.
  ///   - markets: later ones, in order of time; none for a history alone.
  ///   - threads: at least 1; the figures do not depend on it.
  ///   - isStopped: asked between markets; true ends the preparation.
  /// - Throws: `EngineError.invalid` where a market is earlier than the one before it or has another base currency;
  ///   where a model is not built; `stopped`.
  /// - Complexity: O(markets × instruments × (1 + surface nodes × scenarios)) prices.
  public init(
    book: Book, comparison: ComparisonPlan, markets: [MarketReading], options: Options = Options(),
    threads: Int, isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(EngineError) {
    try Self.check(book, markets)
    self.threads = threads
    self.options = options
    self.comparison = comparison
    self.markets = markets
    self.isStopped = isStopped
    let team = ThreadTeam(threadCount: threads)
    let valued = BookValuation.value(book, team: team)
    let (held, entries) = book.holdingEntries(of: valued)
    first = held
    var place = ReplayBook(held)
    var stages = [try ReplayStage(place, valued: valued, comparison: comparison, team: team)]
    for reading in markets {
      if isStopped() { throw .stopped }
      place = place.advanced(to: reading.market, entries: entries, hasLost: reading.hasLost)
      var stage = try ReplayStage(
        place, valued: BookValuation.value(place.book, team: team), comparison: comparison, team: team)
      stage.surface = try FirstDayReading(
        held, entries: entries, until: stage, movesTime: options.movesTime, comparison: comparison, team: team
      )
      stages.append(stage)
    }
    self.stages = stages
  }

  private static func check(_ book: Book, _ markets: [MarketReading]) throws(EngineError) {
    var last = book.market
    for reading in markets {
      guard reading.market.asOf >= last.asOf else {
        throw .invalid(
          path: "\(reading.name)#/as_of",
          message:
            "found \(reading.market.asOf.text), earlier than \(last.asOf.text) of the market before it; "
            + "expected markets in order of time")
      }
      guard reading.market.baseCurrency == book.market.baseCurrency else {
        throw .invalid(
          path: "\(reading.name)#/base_currency",
          message: "found \(reading.market.baseCurrency), expected \(book.market.baseCurrency) as in the book"
        )
      }
      last = reading.market
    }
  }

  /// Replays every account.
  ///
  /// - Parameter inputDigests: of the files that were read, for provenance.
  /// - Returns: accounts in the order of the book; nil where the run was stopped.
  /// - Throws: `EngineError` where the history cannot be replayed.
  public func result(inputDigests: [InputDigest] = []) throws(EngineError) -> ReplayResult? {
    let team = ThreadTeam(threadCount: threads)
    let explained = stages.indices.dropFirst().map {
      ReplayExplanation(from: stages[$0 - 1], to: stages[$0], team: team)
    }
    let accounts = team.map(count: first.accounts.count) { account in
      AccountReplay(
        account: account, id: first.accounts[account], stages: stages, explained: explained,
        keepsSurface: options.keepsSurface
      ).result
    }
    if isStopped() { return nil }
    let history = try history(team: team)
    return ReplayResult(
      engineVersion: Engine.version, baseCurrency: first.market.baseCurrency, models: comparison,
      inputDigests: inputDigests, assumptions: assumptions, steps: steps, accounts: accounts,
      grid: options.keepsSurface && stages.count > 1 ? .standard : nil, history: history, failures: failures)
  }

  private var steps: [ReplayStep] {
    let assets = first.market.assets.filter { !$0.isStable && $0.id != first.market.baseCurrency }.map(\.id)
    return stages.enumerated().map { place, stage in
      let market = stage.valued.book.market
      return ReplayStep(
        name: place == 0 ? "market.json" : markets[place - 1].name, asOf: market.asOf,
        spots: assets.map { ($0, market.spot(of: $0)) })
    }
  }

  /// What was set aside: while reading, and on each market, each said once.
  private var failures: [Failure] {
    var found: [Failure] = []
    var known: Set<Failure> = []
    func add(_ list: [Failure]) {
      for failure in list where known.insert(failure).inserted { found.append(failure) }
    }
    add(first.failures)
    for (place, stage) in stages.enumerated() {
      if place > 0 { add(markets[place - 1].failures) }
      add(stage.place.failures)
      add(
        stage.valued.failures.map { failure in
          guard place > 0 else { return failure }
          return Failure(
            path: failure.path, reason: failure.reason,
            message:
              "on \(markets[place - 1].name) as of \(stage.valued.book.market.asOf.text): \(failure.message)")
        })
    }
    return found
  }

  private var assumptions: [String] {
    var found: [String] = []
    for sentence in stages.flatMap(\.valued.assumptions) + markets.flatMap(\.assumptions)
    where !found.contains(sentence) {
      found.append(sentence)
    }
    if options.historyDays != nil, ModelLibrary.builtIn.needsHistory(comparison.portfolio) {
      found.append(
        "history: \(comparison.portfolio) sees the dates up to each day, the first \(PriceHistory.leastSeen) at least, though some of them come later"
      )
    }
    let expires = first.instruments.contains { $0.isInverse && $0.expiry != nil }
    if !markets.isEmpty, expires {
      found.append(
        "predicted: what has expired in coin counts at its full value, whatever a model counts of coins")
    }
    return found
  }
}

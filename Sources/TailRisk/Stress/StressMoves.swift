import MarketModel
import PortfolioValuation
import RiskNumerics

/// Turns a stress into moves of a market.
struct StressMoves {
  /// Moves among which the book's loss decides, or that are all wanted: of a ladder.
  struct Candidates {
    var moves: [MarketMove]
    /// Of the history, one a move; else empty.
    var windows: [StressMarket.Window] = []
    /// Whether signs are chosen asset by asset: `moves` then holds, for each of `signed`, one up and one down.
    var signed: [Int] = []
    /// The move without any spot, where `signed` is not empty.
    var still: MarketMove?
  }

  let book: Book
  let covariance: CovariancePlan
  private var market: MarketSnapshot { book.market }
  private(set) var notes = AssumedSentences()

  init(_ book: Book, covariance: CovariancePlan) {
    self.book = book
    self.covariance = covariance
  }

  /// The moves of a stress.
  ///
  /// - Parameter path: of the stress in the plan.
  /// - Throws: what the market or the history lacks for it.
  mutating func candidates(_ scenario: StressScenario, path: String) throws(StressRefusal) -> Candidates {
    let base = self.base(scenario)
    switch scenario.source {
    case .all(let spot):
      return Candidates(moves: [try finish(base, scenario, path: path) { _ in spot }])
    case .preset(let preset):
      return Candidates(
        moves: [try finish(base, scenario, path: path) { preset.spotMove(of: market.assets[$0].id) }])
    case .ladder(let ladder):
      var moves: [MarketMove] = []
      for volatility in ladder.volatilities {
        for spot in ladder.spots {
          var cell = base
          for asset in risky { cell.assets[asset].volatility = volatility }
          moves.append(try finish(cell, scenario, path: path) { _ in spot })
        }
      }
      return Candidates(moves: moves)
    case .history(let from, let to):
      return try replay(base, scenario, from: from, to: to, path: path)
    case .worstHistory(let days):
      return try windows(base, scenario, days: days, path: path)
    case .correlationBreak(let breaking):
      return try broken(base, scenario, breaking, path: path)
    }
  }

  /// Places of the assets that are no cash.
  private var risky: [Int] { market.assets.indices.filter { !market.isCash(market.assets[$0].id) } }

  /// Everything but the spots and what is said of single underlyings.
  private func base(_ scenario: StressScenario) -> MarketMove {
    var move = MarketMove(assetCount: market.assets.count)
    var volatility = scenario.volatility
    if case .preset(let preset) = scenario.source, volatility == 0 { volatility = preset.volatilityMove }
    for asset in risky {
      move.assets[asset].volatility = volatility
      move.assets[asset].skew = scenario.skew
      move.assets[asset].basis = scenario.basis
    }
    (move.rates, move.days, move.funding) = (scenario.rates, scenario.days, scenario.funding)
    return move
  }

  /// The spots, then single underlyings, then the peg.
  private func finish(
    _ base: MarketMove, _ scenario: StressScenario, path: String, spot: (Int) -> Double
  ) throws(StressRefusal) -> MarketMove {
    var move = base
    for asset in risky { move.assets[asset].spot = spot(asset) }
    for own in scenario.moves {
      guard let asset = market.assetIndex(of: own.underlying) else {
        throw StressRefusal(path + "/moves", .missing, "the market has no asset \(own.underlying)")
      }
      guard !market.isCash(own.underlying) else {
        throw StressRefusal(path + "/moves", .invalid, "\(own.underlying) is cash; a peg breaks by depeg")
      }
      if let spot = own.spot { move.assets[asset].spot = spot }
      if let volatility = own.volatility { move.assets[asset].volatility = volatility }
      if let skew = own.skew { move.assets[asset].skew = skew }
      if let basis = own.basis { move.assets[asset].basis = basis }
    }
    if let depeg = scenario.depeg {
      guard let asset = market.assetIndex(of: depeg.asset), market.assets[asset].isStable,
        depeg.asset != market.baseCurrency
      else {
        throw StressRefusal(
          path + "/depeg", .invalid,
          "expected a stable asset of the market other than the base currency, found \(depeg.asset)")
      }
      move.assets[asset].spot = depeg.price / market.assets[asset].spot - 1
    }
    return move
  }
}

// MARK: History

extension StressMoves {
  /// Days before a date within which the last price stands for the date's own.
  private static let longestGap = 7.0

  private func history(_ path: String) throws(StressRefusal) -> PriceHistory {
    guard let history = book.history, history.dates.count > 1 else {
      throw StressRefusal(path, .missing, "the book has no history.csv of two dates or more")
    }
    return history
  }

  /// The column of every asset that the history knows; never the base currency.
  private func columns(_ history: PriceHistory) -> [(asset: Int, column: Int)] {
    var seen: Set<Identifier> = []
    return zip(history.assets.indices, history.prices.indices).map(\.0).compactMap { column in
      let name = history.assets[column]
      guard name != market.baseCurrency, let asset = market.assetIndex(of: name), seen.insert(name).inserted
      else { return nil }
      return (asset, column)
    }
  }

  private mutating func replay(
    _ base: MarketMove, _ scenario: StressScenario, from: Instant, to: Instant, path: String
  ) throws(StressRefusal) -> Candidates {
    let history = try history(path)
    func price(_ column: Int, _ date: Instant) -> Double? {
      for place in history.dates.indices.reversed() where history.dates[place] <= date {
        guard history.dates[place].years(to: date) * 365 <= Self.longestGap else { return nil }
        if let price = history.prices[column][place], price > 0 { return price }
      }
      return nil
    }
    var spots: [Int: Double] = [:]
    for (asset, column) in columns(history) {
      guard let first = price(column, from), let last = price(column, to) else { continue }
      spots[asset] = last / first - 1
    }
    guard !spots.isEmpty else {
      throw StressRefusal(path, .missing, "the history has no price of any asset on both dates")
    }
    let still = risky.filter { spots[$0] == nil }.map { market.assets[$0].id.text }
    if !still.isEmpty {
      notes.note(
        "stress \(scenario.name): \(still.joined(separator: ", ")) without a price at both ends of the window in the "
          + "history: still")
    }
    return Candidates(
      moves: [try place(spots, base, scenario, path)], windows: [StressMarket.Window(from: from, to: to)])
  }

  /// A move with the spots of the history; a stable asset that the history knows moves as well.
  private func place(
    _ spots: [Int: Double], _ base: MarketMove, _ scenario: StressScenario, _ path: String
  ) throws(StressRefusal) -> MarketMove {
    var start = base
    for asset in market.assets.indices where market.assets[asset].isStable {
      start.assets[asset].spot = spots[asset] ?? 0
    }
    return try finish(start, scenario, path: path) { spots[$0] ?? 0 }
  }

  private mutating func windows(
    _ base: MarketMove, _ scenario: StressScenario, days: Int, path: String
  ) throws(StressRefusal) -> Candidates {
    let history = try history(path)
    let columns = columns(history)
    var found = Candidates(moves: [])
    var last = 0
    for first in history.dates.indices {
      last = max(last, first)
      while last < history.dates.count,
        history.dates[first].seconds(to: history.dates[last]) < Int64(days) * 86_400
      {
        last += 1
      }
      guard last < history.dates.count else { break }
      var spots: [Int: Double] = [:]
      for (asset, column) in columns {
        guard let before = history.prices[column][first], let after = history.prices[column][last],
          before > 0, after > 0
        else { continue }
        spots[asset] = after / before - 1
      }
      guard !spots.isEmpty else { continue }
      found.moves.append(try place(spots, base, scenario, path))
      found.windows.append(StressMarket.Window(from: history.dates[first], to: history.dates[last]))
    }
    guard !found.moves.isEmpty else {
      throw StressRefusal(
        path, .missing, "the history has no window of \(days) days with prices at both ends")
    }
    notes.note(
      "stress \(scenario.name): the window is the one in which the whole book would have lost most; from each date to "
        + "the first at least \(days) days later; an asset without a price at both ends stands still")
    return found
  }
}

// MARK: Correlation

extension StressMoves {
  private mutating func broken(
    _ base: MarketMove, _ scenario: StressScenario, _ breaking: CorrelationBreak, path: String
  ) throws(StressRefusal) -> Candidates {
    let factors: RiskFactors
    do throws(TailRiskError) {
      factors = try RiskFactors(book, covariance: covariance, horizonDays: breaking.horizonDays)
    } catch {
      throw StressRefusal(path, .invalid, "the covariance of the market cannot be used")
    }
    let moving = factors.assets.filter { risky.contains($0) }
    guard !moving.isEmpty else {
      throw StressRefusal(path, .missing, "no asset has a volatility in the correlation or the history")
    }
    let root = (breaking.horizonDays / 365).squareRoot()
    var sizes = [Double](repeating: 0, count: market.assets.count)
    for (place, asset) in factors.assets.enumerated() {
      sizes[asset] = breaking.deviations * factors.volatilities[place] * root
    }
    func move(_ sign: (Int) -> Double) throws(StressRefusal) -> MarketMove {
      try finish(base, scenario, path: path) { Elementary.expMinusOne(sign($0) * sizes[$0]) }
    }
    notes.note(
      "stress \(scenario.name): the signs are those in which the whole book loses most; moves are of log prices"
    )
    switch breaking.pattern {
    case .together:
      return Candidates(moves: [try move { _ in -1 }, try move { _ in 1 }])
    case .against:
      guard let name = breaking.against, let odd = market.assetIndex(of: name), moving.contains(odd) else {
        throw StressRefusal(
          path + "/correlation_break/against", .missing,
          "expected an asset with a volatility, found \(breaking.against.map(\.text) ?? "none")")
      }
      return Candidates(moves: [try move { $0 == odd ? 1 : -1 }, try move { $0 == odd ? -1 : 1 }])
    case .alone:
      var moves: [MarketMove] = []
      for asset in moving {
        for sign in [-1.0, 1] { moves.append(try move { $0 == asset ? sign : 0 }) }
      }
      return Candidates(moves: moves)
    case .worstSigns:
      var found = Candidates(moves: [], signed: moving, still: try move { _ in 0 })
      for asset in moving {
        for sign in [-1.0, 1] { found.moves.append(try move { $0 == asset ? sign : 0 }) }
      }
      return found
    }
  }
}

/// Why a stress cannot be applied to this market.
struct StressRefusal: Error {
  let failure: Failure

  init(_ path: String, _ reason: FailureReason, _ message: String) {
    failure = Failure(path: path, reason: reason, message: message)
  }
}

/// Sentences in the order they were first said, each once.
struct AssumedSentences {
  private(set) var list: [String] = []

  mutating func note(_ sentence: String) {
    if !list.contains(sentence) { list.append(sentence) }
  }
}

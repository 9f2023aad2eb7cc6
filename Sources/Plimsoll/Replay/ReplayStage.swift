import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics

/// A book on one market of a replay, valued and margined.
struct ReplayStage: Sendable {
  let place: ReplayBook
  let valued: ValuedBook
  let margin: ReplayedMargin
  /// What the first day says of this market; nil on the first.
  var surface: FirstDayReading?
  /// Places in `place.settlements` by account.
  private let settled: [[Int]]

  init(
    _ place: ReplayBook, valued: ValuedBook, comparison: ComparisonPlan, team: ThreadTeam
  ) throws(EngineError) {
    self.place = place
    self.valued = valued
    var settled = [[Int]](repeating: [], count: place.book.accounts.count)
    for (entry, settlement) in place.settlements.enumerated() { settled[settlement.account].append(entry) }
    self.settled = settled
    do throws(MarginError) {
      margin = try MarginEngine(
        book: valued, models: [], comparison: comparison, parts: [], team: team
      ).replayed
    } catch {
      throw EngineError(error)
    }
  }

  /// The settlements of one account so far, in the order they were paid.
  func settlements(ofAccount account: Int) -> [Settlement] {
    settled[account].map { place.settlements[$0] }
  }
}

/// The surface of the first day, with what is needed to read it at a later market.
struct FirstDayReading: Sendable {
  let surface: FirstDaySurface
  private let moves: RealisedMoves
  /// Claims of expired positions by account.
  private let claims: [[ExpiringClaim]]

  /// Prices the surface that is looked at from the first day to a stage.
  ///
  /// - Parameter movesTime: whether time is moved to the stage; contracts that expire meanwhile then pay on the
  ///   surface's own spot.
  init(
    _ first: Book, entries: [Int: Double], until stage: ReplayStage, movesTime: Bool,
    comparison: ComparisonPlan,
    team: ThreadTeam
  ) throws(EngineError) {
    let market = first.market
    let later = stage.valued.book.market
    var book = first
    var claims = [[ExpiringClaim]](repeating: [], count: first.accounts.count)
    if movesTime, later.asOf > market.asOf {
      var alive: [Position] = []
      for position in first.positions {
        let instrument = first.instruments[position.instrument]
        guard let expiry = instrument.expiry, expiry <= later.asOf else {
          alive.append(position)
          continue
        }
        if let claim = Self.claim(position, instrument, market, entries) {
          claims[position.account].append(claim)
        }
      }
      book = Book(
        market: market.aged(to: later.asOf), instruments: first.instruments, accounts: first.accounts,
        positions: alive, balances: first.balances, history: first.history)
    }
    self.claims = claims
    let valued = BookValuation.value(book, team: team)
    do throws(MarginError) {
      surface = try FirstDaySurface(book: valued, comparison: comparison, team: team)
    } catch {
      throw EngineError(error)
    }
    moves = RealisedMoves(
      spots: market.assets.map { asset in (later.spot(of: asset.id) ?? asset.spot) / asset.spot },
      volatilities: zip(valued.resolved, stage.valued.resolved).map { before, after in
        guard let before, let after, before.kind == .option, before.volatility > 0, after.volatility > 0
        else {
          return nil
        }
        return after.volatility / before.volatility - 1
      })
  }

  /// The surpluses that the surface gives for the stage's market.
  func standing(ofAccount account: Int, margins: [IsolatedMargin]) -> ByMode<PredictedStanding> {
    surface.standing(ofAccount: account, after: moves, margins: margins, claims: claims[account])
  }

  func nodes(ofAccount account: Int, margins: [IsolatedMargin]) -> ByMode<[Double]> {
    surface.nodes(ofAccount: account, margins: margins, claims: claims[account])
  }

  private static func claim(
    _ position: Position, _ instrument: Instrument, _ market: MarketSnapshot, _ entries: [Int: Double]
  ) -> ExpiringClaim? {
    guard let underlying = market.assetIndex(of: instrument.underlying),
      let spot = market.spot(of: instrument.underlying), let quote = market.spot(of: instrument.quoteAsset),
      quote > 0
    else { return nil }
    let entry = entries[position.row]
    return ExpiringClaim(underlying: underlying) { multiplier in
      let paid =
        ReplayBook.payment(position, instrument, spot / quote * multiplier, entry) ?? 0
      return paid * (instrument.isInverse ? spot * multiplier : quote)
    }
  }
}

extension MarketSnapshot {
  /// The same quotes at a later instant; those that have expired by then are gone.
  func aged(to instant: Instant) -> MarketSnapshot {
    MarketSnapshot(
      asOf: instant, baseCurrency: baseCurrency, assets: assets, rates: rates,
      forwards: forwards.filter { $0.expiry > instant }, dividends: dividends,
      volatility: volatility.filter { $0.expiry > instant }, marks: marks, correlation: correlation,
      confidences: confidences, depths: depths)
  }
}

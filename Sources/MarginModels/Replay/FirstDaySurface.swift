public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// What the market did, as a surface is read: by asset and by instrument.
public struct RealisedMoves: Sendable {
  /// Spot then over spot now, one entry an asset of the market.
  public var spots: [Double]
  /// Relative move of the volatility of each option of the book; nil for other contracts and where one end has none.
  public var volatilities: [Double?]

  /// Moves from their lists.
  public init(spots: [Double], volatilities: [Double?]) {
    self.spots = spots
    self.volatilities = volatilities
  }
}

/// A position that has expired by the time a surface looks at: it pays on the spot of the surface.
public struct ExpiringClaim: Sendable {
  /// Place of the underlying in the market's `assets`.
  public var underlying: Int
  /// Base currency, by the multiplier of its spot; shared by all positions, so no part of isolated mode.
  public var payoff: @Sendable (_ spotMultiplier: Double) -> Double

  /// A claim from its payoff in the base currency.
  public init(underlying: Int, payoff: @escaping @Sendable (_ spotMultiplier: Double) -> Double) {
    self.underlying = underlying
    self.payoff = payoff
  }
}

/// What a surface says of one account after a move: surpluses, base currency.
public struct PredictedStanding: Hashable, Sendable {
  /// Equity less initial requirement; in isolated mode of the position that stands worst.
  public var initial: Double
  /// Equity less maintenance requirement; likewise.
  public var maintenance: Double

  /// A standing from its surpluses.
  public init(initial: Double, maintenance: Double) {
    self.initial = initial
    self.maintenance = maintenance
  }
}

/// The surplus of every account over moves of spot and volatility, from first-day data alone.
///
/// Each group of underlyings that a model margins together has a surface of its own, and an account is their sum
/// plus its cash, so that a point with another move for each underlying can be read.
public struct FirstDaySurface: Sendable {
  public let grid: SurfaceGrid
  private let valued: ValuedBook
  private let context: MarginContext
  private let isolated: any ReportableModel
  private let cross: any ReportableModel
  private let portfolio: any ReportableModel
  /// Vega of one unit times its volatility, and the growth of the move at its expiry; one entry an instrument.
  private let weights: [(size: Double, growth: Double)]

  /// Prices the surfaces.
  ///
  /// - Parameter book: the first day's, or the same market with time moved.
  /// - Throws: `MarginError`, as `MarginEngine` does.
  /// - Complexity: O(instruments × nodes × scenarios) prices.
  public init(
    book: ValuedBook, comparison: ComparisonPlan, grid: SurfaceGrid = .standard, team: ThreadTeam
  ) throws(MarginError) {
    valued = book
    self.grid = grid
    let context = MarginContext(of: book)
    self.context = context
    let states = grid.states
    func model(_ name: String, _ known: [any ReportableModel]) throws(MarginError) -> any ReportableModel {
      if let found = known.first(where: { $0.name == name }) { return found }
      return try context.library.prepare(name, context: context, states: states, team: team)
    }
    isolated = try model(comparison.isolated, [])
    cross = try model(comparison.cross, [isolated])
    portfolio = try model(comparison.portfolio, [isolated, cross])
    weights = context.instruments.map { resolved in
      guard let resolved, resolved.kind == .option, resolved.volatility > 0, resolved.timeToExpiry > 0 else {
        return (0, 1)
      }
      let deviation = resolved.volatility * resolved.timeToExpiry.squareRoot()
      let d1 = Elementary.log(resolved.forward / resolved.strike) / deviation + deviation / 2
      let size = resolved.scale * resolved.forward * Elementary.normalDensity(d1) * deviation
      return (size.isFinite ? size : 0, SurfaceGrid.growth(seconds: Double(resolved.secondsToExpiry)))
    }
  }

  /// The standing of an account after the moves, mode by mode.
  ///
  /// The volatility move of a group is the one at thirty days that fits the moves of its options best, each weighted by
  /// the size of its vega; of a position alone it is its own.
  /// - Complexity: O(positions × nodes × scenarios) multiply-adds.
  public func standing(
    ofAccount account: Int, after moves: RealisedMoves, margins: [IsolatedMargin],
    claims: [ExpiringClaim] = []
  ) -> ByMode<PredictedStanding> {
    let sets = context.nettingSets(ofAccount: account, in: valued)
    let cash = context.cashBalances(ofAccount: account, in: valued)
    func whole(_ model: any ReportableModel) -> PredictedStanding {
      let counted = model.countedCash(cash)
      var sum = PredictedStanding(initial: counted.initial, maintenance: counted.maintenance)
      for claim in claims {
        let payoff = claim.payoff(spot(claim.underlying, moves))
        sum.initial += payoff
        sum.maintenance += payoff
      }
      for group in model.groups(of: sets) {
        let nets = model.netMargins(ofGroup: group)
        let point = point(of: group, moves)
        sum.initial += point.read { nets[$0].initial }
        sum.maintenance += point.read { nets[$0].maintenance }
      }
      return sum
    }
    return ByMode(
      isolated: alone(account, moves, margins), cross: whole(cross), portfolio: whole(portfolio))
  }

  /// The surplus over maintenance of an account at every node, all underlyings moving alike.
  ///
  /// - Returns: volatility by volatility, spots within; in isolated mode of the position that stands worst.
  public func nodes(
    ofAccount account: Int, margins: [IsolatedMargin], claims: [ExpiringClaim] = []
  ) -> ByMode<[Double]> {
    let sets = context.nettingSets(ofAccount: account, in: valued)
    let cash = context.cashBalances(ofAccount: account, in: valued)
    func whole(_ model: any ReportableModel) -> [Double] {
      let counted = model.countedCash(cash).maintenance
      var sums = grid.volatilities.flatMap { _ in
        grid.spots.map { spot in claims.reduce(counted) { $0 + $1.payoff(spot) } }
      }
      for group in model.groups(of: sets) {
        let nets = model.netMargins(ofGroup: group)
        for node in sums.indices where nets.indices.contains(node + 1) {
          sums[node] += nets[node + 1].maintenance
        }
      }
      return sums
    }
    return ByMode(
      isolated: alone(account, margins), cross: whole(cross), portfolio: whole(portfolio))
  }

  /// The worst of the positions that stand alone, node by node; 0 for an account without positions.
  private func alone(_ account: Int, _ margins: [IsolatedMargin]) -> [Double] {
    var worst = [Double](
      repeating: .greatestFiniteMagnitude, count: grid.spots.count * grid.volatilities.count)
    for position in defended(account, margins) {
      for node in worst.indices {
        let margin = position.isCoin ? position.margin * grid.spots[node % grid.spots.count] : position.margin
        let net = isolated.netMargin(alone: position.leg, state: node + 1)
        worst[node] = min(worst[node], margin + net.maintenance)
      }
    }
    return worst.map { $0 == .greatestFiniteMagnitude ? 0 : $0 }
  }

  private func spot(_ underlying: Int, _ moves: RealisedMoves) -> Double {
    moves.spots.indices.contains(underlying) ? moves.spots[underlying] : 1
  }

  /// Where a group is read: its exposure's mean spot move, its vega's volatility move.
  private func point(of group: [NettingSet], _ moves: RealisedMoves) -> SurfacePoint {
    var fit = 0.0
    var weight = 0.0
    var spotSum = 0.0
    var size = 0.0
    for set in group {
      let held = set.legs.reduce(abs(set.collateral * context.assets[set.underlying].spot)) {
        $0 + abs($1.effectiveQuantity * context.terms[$1.instrument].unit)
      }
      spotSum += held * spot(set.underlying, moves)
      size += held
      for leg in set.legs {
        let (vega, growth) = weights[leg.instrument]
        guard let move = moves.volatilities[leg.instrument] else { continue }
        fit += abs(leg.effectiveQuantity) * vega * growth * move
        weight += abs(leg.effectiveQuantity) * vega * growth * growth
      }
    }
    let single = group.first.map { spot($0.underlying, moves) } ?? 1
    return grid.place(
      spot: group.count > 1 && size > 0 ? spotSum / size : single, volatility: weight > 0 ? fit / weight : 0)
  }

  /// The worst of the positions that stand alone; 0 for an account without positions.
  private func alone(
    _ account: Int, _ moves: RealisedMoves, _ margins: [IsolatedMargin]
  ) -> PredictedStanding {
    var worst: PredictedStanding?
    for position in defended(account, margins) {
      let instrument = position.leg.instrument
      let move = spot(position.underlying, moves)
      let point = grid.place(
        spot: move, volatility: (moves.volatilities[instrument] ?? 0) / weights[instrument].growth)
      let margin = position.isCoin ? position.margin * move : position.margin
      let found = PredictedStanding(
        initial: (margin + point.read { isolated.netMargin(alone: position.leg, state: $0).initial })
          .unlessRounding(of: margin),
        maintenance: margin + point.read { isolated.netMargin(alone: position.leg, state: $0).maintenance })
      worst = PredictedStanding(
        initial: min(worst?.initial ?? found.initial, found.initial),
        maintenance: min(worst?.maintenance ?? found.maintenance, found.maintenance))
    }
    return worst ?? PredictedStanding(initial: 0, maintenance: 0)
  }

  /// A position with the margin that defends it.
  private struct Defended {
    let leg: Leg
    let underlying: Int
    /// Base currency, today.
    let margin: Double
    /// Whether the margin is held in the underlying and moves with it.
    let isCoin: Bool
  }

  private func defended(_ account: Int, _ margins: [IsolatedMargin]) -> [Defended] {
    var found: [Defended] = []
    var place = 0
    for leg in context.legs(ofAccount: account, in: valued) {
      while place < margins.count, margins[place].instrument < leg.instrument { place += 1 }
      guard place < margins.count, margins[place].instrument == leg.instrument,
        let resolved = context.instruments[leg.instrument]
      else { continue }
      let market = valued.book.market
      found.append(
        Defended(
          leg: leg, underlying: resolved.underlying,
          margin: margins[place].quantity * (market.spot(of: margins[place].asset) ?? 1),
          isCoin: market.assetIndex(of: margins[place].asset) == resolved.underlying))
    }
    return found
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics

/// Profiles of accounts over some of the spots that the liquidation engine has priced already: what cross and
/// portfolio margin leave over is on its grid, and only what the instruments are worth there is priced anew.
struct ProfileEngine: Sendable {
  /// Moves that a reader looks for; of the grid, the points nearest to them are taken.
  private static let wanted = [
    -0.5, -0.4, -0.3, -0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5,
  ]

  let liquidation: LiquidationEngine
  /// Relative moves of spot, increasing; one of them is 0.
  let moves: [Double]
  /// The state of each move on the liquidation engine's grid.
  private let states: [Int]
  /// Change of the value of one effective contract: instrument, move.
  private let changes: [Double]

  /// Prices the instruments at each move.
  ///
  /// - Complexity: O(instruments × moves), shared by the team.
  init(liquidation: LiquidationEngine, team: ThreadTeam) {
    self.liquidation = liquidation
    let grid = liquidation.grid
    var points: [Int] = []
    for move in Self.wanted {
      let nearest = grid.multipliers.indices.min {
        abs(grid.multipliers[$0] - 1 - move) < abs(grid.multipliers[$1] - 1 - move)
      }
      if let nearest, nearest > points.last ?? -1 { points.append(nearest) }
    }
    let moves = points.map { grid.multipliers[$0] - 1 }
    self.moves = moves
    states = points.map { LiquidationEngine.stateIndex(ofPoint: $0, in: grid) }
    let columns = moves.map {
      Revaluation.unitChanges(liquidation.valued, spot: $0, volatility: 0, team: team)
    }
    changes = liquidation.context.instruments.indices.flatMap { instrument in
      columns.map { $0.indices.contains(instrument) ? $0[instrument] : 0 }
    }
  }

  /// The profile of one account.
  ///
  /// - Parameters:
  ///   - sets: its netting sets.
  ///   - shared: its surplus over the grid, as the liquidation engine found it.
  /// - Complexity: O(legs × moves).
  func profile(ofAccount account: Int, sets: [NettingSet], shared: [SharedSurplus]) -> MarginProfile {
    let cash = liquidation.context.cash(ofAccount: account, in: liquidation.valued)
    let cross = surplus(of: .cross, shared)
    let portfolio = surplus(of: .portfolio, shared)
    let groups = portfolio?.groups ?? sets.map { [$0] }
    let parts = groups.map { group in
      Part(
        profit: profit(of: group), isolated: isolated(group), cross: added(cross, by: group),
        portfolio: added(portfolio, by: group))
    }
    var today = [cash, cross?.cash ?? cash, portfolio?.cash ?? cash]
    for part in parts { for mode in today.indices { today[mode] += part.columns[mode].today(moves) } }
    var ladders = zip(groups, parts).map { ladder($0, [$1], today: today) }
    if groups.count > 1 { ladders.insert(ladder(groups.flatMap { $0 }, parts, today: today), at: 0) }
    return MarginProfile(ladders: ladders, today: today)
  }

  /// What a group adds at each move.
  private struct Part {
    var profit: [Double]
    var isolated: [Double]
    var cross: [Double]
    var portfolio: [Double]

    var columns: [[Double]] { [isolated, cross, portfolio] }
  }

  /// A ladder in which some parts move and everything else stays at its surplus of today.
  private func ladder(_ group: [NettingSet], _ moving: [Part], today: [Double]) -> ProfileLadder {
    let assets = liquidation.context.assets
    var profit = [Double](repeating: 0, count: moves.count)
    var surplus = today.map { [Double](repeating: $0, count: moves.count) }
    for part in moving {
      for place in moves.indices { profit[place] += part.profit[place] }
      for (mode, column) in part.columns.enumerated() {
        let now = column.today(moves)
        for place in moves.indices { surplus[mode][place] += column[place] - now }
      }
    }
    let underlyings = group.map(\.underlying).sorted()
    return ProfileLadder(
      underlyings: underlyings.map { assets[$0].id },
      spot: underlyings.count == 1 ? underlyings.first.map { assets[$0].spot } : nil, profitAndLoss: profit,
      surplus: surplus)
  }

  private func surplus(of mode: MarginMode, _ shared: [SharedSurplus]) -> SharedSurplus? {
    zip(liquidation.wholeAccount, shared).first { $0.0.mode == mode }?.1
  }

  /// The contributions of the groups of a model that lie in a group, at each move.
  private func added(_ shared: SharedSurplus?, by group: [NettingSet]) -> [Double] {
    var column = [Double](repeating: 0, count: moves.count)
    guard let shared else { return column }
    for (sets, row) in zip(shared.groups, shared.contributions) {
      // Another model's groups may be finer, or coarser: a group goes where its first underlying is.
      guard let first = sets.first, group.contains(where: { $0.underlying == first.underlying }) else {
        continue
      }
      for (place, state) in states.enumerated() where row.indices.contains(state) {
        column[place] += row[state].maintenance
      }
    }
    return column
  }

  private func isolated(_ group: [NettingSet]) -> [Double] {
    var column = [Double](repeating: 0, count: moves.count)
    guard let units = liquidation.isolated.first?.units else { return column }
    var net = [Double](repeating: 0, count: units.stateCount)
    func add() {
      for (place, state) in states.enumerated() where net.indices.contains(state) {
        column[place] += net[state]
      }
    }
    for set in group {
      for leg in set.legs where units.model.supports(instrument: leg.instrument) {
        units.fill(&net, leg: leg)
        add()
      }
      guard set.collateral != 0 else { continue }
      units.fill(&net, collateral: set.collateral, underlying: set.underlying)
      add()
    }
    return column
  }

  /// Change of the value of everything in a group, coins included, whether or not a model margins it.
  private func profit(of group: [NettingSet]) -> [Double] {
    var column = [Double](repeating: 0, count: moves.count)
    for set in group {
      let coins = set.collateral * liquidation.context.assets[set.underlying].spot
      for (place, move) in moves.enumerated() { column[place] += coins * move }
      for leg in set.legs {
        let first = leg.instrument * moves.count
        for place in moves.indices where changes.indices.contains(first + place) {
          column[place] += leg.effectiveQuantity * changes[first + place]
        }
      }
    }
    return column
  }
}

extension [Double] {
  /// The entry of the move of nothing.
  fileprivate func today(_ moves: [Double]) -> Double {
    for (place, move) in moves.enumerated() where move == 0 && place < count { return self[place] }
    return 0
  }
}

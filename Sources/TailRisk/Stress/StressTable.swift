public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// Profit and loss of accounts and of the book under named stresses.
public struct StressTable: Sendable {
  /// The stresses that this market can carry, in the order of the plan.
  public let scenarios: [StressScenario]
  /// Those that it cannot, one failure each.
  public let failures: [Failure]
  /// What was taken for granted, one sentence each.
  public let notes: [String]
  private let book: ValuedBook
  private let movable: MovableBook
  private let rows: [Row]
  /// One entry an instrument; nil where explanations were not asked for.
  private let slopes: [StressSlopes?]?
  /// nil where nobody asks what closing out costs.
  private let liquidity: BookLiquidity?

  /// One stress, priced.
  private struct Row: Sendable {
    let scenario: StressScenario
    let cells: [Cell]
    let window: StressMarket.Window?
  }

  /// One moved market, priced.
  private struct Cell: Sendable {
    let move: MarketMove
    let changes: UnitChanges
    /// nil where nobody asks what closing out costs.
    let closeOut: CloseOutState?
  }

  /// Prices every instrument once a scenario, and once a cell of a ladder.
  ///
  /// Where a stress leaves a choice (the worst window of the history, the signs of a broken correlation) it is the one
  /// in which the whole book loses most, so that accounts add up to the book.
  ///
  /// - Parameters:
  ///   - scenarios: of the plan; those that the market cannot carry are in `failures`.
  ///   - net: the holdings whose loss decides such a choice; those of `book` where nil.
  ///   - greeks: where given, stresses are explained by them.
  ///   - covariance: how a history becomes one, where the market quotes none.
  ///   - liquidity: where given, each stress says what closing out costs on its market.
  /// - Complexity: O((scenarios + cells + windows) × instruments), shared by the team.
  public init(
    _ book: ValuedBook, scenarios: [StressScenario], net: NettedBook? = nil,
    greeks: GreekAggregation? = nil, covariance: CovariancePlan = CovariancePlan(),
    liquidity: BookLiquidity? = nil, team: ThreadTeam
  ) {
    self.book = book
    self.liquidity = liquidity
    let movable = MovableBook(book)
    self.movable = movable
    var moves = StressMoves(book.book, covariance: covariance)
    var rows: [Row] = []
    var failures: [Failure] = []
    var chooser = StressChoice(movable: movable, net: net, team: team)
    for (place, scenario) in scenarios.enumerated() {
      do throws(StressRefusal) {
        let found = try moves.candidates(scenario, path: "run.json#/stress/\(place)")
        let chosen = chooser.choose(found, keepsAll: scenario.isLadder)
        rows.append(
          Row(
            scenario: scenario,
            cells: chosen.moves.map {
              Cell(
                move: $0, changes: movable.changes(under: $0, team: team),
                closeOut: liquidity?.state(under: $0, team: team))
            },
            window: chosen.window))
      } catch { failures.append(error.failure) }
    }
    self.rows = rows
    self.scenarios = rows.map(\.scenario)
    self.failures = failures
    notes = moves.notes.list
    slopes = greeks.map { greeks in
      zip(book.resolved, greeks.units).map { instrument, unit in
        instrument.flatMap { instrument in unit.map { StressSlopes(instrument, $0) } }
      }
    }
  }

  /// The stresses of one account, its balances included.
  ///
  /// - Returns: one figure a scenario; nil for each whose sum is not finite.
  /// - Complexity: O((scenarios + cells) × holdings of the account).
  public func figures(ofAccount account: Int) -> [StressFigure?] {
    guard book.holdingRanges.indices.contains(account) else { return [] }
    let held = liquidity?.holdings(ofAccount: account)
    return rows.map { row in
      let profits = row.cells.map { cell in
        var sum = 0.0
        for place in book.holdingRanges[account] {
          let holding = book.holdings[place]
          sum += cell.changes.change(
            instrument: holding.instrument, effective: holding.effectiveQuantity,
            quantity: holding.quantity, value: holding.value)
        }
        for place in book.balanceRanges[account] {
          let balance = book.balances[place]
          guard let asset = balance.assetIndex else { continue }
          sum += balance.quantity * (balance.spot * cell.move.assets[asset].spot)
        }
        return sum
      }
      return figure(row, profits, held) { cell, explanation in
        for place in book.holdingRanges[account] {
          let holding = book.holdings[place]
          guard
            explain(
              holding.instrument, holding.effectiveQuantity, holding.quantity, holding.value, cell,
              &explanation)
          else { return false }
        }
        for place in book.balanceRanges[account] {
          let balance = book.balances[place]
          guard let asset = balance.assetIndex else { continue }
          let profit = balance.quantity * (balance.spot * cell.move.assets[asset].spot)
          if balance.isCash { explanation.currency += profit } else { explanation.delta += profit }
        }
        return true
      }
    }
  }

  /// What some trades add to the stresses of an account, their premiums in cash aside.
  ///
  /// - Returns: one figure a scenario; nil for each whose sum is not finite.
  public func figures(of trades: [TradeEffect]) -> [StressFigure?] {
    rows.map { row in
      let profits = row.cells.map { cell in
        trades.reduce(0.0) {
          $0
            + cell.changes.change(
              instrument: $1.instrument, effective: $1.effectiveQuantity, quantity: $1.quantity,
              value: $1.value)
        }
      }
      return figure(row, profits, nil) { _, _ in false }
    }
  }

  /// The stresses of the whole book, from exactly netted quantities.
  public func figures(_ net: NettedBook) -> [StressFigure?] {
    let held = liquidity?.holdings(net)
    return rows.map { row in
      let profits = row.cells.map { StressChoice.profit(net, book, $0.move, $0.changes) }
      var figure = figure(row, profits, held) { cell, explanation in
        for case let instrument? in book.resolved {
          let place = instrument.instrument
          let effective = net.effectiveQuantity[place].value
          let quantity = net.quantity[place].value
          let value = net.value[place].value
          guard effective != 0 || quantity != 0 || value != 0 else { continue }
          guard explain(place, effective, quantity, value, cell, &explanation) else { return false }
        }
        for (asset, quote) in book.book.market.assets.enumerated() {
          let worth = quote.spot * cell.move.assets[asset].spot
          explanation.delta += net.balance[asset].value * worth
          explanation.currency += net.stableBalance[asset].value * worth
        }
        return true
      }
      if row.scenario.uniform == nil, !row.scenario.isLadder { figure?.market = market(row) }
      return figure
    }
  }

  /// Adds what moved one holding; false where it has no Greeks.
  private func explain(
    _ place: Int, _ effective: Double, _ quantity: Double, _ value: Double, _ cell: Cell,
    _ explanation: inout StressExplanation
  ) -> Bool {
    guard let slopes, let instrument = book.resolved[place], let own = slopes[place] else { return false }
    own.add(
      movable.move(of: instrument, by: cell.move), effective: effective, raw: quantity, value: value,
      funding: MovableBook.funding(instrument, cell.move), isInverse: instrument.isInverse, to: &explanation)
    return true
  }

  private func figure(
    _ row: Row, _ profits: [Double], _ held: CloseOutHoldings?,
    explain: (Cell, inout StressExplanation) -> Bool
  ) -> StressFigure? {
    guard profits.allSatisfy(\.isFinite), let worst = profits.min() else { return nil }
    var figure = StressFigure(scenario: row.scenario.name, profitAndLoss: worst + 0)
    if let liquidity, let held, let place = profits.firstIndex(of: worst),
      let state = row.cells[place].closeOut
    {
      figure.closeOut = liquidity.cost(of: held, in: state)
    }
    if case .ladder(let ladder) = row.scenario.source {
      let width = ladder.spots.count
      figure.grid = StressGrid(
        ladder: ladder,
        profits: ladder.volatilities.indices.map { line in
          profits[line * width..<(line + 1) * width].map { $0 + 0 }
        })
      return figure
    }
    if slopes != nil, let cell = row.cells.first {
      var explanation = StressExplanation()
      if explain(cell, &explanation) {
        explanation.close(at: figure.profitAndLoss)
        if explanation.parts.allSatisfy(\.isFinite) { figure.explanation = explanation }
      }
    }
    return figure
  }

  private func market(_ row: Row) -> StressMarket? {
    guard let move = row.cells.first?.move else { return nil }
    let moves = zip(book.book.market.assets, move.assets).compactMap { asset, own in
      own == MarketMove.AssetMove()
        ? nil
        : StressMarket.Move(
          asset: asset.id, spot: own.spot, volatility: own.volatility, skew: own.skew, basis: own.basis)
    }
    return StressMarket(window: row.window, moves: moves)
  }
}

extension StressScenario {
  /// Whether it is a grid of moves.
  var isLadder: Bool {
    if case .ladder = source { return true }
    return false
  }
}

/// Decides between moves by what the whole book loses.
struct StressChoice {
  let movable: MovableBook
  private var net: NettedBook?
  let team: ThreadTeam

  init(movable: MovableBook, net: NettedBook?, team: ThreadTeam) {
    self.movable = movable
    self.net = net
    self.team = team
  }

  /// All moves, or the one in which the book loses most, the first of equals.
  mutating func choose(
    _ found: StressMoves.Candidates, keepsAll: Bool
  ) -> (moves: [MarketMove], window: StressMarket.Window?) {
    if keepsAll || found.moves.count == 1 { return (found.moves, found.windows.first) }
    let holdings = net ?? NettedBook(movable.book)
    net = holdings
    let losses = found.moves.map {
      let profit = Self.profit(holdings, movable.book, $0, movable.changes(under: $0, team: team))
      return profit.isFinite ? profit : .infinity
    }
    if var combined = found.still {
      // Every instrument depends on one underlying: the worst signs are found one asset at a time.
      for (place, asset) in found.signed.enumerated() {
        let worst = losses[2 * place] <= losses[2 * place + 1] ? 2 * place : 2 * place + 1
        combined.assets[asset] = found.moves[worst].assets[asset]
      }
      return ([combined], nil)
    }
    var worst = 0
    for place in losses.indices where losses[place] < losses[worst] { worst = place }
    return (
      [found.moves[worst]], found.windows.indices.contains(worst) ? found.windows[worst] : nil
    )
  }

  /// The profit and loss of netted holdings.
  static func profit(
    _ net: NettedBook, _ book: ValuedBook, _ move: MarketMove, _ changes: UnitChanges
  ) -> Double {
    var sum = ExactSum()
    for place in changes.effective.indices {
      sum.add(net.effectiveQuantity[place].value * changes.effective[place])
      if !changes.quantity.isEmpty { sum.add(net.quantity[place].value * changes.quantity[place]) }
      if !changes.value.isEmpty { sum.add(net.value[place].value * changes.value[place]) }
    }
    for (asset, quote) in book.book.market.assets.enumerated() {
      let worth = quote.spot * move.assets[asset].spot
      sum.add(net.balance[asset].value * worth)
      sum.add(net.stableBalance[asset].value * worth)
    }
    return sum.value
  }
}

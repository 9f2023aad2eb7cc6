public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// Profit and loss of accounts and of the book under named stresses.
public struct StressTable: Sendable {
  public let scenarios: [StressScenario]
  private let book: ValuedBook
  /// One row a scenario, one column an instrument.
  private let changes: [[Double]]

  /// Prices every instrument once a scenario.
  ///
  /// - Complexity: O(scenarios × instruments), shared by the team.
  public init(_ book: ValuedBook, scenarios: [StressScenario], team: ThreadTeam) {
    self.book = book
    self.scenarios = scenarios
    changes = scenarios.map {
      Revaluation.unitChanges(book, spot: $0.spot, volatility: $0.volatility, team: team)
    }
  }

  /// The stresses of one account, its non-cash balances included.
  ///
  /// - Returns: one figure a scenario; nil for each whose sum is not finite.
  /// - Complexity: O(scenarios × holdings of the account).
  public func figures(ofAccount account: Int) -> [StressFigure?] {
    guard book.holdingRanges.indices.contains(account) else { return [] }
    return scenarios.indices.map { row in
      var sum = 0.0
      for place in book.holdingRanges[account] {
        let holding = book.holdings[place]
        sum += holding.effectiveQuantity * changes[row][holding.instrument]
      }
      for place in book.balanceRanges[account] where !book.balances[place].isCash {
        let balance = book.balances[place]
        sum += balance.quantity * (balance.spot * scenarios[row].spot)
      }
      return figure(row, sum)
    }
  }

  /// What some trades add to the stresses of an account.
  ///
  /// - Returns: one figure a scenario; nil for each whose sum is not finite.
  public func figures(of trades: [TradeEffect]) -> [StressFigure?] {
    scenarios.indices.map { row in
      var sum = 0.0
      for trade in trades where changes[row].indices.contains(trade.instrument) {
        sum += trade.effectiveQuantity * changes[row][trade.instrument]
      }
      return figure(row, sum)
    }
  }

  /// The stresses of the whole book, from exactly netted quantities.
  public func figures(_ net: NettedBook) -> [StressFigure?] {
    scenarios.indices.map { row in
      var sum = ExactSum()
      for place in changes[row].indices {
        sum.add(net.effectiveQuantity[place].value * changes[row][place])
      }
      for (asset, quote) in book.book.market.assets.enumerated() where !quote.isStable {
        sum.add(net.balance[asset].value * (quote.spot * scenarios[row].spot))
      }
      return figure(row, sum.value)
    }
  }

  private func figure(_ row: Int, _ sum: Double) -> StressFigure? {
    sum.isFinite ? StressFigure(scenario: scenarios[row].name, profitAndLoss: sum + 0) : nil
  }
}

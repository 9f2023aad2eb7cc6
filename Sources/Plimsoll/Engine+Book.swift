import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments
import TailRisk

extension Engine {
  /// The figures of the whole book, from what its accounts add up to.
  ///
  /// Equity and margins are sums in account order. Greeks, value at risk and stresses come from exactly
  /// netted quantities, so that they do not depend on how the book was cut into accounts or shards.
  func book(_ totals: BookTotals) -> (book: ReportBook, failures: [Failure]) {
    var failures: [Failure] = []
    var figures = ReportFigures(
      isIncomplete: totals.incompleteCount > 0, equity: totals.equity, collateral: [], positions: [])
    if plan.measures.contains(.greeks) {
      figures.greeks = greeks.net(net)
      if figures.greeks == nil { failures.append(missing("greeks", nil)) }
    }
    if plan.measures.contains(.valueAtRisk) {
      figures.valueAtRisk = tails.flatMap(\.statedBookFigures)
    }
    if let stress { figures.stress = keep(stress.figures(net), scenarios: nil, &failures) }
    figures.reverseStress = reverseStress?.bookFigures(equity: totals.equity)
    if plan.measures.contains(.margin) { figures.margin = totals.margin.total }
    if plan.measures.contains(.liquidation) {
      figures.liquidation = AccountLiquidation(
        prices: [], distance: totals.distance,
        leverage: totals.equity > 0 ? totals.grossExposure / totals.equity : nil)
    }
    addLiquidity(sumOfAccounts: totals.closeOutCost, to: &figures, &failures)
    let book = ReportBook(
      accountCount: totals.accountCount, incompleteCount: totals.incompleteCount, figures: figures)
    return (book, failures)
  }
}

/// What the book keeps of an account once its line is written.
struct AccountTotals: Sendable {
  var equity: Double
  var isIncomplete: Bool
  var margin: AccountMargin?
  var liquidation: (distance: Double?, grossExposure: Double)
  /// nil where it is not known.
  var closeOutCost: Double?

  init(_ figures: ReportFigures) {
    equity = figures.equity
    isIncomplete = figures.isIncomplete
    margin = figures.margin?.condensed
    let leverage = figures.liquidation?.leverage ?? 0
    liquidation = (figures.liquidation?.distance, leverage * figures.equity)
    closeOutCost = figures.liquidity?.today.total
  }
}

/// Sums over accounts, added in account order.
struct BookTotals: Sendable {
  private(set) var equity = 0.0
  private(set) var accountCount = 0
  private(set) var incompleteCount = 0
  private(set) var breachCount = 0
  private(set) var grossExposure = 0.0
  private(set) var distance: Double?
  private(set) var margin = BookMargin()
  private(set) var closeOutCost = ReportLiquidity.SumOfAccounts()

  mutating func add(_ account: AccountTotals) {
    accountCount += 1
    if account.isIncomplete { incompleteCount += 1 }
    equity += account.equity
    grossExposure += account.liquidation.grossExposure
    closeOutCost.add(account.closeOutCost)
    if let next = account.liquidation.distance { distance = distance.map { min($0, next) } ?? next }
    if let figures = account.margin {
      margin.add(figures)
      if figures.isBreached { breachCount += 1 }
    }
  }
}

public import MarginModels
public import MarketModel
import PortfolioValuation
public import RiskDocuments
import TailRisk

extension Engine {
  /// Everything the report says of one account.
  ///
  /// - Parameter account: place in `Book.accounts`.
  /// - Returns: the account and one failure a figure that it could not be given; nil outside the book.
  /// - Complexity: O(positions × market states) multiply-adds over shared tables.
  public func account(_ account: Int) -> (account: ReportAccount, failures: [Failure])? {
    guard valued.book.accounts.indices.contains(account) else { return nil }
    let id = valued.book.accounts[account]
    var figures = ReportFigures(
      isIncomplete: valued.isIncomplete[account], equity: valued.equity[account],
      collateral: valued.balances[valued.balanceRanges[account]].map(ReportCollateral.init),
      positions: positions(ofAccount: account))
    var failures: [Failure] = []
    if plan.measures.contains(.greeks) {
      figures.greeks = greeks.account(account)
      if figures.greeks == nil { failures.append(missing("greeks", id)) }
    }
    addValueAtRisk(ofAccount: account, to: &figures)
    if let stress {
      figures.stress = keep(stress.figures(ofAccount: account), scenarios: id, &failures)
    }
    figures.reverseStress = reverseStress?.figures(ofAccount: account)
    if let margin {
      if plan.measures.contains(.margin) {
        var found = margin.margin(ofAccount: account)
        addCapitalPaths(ofAccount: account, to: &found)
        figures.margin = found
        if plan.marginDetail == .full {
          figures.margin?.comparison?.detail = margin.attributionDetail(ofAccount: account, seed: plan.seed)
        }
      }
      if plan.measures.contains(.liquidation), let found = margin.liquidationAndProfile(ofAccount: account) {
        figures.liquidation = found.liquidation
        figures.margin?.profile = found.profile
      }
    }
    addLiquidity(ofAccount: account, to: &figures, &failures)
    let lacksRisk = figures.valueAtRisk?.isEmpty ?? false
    figures.isIncomplete = figures.isIncomplete || !failures.isEmpty || lacksRisk
    return (ReportAccount(id: id, figures: figures), failures)
  }

  /// The place of an account in `Book.accounts`, nil where the book has no such account.
  ///
  /// - Complexity: O(log(accounts)).
  public func place(ofAccount id: Identifier) -> Int? {
    valued.book.accounts.place(of: id) { $0 }
  }

  /// The legs behind the scenario that decides the portfolio requirement of an account, by underlying.
  public func worstScenarioLegs(ofAccount account: Int) -> [WorstScenarioLeg] {
    guard valued.book.accounts.indices.contains(account) else { return [] }
    return margin?.worstScenarioLegs(ofAccount: account) ?? []
  }

  private func positions(ofAccount account: Int) -> [ReportPosition] {
    let wantsGreeks = plan.measures.contains(.greeks)
    return valued.holdingRanges[account].map { place in
      let holding = valued.holdings[place]
      let instrument = valued.book.instruments[holding.instrument]
      return ReportPosition(
        instrument: instrument.id, quantity: holding.quantity, unit: instrument.quantityUnit,
        value: holding.value, greeks: wantsGreeks ? greeks.holding(place) : nil)
    }
  }

  private func addValueAtRisk(ofAccount account: Int, to figures: inout ReportFigures) {
    guard plan.measures.contains(.valueAtRisk) else { return }
    figures.valueAtRisk = tails.flatMap { $0.statedFigures(ofAccount: account) }
  }

  func keep(
    _ stresses: [StressFigure?], scenarios owner: Identifier?, _ failures: inout [Failure]
  ) -> [StressFigure] {
    if stresses.contains(where: { $0 == nil }) { failures.append(missing("stress", owner)) }
    return stresses.compactMap { $0 }
  }

  func missing(_ measure: String, _ account: Identifier?) -> Failure {
    let owner = account.map { "accounts/\($0)" } ?? "book"
    return Failure(
      path: "\(owner)/\(measure)", reason: .calculation,
      message: "found a sum that is not finite, expected a number; the figure is left out")
  }
}

import MarginModels
import MarketModel
import PortfolioValuation

/// A replay as text for people: the book step by step, then mode by mode, then who was called.
public struct ReplayTable: Sendable {
  private let result: ReplayResult
  private let totals: ReplayTotals
  /// Accounts that are shown one by one.
  public static let accountsShown = 25

  /// A table of one replay.
  public init(_ result: ReplayResult) {
    self.result = result
    totals = ReplayTotals(result.accounts)
  }

  /// All parts, blank lines between them.
  public var text: String {
    var parts = [steps]
    if result.steps.count > 1 { parts.append(profit) }
    parts.append(modes)
    if let accounts { parts.append(accounts) }
    if let history { parts.append(history) }
    return parts.joined(separator: "\n")
  }

  private var steps: String {
    let assets = result.steps.first?.spots.map(\.asset.text) ?? []
    return TextTable(
      head: ["step", "market", "as of"] + assets + ["equity"],
      rows: result.steps.enumerated().map { place, step in
        ["\(place)", step.name, step.asOf.text]
          + step.spots.map { $0.spot.map(TextFigure.price) ?? "n/a" }
          + [TextFigure.money(totals.steps.indices.contains(place) ? totals.steps[place].equity : nil)]
      }, leftColumns: 3
    ).text()
  }

  /// What explains the profit of the book.
  private var profit: String {
    let rows = totals.steps.enumerated().compactMap { place, step -> [String]? in
      guard let profit = step.profit else { return nil }
      let factors = profit.factors
      let money = [
        factors.total, factors.balances, factors.forward, factors.volatility, factors.time, factors.rates,
        profit.byMarks, profit.residual,
      ].map { TextFigure.money($0) }
      return ["\(place - 1) to \(place)"] + money + [
        ProcyclicalityPanel.percent(step.residualShare, decimals: 3)
      ]
    }
    return TextTable(
      head: [
        "profit and loss", "total", "balances", "forward", "volatility", "time", "rates", "options by marks",
        "residual", "share",
      ], rows: rows, leftColumns: 1
    ).text()
  }

  private var modes: String {
    let last = totals.steps.last
    let rows = MarginMode.allCases.map { mode in
      let agreement = totals.agreement[mode]
      return [
        mode.rawValue, name(mode), TextFigure.money(totals.steps.first?.initial[mode]),
        TextFigure.money(last?.initial[mode]), "\(totals.called[mode])", "\(totals.liquidated[mode])",
        TextFigure.money(totals.capital[mode]),
        ProcyclicalityPanel.percent(agreement.calledShare, decimals: 1),
        ProcyclicalityPanel.percent(agreement.liquidatedShare, decimals: 1),
      ]
    }
    var text = TextTable(
      head: [
        "mode", "model", "initial first", "initial last", "called", "liquidated", "capital",
        "foreseen called",
        "liquidated",
      ], rows: rows, leftColumns: 2
    ).text()
    if totals.liquidated.isolated > 0 {
      text +=
        "isolated positions that were closed took \(TextFigure.money(totals.lostMargin)) of their margins; "
        + "\(TextFigure.money(totals.beyondMargin)) more went beyond them\n"
    }
    return text
  }

  private func name(_ mode: MarginMode) -> String {
    switch mode {
    case .isolated: result.models.isolated
    case .cross: result.models.cross
    case .portfolio: result.models.portfolio
    }
  }

  /// Accounts that a mode called or liquidated, those short of most capital first.
  private var accounts: String? {
    let hit = result.accounts.filter { account in
      MarginMode.allCases.contains { account.fates[$0].liquidated != nil || account.fates[$0].called != nil }
    }
    guard !hit.isEmpty else { return nil }
    let ranked = hit.enumerated().sorted {
      let (left, right) = (shortfall($0.element), shortfall($1.element))
      return left != right ? left > right : $0.offset < $1.offset
    }.map(\.element)
    var text = TextTable(
      head: ["account", "isolated", "cross", "portfolio", "equity", "K isolated", "cross", "portfolio"],
      rows: ranked.prefix(Self.accountsShown).map { account in
        [account.id.text] + MarginMode.allCases.map { fate(account.fates[$0]) }
          + [TextFigure.money(account.steps.first?.equity)]
          + MarginMode.allCases.map { TextFigure.money(account.fates[$0].capital) }
      }, leftColumns: 4
    ).text()
    if ranked.count > Self.accountsShown { text += "… and \(ranked.count - Self.accountsShown) more\n" }
    return text
  }

  /// How far equity of the first day fell short of the capital of the cheapest mode.
  private func shortfall(_ account: ReplayAccount) -> Double {
    let cheapest = min(account.fates.cross.capital, account.fates.portfolio.capital)
    return cheapest - (account.steps.first?.equity ?? 0)
  }

  private func fate(_ fate: ReplayFate) -> String {
    if let step = fate.liquidated { return "liquidated at \(step)" }
    return fate.called.map { "called at \($0)" } ?? "-"
  }

  private var history: String? {
    guard let history = result.history, let first = history.days.first, let last = history.days.last else {
      return nil
    }
    let rows = MarginMode.allCases.map { mode in
      [mode.rawValue] + history.book[mode].cells
        + [last.leverage[mode].map { TextFigure.fixed($0, decimals: 1) } ?? "n/a"]
    }
    return
      "The book held over \(history.days.count) dates from \(first.date.dateText) to \(last.date.dateText), "
      + "volatilities \(history.volatility):\n"
      + TextTable(
        head: ["mode", "mean initial"] + ProcyclicalityPanel.head + ["leverage"], rows: rows, leftColumns: 1
      ).text()
  }
}

import MarginModels
public import MarketModel
import PortfolioValuation
import TailRisk

/// A finished run on one screen: the book's totals, the three margin modes, and who is closest to the edge.
public struct SummaryTable: Sendable {
  private let provenance: Provenance
  private let assets: [Identifier]
  let book: ReportBook
  private let closest: [AccountSummary]
  private let failureCount: Int

  /// A summary of a run.
  ///
  /// - Parameters:
  ///   - assets: ids of the market's assets in its own order, by which `AggregateGreeks` is read.
  ///   - accounts: one entry an account, in any order.
  ///   - failureCount: failures of the report.
  ///   - shownAccounts: how many accounts to show.
  public init(
    provenance: Provenance, assets: [Identifier], book: ReportBook, accounts: [AccountSummary],
    failureCount: Int, shownAccounts: Int = 10
  ) {
    self.provenance = provenance
    self.assets = assets
    self.book = book
    self.failureCount = failureCount
    closest = AccountSummary.closest(shownAccounts, of: accounts)
  }

  /// The table as text, each line ended by a line break.
  ///
  /// - Parameter isColoured: whether to use a terminal's colours (ANSI escapes); the caller decides by
  ///   its terminal, `NO_COLOR` and `--quiet`.
  public func text(isColoured: Bool) -> String {
    let style = TextStyle(isColoured: isColoured)
    let sections = [
      opening(style), greeks(style), valueAtRisk(style), stress(style), liquidity(style), modes(style),
      accounts(style),
    ]
    return sections.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func opening(_ style: TextStyle) -> String {
    let incomplete = book.incompleteCount > 0 ? ", \(book.incompleteCount) incomplete" : ""
    let failures = failureCount == 0 ? "nothing set aside" : "\(failureCount) set aside (see failures)"
    var text = style.heading("Book at \(provenance.asOf.text)")
    text += ", money in \(provenance.baseCurrency)\n"
    text += "  \(book.accountCount) accounts\(incomplete), equity \(TextFigure.money(book.figures.equity)), "
    text += (failureCount == 0 ? failures : style.warning(failures)) + "\n"
    return text
  }

  private func greeks(_ style: TextStyle) -> String {
    guard let greeks = book.figures.greeks, !greeks.byUnderlying.isEmpty else { return "" }
    var table = TextTable()
    table.add(
      header: ["Greeks", "delta", "cash delta", "cash gamma 1 %", "vega 1.00", "theta a year"], style)
    for part in greeks.byUnderlying {
      let name = assets.indices.contains(part.underlying) ? assets[part.underlying].text : "unknown"
      table.add(row(name, delta: TextFigure.fixed(part.greeks.delta, decimals: 2), part.greeks))
    }
    if greeks.byUnderlying.count > 1 { table.add(row("all", delta: "", greeks.total)) }
    return table.text()
  }

  private func row(_ name: String, delta: String, _ greeks: GreekSet) -> [TextTable.Cell] {
    let figures = [greeks.cashDelta, greeks.cashGamma1Percent, greeks.vega, greeks.theta]
    return [TextTable.Cell(name), TextTable.Cell(delta)]
      + figures.map { TextTable.Cell(TextFigure.money($0)) }
  }

  private func valueAtRisk(_ style: TextStyle) -> String {
    guard let figures = book.figures.valueAtRisk, !figures.isEmpty else { return "" }
    var table = TextTable()
    table.add(header: ["Value at risk", "days", "VaR", "± error", "ES", "± error"], style)
    for figure in figures {
      let money = [
        figure.valueAtRisk, figure.standardError, figure.expectedShortfall,
        figure.expectedShortfallStandardError,
      ]
      table.add(
        [TextTable.Cell(figure.confidence.decimal), TextTable.Cell(TextFigure.count(figure.horizonDays))]
          + money.map { TextTable.Cell(TextFigure.money($0)) })
    }
    return table.text()
  }

  private func stress(_ style: TextStyle) -> String {
    guard let figures = book.figures.stress, !figures.isEmpty else { return "" }
    var table = TextTable()
    table.add(header: ["Stress", "profit and loss"], style)
    for figure in figures {
      table.add([
        TextTable.Cell(figure.scenario.text),
        TextTable.Cell(TextFigure.money(figure.profitAndLoss)) { style.signed($0, figure.profitAndLoss) },
      ])
    }
    return table.text()
  }

  private func modes(_ style: TextStyle) -> String {
    guard let comparison = book.figures.margin?.comparison else { return "" }
    var table = TextTable(leftColumns: 2)
    table.add(header: ["Margin", "model", "initial", "maintenance", "capital", "surplus"], style)
    let sides = [
      ("isolated", comparison.isolated), ("cross", comparison.cross), ("portfolio", comparison.portfolio),
    ]
    for (mode, side) in sides {
      let money = [side.initial, side.maintenance, side.capital].map { TextTable.Cell(TextFigure.money($0)) }
      let surplus = TextTable.Cell(TextFigure.money(side.surplus)) { style.signed($0, side.surplus ?? 0) }
      table.add([TextTable.Cell(mode), TextTable.Cell(side.model)] + money + [surplus])
    }
    let saving = comparison.saving
    let text =
      table.text() + "  capital saved by pooling \(TextFigure.money(saving?.pooling)), by the model "
      + "\(TextFigure.money(saving?.model)), by offsets \(TextFigure.money(saving?.offset))\n"
    let left = comparison.accountsLeftOut
    guard left > 0 else { return text }
    let accounts = left == 1 ? "1 account is" : "\(left) accounts are"
    return text
      + style.warning("  \(accounts) left out: one of these models cannot margin every position") + "\n"
  }

  private func accounts(_ style: TextStyle) -> String {
    guard !closest.isEmpty else { return "" }
    var table = TextTable()
    table.add(
      header: ["Closest to liquidation", "equity", "maintenance", "use", "surplus", "distance"], style)
    for account in closest {
      let use = account.use ?? 0
      table.add([
        TextTable.Cell(account.id.text + (account.isIncomplete ? " (incomplete)" : "")),
        TextTable.Cell(TextFigure.money(account.equity)),
        TextTable.Cell(TextFigure.money(account.maintenance)),
        TextTable.Cell(use.isFinite ? TextFigure.percent(use) : "over") { style.use($0, use) },
        TextTable.Cell(TextFigure.money(account.surplus)) { style.signed($0, account.surplus ?? 0) },
        TextTable.Cell(Self.distance(of: account)),
      ])
    }
    return table.text()
      + style.faint(
        "  use: portfolio maintenance over counted equity; distance: |ln(price / spot)|, under where it, or a "
          + "position held isolated, is liquidated as it stands") + "\n"
  }

  /// How far the nearest liquidation price is; an account below its maintenance margin has none to wait for.
  private static func distance(of account: AccountSummary) -> String {
    if account.isUnder { return "under" }
    return account.distance.map { TextFigure.percent($0) } ?? "none"
  }
}

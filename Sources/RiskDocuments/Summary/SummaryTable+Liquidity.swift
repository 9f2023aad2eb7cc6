import MarketModel
import PortfolioValuation
import TailRisk

extension SummaryTable {
  /// What closing the book out costs, and the values at risk that contain it; nothing where the market quotes no depth.
  func liquidity(_ style: TextStyle) -> String {
    guard let liquidity = book.figures.liquidity else { return "" }
    var table = TextTable()
    table.add(header: ["Closing out", "cost", "delta", "delta cost"], style)
    for part in liquidity.today.parts {
      table.add([
        TextTable.Cell(part.underlying.text), TextTable.Cell(TextFigure.money(part.cost)),
        TextTable.Cell(TextFigure.fixed(part.quantity, decimals: 2)),
        TextTable.Cell(TextFigure.money(part.deltaCost)),
      ])
    }
    table.add(row("all, netted", liquidity.today.total))
    if let sum = liquidity.sumOfAccounts { table.add(row("accounts one by one", sum.closeOutCost)) }
    if let worst = liquidity.worst {
      table.add(row("netted in \(worst.scenario.text)", worst.closeOutCost))
    }
    let figures = book.figures.valueAtRisk ?? []
    return table.text() + (figures.isEmpty ? "" : "\n" + closedOut(figures, style))
  }

  private func closedOut(_ figures: [ValueAtRiskFigure], _ style: TextStyle) -> String {
    var table = TextTable()
    table.add(header: ["With closing out", "days", "VaR", "± error", "ES"], style)
    for figure in figures {
      let own = figure.liquidity
      let money = [own?.valueAtRisk, own?.standardError, own?.expectedShortfall]
      table.add(
        [TextTable.Cell(figure.confidence.decimal), TextTable.Cell(TextFigure.count(figure.horizonDays))]
          + money.map { TextTable.Cell(TextFigure.money($0)) })
    }
    return table.text()
  }

  private func row(_ name: String, _ cost: Double?) -> [TextTable.Cell] {
    [TextTable.Cell(name), TextTable.Cell(TextFigure.money(cost)), TextTable.Cell(""), TextTable.Cell("")]
  }
}

extension ScopeSection {
  /// What closing out costs: by underlying, in all, in the worst stress, and on top of values at risk.
  func writeLiquidity(to markup: inout Markup) {
    guard let liquidity = scope.liquidity else { return }
    var table = PageTable(
      caption: "Closing out, \(figure.currency)", head: ["What is closed", "Delta", "Cost", "of which delta"])
    for part in liquidity.parts {
      table.rows.append(
        PageTable.Row(cells: [
          PageTable.Cell(content: .name(part.underlying), remark: Self.remark(on: part)),
          .text(PageFigure.sensitivity(part.quantity)), .text(figure.money(part.cost)),
          .text(figure.money(part.deltaCost)),
        ]))
    }
    let all = scope.account == nil ? "all accounts, netted" : "all"
    table.rows.append(row(.text(all), cost: liquidity.cost, isBest: true))
    if let sum = liquidity.sumOfAccounts {
      table.rows.append(row(.text("accounts one by one"), cost: sum))
    }
    if let worst = liquidity.worst {
      table.rows.append(row(.name("in \(worst.name)"), cost: worst.amount))
    }
    for risk in scope.valueAtRisk where risk.closedOut != nil {
      let name = "VaR \(Self.level(risk.confidence)), \(Self.days(risk.horizonDays)), with closing out"
      table.rows.append(row(.text(name), cost: risk.closedOut))
    }
    card(
      table, note: "Delta in units of the underlying; what options cost beside it is their own spread.",
      to: &markup)
  }

  private func row(_ name: PageTable.Cell, cost: Double?, isBest: Bool = false) -> PageTable.Row {
    PageTable.Row(cells: [name, .text(""), .text(figure.money(cost)), .text("")], isBest: isBest)
  }

  /// Why a cost is not known, or that the quoted depth ends before the trade does.
  private static func remark(on part: ReportScope.Liquidity.Part) -> String {
    guard part.cost != nil else { return "not known: see what was set aside" }
    guard let beyond = part.beyondBook, beyond > 0 else { return "" }
    return "\(PageFigure.quantity(beyond)) beyond the quoted depth"
  }
}

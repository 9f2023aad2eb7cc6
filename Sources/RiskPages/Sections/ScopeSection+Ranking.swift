extension ScopeSection {
  /// Models of every venue, the one that needs the least capital first, each with its reason.
  func writeRanking(to markup: inout Markup) {
    guard let ranking = scope.margin?.ranking else { return }
    var table = PageTable(
      caption: "Ranking by capital, \(figure.currency)",
      head: [
        "Mode and model", "Rank", "Capital", "Initial", "Maintenance", "Surplus", "Leverage allowed", "Why",
      ])
    for row in ranking {
      let venue = row.venue.isEmpty ? "" : ", \(row.venue)"
      table.rows.append(
        PageTable.Row(
          cells: [
            .name("\(AnswerText.capitalised(row.mode)) by \(row.model)\(venue)"),
            .text(PageFigure.number(row.rank, decimals: 0)), .text(figure.money(row.capital)),
            .text(figure.money(row.initial)), .text(figure.money(row.maintenance)),
            .signed(figure.money(row.surplus), row.surplus),
            .text(row.leverage.map { PageFigure.number($0) + "×" } ?? "n/a"),
            PageTable.Cell(content: .text(row.reason), style: "w note"),
          ], isBest: row.rank == 1))
    }
    card(
      table, note: "Leverage allowed is gross exposure over equity at which initial margin would be used up.",
      to: &markup)
  }
}

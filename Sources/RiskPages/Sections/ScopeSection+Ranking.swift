extension ScopeSection {
  /// Models of every venue, the cheapest for this book first.
  func writeRanking(to markup: inout Markup) {
    guard let ranking = scope.margin?.ranking, let first = ranking.first else { return }
    var table = PageTable(
      caption: "Ranking of models, \(figure.currency)",
      head: first.names.map { Self.words($0.key) } + first.figures.map { Self.words($0.key) },
      wordColumns: max(1, first.names.count))
    for (place, row) in ranking.enumerated() {
      let names = first.names.map { column in
        PageTable.Cell.name(row.names.first { $0.key == column.key }?.text ?? "")
      }
      let figures = first.figures.map { column in
        let value = row.figures.first { $0.key == column.key }?.value
        return PageTable.Cell.text(rankedText(column.key, value ?? nil))
      }
      table.rows.append(PageTable.Row(cells: names + figures, isBest: place == 0))
    }
    card(table, to: &markup)
  }

  private func rankedText(_ key: String, _ value: Double?) -> String {
    switch key {
    case "rank": PageFigure.number(value, decimals: 0)
    case "leverage": value.map { PageFigure.number($0) + "×" } ?? "n/a"
    default: figure.money(value)
    }
  }

  /// A key of the report as words: `surplus_initial` as `Surplus initial`.
  static func words(_ key: String) -> String {
    AnswerText.capitalised(HTMLText.shortened(key, to: 40).split(separator: "_").joined(separator: " "))
  }
}

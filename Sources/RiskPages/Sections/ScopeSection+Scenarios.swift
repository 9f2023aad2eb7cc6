extension ScopeSection {
  /// Scenarios that are shown without a click.
  private static let shownScenarios = 6

  /// Every spot at which something is liquidated, under every model.
  var priceTable: PageTable {
    var table = PageTable(
      caption: "Liquidation prices",
      head: ["What", "Liquidated at", "Move", "Mode", "Spot of", "Model", "Why none"])
    for price in scope.liquidation?.prices ?? [] {
      let spot = self.spot(of: price.underlying)
      let moves = price.roots.map { root in PageFigure.move(spot.map { root / $0 - 1 }) }
      table.rows.append(
        PageTable.Row(cells: [
          price.position.map { .name($0) } ?? .text("the whole account"),
          .text(
            price.roots.isEmpty ? "none" : price.roots.map { PageFigure.price($0) }.joined(separator: ", ")),
          .text(moves.joined(separator: ", ")), .text(price.mode), .name(price.underlying),
          .name(price.model),
          PageTable.Cell(content: .text(price.roots.isEmpty ? price.reason ?? "" : ""), style: "w note"),
        ]))
    }
    return table
  }

  /// The scenarios that a reader looks for: today, each mode's worst, the run's own stresses.
  func writeWorstScenarios(to markup: inout Markup) {
    let rows = scenarios
    guard !rows.isEmpty else { return }
    card(
      scenarioTable(notable(rows), caption: "Capital to survive, by scenario, \(figure.currency)"),
      note: "▲ the most that the mode needs in any of \(PageFigure.count(rows.count, "scenario")), those of "
        + "\(HTMLText.shortened(mainSet, to: 40)) where no list is named. Negative: "
        + "the mode would lend against the positions.\(intervalNote)", to: &markup)
  }

  /// All scenarios, where the table above does not hold them.
  func foldScenarios(to markup: inout Markup) {
    let rows = scenarios
    guard notable(rows).count < rows.count else { return }
    folded(
      "Capital to survive all \(PageFigure.count(rows.count, "scenario"))",
      scenarioTable(rows, caption: "Capital to survive every scenario, \(figure.currency)"), to: &markup)
  }

  /// Without the row that repeats the worst of the others.
  private var scenarios: [ReportScope.Comparison.Survival] {
    (scope.margin?.comparison?.survival ?? []).filter { $0.set != "worst" }
  }

  /// The list that most scenarios are of, which goes without saying in their names.
  private var mainSet: String {
    var counts: [(set: String, count: Int)] = []
    for row in scenarios {
      if let place = counts.firstIndex(where: { $0.set == row.set }) {
        counts[place].count += 1
      } else {
        counts.append((row.set, 1))
      }
    }
    return counts.max { $0.count < $1.count }?.set ?? ""
  }

  /// The most that each mode needs.
  private var worst: [Double?] {
    PageMode.allCases.indices.map { mode in scenarios.compactMap { $0.capital[mode] }.max() }
  }

  private func scenarioTable(_ rows: [ReportScope.Comparison.Survival], caption: String) -> PageTable {
    let worst = worst
    let mainSet = mainSet
    return PageTable(
      caption: caption, head: ["Scenario", "Isolated", "Cross", "Portfolio"],
      rows: rows.map { row in
        let cells = row.capital.indices.map { mode in
          let capital = row.capital[mode]
          let isWorst = capital != nil && capital == worst[mode]
          return PageTable.Cell(
            content: .text((isWorst ? "▲ " : "") + figure.money(capital)), remark: range(row.interval, mode),
            style: isWorst ? "best" : "")
        }
        let name = row.set == mainSet ? row.scenario : "\(row.set): \(row.scenario)"
        return PageTable.Row(cells: [.name(name)] + cells)
      })
  }

  /// The interval of a mode's capital over simulated paths; empty where there is none.
  private func range(_ interval: ReportScope.Comparison.Interval?, _ mode: Int) -> String {
    guard let interval, let lower = interval.lower[mode], let upper = interval.upper[mode] else { return "" }
    return "\(figure.money(lower)) to \(figure.money(upper))"
  }

  /// What the smaller figures are; empty where there are none.
  private var intervalNote: String {
    let levels = scenarios.compactMap { $0.interval?.confidence }.map { PageFigure.percent($0) }
    guard !levels.isEmpty else { return "" }
    return
      " Smaller: the order statistics between which the quantile over simulated paths lies, with probability "
      + "\(AnswerText.joined(levels))."
  }

  /// Today, each mode's worst, rows over simulated paths and the run's own stresses; then the worst of the portfolio, up to a handful.
  private func notable(_ rows: [ReportScope.Comparison.Survival]) -> [ReportScope.Comparison.Survival] {
    let worst = worst
    var chosen: Set<Int> = []
    for (place, row) in rows.enumerated() where chosen.count < 2 * Self.shownScenarios {
      let isWorst = zip(row.capital, worst).contains { $0 != nil && $0 == $1 }
      if place == 0 || isWorst || row.set == "stress" || row.interval != nil { chosen.insert(place) }
    }
    let portfolio = rows.map { ($0.capital.last ?? nil) ?? -.infinity }
    let order = rows.indices.sorted {
      portfolio[$0] == portfolio[$1] ? $0 < $1 : portfolio[$0] > portfolio[$1]
    }
    for place in order where chosen.count < Self.shownScenarios { chosen.insert(place) }
    return chosen.sorted().map { rows[$0] }
  }
}

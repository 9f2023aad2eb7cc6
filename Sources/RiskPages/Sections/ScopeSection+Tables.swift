extension ScopeSection {
  /// The tables below the drawings: what is short stands open, what is long opens on a click.
  func writeTables(to markup: inout Markup) {
    writeModes(to: &markup)
    writeRanking(to: &markup)
    writePairsAndContagion(to: &markup)
    let prices = priceTable
    if prices.rows.count <= 8 { card(prices, to: &markup) }
    writeGreeks(to: &markup)
    writeLiquidity(to: &markup)
    writeWorstScenarios(to: &markup)
    if prices.rows.count > 8 {
      folded("All \(PageFigure.count(prices.rows.count)) liquidation prices", prices, to: &markup)
    }
    foldScenarios(to: &markup)
    writeHoldings(to: &markup)
    writeComponents(to: &markup)
  }

  /// A table in a card of its own.
  func card(_ table: PageTable, note: String = "", to markup: inout Markup) {
    guard !table.rows.isEmpty else { return }
    markup.element("div", ["class": "card"]) { markup in
      table.write(to: &markup)
      if !note.isEmpty { markup.element("p", ["class": "note"], text: note) }
    }
  }

  /// A long table behind a line that says what it holds.
  func folded(_ summary: String, _ table: PageTable, to markup: inout Markup) {
    guard !table.rows.isEmpty else { return }
    markup.element("details", ["class": "card"]) { markup in
      markup.element("summary", text: summary)
      table.write(to: &markup)
    }
  }

  /// The three modes of every venue.
  private func writeModes(to markup: inout Markup) {
    guard let margin = scope.margin else { return }
    let venues = (margin.comparison.map { [$0] } ?? []) + margin.beside
    let hasLeverage = venues.contains { $0.sides.contains { $0.leverage != nil } }
    var table = PageTable(
      caption: "The modes side by side, \(figure.currency)",
      head: ["Mode", "Capital", "Initial", "Maintenance", "Surplus", "Use"]
        + (hasLeverage ? ["Leverage up to"] : [])
        + ["Model"])
    for venue in venues {
      let least = venue.sides.compactMap(\.capital).min()
      for side in venue.sides {
        let name = side.mode.title + (venue.venue.map { ", " + $0 } ?? "")
        let leverage: [PageTable.Cell] =
          hasLeverage ? [.text(side.leverage.map { PageFigure.number($0) + "×" } ?? "n/a")] : []
        table.rows.append(
          PageTable.Row(
            cells: [
              .name(name), .text(figure.money(side.capital)), .text(figure.money(side.initial)),
              .text(figure.money(side.maintenance)), .signed(figure.money(side.surplus), side.surplus),
              .text(Self.use(side).map { PageFigure.percent($0) } ?? "over"),
            ] + leverage + [.name(side.model)], isBest: side.capital != nil && side.capital == least))
      }
    }
    card(
      table,
      note: "Bold: least capital of its venue. Use is maintenance over counted equity; 100 % is liquidation.",
      to: &markup)
  }

  private func writeGreeks(to markup: inout Markup) {
    var table = PageTable(
      caption: "Greeks by underlying",
      head: [
        "Underlying", "Delta", "Gamma", "Cash delta", "Cash gamma, 1\u{202F}%", "Vega, per 1.00",
        "Theta, a year",
        "Rho, per 1.00",
      ])
    for row in scope.greeks {
      table.rows.append(
        PageTable.Row(cells: [
          row.name.map { .name($0) } ?? .text("all"),
          .text(row.name == nil ? "" : PageFigure.sensitivity(row.delta)),
          .text(row.name == nil ? "" : PageFigure.sensitivity(row.gamma)), .text(figure.money(row.cashDelta)),
          .text(figure.money(row.cashGamma)), .text(figure.money(row.vega)), .text(figure.money(row.theta)),
          .text(figure.money(row.rho)),
        ]))
    }
    card(
      table, note: "Delta and gamma in units of the underlying, the rest in \(figure.currency).", to: &markup)
  }

  private func writeHoldings(to markup: inout Markup) {
    var table = PageTable(
      caption: "Holdings", head: ["Holding", "Quantity", "Unit", "Value", "Cash delta"],
      rows: scope.collateral.map {
        PageTable.Row(cells: [
          .name($0.asset), .text(PageFigure.quantity($0.quantity)), .name($0.asset),
          .text(figure.money($0.value)),
          .text(""),
        ])
      })
    for position in scope.positions {
      table.rows.append(
        PageTable.Row(cells: [
          .name(position.instrument), .text(PageFigure.quantity(position.quantity)), .name(position.unit),
          .text(figure.money(position.value)), .text(figure.money(position.cashDelta)),
        ]))
    }
    let count = PageFigure.count(scope.positions.count, "position")
    folded("Holdings: \(PageFigure.count(scope.collateral.count, "balance")), \(count)", table, to: &markup)
  }

  /// Every model and mode of the report with the parts of its requirement.
  private func writeComponents(to markup: inout Markup) {
    guard let models = scope.margin?.models, !models.isEmpty else { return }
    var table = PageTable(
      caption: "Parts of the requirements, \(figure.currency)",
      head: ["Model and part", "Initial", "Maintenance"])
    for model in models {
      let scenario = model.worstScenario.map { ", binding: " + $0 } ?? ""
      let missing =
        model.unsupported.isEmpty ? "" : ", \(PageFigure.count(model.unsupported.count)) unsupported"
      table.rows.append(
        PageTable.Row(
          cells: [
            .name("\(model.model), \(model.mode)\(scenario)\(missing)"), .text(figure.money(model.initial)),
            .text(figure.money(model.maintenance)),
          ], isBest: true))
      for part in model.components where part.initial != 0 || part.maintenance != 0 {
        table.rows.append(
          PageTable.Row(cells: [
            .name("– " + part.name), .text(figure.money(part.initial)), .text(figure.money(part.maintenance)),
          ]))
      }
    }
    folded(
      "What the requirements are made of (\(PageFigure.count(models.count, "model and mode", "models and modes")))",
      table, to: &markup)
  }
}

extension ScopeSection {
  private static let shownShares = 10

  /// What each position brings to the worst scenario, and what the stresses make of everything.
  func writeSharesAndStress(to markup: inout Markup) {
    let shares = (scope.margin?.comparison?.attribution ?? []).compactMap { share in
      share.worstScenarioLoss.map { (name: share.instrument, amount: -$0) }
    }
    bars(
      title: "Who loses in the worst portfolio scenario",
      caption:
        "Profit and loss of each holding in the scenario that decides portfolio margin; together they are its "
        + "scan loss before factors.", shares, to: &markup)
    let stress = scope.stress.compactMap { row in row.amount.map { (name: row.name, amount: $0) } }
    bars(
      title: "Stress", caption: "Profit and loss of everything under the run’s own scenarios.", stress,
      to: &markup)
    writeValueAtRisk(to: &markup)
  }

  /// Bars to both sides of zero, greatest loss first.
  func bars(
    title: String, caption: String, _ rows: [(name: String, amount: Double)], to markup: inout Markup
  ) {
    guard !rows.isEmpty else { return }
    let order = rows.enumerated().sorted {
      $0.element.amount.magnitude == $1.element.amount.magnitude
        ? $0.offset < $1.offset : $0.element.amount.magnitude > $1.element.amount.magnitude
    }.map(\.element)
    var shown = Array(order.prefix(Self.shownShares))
    let rest = order.dropFirst(Self.shownShares)
    if !rest.isEmpty {
      shown.append(("\(PageFigure.count(rest.count)) others together", rest.reduce(0) { $0 + $1.amount }))
    }
    let words = shown.map { "\(HTMLText.shortened($0.name, to: 40)) \(figure.change($0.amount))" }
    let chart = BarChart(
      title: title, description: words.joined(separator: "; "),
      rows: shown.map {
        .bar(
          label: $0.name, text: figure.change($0.amount), from: 0, to: $0.amount,
          style: $0.amount < 0 ? "loss" : "gain")
      })
    markup.element("figure") { markup in
      markup.element("h3", text: title)
      chart.draw(&markup)
      markup.element("figcaption", text: "\(caption) Money in \(figure.currency).")
    }
  }

  private func writeValueAtRisk(to markup: inout Markup) {
    guard !scope.valueAtRisk.isEmpty else { return }
    var table = PageTable(
      caption: "Value at risk", head: ["Level", "VaR", "Expected shortfall"], showsCaption: false)
    for row in scope.valueAtRisk {
      table.rows.append(
        PageTable.Row(cells: [
          .text(Self.level(row.confidence), over: Self.days(row.horizonDays)),
          .text(
            figure.money(row.valueAtRisk), over: "\(figure.money(row.lower)) to \(figure.money(row.upper))"),
          .text(figure.money(row.expectedShortfall), over: "± \(figure.money(row.shortfallError))"),
        ]))
    }
    let coverage = scope.valueAtRisk.compactMap(\.intervalConfidence).map { PageFigure.percent($0) }
    markup.element("div", ["class": "card"]) { markup in
      markup.element("h3", text: "Value at risk and expected shortfall")
      table.write(to: &markup)
      var note = "Losses are positive, money in \(figure.currency)."
      if !coverage.isEmpty {
        note +=
          " The interval encloses the true VaR with probability \(AnswerText.joined(coverage)) (order statistics); "
          + "± is one standard error."
      }
      markup.element("p", ["class": "note"], text: note)
    }
  }
}

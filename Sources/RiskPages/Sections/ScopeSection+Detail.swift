extension ScopeSection {
  private static let shownSteps = 9
  private static let shownRows = 8

  /// The waterfall from every position alone to all together, position by position; nothing without a detail.
  func writeAttribution(to markup: inout Markup) {
    guard let detail = scope.margin?.comparison?.detail, let alone = detail.alone,
      let requirement = detail.requirement
    else { return }
    var steps = detail.shares.compactMap { share in
      share.saving.map { (name: share.instrument, saving: $0) }
    }
    guard steps.count > 1 else { return }
    steps = steps.enumerated().sorted {
      $0.element.saving.magnitude == $1.element.saving.magnitude
        ? $0.offset < $1.offset : $0.element.saving.magnitude > $1.element.saving.magnitude
    }.map(\.element)
    let rest = steps.dropFirst(Self.shownSteps)
    if !rest.isEmpty {
      let sum = rest.reduce(0) { $0 + $1.saving }
      steps = steps.prefix(Self.shownSteps) + [("\(PageFigure.count(rest.count)) others together", sum)]
    }
    var rows: [BarChart.Row] = [
      .bar(
        label: "Every position alone", text: figure.money(alone), from: 0, to: alone, style: "portfolio light"
      )
    ]
    var level = alone
    for step in steps {
      rows.append(
        .bar(
          label: step.name, text: figure.change(-step.saving), from: level, to: level - step.saving,
          style: step.saving < 0 ? "loss" : "gain"))
      level -= step.saving
    }
    rows.append(
      .bar(
        label: "All together", text: figure.money(requirement), from: 0, to: requirement, style: "portfolio"))
    let words = steps.map { "\(HTMLText.shortened($0.name, to: 40)) \(figure.change(-$0.saving))" }
    let chart = BarChart(
      title: "Portfolio requirement from every position alone to all together",
      description:
        "From \(figure.money(alone)) to \(figure.money(requirement)): \(words.joined(separator: "; "))",
      rows: rows, isConnected: true)
    markup.element("figure") { markup in
      markup.element("h3", text: "Who brings the portfolio its saving")
      chart.draw(&markup)
      markup.element("figcaption") {
        $0.text(
          "Portfolio maintenance of each position alone, less what it saves the whole on average over all orders of "
            + "joining (Shapley). Money in \(figure.currency).")
      }
    }
  }

  /// Pairs that offset each other, and what a position can take from the others.
  func writePairsAndContagion(to markup: inout Markup) {
    guard let detail = scope.margin?.comparison?.detail else { return }
    var pairs = PageTable(
      caption: "Pairs that offset most, \(figure.currency)", head: ["One", "Saves together", "Other"])
    for pair in detail.offsets.prefix(Self.shownRows) {
      pairs.rows.append(
        PageTable.Row(cells: [
          .name(pair.first), .signed(figure.change(pair.offset), pair.offset), .name(pair.second),
        ]))
    }
    card(pairs, note: "Portfolio requirement of each alone, less that of the two together.", to: &markup)
    var contagion = PageTable(
      caption: "What one position can take from the rest, \(figure.currency)",
      head: ["Position", "Loss", "Isolated would hold", "Spills", "In scenario", "Then short"])
    for row in detail.contagion.prefix(Self.shownRows) {
      let short = [("cross", row.crossBreach), ("portfolio", row.portfolioBreach)].compactMap {
        $0.1 == nil ? nil : $0.0
      }
      contagion.rows.append(
        PageTable.Row(cells: [
          .name(row.instrument), .text(figure.money(row.loss)), .text(figure.money(row.contained)),
          .text(figure.money(row.spill)), .name(row.scenario),
          .text(short.isEmpty ? "no" : AnswerText.joined(short)),
        ]))
    }
    card(
      contagion, note: "Under cross and portfolio margin the rest of the account pays what spills.",
      to: &markup)
  }
}

extension ScopeSection {
  /// Requirement of the three modes, and the steps from isolated to portfolio capital.
  func writeModeCharts(to markup: inout Markup) {
    guard let comparison = scope.margin?.comparison else { return }
    let requirement = requirementChart(comparison)
    markup.element("figure") { markup in
      markup.element("h3", text: "What each mode requires today")
      requirement.draw(&markup)
      markup.element("figcaption") {
        $0.text(
          "Money in \(figure.currency). Pale: initial margin; full: maintenance. Surplus is counted equity less "
            + "maintenance; modes may count different equity.")
      }
    }
    guard let steps = capitalChart(comparison) else { return }
    markup.element("figure") { markup in
      markup.element("h3", text: "Capital to come through the worst scenario")
      steps.draw(&markup)
      markup.element("figcaption") {
        $0.text(
          "Capital is what the owner must have, in cash and positions, so that maintenance is met after the worst "
            + "scenario of one list for all modes. Pooling shares one pot of collateral; model is the change of rules "
            + "with every position alone; offset is what positions take off each other.")
      }
    }
  }

  private func requirementChart(_ comparison: ReportScope.Comparison) -> BarChart {
    var rows: [BarChart.Row] = []
    var words: [String] = []
    for side in comparison.sides {
      let mode = side.mode.rawValue
      let surplus = side.surplus ?? 0
      rows.append(
        .heading(
          side.mode.title + " · " + HTMLText.shortened(side.model, to: 20),
          remark: surplus < 0
            ? "short by \(figure.money(-surplus))" : "surplus \(figure.money(side.surplus))",
          style: mode))
      for (name, value, style) in [
        ("initial", side.initial, "\(mode) light"), ("maintenance", side.maintenance, mode),
      ] {
        rows.append(.bar(label: name, text: figure.money(value), from: 0, to: value ?? 0, style: style))
      }
      words.append(
        "\(mode): initial \(figure.money(side.initial)), maintenance \(figure.money(side.maintenance)), "
          + "surplus \(figure.money(side.surplus))")
    }
    return BarChart(
      title: "Requirement of the three modes", description: words.joined(separator: "; "), rows: rows,
      reference: scope.equity.map { BarChart.Reference(value: $0, label: "equity \(figure.money($0))") })
  }

  /// From isolated capital over pooling to cross, over model and offset to portfolio; nil where a part is missing.
  private func capitalChart(_ comparison: ReportScope.Comparison) -> BarChart? {
    guard let isolated = comparison[.isolated]?.capital, let cross = comparison[.cross]?.capital,
      let portfolio = comparison[.portfolio]?.capital, let pooling = comparison.pooling,
      let model = comparison.model, let offset = comparison.offset
    else { return nil }
    func step(_ name: String, _ saved: Double, from start: Double) -> BarChart.Row {
      .bar(
        label: name + (saved < 0 ? " costs" : " saves"), text: figure.change(-saved), from: start,
        to: start - saved,
        style: saved < 0 ? "loss" : "gain")
    }
    func total(_ mode: PageMode, _ capital: Double) -> BarChart.Row {
      .bar(label: mode.title, text: figure.money(capital), from: 0, to: capital, style: mode.rawValue)
    }
    let rows = [
      total(.isolated, isolated), step("pooling", pooling, from: isolated), total(.cross, cross),
      step("model", model, from: cross), step("offset", offset, from: cross - model),
      total(.portfolio, portfolio),
    ]
    let words =
      "From isolated \(figure.money(isolated)) to cross \(figure.money(cross)) to portfolio \(figure.money(portfolio)): "
      + "pooling \(figure.change(-pooling)), model \(figure.change(-model)), offset \(figure.change(-offset))"
    return BarChart(
      title: "Capital of the three modes and the steps between them", description: words, rows: rows,
      reference: scope.equity.map { BarChart.Reference(value: $0, label: "equity \(figure.money($0))") },
      isConnected: true)
  }
}

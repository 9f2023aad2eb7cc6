import MarginModels
import MarketModel

extension Explanation {
  /// Legs that the text names one by one; the rest are summed in one line.
  private static let shownLegs = 8

  /// The explanation in sentences that are read in a minute, each line ended by a line break.
  ///
  /// - Parameter isColoured: whether to use a terminal's colours (ANSI escapes).
  public func text(isColoured: Bool) -> String {
    let style = TextStyle(isColoured: isColoured)
    var sections = [opening(style), nearestText(style)]
    sections += models.map { text(of: $0, style) }
    if let dynamic = account.figures.margin?.dynamic { sections.append(volatilityText(dynamic, style)) }
    if let detail { sections.append(savingText(detail, style)) }
    return sections.joined(separator: "\n")
  }

  private func opening(_ style: TextStyle) -> String {
    var text = style.heading("Account \(account.id) at \(asOf.text)")
    text += ", money in \(baseCurrency)\n"
    text += "  Equity is \(TextFigure.money(account.figures.equity))"
    if let leverage = account.figures.liquidation?.leverage {
      text += ", leverage \(TextFigure.fixed(leverage, decimals: 1))"
    }
    text += ".\n"
    if account.figures.isIncomplete {
      text +=
        style.warning("  Incomplete: rows of this account were set aside; the figures leave them out.") + "\n"
    }
    return text
  }

  /// The surplus that the haircuts of the run leave; nothing where it has none.
  private func haircutText(of figure: MarginFigure) -> String {
    let left = account.figures.margin?.collateral?.surplus.first {
      $0.model == figure.model && $0.mode == figure.mode
    }
    guard let left, left.surplus != figure.surplus else { return "" }
    return
      "  After the haircuts of run.json \(TextFigure.money(left.surplus)) is left over maintenance and "
      + "\(TextFigure.money(left.surplusInitial)) over initial margin.\n"
  }

  /// The positions that are below their own maintenance, each alone; none in the modes that pool.
  private func standingText(of figure: MarginFigure, _ style: TextStyle) -> String {
    let under = figure.perPosition.filter { ($0.surplus ?? 0) < 0 }
    var text = ""
    for position in under.prefix(Self.shownLegs) {
      let short = "\(TextFigure.money(-(position.surplus ?? 0))) below its own maintenance"
      text +=
        position.isHeldIsolated
        ? style.alarm(
          "  \(position.instrument) is \(short): this model closes it as it stands, whatever the account has beside it."
        )
        : "  \(position.instrument), held isolated, would be \(short)."
      text += "\n"
    }
    let rest = under.count - Self.shownLegs
    return rest > 0 ? text + "  \(rest) more positions are below their own maintenance.\n" : text
  }

  private func nearestText(_ style: TextStyle) -> String {
    let closed = account.figures.liquidation?.closed ?? []
    guard closed.isEmpty else {
      let names = closed.map { "\($0.position?.text ?? "") (\($0.model))" }.joined(separator: ", ")
      return style.alarm("  Below its own maintenance now, held isolated: \(names).") + "\n"
    }
    if account.figures.liquidation?.distance == 0 {
      return style.alarm("  Below maintenance now: no spot to wait for.") + "\n"
    }
    guard let nearest else {
      let prices = account.figures.liquidation?.prices ?? []
      let reason = prices.compactMap(\.reason).first.map { ": \($0)" } ?? ""
      return prices.isEmpty ? "  No liquidation price was computed.\n" : "  No liquidation price\(reason).\n"
    }
    let move = nearest.relativeMove
    let side = move < 0 ? "below" : "above"
    var text = "  Nearest to liquidation: "
    text += nearest.price.position.map { "position \($0)" } ?? "the whole account"
    text +=
      " (\(nearest.price.mode.rawValue), \(nearest.price.model)), when \(nearest.price.underlying) is at "
    text += style.heading(TextFigure.price(nearest.root))
    text += ", \(TextFigure.percent(move.magnitude)) \(side) today's \(TextFigure.price(nearest.state.spot))"
    if let deviations = nearest.dailyDeviations {
      text += " or \(TextFigure.fixed(deviations, decimals: 1)) standard deviations of a day"
    }
    return text + ".\n"
  }

  private func text(of model: Model, _ style: TextStyle) -> String {
    let figure = model.figure
    var text = style.heading("\(figure.model), \(figure.mode.rawValue)") + ": requires "
    text += "\(TextFigure.money(figure.initial)) initial and \(TextFigure.money(figure.maintenance)) "
    text += "maintenance; counts \(TextFigure.money(figure.equity)) of equity.\n"
    text += "  " + verdict(model, style) + "\n" + haircutText(of: figure) + standingText(of: figure, style)
    text += cureText(of: model, style)
    if !figure.unsupported.isEmpty {
      let names = figure.unsupported.map(\.text).joined(separator: ", ")
      text += style.warning("  Left out, since the model cannot margin them: \(names).") + "\n"
    }
    if let scenario = figure.worstScenario { text += "  What binds: scenario \(scenario).\n" }
    if !model.legs.isEmpty { text += legs(model, style) }
    if !figure.components.isEmpty { text += components(figure, style) }
    return text
  }

  private func verdict(_ model: Model, _ style: TextStyle) -> String {
    let figure = model.figure
    if figure.surplus < 0 {
      var text = style.alarm(
        "It is \(TextFigure.money(-figure.surplus)) short of maintenance: liquidated as it stands.")
      text += " Cured by that much cash (\(TextFigure.money(model.cashForInitial)) to trade again)"
      if let leg = model.worstLeg { text += "; the leg to reduce first is \(leg.instrument)" }
      return text + "."
    }
    if figure.surplusInitial < 0 {
      return style.warning("It stands, but may not add risk:")
        + " \(TextFigure.money(model.cashForInitial)) short of initial margin, "
        + "\(TextFigure.money(figure.surplus)) above maintenance."
    }
    return "It is \(TextFigure.money(figure.surplus)) above maintenance and "
      + "\(TextFigure.money(figure.surplusInitial)) above initial margin."
  }

  private func legs(_ model: Model, _ style: TextStyle) -> String {
    // The scenario stands above the table unless the underlyings have worst scenarios of their own.
    let isOne = Set(model.legs.map(\.scenario)).count == 1
    var table = TextTable(leftColumns: isOne ? 1 : 2)
    func add(_ name: String, _ scenario: String, _ profitAndLoss: Double) {
      let figure = TextTable.Cell(TextFigure.money(profitAndLoss)) { style.signed($0, profitAndLoss) }
      table.add([TextTable.Cell(name)] + (isOne ? [] : [TextTable.Cell(scenario)]) + [figure])
    }
    table.add(
      header: ["Legs under it, worst first"] + (isOne ? [] : ["scenario"]) + ["profit and loss"], style)
    for leg in model.legs.prefix(Self.shownLegs) { add(leg.instrument.text, leg.scenario, leg.profitAndLoss) }
    let rest = model.legs.dropFirst(Self.shownLegs)
    if !rest.isEmpty { add("\(rest.count) more", "", rest.reduce(0) { $0 + $1.profitAndLoss }) }
    return table.text()
  }

  private func components(_ figure: MarginFigure, _ style: TextStyle) -> String {
    var table = TextTable()
    table.add(header: ["Parts of the requirement", "initial", "maintenance"], style)
    for part in figure.mergedComponents where part.initial != 0 || part.maintenance != 0 {
      table.add([
        TextTable.Cell(part.name), TextTable.Cell(TextFigure.money(part.initial)),
        TextTable.Cell(TextFigure.money(part.maintenance)),
      ])
    }
    return table.text()
  }
}

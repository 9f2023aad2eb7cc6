/// The part of the page that shows one account, or the book.
struct ScopeSection {
  let scope: ReportScope
  let head: ReportHead
  let figure: PageFigure
  /// Name of its place in the page.
  let anchor: String

  /// What sentences call it.
  var owner: String { scope.account == nil ? "the book" : "this account" }

  /// Writes heading, answer, figures in a row, drawings and tables.
  func write(to markup: inout Markup) {
    markup.element("section", ["id": anchor]) { markup in
      markup.element("h2") {
        if let account = scope.account {
          $0.text("Account ")
          $0.name(account)
        } else {
          $0.text("The book")
        }
      }
      writeAnswer(to: &markup)
      writeFacts(to: &markup)
      markup.element("div", ["class": "grid"]) { markup in
        writeModeCharts(to: &markup)
        writeAttribution(to: &markup)
        writeLadders(to: &markup)
        writeSharesAndStress(to: &markup)
      }
      markup.element("div", ["class": "tables"]) { writeTables(to: &$0) }
    }
  }

  private func writeAnswer(to markup: inout Markup) {
    if scope.isIncomplete {
      let text =
        scope.account == nil
        ? "\(PageFigure.count(scope.incompleteCount ?? 0, "account")) incomplete: rows were set aside (see what was set "
          + "aside below); the figures leave them out."
        : "Incomplete: rows of this account were set aside; its figures leave them out."
      markup.element("p", ["class": "warn"], text: text)
    }
    guard let comparison = scope.margin?.comparison,
      let answer = AnswerText(comparison, owner: owner, figure: figure, equity: { scope.margin?.equity($0) })
    else {
      markup.element(
        "p", ["class": "answer"],
        text: scope.margin == nil
          ? "Margin was not asked for in this run."
          : scope.margin?.comparison == nil
            ? "The modes were not compared in this run."
            : "None is called the cheapest: no two modes can margin every position of \(owner).")
      return writeUnsupported(to: &markup)
    }
    markup.element("p", ["class": "answer"]) { markup in
      markup.element("strong", text: answer.lead)
      markup.text(answer.margin + answer.why)
    }
    if !answer.today.isEmpty { markup.element("p", text: answer.today) }
    writeCures(comparison, to: &markup)
    writeUnsupported(to: &markup)
  }

  /// What keeps modes, or accounts, out of the comparison.
  private func writeUnsupported(to markup: inout Markup) {
    guard let unsupported = scope.margin?.comparison?.unsupported, !unsupported.isEmpty else { return }
    markup.element("p", ["class": "note"]) { markup in
      markup.text(
        "Not every model can margin these. What none of them can is in no mode’s figures; a mode that cannot margin what "
          + "another one can has none: ")
      Self.names(unsupported, to: &markup)
    }
  }

  /// What each mode is short of, and what would cure it.
  private func writeCures(_ comparison: ReportScope.Comparison, to markup: inout Markup) {
    for side in comparison.sides {
      guard let surplus = side.surplus else { continue }
      let found = scope.margin?.models.first { $0.model == side.model && $0.mode == side.mode.rawValue }
      let initial = found?.surplusInitial ?? 0
      guard surplus < 0 || (initial < 0 && scope.account != nil) else { continue }
      markup.element("p", surplus < 0 ? ["class": "warn"] : [:]) { markup in
        if scope.account == nil {
          markup.text(
            "Summed over its accounts the book is \(figure.amount(-surplus)) short under \(side.mode.rawValue)."
          )
        } else if surplus < 0 {
          markup.text("Under \(side.mode.rawValue) this account is ")
          markup.element("strong", text: "\(figure.amount(-surplus)) short of maintenance")
          markup.text(": liquidated as it stands. That much cash cures it")
          markup.text(initial < 0 ? ", \(figure.money(-initial)) lets it trade again" : "")
          writeWorstLeg(comparison, to: &markup)
        } else {
          markup.text(
            "Under \(side.mode.rawValue) it stands, but may not add risk: \(figure.amount(-initial)) short of initial margin."
          )
        }
      }
    }
  }

  private func writeWorstLeg(_ comparison: ReportScope.Comparison, to markup: inout Markup) {
    let worst = comparison.attribution.max { ($0.worstScenarioLoss ?? 0) < ($1.worstScenarioLoss ?? 0) }
    guard let worst, let loss = worst.worstScenarioLoss, loss > 0 else { return markup.text(".") }
    markup.text("; what to reduce first is ")
    markup.name(worst.instrument)
    markup.text(", which loses \(figure.money(loss)) in the worst portfolio scenario.")
  }

  /// Names one after another, kept apart by commas.
  static func names(_ names: [String], to markup: inout Markup) {
    for (place, name) in names.enumerated() {
      if place > 0 { markup.text(", ") }
      markup.name(name)
    }
    markup.text(".")
  }

  /// Today's spot of an underlying, as far as the report tells.
  func spot(of underlying: String) -> Double? {
    let ladder = scope.margin?.profile.first { $0.underlyings == [underlying] }
    if let spot = ladder?.spot { return spot }
    if let held = scope.collateral.first(where: { $0.asset == underlying }), let spot = held.spot {
      return spot
    }
    guard let row = scope.greeks.first(where: { $0.name == underlying }), let delta = row.delta, delta != 0,
      let cash = row.cashDelta
    else { return nil }
    return cash / delta
  }
}

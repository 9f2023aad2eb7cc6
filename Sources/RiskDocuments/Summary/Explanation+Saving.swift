import MarginModels
import MarketModel

extension Explanation {
  /// Rows and sentences of a kind that the text shows.
  private static let shownShares = 6
  private static let shownPairs = 3
  private static let shownContagion = 3

  /// Where the saving comes from, what offsets what, what ties and what is contagious.
  func savingText(_ detail: AttributionDetail, _ style: TextStyle) -> String {
    var text = style.heading("Where the saving comes from") + ": under \(detail.model) the positions need "
    text += "\(TextFigure.money(detail.alone)) of maintenance one by one and "
    text += "\(TextFigure.money(detail.requirement)) together, so "
    text += detail.saving < 0 ? "it costs " : "it saves "
    text += style.heading(TextFigure.money(detail.saving.magnitude)) + ".\n"
    if !detail.nettingSets.isEmpty { text += setTable(detail, style) + shareTable(detail, style) }
    let sentences = pairSentences(detail) + tieSentences(detail) + contagionSentences(detail, style)
    for sentence in sentences { text += "  " + sentence + "\n" }
    return text
  }

  private func setTable(_ detail: AttributionDetail, _ style: TextStyle) -> String {
    var table = TextTable()
    table.add(
      header: ["By netting set", "one by one", "as one", "share", "saves", "capital saved"], style)
    for set in detail.nettingSets {
      let saved = set.alone - set.share
      table.add([
        TextTable.Cell(set.name), TextTable.Cell(TextFigure.money(set.alone)),
        TextTable.Cell(TextFigure.money(set.requirement)), TextTable.Cell(TextFigure.money(set.share)),
        Self.signed(saved, error: set.standardError, style),
        TextTable.Cell(TextFigure.money(set.capital.total)) { style.signed($0, set.capital.total) },
      ])
    }
    if detail.nettingSets.count > 1 {
      let capital = detail.nettingSets.reduce(0) { $0 + $1.capital.total }
      table.add([
        TextTable.Cell("together"), TextTable.Cell(TextFigure.money(detail.alone)), TextTable.Cell(""),
        TextTable.Cell(TextFigure.money(detail.requirement)), Self.signed(detail.saving, error: 0, style),
        TextTable.Cell(TextFigure.money(capital)) { style.signed($0, capital) },
      ])
    }
    return table.text()
  }

  private func shareTable(_ detail: AttributionDetail, _ style: TextStyle) -> String {
    let ranked = detail.shapley.sorted {
      abs($0.saving) == abs($1.saving) ? $0.instrument < $1.instrument : abs($0.saving) > abs($1.saving)
    }
    var table = TextTable()
    table.add(header: ["By position, greatest first", "alone", "share", "saves", "capital saved"], style)
    for share in ranked.prefix(Self.shownShares) {
      table.add([
        TextTable.Cell(share.instrument.text), TextTable.Cell(TextFigure.money(share.alone)),
        TextTable.Cell(TextFigure.money(share.share)),
        Self.signed(share.saving, error: share.standardError, style),
        TextTable.Cell(TextFigure.money(share.capital.total)) { style.signed($0, share.capital.total) },
      ])
    }
    let rest = ranked.dropFirst(Self.shownShares)
    if !rest.isEmpty {
      table.add([
        TextTable.Cell("\(rest.count) more"),
        TextTable.Cell(TextFigure.money(rest.reduce(0) { $0 + $1.alone })),
        TextTable.Cell(TextFigure.money(rest.reduce(0) { $0 + $1.share })),
        Self.signed(rest.reduce(0) { $0 + $1.saving }, error: 0, style),
        TextTable.Cell(TextFigure.money(rest.reduce(0) { $0 + $1.capital.total })),
      ])
    }
    return table.text()
  }

  /// A figure with its error, where it has one.
  private static func signed(_ value: Double, error: Double, _ style: TextStyle) -> TextTable.Cell {
    let text = TextFigure.money(value) + (error > 0 ? " ± \(TextFigure.money(error))" : "")
    return TextTable.Cell(text) { style.signed($0, value) }
  }

  private func pairSentences(_ detail: AttributionDetail) -> [String] {
    let pairs = detail.offsets.filter { $0.level == .position }.prefix(Self.shownPairs)
    guard !pairs.isEmpty else { return [] }
    let texts = pairs.map { "\($0.first) with \($0.second) \(TextFigure.money($0.offset))" }
    return ["Biggest offsets of two: " + texts.joined(separator: "; ") + "."]
  }

  private func tieSentences(_ detail: AttributionDetail) -> [String] {
    var names: [String] = []
    for tie in detail.worstTies where !names.contains(tie.underlying) { names.append(tie.underlying) }
    return names.map { name in
      let scenarios = detail.worstTies.filter { $0.underlying == name }.map(\.scenario)
      return "\(name) has \(scenarios.count) worst scenarios alike, \(scenarios.joined(separator: " and ")): "
        + "no one allocation to positions is the right one, --format json has one for each."
    }
  }

  private func contagionSentences(_ detail: AttributionDetail, _ style: TextStyle) -> [String] {
    guard let first = detail.contagion.first else {
      return detail.shapley.isEmpty
        ? [] : ["No position can lose more than isolated margin would have let it."]
    }
    var sentences = detail.contagion.prefix(Self.shownContagion).map { figure -> String in
      let sentence = "\(figure.instrument) can take \(TextFigure.money(figure.spill)) from the rest"
      let share = figure.shareOfRest.map(Self.part) ?? ""
      return (figure.instrument == first.instrument ? style.warning(sentence) : sentence) + share
        + ": it loses \(TextFigure.money(figure.loss)) in \(figure.scenario), isolated margin stops at "
        + "\(TextFigure.money(figure.contained))" + Self.breaches(figure) + "."
    }
    let more = detail.contagion.count - Self.shownContagion
    if more > 0 {
      sentences.append("\(more) more position\(more == 1 ? "" : "s") can take something from the rest.")
    }
    return sentences
  }

  private static func part(of rest: Double) -> String {
    rest > 1 ? ", more than all of its equity" : ", \(TextFigure.percent(rest)) of its equity"
  }

  private static func breaches(_ figure: ContagionFigure) -> String {
    var modes: [String] = []
    if figure.crossBreach != nil { modes.append("cross") }
    if figure.portfolioBreach != nil { modes.append("portfolio") }
    guard !modes.isEmpty else {
      return figure.restProfitAndLoss > 0
        ? "; the rest gains \(TextFigure.money(figure.restProfitAndLoss)) there" : ""
    }
    return "; it alone breaks the account in \(modes.joined(separator: " and ")) mode"
  }
}

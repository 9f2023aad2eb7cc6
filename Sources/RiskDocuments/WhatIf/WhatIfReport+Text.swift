import MarginModels
import MarketModel
import PortfolioValuation
import TailRisk

extension WhatIfReport {
  /// Up to so many trades are told one by one; more become a table of one line each.
  static let toldTrades = 6
  /// Lines of such a table; a list of thousands is for a file.
  static let listedTrades = 60

  /// The report for people, each line ended by a line break.
  ///
  /// - Parameter isColoured: whether to use a terminal's colours (ANSI escapes).
  public func text(isColoured: Bool) -> String {
    let style = TextStyle(isColoured: isColoured)
    var sections = [style.heading("What if, at \(asOf.text)") + ", money in \(baseCurrency)\n"]
    if !trades.isEmpty {
      sections[0] += "  Trades without a price are at the mark; no fees; a premium is paid from cash.\n"
    }
    sections += trades.count <= Self.toldTrades ? trades.map { text(of: $0, style) } : [list(style)]
    if !cures.isEmpty { sections.append(cures.map { text(of: $0, style) }.joined()) }
    sections += splits.map { text(of: $0, style) }
    if !failures.isEmpty {
      let word = failures.count == 1 ? "thing" : "things"
      sections.append(style.warning("  \(failures.count) \(word) could not be computed: ") + notes())
    }
    return sections.joined(separator: "\n")
  }

  private func notes() -> String {
    let shown = failures.prefix(5).map { "    \($0.path): \($0.message)\n" }.joined()
    return "\n" + shown + (failures.count > 5 ? "    … and \(failures.count - 5) more\n" : "")
  }

  // MARK: One trade

  private func text(of trade: Trade, _ style: TextStyle) -> String {
    let account = accounts[trade.account]
    var text =
      style.heading(account.id.text) + ": " + trade.legs.map(Self.sentence).joined(separator: ", and ")
    text += "\n"
    if let greeks = trade.greeks { text += "  Adds " + Self.sentence(of: greeks) + ".\n" }
    if !account.margin.isEmpty { text += margins(of: trade, account, style) }
    text += tails(of: trade, account)
    if !trade.stress.isEmpty {
      let parts = trade.stress.map { "\($0.scenario) \(Self.change($0.profitAndLoss))" }
      text += "  In the stresses it makes " + parts.joined(separator: ", ") + ".\n"
    }
    text += largest(of: trade, account)
    return text
  }

  private static func sentence(of leg: Leg) -> String {
    var text = "\(leg.quantity < 0 ? "sell" : "buy") \(quantity(leg.quantity.magnitude)) \(leg.unit) of "
    text += leg.instrument.text
    text += leg.price.map { " at \(TextFigure.price($0))" } ?? ""
    if leg.cash != 0 {
      text += leg.cash < 0 ? " for " : ", receiving "
      text += TextFigure.money(leg.cash.magnitude)
    }
    return text
  }

  private static func sentence(of greeks: GreekSet) -> String {
    var parts = ["\(change(greeks.cashDelta)) of cash delta"]
    if greeks.cashGamma1Percent != 0 { parts.append("\(change(greeks.cashGamma1Percent)) of it for 1 %") }
    if greeks.vega != 0 { parts.append("\(change(greeks.vega)) of vega") }
    if greeks.theta != 0 { parts.append("\(change(greeks.theta / 365)) of theta a day") }
    return parts.joined(separator: ", ")
  }

  private func margins(of trade: Trade, _ account: Account, _ style: TextStyle) -> String {
    var table = TextTable()
    table.add(header: ["model, mode", "initial", "maintenance", "surplus", "of initial", "verdict"], style)
    for (before, after) in zip(account.margin, trade.margin) {
      let name = TextTable.Cell("\(before.id.model), \(before.id.mode.rawValue)")
      guard let after else {
        table.add([name] + ["n/a", "n/a", "n/a", "n/a", "cannot margin it"].map { TextTable.Cell($0) })
        continue
      }
      let cells = [
        (before.state.initial, after.initial), (before.state.maintenance, after.maintenance),
        (before.state.surplus, after.surplus), (before.state.surplusInitial, after.surplusInitial),
      ]
      table.add(
        [name] + cells.map { TextTable.Cell("\(TextFigure.money($0.1)) (\(Self.change($0.1 - $0.0)))") }
          + [TextTable.Cell(Self.verdict(before.state, after)) { Self.paint($0, after, style) }])
    }
    return table.text()
  }

  private static func verdict(_ before: MarginState, _ after: MarginState) -> String {
    if after.surplus < 0 { return before.surplus < 0 ? "stays in liquidation" : "fails maintenance" }
    if after.surplusInitial < 0 {
      return after.surplusInitial > before.surplusInitial ? "short, but less" : "fails initial"
    }
    return "passes"
  }

  private static func paint(_ text: String, _ after: MarginState, _ style: TextStyle) -> String {
    if after.surplus < 0 { return style.alarm(text) }
    return after.surplusInitial < 0 ? style.warning(text) : text
  }

  private func tails(of trade: Trade, _ account: Account) -> String {
    var text = ""
    for (before, after) in zip(account.tail ?? [], trade.tail ?? []) {
      text += "  Value at risk \(before.confidence.decimal) over \(Self.quantity(before.horizonDays)) d: "
      text +=
        "\(TextFigure.money(after.valueAtRisk)) (\(Self.change(after.valueAtRisk - before.valueAtRisk)))"
      text += ", expected shortfall \(TextFigure.money(after.expectedShortfall)) "
      text += "(\(Self.change(after.expectedShortfall - before.expectedShortfall))).\n"
    }
    return text
  }

  private func largest(of trade: Trade, _ account: Account) -> String {
    var text = ""
    for (entry, largest) in zip(account.margin, trade.largest) {
      guard let largest else { continue }
      text += "  Largest that passes \(largest.test.rawValue) margin under \(entry.id.model), "
      text += "\(entry.id.mode.rawValue): \(Self.sentence(of: largest)).\n"
    }
    return text
  }

  private static func sentence(of largest: LargestQuantity) -> String {
    var text: String
    if largest.isUnlimited {
      text = "no limit found"
    } else if let quantity = largest.quantity {
      text = quantity == 0 ? "none" : Self.quantity(quantity)
    } else {
      text = "none: the account fails as it stands"
    }
    for run in largest.later {
      text +=
        run.to.map { ", passes from \(Self.quantity(run.from)) to \(Self.quantity($0))" }
        ?? ", passes from \(Self.quantity(run.from)) on"
    }
    return text + (largest.isExact ? "" : " (scanned)")
  }

  // MARK: Many trades

  private func list(_ style: TextStyle) -> String {
    // The mode that decides whether the trade goes in is the strictest the reader asked for: one block each.
    var text = ""
    for entry in (accounts.first?.margin ?? []).indices {
      guard let id = accounts.first?.margin[entry].id else { continue }
      var table = TextTable(leftColumns: 2)
      let tail = accounts.first?.tail?.last
      var header = ["account", "trade", "initial", "of surplus", "after"]
      if let tail { header.append("VaR \(tail.confidence.decimal)") }
      text += style.heading("\(id.model), \(id.mode.rawValue)") + ", change by each trade alone\n"
      table.add(header: header + ["verdict"], style)
      for trade in trades.prefix(Self.listedTrades) {
        table.add(row(of: trade, entry, hasTail: tail != nil, style))
      }
      text += table.text()
      if trades.count > Self.listedTrades {
        text += "  … and \(trades.count - Self.listedTrades) more: --format jsonl has them all\n"
      }
      text += "\n"
    }
    return text
  }

  private func row(of trade: Trade, _ entry: Int, hasTail: Bool, _ style: TextStyle) -> [TextTable.Cell] {
    let account = accounts[trade.account]
    let names = trade.legs.map { "\(Self.change($0.quantity)) \($0.instrument)" }.joined(separator: " ")
    var cells = [TextTable.Cell(account.id.text), TextTable.Cell(names)]
    if let before = account.margin[safe: entry]?.state, let after = trade.margin[safe: entry] ?? nil {
      cells += [
        TextTable.Cell(Self.change(after.initial - before.initial)),
        TextTable.Cell(Self.change(after.surplusInitial - before.surplusInitial)),
        TextTable.Cell(TextFigure.money(after.surplusInitial)),
      ]
      if hasTail { cells.append(TextTable.Cell(tailChange(of: trade, account))) }
      cells.append(TextTable.Cell(Self.verdict(before, after)) { Self.paint($0, after, style) })
    } else {
      cells += ["n/a", "n/a", "n/a"].map { TextTable.Cell($0) }
      if hasTail { cells.append(TextTable.Cell(tailChange(of: trade, account))) }
      cells.append(TextTable.Cell("cannot margin it"))
    }
    return cells
  }

  private func tailChange(of trade: Trade, _ account: Account) -> String {
    guard let before = account.tail?.last, let after = trade.tail?.last else { return "n/a" }
    return Self.change(after.valueAtRisk - before.valueAtRisk)
  }

  // MARK: Words

  /// A change with its sign.
  static func change(_ value: Double) -> String {
    let text = TextFigure.money(value)
    return value > 0 && text != "n/a" ? "+" + text : text
  }

  /// A quantity with as many decimals as it needs, up to four.
  static func quantity(_ value: Double) -> String {
    for decimals in 0...4 {
      var scale = 1.0
      for _ in 0..<decimals { scale *= 10 }
      let scaled = value * scale
      if (scaled - scaled.rounded()).magnitude < 1e-6 * max(1, scaled.magnitude * 1e-6) {
        return TextFigure.fixed(value, decimals: decimals)
      }
    }
    return TextFigure.fixed(value, decimals: 4)
  }
}

extension Array {
  /// The element at a place, nil outside.
  subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}

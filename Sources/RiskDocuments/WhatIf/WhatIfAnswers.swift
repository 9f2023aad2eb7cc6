public import MarginModels
public import MarketModel

extension WhatIfReport {
  /// A cure of one account, in words.
  public struct Cure: Sendable {
    public var account: Identifier
    public var cure: MarginCure
    /// One entry a trade of the cure.
    public var legs: [Leg]

    /// A cure with the instruments of its trades.
    public init(account: Identifier, cure: MarginCure, legs: [Leg]) {
      self.account = account
      self.cure = cure
      self.legs = legs
    }
  }

  /// A split of one account between isolated and cross.
  public struct Split: Sendable {
    public var account: Identifier
    public var split: IsolatedSplit

    /// A split and whose it is.
    public init(account: Identifier, split: IsolatedSplit) {
      self.account = account
      self.split = split
    }
  }

  func write(_ entry: Cure, to writer: inout FigureWriter) {
    let cure = entry.cure
    writer.id("account_id", entry.account)
    Self.write(cure.id, to: &writer)
    writer.text("test", cure.test.rawValue)
    writer.figure("target", cure.target)
    writer.text("status", cure.status.rawValue)
    writer.text("method", cure.method?.rawValue)
    writer.figure("surplus", cure.surplus)
    writer.figure("achieved", cure.achieved)
    writer.figure("cost", cure.cost)
    writer.figure("cash", cure.cash)
    writer.list("trades", Array(zip(entry.legs, cure.trades))) {
      $0.id("instrument", $1.0.instrument)
      $0.figure("quantity", $1.0.quantity)
      $0.text("unit", $1.0.unit)
      $0.figure("cost", $1.1.cost)
    }
    writer.list("binding", cure.binding) {
      $0.id("underlying", $1.underlying)
      $0.text("scenario", $1.scenario)
      $0.figure("weight", $1.weight)
    }
    writer.text("reason", cure.reason)
  }

  func write(_ entry: Split, to writer: inout FigureWriter) {
    let split = entry.split
    func write(_ name: String, _ cost: IsolatedSplit.Cost, _ writer: inout FigureWriter) {
      writer.object(name) {
        $0.figure("capital", cost.capital)
        $0.figure("initial", cost.initial)
      }
    }
    writer.id("account_id", entry.account)
    writer.text("isolated_model", split.isolatedModel)
    writer.text("cross_model", split.crossModel)
    writer.text("by", split.objective.rawValue)
    writer.figure("limit", split.limit)
    writer.flag("exact", split.isExact)
    write("best", split.best, &writer)
    write("all_isolated", split.allIsolated, &writer)
    write("all_cross", split.allCross, &writer)
    writer.list("positions", split.positions) {
      $0.id("instrument", $1.instrument)
      $0.figure("quantity", $1.quantity)
      $0.text("mode", $1.isIsolated ? "isolated" : "cross")
      $0.figure("contagion", $1.contagion)
      $0.flag("forced", $1.isForced)
    }
    writer.text("note", split.note)
  }
}

// MARK: Text

extension WhatIfReport {
  func text(of entry: Cure, _ style: TextStyle) -> String {
    let cure = entry.cure
    var text = style.heading("\(entry.account), \(cure.id.model), \(cure.id.mode.rawValue)")
    text += ": \(cure.test.rawValue) surplus \(TextFigure.money(cure.surplus)), wanted "
    text += "\(TextFigure.money(cure.target))"
    if cure.status == .notNeeded { return text + ": nothing to do\n" }
    text += "\n"
    switch cure.status {
    case .notNeeded: return text
    case .refused: return text + style.warning("  No cure: \(cure.reason ?? "").") + "\n"
    case .outOfReach:
      text += style.warning(
        "  Trades alone do not cure it: \(cure.reason ?? ""), \(TextFigure.money(cure.achieved)).")
      return text + " Cash of \(TextFigure.money(cure.cash)) does.\n"
    case .reached: break
    }
    text += "  Cured by cash of \(TextFigure.money(cure.cash)), or by trades that cost "
    text += "\(TextFigure.money(cure.cost)) and leave \(TextFigure.money(cure.achieved))"
    text +=
      cure.method == .greedy
      ? " (greedy search: cheap, not proven cheapest):\n" : " (the cheapest but for whole lots):\n"
    var table = TextTable(leftColumns: 2, indentation: "    ")
    for (leg, trade) in zip(entry.legs, cure.trades) {
      let amount = "\(Self.quantity(trade.quantity.magnitude)) \(leg.unit)"
      table.add(
        [
          trade.quantity < 0 ? "sell" : "buy", leg.instrument.text, amount,
          "cost \(TextFigure.money(trade.cost))",
        ]
        .map { TextTable.Cell($0) })
    }
    text += table.text()
    guard !cure.binding.isEmpty else { return text }
    let names = cure.binding.map { "\($0.underlying) \($0.scenario) (\(TextFigure.percent($0.weight)))" }
    return text + "  Scenarios that bind then: " + names.joined(separator: ", ") + ".\n"
  }

  func text(of entry: Split, _ style: TextStyle) -> String {
    let split = entry.split
    var text = style.heading(
      "\(entry.account), isolated by \(split.isolatedModel) or cross by \(split.crossModel)")
    text +=
      split.limit.map { ", no position in cross to take more than \(TextFigure.money($0)) from the rest" }
      ?? ""
    text += "\n"
    var costs = TextTable()
    costs.add(header: ["", "capital to survive", "initial requirement"], style)
    for (name, cost) in [
      ("cheapest split", split.best), ("all isolated", split.allIsolated), ("all cross", split.allCross),
    ] {
      costs.add(
        [name, TextFigure.money(cost.capital), TextFigure.money(cost.initial)].map { TextTable.Cell($0) })
    }
    text += costs.text()
    var table = TextTable(leftColumns: 2)
    table.add(header: ["position", "hold", "quantity", "may take from the rest"], style)
    for position in split.positions {
      let hold = (position.isIsolated ? "isolated" : "cross") + (position.isForced ? " (limit)" : "")
      table.add(
        [
          position.instrument.text, hold, Self.quantity(position.quantity),
          TextFigure.money(position.contagion),
        ].map { TextTable.Cell($0) })
    }
    text += table.text()
    if !split.isExact { text += "  Too many positions to try every split: found by moving one at a time.\n" }
    return text + (split.note.map { "  Note: \($0).\n" } ?? "")
  }
}

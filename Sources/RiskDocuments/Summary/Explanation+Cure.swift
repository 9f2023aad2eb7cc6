import MarginModels
import MarketModel

extension Explanation {
  /// Puts to each model the trades that would cure it, where it is short.
  public mutating func attach(_ cures: [WhatIfReport.Cure]) {
    for place in models.indices {
      models[place].trades = cures.first {
        $0.cure.id.model == models[place].figure.model && $0.cure.id.mode == models[place].figure.mode
      }
    }
  }

  /// The cure by trades in one sentence and a line each; empty where the model is not short.
  func cureText(of model: Model, _ style: TextStyle) -> String {
    guard let entry = model.trades else { return "" }
    let cure = entry.cure
    guard cure.status == .reached else {
      return
        "  Reducing positions and trading the perpetuals of the book does not pass \(cure.test.rawValue) margin: "
        + "\(TextFigure.money(cure.achieved)) is as far as it goes.\n"
    }
    var text = "  Or by trades to pass \(cure.test.rawValue) margin, for about \(TextFigure.money(cure.cost))"
    text += cure.method == .greedy ? " (greedy search):\n" : " (the cheapest but for whole lots):\n"
    var table = TextTable(leftColumns: 2, indentation: "    ")
    for leg in entry.legs {
      let amount = "\(WhatIfReport.quantity(leg.quantity.magnitude)) \(leg.unit)"
      table.add([leg.quantity < 0 ? "sell" : "buy", leg.instrument.text, amount].map { TextTable.Cell($0) })
    }
    return text + table.text()
  }

  /// The same for a document.
  static func writeTrades(of model: Model, to writer: inout FigureWriter) {
    guard let entry = model.trades else { return writer.text("by_trades", nil) }
    let cure = entry.cure
    writer.object("by_trades") {
      $0.text("test", cure.test.rawValue)
      $0.text("status", cure.status.rawValue)
      $0.text("method", cure.method?.rawValue)
      $0.figure("cost", cure.cost)
      $0.figure("achieved", cure.achieved)
      $0.list("trades", Array(zip(entry.legs, cure.trades))) {
        $0.id("instrument", $1.0.instrument)
        $0.figure("quantity", $1.0.quantity)
        $0.text("unit", $1.0.unit)
        $0.figure("cost", $1.1.cost)
      }
    }
  }
}

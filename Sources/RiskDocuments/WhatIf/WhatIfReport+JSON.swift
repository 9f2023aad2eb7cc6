import MarginModels
import MarketModel
import PortfolioValuation
import StructuredText
import TailRisk

extension WhatIfReport {
  /// The report as one JSON document (`plimsoll.what-if/1`), ended by a line break.
  ///
  /// A figure that does not exist is `null`.
  public func json() -> [UInt8] {
    var writer = FigureWriter(place: [], tracksPlaces: false, capacity: 4_096 + 2_048 * trades.count)
    writer.object {
      $0.text("schema", "plimsoll.what-if/1")
      $0.text("as_of", asOf.text)
      $0.id("base_currency", baseCurrency)
      $0.digits("seed", String(seed))
      $0.digits("paths", paths.map(String.init) ?? "null")
      $0.texts("assumptions", assumptions)
      $0.list("accounts", accounts) { Self.write($1, to: &$0) }
      $0.list("trades", trades) { write($1, to: &$0) }
      $0.list("cures", cures) { write($1, to: &$0) }
      $0.list("splits", splits) { write($1, to: &$0) }
      $0.list("failures", failures) {
        $0.text("path", $1.path)
        $0.text("reason", $1.reason.word)
        $0.text("message", $1.message)
      }
    }
    return writer.json.bytes + [0x0A]
  }

  /// One JSON object a trade and line.
  public func jsonLines() -> [UInt8] {
    var lines: [UInt8] = []
    for trade in trades {
      var writer = FigureWriter(place: [], tracksPlaces: false, capacity: 2_048)
      writer.object { write(trade, to: &$0) }
      lines += writer.json.bytes + [0x0A]
    }
    return lines
  }

  private static func write(_ account: Account, to writer: inout FigureWriter) {
    writer.id("account_id", account.id)
    writer.flag("incomplete", account.isIncomplete)
    writer.figure("equity", account.equity)
    writer.list("margin", account.margin) {
      write($1.id, to: &$0)
      write($1.state, to: &$0)
    }
    writer.list("value_at_risk", account.tail ?? []) { write($1, to: &$0) }
  }

  private func write(_ trade: Trade, to writer: inout FigureWriter) {
    let account = accounts.indices.contains(trade.account) ? accounts[trade.account] : nil
    writer.text("account_id", account?.id.text)
    writer.list("legs", trade.legs) {
      $0.id("instrument", $1.instrument)
      $0.figure("quantity", $1.quantity)
      $0.text("unit", $1.unit)
      $0.figure("price", $1.price)
      $0.figure("cash", $1.cash)
    }
    if let greeks = trade.greeks {
      writer.object("greeks") {
        $0.figure("value", greeks.value)
        ReportWriter.write(greeks, showsUnits: trade.hasOneUnderlying, to: &$0)
      }
    } else {
      writer.text("greeks", nil)
    }
    let entries = Array(zip(account?.margin ?? [], trade.margin).enumerated())
    writer.list("margin", entries) { writer, entry in
      let (before, after) = entry.element
      Self.write(before.id, to: &writer)
      if let after {
        writer.object("after") { Self.write(after, to: &$0) }
        writer.object("change") { Self.write(after - before.state, to: &$0) }
        writer.flag("passes_initial", after.surplusInitial >= 0)
        writer.flag("passes_maintenance", after.surplus >= 0)
      } else {
        for name in ["after", "change", "passes_initial", "passes_maintenance"] { writer.text(name, nil) }
      }
      if trade.largest.indices.contains(entry.offset), let largest = trade.largest[entry.offset] {
        writer.object("largest") { Self.write(largest, to: &$0) }
      } else {
        writer.text("largest", nil)
      }
    }
    writer.list("value_at_risk", Array(zip(account?.tail ?? [], trade.tail ?? []))) {
      Self.write($1.1, to: &$0)
      let (before, after) = $1
      $0.object("change") {
        $0.figure("value_at_risk", after.valueAtRisk - before.valueAtRisk)
        $0.figure("expected_shortfall", after.expectedShortfall - before.expectedShortfall)
      }
    }
    writer.list("stress", trade.stress) {
      $0.id("scenario", $1.scenario)
      $0.figure("profit_and_loss", $1.profitAndLoss)
    }
  }

  static func write(_ id: ModelMode, to writer: inout FigureWriter) {
    writer.text("model", id.model)
    writer.text("mode", id.mode.rawValue)
  }

  static func write(_ state: MarginState, to writer: inout FigureWriter) {
    // Adding 0 turns −0 into 0.
    writer.figure("equity", state.equity + 0)
    writer.figure("initial", state.initial + 0)
    writer.figure("maintenance", state.maintenance + 0)
    writer.figure("surplus", state.surplus + 0)
    writer.figure("surplus_initial", state.surplusInitial + 0)
  }

  private static func write(_ figure: MarginalTail.Figure, to writer: inout FigureWriter) {
    writer.digits("confidence", figure.confidence.decimal)
    writer.figure("horizon_days", figure.horizonDays)
    writer.figure("value_at_risk", figure.valueAtRisk)
    writer.figure("expected_shortfall", figure.expectedShortfall)
  }

  private static func write(_ largest: LargestQuantity, to writer: inout FigureWriter) {
    writer.text("test", largest.test.rawValue)
    writer.figure("lot", largest.lot)
    writer.figure("quantity", largest.quantity)
    writer.flag("unlimited", largest.isUnlimited)
    writer.flag("exact", largest.isExact)
    writer.list("later", largest.later) {
      $0.figure("from", $1.from)
      $0.figure("to", $1.to)
    }
  }
}

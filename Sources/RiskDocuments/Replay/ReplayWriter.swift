import MarginModels
import MarketModel
import PortfolioValuation
import StructuredText

/// Writes a replay as `plimsoll.replay/1`.
public struct ReplayWriter: Sendable {
  private let result: ReplayResult
  private let totals: ReplayTotals

  /// A writer of one replay.
  public init(_ result: ReplayResult) {
    self.result = result
    totals = ReplayTotals(result.accounts)
  }

  /// What the accounts add up to, as the document shows it.
  public var book: ReplayTotals { totals }

  /// The whole document.
  ///
  /// - Parameter withAccounts: false leaves the list of accounts empty: their lines were written already.
  public func document(withAccounts: Bool = true, indentation: Int? = 1) -> [UInt8] {
    var json = JSONWriter(indentation: indentation)
    json.object {
      $0.field("schema", "plimsoll.replay/1")
      provenance(into: &$0)
      $0.list("assumptions", result.assumptions) { $0.string($1) }
      $0.list("steps", Array(result.steps.enumerated())) { step($1.offset, $1.element, into: &$0) }
      $0.list("accounts", withAccounts ? result.accounts : []) { $0.raw(line(of: $1)) }
      $0.object("book", book)
      surfaceGrid(into: &$0)
      if let history = result.history {
        $0.object("history") { Self.write(history, into: &$0) }
      } else {
        $0.nullField("history")
      }
      $0.list("failures", result.failures) { json, failure in
        json.object {
          $0.field("path", failure.path)
          $0.field("reason", failure.reason.word)
          $0.field("message", failure.message)
        }
      }
    }
    json.newline()
    return json.bytes
  }

  /// One object an account, each on a line.
  public var accountLines: [UInt8] {
    result.accounts.flatMap { line(of: $0) + [0x0A] }
  }

  private func provenance(into json: inout JSONWriter) {
    json.object("provenance") {
      $0.field("engine_version", result.engineVersion)
      $0.field("base_currency", result.baseCurrency.text)
      $0.object("models") {
        $0.field("isolated", result.models.isolated)
        $0.field("cross", result.models.cross)
        $0.field("portfolio", result.models.portfolio)
      }
      $0.list("input_digests", result.inputDigests) { json, digest in
        json.object {
          $0.field("name", digest.name)
          $0.field("sha256", digest.sha256)
        }
      }
    }
  }

  private func step(_ number: Int, _ step: ReplayStep, into json: inout JSONWriter) {
    json.object {
      $0.field("step", number)
      $0.field("market", step.name)
      $0.field("as_of", step.asOf.text)
      $0.list("spots", step.spots) { json, spot in
        json.object {
          $0.field("asset", spot.asset.text)
          $0.field("spot", spot.spot)
        }
      }
    }
  }

  private func line(of account: ReplayAccount) -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.field("account_id", account.id.text)
      $0.field("incomplete", account.isIncomplete)
      $0.list("unsupported", account.unsupported) { $0.string($1.text) }
      $0.modes("modes", account.fates) { Self.write($1, into: &$0) }
      $0.list("liquidated_positions", account.liquidated) { json, position in
        json.object {
          $0.field("instrument", position.instrument.text)
          $0.field("step", position.step)
          $0.field("margin", position.margin)
          $0.field("lost", position.lost)
          $0.field("beyond", position.beyond)
        }
      }
      $0.field("kept", account.kept)
      $0.list("steps", Array(account.steps.enumerated())) { Self.write($1.offset, $1.element, into: &$0) }
      if let surface = account.surface {
        $0.modes("surface", surface) { json, nodes in
          json.beginArray()
          for node in nodes { json.number(node) }
          json.endArray()
        }
      } else {
        $0.nullField("surface")
      }
    }
    return json.bytes
  }

  private static func write(_ fate: ReplayFate, into json: inout JSONWriter) {
    json.object {
      $0.field("called", whole: fate.called)
      $0.field("liquidated", whole: fate.liquidated)
      $0.field("capital", fate.capital)
      $0.field("capital_step", fate.capitalStep)
    }
  }

  private static func write(_ number: Int, _ step: ReplayAccountStep, into json: inout JSONWriter) {
    json.object {
      $0.field("step", number)
      $0.field("equity", step.equity)
      write(step.profit, into: &$0)
      for mode in MarginMode.allCases {
        $0.object(mode.rawValue) {
          let standing = step.modes[mode]
          $0.field("equity", standing.equity)
          $0.field("initial", standing.initial)
          $0.field("maintenance", standing.maintenance)
          $0.field("surplus", standing.surplus)
          $0.field("surplus_initial", standing.surplusInitial)
          $0.field("leverage", step.leverage[mode])
          surpluses("predicted", step.predicted?[mode], into: &$0)
        }
      }
      surpluses("worst_position", step.worstAlone, into: &$0)
    }
  }

  private static func surpluses(
    _ name: String, _ standing: PredictedStanding?, into json: inout JSONWriter
  ) {
    guard let standing else { return json.nullField(name) }
    json.object(name) {
      $0.field("surplus", standing.maintenance)
      $0.field("surplus_initial", standing.initial)
    }
  }

  private static func write(_ profit: ReplayProfit?, into json: inout JSONWriter) {
    guard let profit else { return json.nullField("profit_and_loss") }
    json.object("profit_and_loss") {
      $0.field("total", profit.factors.total)
      $0.field("balances", profit.factors.balances)
      $0.field("forward", profit.factors.forward)
      $0.field("volatility", profit.factors.volatility)
      $0.field("time", profit.factors.time)
      $0.field("rates", profit.factors.rates)
      $0.field("by_marks", profit.byMarks)
      $0.field("residual", profit.residual)
      $0.field("marked", profit.markedCount)
      $0.field("unmarked", profit.unmarkedCount)
    }
  }

  private func book(into json: inout JSONWriter) {
    json.field("account_count", result.accounts.count)
    json.field("incomplete_count", result.accounts.count(where: \.isIncomplete))
    json.list("steps", Array(totals.steps.enumerated())) { json, entry in
      let step = entry.element
      json.object {
        $0.field("step", entry.offset)
        $0.field("equity", step.equity)
        Self.write(step.profit, into: &$0)
        $0.field("residual_share", step.residualShare)
        for mode in MarginMode.allCases {
          $0.object(mode.rawValue) {
            $0.field("initial", step.initial[mode])
            $0.field("maintenance", step.maintenance[mode])
            $0.field("called", step.called[mode])
            $0.field("liquidated", step.liquidated[mode])
          }
        }
      }
    }
    json.object("modes") {
      for mode in MarginMode.allCases {
        $0.object(mode.rawValue) {
          let agreement = totals.agreement[mode]
          $0.field("called", totals.called[mode])
          $0.field("liquidated", totals.liquidated[mode])
          $0.field("capital", totals.capital[mode])
          $0.object("agreement") {
            $0.field("count", agreement.count)
            $0.field("called", agreement.called)
            $0.field("liquidated", agreement.liquidated)
            $0.field("called_share", agreement.calledShare)
            $0.field("liquidated_share", agreement.liquidatedShare)
          }
          $0.object("procyclicality") { Self.write(totals.panel(mode), into: &$0) }
        }
      }
    }
    json.field("lost_margin", totals.lostMargin)
    json.field("beyond_margin", totals.beyondMargin)
  }

  private func surfaceGrid(into json: inout JSONWriter) {
    guard let grid = result.grid else { return json.nullField("surface") }
    json.object("surface") {
      $0.list("spots", grid.spots) { $0.number($1) }
      $0.list("volatilities", grid.volatilities) { $0.number($1) }
    }
  }

  private static func write(_ history: ReplayHistory, into json: inout JSONWriter) {
    json.field("volatility", history.volatility)
    json.list("dates", history.days) { json, day in
      json.object {
        $0.field("date", day.date.dateText)
        $0.field("equity", day.equity)
        for mode in MarginMode.allCases {
          $0.object(mode.rawValue) {
            $0.field("initial", day.requirement[mode])
            $0.field("leverage", day.leverage[mode])
          }
        }
      }
    }
    json.modes("book", history.book) { json, panel in
      json.object { write(panel, into: &$0) }
    }
    json.list("accounts", history.accounts) { json, account in
      json.object {
        $0.field("account_id", account.id.text)
        for mode in MarginMode.allCases {
          $0.object(mode.rawValue) { write(account.panels[mode], into: &$0) }
        }
      }
    }
  }

  private static func write(_ panel: ProcyclicalityPanel, into json: inout JSONWriter) {
    json.field("count", panel.count)
    json.field("mean", panel.mean)
    json.field("peak", panel.peak)
    json.field("trough", panel.trough)
    json.field("peak_to_trough", panel.peakToTrough)
    json.list("largest_calls", panel.largestCalls) { json, call in
      json.object {
        $0.field("horizon", call.horizon)
        $0.field("increase", call.increase)
        $0.field("relative", call.relative)
        $0.field("end", whole: call.end)
      }
    }
    json.field("breaches", whole: panel.breaches)
    json.field("breach_rate", panel.breachRate)
  }
}

extension JSONWriter {
  fileprivate mutating func object(_ body: (inout JSONWriter) -> Void) {
    beginObject()
    body(&self)
    endObject()
  }

  fileprivate mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    object(body)
  }

  fileprivate mutating func list<Element>(
    _ name: String, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
  ) {
    key(name)
    beginArray()
    for element in elements { body(&self, element) }
    endArray()
  }

  fileprivate mutating func modes<Value>(
    _ name: String, _ values: ByMode<Value>, _ body: (inout JSONWriter, Value) -> Void
  ) {
    object(name) { json in
      for mode in MarginMode.allCases {
        json.key(mode.rawValue)
        body(&json, values[mode])
      }
    }
  }

  fileprivate mutating func nullField(_ name: String) {
    key(name)
    null()
  }

  fileprivate mutating func field(_ name: String, whole value: Int?) {
    key(name)
    if let value { integer(value) } else { null() }
  }
}

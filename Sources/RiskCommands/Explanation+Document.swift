import Plimsoll
import StructuredText

extension Explanation {
  /// The same as data.
  func document(indentation: Int?) -> [UInt8] {
    var json = JSONWriter(indentation: indentation)
    json.beginObject()
    json.field("account_id", account.id.text)
    json.field("incomplete", account.figures.isIncomplete)
    json.field("equity", account.figures.equity)
    list("models", account.figures.margin?.models ?? [], &json) { json, figure in
      json.field("model", figure.model)
      json.field("mode", figure.mode.rawValue)
      json.field("equity", figure.equity)
      json.field("initial", figure.initial)
      json.field("maintenance", figure.maintenance)
      json.field("surplus", figure.equity - figure.maintenance)
      text("worst_scenario", figure.worstScenario, &json)
      json.field("cash_to_cure", Self.cure(figure))
    }
    list("binding_scenario", legs, &json) { json, leg in
      json.field("underlying", leg.underlying.text)
      json.field("scenario", leg.scenario)
      json.field("instrument", leg.instrument.text)
      json.field("profit_and_loss", leg.profitAndLoss)
    }
    list("nearest_liquidation", dangers, &json) { json, danger in
      json.field("underlying", danger.price.underlying.text)
      json.field("mode", danger.price.mode.rawValue)
      json.field("model", danger.price.model)
      text("position", danger.price.position?.text, &json)
      json.field("spot", danger.spot)
      json.field("spot_root", danger.root)
      json.field("move", danger.move)
    }
    json.endObject()
    json.newline()
    return json.bytes
  }

  private func text(_ name: String, _ value: String?, _ json: inout JSONWriter) {
    json.key(name)
    if let value { json.string(value) } else { json.null() }
  }

  private func list<Element>(
    _ name: String, _ elements: [Element], _ json: inout JSONWriter,
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    json.key(name)
    json.beginArray()
    for element in elements {
      json.beginObject()
      body(&json, element)
      json.endObject()
    }
    json.endArray()
  }
}

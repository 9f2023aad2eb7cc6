public import MarketModel
import OptionPricing
import StructuredText

/// Writes a market as `market.json` has it.
public enum MarketWriter {
  /// The document; read again it is the same market.
  public static func document(_ market: MarketSnapshot) -> [UInt8] {
    var json = JSONWriter(indentation: 1)
    json.beginObject()
    json.field("schema", "plimsoll.market/1")
    json.field("as_of", market.asOf.text)
    json.field("base_currency", market.baseCurrency.text)
    list("assets", market.assets, &json) { asset, json in
      json.field("asset", asset.id.text)
      json.field("spot", asset.spot)
      if asset.isStable { json.field("stable", true) }
    }
    list("rates", market.rates, &json) { curve, json in
      json.field("currency", curve.currency.text)
      list("curve", Array(zip(curve.years, curve.rates)), &json) { node, json in
        json.field("years", node.0)
        json.field("rate", node.1)
      }
    }
    list("forwards", market.forwards, &json) { forward, json in
      json.field("underlying", forward.underlying.text)
      json.field("expiry", forward.expiry.text)
      json.field("price", forward.price)
      if let fixed = forward.fixed { json.field("fixed", fixed) }
    }
    list("dividends", market.dividends, &json) { dividend, json in
      json.field("underlying", dividend.underlying.text)
      json.field("yield", dividend.rate)
      guard !dividend.payments.isEmpty else { return }
      list("payments", dividend.payments, &json) { payment, json in
        json.field("ex_date", payment.exDate.text)
        switch payment.amount {
        case .cash(let cash): json.field("cash", cash)
        case .share(let share): json.field("share", share)
        }
      }
    }
    list("volatility", market.volatility, &json) { slice, json in
      json.field("underlying", slice.underlying.text)
      json.field("expiry", slice.expiry.text)
      switch slice.shape {
      case .quotes(let strikes, let volatilities):
        numbers("strikes", strikes, &json)
        numbers("volatilities", volatilities, &json)
      case .svi(let parameters):
        json.key("svi")
        CalibrationWriter.svi(SVISlice(parameters), &json)
      }
    }
    list("marks", market.marks, &json) { mark, json in
      json.field("instrument", mark.instrument.text)
      json.field("price", mark.price)
      if let funding = mark.fundingRate8h { json.field("funding_rate_8h", funding) }
      if let interest = mark.openInterest { json.field("open_interest", interest) }
    }
    if let correlation = market.correlation { write(correlation, &json) }
    if !market.confidences.isEmpty {
      list("confidence", market.confidences, &json) { confidence, json in
        json.field("asset", confidence.asset.text)
        json.field("confidence", confidence.confidence)
      }
    }
    let depths = market.depths.filter { $0.shape != .unknown }
    if !depths.isEmpty { list("depth", depths, &json, write) }
    json.endObject()
    json.newline()
    return json.bytes
  }

  private static func write(_ depth: MarketDepth, _ json: inout JSONWriter) {
    switch depth.subject {
    case .underlying(let id): json.field("underlying", id.text)
    case .instrument(let id): json.field("instrument", id.text)
    }
    switch depth.shape {
    case .impact(let halfSpread, let impact):
      json.field("half_spread", halfSpread)
      if let impact {
        json.key("impact")
        json.beginObject()
        json.field("form", impact.form.rawValue)
        json.field("coefficient", impact.coefficient)
        json.field("daily_volume", impact.dailyVolume)
        json.endObject()
      }
    case .levels(let bids, let asks):
      if bids == asks {
        levels("levels", bids, &json)
      } else {
        levels("bids", bids, &json)
        levels("asks", asks, &json)
      }
    case .unknown: break
    }
    if let volatility = depth.dailyVolatility { json.field("daily_volatility", volatility) }
    if depth.widening != MarketDepth.Widening.none {
      json.key("widening")
      json.beginObject()
      json.field("spread", depth.widening.spread)
      json.field("depth", depth.widening.depth)
      json.endObject()
    }
    if let spread = depth.optionHalfSpread { json.field("option_half_spread", spread) }
    if let spread = depth.volatilityHalfSpread { json.field("volatility_half_spread", spread) }
  }

  private static func levels(_ name: String, _ levels: [MarketDepth.Level], _ json: inout JSONWriter) {
    list(name, levels, &json) { level, json in
      json.field("distance", level.distance)
      json.field("quantity", level.quantity)
    }
  }

  private static func write(_ correlation: Correlation, _ json: inout JSONWriter) {
    let count = correlation.assets.count
    json.key("correlation")
    json.beginObject()
    json.key("assets")
    json.beginArray()
    for asset in correlation.assets { json.string(asset.text) }
    json.endArray()
    json.key("matrix")
    json.beginArray()
    for row in 0..<count {
      json.beginArray()
      for x in correlation.matrix.dropFirst(row * count).prefix(count) { json.number(x) }
      json.endArray()
    }
    json.endArray()
    numbers("volatilities", correlation.volatilities, &json)
    json.endObject()
  }

  private static func numbers(_ name: String, _ values: [Double], _ json: inout JSONWriter) {
    json.key(name)
    json.beginArray()
    for value in values { json.number(value) }
    json.endArray()
  }

  /// A list of objects.
  private static func list<Element>(
    _ name: String, _ elements: [Element], _ json: inout JSONWriter,
    _ body: (Element, inout JSONWriter) -> Void
  ) {
    json.key(name)
    json.beginArray()
    for element in elements {
      json.beginObject()
      body(element, &json)
      json.endObject()
    }
    json.endArray()
  }
}

internal import StructuredText

/// Writes `market.json` list by list, one quote a line.
struct MarketDocument {
  private let asOf: String
  private var assets: [[UInt8]] = []
  private var rates: [[UInt8]] = []
  private var forwards: [[UInt8]] = []
  private var volatility: [[UInt8]] = []
  private var marks: [[UInt8]] = []
  private var correlation: [UInt8]?

  /// A document with nothing quoted yet; base currency USD.
  init(asOf: String) {
    self.asOf = asOf
  }

  mutating func asset(_ name: String, spot: Double, isStable: Bool = false) {
    assets.append(
      Self.object {
        $0.field("asset", name)
        $0.field("spot", spot)
        if isStable { $0.field("stable", true) }
      })
  }

  mutating func rates(_ currency: String, _ nodes: [(years: Double, rate: Double)]) {
    rates.append(
      Self.object {
        $0.field("currency", currency)
        $0.key("curve")
        $0.beginArray()
        for node in nodes {
          $0.beginObject()
          $0.field("years", node.years)
          $0.field("rate", node.rate)
          $0.endObject()
        }
        $0.endArray()
      })
  }

  mutating func forward(_ underlying: String, _ expiry: String, _ price: Double) {
    forwards.append(
      Self.object {
        $0.field("underlying", underlying)
        $0.field("expiry", expiry)
        $0.field("price", price)
      })
  }

  mutating func quotes(_ underlying: String, _ expiry: String, strikes: [Double], volatilities: [Double]) {
    volatility.append(
      Self.object {
        $0.field("underlying", underlying)
        $0.field("expiry", expiry)
        Self.numbers("strikes", strikes, into: &$0)
        Self.numbers("volatilities", volatilities, into: &$0)
      })
  }

  mutating func smile(_ underlying: String, _ expiry: String, _ smile: DeskSmile) {
    let parameters = [
      ("a", smile.a), ("b", smile.b), ("rho", smile.rho), ("m", smile.m), ("sigma", smile.sigma),
    ]
    volatility.append(
      Self.object {
        $0.field("underlying", underlying)
        $0.field("expiry", expiry)
        $0.key("svi")
        $0.beginObject()
        for (name, value) in parameters { $0.field(name, Ticks.rounded(value, decimals: 8)) }
        $0.endObject()
      })
  }

  mutating func mark(_ instrument: String, _ price: Double, funding: Double? = nil, interest: Double? = nil) {
    marks.append(
      Self.object {
        $0.field("instrument", instrument)
        $0.field("price", price)
        if let funding { $0.field("funding_rate_8h", funding) }
        if let interest { $0.field("open_interest", interest) }
      })
  }

  mutating func correlation(_ assets: [String], _ entry: (Int, Int) -> Double, volatilities: [Double]) {
    correlation = Self.object {
      $0.key("assets")
      $0.beginArray()
      for asset in assets { $0.string(asset) }
      $0.endArray()
      $0.key("matrix")
      $0.beginArray()
      for row in assets.indices {
        $0.beginArray()
        for column in assets.indices { $0.number(entry(row, column)) }
        $0.endArray()
      }
      $0.endArray()
      Self.numbers("volatilities", volatilities, into: &$0)
    }
  }

  /// The whole document.
  var bytes: [UInt8] {
    var writer = JSONWriter(indentation: 2)
    writer.beginObject()
    writer.field("schema", "plimsoll.market/1")
    writer.field("as_of", asOf)
    writer.field("base_currency", "USD")
    let lists = [
      ("assets", assets), ("rates", rates), ("forwards", forwards), ("volatility", volatility),
      ("marks", marks),
    ]
    for (name, rows) in lists where !rows.isEmpty {
      writer.key(name)
      writer.beginArray()
      for row in rows { writer.raw(row) }
      writer.endArray()
    }
    if let correlation {
      writer.key("correlation")
      writer.raw(correlation)
    }
    writer.endObject()
    writer.newline()
    return writer.bytes
  }

  private static func object(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    write(&writer)
    writer.endObject()
    return writer.bytes
  }

  private static func numbers(_ name: String, _ values: [Double], into writer: inout JSONWriter) {
    writer.key(name)
    writer.beginArray()
    for value in values { writer.number(value) }
    writer.endArray()
  }
}

/// Writes a `run.json` that asks for everything.
enum RunDocument {
  /// All measures or some, one day of Monte Carlo at two levels, three margin models and three stresses.
  static func standard(
    seed: Int,
    measures: [String] = ["greeks", "value_at_risk", "stress", "margin", "liquidation"]
  ) -> [UInt8] {
    var writer = JSONWriter(indentation: 2)
    writer.beginObject()
    writer.field("schema", "plimsoll.run/1")
    writer.field("seed", seed)
    list("measures", measures, into: &writer)
    if measures.contains("value_at_risk") { valueAtRisk(into: &writer) }
    writer.key("margin")
    writer.beginObject()
    list("models", ["derive-srm", "derive-pmrm2", "deribit-sm"], into: &writer)
    writer.endObject()
    writer.key("stress")
    writer.beginArray()
    for (name, spot, volatility) in [
      ("crash", -0.2, 0.3), ("rally", 0.2, 0.1), ("volatility-collapse", 0, -0.3),
    ] {
      writer.beginObject()
      writer.field("scenario", name)
      writer.field("spot", spot)
      writer.field("volatility", volatility)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    writer.newline()
    return writer.bytes
  }

  private static func valueAtRisk(into writer: inout JSONWriter) {
    writer.key("value_at_risk")
    writer.beginArray()
    writer.beginObject()
    writer.field("method", "monte_carlo")
    list("confidence", ["0.95", "0.99"], into: &writer)
    writer.field("horizon_days", 1)
    writer.field("paths", 10_000)
    writer.field("distribution", "normal")
    writer.endObject()
    writer.endArray()
  }

  private static func list(_ name: String, _ words: [String], into writer: inout JSONWriter) {
    writer.key(name)
    writer.beginArray()
    for word in words { writer.string(word) }
    writer.endArray()
  }
}

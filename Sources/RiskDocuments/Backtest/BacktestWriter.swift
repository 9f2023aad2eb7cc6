import MarketModel
import StructuredText
import TailRisk

/// Writes a backtest as `plimsoll.backtest/1`.
public struct BacktestWriter: Sendable {
  private let result: BacktestResult

  /// A writer of one backtest.
  public init(_ result: BacktestResult) { self.result = result }

  /// The whole document.
  ///
  /// - Parameter withSeries: false leaves the list of series empty: their lines were written already.
  public func document(withSeries: Bool = true, indentation: Int? = 1) -> [UInt8] {
    var json = JSONWriter(indentation: indentation)
    json.beginObject()
    json.field("schema", "plimsoll.backtest/1")
    json.object("provenance") {
      $0.field("engine_version", result.engineVersion)
      $0.field("base_currency", result.baseCurrency.text)
      $0.key("seed")
      $0.raw(Array(String(result.seed).utf8))
      $0.list("input_digests", result.inputDigests) { json, digest in
        json.beginObject()
        json.field("file", digest.name)
        json.field("sha256", digest.sha256)
        json.endObject()
      }
    }
    json.list("assumptions", result.assumptions) { $0.string($1) }
    json.field("source", result.source.rawValue)
    json.text("book", result.book)
    json.optional("setting", result.setting) { json, setting in
      json.field("window", setting.window)
      json.field("days", setting.days)
      json.field("market", setting.market)
    }
    json.list("series", withSeries ? result.series : []) { $0.raw(Self.line(of: $1)) }
    json.list("failures", result.failures) { json, failure in
      json.beginObject()
      json.field("path", failure.path)
      json.field("reason", failure.reason.word)
      json.field("message", failure.message)
      json.endObject()
    }
    json.endObject()
    json.newline()
    return json.bytes
  }

  /// One object a series, each on a line.
  public var seriesLines: [UInt8] { result.series.flatMap { Self.line(of: $0) + [0x0A] } }

  private static func line(of series: BacktestResult.Series) -> [UInt8] {
    var json = JSONWriter()
    json.beginObject()
    json.text("account_id", series.account?.text)
    json.field("method", series.method)
    json.key("confidence")
    json.raw(Array(series.confidence.decimal.utf8))
    json.field("horizon_days", series.horizonDays)
    json.object("tests") { write(series.statistics, rankNote: series.rankNote, into: &$0) }
    json.list("days", series.days) { json, day in
      json.beginObject()
      json.field("date", day.forecast.date.text)
      json.field("until", day.until.text)
      json.field("value_at_risk", day.forecast.valueAtRisk)
      json.field("expected_shortfall", day.forecast.expectedShortfall)
      json.field("profit_and_loss", day.forecast.profit)
      json.field("basis", day.basis.rawValue)
      json.field("exception", day.forecast.isException)
      json.endObject()
    }
    json.endObject()
    return json.bytes
  }

  private static func write(
    _ tests: BacktestStatistics, rankNote: String?, into json: inout JSONWriter
  ) {
    json.field("count", tests.count)
    json.field("exceptions", tests.exceptions)
    json.field("expected_exceptions", tests.expectedExceptions)
    json.optional("kupiec", tests.kupiec) { json, test in
      ratio(test.likelihoodRatio, test.pValue, test.exactPValue, into: &json)
      json.whole("fewest_accepted", test.fewestAccepted)
      json.whole("most_accepted", test.mostAccepted)
    }
    json.optional("independence", tests.independence) { json, test in
      json.field("n00", test.transitions.n00)
      json.field("n01", test.transitions.n01)
      json.field("n10", test.transitions.n10)
      json.field("n11", test.transitions.n11)
      ratio(test.likelihoodRatio, test.pValue, test.exactPValue, into: &json)
    }
    json.optional("conditional_coverage", tests.conditionalCoverage) { json, test in
      ratio(test.likelihoodRatio, test.pValue, test.exactPValue, into: &json)
    }
    json.optional("traffic_light", tests.trafficLight) { json, light in
      json.field("zone", light.zone.rawValue)
      json.field("cumulative_probability", light.cumulativeProbability)
      json.field("upper_tail_probability", light.upperTailProbability)
      json.field("yellow_from", light.yellowFrom)
      json.field("red_from", light.redFrom)
      json.field("multiplier_1996", light.multiplier1996)
      json.field("multiplier_frtb", light.multiplierFRTB)
    }
    json.optional("acerbi_szekely", tests.expectedShortfall) { json, test in
      json.field("z1", test.z1)
      json.field("z1_p_value", test.z1PValue)
      json.field("z2", test.z2)
      json.field("z2_p_value", test.z2PValue)
      json.field("z3", tests.shortfallRanks?.z3)
      json.field("z3_p_value", tests.shortfallRanks?.pValue)
      json.text("z3_note", rankNote)
      json.field("replicates", test.replicates)
    }
  }

  private static func ratio(
    _ ratio: Double, _ pValue: Double, _ exact: Double, into json: inout JSONWriter
  ) {
    json.field("likelihood_ratio", ratio)
    json.field("p_value", pValue)
    json.field("exact_p_value", exact)
  }
}

extension JSONWriter {
  fileprivate mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
    key(name)
    beginObject()
    body(&self)
    endObject()
  }

  fileprivate mutating func optional<Value>(
    _ name: String, _ value: Value?, _ body: (inout JSONWriter, Value) -> Void
  ) {
    key(name)
    guard let value else { return null() }
    beginObject()
    body(&self, value)
    endObject()
  }

  fileprivate mutating func list<Element>(
    _ name: String, _ elements: [Element], _ body: (inout JSONWriter, Element) -> Void
  ) {
    key(name)
    beginArray()
    for element in elements { body(&self, element) }
    endArray()
  }

  fileprivate mutating func text(_ name: String, _ text: String?) {
    key(name)
    if let text { string(text) } else { null() }
  }

  fileprivate mutating func whole(_ name: String, _ value: Int?) {
    key(name)
    if let value { integer(value) } else { null() }
  }
}

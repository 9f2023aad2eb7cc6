import MarketModel
import OptionPricing
public import PortfolioValuation
import StructuredText

/// Writes fitted surfaces as `plimsoll.calibration/1`, and as a table for people.
public struct CalibrationWriter: Sendable {
  private let result: MarketCalibration

  /// A writer of one calibration.
  public init(_ result: MarketCalibration) { self.result = result }

  /// The whole document.
  ///
  /// - Parameter indentation: blanks a level; nil for one line.
  public func document(indentation: Int? = 1) -> [UInt8] {
    var json = JSONWriter(indentation: indentation)
    json.beginObject()
    json.field("schema", "plimsoll.calibration/1")
    json.field("as_of", result.asOf.text)
    json.field("model", result.model.rawValue)
    list("assumptions", result.assumptions, &json) { $1.string($0) }
    list("underlyings", result.underlyings, &json) { underlying($0, &$1) }
    list("failures", result.failures, &json) { failure, json in
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

  private func list<Element>(
    _ name: String, _ elements: [Element], _ json: inout JSONWriter,
    _ body: (Element, inout JSONWriter) -> Void
  ) {
    json.key(name)
    json.beginArray()
    for element in elements { body(element, &json) }
    json.endArray()
  }

  private func underlying(_ fitted: CalibratedUnderlying, _ json: inout JSONWriter) {
    json.beginObject()
    json.field("underlying", fitted.underlying.text)
    json.field("arbitrage_free", fitted.isFreeOfArbitrage)
    json.key("ssvi")
    if let surface = fitted.surface {
      json.beginObject()
      json.field("rho", surface.rho)
      json.field("eta", surface.eta)
      json.field("gamma", surface.gamma)
      json.endObject()
    } else {
      json.null()
    }
    list("expiries", fitted.expiries, &json) { expiry($0, &$1) }
    json.endObject()
  }

  private func expiry(_ entry: CalibratedExpiry, _ json: inout JSONWriter) {
    let smile = entry.smile
    json.beginObject()
    json.field("expiry", smile.expiry.text)
    json.field("years", smile.years)
    json.field("forward", smile.forward)
    json.field("source", smile.source.rawValue)
    json.field("quotes", smile.quotes.count)
    json.field("left_out", smile.leftOut)
    json.key("parity")
    if let parity = smile.parity {
      json.beginObject()
      json.field("discount", parity.discount)
      json.field("residual", parity.residual)
      json.field("used", parity.used)
      json.field("left_out", parity.leftOut)
      json.endObject()
    } else {
      json.null()
    }
    json.field("theta", entry.theta)
    json.key("svi")
    if let slice = entry.slice { Self.svi(slice, &json) } else { json.null() }
    json.field("at_the_money", entry.slice.flatMap { Self.money($0, smile.years) })
    error(entry, &json)
    butterfly(entry, &json)
    calendar(entry, &json)
    json.endObject()
  }

  static func svi(_ slice: SVISlice, _ json: inout JSONWriter) {
    let p = slice.parameters
    json.beginObject()
    json.field("a", p.a)
    json.field("b", p.b)
    json.field("rho", p.rho)
    json.field("m", p.m)
    json.field("sigma", p.sigma)
    json.endObject()
  }

  private static func money(_ slice: SVISlice, _ years: Double) -> Double? {
    let w = slice.totalVariance(0)
    return w >= 0 && years > 0 ? (w / years).squareRoot() : nil
  }

  private func error(_ entry: CalibratedExpiry, _ json: inout JSONWriter) {
    json.key("fit")
    guard let error = entry.error else { return json.null() }
    json.beginObject()
    json.field("weighted_rms", error.weightedRootMeanSquare)
    json.field("rms", error.rootMeanSquare)
    json.field("largest", error.largest)
    json.field("largest_at", error.largestAt)
    json.field("constrained", entry.isConstrained)
    json.endObject()
  }

  private func butterfly(_ entry: CalibratedExpiry, _ json: inout JSONWriter) {
    json.key("butterfly")
    guard let butterfly = entry.butterfly else { return json.null() }
    json.beginObject()
    json.field("free", butterfly.isFree)
    json.field("least_density", butterfly.leastDensity)
    json.field("log_moneyness", butterfly.logMoneyness)
    json.field("left_slope", butterfly.leftSlope)
    json.field("right_slope", butterfly.rightSlope)
    json.endObject()
  }

  private func calendar(_ entry: CalibratedExpiry, _ json: inout JSONWriter) {
    json.key("calendar")
    guard let calendar = entry.calendar else { return json.null() }
    json.beginObject()
    json.field("free", calendar.isFree)
    json.field("least_difference", calendar.leastDifference)
    json.field("log_moneyness", calendar.logMoneyness)
    list("crossings", calendar.crossings, &json) { $1.number($0) }
    json.field("ordered_wings", calendar.hasOrderedWings)
    json.endObject()
  }

  // MARK: For people

  /// One row an expiry; errors in points of volatility.
  public var table: String {
    let head = [
      "underlying", "expiry", "quotes", "forward", "at the money", "error", "worst", "least g", "arbitrage",
    ]
    let rows = result.underlyings.flatMap { fitted in
      fitted.expiries.map { row(fitted, $0) }
    }
    var text = TextTable(head: head, rows: rows, leftColumns: 2).text()
    for fitted in result.underlyings {
      let verdict = fitted.isFreeOfArbitrage ? "no arbitrage" : "arbitrage"
      let surface = fitted.surface.map { s in
        "; rho \(TextFigure.fixed(s.rho, decimals: 4)), eta \(TextFigure.fixed(s.eta, decimals: 4)), gamma "
          + TextFigure.fixed(s.gamma, decimals: 4)
      }
      text += "\(fitted.underlying.text): \(verdict)\(surface ?? "")\n"
    }
    return text
  }

  private func row(_ fitted: CalibratedUnderlying, _ entry: CalibratedExpiry) -> [String] {
    func points(_ x: Double?) -> String { x.map { TextFigure.fixed($0 * 100, decimals: 2) } ?? "-" }
    var found: [String] = []
    if entry.butterfly?.isFree == false { found.append("butterfly") }
    if entry.calendar?.isFree == false { found.append("calendar") }
    return [
      fitted.underlying.text, entry.smile.expiry.text,
      entry.smile.source == .svi ? "svi" : "\(entry.smile.quotes.count)",
      TextFigure.price(entry.smile.forward),
      points(entry.slice.flatMap { Self.money($0, entry.smile.years) }),
      points(entry.error?.weightedRootMeanSquare), points(entry.error?.largest),
      entry.butterfly.map { TextFigure.fixed($0.leastDensity, decimals: 4) } ?? "-",
      entry.slice == nil ? "-" : found.isEmpty ? "none" : found.joined(separator: ", "),
    ]
  }
}

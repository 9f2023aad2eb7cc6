import Foundation
import Plimsoll
import RiskNumerics
import Testing

/// Capital checked from outside: the market is shocked as the report says, the book read anew with cash a little
/// above and below what the report asks for, and the surplus changes sign.
struct CapitalByHandTests {
  static let books: [(name: String, positions: [String])] = [
    ("short put", ["a,BTC_USDC-27FEB26-55000-P,-1,,,"]),
    ("perpetual with puts", ["a,BTC_USDC-PERPETUAL,2,65020,,", "a,BTC_USDC-27FEB26-55000-P,2,,,"]),
    (
      "conversion",
      [
        "a,BTC_USDC-PERPETUAL,1,65020,,", "a,BTC_USDC-26JUN26-65000-P,1,,,",
        "a,BTC_USDC-26JUN26-65000-C,-1,,,",
      ]
    ),
    ("long call", ["a,BTC_USDC-27FEB26-75000-C,3,,,"]),
  ]

  /// A row of a report and what it asks for.
  struct Demand {
    let model: String
    let mode: String
    let multiplier: Double
    let rule: [String: Any]
    /// The least cash; 0 where the floor of a mode says so.
    let cash: Double
    let isFloored: Bool
    let name: String
  }

  @Test(
    "shocked as the report says, with the cash that it asks for, an account just passes",
    arguments: [0, 1, 2, 3])
  func bisection(place: Int) throws {
    let entry = Self.books[place]
    var book = HandBook()
    book.measures = ["margin"]
    book.runKeys = ", \"compare\": [\"derive\", \"deribit\"]"
    book.positions = entry.positions
    book.balances = ["a,USDC,0"]
    let report = try Self.document(book)
    let account = try #require((report["accounts"] as? [[String: Any]])?.first)
    let margin = try #require(account["margin"] as? [String: Any])
    let comparisons =
      [try #require(margin["comparison"] as? [String: Any])]
      + (try #require(margin["beside"] as? [[String: Any]]))
    #expect(comparisons.compactMap { $0["venue"] as? String } == ["derive", "deribit"])
    var changed = 0
    for comparison in comparisons {
      for demand in try Self.demands(comparison, isAlone: entry.positions.count == 1) {
        // Prices near 10^5 in a dozen terms: roundings of 10^-9; a hundredth of a cent is far above them.
        let epsilon = 1e-4
        let label = "\(entry.name), \(demand.name)"
        #expect(try Self.surplus(book, demand, cash: demand.cash + epsilon) >= 0, "\(label)")
        if demand.isFloored { continue }
        #expect(try Self.surplus(book, demand, cash: demand.cash - epsilon) < 0, "\(label)")
        changed += 1
      }
    }
    #expect(changed >= 12, "only \(changed) changes of sign were seen")
  }

  /// Every fourth row and the worst ones of each mode.
  static func demands(_ comparison: [String: Any], isAlone: Bool) throws -> [Demand] {
    let rows = try #require(comparison["capital_to_survive"] as? [[String: Any]])
    let value = try #require(comparison["value"] as? Double)
    let modes = isAlone ? ["isolated", "cross", "portfolio"] : ["cross", "portfolio"]
    return try modes.flatMap { mode -> [Demand] in
      let side = try #require(comparison[mode] as? [String: Any])
      let model = try #require(side["model"] as? String)
      return try rows.dropLast().enumerated().compactMap { place, row -> Demand? in
        let capital = try #require(row[mode] as? Double)
        let name = try #require(row["scenario"] as? String)
        guard place % 4 == 0 || name == side["worst_scenario"] as? String else { return nil }
        let isFloored = mode != "portfolio" && abs(capital - value) <= 1e-9 * abs(value)
        return Demand(
          model: model, mode: mode, multiplier: try #require(row["spot_multiplier"] as? Double),
          rule: try #require(row["volatility"] as? [String: Any]), cash: capital - value,
          isFloored: isFloored, name: "\(mode) by \(model), \(name)")
      }
    }
  }

  /// The surplus of one model and mode on the shocked market.
  static func surplus(_ book: HandBook, _ demand: Demand, cash: Double) throws -> Double {
    var shocked = book
    shocked.move = demand.multiplier
    shocked.rule = try rule(demand.rule)
    shocked.balances = ["a,USDC,\(cash)"]
    shocked.runKeys = ", \"margin\": {\"models\": [\"\(demand.model)\"]}"
    let figures = try shocked.engine().account(0)?.account.figures.margin?.models ?? []
    return try #require(figures.first { $0.mode.rawValue == demand.mode }).surplus
  }

  static func document(_ book: HandBook) throws -> [String: Any] {
    let report = try #require(try book.engine().report(inputDigests: []) { _ in true })
    let json = try JSONSerialization.jsonObject(with: Data(report.document))
    return try #require(json as? [String: Any])
  }

  /// The rule of a row, worked out as the schema of the report describes it.
  static func rule(_ volatility: [String: Any]) throws -> @Sendable (Double, Double, Double) -> Double {
    let parameters = try #require(volatility["parameters"] as? [String: Double])
    func number(_ name: String) throws -> Double { try #require(parameters[name]) }
    switch volatility["rule"] as? String {
    case "none":
      return { volatility, _, _ in volatility }
    case "relative":
      let move = try number("move")
      return { volatility, _, _ in volatility * (1 + move) }
    case "power_law":
      let (range, minimum) = (try number("range"), try number("minimum"))
      let powers = (try number("short_term_power"), try number("long_term_power"))
      let floor = try number("floor_days")
      return { volatility, seconds, _ in
        let days = max(seconds / 86_400, floor)
        let growth = Elementary.power(30 / days, seconds <= 30 * 86_400 ? powers.0 : powers.1)
        return max(volatility * max(0, 1 + range * growth), minimum)
      }
    case let name?:
      let isAbsolute = name == "absolute_skew"
      let (base, slope) = (try number("base_cap"), try number("slope"))
      let (least, scale) = (try number("minimum_width"), try number("width_scale"))
      let (still, growing) = (try number("volatility_static"), try number("volatility_scale"))
      return { volatility, seconds, moneyness in
        let root = (seconds / 31_536_000).squareRoot()
        let cap = base + slope * root
        let width = max(least, root * scale * (still + growing * root))
        let k = isAbsolute ? abs(moneyness) : moneyness
        let bend = k >= 0 ? min(k * cap / width, cap) : max(k * cap / width, -cap)
        return volatility * max(0, 1 + bend)
      }
    case nil:
      throw Missing()
    }
  }

  struct Missing: Error {}
}

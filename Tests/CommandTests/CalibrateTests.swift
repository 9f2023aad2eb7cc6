import Foundation
import Testing

@Suite("Surfaces fitted to a book's market")
struct CalibrateTests {
  /// A market of one coin: quotes of a slice at one expiry, a given slice at the next.
  private func market(_ volatility: String, marks: String = "") -> String {
    """
    {"schema": "plimsoll.market/1", "as_of": "2026-02-05T08:00:00Z", "base_currency": "USD",
     "assets": [{"asset": "BTC", "spot": 65000}],
     "forwards": [{"underlying": "BTC", "expiry": "2026-03-27T08:00:00Z", "price": 65500}],
     "volatility": [\(volatility)], "marks": [\(marks)]}
    """
  }

  private let quotes = """
    {"underlying": "BTC", "expiry": "2026-03-27T08:00:00Z",
     "strikes": [40000, 45000, 50000, 55000, 60000, 65000, 70000, 75000, 80000, 90000],
     "volatilities": [0.82, 0.74, 0.67, 0.615, 0.575, 0.55, 0.54, 0.542, 0.55, 0.58]}
    """

  private func stage(_ market: String) throws -> Stage {
    let stage = try Stage()
    try FileManager.default.createDirectory(
      atPath: stage.folder + "/book", withIntermediateDirectories: true)
    try stage.write(market, "book/market.json")
    try stage.write("account_id,instrument,quantity\na,BTC-27MAR26-60000-C,1\n", "book/positions.csv")
    try stage.write("account_id,asset,quantity\na,USD,100000\n", "book/balances.csv")
    return stage
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("a row of quotes that reading set aside is among the failures")
  func setAside() throws {
    let wrong = """
      {"underlying": "BTC", "expiry": "2026-06-26T08:00:00Z", "strikes": [90000, 80000], "volatilities": [0.6, 0.5]}
      """
    let outcome = try stage(market("\(quotes), \(wrong)")).run(
      "calibrate", "@/book", "--format", "json", "--quiet")
    #expect(outcome.status == 2)
    let failures = try #require(try object(outcome.out)["failures"] as? [[String: Any]])
    #expect(failures.contains { ($0["path"] as? String)?.hasPrefix("market.json#/volatility/1") ?? false })
  }

  @Test("quotes become slices, errors and a verdict, and the fitted market runs", arguments: ["svi", "ssvi"])
  func fits(model: String) throws {
    let stage = try stage(market(quotes))
    let outcome = stage.run(
      "calibrate", "@/book", "--model", model, "--format", "json", "--out", "@/fitted.json", "--quiet")
    #expect(outcome.status == 0 && outcome.err.isEmpty)
    let document = try object(outcome.out)
    #expect(document["schema"] as? String == "plimsoll.calibration/1")
    let underlying = try #require((document["underlyings"] as? [[String: Any]])?.first)
    #expect(underlying["arbitrage_free"] as? Bool == true)
    let expiry = try #require((underlying["expiries"] as? [[String: Any]])?.first)
    let fit = try #require(expiry["fit"] as? [String: Any])
    #expect(try #require(fit["weighted_rms"] as? Double) < 0.02)
    #expect(expiry["quotes"] as? Int == 10 && expiry["forward"] as? Double == 65_500)
    let fitted = try String(contentsOfFile: stage.folder + "/fitted.json", encoding: .utf8)
    #expect(fitted.contains("\"svi\""))
    try stage.write(fitted, "book/market.json")
    let run = stage.run("margin", "@/book", "--format", "json", "--quiet")
    #expect(run.status == 0 && run.err.isEmpty)
    // A market of slices has nothing left to fit, and keeps its verdict.
    let again = try object(stage.run("calibrate", "@/book", "--format", "json").out)
    #expect(((again["underlyings"] as? [[String: Any]])?.first)?["arbitrage_free"] as? Bool == true)
  }

  @Test("marks give a smile where the market has no row for the expiry")
  func marks() throws {
    // Coin prices of Black-76 at a flat 0.6: what is left is rounding to six digits.
    let strikes = [50_000, 55_000, 60_000, 65_000, 70_000, 75_000, 80_000]
    let head = "id,option_type,strike,years_to_expiry,volatility,rate,forward\n"
    let years = 50.0 / 365
    let stage = try Stage()
    let rows = strikes.map { "x,\($0 < 65_500 ? "put" : "call"),\($0),\(years),0.6,0,65500\n" }
    try stage.write(head + rows.joined(), "options.csv")
    let prices = stage.run("greeks", "@/options.csv").out.split(separator: "\n").dropFirst()
      .compactMap { Double($0.split(separator: ",")[1]) }
    let marks = zip(strikes, prices).map { strike, price in
      "{\"instrument\": \"BTC-27MAR26-\(strike)-\(strike < 65_500 ? "P" : "C")\", \"price\": \(price / 65_500)}"
    }
    let book = try self.stage(market("", marks: marks.joined(separator: ",")))
    let outcome = book.run("calibrate", "@/book", "--format", "json", "--quiet")
    #expect(outcome.status == 0)
    let document = try object(outcome.out)
    let underlying = try #require((document["underlyings"] as? [[String: Any]])?.first)
    let expiry = try #require((underlying["expiries"] as? [[String: Any]])?.first)
    #expect(expiry["source"] as? String == "marks" && expiry["quotes"] as? Int == 7)
    #expect(abs(try #require(expiry["at_the_money"] as? Double) - 0.6) < 1e-3)
  }

  @Test("too few quotes are a failure by name, status 2; --strict stops; the table has a row an expiry")
  func few() throws {
    let row = """
      {"underlying": "BTC", "expiry": "2026-03-27T08:00:00Z", "strikes": [60000, 65000], "volatilities": [0.6, 0.5]}
      """
    let stage = try stage(market(row))
    let outcome = stage.run("calibrate", "@/book", "--format", "table")
    #expect(outcome.status == 2)
    #expect(outcome.err.contains("found 2 quotes, expected 5 or more"))
    #expect(outcome.out.hasPrefix("underlying") && outcome.out.contains("2026-03-27T08:00:00Z"))
    #expect(stage.run("calibrate", "@/book", "--strict").status == 65)
    #expect(stage.run("calibrate", "@/book", "--model", "sabr").status == 64)
  }
}

import Plimsoll
import RiskNumerics

/// A book written out by hand, whose market can be moved as a whole.
struct HandBook: Sendable {
  var asOf = "2026-02-05T08:00:00Z"
  var bitcoin = 65_010.5
  var usdc = 1.0
  /// Multiplies the spot of BTC, its forwards and its marks, as a move of the market does.
  var move = 1.0
  /// Multiplies every volatility quote.
  var volatilityMove = 1.0
  var positions: [String] = []
  var balances: [String] = []
  var paths = 2_000
  var measures = ["greeks", "value_at_risk", "stress", "margin", "liquidation"]
  /// Further keys of market.json, each with a comma before it.
  var marketKeys = ""
  /// Further keys of run.json, each with a comma before it.
  var runKeys = ""
  /// What becomes of a quote: volatility, seconds to expiry, ln(strike / forward).
  var rule: @Sendable (Double, Double, Double) -> Double = { volatility, _, _ in volatility }

  static let positionHeader = "account_id,instrument,quantity,entry_price,margin_mode,isolated_margin"

  /// Reads the book through the same door as a file.
  func engine(threads: Int = 2) throws -> Engine {
    let reading = try BookReader.readWithPlan(
      .directory([
        .init(name: "market.json", bytes: Array(market.utf8)),
        .init(name: "positions.csv", bytes: table(Self.positionHeader, positions)),
        .init(name: "balances.csv", bytes: table("account_id,asset,quantity", balances)),
        .init(name: "run.json", bytes: Array(run.utf8)),
      ]), rules: ReadingRules())
    return try Engine(book: reading.book, plan: reading.plan, threads: threads)
  }

  private func table(_ header: String, _ rows: [String]) -> [UInt8] {
    Array(([header] + rows).map { $0 + "\n" }.joined().utf8)
  }

  private var run: String {
    """
    {"schema": "plimsoll.run/1", "seed": 7,
     "measures": [\(measures.map { "\"\($0)\"" }.joined(separator: ", "))],
     "value_at_risk": [{"method": "monte_carlo", "confidence": ["0.99"], "horizon_days": 1,
                        "paths": \(paths), "distribution": "normal"}]\(runKeys)}
    """
  }

  private var market: String {
    let near = 65_200.0 * move
    let far = 66_000.0 * move
    let strikes = [45_000.0, 55_000, 65_000, 75_000, 90_000]
    // Strikes and forwards as they are before the move: a rule bends the smile that is there.
    func quotes(_ seconds: Double, forward: Double) -> String {
      zip(strikes, [0.72, 0.64, 0.58, 0.56, 0.57]).map { strike, volatility in
        String(rule(volatility * volatilityMove, seconds, Elementary.log(strike / forward)))
      }.joined(separator: ", ")
    }
    return """
      {"schema": "plimsoll.market/1", "as_of": "\(asOf)", "base_currency": "USD",
       "assets": [{"asset": "BTC", "spot": \(bitcoin * move)},
                  {"asset": "USDC", "spot": \(usdc), "stable": true}],
       "forwards": [{"underlying": "BTC", "expiry": "2026-02-27T08:00:00Z", "price": \(near)},
                    {"underlying": "BTC", "expiry": "2026-06-26T08:00:00Z", "price": \(far)}],
       "volatility": [
         {"underlying": "BTC", "expiry": "2026-02-27T08:00:00Z",
          "strikes": [45000, 55000, 65000, 75000, 90000],
          "volatilities": [\(quotes(22 * 86_400, forward: 65_200))]},
         {"underlying": "BTC", "expiry": "2026-06-26T08:00:00Z",
          "strikes": [45000, 55000, 65000, 75000, 90000],
          "volatilities": [\(quotes(141 * 86_400, forward: 66_000))]}],
       "marks": [{"instrument": "BTC-PERPETUAL", "price": \(65_015.0 * move)},
                 {"instrument": "BTC_USDC-PERPETUAL", "price": \(65_020.0 * move)},
                 {"instrument": "BTC-27FEB26", "price": \(near)},
                 {"instrument": "BTC_USDC-27FEB26", "price": \(near)}],
       "correlation": {"assets": ["BTC"], "matrix": [[1]], "volatilities": [0.62]}\(marketKeys)}
      """
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Gate options: the proof that a venue is a model file, its description, a test and a line of the table.
@Suite struct GateOptionsTests {
  /// The worth of one contract is set by an option far enough from its strike to have no time value.
  static func net(strike: Double, isCall: Bool, quantity: Double) throws -> NetMargin {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 115_000)
    market.add(
      optionOn: coin, seconds: 86_400, strike: strike, isCall: isCall, volatility: 1e-9, forward: 115_000,
      quantity: quantity)
    let model = try ModelCatalogue.prepare(
      "gate-options", context: market.context, states: [.today], team: ThreadTeam(threadCount: 1))
    return model.netMargin(of: market.sets(in: market.context)[coin], state: 0)
  }

  /// U = 115,000, as on the help page.
  ///
  /// Call 116,000: OTM 1,000, worthless: max(11,500, 17,250 − 1,000) = 16,250; kept 8,625.
  /// Call 105,000: worth 10,000: 17,250 + 10,000; kept 18,625.
  /// Put 112,000: OTM 3,000, worthless: max(11,500, 14,250); kept 8,625.
  /// Put 190,000: worth 75,000: max(0.1·190,000, 17,250) + 75,000 = 94,000; kept 0.075·190,000 + 75,000 = 89,250.
  @Test("short calls and puts by hand, and longs that need nothing")
  func byHand() throws {
    for (strike, isCall, initial, maintenance) in [
      (116_000.0, true, 16_250.0, 8_625.0), (105_000, true, 27_250, 18_625), (112_000, false, 14_250, 8_625),
      (190_000, false, 94_000, 89_250),
    ] {
      let short = try Self.net(strike: strike, isCall: isCall, quantity: -2)
      #expect(abs(short.initial + 2 * initial) <= 1e-6)
      #expect(abs(short.maintenance + 2 * maintenance) <= 1e-6)
      let long = try Self.net(strike: strike, isCall: isCall, quantity: 2)
      #expect(long == NetMargin(initial: 0, maintenance: 0))
    }
  }
}

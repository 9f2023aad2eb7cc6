import Plimsoll

/// A covered call on one bitcoin, priced by a program that knows nothing but the library's front door.
@main
enum LibraryDoor {
  static func main() throws {
    let bitcoin = try identifier("BTC")
    let call = try InstrumentName.parse(try identifier("BTC-27MAR26-100000-C"))
    guard let asOf = Instant(rfc3339: "2026-01-30T08:30:00Z"), let expiry = call.expiry else {
      throw Refused()
    }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: try identifier("USD"), assets: [Asset(id: bitcoin, spot: 84_250.5)],
      volatility: [
        VolatilitySlice(
          underlying: bitcoin, expiry: expiry, shape: .quotes(strikes: [100_000], volatilities: [0.48]))
      ],
      correlation: Correlation(assets: [bitcoin], matrix: [1], volatilities: [0.46]))
    let book = Book(
      market: market, instruments: [call], accounts: [try identifier("alice")],
      positions: [Position(account: 0, instrument: 0, quantity: -1)],
      balances: [Balance(account: 0, asset: bitcoin, quantity: 1)])
    let engine = try Engine(book: book, plan: RunPlan(seed: 7), threads: 2)
    // A covered call is worth less than the coin and gains less than the coin when it rises.
    guard let (alice, failures) = engine.account(0), failures.isEmpty,
      alice.figures.equity > 0, alice.figures.equity < 84_250.5,
      let delta = alice.figures.greeks?.total.delta, delta > 0, delta < 1,
      let risk = alice.figures.valueAtRisk?.first?.valueAtRisk, risk > 0
    else { throw Refused() }
    print("The library door is open: equity \(alice.figures.equity), delta \(delta), value at risk \(risk)")
  }

  static func identifier(_ text: String) throws -> Identifier {
    guard let identifier = Identifier(text) else { throw Refused() }
    return identifier
  }

  struct Refused: Error {}
}

import Foundation
import MarketModel
import OptionPricing
import TestSupport
import Testing

/// Published or recomputed cases of the topics that are built; each case names its own tolerance.
@Suite struct PublishedCaseTests {
  private typealias Object = [String: Any]

  private func cases(_ topic: String) -> [Object] {
    guard let data = SharedFolder.read("reference/pricing_cases.json"),
      let document = try? JSONSerialization.jsonObject(with: data) as? Object
    else { return [] }
    return (document["cases"] as? [Object] ?? []).filter { $0["topic"] as? String == topic }
  }

  private func number(_ object: Object, _ key: String) -> Double { object[key] as? Double ?? .nan }

  private func check(_ entry: Object, _ figures: [String: Double]) {
    let tolerance = entry["tolerance"] as? Object ?? [:]
    for (name, value) in entry["expected"] as? Object ?? [:] {
      guard let expected = value as? Double, let figure = figures[name] else { continue }
      let scale = tolerance["kind"] as? String == "rel" ? abs(expected) : 1
      #expect(abs(figure - expected) <= number(tolerance, "value") * scale, "\(entry["id"] ?? "") \(name)")
    }
  }

  private func greeks(_ inputs: Object) throws -> OptionGreeks {
    try BlackScholes.greeks(
      type: inputs["type"] as? String == "call" ? .call : .put, spot: number(inputs, "S"),
      strike: number(inputs, "K"), timeToExpiry: number(inputs, "T"), volatility: number(inputs, "sigma"),
      rate: number(inputs, "r"), dividendYield: number(inputs, "q"))
  }

  @Test("European values, Greeks and edges", arguments: ["european", "european_greeks", "european_edge"])
  func european(topic: String) throws {
    for entry in cases(topic) {
      let greeks = try greeks(entry["inputs"] as? Object ?? [:])
      let named = zip(OptionGreeks.columnNames, greeks.columns).map { ($0, $1 ?? .nan) }
      check(entry, Dictionary(uniqueKeysWithValues: named))
    }
  }

  @Test("coin-settled options")
  func coin() throws {
    for entry in cases("inverse_option") {
      let inputs = entry["inputs"] as? Object ?? [:]
      let spot = number(inputs, "S")
      let greeks = try greeks(inputs)
      let coin = try CoinGreeks(of: greeks, spot: spot, strike: number(inputs, "K"))
      check(
        entry,
        [
          "price_coin": greeks.price / spot, "price_usd": greeks.price, "delta_usd": greeks.delta,
          "gamma_usd": greeks.gamma, "net_transaction_delta": coin.delta,
          "dprice_coin_dS": coin.delta / spot, "d2price_coin_dS2": coin.gamma / (spot * spot),
        ])
    }
  }

  @Test("implied volatilities of Black-76")
  func implied() throws {
    for entry in cases("implied_vol") where entry["model"] as? String == "black76" {
      let inputs = entry["inputs"] as? Object ?? [:]
      let found = try ImpliedVolatility.black76(
        type: inputs["type"] as? String == "call" ? .call : .put, price: number(inputs, "price"),
        forward: number(inputs, "F"), strike: number(inputs, "K"), timeToExpiry: number(inputs, "T"),
        rate: number(inputs, "r"))
      check(entry, ["sigma": found.volatility ?? .nan])
    }
  }
}

import Foundation
import MarketModel
import OptionPricing
import TestSupport
import Testing

/// Cases computed with 110 digits by mpmath; `cond` is the condition number of each figure.
@Suite struct ReferenceTests {
  private func cases(_ key: String) -> [[String: Any]]? {
    SharedFolder.readGzip("reference/greeks_mpmath.json.gz")
      .flatMap { try? JSONSerialization.jsonObject(with: $0) as? [String: Any] }?[key] as? [[String: Any]]
  }

  private func number(_ value: Any?) -> Double {
    if let value = value as? Double { return value }
    if let text = value as? String { return Double(text == "Infinity" ? "inf" : text) ?? .nan }
    return .nan
  }

  private func greeks(_ entry: [String: Any]) throws -> OptionGreeks {
    let type: OptionType = entry["type"] as? String == "call" ? .call : .put
    let (k, t, r, v) = (
      number(entry["K"]), number(entry["T"]), number(entry["r"]), number(entry["sigma"])
    )
    if entry["model"] as? String == "bsm" {
      return try BlackScholes.greeks(
        type: type, spot: number(entry["S"]), strike: k, timeToExpiry: t, volatility: v, rate: r,
        dividendYield: number(entry["q"]))
    }
    return try Black76.greeks(
      type: type, forward: number(entry["F"]), strike: k, timeToExpiry: t, volatility: v, rate: r)
  }

  @Test("every figure lies within 8 units of 2^-53 times its condition number")
  func greeksReference() throws {
    guard let cases = cases("greeks") else { return }
    var worst: [String: (Double, String)] = [:]
    for entry in cases {
      let reference = entry["greeks"] as? [String: Any] ?? [:]
      let condition = entry["cond"] as? [String: Any] ?? [:]
      let figures = try greeks(entry)
      for (name, figure) in zip(OptionGreeks.columnNames, figures.columns) {
        guard let figure, reference[name] != nil else { continue }
        let error = abs(figure - number(reference[name])) - 2.3e-308
        let multiple = error / (0x1p-53 * number(condition[name]))
        if multiple > worst[name]?.0 ?? 0 { worst[name] = (multiple, entry["id"] as? String ?? "") }
      }
    }
    for name in OptionGreeks.columnNames {
      let (multiple, id) = worst[name] ?? (0, "")
      print("worst \(name): \(multiple) x 2^-53 cond at \(id)")
      // The bar that a plain double code reaches on this file, from its own description.
      #expect(multiple <= 8, "\(name) at \(id)")
    }
  }

  @Test("implied volatilities lie within 4 units of 2^-53 times one plus their condition number")
  func impliedReference() throws {
    guard let cases = cases("implied_vol") else { return }
    var worst = (0.0, "")
    for entry in cases {
      let found = try implied(entry)
      #expect(found.status == .ok, "\(entry["id"] ?? "")")
      let error = abs((found.volatility ?? 0) / number(entry["sigma_of_price"]) - 1)
      let multiple = error / (0x1p-53 * (1 + number(entry["cond"])))
      if multiple > 4 {
        print("\(entry["id"] ?? "") \(multiple) x \(entry["x"] ?? "") s \(entry["s"] ?? "")")
      }
      if multiple > worst.0 { worst = (multiple, entry["id"] as? String ?? "") }
    }
    print("worst implied volatility: \(worst)")
    #expect(worst.0 <= 4, "\(worst.1)")
  }

  @Test("prices at and beyond the bounds end in their typed outcome")
  func impliedBoundary() {
    guard let cases = cases("implied_vol_boundary") else { return }
    for entry in cases {
      let expected = entry["expected"] as? String ?? ""
      let outcome = (try? implied(entry))?.status.rawValue ?? "invalid_input"
      #expect(outcome == expected, "\(entry["id"] ?? "")")
    }
  }

  private func implied(_ entry: [String: Any]) throws -> ImpliedVolatility {
    let type: OptionType = entry["type"] as? String == "call" ? .call : .put
    let (price, k, t, r) = (
      number(entry["price"]), number(entry["K"]), number(entry["T"]), number(entry["r"])
    )
    if entry["model"] as? String == "bsm" {
      return try ImpliedVolatility.blackScholes(
        type: type, price: price, spot: number(entry["S"]), strike: k, timeToExpiry: t, rate: r,
        dividendYield: number(entry["q"]))
    }
    return try ImpliedVolatility.black76(
      type: type, price: price, forward: number(entry["F"]), strike: k, timeToExpiry: t, rate: r)
  }
}

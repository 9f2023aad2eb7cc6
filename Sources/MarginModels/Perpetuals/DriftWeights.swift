/// How Drift v2 weighs assets, liabilities and positions by their size.
///
/// Source: drift-labs/protocol-v2, margin and liquidation mathematics (size premium, size discount, scaled weight).
package enum DriftWeights {
  /// The weight of a liability or the margin ratio of a position of some size: max(w, 0.8·w + f·√size).
  ///
  /// - Parameters:
  ///   - size: units of the asset, ≥ 0.
  ///   - factor: f, the venue's imf; 0 leaves the weight as it is.
  package static func liability(_ weight: Double, size: Double, factor: Double) -> Double {
    max(weight, 0.8 * weight + factor * max(size, 0).squareRoot())
  }

  /// The weight of a deposit of some size: min(w, 1.1/(1 + f·√size)).
  package static func asset(_ weight: Double, size: Double, factor: Double) -> Double {
    factor == 0 ? weight : min(weight, 1.1 / (1 + factor * max(size, 0).squareRoot()))
  }

  /// An initial weight scaled down where the venue's deposits of the asset exceed a value: w·min(1, start/value).
  ///
  /// - Parameters:
  ///   - start: value at which scaling begins, USD; 0 for never.
  ///   - value: deposits × price, USD.
  package static func scaled(_ weight: Double, start: Double, value: Double) -> Double {
    start > 0 && value > start ? weight * start / value : weight
  }

  /// Units of a perpetual that cover a margin shortage when closed: shortage/(P·(Pq·(m − f)) − P·g).
  ///
  /// - Parameters:
  ///   - shortage: USD.
  ///   - ratio: m, the margin ratio that closing a unit frees.
  ///   - price: P, quote asset; `quotePrice`: Pq, USD per unit of the quote asset.
  ///   - liquidatorFee: f; `insuranceFee`: g.
  /// - Returns: nil where closing frees nothing.
  package static func unitsToCover(
    shortage: Double, ratio: Double, price: Double, quotePrice: Double = 1, liquidatorFee: Double = 0,
    insuranceFee: Double = 0
  ) -> Double? {
    let freed = price * (quotePrice * (ratio - liquidatorFee)) - price * insuranceFee
    return freed > 0 ? shortage / freed : nil
  }
}

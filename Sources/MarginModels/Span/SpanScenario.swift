/// The sixteen scenarios of a SPAN risk array: a move of the price by thirds of its scan range, and one of the
/// volatility by its scan range.
///
/// The last two move the price by a multiple of the range with the volatility unchanged, and count a part of the
/// loss. Source: CME Group, "SPAN Methodology", risk scenarios; McMillan, "Options as a Strategic Investment", the
/// chapter on futures options.
package enum SpanScenario {
  package static let count = 16

  /// Move of the price in scan ranges; that of the two extreme scenarios before their multiple.
  package static let priceFractions: [Double] = [
    0, 0, 1.0 / 3, 1.0 / 3, -1.0 / 3, -1.0 / 3, 2.0 / 3, 2.0 / 3, -2.0 / 3, -2.0 / 3, 1, 1, -1, -1, 1, -1,
  ]

  /// Move of the volatility in scan ranges.
  package static let volatilityFractions: [Double] = [
    1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 0, 0,
  ]

  package static let names = [
    "0 vol+", "0 vol-", "+1/3 vol+", "+1/3 vol-", "-1/3 vol+", "-1/3 vol-", "+2/3 vol+", "+2/3 vol-",
    "-2/3 vol+", "-2/3 vol-", "+1 vol+", "+1 vol-", "-1 vol+", "-1 vol-", "+extreme", "-extreme",
  ]

  /// The scenario of the same price and the other volatility; an extreme one is its own pair.
  package static func pair(of scenario: Int) -> Int { scenario >= 14 ? scenario : scenario ^ 1 }

  /// Pairs of scenarios by increasing price, without the extreme ones: 0 stands for −1, 3 for no move, 6 for +1.
  static let pricePoints: [Int] = [12, 8, 4, 0, 2, 6, 10]

  /// Delta of one contract from its array: the slope of its gain at each of the seven prices, the mean over both
  /// volatilities, weighted by the chance of that price.
  ///
  /// Slopes are central differences of the array, one-sided at its ends, so that a contract whose gain is linear has
  /// its exact delta. A clearing house weighs model deltas after the look-ahead time; files carry its result.
  /// - Parameters:
  ///   - losses: of one long contract, gains negative.
  ///   - priceScanRange: move of the price at one range, in the unit that the delta is to be per; > 0.
  ///   - weights: of the prices at distances of 0, 1/3, 2/3 and 1 range, each for both sides.
  package static func compositeDelta(
    losses: [Double], priceScanRange: Double, weights: [Double]
  ) -> Double {
    guard losses.count >= count, weights.count == 4, priceScanRange > 0 else { return 0 }
    let gains = pricePoints.map { -(losses[$0] + losses[$0 + 1]) / 2 }
    var sum = 0.0
    var mass = 0.0
    for point in gains.indices {
      let (low, high) = (max(0, point - 1), min(gains.count - 1, point + 1))
      let slope = (gains[high] - gains[low]) / (Double(high - low) / 3 * priceScanRange)
      let weight = weights[abs(point - 3)]
      sum += weight * slope
      mass += weight
    }
    return mass > 0 ? sum / mass : 0
  }
}

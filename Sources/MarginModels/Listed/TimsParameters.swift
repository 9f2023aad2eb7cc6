import MarketModel

/// Every number of customer portfolio margin (FINRA rule 4210(g), valuations by OCC's TIMS).
package struct TimsParameters: Hashable, Sendable {
  /// A range of moves of the underlying; down < 0 < up.
  package struct Range: Hashable, Sendable {
    package var down: Double
    package var up: Double
  }

  package var equity = Range(down: -0.15, up: 0.15)
  package var narrowIndex = Range(down: -0.15, up: 0.15)
  package var broadIndex = Range(down: -0.10, up: 0.10)
  package var highCapIndex = Range(down: -0.08, up: 0.06)
  /// Points on either side of today's price, equally spaced.
  package var pointsPerSide = 5
  /// Least requirement of a contract, per unit of its multiplier.
  package var minimumPerUnit = 0.375

  package init() {}

  /// The range of an underlying: that of its class, widened by the factor of a leveraged fund.
  func range(of terms: SecurityTerms) -> Range {
    let range =
      switch terms.securityClass {
      case .highCapIndex: highCapIndex
      case .broadIndex: broadIndex
      case .narrowIndex: narrowIndex
      case .equity, .none: equity
      }
    return Range(down: max(-0.99, range.down * terms.leverage), up: range.up * terms.leverage)
  }

  /// The moves of spot as multipliers, the greatest fall first.
  func multipliers(of terms: SecurityTerms) -> [Double] {
    let range = range(of: terms)
    let steps = max(1, pointsPerSide)
    return (1...steps).reversed().map { 1 + range.down * Double($0) / Double(steps) }
      + (1...steps).map { 1 + range.up * Double($0) / Double(steps) }
  }

  /// `-6.4%` and the like.
  static func name(of multiplier: Double) -> String {
    let move = Int(exactly: ((multiplier - 1) * 10_000).rounded()) ?? 0
    let fraction = move.magnitude % 100
    let digits =
      fraction == 0
      ? "" : fraction % 10 == 0 ? ".\(fraction / 10)" : ".\(fraction < 10 ? "0" : "")\(fraction)"
    return "\(move < 0 ? "-" : "+")\(move.magnitude / 100)\(digits)%"
  }
}

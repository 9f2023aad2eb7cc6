/// Maintenance margin by brackets of notional: each rate is owed on the part of the notional inside its bracket.
///
/// With lower bounds b₀ = 0 < b₁ < … and rates r₀ ≤ r₁ ≤ …, the requirement of a notional N in bracket n is
/// N·rₙ − cₙ with the deductions c₀ = 0, cₙ = cₙ₋₁ + bₙ·(rₙ − rₙ₋₁): continuous, convex, piecewise linear.
///
/// Source: maintenance amounts of Binance futures; the same recursion is printed by Bybit ("maintenance margin
/// deduction") and Hyperliquid ("margin tiers").
package struct TieredMaintenance: Hashable, Sendable {
  /// One bracket, from its lower bound to the next one's.
  package struct Bracket: Hashable, Sendable {
    /// Notional; 0 in the first bracket.
    package let lower: Double
    /// Fraction of the notional.
    package let rate: Double
    /// Notional; ≥ 0.
    package let deduction: Double

    /// A bracket whose deduction is known, as a venue prints it.
    package init(lower: Double, rate: Double, deduction: Double) {
      self.lower = lower
      self.rate = rate
      self.deduction = deduction
    }
  }

  /// By lower bound; never empty.
  package let brackets: [Bracket]

  /// Brackets from their lower bounds and rates; the deductions are rebuilt, never read.
  ///
  /// - Returns: nil unless the bounds begin with 0 and increase, and the rates lie in 0...1 and do not fall.
  package init?(lowerBounds: [Double], rates: [Double]) {
    guard let first = lowerBounds.first, first == 0, lowerBounds.count == rates.count else { return nil }
    var brackets: [Bracket] = []
    var deduction = 0.0
    for (lower, rate) in zip(lowerBounds, rates) {
      guard rate >= 0, rate <= 1, lower.isFinite else { return nil }
      if let last = brackets.last {
        guard lower > last.lower, rate >= last.rate else { return nil }
        deduction += lower * (rate - last.rate)
      }
      brackets.append(Bracket(lower: lower, rate: rate, deduction: deduction))
    }
    self.brackets = brackets
  }

  /// The place of the bracket of a notional ≥ 0; a bound belongs to the bracket above it, where both agree.
  package func place(of notional: Double) -> Int {
    var place = 0
    while place + 1 < brackets.count, notional >= brackets[place + 1].lower { place += 1 }
    return place
  }

  /// The requirement of a notional ≥ 0, in its unit.
  ///
  /// - Complexity: O(brackets).
  package func requirement(of notional: Double) -> Double {
    let bracket = brackets[place(of: notional)]
    return max(0, notional * bracket.rate - bracket.deduction)
  }

  /// Where a bracket ends; infinite for the last.
  func upperBound(of place: Int) -> Double {
    place + 1 < brackets.count ? brackets[place + 1].lower : .infinity
  }
}

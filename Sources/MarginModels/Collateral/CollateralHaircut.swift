package import MarketModel
import RiskNumerics

/// The formulas of collateral, one by one: fractions of a value, each 0 to 1 unless it says otherwise.
package enum CollateralHaircut {
  /// What the price of an asset can lose while it is under way: z₉₉ × σ × √t.
  ///
  /// z₉₉ = 2.3263…, the 99 % quantile of the standard normal law: a driftless log price falls further with
  /// probability 1 %, to first order in σ√t.
  ///
  /// - Parameters:
  ///   - volatility: σ, annual, ≥ 0.
  ///   - seconds: t, ≥ 0; a year has 365 days.
  package static func latency(volatility: Double, seconds: Double) -> Double {
    let years = max(seconds, 0) / Instant.secondsPerYear
    return min(max(Elementary.normalQuantile(0.99) * volatility * years.squareRoot(), 0), 1)
  }

  /// (1 − confidence) × factor where confidence is under the threshold, else 0.
  ///
  /// Source: oracle contingency of the Derive managers, per unit of value.
  package static func confidence(_ confidence: Double, _ penalty: CollateralPlan.OraclePenalty) -> Double {
    guard confidence < penalty.threshold else { return 0 }
    return min(max((1 - confidence) * penalty.factor, 0), 1)
  }

  /// What an asset loses in the move of the underlyings that the book loses in: (β × move × sign of the book's delta)⁺.
  ///
  /// A book that is long loses as its underlyings fall, and an asset with β > 0 falls with them; a book that is short
  /// loses as they rise, and only an asset with β < 0 falls.
  ///
  /// - Parameters:
  ///   - beta: relative move of the asset for one of the underlyings.
  ///   - move: of the underlyings, ≥ 0.
  ///   - delta: what the positions gain for a relative move of all underlyings; only its sign counts.
  package static func wrongWay(beta: Double, move: Double, delta: Double) -> Double {
    let direction = delta > 0 ? 1.0 : delta < 0 ? -1 : 0
    return min(max(beta * move * direction, 0), 1)
  }

  /// The part of a stable asset's value that is gone once it trades at `price`: (1 − price / spot)⁺.
  ///
  /// - Parameters:
  ///   - price: base currency per unit, ≥ 0.
  ///   - spot: base currency per unit, > 0.
  package static func depeg(price: Double, spot: Double) -> Double {
    guard spot > 0 else { return 0 }
    return min(max(1 - price / spot, 0), 1)
  }

  /// Interest on a debt by the end of a horizon: owed × rate × days / 365, base currency.
  package static func borrowInterest(owed: Double, rate: Double, days: Double) -> Double {
    max(owed, 0) * max(rate, 0) * max(days, 0) / 365
  }

  /// What the size of a holding takes off, base currency: ∫₀ᵛ min(h(x), most) dx.
  ///
  /// h(x) is the larger haircut of the two lists at x: piecewise constant, so that the sum is piecewise linear in the
  /// value, and no unit that is added ever takes more than itself.
  ///
  /// - Parameters:
  ///   - value: v ≥ 0, base currency.
  ///   - total: of the account's collateral, base currency; thresholds by share are parts of it.
  ///   - most: what other haircuts leave of a unit.
  package static func concentration(
    of value: Double, total: Double, _ rule: CollateralPlan.Concentration, most: Double
  ) -> Double {
    let share = rule.byShare.map { (from: $0.above * total, haircut: $0.haircut) }
    let size = rule.byValue.map { (from: $0.above, haircut: $0.haircut) }
    func haircut(_ steps: [(from: Double, haircut: Double)], from: Double) -> Double {
      steps.last { $0.from <= from }?.haircut ?? 0
    }
    let starts = ([0] + (share + size).map(\.from)).filter { $0 < value }.sorted()
    var taken = 0.0
    for (place, start) in starts.enumerated() {
      let end = place + 1 < starts.count ? starts[place + 1] : value
      let rate = max(haircut(share, from: start), haircut(size, from: start))
      taken += (end - start) * min(max(rate, 0), most)
    }
    return taken
  }
}

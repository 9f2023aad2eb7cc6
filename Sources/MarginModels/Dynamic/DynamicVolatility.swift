public import MarketModel

/// Volatilities of one series of daily returns and the factors that they make of a requirement: pure functions.
///
/// Source: EMIR technical standards 153/2013, article 28 (the three tools); Murphy, Vasios and Vause (2014), Bank of
/// England FSP 29; RiskMetrics (1996); Bollerslev (1986) with the variance targeting of Engle and Mezrich (1996).
public enum DynamicVolatility {
  /// Returns over which the filter's first variance is taken.
  static let seedCount = 30
  /// Returns of ten years.
  static func floorSteps(stepsPerYear: Double) -> Int {
    Int(exactly: min(max(10 * stepsPerYear, 1), 1e6).rounded()) ?? 3_650
  }

  /// Daily volatility before each return, and after the last: one entry more than there are returns.
  ///
  /// - Parameter returns: of log prices, oldest first, about a mean of zero.
  /// - Complexity: O(returns).
  public static func filtered(_ returns: [Double], plan: DynamicMarginPlan) -> [Double] {
    guard !returns.isEmpty else { return [] }
    let longRun = meanSquare(returns[...])
    let weights =
      plan.volatility == .ewma
      ? (constant: 0.0, square: 1 - plan.decay, variance: plan.decay)
      : (constant: (1 - plan.alpha - plan.beta) * longRun, square: plan.alpha, variance: plan.beta)
    var variance = plan.volatility == .ewma ? meanSquare(returns.prefix(seedCount)) : longRun
    var found = [variance.squareRoot()]
    for value in returns {
      variance = weights.constant + weights.square * value * value + weights.variance * variance
      found.append(variance.squareRoot())
    }
    return found
  }

  /// The largest volatility of any window of so many returns; that of all of them where there are fewer.
  public static func stressed(_ returns: [Double], days: Int) -> Double {
    let count = min(max(days, 1), returns.count)
    guard count > 0 else { return 0 }
    var largest = 0.0
    for start in 0...(returns.count - count) {
      largest = max(largest, meanSquare(returns[start..<(start + count)]))
    }
    return largest.squareRoot()
  }

  /// Unweighted volatility of the returns before each place, of ten years at most; 0 before the first.
  public static func tenYear(_ returns: [Double], stepsPerYear: Double = 365) -> [Double] {
    let floorDays = floorSteps(stepsPerYear: stepsPerYear)
    var found = [0.0]
    var sum = 0.0
    for place in returns.indices {
      sum += returns[place] * returns[place]
      if place >= floorDays { sum -= returns[place - floorDays] * returns[place - floorDays] }
      found.append((max(0, sum) / Double(min(place + 1, floorDays))).squareRoot())
    }
    return found
  }

  /// The factor of a requirement before each return and after the last, buffer left out: σ with its stressed weight,
  /// no less than the ten-year floor, over the reference, between floor and cap.
  ///
  /// - Parameter stepsPerYear: how many returns a year has, which the reference volatility is spread over.
  public static func factors(
    _ returns: [Double], plan: DynamicMarginPlan, stepsPerYear: Double = 365
  ) -> [Double] {
    let sigma = filtered(returns, plan: plan)
    let reference =
      plan.reference.map { $0 / stepsPerYear.squareRoot() } ?? meanSquare(returns[...]).squareRoot()
    guard reference > 0 else { return [Double](repeating: 1, count: sigma.count) }
    let stress = plan.stressedWeight > 0 ? stressed(returns, days: plan.stressedDays) : 0
    let floors = plan.hasTenYearFloor ? tenYear(returns, stepsPerYear: stepsPerYear) : []
    return sigma.enumerated().map { place, value in
      var used = (1 - plan.stressedWeight) * value + plan.stressedWeight * stress
      if plan.hasTenYearFloor { used = max(used, floors[place]) }
      return min(max(used / reference, plan.floor), plan.cap)
    }
  }

  /// A margin with a buffer that is drawn: it stays where it was while the requirement comes up to it, and never leaves
  /// the band between the requirement and the requirement with its buffer.
  ///
  /// M₀ = (1 + b)m₀, Mₜ = min(max(Mₜ₋₁, mₜ), (1 + b)mₜ).
  public static func buffered(_ requirement: [Double], buffer: Double) -> [Double] {
    guard buffer > 0, let first = requirement.first else { return requirement }
    var margin = (1 + buffer) * first
    return requirement.map { value in
      margin = min(max(margin, value), (1 + buffer) * value)
      return margin
    }
  }

  static func meanSquare(_ returns: ArraySlice<Double>) -> Double {
    returns.isEmpty ? 0 : returns.reduce(0) { $0 + $1 * $1 } / Double(returns.count)
  }
}

import RiskNumerics

/// How a requirement moves over a history: what anti-procyclicality rules look at.
///
/// Source of the measures: Murphy, Vasios and Vause (2014), "An investigation into the procyclicality of
/// risk-based initial margin models", Bank of England FSP 29; and SWP 597 (2016).
public struct ProcyclicalityPanel: Hashable, Sendable {
  /// The largest increase over some observations: what an account had to find in that time.
  public struct Call: Hashable, Sendable {
    /// Observations from the one to the other; days where the history is daily.
    public let horizon: Int
    /// Base currency, ≥ 0; 0 where the requirement never rose over that many observations.
    public let increase: Double
    /// The increase over the requirement before it; nil where that was 0 or nothing rose.
    public let relative: Double?
    /// Place of the observation after the increase; nil where nothing rose.
    public let end: Int?
  }

  /// Observations.
  public let count: Int
  /// Base currency, ≥ 0; 0 without observations.
  public let mean: Double
  public let peak: Double
  public let trough: Double
  /// Peak over trough, ≥ 1; nil where the trough is 0.
  public let peakToTrough: Double?
  /// One entry a horizon, in the order asked for; horizons longer than the history are left out.
  public let largestCalls: [Call]
  /// Observations after which the loss to the next one exceeded the requirement; nil where no losses are known.
  public let breaches: Int?
  /// Breaches over observations that have a next one; nil without such.
  public let breachRate: Double?
}

/// Measures of a requirement series: pure functions, without market or model.
public enum Procyclicality {
  /// Observations over which calls are looked at: a day, a week and a month of trading.
  public static let horizons = [1, 5, 20]

  /// The panel of one series.
  ///
  /// - Parameters:
  ///   - requirement: base currency, in order of time; entries that are not finite count as 0.
  ///   - values: what the positions were worth at each observation; losses between neighbours are held against the
  ///     requirement before them. Empty where losses are not wanted; of the same count otherwise.
  ///   - horizons: each ≥ 1.
  /// - Complexity: O(observations × horizons).
  public static func panel(
    requirement: [Double], values: [Double] = [], horizons: [Int] = Procyclicality.horizons
  ) -> ProcyclicalityPanel {
    let series = requirement.map { $0.isFinite ? $0 : 0 }
    var sum = ExactSum()
    for value in series { sum.add(value) }
    let peak = series.max() ?? 0
    let trough = series.min() ?? 0
    var breaches: Int?
    if values.count == series.count, series.count > 1 {
      breaches = series.indices.dropLast().count { values[$0] - values[$0 + 1] > series[$0] }
    }
    return ProcyclicalityPanel(
      count: series.count, mean: series.isEmpty ? 0 : sum.value / Double(series.count), peak: peak,
      trough: trough, peakToTrough: trough > 0 ? peak / trough : nil,
      largestCalls: horizons.filter { $0 >= 1 && $0 < series.count }.map { largestCall(series, $0) },
      breaches: breaches, breachRate: breaches.map { Double($0) / Double(series.count - 1) })
  }

  private static func largestCall(_ series: [Double], _ horizon: Int) -> ProcyclicalityPanel.Call {
    var best = 0.0
    var end: Int?
    for place in horizon..<series.count where series[place] - series[place - horizon] > best {
      best = series[place] - series[place - horizon]
      end = place
    }
    let before = end.map { series[$0 - horizon] } ?? 0
    return ProcyclicalityPanel.Call(
      horizon: horizon, increase: best, relative: before > 0 ? best / before : nil, end: end)
  }

  /// The leverage that a requirement permits: exposure over requirement, observation by observation.
  ///
  /// - Returns: as many entries as both series have; nil where nothing is required.
  public static func leverage(exposure: [Double], requirement: [Double]) -> [Double?] {
    zip(exposure, requirement).map { $1 > 0 && ($0 / $1).isFinite ? $0 / $1 : nil }
  }

  /// Annual volatilities of a price series by exponential weights: σ²(t) = λσ²(t−1) + (1 − λ)r²(t).
  ///
  /// The first value is the plain standard deviation of the first `seedCount` returns around zero, so that the
  /// series begins settled. Source: RiskMetrics (1996), section 5.3; λ = 0.97 as in margin practice.
  /// - Parameters:
  ///   - prices: > 0, evenly spaced.
  ///   - perYear: observations a year.
  /// - Returns: one entry a price; empty for fewer than two prices or a price that is not positive.
  public static func weightedVolatility(
    prices: [Double], decay: Double = 0.97, perYear: Double = 365, seedCount: Int = 30
  ) -> [Double] {
    guard prices.count > 1, prices.allSatisfy({ $0 > 0 && $0.isFinite }) else { return [] }
    let squares = prices.indices.dropFirst().map { place in
      let move = Elementary.log(prices[place] / prices[place - 1])
      return move * move
    }
    let seeds = squares.prefix(max(1, seedCount))
    var variance = seeds.reduce(0, +) / Double(seeds.count)
    var found = [(variance * perYear).squareRoot()]
    for square in squares {
      variance = decay * variance + (1 - decay) * square
      found.append((variance * perYear).squareRoot())
    }
    return found
  }
}

public import MarketModel
import RiskNumerics

/// What was foreseen for one day, and what came.
public struct BacktestDay: Hashable, Sendable {
  /// When the forecast was made.
  public var date: Instant
  /// Losses positive, base currency.
  public var valueAtRisk: Double
  public var expectedShortfall: Double
  /// Profit and loss over the horizon, signed.
  public var profit: Double
  /// A loss above the value at risk; a loss equal to it is none.
  public var isException: Bool { -profit > valueAtRisk }

  /// A day from its forecast and its outcome.
  public init(date: Instant, valueAtRisk: Double, expectedShortfall: Double, profit: Double) {
    self.date = date
    self.valueAtRisk = valueAtRisk
    self.expectedShortfall = expectedShortfall
    self.profit = profit
  }
}

/// Every test of one series of forecasts.
///
/// Without days there are none; independence and conditional coverage need two days, the tests of expected shortfall
/// an expected shortfall above 0 on every day. With no exception, or nothing but exceptions, the ratio of independence
/// is 0 and its p-value 1.
public struct BacktestStatistics: Hashable, Sendable {
  /// Days.
  public let count: Int
  public let exceptions: Int
  /// Exceptions to be expected: count · (1 − level).
  public let expectedExceptions: Double
  public let kupiec: KupiecTest?
  public let independence: IndependenceTest?
  public let conditionalCoverage: ConditionalCoverageTest?
  public let trafficLight: TrafficLight?
  public let expectedShortfall: AcerbiSzekelyTest?
  /// nil where the forecasts were numbers without a distribution.
  public let shortfallRanks: AcerbiSzekelyRankTest?

  /// The tests of a series at a level.
  ///
  /// - Parameters:
  ///   - days: in order of time.
  ///   - ranks: of the outcomes in the distributions that were foreseen; nil where there were none.
  ///   - seed: of the simulated p-values.
  /// - Complexity: O(days²) at most, for conditional coverage at levels near 1/2; some milliseconds at 99 %.
  public init(
    _ days: [BacktestDay], level: ConfidenceLevel, ranks: ShortfallRanks? = nil, seed: UInt64
  ) {
    let probability = level.exceedance
    let flags = days.map(\.isException)
    count = days.count
    exceptions = flags.count(where: { $0 })
    expectedExceptions = Double(days.count) * probability
    independence = IndependenceTest(flags)
    expectedShortfall = AcerbiSzekelyTest(days, probability: probability, seed: seed)
    shortfallRanks = ranks.flatMap { AcerbiSzekelyRankTest($0, seed: seed) }
    guard let law = BinomialLaw(count: days.count, probability: probability) else {
      (kupiec, conditionalCoverage, trafficLight) = (nil, nil, nil)
      return
    }
    kupiec = KupiecTest(exceptions: exceptions, probability: probability, law: law)
    conditionalCoverage = ConditionalCoverageTest(flags, probability: probability, law: law)
    trafficLight = TrafficLight(exceptions: exceptions, level: level, law: law)
  }
}

extension ConfidenceLevel {
  /// 1 − level, rounded once.
  public var exceedance: Double { Double(denominator - numerator) / Double(denominator) }
}

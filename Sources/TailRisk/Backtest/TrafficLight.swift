public import MarketModel
public import RiskNumerics

/// The supervisors' zones of a number of exceptions, for any number of days and any level.
///
/// Yellow begins at the first count whose cumulative probability P(X ≤ x) reaches 95 %, red at the first that reaches
/// 99.99 %: for 250 days at 99 % from 5 and from 10. Source: Basel Committee (1996), "Supervisory framework for the
/// use of backtesting", tables 1 and 2; the multiplier of 1.5 and its add-ons, MAR32.9.
public struct TrafficLight: Hashable, Sendable {
  /// A zone.
  public enum Zone: String, Sendable, CaseIterable {
    case green
    case yellow
    case red
  }

  public let zone: Zone
  /// P(X ≤ exceptions).
  public let cumulativeProbability: Double
  /// P(X ≥ exceptions): the p-value of too many.
  public let upperTailProbability: Double
  /// First count in the yellow zone; `law.count` + 1 where none is.
  public let yellowFrom: Int
  /// First count in the red zone; `law.count` + 1 where none is.
  public let redFrom: Int
  /// 3 and its add-on (1996); nil but for 250 days at 99 %.
  public let multiplier1996: Double?
  /// 1.5 and its add-on (MAR32.9); nil but for 250 days at 99 %.
  public let multiplierFRTB: Double?

  /// The zone of `exceptions` in `law.count` days.
  ///
  /// - Returns: nil without days, or for a count that the law does not have.
  /// - Complexity: O(days).
  public init?(exceptions: Int, level: ConfidenceLevel, law: BinomialLaw) {
    guard law.count > 0, (0...law.count).contains(exceptions) else { return nil }
    yellowFrom = Self.first(reaching: 0.95, law)
    redFrom = Self.first(reaching: 0.9999, law)
    zone = exceptions >= redFrom ? .red : exceptions >= yellowFrom ? .yellow : .green
    cumulativeProbability = law.cumulative(exceptions)
    upperTailProbability = law.upperTail(exceptions)
    let isClassic = law.count == 250 && level.numerator == 99 && level.denominator == 100
    let place = min(exceptions, Self.addOns1996.count - 1)
    multiplier1996 = isClassic ? 3 + Self.addOns1996[place] : nil
    multiplierFRTB = isClassic ? 1.5 + Self.addOnsFRTB[place] : nil
  }

  private static let addOns1996 = [0, 0, 0, 0, 0, 0.4, 0.5, 0.65, 0.75, 0.85, 1]
  private static let addOnsFRTB = [0, 0, 0, 0, 0, 0.2, 0.26, 0.33, 0.38, 0.42, 0.5]

  /// No exception is always green, and that all days are exceptions, which is certain to be no fewer, counts by its
  /// own probability: both matter for a handful of days alone.
  private static func first(reaching bound: Double, _ law: BinomialLaw) -> Int {
    var sum = 0.0
    for (count, mass) in law.masses.enumerated().dropLast() {
      sum += mass
      if count > 0, sum >= bound { return count }
    }
    return (law.masses.last ?? 1) <= 1 - bound ? law.count : law.count + 1
  }
}

import RiskNumerics

/// The first two tests of expected shortfall, with p-values by simulation.
///
/// With profits X, exceptions I = [X + VaR < 0] and α = 1 − level: Z₁ = 1 + Σ(X·I/ES)/N over the N exceptions and
/// Z₂ = 1 + Σ(X·I/ES)/(Tα). Both are 0 on average under a right forecast and negative where risk is understated; for
/// α = 2.5 % and 250 days Z₂ has its 5 % point near −0.70 and its 0.01 % point near −1.8, whatever the tail. Source:
/// Acerbi and Szekely (2014), "Back-testing expected shortfall", equations 4 and 6.
///
/// A p-value needs the law of the losses beyond the value at risk; a forecast of VaR and ES fixes its mean alone. It
/// is taken to be exponential: loss = VaR + (ES − VaR)·E on an exceptional day, with exceptions independent of
/// probability α. The third test needs the whole forecast distribution of every day: `AcerbiSzekelyRankTest`.
public struct AcerbiSzekelyTest: Hashable, Sendable {
  /// nil without exceptions.
  public let z1: Double?
  /// P(Z₁ ≤ z1) among simulated samples with an exception; nil without exceptions.
  public let z1PValue: Double?
  public let z2: Double
  /// P(Z₂ ≤ z2) among simulated samples.
  public let z2PValue: Double
  /// Simulated samples.
  public let replicates: Int

  /// Samples behind a p-value: its standard error at 5 % is 0.002.
  public static let standardReplicates = 10_000

  /// The tests of a sample.
  ///
  /// - Parameters:
  ///   - forecasts: one a day, in order.
  ///   - probability: of an exception, 1 − level.
  ///   - seed: of the simulation.
  /// - Returns: nil without days, or where a forecast of expected shortfall is not above 0 or below its value at risk.
  /// - Complexity: O(days + replicates · (1 + days · probability)).
  public init?(
    _ forecasts: [BacktestDay], probability: Double, seed: UInt64, replicates: Int = standardReplicates
  ) {
    guard !forecasts.isEmpty, replicates > 0, probability > 0, probability < 1,
      forecasts.allSatisfy({
        $0.expectedShortfall > 0 && $0.expectedShortfall >= $0.valueAtRisk && $0.profit.isFinite
          && $0.expectedShortfall.isFinite && $0.valueAtRisk.isFinite
      })
    else { return nil }
    let exceptions = forecasts.filter(\.isException)
    let sum = exceptions.reduce(0) { $0 - $1.profit / $1.expectedShortfall }
    let expected = Double(forecasts.count) * probability
    let z1 = exceptions.isEmpty ? nil : 1 - sum / Double(exceptions.count)
    let z2 = 1 - sum / expected
    let draws = ShortfallDraws(
      floors: forecasts.map { $0.valueAtRisk / $0.expectedShortfall }, probability: probability, seed: seed)
    var (below1, counted, below2) = (0, 0, 0)
    for replicate in 0..<replicates {
      let (count, sum) = draws.sample(replicate)
      if 1 - sum / expected <= z2 { below2 += 1 }
      guard count > 0 else { continue }
      counted += 1
      if let z1, 1 - sum / Double(count) <= z1 { below1 += 1 }
    }
    self.z1 = z1
    self.z2 = z2
    // The sample itself counts among the equally likely ones: no p-value is 0.
    z1PValue = z1.map { _ in Double(below1 + 1) / Double(counted + 1) }
    z2PValue = Double(below2 + 1) / Double(replicates + 1)
    self.replicates = replicates
  }
}

/// Samples under a right forecast: the exceptional days alone are drawn, from geometric gaps.
private struct ShortfallDraws {
  /// VaR/ES, one a day.
  let floors: [Double]
  let seed: UInt64
  private let logOther: Double

  init(floors: [Double], probability: Double, seed: UInt64) {
    self.floors = floors
    self.seed = seed
    logOther = Elementary.logOnePlus(-probability)
  }

  /// Number of exceptions and the sum of their losses over expected shortfall.
  ///
  /// Draws are by (seed, replicate, number of the exception): 64 bits each for the gap and for the excess.
  func sample(_ replicate: Int) -> (count: Int, sum: Double) {
    var count = 0
    var sum = 0.0
    var day = -1
    while true {
      let words = RandomStream.philox(
        counter: (
          UInt32(truncatingIfNeeded: replicate), UInt32(truncatingIfNeeded: count), 0xAC5E_0002, 0
        ), key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
      let gap = (Elementary.log(Self.uniform(words.0, words.1)) / logOther).rounded(.down)
      guard gap < Double(floors.count), let skipped = Int(exactly: gap) else { return (count, sum) }
      day += 1 + skipped
      guard day < floors.count else { return (count, sum) }
      let excess = -Elementary.log(Self.uniform(words.2, words.3))
      sum += floors[day] + (1 - floors[day]) * excess
      count += 1
    }
  }

  /// In (0, 1): the upper 52 bits n as (n + ½)/2⁵².
  private static func uniform(_ low: UInt32, _ high: UInt32) -> Double {
    let bits = (UInt64(high) << 32 | UInt64(low)) >> 12
    return (Double(bits) + 0.5) * 0x1p-52
  }
}

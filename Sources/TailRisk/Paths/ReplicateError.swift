import MarketModel
import RiskNumerics

/// What independent replicates of equal size say of the error of one level's figures over all paths together.
///
/// The value at risk v is the quantile of the mean of the replicates' distribution functions F_r. Their spread at v gives
/// the standard error s of the level, and the interval are the losses at the levels c ± t·s, with t the 97.5 % point of
/// Student's law of R − 1 degrees, and one rank more on each side, since s is 0 where all replicates agree. Quantiles of
/// the replicates themselves are no guide: each is a rank of a small sample, with a bias of that rank's rounding which
/// no number of replicates lessens. The expected shortfall is taken as the mean of the replicates' v + E(L − v)⁺/(1 − c),
/// whose slope in v is zero (Rockafellar and Uryasev 2000).
struct ReplicateError: Sendable {
  let standardError: Double
  let expectedShortfallStandardError: Double
  let interval: ValueAtRiskFigure.Interval
  /// Variance of plain sampling at this level over that of the replicates; nil where they do not differ.
  let varianceRatio: Double?

  /// - Parameters:
  ///   - losses: of all paths, replicate after replicate.
  ///   - value: the value at risk at the level.
  ///   - largest: losses in falling order, as many as any interval may reach; see `depth`.
  init(
    _ losses: Span<Double>, replicates: Int, level: TailLevel, value: Double, largest: [Double]
  ) {
    let n = losses.count
    let points = n / max(1, replicates)
    let tail = level.mass / Double(n)
    var shares: [Double] = []
    var excesses: [Double] = []
    for replicate in 0..<replicates {
      var beyond = 0
      var excess = 0.0
      for path in replicate * points..<(replicate + 1) * points where losses[path] > value {
        beyond += 1
        excess += losses[path] - value
      }
      shares.append(Double(beyond) / Double(points))
      excesses.append(excess / Double(points) / tail)
    }
    let error = Self.errorOfMean(shares)
    expectedShortfallStandardError = Self.errorOfMean(excesses)
    let student = Self.student(replicates)
    let ranks = (student * error * Double(n)).rounded(.up) + 1
    let reach = Int(exactly: ranks) ?? n
    let lower = max(1, level.rank - reach)
    let upper = min(n, level.rank + reach)
    func loss(_ rank: Int) -> Double { largest.isEmpty ? value : largest[min(n - rank, largest.count - 1)] }
    interval = ValueAtRiskFigure.Interval(
      kind: .replicates, confidence: 0.95, lower: loss(lower), upper: loss(upper), lowerRank: lower,
      upperRank: upper)
    standardError = (loss(upper) - loss(lower)) / (2 * student)
    varianceRatio = error > 0 ? tail * (1 - tail) / Double(n) / (error * error) : nil
  }

  /// The errors of all levels.
  static func all(
    _ losses: Span<Double>, replicates: Int, plan: TailPlan, tail: Tail
  ) -> [ReplicateError] {
    let n = losses.count
    // Far more than the spread of replicates asks for: their error is rarely above the plain one.
    let depth = plan.levels.reduce(1) { depth, level in
      let plain = (level.mass * (1 - level.mass / Double(n))).squareRoot()
      let reach = Int(exactly: (level.mass + 12 * plain).rounded(.up)) ?? n
      return max(depth, min(n, reach + 32))
    }
    let largest = OrderStatistics.largest(depth, of: losses) ?? []
    return plan.levels.map {
      ReplicateError(
        losses, replicates: replicates, level: $0, value: tail.valueAtRisk($0), largest: largest)
    }
  }

  private static func student(_ replicates: Int) -> Double {
    StudentDistribution(degreesOfFreedom: Double(max(1, replicates - 1))).quantile(0.975)
  }

  private static func errorOfMean(_ values: [Double]) -> Double {
    let count = Double(values.count)
    guard count > 1 else { return 0 }
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / (count - 1) / count).squareRoot()
  }
}

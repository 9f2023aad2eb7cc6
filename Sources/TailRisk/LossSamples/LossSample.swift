public import MarketModel

/// A plain list of losses, each counted once: the empirical tail by the conventions of the engine.
///
/// Losses are positive, profits negative, in any one unit. The value at risk is the smallest loss x with F_n(x) ≥ c, that
/// of rank ⌈n·c⌉ in increasing order; the expected shortfall is the mean of the worst n(1 − c) losses, the one on the
/// boundary by its fraction (Acerbi and Tasche 2002). Ranks come from whole numbers: no rounding of n(1 − c) moves them.
public struct LossSample: Sendable {
  /// In the order given.
  public let losses: [Double]

  /// What a sample says at one level.
  public struct Figure: Hashable, Sendable {
    public let confidence: ConfidenceLevel
    public let valueAtRisk: Double
    /// At least the value at risk.
    public let expectedShortfall: Double
    /// Rank of the value at risk, counted from 1 in increasing order.
    public let rank: Int
    /// n(1 − c), the number of losses that the expected shortfall is the mean of.
    public let tailCount: Double
    /// The quantile of the law lies between the losses of these ranks with probability `coverage`, whatever the law.
    public let lowerRank: Int
    public let upperRank: Int
    public let lower: Double
    public let upper: Double
    public let coverage: Double
    /// Of the value at risk, from the interval; nil where the sample is too small for one of 95 %.
    public let standardError: Double?
    /// Of the expected shortfall; nil with fewer than two losses beyond the value at risk.
    public let expectedShortfallStandardError: Double?
  }

  /// A sample; nil where it is empty or a loss is not finite.
  public init?(_ losses: [Double]) {
    guard !losses.isEmpty, losses.allSatisfy(\.isFinite) else { return nil }
    self.losses = losses
  }

  /// The figures at one level; nil where a sum of losses is not finite.
  ///
  /// - Complexity: O(n).
  public func figure(_ confidence: ConfidenceLevel) -> Figure? {
    let plan = TailPlan([confidence], count: losses.count)
    guard let level = plan.levels.first, let tail = Tail(plan, of: losses.span) else { return nil }
    let found = tail.measure(level, plan: ValueAtRiskPlan(method: .historical, confidence: [confidence]))
    guard found.valueAtRisk.isFinite, found.expectedShortfall.isFinite else { return nil }
    return Figure(
      confidence: confidence, valueAtRisk: found.valueAtRisk, expectedShortfall: found.expectedShortfall,
      rank: level.rank, tailCount: level.mass, lowerRank: level.lowerRank, upperRank: level.upperRank,
      lower: found.interval.lower, upper: found.interval.upper, coverage: level.coverage,
      standardError: found.standardError, expectedShortfallStandardError: found.expectedShortfallStandardError
    )
  }

  /// The quantile of order p by one of the conventions; `inverseDistribution` is the value at risk at level p.
  ///
  /// - Complexity: O(n log n).
  public func quantile(_ p: ConfidenceLevel, _ convention: QuantileConvention) -> Double {
    convention.quantile(of: losses.sorted(), p)
  }
}

extension LossSample {
  /// The asymptotic standard error of an empirical quantile, √(p(1 − p)/n)/f(q).
  ///
  /// Source: Kendall and Stuart, *The Advanced Theory of Statistics*, vol. 1, section 10.10; Kupiec (1995).
  ///
  /// - Parameters:
  ///   - density: of the law at its quantile; > 0.
  ///   - count: of losses; ≥ 1.
  public static func asymptoticStandardError(
    _ confidence: ConfidenceLevel, density: Double, count: Int
  ) -> Double {
    let p = confidence.value
    return (p * confidence.exceedance / Double(max(1, count))).squareRoot() / density
  }
}

public import MarketModel

/// A value at risk with its own error, losses counted positive.
public struct ValueAtRiskFigure: Hashable, Sendable {
  /// An interval around the value at risk.
  public struct Interval: Hashable, Sendable {
    /// What stands behind it.
    public enum Kind: String, Sendable {
      /// Two ranks of one sample, with exact binomial coverage.
      case orderStatistics = "order_statistics"
      /// Student's interval over independent replicates.
      case replicates
      /// A bound of the numerical error of a method without sampling; it holds always.
      case certifiedBound = "certified_bound"
    }

    public var kind: Kind
    /// Coverage: exact for order statistics (at least the 0.95 asked for where the sample allows), nominal for
    /// replicates and under a control variate, 1 for a certified bound.
    public var confidence: Double
    public var lower: Double
    public var upper: Double
    /// Ranks among the losses in increasing order, counted from 1; nil but for order statistics.
    public var lowerRank: Int?
    public var upperRank: Int?

    /// An interval from its ends.
    public init(
      kind: Kind = .orderStatistics, confidence: Double, lower: Double, upper: Double, lowerRank: Int? = nil,
      upperRank: Int? = nil
    ) {
      self.kind = kind
      self.confidence = confidence
      self.lower = lower
      self.upper = upper
      self.lowerRank = lowerRank
      self.upperRank = upperRank
    }
  }

  /// The part of a position, an underlying or a class of risk.
  public struct Component: Hashable, Sendable {
    /// Instrument, asset or class of risk.
    public var name: Identifier
    /// Its part of the value at risk (Euler allocation), parts sum to it; nil where the method has none.
    public var valueAtRisk: Double?
    /// Its mean loss over the tail that makes the expected shortfall (Euler allocation); parts sum to it.
    public var expectedShortfall: Double

    /// A part from its losses.
    public init(name: Identifier, valueAtRisk: Double? = nil, expectedShortfall: Double) {
      self.name = name
      self.valueAtRisk = valueAtRisk
      self.expectedShortfall = expectedShortfall
    }
  }

  /// `ValueAtRiskPlan.Method`, as it is written.
  public var method: String
  public var confidence: ConfidenceLevel
  public var horizonDays: Double
  public var valueAtRisk: Double
  public var expectedShortfall: Double
  /// Of `valueAtRisk`; nil where the sample is too small for an interval of 95 %, and where nothing is sampled.
  public var standardError: Double?
  /// nil where fewer than two losses lie beyond the value at risk, and where nothing is sampled.
  public var expectedShortfallStandardError: Double?
  /// Rank of the value at risk among the losses in increasing order, counted from 1; nil where it is no rank.
  public var rank: Int?
  public var interval: Interval
  /// How it was sampled; nil for a method without samples.
  public var sampling: SamplingUse?
  /// Every factor of the market, moved or not; a measure states them once for all its figures.
  public var factors: [FactorUse] = []
  /// What a reader of this figure has to know; nil where nothing is.
  public var remark: String?
  /// The same figures with the cost of closing out; nil where the market quotes no depth.
  public var liquidity: LiquidityAdjusted?
  /// By instrument and balance.
  public var components: [Component]
  public var byUnderlying: [Component] = []
  public var byRiskClass: [Component] = []
  /// Profit of each path, signed, where the plan asks for it; the figure of the first level carries it for all.
  public var profits: [Double]?

  /// A figure from its numbers.
  public init(
    method: String, confidence: ConfidenceLevel, horizonDays: Double, valueAtRisk: Double,
    expectedShortfall: Double, standardError: Double?, expectedShortfallStandardError: Double?,
    rank: Int?, interval: Interval, sampling: SamplingUse? = nil, remark: String? = nil,
    components: [Component]
  ) {
    self.method = method
    self.confidence = confidence
    self.horizonDays = horizonDays
    self.valueAtRisk = valueAtRisk
    self.expectedShortfall = expectedShortfall
    self.standardError = standardError
    self.expectedShortfallStandardError = expectedShortfallStandardError
    self.rank = rank
    self.interval = interval
    self.sampling = sampling
    self.remark = remark
    self.components = components
  }
}

/// How the losses behind a figure were sampled.
public struct SamplingUse: Hashable, Sendable {
  /// Where the points came from: `ValueAtRiskPlan.Sampling`, or `history`.
  public var kind: String
  /// Points in all.
  public var paths: Int
  /// What was used in the end, after a fall-back.
  public var varianceReduction: ValueAtRiskPlan.VarianceReduction
  /// Independent replicates behind the standard error; 1 for one plain sample.
  public var replicates: Int
  /// Kish's effective number of paths in the tail's weights; nil for equal weights.
  public var effectiveSampleSize: Double?
  /// Estimated variance of plain sampling over that of this one, same number of paths; nil where not estimated.
  public var varianceRatio: Double?
  /// Why plain sampling stands in for what was asked; nil where it does not.
  public var fallback: String?

  /// A use from what was done.
  public init(
    kind: String, paths: Int, varianceReduction: ValueAtRiskPlan.VarianceReduction = .none,
    replicates: Int = 1, effectiveSampleSize: Double? = nil, varianceRatio: Double? = nil,
    fallback: String? = nil
  ) {
    self.kind = kind
    self.paths = paths
    self.varianceReduction = varianceReduction
    self.replicates = replicates
    self.effectiveSampleSize = effectiveSampleSize
    self.varianceRatio = varianceRatio
    self.fallback = fallback
  }
}

/// What one risk factor did in a simulation.
public struct FactorUse: Hashable, Sendable {
  /// `spot`, `volatility`, `skew`, `basis`, `rate`.
  public var kind: String
  /// The asset or currency it belongs to.
  public var name: Identifier
  public var moved: Bool
  /// Annual, of its log returns; of its differences for `skew`, `basis` and `rate`; nil where it did not move.
  public var volatility: Double?
  /// Why it did not move; nil where it did.
  public var reason: String?

  /// A factor from what it did.
  public init(kind: String, name: Identifier, moved: Bool, volatility: Double?, reason: String?) {
    self.kind = kind
    self.name = name
    self.moved = moved
    self.volatility = volatility
    self.reason = reason
  }
}

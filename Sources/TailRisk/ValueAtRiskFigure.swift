public import MarketModel

/// A value at risk with its own error, losses counted positive.
public struct ValueAtRiskFigure: Hashable, Sendable {
  /// The order-statistic interval of the value at risk.
  public struct Interval: Hashable, Sendable {
    /// Exact binomial coverage of the two ranks, at least the 0.95 asked for where the sample allows.
    public var confidence: Double
    public var lower: Double
    public var upper: Double
    /// Ranks among the losses in increasing order, counted from 1.
    public var lowerRank: Int
    public var upperRank: Int

    /// An interval from its ends.
    public init(confidence: Double, lower: Double, upper: Double, lowerRank: Int, upperRank: Int) {
      self.confidence = confidence
      self.lower = lower
      self.upper = upper
      self.lowerRank = lowerRank
      self.upperRank = upperRank
    }
  }

  /// One instrument's or balance's part of the expected shortfall; parts sum to it.
  public struct Component: Hashable, Sendable {
    /// Instrument or asset id.
    public var name: Identifier
    /// Mean loss of this part over the tail that makes the expected shortfall (Euler allocation).
    public var expectedShortfall: Double

    /// A part from its loss.
    public init(name: Identifier, expectedShortfall: Double) {
      self.name = name
      self.expectedShortfall = expectedShortfall
    }
  }

  public var method: String
  public var confidence: ConfidenceLevel
  public var horizonDays: Double
  public var valueAtRisk: Double
  public var expectedShortfall: Double
  /// Of `valueAtRisk`; nil where the sample is too small for an interval of 95 %.
  public var standardError: Double?
  /// nil where fewer than two losses lie beyond the value at risk.
  public var expectedShortfallStandardError: Double?
  /// Rank of the value at risk among the losses in increasing order, counted from 1.
  public var rank: Int
  public var interval: Interval
  public var components: [Component]

  /// A figure from its numbers.
  public init(
    method: String, confidence: ConfidenceLevel, horizonDays: Double, valueAtRisk: Double,
    expectedShortfall: Double, standardError: Double?, expectedShortfallStandardError: Double?,
    rank: Int, interval: Interval, components: [Component]
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
    self.components = components
  }
}

/// What one risk factor did in a simulation.
public struct FactorUse: Hashable, Sendable {
  /// `spot`, `volatility`, `rate`.
  public var kind: String
  /// The asset it belongs to.
  public var name: Identifier
  public var moved: Bool
  /// Annual volatility of its log returns; nil where it did not move.
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

/// The profit and loss of one stress.
public struct StressFigure: Hashable, Sendable {
  public var scenario: Identifier
  /// Signed, base currency.
  public var profitAndLoss: Double

  /// A figure from its number.
  public init(scenario: Identifier, profitAndLoss: Double) {
    self.scenario = scenario
    self.profitAndLoss = profitAndLoss
  }
}

public import MarketModel

/// Simulated spots as plain columns, whoever drew them.
public struct SpotPaths: Sendable {
  /// Paths; ≥ 1.
  public var count: Int
  /// Days of 24 hours to the end of every path.
  public var horizonDays: Double
  /// x = ln(S'/S) at the horizon, one number a path: one entry an asset of the market, nil where it does not move.
  public var logMultipliers: [[Double]?]
  /// eˣ of the same.
  public var multipliers: [[Double]?]
  /// Seconds from the as-of instant at which spots are known before the horizon, increasing.
  public var readingSeconds: [Double]
  /// S'/S there: reading, asset, path.
  public var readings: [[[Double]?]]

  /// Paths from their columns.
  public init(
    count: Int, horizonDays: Double, logMultipliers: [[Double]?], multipliers: [[Double]?],
    readingSeconds: [Double] = [], readings: [[[Double]?]] = []
  ) {
    self.count = count
    self.horizonDays = horizonDays
    self.logMultipliers = logMultipliers
    self.multipliers = multipliers
    self.readingSeconds = readingSeconds
    self.readings = readings
  }
}

/// A confidence level and the ranks among the capitals of all paths that it reads, counted from 1 upwards.
public struct PathLevel: Hashable, Sendable {
  public var confidence: ConfidenceLevel
  /// ⌈n·c⌉: the smallest capital that is enough on at least a share c of the paths.
  public var rank: Int
  /// Between them lies the quantile of the law with probability `coverage`.
  public var lowerRank: Int
  public var upperRank: Int
  public var coverage: Double

  /// A level from its ranks; 1 ≤ lowerRank ≤ rank ≤ upperRank ≤ paths.
  public init(confidence: ConfidenceLevel, rank: Int, lowerRank: Int, upperRank: Int, coverage: Double) {
    self.confidence = confidence
    self.rank = rank
    self.lowerRank = lowerRank
    self.upperRank = upperRank
    self.coverage = coverage
  }
}

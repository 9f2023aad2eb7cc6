public import MarketModel

/// The capital that comes through a share of simulated paths, mode by mode.
public struct SimulatedCapital: Hashable, Sendable {
  /// One mode at its own quantile.
  public struct Mode: Hashable, Sendable {
    /// The smallest capital that is enough on at least the share `confidence` of the paths.
    public var capital: Double
    /// Order statistics between which the quantile of the law lies.
    public var lower: Double
    public var upper: Double

    /// A figure from its numbers.
    public init(capital: Double, lower: Double, upper: Double) {
      self.capital = capital
      self.lower = lower
      self.upper = upper
    }
  }

  /// What one position or coin balance needs of the capital of each mode at its quantile.
  public struct Share: Hashable, Sendable {
    /// Coins under their asset's id.
    public var instrument: Identifier
    public var underlying: Identifier
    public var isolated: Double
    public var cross: Double
    public var portfolio: Double

    /// A share from its numbers.
    public init(
      instrument: Identifier, underlying: Identifier, isolated: Double, cross: Double, portfolio: Double
    ) {
      self.instrument = instrument
      self.underlying = underlying
      self.isolated = isolated
      self.cross = cross
      self.portfolio = portfolio
    }
  }

  public var confidence: ConfidenceLevel
  public var horizonDays: Double
  public var paths: Int
  /// Ranks of the interval among the capitals in increasing order, and its exact coverage.
  public var lowerRank: Int
  public var upperRank: Int
  public var coverage: Double
  public var isolated: Mode
  public var cross: Mode
  public var portfolio: Mode
  /// From isolated to portfolio margin, each at its own quantile.
  public var saving: MarginSaving
  /// Whether the row it belongs to is a sum over accounts, or of one that is not margined whole: then only horizon and
  /// paths count.
  public var isSum = false
  /// Positions and coins, underlying by underlying; sums to each mode's capital, empty in a sum over accounts.
  public var attribution: [Share] = []

  /// A figure from its parts.
  public init(
    level: PathLevel, horizonDays: Double, paths: Int, isolated: Mode, cross: Mode, portfolio: Mode,
    saving: MarginSaving
  ) {
    confidence = level.confidence
    self.horizonDays = horizonDays
    self.paths = paths
    lowerRank = level.lowerRank
    upperRank = level.upperRank
    coverage = level.coverage
    self.isolated = isolated
    self.cross = cross
    self.portfolio = portfolio
    self.saving = saving
  }
}

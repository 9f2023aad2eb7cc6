/// What the run takes off the balances of an account before they defend it.
///
/// Every haircut is a fraction of the value that a lost peg leaves; together they never take more than that value. A
/// debt has no haircut: it is owed in full, with the interest of the horizon on top.
public struct CollateralPlan: Hashable, Sendable {
  /// What is taken off one asset.
  public struct AssetTerms: Hashable, Sendable {
    /// nil for every asset without terms of its own, the base currency left out.
    public var asset: Identifier?
    /// Fraction of the value, 0 to 1.
    public var haircut: Double
    /// Seconds until the asset can be brought to where it is owed, across chains; 0 where it is there.
    public var latencySeconds: Double
    /// Annual, as a fraction: how far the asset can fall while it is under way.
    public var volatility: Double
    /// Relative move of the asset for one of the underlyings of the book.
    public var beta: Double

    /// Terms from their numbers.
    public init(
      asset: Identifier?, haircut: Double, latencySeconds: Double = 0, volatility: Double = 0,
      beta: Double = 0
    ) {
      self.asset = asset
      self.haircut = haircut
      self.latencySeconds = latencySeconds
      self.volatility = volatility
      self.beta = beta
    }
  }

  /// The haircut of the slice of a holding above a threshold, up to the next threshold.
  public struct ConcentrationStep: Hashable, Sendable {
    /// A share of the account's collateral, or base currency.
    public var above: Double
    /// Fraction of the slice, 0 to 1.
    public var haircut: Double

    /// A step from its numbers.
    public init(above: Double, haircut: Double) {
      self.above = above
      self.haircut = haircut
    }
  }

  /// Haircuts that rise with the size of a holding, slice by slice: where both lists speak, the larger counts.
  public struct Concentration: Hashable, Sendable {
    /// Thresholds as shares of the account's collateral, increasing; haircuts do not fall.
    public var byShare: [ConcentrationStep]
    /// Thresholds in the base currency, increasing; haircuts do not fall.
    public var byValue: [ConcentrationStep]
    /// The assets concerned; nil for all but stable assets and the base currency.
    public var assets: [Identifier]?

    /// A rule from its lists.
    public init(
      byShare: [ConcentrationStep] = [], byValue: [ConcentrationStep] = [], assets: [Identifier]? = nil
    ) {
      self.byShare = byShare
      self.byValue = byValue
      self.assets = assets
    }
  }

  /// What is taken off an asset whose price the venue trusts too little.
  public struct OraclePenalty: Hashable, Sendable {
    /// Confidence under which the penalty is due, 0 to 1.
    public var threshold: Double
    /// Part of the value for each point of confidence that is missing.
    public var factor: Double

    /// A penalty from its numbers.
    public init(threshold: Double, factor: Double) {
      self.threshold = threshold
      self.factor = factor
    }
  }

  /// What a borrowed asset costs.
  public struct BorrowRate: Hashable, Sendable {
    /// nil for every asset without a rate of its own.
    public var asset: Identifier?
    /// Simple, annual, ≥ 0.
    public var rate: Double

    /// A rate of an asset.
    public init(asset: Identifier?, rate: Double) {
      self.asset = asset
      self.rate = rate
    }
  }

  /// Each asset once.
  public var assets: [AssetTerms]
  /// Stable assets that lose their peg, each once; a price above today's takes nothing.
  public var depeg: [Depeg]
  public var concentration: Concentration?
  public var oracle: OraclePenalty?
  /// The move of all underlyings, > 0, against which collateral has to hold; nil for none.
  public var wrongWayMove: Double?
  /// Each asset once.
  public var borrowRates: [BorrowRate]
  /// Days of 24 hours over which debts accrue.
  public var borrowDays: Double

  /// A plan from its parts; the default takes nothing off.
  public init(
    assets: [AssetTerms] = [], depeg: [Depeg] = [], concentration: Concentration? = nil,
    oracle: OraclePenalty? = nil, wrongWayMove: Double? = nil, borrowRates: [BorrowRate] = [],
    borrowDays: Double = 0
  ) {
    self.assets = assets
    self.depeg = depeg
    self.concentration = concentration
    self.oracle = oracle
    self.wrongWayMove = wrongWayMove
    self.borrowRates = borrowRates
    self.borrowDays = borrowDays
  }
}

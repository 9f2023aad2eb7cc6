/// Every number of Deribit portfolio margin: the extended risk matrix.
public struct DeribitPortfolioParameters: Hashable, Sendable {
  /// What moves the contracts on one asset.
  public struct PairTerms: Hashable, Sendable {
    /// Asset id; empty for every asset that is not named.
    public var asset: String
    /// Relative move of the outermost price buckets.
    public var priceRange: Double
    public var volatilityUp: PowerLawShock
    public var volatilityDown: PowerLawShock
    /// Charge for each unit of net delta beyond the threshold, as a fraction of that delta.
    public var deltaShockSlope: Double
    /// Base currency of net delta from which the charge is due.
    public var deltaShockThreshold: Double
    /// The charge is never a larger fraction.
    public var deltaShockMaximum: Double

    /// Terms from their numbers; volatility moves by the exchange's powers of 30 days over the time to expiry.
    public init(
      _ asset: String, priceRange: Double, volatilityUp: Double, volatilityDown: Double,
      minimumVolatilityUp: Double = 0.5, shortTermPower: Double = 0.3, longTermPower: Double = 0.13,
      deltaShockSlope: Double = 0, deltaShockThreshold: Double = 20e6, deltaShockMaximum: Double = 0.1
    ) {
      self.asset = asset
      self.priceRange = priceRange
      self.volatilityUp = PowerLawShock(
        range: volatilityUp, shortTermPower: shortTermPower, longTermPower: longTermPower, floorDays: 1,
        minimum: minimumVolatilityUp)
      self.volatilityDown = PowerLawShock(
        range: -volatilityDown, shortTermPower: shortTermPower, longTermPower: longTermPower, floorDays: 1,
        minimum: 0)
      self.deltaShockSlope = deltaShockSlope
      self.deltaShockThreshold = deltaShockThreshold
      self.deltaShockMaximum = deltaShockMaximum
    }
  }

  /// What is charged and credited in one settlement currency.
  public struct CurrencyTerms: Hashable, Sendable {
    /// Asset id of the coin; empty for every coin that is not named.
    public var asset: String
    /// Least roll shock of a net coin of delta at an expiry, a fraction.
    public var minimumMove: Double
    /// The roll shock is at least e^(this × T) − 1.
    public var annualMoveRisk: Double
    /// Base currency by which a cell of the extended table shrinks for each range that it lies further out.
    public var extendedDampener: Double
    /// Part of a gain that offsets losses settled in another currency.
    public var gainOffset: Double
    /// The most that such a gain can offset, base currency.
    public var maximumOffset: Double

    /// Terms from their numbers.
    public init(
      _ asset: String, minimumMove: Double, annualMoveRisk: Double, extendedDampener: Double,
      gainOffset: Double, maximumOffset: Double
    ) {
      self.asset = asset
      self.minimumMove = minimumMove
      self.annualMoveRisk = annualMoveRisk
      self.extendedDampener = extendedDampener
      self.gainOffset = gainOffset
      self.maximumOffset = maximumOffset
    }
  }

  /// By asset; the entry with an empty name serves the rest.
  public var pairs: [PairTerms]
  /// Of coin-settled contracts, by coin; the entry with an empty name serves the rest.
  public var coins: [CurrencyTerms]
  /// Of contracts settled in a stable asset.
  public var linear: CurrencyTerms
  /// Price buckets on each side of the unmoved one; at least 1.
  public var bucketCount: Int
  /// Relative moves of the extended table.
  public var extendedMoves: [Double]
  /// What its cells are multiplied with beside range over move.
  public var extendedFactor: Double
  /// Maintenance margin as a fraction of the risk matrix margin.
  public var maintenanceFactor: Double
  /// Taken off the value of a coin that is held.
  public var collateralHaircut: Double
  /// Part of a coin balance that moves with spot inside the matrix.
  public var collateralInMatrix: Double
  /// Seconds before expiry over which the delta of a series decays to nothing.
  public var settlementWindow: Double

  /// The terms of contracts on an asset.
  public func pairTerms(of asset: String) -> PairTerms {
    pairs.first { $0.asset == asset } ?? pairs.first { $0.asset.isEmpty }
      ?? PairTerms(asset, priceRange: 1, volatilityUp: 1, volatilityDown: 1)
  }

  /// The terms of contracts settled in a coin.
  public func currencyTerms(ofCoin asset: String) -> CurrencyTerms {
    coins.first { $0.asset == asset } ?? coins.first { $0.asset.isEmpty } ?? linear
  }
}

extension DeribitPortfolioParameters {
  /// The values that the exchange shows.
  ///
  /// Source: model parameters in the documented and in a publicly posted answer of `private/pme/simulate`
  /// (June 2024 for BTC, February 2026 for ETH and the dollar), support page on portfolio margin. Judged: the
  /// terms of assets that neither shows, the dampener's formula and the exponential part of the roll shock,
  /// the floor of one day under the time to expiry, and a delta shock of nothing: its threshold and ceiling
  /// are shown, how it grows between them is not.
  public static let documented = DeribitPortfolioParameters(
    pairs: [
      PairTerms("BTC", priceRange: 0.16, volatilityUp: 0.5, volatilityDown: 0.25),
      PairTerms("ETH", priceRange: 0.18, volatilityUp: 0.4, volatilityDown: 0.25),
      PairTerms("", priceRange: 0.24, volatilityUp: 0.5, volatilityDown: 0.25),
    ],
    coins: [
      CurrencyTerms(
        "BTC", minimumMove: 0.01, annualMoveRisk: 0.075, extendedDampener: 100_000, gainOffset: 0,
        maximumOffset: 0),
      CurrencyTerms(
        "ETH", minimumMove: 0.005, annualMoveRisk: 0.05, extendedDampener: 200_000, gainOffset: 0.6,
        maximumOffset: 20e6),
      CurrencyTerms(
        "", minimumMove: 0.01, annualMoveRisk: 0.1, extendedDampener: 25_000, gainOffset: 0,
        maximumOffset: 0),
    ],
    linear: CurrencyTerms(
      "", minimumMove: 0.01, annualMoveRisk: 0.1, extendedDampener: 25_000, gainOffset: 0.4,
      maximumOffset: 1e6),
    bucketCount: 4, extendedMoves: [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5], extendedFactor: 1,
    maintenanceFactor: 0.8, collateralHaircut: 0, collateralInMatrix: 0, settlementWindow: 1_800)
}

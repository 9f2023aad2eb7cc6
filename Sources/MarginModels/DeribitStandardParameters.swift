/// Every number of Deribit standard margin.
public struct DeribitStandardParameters: Hashable, Sendable {
  /// Rates of futures and perpetuals of one asset: rate = base + slope × size in units of the asset.
  public struct FutureTerms: Hashable, Sendable {
    /// Asset id; empty for every asset that is not named.
    public var asset: String
    public var initial: Double
    public var maintenance: Double
    /// Per unit of the asset.
    public var slope: Double

    /// Terms from their rates.
    public init(_ asset: String, initial: Double, maintenance: Double, slope: Double) {
      self.asset = asset
      self.initial = initial
      self.maintenance = maintenance
      self.slope = slope
    }
  }

  /// By asset; the entry with an empty name serves the rest.
  public var futures: [FutureTerms]
  /// Fraction of the underlying for a short option at the money, initial.
  public var optionMaximum: Double
  /// Least fraction of the underlying for a short option, initial.
  public var optionMinimum: Double
  public var callMaintenance: Double
  /// Fraction of the underlying or, if more, of the mark.
  public var putMaintenance: Double

  /// The terms of futures and perpetuals on an asset.
  public func futureTerms(of asset: String) -> FutureTerms {
    futures.first { $0.asset == asset } ?? futures.first { $0.asset.isEmpty }
      ?? FutureTerms(asset, initial: 1, maintenance: 1, slope: 0)
  }
}

extension DeribitStandardParameters {
  /// The documented values.
  ///
  /// Source: support pages on standard margin and on the linear perpetual; the slope of ETH is worked out
  /// of a recorded position message. Judged: an asset without documented rates takes 10 % and 5 % flat.
  public static let documented = DeribitStandardParameters(
    futures: [
      FutureTerms("BTC", initial: 0.02, maintenance: 0.01, slope: 0.000_05),
      FutureTerms("ETH", initial: 0.02, maintenance: 0.01, slope: 0.000_002),
      FutureTerms("SOL", initial: 0.04, maintenance: 0.02, slope: 0.000_005),
      FutureTerms("", initial: 0.10, maintenance: 0.05, slope: 0),
    ],
    optionMaximum: 0.15, optionMinimum: 0.10, callMaintenance: 0.075, putMaintenance: 0.075)
}

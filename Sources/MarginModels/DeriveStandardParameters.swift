/// Every number of the Derive standard manager (SRM).
public struct DeriveStandardParameters: Hashable, Sendable {
  /// Fractions of notional that a perpetual of one asset needs.
  public struct PerpetualTerms: Hashable, Sendable {
    /// Asset id; empty for every asset that is not named.
    public var asset: String
    public var maintenance: Double
    public var initial: Double

    /// Terms from their fractions.
    public init(_ asset: String, maintenance: Double, initial: Double) {
      self.asset = asset
      self.maintenance = maintenance
      self.initial = initial
    }
  }

  /// How much of the value of a coin counts.
  public struct BaseTerms: Hashable, Sendable {
    /// Asset id; empty for every asset that is not named.
    public var asset: String
    /// Part of its value that counts.
    public var factor: Double
    /// Part of that which counts in initial margin.
    public var initialScale: Double

    /// Terms from their fractions.
    public init(_ asset: String, factor: Double, initialScale: Double) {
      self.asset = asset
      self.factor = factor
      self.initialScale = initialScale
    }
  }

  /// By asset; the entry with an empty name serves the rest.
  public var perpetuals: [PerpetualTerms]
  /// By asset; the entry with an empty name serves the rest.
  public var bases: [BaseTerms]
  /// Fraction of spot for a short option at the money, initial.
  public var optionMaximum: Double
  /// Least fraction of spot for a short option, initial.
  public var optionMinimum: Double
  public var callMaintenance: Double
  public var putMaintenance: Double
  /// Fraction of a short put's own value, maintenance.
  public var putValueMaintenance: Double
  /// A short put's initial requirement is at least this multiple of its maintenance.
  public var putInitialOverMaintenance: Double
  /// Multiples of the forward for each net short call in the largest loss of an expiry.
  public var unpairedInitial: Double
  public var unpairedMaintenance: Double
  public var perpetualThreshold: Double
  public var optionThreshold: Double
  public var baseThreshold: Double
  /// Part of notional charged for each point of confidence that is missing under a threshold.
  public var confidenceFactor: Double
  public var pegThreshold: Double
  public var pegFactor: Double

  /// A set from its numbers.
  public init(
    perpetuals: [PerpetualTerms], bases: [BaseTerms], optionMaximum: Double, optionMinimum: Double,
    callMaintenance: Double, putMaintenance: Double, putValueMaintenance: Double,
    putInitialOverMaintenance: Double, unpairedInitial: Double, unpairedMaintenance: Double,
    perpetualThreshold: Double, optionThreshold: Double, baseThreshold: Double,
    confidenceFactor: Double, pegThreshold: Double, pegFactor: Double
  ) {
    self.perpetuals = perpetuals
    self.bases = bases
    self.optionMaximum = optionMaximum
    self.optionMinimum = optionMinimum
    self.callMaintenance = callMaintenance
    self.putMaintenance = putMaintenance
    self.putValueMaintenance = putValueMaintenance
    self.putInitialOverMaintenance = putInitialOverMaintenance
    self.unpairedInitial = unpairedInitial
    self.unpairedMaintenance = unpairedMaintenance
    self.perpetualThreshold = perpetualThreshold
    self.optionThreshold = optionThreshold
    self.baseThreshold = baseThreshold
    self.confidenceFactor = confidenceFactor
    self.pegThreshold = pegThreshold
    self.pegFactor = pegFactor
  }

  /// The terms of perpetuals on an asset.
  public func perpetualTerms(of asset: String) -> PerpetualTerms {
    perpetuals.first { $0.asset == asset } ?? perpetuals.first { $0.asset.isEmpty }
      ?? PerpetualTerms(asset, maintenance: 1, initial: 1)
  }

  /// The terms of an asset as collateral.
  public func baseTerms(of asset: String) -> BaseTerms {
    bases.first { $0.asset == asset } ?? bases.first { $0.asset.isEmpty }
      ?? BaseTerms(asset, factor: 0, initialScale: 1)
  }
}

extension DeriveStandardParameters {
  /// The deployment values, with the perpetual rates that the exchange documents in 2026.
  ///
  /// Source: deployment scripts and documentation of the exchange. Judged: an asset without documented
  /// perpetual rates takes the widest documented ones, a coin without documented collateral terms counts
  /// for nothing.
  public static let mainnet = DeriveStandardParameters(
    perpetuals: [
      PerpetualTerms("BTC", maintenance: 0.05, initial: 0.066),
      PerpetualTerms("ETH", maintenance: 0.05, initial: 0.066),
      PerpetualTerms("SOL", maintenance: 0.067, initial: 0.077),
      PerpetualTerms("HYPE", maintenance: 0.08, initial: 0.10),
      PerpetualTerms("XRP", maintenance: 0.067, initial: 0.10),
      PerpetualTerms("LINK", maintenance: 0.067, initial: 0.10),
      PerpetualTerms("ZEC", maintenance: 0.10, initial: 0.15),
      PerpetualTerms("LIT", maintenance: 0.10, initial: 0.15),
      PerpetualTerms("PUMP", maintenance: 0.10, initial: 0.15),
      PerpetualTerms("CC", maintenance: 0.10, initial: 0.15),
      PerpetualTerms("XAUT", maintenance: 0.08, initial: 0.10),
      PerpetualTerms("ADA", maintenance: 0.15, initial: 0.20),
      PerpetualTerms("VVV", maintenance: 0.15, initial: 0.20),
      PerpetualTerms("", maintenance: 0.15, initial: 0.20),
    ],
    bases: [
      BaseTerms("ETH", factor: 0.8, initialScale: 0.9375),
      BaseTerms("BTC", factor: 0.75, initialScale: 0.93),
      BaseTerms("", factor: 0, initialScale: 1),
    ],
    optionMaximum: 0.15, optionMinimum: 0.13, callMaintenance: 0.09, putMaintenance: 0.09,
    putValueMaintenance: 0.09, putInitialOverMaintenance: 1.05,
    unpairedInitial: 1.2, unpairedMaintenance: 1.1,
    perpetualThreshold: 0.55, optionThreshold: 0.55, baseThreshold: 0.55, confidenceFactor: 1,
    pegThreshold: 0.99, pegFactor: 2)
}

/// A move of the past as it was published: close to close of one day.
///
/// Crypto: daily closes at 24:00 UTC of the volume-weighted USD prices that CoinMarketCap publishes. Equities: official
/// closes of the S&P 500 (S&P Dow Jones Indices) and, where the index of volatility was published then, of the VIX
/// (Cboe). Volatility stands still where no published index says what it did.
public enum StressPreset: String, Sendable, CaseIterable {
  /// BTC 7,911.43 to 4,970.79, ETH 194.87 to 112.35.
  case crypto20200312 = "crypto-2020-03-12"
  /// BTC 42,909.40 to 37,002.44, ETH 3,380.09 to 2,460.68.
  case crypto20210519 = "crypto-2021-05-19"
  /// The week of FTX: BTC 18,541.27 to 15,880.78, ETH 1,332.84 to 1,100.17.
  case crypto20221109 = "crypto-2022-11-09"
  /// S&P 500 282.70 to 224.84.
  case equities19871019 = "equities-1987-10-19"
  /// S&P 500 998.01 to 907.84, VIX 55.13 to 69.25.
  case equities20081015 = "equities-2008-10-15"
  /// S&P 500 2,711.02 to 2,386.13, VIX 57.83 to 82.69.
  case equities20200316 = "equities-2020-03-16"

  /// Two closes of the days on either side.
  private typealias Closes = (before: Double, after: Double)

  private static func move(_ closes: Closes) -> Double { closes.after / closes.before - 1 }

  private var bitcoin: Closes? {
    switch self {
    case .crypto20200312: (7_911.43, 4_970.79)
    case .crypto20210519: (42_909.40, 37_002.44)
    case .crypto20221109: (18_541.27, 15_880.78)
    case .equities19871019, .equities20081015, .equities20200316: nil
    }
  }

  /// Ether's, or the index's: of every asset that has no move of its own.
  private var others: Closes {
    switch self {
    case .crypto20200312: (194.87, 112.35)
    case .crypto20210519: (3_380.09, 2_460.68)
    case .crypto20221109: (1_332.84, 1_100.17)
    case .equities19871019: (282.70, 224.84)
    case .equities20081015: (998.01, 907.84)
    case .equities20200316: (2_711.02, 2_386.13)
    }
  }

  /// Relative move of the spot of an asset: bitcoin's own; every other coin's is ether's, every stock's the index's.
  public func spotMove(of asset: Identifier) -> Double {
    if asset.text == "BTC" || asset.text == "XBT", let bitcoin { return Self.move(bitcoin) }
    return Self.move(others)
  }

  /// Relative move of volatilities.
  public var volatilityMove: Double {
    switch self {
    case .equities20081015: Self.move((55.13, 69.25))
    case .equities20200316: Self.move((57.83, 82.69))
    case .crypto20200312, .crypto20210519, .crypto20221109, .equities19871019: 0
    }
  }
}

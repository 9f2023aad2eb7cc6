internal import RiskNumerics

/// One coin of the sample desk: its price, how it trades, and the shape of its volatility.
struct DeskCoin {
  let name: String
  /// USD per coin.
  let spot: Double
  /// Decimals of prices and of coin quantities.
  let priceDecimals: Int
  let quantityDecimals: Int
  /// Smallest size of an option trade, in coin, and of an inverse contract, in USD.
  let optionLot: Double
  let inverseLot: Double
  /// What a position of ordinary size is, in coin.
  let ordinarySize: Double
  /// Annual volatility of daily returns, and its share in the common factor.
  let realisedVolatility: Double
  let commonLoading: Double
  /// At-the-money volatility today and in the long run, and the correlation that skews the smile.
  let shortVolatility: Double
  let longVolatility: Double
  let skew: Double
  /// Annual carry of the forward, and the funding of the perpetual per eight hours.
  let carry: Double
  let funding: Double
  /// Distance of strikes for options of days, weeks and months.
  let strikeSteps: [Double]

  /// The coins of the desk.
  ///
  /// Prices and volatilities are made up, of the size that such coins have.
  static let all = [
    DeskCoin(
      name: "BTC", spot: 84_250.5, priceDecimals: 1, quantityDecimals: 4, optionLot: 0.1, inverseLot: 10,
      ordinarySize: 1, realisedVolatility: 0.46, commonLoading: 0.95, shortVolatility: 0.43,
      longVolatility: 0.49, skew: -0.22, carry: 0.046, funding: 0.00007, strikeSteps: [500, 1_000, 5_000]),
    DeskCoin(
      name: "ETH", spot: 2_812.35, priceDecimals: 2, quantityDecimals: 3, optionLot: 1, inverseLot: 1,
      ordinarySize: 25, realisedVolatility: 0.68, commonLoading: 0.9, shortVolatility: 0.61,
      longVolatility: 0.69, skew: -0.16, carry: 0.041, funding: 0.00004, strikeSteps: [25, 50, 100]),
    DeskCoin(
      name: "SOL", spot: 118.42, priceDecimals: 3, quantityDecimals: 1, optionLot: 10, inverseLot: 1,
      ordinarySize: 400, realisedVolatility: 0.84, commonLoading: 0.84, shortVolatility: 0.72,
      longVolatility: 0.81, skew: -0.1, carry: 0.028, funding: -0.00002, strikeSteps: [1, 2, 5]),
  ]

  /// The forward at a time in years, to the tick.
  func forward(years: Double) -> Double {
    Ticks.rounded(spot * Elementary.exp(carry * years), decimals: priceDecimals)
  }

  /// The smile of one expiry: a slice of an SSVI surface, free of arbitrage within itself and across
  /// expiries since total variance at the money grows and eta (1 + |rho|) ≤ 2.
  ///
  /// w(k) = θ/2 (1 + ρφk + √((φk + ρ)² + 1 − ρ²)), φ = η / √(θ(1 + θ)) (Gatheral and Jacquier 2014, 4.4).
  func smile(years: Double) -> DeskSmile {
    let decayed = (shortVolatility - longVolatility) * Elementary.exp(-years / 0.35)
    let volatility = longVolatility + decayed
    let theta = volatility * volatility * years
    let phi = 0.9 / (theta * (1 + theta)).squareRoot()
    let rest = 1 - skew * skew
    // The same slice as raw SVI.
    return DeskSmile(
      a: theta / 2 * rest, b: theta * phi / 2, rho: skew, m: -skew / phi, sigma: rest.squareRoot() / phi,
      years: years)
  }
}

/// A smile as raw SVI of total variance.
struct DeskSmile {
  let a: Double
  let b: Double
  let rho: Double
  let m: Double
  let sigma: Double
  let years: Double

  /// The annual volatility at a strike, to a hundredth of a point.
  func volatility(strike: Double, forward: Double) -> Double {
    let x = Elementary.log(strike / forward) - m
    let variance = a + b * (rho * x + (x * x + sigma * sigma).squareRoot())
    return Ticks.rounded((variance / years).squareRoot(), decimals: 4)
  }
}

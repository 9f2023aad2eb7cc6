internal import MarketModel
internal import RiskNumerics
internal import StructuredText

/// The sample desk through a week in which the market fell: what `plimsoll replay` is tried on.
///
/// A market as the first one of the desk with a mark for every option, and two later ones: on Thursday afternoon
/// coins are down by an eighth and more, and by the night by a sixth and more, with volatilities far up, those of
/// short expiries most. The moves have the size that such a week had; every number is made up.
public enum SampleWeek {
  /// How a later market differs from the first.
  private struct Fall {
    let folder: String
    let instant: Instant?
    /// Spot multipliers in the order of `DeskCoin.all`.
    let spots: [Double]
    /// Relative move of volatility at thirty days.
    let volatility: Double
  }

  private static let falls = [
    Fall(
      folder: "afternoon", instant: Instant(year: 2026, month: 2, day: 5, hour: 15, minute: 51, second: 32),
      spots: [0.877, 0.845, 0.83], volatility: 0.3),
    Fall(
      folder: "night", instant: Instant(year: 2026, month: 2, day: 5, hour: 21, minute: 29, second: 37),
      spots: [0.824, 0.779, 0.76], volatility: 0.52),
  ]

  /// The files of a book and of two later markets, the latter as `afternoon/market.json` and `night/market.json`.
  ///
  /// - Parameters:
  ///   - accounts: how many.
  ///   - seed: chooses history and accounts.
  ///   - instruments: the most contracts that are traded, between 100 and 10,000.
  /// - Returns: file names and contents, in a fixed order; the same arguments give the same bytes.
  /// - Complexity: O(accounts + instruments).
  public static func files(
    accounts: Int, seed: UInt64, instruments: Int = 300
  ) -> [(name: String, bytes: [UInt8])] {
    var files = SampleDesk.files(accounts: accounts, seed: seed, instruments: instruments)
    let market = DeskMarket(contractCount: instruments)
    let start = Instant(rfc3339: DeskExpiry.asOf)
    for (place, file) in files.enumerated() where file.name == "market.json" {
      files[place].bytes = market.quotes(at: start, spots: DeskCoin.all.map { _ in 1 }, volatility: 0)
    }
    for fall in falls {
      files.append(
        (
          fall.folder + "/market.json",
          market.quotes(at: fall.instant, spots: fall.spots, volatility: fall.volatility)
        ))
    }
    return files
  }
}

extension DeskMarket {
  /// `market.json` at an instant after a move, with a smile at the strikes of every expiry ahead and every mark.
  fileprivate func quotes(at instant: Instant?, spots: [Double], volatility move: Double) -> [UInt8] {
    guard let instant else { return [] }
    var document = MarketDocument(asOf: instant.text)
    let moved = coins.enumerated().map { place, coin in
      Ticks.rounded(coin.spot * spots[place], decimals: coin.priceDecimals)
    }
    for (place, coin) in coins.enumerated() { document.asset(coin.name, spot: moved[place]) }
    document.asset("USDC", spot: 1, isStable: true)
    let ahead = DeskExpiry.all.indices.compactMap { place -> QuotedExpiry? in
      guard let end = Instant(rfc3339: DeskExpiry.all[place].instant), end > instant else { return nil }
      return QuotedExpiry(place: place, instant: end, years: instant.years(to: end), move: move)
    }
    for (place, coin) in coins.enumerated() {
      for expiry in ahead {
        document.forward(coin.name, expiry.instant.text, expiry.forward(coin, spot: moved[place]))
      }
    }
    for (place, coin) in coins.enumerated() {
      for expiry in ahead {
        let strikes = strikes(coin: place, expiry: expiry.place)
        if strikes.isEmpty { continue }
        let volatilities = strikes.map { expiry.volatility(coin, spot: moved[place], strike: $0) }
        document.quotes(coin.name, expiry.instant.text, strikes: strikes, volatilities: volatilities)
      }
    }
    marks(into: &document, ahead: ahead, spots: moved)
    document.correlation(
      coins.map(\.name), DeskHistory.correlation, volatilities: coins.map(\.realisedVolatility))
    return document.bytes
  }

  private func marks(into document: inout MarketDocument, ahead: [QuotedExpiry], spots: [Double]) {
    for (number, product) in products.enumerated() {
      let coin = coins[product.coin]
      let spot = spots[product.coin]
      let perpetual = contracts[perpetuals[number]]
      let premium = Ticks.rounded(spot * (1 + coin.funding * 3), decimals: coin.priceDecimals)
      document.mark(perpetual.name, premium, funding: coin.funding)
      for (place, future) in zip(product.futureExpiries, futures[number]) {
        guard let expiry = ahead.first(where: { $0.place == place }) else { continue }
        document.mark(contracts[future].name, expiry.forward(coin, spot: spot))
      }
    }
    for slice in slices {
      guard let expiry = ahead.first(where: { $0.place == slice.expiry }) else { continue }
      for place in slice.calls + slice.puts {
        let contract = contracts[place]
        let price = expiry.price(contract, coins[contract.coin], spot: spots[contract.coin])
        if price > 0 { document.mark(contract.name, price) }
      }
    }
  }
}

/// One expiry as a later market quotes it.
private struct QuotedExpiry {
  let place: Int
  let instant: Instant
  let years: Double
  /// Relative move of volatility at thirty days.
  let move: Double

  func forward(_ coin: DeskCoin, spot: Double) -> Double {
    Ticks.rounded(spot * Elementary.exp(coin.carry * years), decimals: coin.priceDecimals)
  }

  /// The coin's smile around the new forward, moved more the nearer the expiry.
  func volatility(_ coin: DeskCoin, spot: Double, strike: Double) -> Double {
    let calm = coin.smile(years: years).volatility(strike: strike, forward: forward(coin, spot: spot))
    let growth = (30 / max(years * 365, 3)).squareRoot()
    return Ticks.rounded(calm * (1 + move * min(growth, 2)), decimals: 4)
  }

  /// The mark, in coin to a millionth or in USDC to a tenth of the tick, as venues publish it.
  func price(_ contract: DeskContract, _ coin: DeskCoin, spot: Double) -> Double {
    let forward = forward(coin, spot: spot)
    let deviation = volatility(coin, spot: spot, strike: contract.strike) * years.squareRoot()
    guard deviation > 0 else { return 0 }
    let d1 = Elementary.log(forward / contract.strike) / deviation + deviation / 2
    let call =
      forward * Elementary.normalDistribution(d1)
      - contract.strike * Elementary.normalDistribution(d1 - deviation)
    let value = contract.kind == .call ? call : call - forward + contract.strike
    return contract.isInverse
      ? Ticks.rounded(value / forward, decimals: 6) : Ticks.rounded(value, decimals: coin.priceDecimals + 1)
  }
}

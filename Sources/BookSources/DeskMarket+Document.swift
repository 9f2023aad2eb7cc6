internal import RiskNumerics
internal import StructuredText

extension DeskMarket {
  /// `market.json`: quotes by strike for BTC and ETH, SVI slices for SOL.
  var document: [UInt8] {
    var document = MarketDocument(asOf: DeskExpiry.asOf)
    for coin in DeskCoin.all { document.asset(coin.name, spot: coin.spot) }
    document.asset("USDC", spot: 1, isStable: true)
    document.rates("USD", [(1.0 / 12, 0.0372), (0.25, 0.0366), (0.5, 0.0357), (1, 0.0341)])
    for (place, coin) in DeskCoin.all.enumerated() {
      for expiry in expiries(of: place) {
        document.forward(coin.name, expiry.instant, coin.forward(years: expiry.years))
      }
    }
    for (place, coin) in DeskCoin.all.enumerated() {
      for (number, expiry) in DeskExpiry.all.enumerated() {
        let strikes = strikes(coin: place, expiry: number)
        if strikes.isEmpty { continue }
        let smile = coin.smile(years: expiry.years)
        if coin.name == "SOL" {
          document.smile(coin.name, expiry.instant, smile)
        } else {
          let forward = coin.forward(years: expiry.years)
          let volatilities = strikes.map { smile.volatility(strike: $0, forward: forward) }
          document.quotes(coin.name, expiry.instant, strikes: strikes, volatilities: volatilities)
        }
      }
    }
    marks(into: &document)
    document.correlation(
      DeskCoin.all.map(\.name), DeskHistory.correlation, volatilities: DeskCoin.all.map(\.realisedVolatility))
    return document.bytes
  }

  /// Expiries at which the coin has options or futures, in order of time.
  private func expiries(of coin: Int) -> [DeskExpiry] {
    let families = DeskProduct.all.filter { $0.coin == coin }
    return DeskExpiry.all.indices.filter { place in
      families.contains { $0.optionExpiries.contains(place) || $0.futureExpiries.contains(place) }
    }.map { DeskExpiry.all[$0] }
  }

  private func marks(into document: inout MarketDocument) {
    for contract in contracts where contract.kind == .perpetual || contract.kind == .future {
      let coin = DeskCoin.all[contract.coin]
      let isPerpetual = contract.kind == .perpetual
      // Interest in the contract's own unit: USD where coin-margined, coin otherwise.
      let interest = 40_000 * coin.ordinarySize * (isPerpetual ? 1 : 0.1)
      document.mark(
        contract.name, contract.forward, funding: isPerpetual ? coin.funding : nil,
        interest: contract.isInverse
          ? Ticks.rounded(interest * coin.spot, step: 1_000) : Ticks.rounded(interest, step: 1))
    }
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics
import TestSupport
import Testing

@Suite struct GreekLawTests {
  private let team = ThreadTeam(threadCount: 2)

  private func equity(_ sample: SampleBook, _ coin: String, _ factor: Double) throws -> [Double] {
    var moved = sample
    moved.spotFactor[coin] = factor
    return BookValuation.value(try #require(moved.book()), team: team).equity
  }

  @Test("account delta and gamma equal a bump of the account's value", arguments: [1, 2, 3] as [UInt64])
  func bump(seed: UInt64) throws {
    let sample = SampleBook.random(accounts: 8, positions: 20, seed: seed)
    let book = BookValuation.value(try #require(sample.book()), team: team)
    #expect(book.failures.isEmpty)
    let greeks = GreekAggregation(book, team: team)
    for (coin, _, _) in SampleBook.coins {
      let id = try #require(Identifier(coin))
      let underlying = try #require(book.book.market.assetIndex(of: id))
      let spot = book.book.market.assets[underlying].spot
      // Differences of the sixth order: truncation h⁶ ≈ 1e-15, rounding 1e-16 of equity over h².
      let h = 0.004
      let low = try [3, 2, 1].map { try equity(sample, coin, 1 - $0 * h) }
      let high = try [3, 2, 1].map { try equity(sample, coin, 1 + $0 * h) }
      for account in book.equity.indices {
        let entry = greeks.account(account)?.byUnderlying.first { $0.underlying == underlying }
        let set = try #require(entry).greeks
        let odd = (0..<3).map { high[$0][account] - low[$0][account] }
        let even = (0..<3).map { high[$0][account] + low[$0][account] - 2 * book.equity[account] }
        let delta = (odd[0] - 9 * odd[1] + 45 * odd[2]) / (60 * h * spot)
        let gamma = (2 * even[0] - 27 * even[1] + 270 * even[2]) / (180 * h * h * spot * spot)
        let grossDelta = book.holdingRanges[account].reduce(0.0) {
          $0 + abs(greeks.holding($1)?.delta ?? 0)
        }
        let grossGamma = book.holdingRanges[account].reduce(0.0) {
          $0 + abs(greeks.holding($1)?.gamma ?? 0)
        }
        #expect(abs(delta - set.delta) <= 1e-6 * grossDelta)
        #expect(abs(gamma - set.gamma) <= 1e-6 * grossGamma)
      }
    }
  }

  @Test("a call minus a put minus a forward has neither value nor Greeks", arguments: [true, false])
  func synthetic(isInverse: Bool) throws {
    var sample = SampleBook()
    let stem = isInverse ? "BTC" : "BTC_USDC"
    let strike = 61_760.0
    sample.positions = [
      (0, "\(stem)-30-61760-C", 1, nil), (0, "\(stem)-30-61760-P", -1, nil),
      (0, "\(stem)-F30", isInverse ? -strike : -1, strike),
    ]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    #expect(book.holdings.count == 3)
    let spot = SampleBook.coins[0].1
    #expect(abs(book.equity[0]) <= 1e-9 * spot)
    let total = try #require(GreekAggregation(book, team: team).account(0)).total
    // Rho is left out: an option's worth is discounted to expiry, a future's profit is paid at once.
    for figure in [
      total.value, total.delta * spot, total.gamma * spot * spot, total.vega, total.theta,
      total.cashDelta, total.coinDelta * spot, total.coinGamma * spot,
    ] { #expect(abs(figure) <= 1e-9 * spot) }
  }

  @Test("the book's Greeks are those of its accounts, and parts of a book add up to the same bytes")
  func netting() throws {
    let sample = SampleBook.random(accounts: 30, positions: 12, seed: 9)
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let greeks = GreekAggregation(book, team: team)
    let whole = NettedBook(book)
    let net = try #require(greeks.net(whole)).total
    var sum = GreekSet()
    for account in book.equity.indices { sum += try #require(greeks.account(account)).total }
    #expect(abs(net.delta - sum.delta) <= 1e-10 * abs(sum.delta))
    #expect(abs(net.gamma - sum.gamma) <= 1e-10 * abs(sum.gamma))
    #expect(abs(net.value - sum.value) <= 1e-10 * abs(sum.value))
    #expect(abs(net.theta - sum.theta) <= 1e-10 * abs(sum.theta))
    func part(_ keep: (Int) -> Bool) throws -> NettedBook {
      var part = sample
      part.positions = sample.positions.filter { keep($0.account) }
      part.balances = sample.balances.filter { keep($0.account) }
      return NettedBook(BookValuation.value(try #require(part.book()), team: team))
    }
    var joined = try part { $0 % 3 == 1 }
    for remainder in [0, 2] {
      let other = try part { $0 % 3 == remainder }
      let isAdded = joined.add(other)
      #expect(isAdded)
    }
    #expect(joined.effectiveQuantity.map(\.value) == whole.effectiveQuantity.map(\.value))
    #expect(joined.value.map(\.value) == whole.value.map(\.value))
    #expect(greeks.net(joined) == greeks.net(whole))
  }

  @Test("the forward of an underlying without listed ones follows rate and yield, as in Black–Scholes")
  func carry() throws {
    let usd = try #require(Identifier("USD"))
    let spy = try #require(Identifier("SPY"))
    let asOf = try #require(SampleBook.asOf)
    let expiry = try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + 31_536_000))
    let name = try #require(Identifier("SPY   260618C00600000"))
    func value(spot: Double, rate: Double, later: Int64 = 0) throws -> ValuedBook {
      let market = MarketSnapshot(
        asOf: try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + later)),
        baseCurrency: usd, assets: [Asset(id: spy, spot: spot)],
        rates: [RateCurve(currency: usd, years: [1], rates: [rate])],
        dividends: [DividendYield(underlying: spy, rate: 0.012)],
        volatility: [
          VolatilitySlice(
            underlying: spy, expiry: expiry, shape: .quotes(strikes: [600], volatilities: [0.18]))
        ])
      let option = Instrument(
        id: name, kind: .option, underlying: spy,
        quoteAsset: usd, settlementAsset: usd, expiry: expiry, strike: 600, optionType: .call,
        multiplier: 100, isListed: true)
      return BookValuation.value(
        Book(
          market: market, instruments: [option], accounts: [spy],
          positions: [Position(account: 0, instrument: 0, quantity: 3, row: 1)], balances: []), team: team)
    }
    let book = try value(spot: 590, rate: 0.043)
    let set = try #require(GreekAggregation(book, team: team).account(0)).total
    let rho = (try value(spot: 590, rate: 0.044).equity[0] - value(spot: 590, rate: 0.042).equity[0]) / 0.002
    let delta = (try value(spot: 590.5, rate: 0.043).equity[0] - value(spot: 589.5, rate: 0.043).equity[0])
    let hour = 3_600.0 / 31_536_000
    let theta =
      (try value(spot: 590, rate: 0.043, later: 3_600).equity[0]
        - value(spot: 590, rate: 0.043, later: -3_600).equity[0]) / (2 * hour)
    // Central differences: truncation of the third derivative.
    #expect(abs(rho - set.rho) < 1e-5 * set.rho)
    #expect(abs(delta - set.delta) < 1e-5 * set.delta)
    #expect(abs(theta - set.theta) < 1e-5 * abs(set.theta))
  }
}

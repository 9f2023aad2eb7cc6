import Foundation
import MarketModel
import OptionPricing
import PortfolioValuation
import RiskNumerics
import Testing

/// Listed options on shares that pay at single instants.
@Suite struct DividendBookTests {
  private static let days = 120.0
  private static let rate = 0.04
  private static let volatility = 0.25
  private let team = ThreadTeam(threadCount: 2)

  private func valued(
    spot: Double = 100, volatility: Double = Self.volatility, rate: Double = Self.rate,
    payments: [(days: Int64, amount: DividendPayment.Amount)], marks: [String: Double] = [:],
    hasSurface: Bool = true, style: ExerciseStyle = .american
  ) throws -> ValuedBook {
    let share = try #require(Identifier("IBM"))
    let usd = try #require(Identifier("USD"))
    let expiry = try #require(Instant.newYorkClose(year: 2007, month: 4, day: 20))
    let asOf = try #require(Instant(secondsSinceEpoch: expiry.secondsSinceEpoch - Int64(Self.days) * 86_400))
    let names = [
      "IBM   070420C00090000", "IBM   070420C00100000", "IBM   070420P00100000", "IBM   070420P00120000",
    ]
    let instruments = try names.map { name -> Instrument in
      let named = try InstrumentName.parse(try #require(Identifier(name)))
      return Instrument(
        id: named.id, kind: named.kind, underlying: named.underlying, quoteAsset: named.quoteAsset,
        settlementAsset: named.settlementAsset, expiry: named.expiry, strike: named.strike,
        optionType: named.optionType, exercise: style, multiplier: named.multiplier,
        isInverse: named.isInverse,
        isListed: named.isListed)
    }
    let dividends = try payments.map {
      DividendPayment(
        exDate: try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + $0.days * 86_400)),
        amount: $0.amount)
    }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: [Asset(id: share, spot: spot), Asset(id: usd, spot: 1)],
      rates: [RateCurve(currency: usd, years: [1], rates: [rate])], forwards: [],
      dividends: [DividendYield(underlying: share, rate: 0.01, payments: dividends)],
      volatility: hasSurface
        ? [
          VolatilitySlice(
            underlying: share, expiry: expiry, shape: .quotes(strikes: [100], volatilities: [volatility]))
        ] : [],
      marks: try marks.map { Mark(instrument: try #require(Identifier($0.key)), price: $0.value) })
    let account = try #require(Identifier("a"))
    return BookValuation.value(
      Book(
        market: market, instruments: instruments, accounts: [account],
        positions: instruments.indices.map { Position(account: 0, instrument: $0, quantity: 1, row: $0 + 1) },
        balances: []), team: team)
  }

  /// Cox, Ross and Rubinstein 1979 on the spot without its payments; shares keep the tree recombining.
  private static func tree(
    isCall: Bool, strike: Double, shares: [(years: Double, share: Double)], steps: Int
  ) -> Double {
    let years = days / 365
    let dt = years / Double(steps)
    let up = exp(volatility * dt.squareRoot())
    let growth = exp((rate - 0.01) * dt)
    let p = (growth - 1 / up) / (up - 1 / up)
    let discount = exp(-rate * dt)
    func paid(_ step: Int) -> Double {
      shares.reduce(1) { $1.years <= Double(step) * dt ? $0 * (1 - $1.share) : $0 }
    }
    func payoff(_ spot: Double) -> Double { max(0, isCall ? spot - strike : strike - spot) }
    func spot(_ step: Int, _ j: Int) -> Double { 100 * pow(up, Double(2 * j - step)) }
    var values = (0...steps).map { payoff(spot(steps, $0) * paid(steps)) }
    for step in stride(from: steps - 1, through: 0, by: -1) {
      let factor = paid(step)
      for j in 0...step {
        let kept = discount * (p * values[j + 1] + (1 - p) * values[j])
        values[j] = max(kept, payoff(spot(step, j) * factor))
      }
    }
    return values[0]
  }

  @Test("the forward is the spot less the present value of cash payments, grown at rate and yield")
  func forward() throws {
    let payments: [(days: Int64, amount: DividendPayment.Amount)] = [
      (30, .cash(1.5)), (90, .cash(0.75)), (200, .cash(9)), (-3, .cash(9)),
    ]
    let book = try valued(payments: payments, style: .european)
    let carry = Self.rate - 0.01
    let left = 100 - 1.5 * exp(-carry * 30 / 365) - 0.75 * exp(-carry * 90 / 365)
    for case let option? in book.resolved {
      #expect(abs(option.forward - left * exp(carry * Self.days / 365)) < 1e-10)
    }
    #expect(book.assumptions.contains { $0.contains("less what it pays until T") })
  }

  @Test("an American option on a share that pays is worth what a tree says, to 2·10⁻⁴ of the strike")
  func value() throws {
    let shares: [(years: Double, share: Double)] = [(20.0 / 365, 0.015), (100.0 / 365, 0.03)]
    let book = try valued(payments: [(20, .share(0.015)), (100, .share(0.03))])
    #expect(book.failures.isEmpty)
    for case let option? in book.resolved {
      // Two neighbouring trees: the strike sits once above and once below a node.
      let tree = [600, 601].map {
        Self.tree(isCall: option.isCall, strike: option.strike, shares: shares, steps: $0)
      }
      let expected = 100 * (tree[0] + tree[1]) / 2
      #expect(abs(option.unit - expected) < 2e-4 * option.strike * 100, "\(option.strike): \(option.unit)")
    }
    // The right is worth something here, and nothing could be had without it.
    let european = try valued(
      payments: [(20, .share(0.015)), (100, .share(0.03))], style: .european)
    for (one, other) in zip(book.resolved, european.resolved) {
      let (one, other) = (try #require(one), try #require(other))
      #expect(one.unit >= other.unit)
    }
    #expect((book.resolved[0]?.unit ?? 0) > (european.resolved[0]?.unit ?? 0) + 10)
  }

  @Test("delta, gamma and vega are the slopes of the value")
  func greeks() throws {
    let payments: [(days: Int64, amount: DividendPayment.Amount)] = [
      (20, .share(0.015)), (100, .share(0.03)),
    ]
    let book = try valued(payments: payments)
    let account = book.holdings
    let h = 0.25
    let (up, down) = (
      try valued(spot: 100 + h, payments: payments), try valued(spot: 100 - h, payments: payments)
    )
    let wider = try valued(volatility: Self.volatility + 0.005, payments: payments)
    let narrower = try valued(volatility: Self.volatility - 0.005, payments: payments)
    for place in account.indices {
      let option = try #require(book.resolved[place])
      let greeks = try #require(InstrumentGreeks(option, premium: book.premium(of: option)))
      let values = try [up, down, wider, narrower].map { try #require($0.resolved[place]).unit }
      let delta = (values[0] - values[1]) / (2 * h)
      let gamma = (values[0] + values[1] - 2 * option.unit) / (h * h)
      let vega = (values[2] - values[3]) / 0.01
      // The value has 1e-4 of the strike, its differences far less: the errors of neighbours are alike.
      #expect(abs(greeks.delta - delta) < 0.2, "\(option.strike): \(greeks.delta) \(delta)")
      #expect(abs(greeks.gamma - gamma) < 0.2, "\(option.strike): \(greeks.gamma) \(gamma)")
      #expect(abs(greeks.vega - vega) < 10 + 0.01 * abs(vega), "\(option.strike): \(greeks.vega) \(vega)")
    }
  }

  @Test("the volatility of a mark gives the mark")
  func mark() throws {
    let payments: [(days: Int64, amount: DividendPayment.Amount)] = [(20, .cash(1.5)), (100, .cash(3))]
    let names = ["IBM   070420C00100000", "IBM   070420P00120000"]
    let first = try valued(payments: payments)
    let marks = try [1, 3].map { try #require(first.resolved[$0]).unit / 100 }
    let book = try valued(
      payments: payments, marks: [names[0]: marks[0], names[1]: marks[1]], hasSurface: false)
    for (place, mark) in zip([1, 3], marks) {
      let option = try #require(book.resolved[place])
      #expect(abs(option.volatility - Self.volatility) < 1e-6)
      #expect(abs(option.unit - mark * 100) < 1e-4)
    }
  }

  @Test("a premium is finite at every spot, far beyond its grid as well")
  func farSpots() throws {
    for volatility in [0.05, 0.15, 0.2, 0.25, 0.4] {
      for share in [0.005, 0.01, 0.02, 0.03, 0.1] {
        let book = try valued(volatility: volatility, payments: [(29, .share(share))])
        for case let option? in book.resolved {
          let premium = try #require(book.premium(of: option))
          for move in stride(from: -7.0, through: 7, by: 0.25) {
            let slope = premium.premium(at: 100 * exp(move))
            #expect(slope.value.isFinite && slope.value >= 0 && slope.first.isFinite && slope.second.isFinite)
          }
        }
      }
    }
  }

  @Test("a share that pays more than it is worth has no price")
  func refusal() throws {
    let book = try valued(payments: [(20, .cash(150))])
    #expect(book.resolved.allSatisfy { $0 == nil })
    #expect(book.failures.allSatisfy { $0.message.contains("pays more than it is worth") })
  }
}

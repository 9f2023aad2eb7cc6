import RiskNumerics
import Testing

/// The desk's quotes must not offer free money, or margin and VaR of it would be taken of nonsense.
@Suite struct SampleSurfaceTests {
  static func call(_ forward: Double, _ strike: Double, _ deviation: Double) -> Double {
    let d1 = Elementary.log(forward / strike) / deviation + deviation / 2
    return forward * Elementary.normalDistribution(d1)
      - strike * Elementary.normalDistribution(d1 - deviation)
  }

  /// Years from the desk's as-of to 08:00 of a day of 2026.
  static func years(_ expiry: String) -> Double {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let month = Int(expiry.dropFirst(5).prefix(2)) ?? 0
    let day = Int(expiry.dropFirst(8).prefix(2)) ?? 0
    let days = lengths.prefix(month - 1).reduce(0, +) + day - 30
    return (Double(days) * 86_400 - 1_800) / 31_536_000
  }

  @Test(arguments: [500, 1_500])
  func `calls fall with the strike, and fall ever more slowly`(instruments: Int) throws {
    let quotes = try Quotes(DeskFiles(accounts: 0, instruments: instruments).market)
    #expect(quotes.slices.count == 22)
    for slice in quotes.slices {
      let forward = try #require(quotes.forward(slice.underlying, slice.expiry))
      let time = Self.years(slice.expiry).squareRoot()
      let calls = zip(slice.strikes, slice.volatilities).map { Self.call(forward, $0, $1 * time) }
      let slopes = calls.indices.dropFirst().map {
        (calls[$0] - calls[$0 - 1]) / (slice.strikes[$0] - slice.strikes[$0 - 1])
      }
      #expect(slopes.allSatisfy { $0 < 0 && $0 > -1 })
      // Volatilities are rounded to 1e-4: vega ≤ 0.4 F √T moves a price by 2e-5 F √T, over the smallest gap.
      let gap = zip(slice.strikes.dropFirst(), slice.strikes).map { $0 - $1 }.min() ?? 1
      let tolerance = 4 * 2e-5 * forward * time / gap
      #expect(zip(slopes.dropFirst(), slopes).allSatisfy { $0 > $1 - tolerance })
    }
  }

  @Test func `total variance at the money grows with time`() throws {
    let quotes = try Quotes(DeskFiles(accounts: 0, instruments: 1_500).market)
    for coin in ["BTC", "ETH"] {
      var last = 0.0
      for slice in quotes.slices where slice.underlying == coin {
        let forward = try #require(quotes.forward(coin, slice.expiry))
        let near = try #require(
          slice.strikes.indices.min { abs(slice.strikes[$0] - forward) < abs(slice.strikes[$1] - forward) })
        let variance = slice.volatilities[near] * slice.volatilities[near] * Self.years(slice.expiry)
        #expect(variance > last)
        last = variance
      }
    }
  }

  @Test func `a future is marked at the forward of its expiry`() throws {
    let quotes = try Quotes(DeskFiles(accounts: 0).market)
    let futures = quotes.marks.filter { !$0.instrument.hasSuffix("PERPETUAL") }
    #expect(futures.count == 12)
    for mark in futures {
      #expect(quotes.covers(contract: mark.instrument))
      #expect(quotes.forwards.contains { $0.price == mark.price })
    }
  }
}

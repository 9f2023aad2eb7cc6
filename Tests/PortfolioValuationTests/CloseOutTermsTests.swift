import MarketModel
import PortfolioValuation
import TestSupport
import Testing

@Suite struct CloseOutTermsTests {
  private static func btc() throws -> MarketDepth.Subject { .underlying(try #require(Identifier("BTC"))) }

  private static func terms(
    _ halfSpread: Double, _ form: MarketDepth.Impact.Form = .squareRoot, coefficient: Double = 0,
    volume: Double = 1_000, volatility: Double = 0.03,
    widening: MarketDepth.Widening = .init(spread: 0, depth: 0)
  ) throws -> CloseOutTerms {
    let impact = MarketDepth.Impact(form: form, coefficient: coefficient, dailyVolume: volume)
    return try #require(
      CloseOutTerms(
        MarketDepth(
          try btc(), shape: .impact(halfSpread: halfSpread, impact), dailyVolatility: volatility,
          widening: widening), dailyVolatility: nil))
  }

  private static let levels = [(0.001, 10.0), (0.002, 20), (0.005, 50)].map {
    MarketDepth.Level(distance: $0.0, quantity: $0.1)
  }

  private static func walk(
    bids: [MarketDepth.Level] = levels, asks: [MarketDepth.Level] = levels,
    widening: MarketDepth.Widening = .init(spread: 0, depth: 0)
  ) throws -> CloseOutTerms {
    try #require(
      CloseOutTerms(
        MarketDepth(
          try btc(), shape: .levels(bids: bids, asks: asks), dailyVolatility: 0.03, widening: widening),
        dailyVolatility: nil))
  }

  private static func all() throws -> [CloseOutTerms] {
    let wide = MarketDepth.Widening(spread: 0.7, depth: 1.5)
    return [
      try terms(0.0002), try terms(0.0005, coefficient: 0.8, widening: wide),
      try terms(0, .linear, coefficient: 1.2), try walk(), try walk(widening: wide),
    ]
  }

  @Test("nothing held costs nothing, and what is held never a negative amount")
  func signs() throws {
    for terms in try Self.all() {
      for move in [-0.5, -0.01, 0, 0.3] {
        #expect(terms.cost(of: 0, price: 65_000, logMove: move) == 0)
        for quantity in [-1e6, -3, -1e-9, 1e-9, 3, 1e6] {
          #expect(terms.cost(of: quantity, price: 65_000, logMove: move) >= 0)
        }
      }
    }
  }

  @Test("more costs more, and a thinner market never less")
  func monotone() throws {
    for terms in try Self.all() {
      for side in [-1.0, 1] {
        var last = 0.0
        for step in 1...200 {
          let cost = terms.cost(of: side * Double(step), price: 100, logMove: -0.05)
          #expect(cost >= last)
          last = cost
        }
        for sign in [-1.0, 1] {
          var last = 0.0
          for step in 0...40 {
            let cost = terms.cost(of: side * 37, price: 100, logMove: sign * 0.01 * Double(step))
            #expect(cost >= last)
            last = cost
          }
        }
      }
    }
  }

  @Test("an impact is homogeneous of degree one plus its power, a half-spread of degree one")
  func homogeneous() throws {
    // Powers of two, so that scaling rounds nothing but the square root.
    let cases: [(CloseOutTerms, Double)] = [
      (try Self.terms(0, .squareRoot, coefficient: 0.8), 1.5),
      (try Self.terms(0, .linear, coefficient: 0.8), 2),
      (try Self.terms(0.001), 1),
    ]
    for (terms, degree) in cases {
      let one = terms.cost(of: -3, price: 100, logMove: 0)
      let sixteen = terms.cost(of: -48, price: 100, logMove: 0)
      let factor = degree == 1.5 ? 64.0 : degree == 2 ? 256 : 16
      #expect(abs(sixteen - factor * one) <= 4e-16 * sixteen)
    }
  }

  @Test("the square root by hand: 40 of 1,000 a day")
  func squareRoot() throws {
    // 40 · 100 · (0.001 + 0.5 · 0.02 · √0.04) = 4,000 · 0.003
    let terms = try Self.terms(0.001, coefficient: 0.5, volatility: 0.02)
    #expect(abs(terms.cost(of: 40, price: 100, logMove: 0) - 12) < 1e-12)
    #expect(terms.cost(of: -40, price: 100, logMove: 0) == terms.cost(of: 40, price: 100, logMove: 0))
    // Two standard deviations: the half-spread doubles by 1 + ½·2, the volume is a quarter by 1 + 1.5·2.
    let wide = try Self.terms(
      0.001, coefficient: 0.5, volatility: 0.02, widening: .init(spread: 0.5, depth: 1.5))
    // 4,000 · (0.002 + 0.01 · √0.16)
    #expect(abs(wide.cost(of: 40, price: 100, logMove: -0.04) - 24) < 1e-11)
    #expect(abs(wide.cost(of: 40, price: 100, logMove: 0.04) - 24) < 1e-11)
  }

  @Test("the line by hand: 40 of 1,000 a day")
  func line() throws {
    // 4,000 · (0.001 + 0.01 · 0.04)
    let terms = try Self.terms(0.001, .linear, coefficient: 0.5, volatility: 0.02)
    #expect(abs(terms.cost(of: -40, price: 100, logMove: 0) - 5.6) < 1e-12)
  }

  @Test("an order book by hand: inside its levels, and beyond them at its mean density")
  func book() throws {
    let terms = try Self.walk()
    // 10·0.001 + 15·0.002 = 0.04 prices
    #expect(abs(terms.cost(of: 25, price: 100, logMove: 0) - 4) < 1e-12)
    // All 80: 0.01 + 0.04 + 0.25 = 0.3, and 20 more from 0.005 to 0.00625: 0.005·(100² − 80²)/160 = 0.1125
    #expect(abs(terms.cost(of: -100, price: 100, logMove: 0) - 41.25) < 1e-12)
    #expect(terms.beyondBook(-100, logMove: 0) == 20 && terms.beyondBook(25, logMove: 0) == 0)
    #expect(try Self.terms(0.1).beyondBook(25, logMove: 0) == nil)
    // A day's standard deviation: distances double, quantities halve.
    let wide = try Self.walk(widening: .init(spread: 1, depth: 1))
    // 5·0.002 + 10·0.004 + 10·0.01 = 0.15
    #expect(abs(wide.cost(of: 25, price: 100, logMove: 0.03) - 15) < 1e-11)
    #expect(wide.beyondBook(50, logMove: -0.03) == 10)
  }

  @Test("a sale walks the bids and a purchase the asks")
  func sides() throws {
    let thin = [MarketDepth.Level(distance: 0.01, quantity: 1)]
    let terms = try Self.walk(bids: thin)
    #expect(abs(terms.cost(of: 1, price: 100, logMove: 0) - 1) < 1e-13)
    #expect(abs(terms.cost(of: -1, price: 100, logMove: 0) - 0.1) < 1e-13)
  }

  @Test("a sale brings in nothing at worst, a purchase has no such bound")
  func floor() throws {
    let terms = try Self.terms(0, .linear, coefficient: 10)
    #expect(terms.cost(of: 1e6, price: 100, logMove: 0) == 1e8)
    #expect(terms.cost(of: -1e6, price: 100, logMove: 0) > 1e8)
  }

  @Test(
    "terms without the daily volatility that they need do not exist, and take the market's where it has one")
  func volatility() throws {
    let depth = MarketDepth(
      try Self.btc(),
      shape: .impact(
        halfSpread: 0.001, MarketDepth.Impact(form: .linear, coefficient: 0.5, dailyVolume: 1_000)))
    #expect(CloseOutTerms(depth, dailyVolatility: nil) == nil)
    #expect(CloseOutTerms(depth, dailyVolatility: 0) == nil)
    let terms = try #require(CloseOutTerms(depth, dailyVolatility: 0.02))
    #expect(abs(terms.cost(of: -40, price: 100, logMove: 0) - 5.6) < 1e-12)
    let still = MarketDepth(try Self.btc(), shape: .impact(halfSpread: 0.001, nil))
    #expect(CloseOutTerms(still, dailyVolatility: nil) != nil)
    #expect(CloseOutTerms(MarketDepth(try Self.btc(), shape: .unknown), dailyVolatility: 0.02) == nil)
  }
}

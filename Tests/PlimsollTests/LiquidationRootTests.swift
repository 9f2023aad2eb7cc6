import Plimsoll
import Testing

@Suite("liquidation prices of a whole run")
struct LiquidationRootTests {
  static let books: [HandBook] = [
    HandBook(
      positions: ["a,BTC-27FEB26-70000-C,-2,,,", "a,BTC-27FEB26-55000-P,-2,,,"], balances: ["a,USDC,60000"]),
    HandBook(positions: ["a,BTC-PERPETUAL,300000,64000,,"], balances: ["a,BTC,0.6"]),
    HandBook(
      positions: ["a,BTC_USDC-PERPETUAL,3,65020,,", "a,BTC_USDC-26JUN26-55000-P,3,,,"],
      balances: ["a,USDC,25000"]),
  ]

  /// Surplus of the account under a model and mode when the whole market has moved to `spot`.
  private func surplus(_ book: HandBook, spot: Double, _ price: LiquidationPrice) throws -> Double {
    var moved = book
    moved.move = spot / book.bitcoin
    moved.measures = ["margin"]
    let figures = try #require(try moved.engine().account(0)).account.figures
    return try #require(
      figures.margin?.models.first { $0.model == price.model && $0.mode == price.mode }
    ).surplus
  }

  @Test("the surplus of the account changes sign at each price", arguments: 0..<3)
  func signChange(place: Int) throws {
    let book = Self.books[place]
    let liquidation = try #require(try book.engine().account(0)?.account.figures.liquidation)
    let prices = liquidation.prices.filter { $0.mode != .isolated }
    #expect(prices.contains { !$0.spotRoots.isEmpty })
    for price in prices {
      #expect(price.spotRoots.isEmpty == (price.reason != nil))
      for root in price.spotRoots {
        let below = try surplus(book, spot: root * (1 - 1e-6), price)
        let above = try surplus(book, spot: root * (1 + 1e-6), price)
        #expect(below * above < 0, "\(price.model) \(price.mode) at \(root): \(below), \(above)")
      }
    }
  }

  @Test("a short fly that expires tomorrow has a pair of prices in every scenario's dip")
  func shortFly() throws {
    let book = HandBook(
      asOf: "2026-02-05T20:00:00Z",
      positions: [
        "a,BTC_USDC-6FEB26-66000-C,-20,,,", "a,BTC_USDC-6FEB26-67000-C,40,,,",
        "a,BTC_USDC-6FEB26-68000-C,-20,,,",
      ], balances: ["a,USDC,22000"], measures: ["margin", "liquidation"])
    let prices = try #require(try book.engine().account(0)?.account.figures.liquidation).prices
    let price = try #require(prices.first { $0.mode == .portfolio })
    var changes: [(Double, Double)] = []
    var last = (spot: 0.0, surplus: 0.0)
    // Steps of a tenth of a percent: a dip is about one percent wide.
    for step in 0...450 {
      let spot = book.bitcoin * (0.85 + Double(step) * 0.001)
      let here = try surplus(book, spot: spot, price)
      if step > 0, (here < 0) != (last.surplus < 0) { changes.append((last.spot, spot)) }
      last = (spot, here)
    }
    #expect(changes.count >= 4, "the book has dips below zero")
    for (low, high) in changes {
      #expect(price.spotRoots.contains { $0 >= low && $0 <= high }, "between \(low) and \(high)")
    }
  }
}

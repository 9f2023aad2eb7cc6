import Plimsoll
import Testing

@Suite("Profit and surplus over a ladder of spots")
struct MarginProfileTests {
  private static let books = LiquidationRootTests.books

  private struct Moved {
    var equity: Double
    var surplus: [Double]
  }

  /// The account on a market that was moved as a whole and read anew.
  private func moved(_ book: HandBook, by move: Double) throws -> Moved {
    var moved = book
    moved.move = 1 + move
    moved.measures = ["margin"]
    let figures = try #require(try moved.engine().account(0)?.account.figures)
    let found = try #require(figures.margin?.comparison)
    return Moved(
      equity: figures.equity,
      surplus: try [found.isolated, found.cross, found.portfolio].map { try #require($0.surplus) })
  }

  @Test("each rung is the equity and the surplus of the moved market", arguments: 0..<3)
  func rungs(place: Int) throws {
    let book = Self.books[place]
    let engine = try book.engine()
    let moves = engine.head([]).spotMoves
    #expect(moves.contains(0) && moves == moves.sorted() && (13...17).contains(moves.count))
    let profile = try #require(engine.account(0)?.account.figures.margin?.profile)
    let today = try moved(book, by: 0)
    let ladder = try #require(profile.ladders.first)
    #expect(profile.ladders.count == 1 && ladder.underlyings.map(\.text) == ["BTC"])
    #expect(ladder.spot == book.bitcoin)
    for (rung, move) in moves.enumerated() {
      let there = try moved(book, by: move)
      // Prices of the same contracts on the same market by two ways: kernels and scalars agree to 1e-12 of spot.
      let tolerance = 1e-9 * (abs(today.equity) + 10 * book.bitcoin)
      #expect(abs(ladder.profitAndLoss[rung] - (there.equity - today.equity)) < tolerance, "\(move)")
      for (column, surplus) in zip(ladder.surplus, there.surplus) {
        #expect(abs(column[rung] - surplus) < tolerance, "\(move)")
      }
    }
  }

  @Test("a book's ladder is the sum of its accounts, those that hold nothing of it standing still")
  func book() throws {
    var book = HandBook(
      positions: ["a,BTC-PERPETUAL,300000,64000,,", "b,BTC_USDC-26JUN26-55000-P,3,,,"],
      balances: ["a,BTC,0.6", "b,USDC,25000", "c,USDC,70"])
    book.measures = ["margin", "liquidation"]
    let engine = try book.engine()
    let report = try #require(engine.report(inputDigests: []) { _ in true })
    let profiles = try (0..<3).map { try #require(engine.account($0)?.account.figures.margin?.profile) }
    #expect(profiles[2].ladders.isEmpty)
    // Nothing is required of cash.
    #expect(profiles[2].today == [70, 70, 70])
    let sum = try #require(report.book.figures.margin?.profile)
    let ladder = try #require(sum.ladders.first)
    #expect(sum.ladders.count == 1)
    for rung in ladder.profitAndLoss.indices {
      let profit = profiles.reduce(0) { $0 + ($1.ladders.first?.profitAndLoss[rung] ?? 0) }
      #expect(abs(ladder.profitAndLoss[rung] - profit) < 1e-6)
      for mode in 0..<3 {
        let surplus = profiles.reduce(0) { $0 + ($1.ladders.first?.surplus[mode][rung] ?? $1.today[mode]) }
        #expect(abs(ladder.surplus[mode][rung] - surplus) < 1e-6)
      }
    }
    let comparison = try #require(report.book.figures.margin?.comparison)
    let sides = [comparison.isolated, comparison.cross, comparison.portfolio]
    for (today, side) in zip(sum.today, sides) { #expect(abs(today - (try #require(side.surplus))) < 1e-6) }
    let text = String(decoding: report.document, as: UTF8.self)
    #expect(text.contains("\"spot_moves\":[-0.5") && text.contains("\"profile\":[{\"underlyings\":[\"BTC\"]"))
  }

  @Test("without liquidation there is no ladder, and the report says null")
  func absent() throws {
    var book = Self.books[0]
    book.measures = ["margin"]
    let report = try #require(try book.engine().report(inputDigests: []) { _ in true })
    #expect(report.book.figures.margin?.profile == nil)
    let text = String(decoding: report.document, as: UTF8.self)
    #expect(!text.contains("spot_moves") && text.contains("\"profile\":null"))
  }
}

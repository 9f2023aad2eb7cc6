import MarketModel
import PortfolioValuation
import RiskDocuments
import RiskNumerics
import Testing

/// What a reader could pass over without a word, and must not.
@Suite("Nothing of a book is passed over in silence")
struct ReadingSilenceTests {
  private func reading(_ book: SmallBook, _ rules: ReadingRules = ReadingRules()) throws -> Book {
    try book.read(rules).get().book
  }

  @Test(
    "a quote for something the market does not price is set aside, with the nearest name",
    arguments: [
      (
        "{\"underlying\": \"SPY\", \"yield\"", "{\"underlying\": \"SPX\", \"yield\"",
        "/dividends/0/underlying", "SPY"
      ),
      (
        "{\"underlying\": \"ETH\", \"expiry\"", "{\"underlying\": \"EHT\", \"expiry\"",
        "/volatility/1/underlying", "ETH"
      ),
      (
        "\"price\": 65480.0",
        "\"price\": 1}, {\"underlying\": \"XBTC\", \"expiry\": \"2026-03-27T08:00:00Z\", \"price\": 2",
        "/forwards/1/underlying", "BTC"
      ),
      ("\"currency\": \"USD\"", "\"currency\": \"USDD\"", "/rates/0/currency", "USDC"),
      (
        "\"instrument\": \"BTC-PERPETUAL\"", "\"instrument\": \"BTX-PERPETUAL\"", "/marks/0/instrument", "BTC"
      ),
    ])
  func unknownNames(found: String, other: String, pointer: String, near: String) throws {
    let book = try reading(SmallBook().replacing(found, with: other, in: "market.json"))
    let failure = try #require(book.failures.first)
    #expect(book.failures.count == 1)
    #expect(failure.path == "market.json#" + pointer)
    #expect(failure.reason == .invalid)
    #expect(failure.message.hasSuffix("did you mean \"\(near)\""))
  }

  @Test("a mark of an instrument that nobody holds is no fault")
  func unheldMark() throws {
    let other = "\"instrument\": \"ETH-PERPETUAL\""
    let book = SmallBook().replacing("\"instrument\": \"BTC-PERPETUAL\"", with: other, in: "market.json")
    #expect(try reading(book).failures.isEmpty)
  }

  @Test("a table that a book does without is told")
  func absentTables() throws {
    let noPositions = try reading(SmallBook().with("positions.csv", nil))
    #expect(
      noPositions.assumptions == ["positions: the book has no such table; its accounts hold balances only"])
    let noBalances = try reading(SmallBook().with("balances.csv", nil))
    #expect(
      noBalances.assumptions == ["balances: the book has no such table; its accounts hold positions only"])
    #expect(try reading(SmallBook()).assumptions.isEmpty)
    let empty = SmallBook().with("positions.csv", "account_id,instrument,quantity\n")
    #expect(try reading(empty).assumptions.isEmpty)
  }

  @Test("a fraction of a second in as_of is cut off and told")
  func fraction() throws {
    let book = try reading(SmallBook().replacing("21:29:37Z", with: "21:29:37.75Z", in: "market.json"))
    #expect(book.market.asOf.text == "2026-02-05T21:29:37Z")
    #expect(
      book.assumptions
        == ["as_of: 2026-02-05T21:29:37.75Z is taken to the second, as 2026-02-05T21:29:37Z"])
  }

  @Test("a column of volatilities stands beside those of prices")
  func volatilityColumn() throws {
    let text = "date,BTC:volatility,BTC,ETH\n2026-01-01,52.5,64000,1800\n2026-01-02,,64100,\n"
    let history = try #require(try reading(SmallBook().with("history.csv", text)).history)
    #expect(history.assets.map(\.text) == ["BTC", "ETH"])
    #expect(history.prices == [[64_000, 64_100], [1_800, nil]])
    #expect(history.volatilities.map(\.underlying.text) == ["BTC"])
    #expect(history.volatilities.first?.levels == [52.5, nil])
  }

  @Test("a day lost from the history touches whoever holds what moves, unless a correlation is quoted")
  func lostDay() throws {
    let bad = "date,BTC,ETH\n2026-01-01,64000,1800\n2026-01-02,-1,\n2026-01-03,64200,1805\n"
    let quoted = try reading(SmallBook().with("history.csv", bad))
    #expect(quoted.incompleteAccounts.isEmpty)
    let matrix = "[[1, 0.85], [0.85, 1]]"
    let estimated = SmallBook().with("history.csv", bad).replacing(
      "\"correlation\": {\"assets\": [\"BTC\", \"ETH\"], \"matrix\": \(matrix), \"volatilities\": [0.62, 0.81]},",
      with: "", in: "market.json")
    let book = try reading(estimated)
    #expect(book.market.correlation == nil)
    #expect(book.incompleteAccounts.map { book.accounts[$0].text } == ["alice", "bob", "carol"])
  }

  @Test("rows that only valuation sets aside count against the limit of their table")
  func valuation() throws {
    func refusal(_ rows: [String], _ limit: ReadingRules.Limit) throws -> DocumentError? {
      let rules = ReadingRules(maxRefused: limit)
      let table = "account_id,instrument,quantity\n" + rows.joined(separator: "\n") + "\n"
      let valued = BookValuation.value(
        try reading(SmallBook().with("positions.csv", table), rules), team: ThreadTeam(threadCount: 1))
      do throws(DocumentError) {
        try rules.check(valued)
        return nil
      } catch { return error }
    }
    let sound = Array(repeating: "bob,BTC-PERPETUAL,1", count: 5)
    let lost = (1...12).map { "m\($0),XYZ-PERPETUAL,1" }
    let error = try #require(try refusal(lost + sound, .standard))
    #expect(error.exitCode == 65)
    #expect(
      error.sentence
        == "positions.csv: found 12 of 17 rows that cannot be valued, more than the limit; one is "
        + "positions.csv:2:instrument: XYZ-PERPETUAL: the market has no asset XYZ")
    #expect(try refusal(Array(lost.prefix(10)) + sound, .standard) == nil)
    // Ten in reading and one in valuation are eleven.
    let unread = Array(repeating: "bob,BTC-PERPETUAL,NaN", count: 10)
    #expect(try refusal(unread + lost.prefix(1), .standard) != nil)
    #expect(try refusal(lost.prefix(1) + sound, .count(0)) != nil)
    #expect(try refusal(lost.prefix(1) + sound, .count(1)) == nil)
    #expect(try refusal(lost.prefix(1) + sound, .percent(17)) == nil)
    #expect(try refusal(lost.prefix(1) + sound, .percent(16)) != nil)
  }
}

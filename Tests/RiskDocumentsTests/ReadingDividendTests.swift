import MarketModel
import RiskDocuments
import Testing

/// What a market says of dividends at single instants.
@Suite struct ReadingDividendTests {
  private static func read(_ dividends: String) throws -> Book {
    let text = """
      {"market": {"as_of": "2026-02-05T21:00:00Z", "base_currency": "USD",
        "assets": [{"asset": "SPY", "spot": 690}], "dividends": [\(dividends)]},
       "positions": [], "balances": [{"account_id": "a", "asset": "SPY", "quantity": 1}]}
      """
    return try BookReader.read(.document(name: "book.json", bytes: Array(text.utf8)))
  }

  @Test("payments are read in any order, a yield beside them or not")
  func payments() throws {
    let book = try Self.read(
      """
      {"underlying": "SPY", "payments": [{"ex_date": "2026-06-19T13:30:00Z", "share": 0.003},
                                         {"ex_date": "2026-03-20T13:30:00Z", "cash": 1.9}]}
      """)
    let dividend = try #require(book.market.dividends.first)
    #expect(book.failures.isEmpty)
    #expect(dividend.rate == 0)
    #expect(dividend.payments.map(\.amount) == [.cash(1.9), .share(0.003)])
    let beside = try Self.read(#"{"underlying": "SPY", "yield": 0.01, "payments": []}"#)
    #expect(beside.market.dividends.first?.rate == 0.01)
  }

  @Test(
    "a payment that says too much or too little sets its underlying aside, with its place",
    arguments: [
      #"{"ex_date": "2026-03-20T13:30:00Z", "cash": 1, "share": 0.1}"#,
      #"{"ex_date": "2026-03-20T13:30:00Z"}"#,
      #"{"ex_date": "2026-03-20T13:30:00Z", "cash": -1}"#,
      #"{"ex_date": "2026-03-20T13:30:00Z", "share": 1}"#,
      #"{"ex_date": "2026-03-20", "cash": 1}"#,
    ])
  func faults(payment: String) throws {
    let book = try Self.read(#"{"underlying": "SPY", "payments": [\#(payment)]}"#)
    #expect(book.market.dividends.isEmpty)
    #expect(book.failures.count == 1)
    #expect(book.failures.first?.path.hasPrefix("book.json#/market/dividends/0/payments/0") == true)
  }

  @Test("two payments of one ex-date are one too many")
  func twice() throws {
    let payment = #"{"ex_date": "2026-03-20T13:30:00Z", "cash": 1}"#
    let book = try Self.read(#"{"underlying": "SPY", "payments": [\#(payment), \#(payment)]}"#)
    #expect(book.failures.map(\.reason) == [.duplicate])
  }
}

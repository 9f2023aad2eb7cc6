import Plimsoll
import TestSupport
import Testing

/// Depth from `market.json` to the report.
@Suite("depth from the market to the report")
struct LiquidityReportTests {
  private static let depth = """
    , "depth": [{"underlying": "BTC", "half_spread": 0.001,
                 "impact": {"form": "square_root", "coefficient": 0.5, "daily_volume": 10000},
                 "daily_volatility": 0.03, "widening": {"spread": 0.5, "depth": 1},
                 "volatility_half_spread": 0.01}]
    """

  private func book(_ marketKeys: String) -> HandBook {
    var book = HandBook()
    book.marketKeys = marketKeys
    book.positions = [
      "alice,BTC_USDC-PERPETUAL,4,,,", "bob,BTC_USDC-27FEB26-65000-C,-5,,,", "bob,BTC_USDC-PERPETUAL,1,,,",
    ]
    book.balances = ["alice,USDC,400000", "bob,USDC,500000", "carol,USDC,1"]
    book.runKeys = """
      , "stress": [{"scenario": "calm", "spot": 0}, {"scenario": "crash", "spot": -0.2, "volatility": 0.3}],
      "margin": {"models": ["derive-srm"]}
      """
    return book
  }

  private func document(_ book: HandBook, threads: Int = 2) throws -> [UInt8] {
    try #require(try book.engine(threads: threads).report(inputDigests: []) { _ in true }).document
  }

  @Test("an account of four coins by hand: today, in the worst stress, beside its requirements")
  func byHand() throws {
    let engine = try book(Self.depth).engine()
    let alice = try #require(engine.account(0)).account.figures
    let liquidity = try #require(alice.liquidity)
    // The perpetual's mark is what moves; it follows the spot one to one, so the delta is mark over spot a unit.
    let (spot, quantity) = (65_010.5, 4 * 65_020.0 / 65_010.5)
    // 4·65,020·(0.001 + 0.5·0.03·√(Q/10,000))
    let cost = spot * quantity * (0.001 + 0.015 * (quantity / 10_000).squareRoot())
    #expect(abs(try #require(liquidity.today.total) - cost) < 1e-9 * cost)
    #expect(liquidity.worst?.scenario.text == "crash")
    // ln 0.8 is 7.438 daily deviations.
    let z = 0.22314355131420976 / 0.03
    let crash =
      0.8 * spot * quantity * (0.001 * (1 + 0.5 * z) + 0.015 * (quantity * (1 + z) / 10_000).squareRoot())
    #expect(abs(try #require(liquidity.worst?.closeOutCost) - crash) < 1e-9 * crash)
    let models = try #require(alice.margin).models
    #expect(liquidity.requirements.count == models.count && !models.isEmpty)
    for (own, model) in zip(liquidity.requirements, models) {
      #expect(own.maintenance == model.maintenance + (liquidity.today.total ?? .nan))
    }
    let figure = try #require(alice.valueAtRisk?.first)
    #expect(try #require(figure.liquidity?.valueAtRisk) > figure.valueAtRisk + cost)
    #expect(figure.liquidity?.closeOutCost == liquidity.today.total)
  }

  @Test("the book is closed netted, and its accounts one by one beside it")
  func netted() throws {
    let engine = try book(Self.depth).engine()
    let report = try #require(engine.report(inputDigests: []) { _ in true })
    let liquidity = try #require(report.book.figures.liquidity)
    let accounts = try (0..<3).map { try #require(engine.account($0)).account.figures.liquidity?.today.total }
    #expect(liquidity.sumOfAccounts?.closeOutCost == accounts.compactMap { $0 }.reduce(0, +))
    #expect(liquidity.today.total ?? 0 > 0 && liquidity.today.total != liquidity.sumOfAccounts?.closeOutCost)
    #expect(accounts[2] == 0)
    #expect(report.failures.isEmpty)
  }

  @Test("without depth there is no trace of it, with it one thread and three give the same bytes")
  func bytes() throws {
    let bare = String(decoding: try document(book("")), as: UTF8.self)
    #expect(!bare.contains("liquidity") && !bare.contains("close_out"))
    let report = try document(book(Self.depth), threads: 1)
    #expect(try document(book(Self.depth), threads: 3) == report)
    try TestReports.keep(report, folder: "liquidity", file: "report.json")
  }

  @Test("methods without paths say so by name, and so does a depth that is missing")
  func reasons() throws {
    var analytic = book(Self.depth)
    analytic.runKeys = ""
    let engine = try Engine(
      book: try analytic.engine().valued.book,
      plan: plan(methods: [.parametric, .deltaGamma, .monteCarlo]), threads: 1)
    let figures = try #require(engine.account(0)).account.figures.valueAtRisk ?? []
    #expect(
      figures.map { $0.liquidity?.reason } == [
        "not applicable to parametric: it has no paths to close out on",
        "not applicable to delta_gamma: it has no paths to close out on", nil,
      ])
    #expect(figures.allSatisfy { $0.liquidity?.closeOutCost != nil })
    let lacking = try book(
      ", \"depth\": [{\"instrument\": \"BTC_USDC-PERPETUAL\", \"half_spread\": 0.001}]"
    ).engine()
    let (alice, none) = try #require(lacking.account(0))
    #expect(none.isEmpty && alice.figures.liquidity?.today.total != nil)
    let (bob, failures) = try #require(lacking.account(1))
    #expect(bob.figures.isIncomplete && bob.figures.liquidity?.today.total == nil)
    #expect(failures.map(\.path) == ["accounts/bob/liquidity"])
    #expect(failures.map(\.reason) == [.missing])
    #expect(bob.figures.valueAtRisk?.first?.liquidity?.reason == "BTC: the market quotes no depth of it")
    #expect(bob.figures.liquidity?.requirements.allSatisfy { $0.maintenance == nil } == true)
  }

  private func plan(methods: [ValueAtRiskPlan.Method]) -> RunPlan {
    let levels = ["0.99"].compactMap(ConfidenceLevel.init(decimal:))
    var plan = RunPlan()
    plan.measures = [.valueAtRisk]
    plan.valueAtRisk = methods.map { ValueAtRiskPlan(method: $0, confidence: levels, paths: 500) }
    return plan
  }
}

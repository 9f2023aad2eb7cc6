import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

@Suite struct MarginEngineSpeedTests {
  /// Printed, not asserted: shared machines have bad minutes.
  @Test("ten thousand accounts of twenty positions take well under a second on one thread")
  func nightly() throws {
    var desk = RandomDesk(seed: 7)
    desk.expiriesPerCoin = 7
    desk.strikesPerExpiry = 27
    let book = desk.valued(accounts: 10_000, positions: 20)
    let valued = try #require(book)
    let clock = ContinuousClock()
    let names = MarginLawTests.names
    let start = clock.now
    let engine = try MarginEngine(book: valued, models: names, parts: [], team: ThreadTeam(threadCount: 1))
    let prepared = clock.now
    var sum = 0.0
    for account in valued.book.accounts.indices {
      for figure in engine.models(ofAccount: account) { sum += figure.maintenance }
    }
    let end = clock.now
    print("\(valued.book.instruments.count) instruments prepared in \(prepared - start)")
    print("all models, 10,000 accounts, one thread: \(end - prepared)")
    #expect(sum.isFinite && sum > 0)
    let one = try MarginEngine(book: valued, models: [names[1]], parts: [], team: ThreadTeam(threadCount: 1))
    let begin = clock.now
    for account in valued.book.accounts.indices { sum += one.models(ofAccount: account)[0].initial }
    print("portfolio manager alone: \(clock.now - begin)")
    let whole = clock.now
    let both = try MarginEngine(book: valued, models: names, team: ThreadTeam(threadCount: 1))
    print("with comparison and liquidation prepared in \(clock.now - whole)")
    let compare = clock.now
    for account in 0..<1_000 { sum += both.comparison(ofAccount: account)?.saving?.offset ?? 0 }
    let liquidate = clock.now
    for account in 0..<1_000 { sum += both.liquidation(ofAccount: account)?.distance ?? 0 }
    print("1,000 comparisons \(liquidate - compare), liquidations \(clock.now - liquidate)")
  }
}

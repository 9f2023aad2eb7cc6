import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// What an account needs follows from the account and the market, never from what others hold.
@Suite struct NeighbourTests {
  static let team = ThreadTeam(threadCount: 1)
  static let names = MarginLawTests.names

  /// One account of a book with the contracts that it holds, and no others.
  static func alone(_ account: Int, in book: Book) -> Book {
    let held = Set(book.positions.filter { $0.account == account }.map(\.instrument)).sorted()
    return Book(
      market: book.market, instruments: held.map { book.instruments[$0] }, accounts: [book.accounts[account]],
      positions: book.positions.filter { $0.account == account }.map {
        Position(
          account: 0, instrument: held.firstIndex(of: $0.instrument) ?? 0, quantity: $0.quantity,
          entryPrice: $0.entryPrice, row: $0.row)
      },
      balances: book.balances.filter { $0.account == account }.map {
        Balance(account: 0, asset: $0.asset, quantity: $0.quantity, row: $0.row)
      }, history: book.history)
  }

  @Test(
    "the figures of an account are the same bytes alone and beside others, by every model", arguments: names)
  func bytes(name: String) throws {
    var desk = RandomDesk(seed: 31)
    desk.expiriesPerCoin = 7
    let made = desk.book(accounts: 8, positions: 9)
    let bare = try #require(made)
    let book = Book(
      market: bare.market, instruments: bare.instruments, accounts: bare.accounts, positions: bare.positions,
      balances: bare.balances, history: try HistoryMarginTests.history())
    let whole = try MarginEngine(
      book: BookValuation.value(book, team: Self.team), models: [name], parts: [], team: Self.team)
    for account in book.accounts.indices {
      let alone = try MarginEngine(
        book: BookValuation.value(Self.alone(account, in: book), team: Self.team), models: [name], parts: [],
        team: Self.team)
      #expect(alone.models(ofAccount: 0) == whole.models(ofAccount: account))
    }
  }

  @Test(
    "options of one expiry with rates of their own need no more together than apart",
    arguments: [0, 0.04, 0.1])
  func coherent(rate: Double) throws {
    for (first, second) in [(-1.0, -1.0), (-1, 1), (1, -2), (3, 1)] {
      var market = HandMarket()
      let coin = market.add(asset: "BTC", spot: 100_000)
      for (isInverse, quantity) in [(true, first), (false, second)] {
        market.add(
          optionOn: coin, seconds: 140 * 86_400, strike: 80_000, isCall: true, volatility: 0.5,
          forward: 100_000,
          rate: isInverse ? 0 : rate, isInverse: isInverse, quantity: quantity)
      }
      let context = market.context
      let set = market.sets(in: context)[0]
      for name in ["derive-pmrm1", "derive-pmrm2", "derive-pmrm2-test"] {
        let model = try ModelCatalogue.prepare(name, context: context, states: [.today], team: Self.team)
        let whole = model.netMargin(of: set, state: 0)
        var apart = NetMargin.zero
        for leg in set.legs { apart += model.netMargin(alone: leg, state: 0) }
        // Sums of a few products of an option's price.
        #expect(whole.maintenance >= apart.maintenance - 1e-9, "\(name) \(first) \(second)")
        #expect(whole.initial >= apart.initial - 1e-9, "\(name) \(first) \(second)")
        // Its losses in the worst scenario are those of its legs.
        if let scan = model as? any ScanAttributing, rate > 0 {
          let lost = scan.worstScenarioLosses(of: set).reduce(0, +)
          #expect(lost.isFinite)
        }
      }
    }
  }

  @Test("an allowance of next to nothing between class groups changes next to nothing")
  func allowance() throws {
    func requirement(_ offset: Double) throws -> Double {
      var desk = ListedDesk(spots: [("SPX", 4_000), ("NDX", 15_000)])
      desk.legs = [
        .init(underlying: "SPX", quantity: -3, strike: 4_000, isCall: true, exercise: .european),
        .init(underlying: "NDX", quantity: 1_000, strike: 60_000, isCall: true, exercise: .european),
      ]
      let groups = try ["SPX", "NDX"].map { try #require(Identifier($0)) }
      desk.plan = ListedPlan(productGroups: offset == 0 ? [] : [ProductGroup(groups: groups, offset: offset)])
      let engine = try MarginEngine(
        book: desk.valued(), models: ["tims-cpm"], listed: desk.plan, parts: [], team: Self.team)
      return try #require(engine.models(ofAccount: 0).first).maintenance
    }
    let (none, little, all) = (try requirement(0), try requirement(1e-9), try requirement(0.9))
    // 1,000 worthless calls need their minimum of 37.50 each, whatever the other class loses.
    #expect(none > 37_500 && abs(little - none) < 1)
    #expect(all <= none && all >= 37_500)
  }

  /// Short calls in coin and in a stable asset, of one strike and expiry, at a rate that tells them apart.
  static func mixed() throws -> ValuedBook {
    var desk = RandomDesk(seed: 1)
    let made = desk.book(accounts: 1, positions: 1)
    let book = try #require(made)
    let market = MarketSnapshot(
      asOf: book.market.asOf, baseCurrency: book.market.baseCurrency, assets: book.market.assets,
      rates: [RateCurve(currency: book.market.baseCurrency, years: [1], rates: [0.1])],
      forwards: book.market.forwards, volatility: book.market.volatility, marks: book.market.marks)
    let calls = book.instruments.indices.filter {
      let call = book.instruments[$0]
      return call.underlying.text == "BTC" && call.optionType == .call && call.id.text.contains("-3-2-")
    }
    #expect(calls.count == 2)
    return BookValuation.value(
      Book(
        market: market, instruments: book.instruments, accounts: book.accounts,
        positions: calls.map { Position(account: 0, instrument: $0, quantity: -1) }, balances: book.balances),
      team: team)
  }

  @Test("over paths too, options with rates of their own need no more together than apart")
  func paths() throws {
    let valued = try Self.mixed()
    let rates = Set(valued.holdings.map { valued.resolved[$0.instrument]?.rate })
    #expect(rates.count == 2)
    let moves = PathBench.randomMoves(64, seed: 9)
    let engine = try PathBench.engine(valued, PathBench.paths(moves, days: 1, valued: valued))
    let capitals = engine.capitals(ofAccount: 0)
    for (whole, apart) in zip(capitals[2], capitals[3]) { #expect(apart >= whole - 1e-9 * abs(whole)) }
  }

  @Test(
    "the shares of a requirement are of what the model itself requires",
    arguments: ["derive-pmrm1", "paradex-pm"])
  func shares(name: String) throws {
    var desk = RandomDesk(seed: 17)
    let made = desk.valued(accounts: 4, positions: 5)
    let valued = try #require(made)
    let engine = try MarginEngine(
      book: valued, models: [name],
      comparison: ComparisonPlan(isolated: "derive-srm", cross: "derive-srm", portfolio: name),
      team: Self.team)
    var seen = 0
    for account in valued.book.accounts.indices {
      guard let detail = engine.attributionDetail(ofAccount: account, seed: 1) else { continue }
      let figure = try #require(engine.models(ofAccount: account).first)
      // Sums of some ten terms of a book of a million.
      #expect(abs(detail.requirement - figure.maintenance) < 1e-6, "\(account)")
      #expect(abs(detail.shapley.reduce(0) { $0 + $1.share } - figure.maintenance) < 1e-6)
      seen += 1
    }
    #expect(seen > 0)
  }
}

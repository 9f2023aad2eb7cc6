import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Several venues in one comparison, ranked.
struct RankingLawTests {
  static let team = ThreadTeam(threadCount: 2)
  static let derive = ComparisonPlan()
  static let deribit = ComparisonPlan(
    isolated: "deribit-sm", cross: "deribit-sm", portfolio: "deribit-pm")

  static func engine(
    _ valued: ValuedBook, _ plans: [ComparisonPlan], ranked: [String] = []
  ) throws -> MarginEngine {
    try MarginEngine(
      book: valued, models: [], comparison: plans[0], beside: Array(plans.dropFirst()), ranked: ranked,
      stress: StressScenario.standard, parts: [.comparison, .leverage], team: team)
  }

  @Test(
    "parts of capital sum to it, the ranking is in order, savings are against the dearest",
    arguments: [11, 12])
  func sums(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed)
    let engine = try Self.engine(valued, [Self.derive, Self.deribit])
    for account in valued.book.accounts.indices {
      let margin = engine.margin(ofAccount: account)
      #expect(margin.ranking.count == 6)
      #expect(margin.ranking.map(\.rank) == Array(1...6))
      for entry in margin.ranking {
        // A model that cannot margin every position has no figures (`WholeAccountTests`).
        guard let capital = entry.capital else { continue }
        let scale = entry.parts.reduce(1) { $0 + abs($1.amount) }
        let sum = entry.parts.reduce(0) { $0 + $1.amount }
        #expect(abs(sum - capital) <= 1e-9 * scale)
        let dearest = try #require(margin.ranking.compactMap(\.capital).max())
        #expect(entry.saving == dearest - capital)
        if entry.mode == .isolated {
          // What one position has to spare is never negative.
          #expect(entry.parts.allSatisfy { $0.name != "not_shared" || $0.amount >= -1e-9 * scale })
        }
      }
      for (one, next) in zip(margin.ranking, margin.ranking.dropFirst()) {
        #expect((one.capital ?? .infinity) <= (next.capital ?? .infinity))
      }
    }
  }

  @Test("no part of a model's own requirement is negative but what spreads take off", arguments: [13])
  func parts(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed)
    let engine = try Self.engine(valued, [Self.derive, Self.deribit])
    let signed: Set<String> = ["loss", "spread_relief", "requirement"]
    for account in valued.book.accounts.indices {
      for entry in engine.margin(ofAccount: account).ranking {
        let scale = entry.parts.reduce(1) { $0 + abs($1.amount) }
        for part in entry.parts where !signed.contains(part.name) {
          // Value that does not count is negative where a borrowed coin is owed in full.
          #expect(part.amount >= -1e-9 * scale, "\(entry.model) \(part.name)")
        }
      }
    }
  }

  @Test("the order of venues changes places of equals at most; every figure stays", arguments: [14])
  func order(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed)
    let engines = try [[Self.derive, Self.deribit], [Self.deribit, Self.derive]].map {
      try Self.engine(valued, $0)
    }
    for account in valued.book.accounts.indices {
      let margins = engines.map { $0.margin(ofAccount: account) }
      #expect(margins[0].comparison?.venue == "derive" && margins[1].comparison?.venue == "deribit")
      #expect(margins[0].comparison?.saving == margins[1].beside.first?.saving)
      #expect(margins[0].beside.first?.capitalToSurvive == margins[1].comparison?.capitalToSurvive)
      for entry in margins[0].ranking {
        let other = try #require(
          margins[1].ranking.first { $0.model == entry.model && $0.mode == entry.mode })
        #expect(entry.capital == other.capital && entry.maintenance == other.maintenance)
        #expect(entry.leverage == other.leverage && entry.saving == other.saving)
        if entry.capital != margins[0].ranking.first(where: { $0.rank == other.rank })?.capital {
          Issue.record("account \(account): \(entry.model) \(entry.mode) moved")
        }
      }
    }
  }

  @Test("one venue alone is ranked by the capital of its comparison, a model alone joins it")
  func alone() throws {
    let valued = try MarginLawTests.valued(seed: 15)
    let single = try Self.engine(valued, [Self.derive])
    let joined = try Self.engine(valued, [Self.derive], ranked: ["deribit-pm", "derive-srm"])
    for account in valued.book.accounts.indices {
      let margin = single.margin(ofAccount: account)
      let comparison = try #require(margin.comparison)
      for (mode, side) in [
        (MarginMode.isolated, comparison.isolated), (.cross, comparison.cross),
        (.portfolio, comparison.portfolio),
      ] {
        let entry = try #require(margin.ranking.first { $0.mode == mode })
        // A ranking is of whole accounts; a comparison leaves out what none of its models margins.
        guard entry.unsupported.isEmpty else {
          #expect(entry.capital == nil && comparison.unsupported == entry.unsupported)
          continue
        }
        #expect(entry.capital == side.capital && entry.scenario == side.worstScenario)
        #expect(entry.leverage == side.leverage)
      }
      let ranking = joined.margin(ofAccount: account).ranking
      #expect(ranking.count == 4)
      #expect(ranking.filter { $0.venue == nil }.map(\.model) == ["deribit-pm"])
    }
  }

  @Test("a book is compared at the venues that margin something of it")
  func venues() throws {
    let crypto = try MarginLawTests.valued(seed: 20, accounts: 1).book
    #expect(MarginVenue.venues(of: crypto).map(\.name) == ["derive", "deribit"])
    #expect(RunPlan().fitted(to: crypto) == RunPlan())
    let shares = try HandOut.strategies[0].desk.valued().book
    var listed = RunPlan().fitted(to: shares)
    #expect(listed.comparison.venue == "us-listed" && listed.marginModels == ["reg-t", "tims-cpm"])
    listed.stated = .comparison
    listed.comparison = ComparisonPlan()
    #expect(listed.fitted(to: shares).comparison == ComparisonPlan())
  }

  @Test("capital of isolated is never below that of cross at one venue", arguments: [16, 17])
  func pooling(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed)
    let engine = try Self.engine(valued, [Self.derive, Self.deribit])
    for account in valued.book.accounts.indices {
      let margin = engine.margin(ofAccount: account)
      for comparison in [try #require(margin.comparison)] + margin.beside {
        guard let isolated = comparison.isolated.capital, comparison.unsupported.isEmpty else { continue }
        let scale = 1 + abs(isolated)
        let saving = try #require(comparison.saving)
        #expect(saving.pooling >= -1e-9 * scale)
        let whole = isolated - (try #require(comparison.portfolio.capital))
        #expect(abs(saving.pooling + saving.model + saving.offset - whole) <= 1e-9 * scale)
      }
    }
  }

  /// Positions scaled by hand, options paid for at today's marks: the permitted leverage is where equity ends.
  @Test(
    "at the leverage that a mode permits the requirement uses up the equity that counts",
    arguments: [18, 19])
  func leverage(seed: UInt64) throws {
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    var reached = 0
    for _ in 0..<12 {
      var account = desk.randomAccount(&random, lines: 4)
      // Opened at the mark: a gain or loss since would be scaled by hand as well.
      for line in account.lines.indices { account.lines[line].entry = nil }
      account.cash = 100_000 + 400_000 * random.uniform()
      account.btc = abs(account.btc)
      account.eth = abs(account.eth)
      let valued = try desk.valued([account], on: desk.market())
      let engine = try Self.engine(valued, [Self.derive, Self.deribit])
      let coins = account.btc * 65_010.5 + account.eth * 1_912.25
      for entry in engine.margin(ofAccount: 0).ranking {
        let positions = entry.leverage.exposure - coins
        for (permitted, isInitial) in [(entry.leverage.initial, true), (entry.leverage.maintenance, false)] {
          guard let permitted, positions > 0 else { continue }
          let scale = (permitted * entry.leverage.equity - coins) / positions
          var scaled = account
          for line in scaled.lines.indices { scaled.lines[line].quantity *= scale }
          let premium = valued.holdings.reduce(0) {
            $0 + (valued.book.instruments[$1.instrument].kind == .option ? $1.value : 0)
          }
          scaled.cash -= (scale - 1) * premium
          let after = try MarginEngine(
            book: desk.valued([scaled], on: desk.market()), models: [entry.model], parts: [],
            team: Self.team)
          let figure = try #require(after.models(ofAccount: 0).first { $0.mode == entry.mode })
          let surplus = isInitial ? figure.surplusInitial : figure.surplus
          let size = 1 + abs(figure.equity) + figure.initial
          #expect(abs(surplus) <= 1e-8 * size, "seed \(seed), \(entry.model)")
          reached += 1
        }
      }
    }
    #expect(reached > 60)
  }
}

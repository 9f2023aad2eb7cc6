import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// A comparison is of whole accounts: a model has figures of all positions, or none.
struct WholeAccountTests {
  /// Models that margin no option beside the venue that does.
  static let mixed = ComparisonPlan(isolated: "tiered-perp", cross: "tiered-perp", portfolio: "derive-pmrm2")
  static let beside = ["tiered-perp", "aave-v3", "deribit-pm"]

  @Test(
    "a model that cannot margin a position has no figure, names it, and is never cheapest",
    arguments: [31, 32])
  func named(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed)
    let engine = try RankingLawTests.engine(valued, [RankingLawTests.derive], ranked: Self.beside)
    var refused = 0
    for account in valued.book.accounts.indices {
      let ranking = engine.margin(ofAccount: account).ranking
      let held = Set(
        valued.holdings[valued.holdingRanges[account]].map { valued.book.instruments[$0.instrument].id })
      for entry in ranking {
        #expect((entry.capital == nil) == !entry.unsupported.isEmpty)
        #expect(entry.unsupported == entry.unsupported.sorted() && held.isSuperset(of: entry.unsupported))
        guard entry.capital == nil else { continue }
        refused += 1
        #expect(
          entry.initial == nil && entry.maintenance == nil && entry.surplus == nil && entry.saving == nil)
        #expect(entry.parts.isEmpty && entry.leverage.initial == nil && entry.leverage.reason != nil)
        #expect(entry.model != "aave-v3" || entry.unsupported.count == held.count)
      }
      let cheapest = try #require(RankedMode.cheapest(of: ranking))
      #expect(cheapest.capital == ranking.compactMap(\.capital).min())
    }
    #expect(refused > 20)
  }

  @Test("where no model margins every position none is cheapest")
  func none() throws {
    let valued = try MarginLawTests.valued(seed: 33)
    let plan = ComparisonPlan(isolated: "tiered-perp", cross: "tiered-perp", portfolio: "paradex-pm")
    let option = valued.book.instruments.indices.filter { valued.book.instruments[$0].kind == .option }
    let engine = try RankingLawTests.engine(valued, [plan])
    for account in valued.book.accounts.indices {
      let margin = engine.margin(ofAccount: account)
      let holds = valued.holdings[valued.holdingRanges[account]].contains { option.contains($0.instrument) }
      guard holds, margin.comparison?.portfolio.capital == nil else { continue }
      #expect(RankedMode.cheapest(of: margin.ranking) == nil)
    }
    #expect(RankedMode.cheapest(of: []) == nil)
  }

  @Test("what none of the three models margins is left out by name, and changes no capital", arguments: [38])
  func leftOut(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed, accounts: 80, positions: 3)
    let book = valued.book
    let options = book.instruments.indices.filter { book.instruments[$0].kind == .option }
    let without = BookValuation.value(
      Book(
        market: book.market, instruments: book.instruments, accounts: book.accounts,
        positions: book.positions.filter { !options.contains($0.instrument) }, balances: book.balances),
      team: MarginLawTests.team)
    // Models that margin no option; dated and coin contracts are margined by the last alone.
    let plan = ComparisonPlan(isolated: "binance-perp", cross: "binance-perp", portfolio: "dederi-pm")
    let (all, rest) = (
      try RankingLawTests.engine(valued, [plan]), try RankingLawTests.engine(without, [plan])
    )
    var compared = 0
    for account in book.accounts.indices {
      let found = try #require(all.comparison(ofAccount: account))
      let wanted = try #require(rest.comparison(ofAccount: account))
      let held = Set(valued.holdings[valued.holdingRanges[account]].map(\.instrument))
      let names = Set(held.map { book.instruments[$0].id })
      #expect(names.isSuperset(of: found.unsupported) && found.unsupported == found.unsupported.sorted())
      #expect(found.unsupported.count >= held.intersection(options).count)
      guard found.cross.capital != nil, found.portfolio.capital != nil, wanted.cross.capital != nil else {
        continue
      }
      compared += 1
      #expect(found.cross.capital == wanted.cross.capital && found.cross.unsupported.isEmpty)
      #expect(found.portfolio.capital == wanted.portfolio.capital && found.value == wanted.value)
      #expect(found.capitalToSurvive == wanted.capitalToSurvive)
    }
    #expect(compared > 0)
  }

  @Test("a mode has the figures that it has in other company", arguments: [34, 35])
  func company(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed)
    let alone = try RankingLawTests.engine(valued, [RankingLawTests.derive])
    let mixed = try RankingLawTests.engine(valued, [Self.mixed])
    for account in valued.book.accounts.indices {
      let expected = try #require(alone.comparison(ofAccount: account))
      let found = try #require(mixed.comparison(ofAccount: account))
      #expect(found.portfolio == expected.portfolio && found.value == expected.value)
      #expect(found.capitalToSurvive.map(\.portfolio) == expected.capitalToSurvive.map(\.portfolio))
      guard !found.isolated.unsupported.isEmpty else { continue }
      #expect(found.saving == nil && found.cross.capital == nil && found.isolated.capital == nil)
      #expect(found.capitalToSurvive.allSatisfy { $0.isolated == nil && $0.cross == nil })
      #expect(found.unsupported == found.cross.unsupported)
      #expect(mixed.attributionDetail(ofAccount: account, seed: 1) == nil)
    }
  }

  @Test(
    "a model that joins changes no figure of the others, nor does the order of those that join",
    arguments: [36])
  func joining(seed: UInt64) throws {
    let valued = try MarginLawTests.valued(seed: seed)
    let alone = try RankingLawTests.engine(valued, [RankingLawTests.derive])
    let orders = [Self.beside, Self.beside.reversed()]
    let joined = try orders.map { try RankingLawTests.engine(valued, [RankingLawTests.derive], ranked: $0) }
    for account in valued.book.accounts.indices {
      let rankings = joined.map { $0.margin(ofAccount: account).ranking }
      for entry in alone.margin(ofAccount: account).ranking {
        for ranking in rankings {
          let same = try #require(ranking.first { $0.model == entry.model && $0.mode == entry.mode })
          #expect(
            same.capital == entry.capital && same.scenario == entry.scenario && same.parts == entry.parts)
          #expect(same.maintenance == entry.maintenance && same.leverage == entry.leverage)
        }
      }
      for entry in rankings[0] {
        let same = try #require(rankings[1].first { $0.model == entry.model && $0.mode == entry.mode })
        #expect(same.capital == entry.capital && same.unsupported == entry.unsupported)
        #expect(same.saving == entry.saving)
      }
      #expect(rankings[0].map(\.capital) == rankings[1].map(\.capital))
    }
  }

  /// What capital solves for is cash in the base currency.
  ///
  /// Lending protocols, which have no terms for it, are not here.
  @Test(
    "cash that capital is made of counts in full, so that the least of it is the shortfall",
    arguments: [
      "derive-srm", "derive-pmrm1", "derive-pmrm2", "deribit-sm", "deribit-pm", "tiered-perp", "dydx-v4",
      "drift-v2", "paradex-pm", "scenario-grid", "dederi-pm",
    ])
  func cash(name: String) throws {
    let context = MarginContext(of: try MarginLawTests.valued(seed: 37, accounts: 1))
    let model = try ModelCatalogue.prepare(
      name, context: context, states: [.today], team: MarginLawTests.team)
    for value in [0, 1, 12_345.678, 1e9] {
      #expect(model.countedCash([CashBalance(asset: nil, value: value)]).maintenance == value)
    }
  }
}

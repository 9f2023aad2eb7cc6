import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// The named model `span`, whose arrays come from the market of the book.
@Suite struct SpanModelTests {
  static let team = ThreadTeam(threadCount: 1)

  static func model(
    _ context: MarginContext, _ numbers: [(String, Double)] = [], states: [MarketState] = [.today]
  ) throws -> any ReportableModel {
    guard !numbers.isEmpty else {
      return try ModelCatalogue.prepare("span", context: context, states: states, team: team)
    }
    let definition = ModelDefinition(
      name: "house", base: "span",
      parameters: numbers.map { ModelDefinition.Parameter(name: $0.0, value: $0.1) }, file: "house.json")
    return try ModelLibrary(adding: [definition]).prepare(
      "house", context: context, states: states, team: team)
  }

  @Test("a lone future needs its price scan range, an option what the sixteen prices say")
  func arrays() throws {
    var market = HandMarket()
    let corn = market.add(asset: "CORN", spot: 400)
    market.add(.future, on: corn, mark: 404, quantity: 5, seconds: 60 * 86_400)
    market.add(
      optionOn: corn, seconds: 60 * 86_400, strike: 420, isCall: true, volatility: 0.3, forward: 404,
      quantity: -3)
    let model = try Self.model(
      market.context, [("commodity.CORN.price_scan", 0.05), ("commodity.CORN.volatility_scan", 0.2)])
    let legs = market.sets(in: market.context)[0].legs
    // 5 × 5 % of 404.
    #expect(abs(model.loneRequirement(of: legs[0]).maintenance - 101) < 1e-9)
    let left = Double(59 * 86_400) / Instant.secondsPerYear
    let today = HandMarket.black(
      forward: 404, strike: 420, deviation: 0.3 * (60 * 86_400 / Instant.secondsPerYear).squareRoot(),
      isCall: true)
    let worst =
      (0..<SpanScenario.count).map { scenario -> Double in
        let range = scenario >= 14 ? 0.15 : 0.05
        let price = HandMarket.black(
          forward: 404 * (1 + SpanScenario.priceFractions[scenario] * range), strike: 420,
          deviation: 0.3 * (1 + 0.2 * SpanScenario.volatilityFractions[scenario]) * left.squareRoot(),
          isCall: true)
        return 3 * (price - today) * (scenario >= 14 ? 0.33 : 1)
      }.max() ?? 0
    // Own exponentials against own: a few units in the last place of prices of some tens.
    #expect(abs(model.loneRequirement(of: legs[1]).maintenance - worst) < 1e-10)
  }

  @Test("charges, credits and minimums of a model file reach the account, in parts of the price")
  func termsOfAFile() throws {
    var market = HandMarket()
    let corn = market.add(asset: "CORN", spot: 400)
    let beans = market.add(asset: "SOYBEAN", spot: 1_000)
    market.add(.future, on: corn, mark: 400, quantity: 8, seconds: 10 * 86_400)
    market.add(.future, on: corn, mark: 400, quantity: -3, seconds: 100 * 86_400)
    market.add(.future, on: beans, mark: 1_000, quantity: -20, seconds: 10 * 86_400)
    let model = try Self.model(
      market.context,
      [
        ("commodity.CORN.price_scan", 0.05), ("commodity.CORN.tier.1.to_days", 45),
        ("commodity.CORN.tier.2.to_days", 400), ("commodity.CORN.spread.1.charge", 0.01),
        ("commodity.CORN.spread.1.side_a.1", 1), ("commodity.CORN.spread.1.side_b.2", 1),
        ("commodity.CORN.delivery.days", 15), ("commodity.CORN.delivery.spread_charge", 0.002),
        ("commodity.CORN.delivery.outright_charge", 0.004), ("commodity.SOYBEAN.price_scan", 0.06),
        ("inter.1.rate", 0.65), ("inter.1.side_a.CORN", 1), ("inter.1.side_b.SOYBEAN", 2),
        ("initial_ratio", 1.1),
      ])
    let sets = market.sets(in: market.context)
    let groups = model.groups(of: sets)
    #expect(groups.count == 1)
    // Corn: scan 5 × 20 = 100, 3 spreads at 4 = 12, delivery 3 × 0.8 + 5 × 1.6 = 10.4. Beans: 20 × 60 = 1,200. Five
    // spreads of 1 : 2 credit 0.65 × (5 × 20 + 10 × 60) = 455.
    let parts = try #require(model.breakdown(ofGroup: groups[0], state: 0))
    let expected = [1_300, 12, 10.4, -455, 0, 0]
    for (part, value) in zip(parts.parts, expected) {
      #expect(abs(part.amount - value) < 1e-9, "\(part.name)")
    }
    let net = model.netMargin(ofGroup: groups[0], state: 0)
    #expect(abs(net.maintenance + 867.4) < 1e-9 && abs(net.initial + 1.1 * 867.4) < 1e-9)
    // Apart they need more: the credit is theirs together.
    let apart = sets.map { model.netMargin(of: $0, state: 0).maintenance }.reduce(0, +)
    #expect(abs(apart + 1_322.4) < 1e-9)
  }

  @Test(
    "laws on random books: homogeneous, scan subadditive, monotone in a lone short",
    arguments: MarginLawTests.seeds)
  func laws(seed: UInt64) throws {
    let (context, sets) = try MarginLawTests.sets(seed: seed)
    let model = try Self.model(context)
    for set in sets {
      let bound = MarginLawTests.rounding * MarginLawTests.size(of: set, in: context)
      var larger = set
      larger.collateral *= 2.5
      for leg in set.legs.indices {
        larger.legs[leg].effectiveQuantity *= 2.5
        larger.legs[leg].value *= 2.5
      }
      let (one, more) = (model.netMargin(of: set, state: 0), model.netMargin(of: larger, state: 0))
      #expect(abs(more.maintenance - 2.5 * one.maintenance) <= 2.5 * bound)
      // Without charges and minimums the requirement is the scan, a worst case of sums.
      var apart = model.netMargin(collateral: set.collateral, underlying: set.underlying, state: 0)
      for leg in set.legs { apart += model.netMargin(alone: leg, state: 0) }
      #expect(one.maintenance >= apart.maintenance - bound)
      for leg in set.legs where leg.effectiveQuantity < 0 {
        var double = leg
        double.effectiveQuantity *= 2
        #expect(model.loneRequirement(of: double).maintenance >= model.loneRequirement(of: leg).maintenance)
      }
    }
  }

  @Test(
    "a row takes what it does not say from the others, and tiers are those of their days whatever their numbers"
  )
  func inherited() throws {
    var market = HandMarket()
    let corn = market.add(asset: "CORN", spot: 400)
    market.add(.future, on: corn, mark: 400, quantity: 1, seconds: 30 * 86_400)
    market.add(.future, on: corn, mark: 400, quantity: -1, seconds: 100 * 86_400)
    let legs = market.sets(in: market.context)[0].legs
    // The scan range of the others, 15 % of 400.
    let model = try Self.model(market.context, [("commodity.CORN.volatility_scan", 0.3)])
    #expect(abs(model.loneRequirement(of: legs[0]).maintenance - 60) < 1e-9)
    let tiers: [[(String, Double)]] = [
      [("1", 45), ("2", 400)], [("2", 400), ("1", 45)], [("1", 400), ("2", 45)],
    ]
    for rows in tiers {
      let model = try Self.model(
        market.context,
        rows.map { ("commodity.CORN.tier.\($0.0).to_days", $0.1) } + [
          ("commodity.CORN.spread.1.charge", 0.1), ("commodity.CORN.spread.1.side_a.1", 1),
          ("commodity.CORN.spread.1.side_b.2", 1),
        ])
      // One spread at 10 % of 400; the deltas cancel, and so does the scan.
      let net = model.netMargin(of: market.sets(in: market.context)[0], state: 0)
      #expect(abs(net.maintenance + 40) < 1e-9)
    }
  }

  /// Numbers, and the words of their refusal.
  struct Refusal: Sendable {
    let numbers: [(String, Double)]
    let words: String
  }

  static let refusals = [
    Refusal(numbers: [("commodity.BTC.price_scan", 0.5)], words: "expected more than 0"),
    Refusal(numbers: [("extreme.cover", 1.2)], words: "at most 1"),
    Refusal(numbers: [("initial_ratio", 0.9)], words: "at least 1"),
    Refusal(numbers: [("commodity.BTC.price_scann", 0.3)], words: "which no row of commodity has"),
    Refusal(numbers: [("commodity.BRK.B.price_scan", 0.3)], words: "which no row of commodity has"),
    Refusal(numbers: [("commodity.BTC.tier.a.to_days", 3)], words: "which no row of commodity has"),
    Refusal(
      numbers: [("commodity.BTC.tier.1.to_days", 3), ("commodity.BTC.tier.2.to_days", 3)],
      words: "another tier reaches"),
    Refusal(
      numbers: [
        ("commodity.BTC.tier.1.to_days", 3), ("commodity.BTC.spread.1.charge", 1),
        ("commodity.BTC.spread.1.side_a.1", 1), ("commodity.BTC.spread.1.side_b.7", 1),
      ], words: "on a tier that commodity.BTC does not have"),
    Refusal(
      numbers: [
        ("commodity.BTC.tier.1.to_days", 3), ("commodity.BTC.spread.1.charge", 1),
        ("commodity.BTC.spread.1.side_a.1", 1),
      ], words: "without a leg on side_b"),
    Refusal(numbers: [("inter.1.rate", 0.5), ("inter.1.side_a.BTC", 1)], words: "without a leg on side_b"),
    Refusal(numbers: [("inter.1.side_a.BTC", 1), ("inter.1.side_b.ETH", 1)], words: "without a rate"),
    Refusal(
      numbers: [("inter.1.rate", 0.5), ("inter.1.side_a.BTC", 1), ("inter.1.side_b.BTC", 1)],
      words: "on both sides"),
    Refusal(
      numbers: [("inter.1.rate", 0.5), ("inter.1.side_a.BTC", 0), ("inter.1.side_b.ETH", 1)],
      words: "a ratio above 0"),
    Refusal(numbers: [("commodity..price_scan", 0.2)], words: "which no row of commodity has"),
    Refusal(numbers: [("commodity.BTC.tier.01.to_days", 3)], words: "which no row of commodity has"),
    Refusal(numbers: [("inter.1.sideb.ETH", 1)], words: "which no row of inter has"),
  ]

  @Test("numbers that make no sense are refused by name, at their place", arguments: refusals)
  func refused(refusal: Refusal) {
    do throws(MarginError) {
      _ = try ModelLibrary(adding: [
        ModelDefinition(
          name: "house", base: "span", parameters: refusal.numbers.map { .init(name: $0.0, value: $0.1) },
          file: "house.json")
      ])
      Issue.record("\(refusal.numbers) was taken")
    } catch {
      guard case .definition(_, let path, let message) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(path.hasPrefix("/parameters/") && message.contains(refusal.words), "\(path) \(message)")
    }
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// What must hold of the scenario grids and of delta-gamma on any book, tried on seeded random ones.
@Suite struct ScenarioGridLawTests {
  static let seeds: [UInt64] = [11, 12, 13]
  static let bybit: [(String, Double)] = [
    ("asset.other.range", 0.15), ("asset.other.basis_minimum", 0.001), ("volatility.up", 0.3),
    ("volatility.down", -0.3), ("volatility.short_term_power", 0.3), ("volatility.long_term_power", 0.13),
    ("factor.initial", 1.2), ("charge.short_option", 0.005), ("charge.hedged_future", 0.002),
    ("charge.stable", 0.01), ("coin.factor", 1), ("coin.in_scan", 1),
  ]
  static let okx: [(String, Double)] = [
    ("asset.other.basis_minimum", 0.004), ("asset.other.reduction_delta", 0.006), ("volatility.up", 0.4),
    ("volatility.down", -0.25), ("volatility.short_term_power", 0.3), ("volatility.long_term_power", 0.13),
    ("charge.term_vega", 0.02), ("charge.interest", 0.03), ("charge.stable", 0.002),
    ("charge.reduction_option", 0.0005),
  ]
  /// Every model of the family with all its numbers.
  static let bases: [(base: String, numbers: [(String, Double)])] = [
    ("paradex-pm", []), ("scenario-grid", []), ("scenario-grid", [("scan.gain_offset", 0.4)]),
    ("dederi-pm", []),
    ("okx-pm", okx), ("bybit-pm", bybit), ("delta-gamma", []), ("derive-pmrm1", []),
    ("derive-pmrm2-test", []),
  ]
  /// Those whose requirement is convex and grows with the quantities, so that two portfolios together need no more.
  static let coherent: [(base: String, numbers: [(String, Double)])] = [
    ("scenario-grid", [("charge.short_option", 0)]), ("scenario-grid", [("scan.gain_offset", 0.4)]),
    ("dederi-pm", []), ("derive-pmrm1", []), ("derive-pmrm2-test", []),
  ]

  struct Desk {
    let context: MarginContext
    let sets: [NettingSet]

    init(seed: UInt64) throws {
      var desk = RandomDesk(seed: seed)
      print("seed \(seed)")
      let made = desk.valued(accounts: 6, positions: 12)
      let valued = try #require(made)
      let context = MarginContext(of: valued)
      self.context = context
      sets = valued.book.accounts.indices.flatMap { context.nettingSets(ofAccount: $0, in: valued) }
    }

    func model(
      _ entry: (base: String, numbers: [(String, Double)]), _ states: [MarketState] = MarginLawTests.states
    ) throws -> any ReportableModel {
      try ScenarioGridTests.library(entry.base, entry.numbers).prepare(
        "mine", context: context, states: states, team: MarginLawTests.team)
    }
  }

  static func scaled(_ set: NettingSet, by factor: Double) -> NettingSet {
    var larger = set
    larger.collateral *= factor
    for leg in larger.legs.indices {
      larger.legs[leg].effectiveQuantity *= factor
      larger.legs[leg].rawQuantity *= factor
      larger.legs[leg].value *= factor
    }
    return larger
  }

  @Test("twice the portfolio needs twice the margin", arguments: seeds)
  func homogeneity(seed: UInt64) throws {
    let desk = try Desk(seed: seed)
    // Brackets of the cost of trading out grow faster: without them OKX is homogeneous too.
    for entry in Self.bases where entry.base != "okx-pm" {
      let model = try desk.model(entry)
      for set in desk.sets {
        let larger = Self.scaled(set, by: 2.5)
        for (one, more) in zip(model.netMargins(of: set), model.netMargins(of: larger)) {
          let bound = 2.5 * MarginLawTests.rounding * MarginLawTests.size(of: set, in: desk.context)
          #expect(abs(more.initial - 2.5 * one.initial) <= bound, "\(entry.base)")
          #expect(abs(more.maintenance - 2.5 * one.maintenance) <= bound, "\(entry.base)")
        }
      }
    }
  }

  @Test("two portfolios together need no more than apart, and an offset is never negative", arguments: seeds)
  func subadditivity(seed: UInt64) throws {
    let desk = try Desk(seed: seed)
    for entry in Self.coherent {
      let model = try desk.model(entry)
      for set in desk.sets {
        var (one, other) = (set, set)
        one.legs = set.legs.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        other.legs = set.legs.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        other.collateral = 0
        let bound = MarginLawTests.rounding * MarginLawTests.size(of: set, in: desk.context)
        let parts = zip(model.netMargins(of: one), model.netMargins(of: other))
        for (state, (whole, part)) in zip(model.netMargins(of: set), parts).enumerated() {
          #expect(whole.initial >= part.0.initial + part.1.initial - bound, "\(entry.base)")
          #expect(whole.maintenance >= part.0.maintenance + part.1.maintenance - bound, "\(entry.base)")
          var apart = model.netMargin(
            collateral: set.collateral, underlying: set.underlying, state: state)
          for leg in set.legs { apart += model.netMargin(alone: leg, state: state) }
          #expect(whole.maintenance >= apart.maintenance - bound, "\(entry.base)")
        }
      }
    }
  }

  @Test("a larger lone short never needs less", arguments: seeds)
  func monotone(seed: UInt64) throws {
    let desk = try Desk(seed: seed)
    for entry in Self.bases + [("bybit-sm", [])] {
      let model = try desk.model(entry, [.today])
      for place in desk.context.instruments.indices where place % 7 == 0 && model.supports(instrument: place)
      {
        var last = (initial: 0.0, maintenance: 0.0)
        for size in [1e-6, 0.1, 1, 7, 1_000, 1e6] {
          let leg = Leg(instrument: place, effectiveQuantity: -size, rawQuantity: -size, value: 0)
          let next = model.loneRequirement(of: leg)
          #expect(next.initial >= last.initial && next.maintenance >= last.maintenance, "\(entry.base)")
          #expect(next.initial >= next.maintenance && next.maintenance.isFinite, "\(entry.base)")
          last = next
        }
      }
    }
  }

  @Test("the legs behind the worst scenario sum to the scan loss", arguments: seeds)
  func attribution(seed: UInt64) throws {
    var desk = RandomDesk(seed: seed)
    let made = desk.valued(accounts: 6, positions: 12)
    let valued = try #require(made)
    let factors: [String: Double] = [
      "okx-pm": 1.3, "bybit-pm": 1.2, "scenario-grid": 1.25, "derive-pmrm1": 1.25,
    ]
    for entry in Self.bases where entry.base != "delta-gamma" {
      let engine = try MarginEngine(
        book: valued, models: ["mine"], comparison: ComparisonPlan(portfolio: "mine"),
        library: ScenarioGridTests.library(entry.base, entry.numbers), parts: .comparison,
        team: MarginLawTests.team)
      for account in valued.book.accounts.indices {
        let figure = try #require(engine.models(ofAccount: account).first)
        let scan = try #require(figure.components.first { $0.name == "scan_loss" })
        var sum = 0.0
        for leg in engine.worstScenarioLegs(ofAccount: account) { sum -= leg.profitAndLoss }
        let factor = factors[entry.base] ?? 1
        #expect(abs(sum * factor - scan.initial) <= 1e-9 * (1 + abs(scan.initial)), "\(entry.base)")
      }
    }
  }

  @Test("an underlying is the sum of its expiries before the worst is taken", arguments: seeds)
  func parts(seed: UInt64) throws {
    let desk = try Desk(seed: seed)
    for entry in Self.bases where entry.base != "delta-gamma" {
      let model = try #require(try desk.model(entry) as? any PartwiseModel)
      for set in desk.sets.prefix(6) {
        var part = NettingSet(underlying: set.underlying, legs: [], collateral: set.collateral)
        var columns: [Double] = []
        func add() {
          let next = model.columns(of: part)
          columns = columns.isEmpty ? next : zip(columns, next).map(+)
        }
        // Futures, perpetuals and coins first, then one expiry after another, as margin order has them.
        for leg in set.legs {
          let terms = desk.context.terms[leg.instrument]
          let isNew =
            terms.isOption
            && part.legs.last.map { !desk.context.sharesExpiry($0.instrument, leg.instrument) } != false
          if isNew {
            add()
            part = NettingSet(underlying: set.underlying, legs: [], collateral: 0)
          }
          part.legs.append(leg)
        }
        add()
        let bound = MarginLawTests.rounding * MarginLawTests.size(of: set, in: desk.context)
        let whole = model.netMargins(of: set)
        for (net, sum) in zip(whole, model.maintenance(ofColumns: columns, underlying: set.underlying)) {
          #expect(abs(net.maintenance - sum) <= bound, "\(entry.base)")
        }
      }
    }
  }

  @Test("figures are finite and repeat bit by bit, in a state priced anew too", arguments: seeds)
  func pricedAnew(seed: UInt64) throws {
    let desk = try Desk(seed: seed)
    for entry in Self.bases {
      let model = try desk.model(entry)
      for set in desk.sets.prefix(8) {
        let all = model.netMargins(of: set)
        for (state, market) in model.states.enumerated() {
          #expect(all[state].initial.isFinite && all[state].maintenance.isFinite)
          #expect(model.netMargin(of: set, in: market) == all[state], "\(entry.base)")
        }
      }
    }
  }

  @Test("prices scaled together scale the requirement", arguments: [2.0, 0.25])
  func scale(factor: Double) throws {
    // A power of two scales every price without rounding, so the figures agree to the last bits of the pricing.
    func market(_ scale: Double) -> HandMarket {
      var market = HandMarket()
      let coin = market.add(asset: "BTC", spot: 50_000 * scale)
      market.add(.perpetual, on: coin, mark: 50_100 * scale, quantity: 0.7)
      for (strike, quantity) in [(45_000.0, -1.0), (50_000, 2), (60_000, -3)] {
        for isCall in [true, false] {
          market.add(
            optionOn: coin, seconds: 20 * 86_400, strike: strike * scale, isCall: isCall, volatility: 0.6,
            forward: 50_200 * scale, quantity: isCall ? quantity : -quantity / 2)
        }
      }
      return market
    }
    for entry in Self.bases + [("bybit-sm", [])] where entry.base != "okx-pm" {
      let one = try ScenarioGridTests.figure(market(1), entry.base, entry.numbers)
      let other = try ScenarioGridTests.figure(market(factor), entry.base, entry.numbers)
      #expect(abs(other.initial - factor * one.initial) <= 1e-11 * factor * one.initial, "\(entry.base)")
      #expect(
        abs(other.maintenance - factor * one.maintenance) <= 1e-11 * factor * one.maintenance,
        "\(entry.base)")
    }
  }
}

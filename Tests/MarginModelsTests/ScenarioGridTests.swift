import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Margin over grids of scenarios: published cases, and whole accounts with their arithmetic.
@Suite struct ScenarioGridTests {
  static let team = ThreadTeam(threadCount: 1)

  /// The library with one model of a user's own, `mine`.
  static func library(_ base: String, _ numbers: [(String, Double)]) throws -> ModelLibrary {
    try ModelLibrary(adding: [
      ModelDefinition(
        name: "mine", base: base, parameters: numbers.map { .init(name: $0.0, value: $0.1) },
        file: "mine.json")
    ])
  }

  static func figure(
    _ market: HandMarket, _ base: String, _ numbers: [(String, Double)] = [], cash: [CashBalance] = []
  ) throws -> AccountRequirement {
    let context = market.context
    let model = try library(base, numbers).prepare("mine", context: context, states: [.today], team: team)
    return model.requirement(of: market.holdings(in: context, cash: cash), mode: model.firstMode)
  }

  static func part(_ figure: AccountRequirement, _ name: String) -> MarginComponent {
    figure.components.first { $0.name == name }
      ?? MarginComponent(name: name, initial: .nan, maintenance: .nan)
  }

  /// Sums of a few products of the size of a spot: some roundings of it.
  static func agrees(_ found: Double, _ expected: Double, _ relative: Double = 1e-12) -> Bool {
    abs(found - expected) <= relative * abs(expected) + 1e-9
  }

  // MARK: Paradex

  @Test("Paradex publishes the weights that its tails are scanned with")
  func paradexWeights() throws {
    let description = try #require(ModelDescription.named("paradex-pm"))
    func number(_ row: Int, _ column: String) -> Double {
      description.parameters.first { $0.name == "grid.1.\(row).\(column)" }?.number ?? .nan
    }
    // Source: reference/margin_cases.json, paradex-tail-weights: moves and weights as the venue prints them.
    let moves = [-0.66, -0.33, 0.5, 1, 2, 3, 4, 5]
    let weights = [0.24, 0.48, 0.32, 0.16, 0.08, 0.0533, 0.04, 0.032]
    for (place, move) in moves.enumerated() {
      #expect(number(10 + place, "move") == move)
      #expect(number(10 + place, "weight") == weights[place])
      #expect(abs(number(10 + place, "weight") - 0.16 / abs(move)) <= 0.006)
    }
    // 24 scenarios: nine prices, seven of them with volatility up and down, and eight tails.
    let codes = (1...17).map { number($0, "volatility") }
    #expect(codes.reduce(0) { $0 + ($1 == 2 ? 2 : 1) } == 24)
  }

  @Test("a lone perpetual under Paradex needs its outermost move, half of it as maintenance")
  func paradexPerpetual() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 2)
    let found = try Self.figure(market, "paradex-pm")
    // 2 × 50,000 × 16 %; the tails weigh 0.66 × 0.24 = 15.84 % and 0.33 × 0.48 = 15.84 %.
    #expect(Self.agrees(found.initial, 16_000) && Self.agrees(found.maintenance, 8_000))
    #expect(found.worstScenario == "-16% vol up")
  }

  @Test("a hedged book under Paradex needs the minimum delta requirement where its scan is less")
  func paradexFloor() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 3)
    market.add(.future, on: coin, mark: 50_000, quantity: -2.9, seconds: 86_400)
    let found = try Self.figure(market, "paradex-pm")
    // Net 0.1 coin: scan 0.1 × 50,000 × 16 % = 800. Gross 5.9, hedged (5.9 − 0.1) / 2 = 2.9:
    // floor (2 % × 0.1 + 1 % × 2.9) × 50,000 = 1,550, of which 750 come on top of the scan.
    #expect(Self.agrees(Self.part(found, "scan_loss").initial, 800))
    #expect(Self.agrees(Self.part(found, "minimum_delta").initial, 750))
    #expect(Self.agrees(found.initial, 1_550) && Self.agrees(found.maintenance, 775))
  }

  @Test("a short straddle under Paradex loses what Black-76 says at its worst scenario")
  func paradexStraddle() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    for isCall in [true, false] {
      market.add(
        optionOn: coin, seconds: 10 * 86_400, strike: 50_000, isCall: isCall, volatility: 0.6,
        forward: 50_000, quantity: -1)
    }
    let found = try Self.figure(market, "paradex-pm")
    let years = 10 * 86_400.0 / 31_536_000
    func straddle(_ forward: Double, _ volatility: Double) -> Double {
      [true, false].map {
        HandMarket.black(
          forward: forward, strike: 50_000, deviation: volatility * years.squareRoot(), isCall: $0)
      }.reduce(0, +)
    }
    // (30 / 10)^0.3 = 1.3904: volatility up to 0.6 × (1 + 0.4 × 1.3904) = 0.9337, down to 0.6 × (1 − 0.22 × 1.3904).
    let growth = Elementary.power(3, 0.3)
    var worst = 0.0
    for (move, up, down, weight) in [
      (0.16, true, false, 1.0), (-0.16, true, false, 1), (0.12, true, true, 1), (-0.12, true, true, 1),
      (0.08, true, true, 1), (-0.08, true, true, 1), (0.04, true, true, 1), (-0.04, true, true, 1),
      (0, true, true, 1), (-0.66, true, false, 0.24), (-0.33, true, false, 0.48), (0.5, true, false, 0.32),
      (1, true, false, 0.16), (2, true, false, 0.08), (3, true, false, 0.0533), (4, true, false, 0.04),
      (5, true, false, 0.032),
    ] {
      for shock in [up ? 0.4 : nil, down ? -0.22 : nil] {
        guard let shock else { continue }
        let shocked = straddle(50_000 * (1 + move), 0.6 * (1 + shock * growth))
        worst = max(worst, (shocked - straddle(50_000, 0.6)) * weight)
      }
    }
    #expect(Self.agrees(found.initial, worst, 1e-9) && Self.agrees(found.maintenance, worst / 2, 1e-9))
  }

  @Test("funding that the account would pay in eight hours is provided for, funding it receives is not")
  func paradexFunding() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 2)
    market.fundingRates = [0.0001]
    // 2 × 50,000 × 0.01 % = 10, in full in both.
    var found = try Self.figure(market, "paradex-pm", [("provision.fee_rate", 0.0005)])
    #expect(Self.agrees(Self.part(found, "funding_provision").maintenance, 10))
    #expect(Self.agrees(Self.part(found, "fee_provision").maintenance, 50))
    #expect(Self.agrees(found.maintenance, 8_060) && Self.agrees(found.initial, 16_060))
    market.fundingRates = [-0.0001]
    found = try Self.figure(market, "paradex-pm")
    #expect(Self.part(found, "funding_provision").initial == 0)
  }

  // MARK: Dederi

  @Test("the published futures example of Dederi comes out to its rounding")
  func dederiFutures() throws {
    // Source: reference/margin_cases.json, dederi-futures-pm: ten ETH futures of twenty days at an index of 2,243.3.
    let forward = 2_243.3 * Elementary.exp(0.08 * 20 / 365)
    #expect(abs(forward - 2_253.2) <= 0.002 * 2_253.2)
    for (shock, profit) in zip([0.15, 0.12, 0.09, 0.06, 0.03], [3_380.0, 2_704, 2_028, 1_352, 676]) {
      #expect(abs(10 * forward * shock - profit) <= 0.002 * profit)
    }
    for quantity in [10.0, -10] {
      var market = HandMarket()
      let coin = market.add(asset: "ETH", spot: 2_243.3)
      market.add(.future, on: coin, mark: forward, quantity: quantity, seconds: 20 * 86_400)
      let found = try Self.figure(market, "dederi-pm")
      #expect(abs(Self.part(found, "scan_loss").initial - 3_380) <= 0.002 * 3_380)
      #expect(abs(Self.part(found, "futures").initial - 134.6) <= 0.002 * 134.6)
      #expect(Self.agrees(found.initial, 10 * forward * 0.15 + 0.006 * 2_243.3 * 10))
      #expect(found.worstScenario?.hasPrefix(quantity > 0 ? "-15%" : "+15%") == true)
    }
  }

  @Test("Dederi's options are unsupported until a model file gives their numbers")
  func dederiOptions() throws {
    var market = HandMarket()
    let coin = market.add(asset: "ETH", spot: 2_000)
    market.add(
      optionOn: coin, seconds: 30 * 86_400, strike: 2_000, isCall: true, volatility: 0.5, forward: 2_000,
      quantity: -1)
    let context = market.context
    let plain = try ModelLibrary.builtIn.prepare(
      "dederi-pm", context: context, states: [.today], team: Self.team)
    #expect(!plain.supports(instrument: 0))
    let found = try Self.figure(
      market, "dederi-pm",
      [
        ("option.margined", 1), ("volatility.up", 0.45), ("volatility.down", -0.3),
        ("charge.short_option", 0.01),
      ])
    // At 30 days the power is 1: the worst is +15 % with volatility 0.5 × 1.45, and one naked short costs 20.
    let deviation = 0.5 * (30.0 / 365).squareRoot()
    let before = HandMarket.black(forward: 2_000, strike: 2_000, deviation: deviation, isCall: true)
    let after = HandMarket.black(forward: 2_300, strike: 2_000, deviation: deviation * 1.45, isCall: true)
    #expect(Self.agrees(Self.part(found, "scan_loss").initial, after - before, 1e-9))
    #expect(Self.agrees(Self.part(found, "short_options").initial, 20))
  }

  // MARK: OKX

  /// What a user has to supply; nothing of it charges anything here.
  static let okxNumbers: [(String, Double)] = [
    ("asset.other.basis_minimum", 0), ("asset.other.reduction_delta", 0), ("volatility.up", 0.4),
    ("volatility.down", -0.25), ("volatility.short_term_power", 0.3), ("volatility.long_term_power", 0.13),
    ("charge.term_vega", 0), ("charge.interest", 0), ("charge.stable", 0), ("charge.reduction_option", 0),
  ]

  /// A grid for BTC in which nothing moves.
  static let stillGrid: [(String, Double)] = [
    ("grid.1.1.move", 0), ("grid.1.1.volatility", 0), ("grid.1.1.weight", 1),
  ]

  @Test("models whose numbers nobody publishes refuse until they are supplied")
  func refusals() throws {
    let context = HandMarket().context
    for (name, missing) in [
      ("okx-pm", "charge.term_vega"), ("okx-pm", "volatility.up"), ("bybit-pm", "asset.other.range"),
      ("bybit-pm", "factor.initial"),
    ] {
      do throws(MarginError) {
        _ = try ModelLibrary.builtIn.prepare(name, context: context, states: [.today], team: Self.team)
        Issue.record("\(name) was prepared")
      } catch {
        guard case .parametersMissing(name, let parameters) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(parameters.contains(missing))
      }
    }
  }

  @Test("the published risk unit of OKX is put together as published")
  func okxUnit() throws {
    // Source: reference/margin_cases.json, okx-pm-ltc-unit-and-account: an LTC unit of delta 1,019.5308 USD.
    var figures = GridRequirement.Figures()
    // Spot shock and half of the extreme move of 367.0134561 coincide.
    let (spotShock, extreme) = (183.5067281, 0.5 * 367.0134561)
    #expect(abs(extreme - spotShock) <= 1e-6 * spotShock)
    figures.scan = max(spotShock, extreme)
    figures.basis = 0.008 * 1_019.5308
    figures.reduction = 0.007 * 1_019.5308
    #expect(abs(figures.basis - 8.1562464) <= 1e-6 * 8.1562464)
    #expect(abs(figures.reduction - 7.1367156) <= 1e-6 * 7.1367156)
    let unit = GridRequirement(
      figures, counted: 0, decisive: 0, initialFactor: 1.3, maintenanceFactor: 1)
    let (initial, maintenance) = (unit.initial.reduce(0, +), unit.maintenance.reduce(0, +))
    #expect(abs(maintenance - 191.6629745) <= 1e-6 * 191.6629745)
    #expect(abs(initial - 249.1618668) <= 1e-6 * 249.1618668)
    // The account: a BTC unit beside it, and 78,553.2189 USDT owed at 10 % and 2 %.
    #expect(abs(maintenance + 1_183.82073 - 1_375.4837) <= 1e-6 * 1_375.4837)
    #expect(abs(initial + 1_538.96695 + 7_855.32189 - 9_643.45071) <= 1e-6 * 9_643.45071)
    #expect(abs(maintenance + 1_183.82073 + 1_571.06438 - 2_946.54808) <= 1e-6 * 2_946.54808)
  }

  @Test("an LTC perpetual and borrowed cash under OKX need shock, basis and borrow margin")
  func okxAccount() throws {
    var market = HandMarket()
    let coin = market.add(asset: "LTC", spot: 100)
    market.add(.perpetual, on: coin, mark: 100, quantity: 10)
    let found = try Self.figure(
      market, "okx-pm", Self.okxNumbers, cash: [CashBalance(asset: nil, value: -78_553.2189)])
    // Spot shock 18 % of 1,000; half of 36 % is as much; basis 0.8 % = 8; minimum charge 0.7 % = 7 is less.
    #expect(Self.agrees(Self.part(found, "scan_loss").maintenance, 180))
    #expect(Self.agrees(Self.part(found, "basis").maintenance, 8))
    #expect(Self.part(found, "minimum_charge").maintenance == 0)
    #expect(Self.agrees(Self.part(found, "borrow").initial, 7_855.32189))
    #expect(Self.agrees(Self.part(found, "borrow").maintenance, 1_571.064378))
    #expect(Self.agrees(found.maintenance, 188 + 1_571.064378))
    #expect(Self.agrees(found.initial, 1.3 * 188 + 7_855.32189))
    #expect(Self.agrees(found.equity, -78_553.2189))
  }

  @Test(
    "each asset class of OKX has its own shocks", arguments: [("BTC", 0.12), ("DOT", 0.25), ("SOL", 0.25)])
  func okxClasses(asset: String, loss: Double) throws {
    var market = HandMarket()
    let coin = market.add(asset: asset, spot: 100)
    market.add(.perpetual, on: coin, mark: 100, quantity: -10)
    let found = try Self.figure(market, "okx-pm", Self.okxNumbers)
    // BTC: 12 % against half of 24 %; DOT: 18 % against half of 50 %; SOL: 25 % against half of 36 %.
    #expect(Self.agrees(Self.part(found, "scan_loss").maintenance, 1_000 * loss))
  }

  @Test("a day's decay is the scan of a spread that no shock hurts more")
  func okxDecay() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(
      optionOn: coin, seconds: 86_400, strike: 50_000, isCall: true, volatility: 0.5, forward: 50_000,
      quantity: 1)
    let flat = Self.okxNumbers + Self.stillGrid
    let found = try Self.figure(market, "okx-pm", flat)
    // The option expires within the day: all of its value, which at the money is time value.
    let deviation = 0.5 * (1.0 / 365).squareRoot()
    let value = HandMarket.black(forward: 50_000, strike: 50_000, deviation: deviation, isCall: true)
    #expect(Self.agrees(Self.part(found, "scan_loss").maintenance, value, 1e-9))
    #expect(found.worstScenario == "time passes")
  }

  @Test("the cost of trading out counts in brackets, and is the requirement where it is more")
  func okxTiers() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    let quantity = 2_000.0
    market.add(.perpetual, on: coin, mark: 50_000, quantity: quantity)
    let found = try Self.figure(market, "okx-pm", Self.okxNumbers + Self.stillGrid)
    // 0.45 % of 100 million = 450,000: 250,000 once and 200,000 twice = 650,000; basis 0.2 % = 200,000 is less.
    #expect(Self.agrees(Self.part(found, "basis").maintenance, 200_000))
    #expect(Self.agrees(Self.part(found, "minimum_charge").maintenance, 450_000))
    #expect(Self.agrees(found.maintenance, 650_000))
  }

  @Test("charges on what offsets itself: expiries, vegas and settlement assets")
  func hedgedCharges() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 3)
    market.add(.future, on: coin, mark: 50_000, quantity: -2, seconds: 365 * 86_400)
    market.settlements = [1, 2]
    let found = try Self.figure(
      market, "scenario-grid",
      [
        ("charge.hedged_future", 0.01), ("charge.stable", 0.02), ("charge.interest", 0.03),
        ("charge.future", 0), ("asset.other.basis_annual", 0.05), ("asset.other.basis_minimum", 0.001),
      ])
    // Two coins against two of another expiry, settled in another asset: 100,000 × 1 % and × 2 %.
    #expect(Self.agrees(Self.part(found, "hedged_futures").maintenance, 1_000))
    #expect(Self.agrees(Self.part(found, "stable_depeg").maintenance, 2_000))
    // 3 % a year on 100,000 of delta a year out; basis e^0.05 − 1 of 100,000 and 0.1 % of 150,000.
    #expect(Self.agrees(Self.part(found, "interest").maintenance, 3_000))
    #expect(Self.agrees(Self.part(found, "basis").maintenance, 100_000 * Elementary.expMinusOne(0.05) + 150))
  }

  @Test("gains of one expiry offset losses of another as far as the offset says")
  func gainOffset() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 3)
    market.add(.future, on: coin, mark: 50_000, quantity: -2, seconds: 365 * 86_400)
    for (offset, loss) in [(1.0, 50_000 * 0.15), (0.5, 150_000 * 0.15 - 0.5 * 15_000), (0, 22_500)] {
      let found = try Self.figure(
        market, "scenario-grid", [("scan.gain_offset", offset), ("charge.future", 0)])
      #expect(Self.agrees(Self.part(found, "scan_loss").maintenance, loss))
    }
  }

  // MARK: Bybit

  @Test("Bybit's portfolio margin is its stress loss and its contingencies times the factor")
  func bybitPortfolio() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 1)
    market.add(
      optionOn: coin, seconds: 30 * 86_400, strike: 60_000, isCall: true, volatility: 0.5, forward: 50_000,
      quantity: -2)
    let found = try Self.figure(
      market, "bybit-pm",
      [
        ("asset.other.range", 0.15), ("asset.other.basis_minimum", 0.001), ("volatility.up", 0.3),
        ("volatility.down", -0.3), ("volatility.short_term_power", 0), ("volatility.long_term_power", 0),
        ("factor.initial", 1.2), ("charge.short_option", 0.005), ("charge.hedged_future", 0.002),
        ("charge.stable", 0), ("coin.factor", 1), ("coin.in_scan", 1),
      ])
    #expect(Self.agrees(Self.part(found, "short_options").maintenance, 500))
    #expect(Self.part(found, "hedged_futures").maintenance == 0)
    #expect(Self.agrees(found.initial, 1.2 * found.maintenance))
    let deviation = 0.5 * (30.0 / 365).squareRoot()
    func calls(_ forward: Double, _ scale: Double) -> Double {
      HandMarket.black(forward: forward, strike: 60_000, deviation: deviation * scale, isCall: true)
    }
    var worst = 0.0
    for step in -3...3 {
      let move = 0.15 * Double(step) / 3
      for scale in [0.7, 1, 1.3] {
        worst = max(worst, 2 * (calls(50_000 * (1 + move), scale) - calls(50_000, 1)) - 50_000 * move)
      }
    }
    #expect(Self.agrees(Self.part(found, "scan_loss").maintenance, worst, 1e-9))
  }

  @Test("the published short put of Bybit's standard margin comes out to the cent")
  func bybitStandard() throws {
    // Source: reference/margin_cases.json, bybit-option-doc: index 20,250, strike 18,500, sold at 280, mark 290.
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 20_250)
    // The volatility at which a put of thirty days is worth 290, by bisection.
    var (low, high) = (0.01, 3.0)
    let root = (30.0 / 365).squareRoot()
    for _ in 0..<80 {
      let middle = (low + high) / 2
      let value = HandMarket.black(
        forward: 20_250, strike: 18_500, deviation: middle * root, isCall: false)
      if value < 290 { low = middle } else { high = middle }
    }
    market.add(
      optionOn: coin, seconds: 30 * 86_400, strike: 18_500, isCall: false, volatility: low,
      forward: 20_250, quantity: -1)
    market.legs[coin]?[0].entryValue = -280
    var found = try Self.figure(market, "bybit-sm")
    // 0.03 × 20,250 + 290 + 0.002 × 20,250 = 938; max(0.15 × 20,250 − 1,750, 0.10 × 20,250) + 290 = 2,315.
    #expect(Self.agrees(found.maintenance, 938, 1e-9) && Self.agrees(found.initial, 2_315, 1e-9))
    // Sold at 350, what it was sold at counts: 2,025 + 350. Twice the quantity, twice the margin.
    market.legs[coin]?[0].entryValue = -350
    found = try Self.figure(market, "bybit-sm")
    #expect(Self.agrees(found.maintenance, 938, 1e-9) && Self.agrees(found.initial, 2_375, 1e-9))
    market.legs[coin]?[0].effectiveQuantity = -2
    market.legs[coin]?[0].entryValue = -700
    found = try Self.figure(market, "bybit-sm")
    #expect(Self.agrees(found.maintenance, 1_876, 1e-9) && Self.agrees(found.initial, 4_750, 1e-9))
  }
}

extension HandMarket {
  /// The account of everything in the market.
  func holdings(in context: MarginContext, cash: [CashBalance]) -> AccountHoldings {
    let sets = sets(in: context)
    return AccountHoldings(sets: sets, cashBalances: cash)
  }
}

extension ReportableModel {
  var firstMode: MarginMode { Self.modes.first ?? .portfolio }
}

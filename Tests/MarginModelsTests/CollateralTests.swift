import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Haircuts of collateral: each row with its arithmetic, then what holds of any plan and account.
@Suite struct CollateralTests {
  /// USD is the base; USDC is stable; BTC and ETH are coins.
  static func market(spots: [(String, Double)] = [("BTC", 50_000), ("ETH", 2_500), ("USDC", 1)]) throws
    -> MarketSnapshot
  {
    MarketSnapshot(
      asOf: try #require(Instant(year: 2026, month: 2, day: 5, hour: 8)),
      baseCurrency: try #require(Identifier("USD")),
      assets: try spots.map {
        Asset(id: try #require(Identifier($0.0)), spot: $0.1, isStable: $0.0 == "USDC")
      })
  }

  static func balances(_ quantities: [(String, Double)], _ market: MarketSnapshot) throws -> [ValuedBalance] {
    try quantities.map { name, quantity in
      let id = try #require(Identifier(name))
      let place = market.assetIndex(of: id)
      return ValuedBalance(
        asset: id, assetIndex: place, quantity: quantity, spot: place.map { market.assets[$0].spot } ?? 1,
        isCash: name.hasPrefix("USD"))
    }
  }

  static func terms(
    _ plan: CollateralPlan, _ quantities: [(String, Double)], confidence: [Double] = [1, 1, 1],
    delta: Double = 0
  ) throws -> [CollateralTerm] {
    let market = try market()
    return CollateralLedger(plan, market: market, confidence: confidence)
      .terms(of: try balances(quantities, market), delta: delta)
  }

  static func id(_ name: String) throws -> Identifier { try #require(Identifier(name)) }

  /// Sums of a few products: some roundings of the value.
  static func isNear(_ found: Double, _ wanted: Double, of value: Double) -> Bool {
    abs(found - wanted) <= 1e-12 * (1 + abs(value))
  }

  @Test("a stable asset at 0.97 with a haircut of 5 % counts at 0.97 × 0.95")
  func depegAndHaircut() throws {
    let usdc = try Self.id("USDC")
    let plan = CollateralPlan(
      assets: [.init(asset: usdc, haircut: 0.05)], depeg: [Depeg(asset: usdc, price: 0.97)])
    let row = try #require(try Self.terms(plan, [("USDC", 100_000)]).first)
    // 100,000 × 0.03 = 3,000; 97,000 × 0.05 = 4,850; 92,150 are left.
    #expect(Self.isNear(row.depeg, 3_000, of: 100_000) && Self.isNear(row.haircut, 4_850, of: 100_000))
    #expect(Self.isNear(row.counted, 92_150, of: 100_000))
    // A peg that stands above today's price takes nothing.
    let above = CollateralPlan(depeg: [Depeg(asset: usdc, price: 1.01)])
    #expect(try Self.terms(above, [("USDC", 100_000)]).first?.counted == 100_000)
  }

  @Test("an asset fifteen minutes away loses 2.326 × σ × √t")
  func latency() throws {
    // 2.32634787 × 0.8 × √(900 / 31,536,000) = 2.32634787 × 0.8 × 0.00534217 = 0.0099422023.
    let haircut = CollateralHaircut.latency(volatility: 0.8, seconds: 900)
    #expect(abs(haircut - 0.009_942_202_3) < 5e-11)
    let plan = CollateralPlan(
      assets: [.init(asset: try Self.id("ETH"), haircut: 0.1, latencySeconds: 900, volatility: 0.8)])
    let row = try #require(try Self.terms(plan, [("ETH", 20)]).first)
    // 50,000 × 0.1 = 5,000 and 50,000 × 0.0099422023 = 497.11; 44,502.89 are left.
    #expect(Self.isNear(row.haircut, 5_000, of: 50_000) && abs(row.latency - 497.110_5) < 1e-3)
    #expect(abs(row.counted - 44_502.889_5) < 1e-3)
    #expect(CollateralHaircut.latency(volatility: 5, seconds: 1e15) == 1)
  }

  @Test("a price trusted at 0.4 under a threshold of 0.55 loses 0.6 times the factor")
  func confidence() throws {
    let plan = CollateralPlan(oracle: .init(threshold: 0.55, factor: 0.5))
    let rows = try Self.terms(plan, [("BTC", 1), ("ETH", 4)], confidence: [0.4, 0.55, 1])
    // 50,000 × (1 − 0.4) × 0.5 = 15,000; at the threshold nothing is due.
    #expect(
      Self.isNear(rows[0].confidence, 15_000, of: 50_000) && Self.isNear(rows[0].counted, 35_000, of: 50_000))
    #expect(rows[1].confidence == 0 && rows[1].counted == 10_000)
  }

  @Test("collateral that falls where the book loses is cut by its beta")
  func wrongWay() throws {
    let plan = CollateralPlan(
      assets: [
        .init(asset: try Self.id("ETH"), haircut: 0.1, beta: 1.2),
        .init(asset: try Self.id("USDC"), haircut: 0, beta: -0.1),
      ], wrongWayMove: 0.2)
    let market = try Self.market()
    let ledger = CollateralLedger(plan, market: market, confidence: [1, 1, 1])
    let held = try Self.balances([("ETH", 4), ("USDC", 1_000)], market)
    // Long: ETH falls by 1.2 × 0.2 = 24 % of 10,000 as the book loses; 10,000 − 1,000 − 2,400 = 6,600.
    var rows = ledger.terms(of: held, delta: 5e4)
    #expect(Self.isNear(rows[0].wrongWay, 2_400, of: 1e4) && Self.isNear(rows[0].counted, 6_600, of: 1e4))
    #expect(rows[1].wrongWay == 0)
    // Short: the book loses in a rally, in which ETH gains and the dollar loses 2 %.
    rows = ledger.terms(of: held, delta: -1)
    #expect(rows[0].wrongWay == 0 && Self.isNear(rows[1].wrongWay, 20, of: 1e3))
    #expect(ledger.terms(of: held).allSatisfy { $0.wrongWay == 0 })
  }

  @Test("concentration takes from the slices above its thresholds, by size and by share")
  func concentration() throws {
    var rule = CollateralPlan.Concentration(
      byValue: [.init(above: 1e6, haircut: 0.1), .init(above: 3e6, haircut: 0.3)])
    let held = [("BTC", 100.0), ("USDC", 5e6)]
    // 5,000,000 of BTC: 2,000,000 × 0.1 + 2,000,000 × 0.3 = 800,000. Stable assets stand outside.
    var rows = try Self.terms(CollateralPlan(concentration: rule), held)
    #expect(Self.isNear(rows[0].concentration, 800_000, of: 5e6) && rows[1].concentration == 0)
    // A quarter of 10,000,000 is free, the 2,500,000 above it lose 0.2: 500,000.
    rule = .init(byShare: [.init(above: 0.25, haircut: 0.2)])
    rows = try Self.terms(CollateralPlan(concentration: rule), held)
    #expect(Self.isNear(rows[0].concentration, 500_000, of: 5e6))
    // Both, the larger on each slice: 1,500,000 × 0.1 + 500,000 × 0.2 + 2,000,000 × 0.3 = 850,000.
    rule.byValue = [.init(above: 1e6, haircut: 0.1), .init(above: 3e6, haircut: 0.3)]
    rows = try Self.terms(CollateralPlan(concentration: rule), held)
    #expect(Self.isNear(rows[0].concentration, 850_000, of: 5e6))
    // Under the kink it is linear: half of the way between 3,000,000 and 5,000,000 costs half of 600,000.
    let half = CollateralHaircut.concentration(of: 4e6, total: 10e6, rule, most: 1)
    #expect(Self.isNear(half, 550_000, of: 5e6))
    // By name it reaches stable assets as well: 5,000,000 at 0.3 above 3,000,000 and so on.
    rule.assets = [try Self.id("USDC")]
    rows = try Self.terms(CollateralPlan(concentration: rule), held)
    #expect(rows[0].concentration == 0 && Self.isNear(rows[1].concentration, 850_000, of: 5e6))
  }

  @Test("a debt is owed in full, with simple interest over the horizon")
  func borrowing() throws {
    let usdc = try Self.id("USDC")
    let plan = CollateralPlan(
      assets: [.init(asset: nil, haircut: 0.5)], depeg: [Depeg(asset: usdc, price: 0.5)],
      borrowRates: [.init(asset: nil, rate: 0.2), .init(asset: usdc, rate: 0.08)], borrowDays: 30)
    let rows = try Self.terms(plan, [("ETH", -4), ("USDC", -10_000), ("USD", -1_000)])
    // 10,000 × 0.08 × 30 / 365 = 65.7534; 10,000 and 1,000 at 0.2: 164.3836 and 16.4384.
    #expect(abs(rows[1].borrowInterest - 65.753_425) < 1e-6 && abs(rows[1].counted + 10_065.753_425) < 1e-6)
    #expect(abs(rows[0].counted + 10_164.383_562) < 1e-6 && abs(rows[2].counted + 1_016.438_356) < 1e-6)
    #expect(rows.allSatisfy { $0.depeg == 0 && $0.haircut == 0 && $0.concentration == 0 })
  }

  @Test("haircuts together take no more than the value, in the order of the columns")
  func ceiling() throws {
    let plan = CollateralPlan(
      assets: [.init(asset: nil, haircut: 0.7)],
      concentration: .init(byShare: [.init(above: 0, haircut: 1)]), oracle: .init(threshold: 1, factor: 2))
    let row = try #require(try Self.terms(plan, [("BTC", 1)], confidence: [0.8, 1, 1]).first)
    // 0.7, then the 0.4 that confidence asks for finds 0.3, and concentration nothing.
    #expect(Self.isNear(row.haircut, 35_000, of: 50_000) && Self.isNear(row.confidence, 15_000, of: 50_000))
    #expect(row.concentration == 0 && abs(row.counted) <= 1e-11)
    // The base currency is the measure of the rest: `other` does not reach it.
    #expect(try Self.terms(plan, [("USD", 1_000)]).first?.counted == 1_000)
  }

  // MARK: Laws

  private static func plan(_ draws: inout SeededGenerator) throws -> CollateralPlan {
    func fraction() -> Double { Double.random(in: 0...1, using: &draws) }
    func steps(_ scale: Double) -> [CollateralPlan.ConcentrationStep] {
      let above = [fraction(), fraction(), fraction()].sorted()
      let haircuts = [fraction(), fraction(), fraction()].sorted()
      return zip(above, haircuts).map { .init(above: $0 * scale, haircut: $1) }
    }
    return CollateralPlan(
      assets: [
        .init(
          asset: try id("BTC"), haircut: fraction(), latencySeconds: fraction() * 1e5, volatility: 1,
          beta: fraction()),
        .init(asset: nil, haircut: fraction() / 4),
      ],
      depeg: [Depeg(asset: try id("USDC"), price: 0.5 + fraction())],
      concentration: .init(
        byShare: steps(1), byValue: steps(1e6),
        assets: Bool.random(using: &draws) ? nil : [try id("BTC"), try id("USDC")]),
      oracle: .init(threshold: fraction(), factor: 2 * fraction()), wrongWayMove: fraction(),
      borrowRates: [.init(asset: nil, rate: fraction())], borrowDays: 100 * fraction())
  }

  @Test("assets count for no more than their value and rows add up; more of an asset never counts for less")
  func laws() throws {
    let seed: UInt64 = 91
    print("seed \(seed)")
    var draws = SeededGenerator(state: seed)
    for _ in 0..<300 {
      let plan = try Self.plan(&draws)
      let confidence = (0..<3).map { _ in Double.random(in: 0...1, using: &draws) }
      var held = [("BTC", 20.0), ("ETH", 400), ("USDC", 1e6), ("USD", 1e5)].map {
        ($0.0, $0.1 * Double.random(in: -0.5...1, using: &draws))
      }
      let delta = Double.random(in: -1...1, using: &draws)
      let rows = try Self.terms(plan, held, confidence: confidence, delta: delta)
      for row in rows {
        let taken =
          row.depeg + row.haircut + row.latency + row.confidence + row.wrongWay + row.concentration
          + row.borrowInterest
        #expect(Self.isNear(row.counted + taken, row.value, of: row.value))
        #expect(row.counted <= row.value && (row.value < 0 || row.counted >= 0))
        #expect(row.value > 0 ? row.borrowInterest == 0 : taken == row.borrowInterest)
      }
      let more = Int.random(in: held.indices, using: &draws)
      held[more].1 += abs(held[more].1) * Double.random(in: 0...3, using: &draws)
      let later = try Self.terms(plan, held, confidence: confidence, delta: delta)
      let slack = 1e-12 * later.reduce(1) { $0 + abs($1.value) }
      #expect(later[more].counted >= rows[more].counted - slack)
      #expect(later.reduce(0) { $0 + $1.counted } >= rows.reduce(0) { $0 + $1.counted } - slack)
    }
  }

  @Test("a model loses of a balance no more than it counts of it, and its dynamic surplus is of what is left")
  func capped() throws {
    let asOf = try #require(Instant(year: 2026, month: 2, day: 5, hour: 8))
    let (usd, btc, doge) = (try Self.id("USD"), try Self.id("BTC"), try Self.id("DOGE"))
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: [Asset(id: btc, spot: 50_000), Asset(id: doge, spot: 0.1)])
    let book = Book(
      market: market, instruments: [], accounts: [try Self.id("one")], positions: [],
      balances: [
        Balance(account: 0, asset: btc, quantity: 2, row: 1),
        Balance(account: 0, asset: doge, quantity: 1e6, row: 2),
        Balance(account: 0, asset: usd, quantity: 10_000, row: 3),
      ])
    let plan = CollateralPlan(assets: [.init(asset: btc, haircut: 0.1), .init(asset: doge, haircut: 0.4)])
    let team = ThreadTeam(threadCount: 1)
    let engine = try MarginEngine(
      book: BookValuation.value(book, team: team), models: ["binance-perp", "hyperliquid-perp", "aave-v3"],
      collateral: plan, dynamic: DynamicMarginPlan(), parts: [], team: team)
    let margin = engine.margin(ofAccount: 0)
    let surplus = try #require(margin.collateral).surplus
    func lost(_ model: String) throws -> Double {
      let row = try #require(surplus.first { $0.model == model })
      let figure = try #require(margin.models.first { $0.model == model && $0.mode == row.mode })
      return figure.surplus - row.surplus
    }
    // Both coins count in full: 0.1 × 100,000 + 0.4 × 100,000.
    #expect(Self.isNear(try lost("binance-perp"), 50_000, of: 210_000))
    // Coins count for nothing, and cannot count for less.
    #expect(try lost("hyperliquid-perp") == 0)
    // Neither BTC nor DOGE has terms in the market of this protocol.
    #expect(try lost("aave-v3") == 0)
    for row in try #require(margin.dynamic).scaled {
      let left = try #require(surplus.first { $0.model == row.model && $0.mode == row.mode })
      let figure = try #require(margin.models.first { $0.model == row.model && $0.mode == row.mode })
      let wanted = left.surplus + figure.maintenance - row.maintenance
      #expect(Self.isNear(row.surplus, wanted, of: 210_000), "\(row.model)")
    }
  }

  @Test("an account whose balances are split loses the same, and each model's surplus what they lost")
  func engine() throws {
    var desk = RandomDesk(seed: 92)
    let made = desk.book(accounts: 8, positions: 5)
    let book = try #require(made)
    var draws = SeededGenerator(state: 93)
    let plan = try Self.plan(&draws)
    let split = Book(
      market: book.market, instruments: book.instruments, accounts: book.accounts, positions: book.positions,
      balances: book.balances.flatMap { balance in
        [0.5, 0.25, 0.25].map {
          Balance(
            account: balance.account, asset: balance.asset, quantity: balance.quantity * $0, row: balance.row)
        }
      })
    let team = ThreadTeam(threadCount: 2)
    func engine(_ book: Book, _ plan: CollateralPlan?) throws -> MarginEngine {
      try MarginEngine(
        book: BookValuation.value(book, team: team), models: ["derive-srm", "deribit-sm"], collateral: plan,
        parts: [], team: team)
    }
    let (plain, cut, parts) = (try engine(book, nil), try engine(book, plan), try engine(split, plan))
    for account in book.accounts.indices {
      let without = plain.margin(ofAccount: account)
      let with = cut.margin(ofAccount: account)
      let found = try #require(with.collateral)
      #expect(without.collateral == nil && with.models == without.models)
      #expect(parts.margin(ofAccount: account).collateral == found)
      for (figure, row) in zip(with.models, found.surplus) {
        #expect(row.model == figure.model && row.mode == figure.mode)
        // A model that counts all of every balance loses all that they lose, another no more.
        let slack = 1e-9 * (1 + abs(figure.equity))
        #expect(row.surplus >= figure.surplus - (found.value - found.counted) - slack)
        #expect(row.surplus <= figure.surplus && row.surplusInitial <= figure.surplusInitial)
      }
      #expect(found.surplus.count == with.models.count)
    }
  }
}

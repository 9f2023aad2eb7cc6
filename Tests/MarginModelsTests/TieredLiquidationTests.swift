import MarginModels
import Testing

/// Liquidation prices of single positions, by hand and against the definition.
@Suite struct TieredLiquidationTests {
  /// Binance futures as tested by freqtrade/freqtrade (tests/exchange/test_exchange.py).
  ///
  /// Two positions of one wallet, each alone and with the other's maintenance and profit; prices to the cent.
  @Test("liquidation prices of a Binance wallet, alone and beside another position")
  func binance() throws {
    let (eth, btc) = ((3683.979, 1456.84, 0.1, 135_365.0), (109.488, 32_481.98, 0.025, 16_300.0))
    for (leg, other, profit, expected) in [
      (eth, 0, 0, 1114.78), (btc, 0, 0, 18_778.73), (eth, 71_200.81144, -56_354.57, 1153.26),
      (btc, 356_512.508, -448_192.89, 26_316.89),
    ] {
      let position = FrozenAccount(
        quantity: leg.0, reference: leg.1, equity: 1_535_443.01 + profit, otherMaintenance: other)
      let price = try #require(position.linearPrice(rate: leg.2, deduction: leg.3))
      #expect(abs(price - expected) <= 0.006)
    }
  }

  /// MetaMask/core, pull request 9968: equity is marked at 2,500; taking the entry for it was the bug found there.
  @Test("the price at which equity was marked decides: a Hyperliquid preview")
  func reference() throws {
    for (mark, expected) in [(2500.0, 2295.92), (2166.6666666667, 1955.78)] {
      let position = FrozenAccount(quantity: 1.5, reference: mark, equity: 375)
      let price = try #require(position.linearPrice(rate: 0.02, deduction: 0))
      #expect(abs(price - expected) <= 0.006)
    }
  }

  /// Maintenance amounts of leverage tiers in freqtrade/freqtrade (tests/conftest.py).
  @Test("deductions rebuilt from rates are the maintenance amounts that a venue prints")
  func deductions() throws {
    let ada = try #require(
      TieredMaintenance(
        lowerBounds: [0, 1e5, 5e5, 1e6, 2e6, 5e6], rates: [0.025, 0.05, 0.1, 0.15, 0.25, 0.5]))
    let zec = try #require(
      TieredMaintenance(
        lowerBounds: [0, 5e4, 1.5e5, 2.5e5, 5e5, 1e6, 2e6],
        rates: [0.01, 0.025, 0.05, 0.1, 0.125, 0.25, 0.5]))
    for (tiers, expected) in [
      (ada, [0, 2500, 27_500, 77_500, 277_500, 1_527_500.0]),
      (zec, [0, 750, 4500, 17_000, 29_500, 154_500, 654_500]),
    ] {
      for (bracket, amount) in zip(tiers.brackets, expected) {
        #expect(abs(bracket.deduction - amount) <= 1e-6)
      }
    }
  }

  @Test("brackets that do not begin at zero, do not increase, or grow cheaper are refused")
  func refusals() {
    #expect(TieredMaintenance(lowerBounds: [], rates: []) == nil)
    #expect(TieredMaintenance(lowerBounds: [1], rates: [0.1]) == nil)
    #expect(TieredMaintenance(lowerBounds: [0, 0], rates: [0.1, 0.2]) == nil)
    #expect(TieredMaintenance(lowerBounds: [0, 1], rates: [0.2, 0.1]) == nil)
    #expect(TieredMaintenance(lowerBounds: [0, 1], rates: [0.2]) == nil)
    #expect(TieredMaintenance(lowerBounds: [0], rates: [.nan]) == nil)
  }

  @Test("the requirement of brackets is continuous, convex and grows", arguments: [UInt64(11), 12])
  func shape(seed: UInt64) throws {
    print("seed \(seed)")
    var random = DeskRandom(seed: seed)
    let tiers = try Self.tiers(&random)
    for bracket in tiers.brackets.dropFirst() {
      let (below, above) = (bracket.lower * (1 - 1e-13), bracket.lower)
      let jump = tiers.requirement(of: above) - tiers.requirement(of: below)
      // One bracket's width of rounding at most.
      #expect(abs(jump) <= 1e-11 * bracket.lower)
    }
    for _ in 0..<200 {
      let (one, other) = (random.uniform() * 5e6, random.uniform() * 5e6)
      let middle = tiers.requirement(of: (one + other) / 2)
      #expect(middle <= (tiers.requirement(of: one) + tiers.requirement(of: other)) / 2 + 1e-6)
      #expect((tiers.requirement(of: one) <= tiers.requirement(of: other)) == (one <= other))
    }
  }

  @Test("equity equals maintenance at every root, and no sign change has none", arguments: [UInt64(21), 22])
  func definition(seed: UInt64) throws {
    print("seed \(seed)")
    var random = DeskRandom(seed: seed)
    var roots = 0
    for round in 0..<400 {
      let tiers = try Self.tiers(&random)
      let isInverse = round % 2 == 1
      let mark = 100 + 900 * random.uniform()
      let scale = isInverse ? mark : 1
      let size = (random.uniform() - 0.5) * 2e4 * scale
      let units = isInverse ? abs(size) / mark : abs(size) * mark
      let position = FrozenAccount(
        quantity: size, reference: mark, equity: units * (random.uniform() - 0.1),
        otherMaintenance: units * 0.05 * random.uniform(), takerFee: round % 3 == 0 ? 0.0006 : 0)
      let found = isInverse ? position.inversePrices(tiers) : position.linearPrices(tiers)
      roots += found.count
      for price in found {
        // A dozen roundings of the largest term.
        let scale = 1e-9 * max(units, units * price / mark)
        #expect(abs(Self.surplus(position, tiers, at: price, isInverse)) <= scale)
      }
      var before = Self.surplus(position, tiers, at: mark * 1e-3, isInverse)
      for step in 1...600 {
        let (low, high) = (mark * Self.cut(step - 1), mark * Self.cut(step))
        let after = Self.surplus(position, tiers, at: high, isInverse)
        let between = found.filter { $0 > low && $0 <= high }.count
        let changes = (before < 0) != (after < 0)
        #expect((between % 2 == 1) == changes, "seed \(seed), round \(round), \(low)")
        before = after
      }
    }
    #expect(roots > 200)
  }

  /// From a thousandth to a thousand times the mark.
  static func cut(_ step: Int) -> Double {
    var product = 1e-3
    for _ in 0..<step { product *= 1.023_292_992_280_754 }
    return product
  }

  /// Equity less maintenance and the fee of closing, straight from the definition.
  static func surplus(
    _ position: FrozenAccount, _ tiers: TieredMaintenance, at price: Double, _ isInverse: Bool
  ) -> Double {
    let profit =
      isInverse
      ? position.quantity * (1 / position.reference - 1 / price)
      : position.quantity * (price - position.reference)
    let notional = isInverse ? abs(position.quantity) / price : abs(position.quantity) * price
    return position.equity + profit - position.otherMaintenance - tiers.requirement(of: notional)
      - position.takerFee * notional
  }

  static func tiers(_ random: inout DeskRandom) throws -> TieredMaintenance {
    var (lower, rate) = (0.0, 0.002 + 0.01 * random.uniform())
    var (bounds, rates) = ([0.0], [rate])
    for _ in 0..<(1 + Int(6 * random.uniform())) {
      lower += 1e3 + 1e6 * random.uniform() * random.uniform()
      rate += 0.1 * random.uniform()
      bounds.append(lower)
      rates.append(rate)
    }
    return try #require(TieredMaintenance(lowerBounds: bounds, rates: rates))
  }

  /// A long of 1 coin bought at 100 with 10 of margin and 1 % maintenance: 90/0.99; with a fee of 0.1 %, 90/0.989.
  ///
  /// The short mirrors it: 110/1.01.
  @Test("one position by hand: long, short and with the closing fee kept back")
  func byHand() throws {
    let tiers = try #require(TieredMaintenance(lowerBounds: [0], rates: [0.01]))
    var position = FrozenAccount(quantity: 1, reference: 100, equity: 10)
    #expect(abs(try #require(position.linearPrices(tiers).first) - 90 / 0.99) <= 1e-12 * 90)
    position.takerFee = 0.001
    #expect(abs(try #require(position.linearPrices(tiers).first) - 90 / 0.989) <= 1e-12 * 90)
    position = FrozenAccount(quantity: -1, reference: 100, equity: 10)
    #expect(abs(try #require(position.linearPrices(tiers).first) - 110 / 1.01) <= 1e-12 * 110)
    // Fully paid: no price at which a long fails.
    position = FrozenAccount(quantity: 1, reference: 100, equity: 100)
    #expect(position.linearPrices(tiers).isEmpty)
  }

  /// 10,000 contracts of 1 USD at 50,000 are 0.2 coin; 0.05 coin of margin at 1 %: long 10,000 · 1.01 / 0.25 = 40,400;
  /// short 10,000 · (−0.99) / (0.05 − 0.2) = 66,000; with 0.2 coin the short is hedged and never liquidated.
  @Test("an inverse position by hand: long, short, and the hedged short that has no price")
  func inverseByHand() throws {
    var position = FrozenAccount(quantity: 10_000, reference: 50_000, equity: 0.05)
    #expect(abs(try #require(position.inversePrice(rate: 0.01, deduction: 0)) - 40_400) <= 1e-7)
    position.quantity = -10_000
    #expect(abs(try #require(position.inversePrice(rate: 0.01, deduction: 0)) - 66_000) <= 1e-7)
    position.equity = 0.2
    #expect(position.inversePrice(rate: 0.01, deduction: 0) == nil)
    #expect(position.inversePrices(base: 0.01, slope: 0).isEmpty)
  }

  /// 1 % + 0.005 % a coin, long 5,000,000 USD at 50,000 with 20 coins: 5·10⁻⁵u² + 1.01u − 120 = 0, and the short
  /// of the same size, 5·10⁻⁵u² − 0.99u + 80 = 0, whose lower root in coins is the price above.
  @Test("a rate that grows with the size: the roots of the quadratic")
  func sizeDependent() throws {
    for side in [1.0, -1] {
      let position = FrozenAccount(quantity: side * 5e6, reference: 50_000, equity: 20)
      let prices = position.inversePrices(base: 0.01, slope: 5e-5)
      #expect(prices.count == (side > 0 ? 1 : 2))
      for price in prices {
        let coins = 5e6 / price
        let surplus = 20 + side * (100 - coins) - coins * (0.01 + 5e-5 * coins)
        // Thousands of coins squared times the slope, a few roundings.
        #expect(abs(surplus) <= 1e-9 * coins)
      }
    }
  }
}

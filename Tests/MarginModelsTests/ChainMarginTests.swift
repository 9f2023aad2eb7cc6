import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// dYdX v4 and Drift v2: the chains' own test numbers, then the models.
@Suite struct ChainMarginTests {
  // MARK: dYdX

  /// dydxprotocol/v4-chain, protocol/x/perpetuals/types/liquidity_tier_test.go.
  @Test("maintenance parts per million are the floored product of the tier's two")
  func maintenancePpm() {
    for (initial, fraction, expected) in [(637_239.0, 289_284.0, 184_343.0), (450_000, 770_000, 346_500)] {
      let market = DydxMarket(initialPpm: initial, maintenanceFractionPpm: fraction)
      #expect(market.maintenancePpm == expected)
    }
  }

  /// dydxprotocol/v4-chain, protocol/x/clob/keeper/liquidations_test.go: oracle 50,000 and 3,000, maintenance a tenth.
  @Test("the fillable price moves from the oracle's towards bankruptcy as the account sinks")
  func fillablePrice() throws {
    let rows: [(quote: Double, btc: Double, eth: Double, adjustment: Double, spread: Double, price: Double)] =
      [
        (-4501, 0.1, 0, 1, 0.1, 49_999), (-4501, 0.1, 0, 2, 0.1, 49_998), (-4501, 0.1, 0, 1, 0.2, 49_998),
        (5499, -0.1, 0, 1, 0.1, 50_001), (-5000, 0.1, 0, 1, 0.1, 49_500), (5000, -0.1, 0, 1, 0.1, 50_500),
        (-5500, 0.1, 0, 1, 0.1, 49_500), (-490, 0.004, 0.1, 1, 0.1, 2_976),
      ]
    for row in rows {
      let maintenance = 0.1 * (abs(row.btc) * 50_000 + abs(row.eth) * 3_000)
      let account = DydxLiquidation(
        netCollateral: row.quote + row.btc * 50_000 + row.eth * 3_000, maintenance: maintenance,
        bankruptcyAdjustment: row.adjustment, spreadToMaintenance: row.spread)
      #expect(account.isLiquidatable)
      let (size, oracle) = row.eth == 0 ? (row.btc, 50_000.0) : (row.eth, 3_000.0)
      let price = try #require(
        account.fillablePrice(
          size: size, oracle: oracle, positionMaintenance: 0.1 * abs(size) * oracle))
      #expect(abs(price - row.price) <= 1e-6)
    }
  }

  /// A long of 0.1 at 50,000 with a debt of 5,500 lacks 500: sold at 55,000 it leaves nothing.
  ///
  /// The short mirrors it.
  @Test("at the bankruptcy price closing everything leaves nothing, and half leaves half")
  func bankruptcyPrice() throws {
    for (size, quote, price) in [(0.1, -5_500.0, 55_000.0), (-0.1, 4_500, 45_000)] {
      let account = DydxLiquidation(netCollateral: quote + size * 50_000, maintenance: 500)
      for share in [0.5, 1] {
        let found = try #require(
          account.bankruptcyPrice(closed: share * size, oracle: 50_000, freed: share * 500))
        #expect(abs(found - price) <= 1e-9 * price)
      }
    }
  }

  @Test(
    "an account at equality of maintenance and collateral stands, and without positions it stands as well")
  func equality() {
    #expect(!DydxLiquidation(netCollateral: 500, maintenance: 500).isLiquidatable)
    #expect(DydxLiquidation(netCollateral: 499.999999, maintenance: 500).isLiquidatable)
    #expect(!DydxLiquidation(netCollateral: -1, maintenance: 0).isLiquidatable)
  }

  @Test("initial margin rises with open interest between the caps, maintenance never does")
  func openInterest() {
    let market = DydxMarket(
      initialPpm: 50_000, maintenanceFractionPpm: 600_000, openInterestLower: 4e7, openInterestUpper: 1e8)
    for (interest, ppm) in [(0.0, 50_000.0), (4e7, 50_000), (7e7, 525_000), (1e8, 1e6), (1e9, 1e6)] {
      #expect(market.initialPpm(openInterest: interest) == ppm)
    }
    #expect(market.initialPpm(openInterest: nil) == 50_000)
    #expect(market.initialPpm(openInterest: 7e7, chosenPpm: 600_000) == 600_000)
    #expect(market.maintenancePpm == 30_000)
    #expect(
      DydxMarket(initialPpm: 50_000, maintenanceFractionPpm: 0).initialPpm(openInterest: 1e12) == 50_000)
  }

  /// 0.1 BTC at 50,000.01: 5 % and 3 % of 5,000.001 are 250.00005 and 150.00003; in quanta of 10⁻⁶ exact, in cents
  /// rounded up.
  @Test("requirements are rounded up to the quantum")
  func rounding() throws {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000.01)
    market.add(.perpetual, on: coin, mark: 50_000.01, quantity: -0.1)
    for (quantum, initial, maintenance) in [
      (0.01, 250.01, 150.01), (1e-6, 250.00005, 150.00003), (0, 250.00005, 150.00003),
    ] {
      let library = try Self.library(
        "dydx-v4",
        [
          ("market.BTC.initial_ppm", 50_000), ("market.BTC.maintenance_fraction_ppm", 600_000),
          ("rounding_quantum", quantum),
        ])
      let model = try library.prepare(
        "mine", context: market.context, states: [.today], team: CapitalDesk.team)
      let net = model.netMargin(of: market.sets(in: market.context)[coin], state: 0)
      #expect(abs(net.initial + initial) <= 1e-9)
      #expect(abs(net.maintenance + maintenance) <= 1e-9)
    }
  }

  /// 700,000 SOL open at 100 are 70 million, half of the way from 40 to 100: 5 % + 95 %/2 = 52.5 % of 1,000.
  ///
  /// At half the price they are 35 million, below the lower cap: 5 % and 3 % of 500.
  @Test("open interest of the market moves with the price and lifts the initial margin alone")
  func openInterestOfAMarket() throws {
    let ids = try ["USD", "USDC", "SOL", "SOL-PERP", "a"].map { try #require(Identifier($0)) }
    let market = MarketSnapshot(
      asOf: try #require(Instant(year: 2026, month: 2, day: 5)), baseCurrency: ids[0],
      assets: [Asset(id: ids[2], spot: 100), Asset(id: ids[1], spot: 1, isStable: true)],
      marks: [Mark(instrument: ids[3], price: 100, openInterest: 700_000)])
    let perpetual = Instrument(
      id: ids[3], kind: .perpetual, underlying: ids[2], quoteAsset: ids[1], settlementAsset: ids[1])
    let book = Book(
      market: market, instruments: [perpetual], accounts: [ids[4]],
      positions: [Position(account: 0, instrument: 0, quantity: -10, entryPrice: 100, row: 1)], balances: [])
    let valued = BookValuation.value(book, team: CapitalDesk.team)
    let context = MarginContext(of: valued)
    let half = MarketState(name: "half", scenarioSet: "test", spotMultiplier: 0.5, volatility: .none)
    let model = try ModelCatalogue.prepare(
      "dydx-v4", context: context, states: [.today, half], team: CapitalDesk.team)
    let set = try #require(context.nettingSets(ofAccount: 0, in: valued).first)
    for (net, expected) in zip(model.netMargins(of: set), [(-525.0, -30.0), (475.0, 485.0)]) {
      #expect(abs(net.initial - expected.0) <= 1e-5)
      #expect(abs(net.maintenance - expected.1) <= 1e-5)
    }
  }

  // MARK: Drift

  /// drift-labs/protocol-v2, programs/drift/src/math/liquidation/tests.rs.
  @Test("the units that cover a shortage, with fees and a quote asset off its peg")
  func unitsToCover() throws {
    for (quotePrice, liquidator, insurance, expected) in [
      (1.0, 0.0, 0.0, 1.0), (1, 0.01, 0, 1.1111111111111112), (1, 0.01, 0.01, 1.25), (0.99, 0, 0, 1.01010101),
      (1.01, 0, 0, 0.990099009),
    ] {
      let units = try #require(
        DriftWeights.unitsToCover(
          shortage: 10, ratio: 0.1, price: 100, quotePrice: quotePrice, liquidatorFee: liquidator,
          insuranceFee: insurance))
      #expect(abs(units - expected) <= 2e-9)
    }
    #expect(DriftWeights.unitsToCover(shortage: 10, ratio: 0.01, price: 100, liquidatorFee: 0.01) == nil)
  }

  /// drift-labs/protocol-v2, programs/drift/src/math/margin/tests.rs: 0.9 from half a million at 25 a token.
  @Test("an initial weight is scaled down by the venue's deposits")
  func scaledWeight() {
    for (deposits, expected) in [(20_000.0, 0.9), (40_000, 0.45), (60_000, 0.3)] {
      let weight = DriftWeights.scaled(0.9, start: 500_000, value: deposits * 25)
      #expect(abs(weight - expected) <= 1e-4)
    }
    #expect(DriftWeights.scaled(0.9, start: 0, value: 1e12) == 0.9)
  }

  /// docs.drift.trade, cross-collateral deposits: 2,000 SOL at 0.003 keep their 0.8; 100,000 do not.
  @Test("weights worsen with the root of the size and never improve")
  func sizeWeights() {
    #expect(DriftWeights.asset(0.8, size: 2_000, factor: 0.003) == 0.8)
    #expect(
      abs(DriftWeights.asset(0.8, size: 100_000, factor: 0.003) - 1.1 / (1 + 0.003 * 1e5.squareRoot()))
        <= 1e-15)
    #expect(DriftWeights.liability(1.2, size: 100, factor: 0.003) == 1.2)
    #expect(abs(DriftWeights.liability(1.2, size: 1e4, factor: 0.003) - 1.26) <= 1e-15)
    #expect(DriftWeights.liability(0.05, size: 1e9, factor: 0) == 0.05)
  }

  /// 100 SOL at 150 deposited, 1,000 USDC borrowed, 2 BTC of perpetual short at 60,000 opened at 61,000 (5 %, 3 %).
  ///
  /// Initial: 100·150·0.8 − 1,000 − 0.05·120,000 + 2,000 = 7,000; with an average price of 140, 1,000·0.8 less.
  /// Maintenance: 100·150·0.9 − 1,000 − 0.03·120,000 + 2,000 = 10,900.
  @Test("a Drift account by hand: deposits, a borrow, a perpetual and a strict price")
  func driftAccount() throws {
    for (average, initial) in [(0.0, 7_000.0), (140, 6_200), (160, 7_000)] {
      var market = HandMarket()
      let btc = market.add(asset: "BTC", spot: 60_000)
      let sol = market.add(asset: "SOL", spot: 150)
      market.add(.perpetual, on: btc, mark: 60_000, quantity: -2, entry: 61_000)
      market.collateral[sol] = 100
      let library = try Self.library(
        "drift-v2",
        [
          ("perpetual.BTC.initial_ratio", 0.05), ("perpetual.BTC.maintenance_ratio", 0.03),
          ("asset.SOL.initial_asset_weight", 0.8), ("asset.SOL.maintenance_asset_weight", 0.9),
          ("asset.SOL.average_price", average),
        ])
      let model = try library.prepare(
        "mine", context: market.context, states: [.today], team: CapitalDesk.team)
      var net = model.countedCash([CashBalance(asset: nil, value: -1_000)])
      for set in market.sets(in: market.context) { net += model.netMargin(of: set, state: 0) }
      #expect(abs(net.initial - initial) <= 1e-8)
      #expect(abs(net.maintenance - 10_900) <= 1e-8)
    }
  }

  @Test("a chain's parameters that make no sense are refused by name")
  func refusals() {
    for (base, numbers) in [
      ("dydx-v4", [("market.XRP.initial_ppm", 50_000.0)]), ("dydx-v4", [("rounding_quantum", -1)]),
      ("drift-v2", [("perpetual.BTC.initial_ratio", 0.01), ("perpetual.BTC.maintenance_ratio", 0.03)]),
      ("drift-v2", [("asset.SOL.initial_asset_weight", 1.2)]),
      ("drift-v2", [("strict_maintenance", 1), ("strict_initial", 0)]),
    ] {
      #expect(throws: MarginError.self) { try Self.library(base, numbers) }
    }
  }

  static func library(_ base: String, _ numbers: [(String, Double)]) throws -> ModelLibrary {
    try ModelLibrary(
      adding: [
        ModelDefinition(
          name: "mine", base: base, parameters: numbers.map { .init(name: $0.0, value: $0.1) },
          file: "mine.json")
      ])
  }
}

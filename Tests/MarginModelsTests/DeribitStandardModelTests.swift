import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Deribit standard margin against figures worked by hand.
///
/// Options have no volatility here, so that a mark
/// is its intrinsic value and every figure can be followed: spot is 50,000, one contract is one coin.
@Suite struct DeribitStandardModelTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var forward = 50_000.0
    var strike: Double
    var isCall: Bool
    var isInverse = true
    var quantity = -1.0
    var initial: Double
    var maintenance: Double
    var testDescription: String { name }
  }

  static let cases = [
    // OTM = 5,000 / 50,000 = 0.10, so 0.15 − 0.10 = 0.05 gives way to the least 0.10; the mark is 0.
    // IM = 0.10 coin = 5,000; MM = 0.075 coin = 3,750.
    Case(
      name: "short call out of the money", strike: 55_000, isCall: true, initial: 5_000,
      maintenance: 3_750),
    // OTM = 1,000 / 50,000 = 0.02: 0.15 − 0.02 = 0.13 coin = 6,500; MM = 0.075 coin = 3,750.
    Case(
      name: "short call near the money", strike: 51_000, isCall: true, initial: 6_500,
      maintenance: 3_750),
    // Mark = (50,000 − 40,000) / 50,000 = 0.2 coin. IM = 0.15 + 0.2 = 0.35 coin; MM = 0.075 + 0.2 = 0.275.
    Case(
      name: "short call in the money", strike: 40_000, isCall: true, initial: 17_500,
      maintenance: 13_750),
    // Two contracts: OTM = 0.10, IM = 2 × max(0.10, MM) with MM = max(0.075, 0) + 0 = 0.075 coin.
    Case(
      name: "two short puts out of the money", strike: 45_000, isCall: false, quantity: -2,
      initial: 10_000, maintenance: 7_500),
    // Mark = 10,000 / 50,000 = 0.2 coin: MM = max(0.075, 0.075 × 0.2) + 0.2 = 0.275; IM = 0.15 + 0.2.
    Case(
      name: "short put in the money", strike: 60_000, isCall: false, initial: 17_500,
      maintenance: 13_750),
    // Mark = 150,000 / 50,000 = 3 coin: MM = 0.075 × 3 + 3 = 3.225; 0.15 + 3 = 3.15 is less, so IM = MM.
    Case(
      name: "deep short put, whose initial margin is lifted to maintenance", strike: 200_000,
      isCall: false, initial: 161_250, maintenance: 161_250),
    // U is the forward: OTM = 1,020 / 51,000 = 0.02. The coin figure 0.13 is worth 0.13 × spot = 6,500 ...
    Case(
      name: "coin call under a forward above spot", forward: 51_000, strike: 52_020, isCall: true,
      initial: 6_500, maintenance: 3_750),
    // ... while the linear figure is 0.13 × U = 6,630, and MM = 0.075 × 51,000 = 3,825.
    Case(
      name: "linear call under a forward above spot", forward: 51_000, strike: 52_020, isCall: true,
      isInverse: false, initial: 6_630, maintenance: 3_825),
    // A long option needs nothing and defends nothing, in the money or not.
    Case(
      name: "long call in the money", strike: 40_000, isCall: true, quantity: 3, initial: 0,
      maintenance: 0),
  ]

  static func model(of market: HandMarket) -> DeribitStandardModel {
    DeribitStandardModel(
      name: "deribit-sm", parameters: .documented, context: market.context, states: [.today],
      team: ThreadTeam(threadCount: 1))
  }

  @Test("options need what the rule book says", arguments: cases)
  func options(_ entry: Case) {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(
      optionOn: coin, seconds: 864_000, strike: entry.strike, isCall: entry.isCall, volatility: 0,
      forward: entry.forward, isInverse: entry.isInverse, quantity: entry.quantity)
    let found = Self.model(of: market).requirement(of: market.sets(in: market.context)[0], state: 0)
    // A handful of roundings at the size of the figure.
    #expect(abs(found.initial - entry.initial) <= 1e-9 * entry.initial)
    #expect(abs(found.maintenance - entry.maintenance) <= 1e-9 * entry.maintenance)
    #expect(found.counted == 0)
  }

  @Test("linear perpetuals need the published rates, which grow with size")
  func linearPerpetuals() {
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    for entry in file["cases"].elements where entry["id"].text == "deribit-linear-perp-sm" {
      let expected = entry["expected"]
      for (row, input) in entry["inputs"]["rows"].elements.enumerated() {
        var market = HandMarket()
        let asset = input["instrument"].text.prefix(3)
        let coin = market.add(asset: String(asset), spot: input["price"].number)
        market.add(
          .perpetual, on: coin, mark: input["price"].number, quantity: -input["size"].number)
        let found = Self.model(of: market).requirement(of: market.sets(in: market.context)[0], state: 0)
        let initial = expected["im_usd"].elements[row].number
        #expect(abs(found.initial - initial) <= 1e-9 * initial)
        if let maintenance = expected["mm_usd"].elements[row].optionalNumber {
          #expect(abs(found.maintenance - maintenance) <= 1e-9 * maintenance)
        }
      }
    }
  }

  /// 500,000 USD of an inverse perpetual at 50,000 are 10 coins: (2 % + 10 × 0.005 %) × 10 coins = 0.205
  /// coin = 10,250; maintenance (1 % + 0.05 %) × 10 = 0.105 coin = 5,250.
  @Test("an inverse perpetual is sized in coins at its mark")
  func inversePerpetual() {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, isInverse: true, quantity: 500_000, entry: 40_000)
    market.collateral[coin] = 2
    let found = Self.model(of: market).requirement(of: market.sets(in: market.context)[0], state: 0)
    #expect(abs(found.initial - 10_250) < 1e-8)
    #expect(abs(found.maintenance - 5_250) < 1e-8)
    // Two coins and the open profit 500,000 × (1/40,000 − 1/50,000) = 2.5 coins, at 50,000.
    #expect(abs(found.counted - 4.5 * 50_000) < 1e-8)
  }

  /// A recorded short of 0.243313388 ETH needed 0.004866386 and 0.002433252 ETH; the part above 2 % and 1 %
  /// is the slope, read to the last printed digit.
  @Test("a recorded position had the margin that the slope of ETH gives")
  func recordedPosition() {
    var market = HandMarket()
    let coin = market.add(asset: "ETH", spot: 3_000)
    market.add(.future, on: coin, mark: 3_000, isInverse: true, quantity: -0.243313388 * 3_000)
    let found = Self.model(of: market).requirement(of: market.sets(in: market.context)[0], state: 0)
    #expect(abs(found.initial / 3_000 - 0.004866386) < 2e-9)
    #expect(abs(found.maintenance / 3_000 - 0.002433252) < 2e-9)
  }
}

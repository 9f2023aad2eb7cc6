import MarginModels
import MarketModel
import RiskNumerics
import Testing

/// Deribit portfolio margin against answers of the exchange's simulator and figures worked by hand.
@Suite struct DeribitPortfolioModelTests {
  static let team = ThreadTeam(threadCount: 1)

  static func model(
    of market: HandMarket, _ parameters: DeribitPortfolioParameters = .documented
  ) -> DeribitPortfolioModel {
    DeribitPortfolioModel(
      name: "deribit-pm", parameters: parameters, context: market.context, states: [.today], team: team)
  }

  static func requirement(
    of market: HandMarket, _ parameters: DeribitPortfolioParameters = .documented
  ) -> DeribitMatrixRequirement {
    model(of: market, parameters).requirement(of: market.sets(in: market.context)[0], state: 0)
  }

  @Test("ten minutes before it settles, a future is hedged in full by a call and a put of its strike")
  func hedgedInTheWindow() {
    var market = HandMarket()
    let coin = market.add(asset: "ETH", spot: 2_000)
    let seconds: Int64 = 600
    market.add(
      .future, on: coin, mark: 2_000, isInverse: true, quantity: -20_000, seconds: seconds)
    // Long call, short put at 2,000: ten synthetic futures in coin, 10 - 20,000/S each way.
    for (isCall, quantity) in [(true, 10.0), (false, -10)] {
      market.add(
        optionOn: coin, seconds: seconds, strike: 2_000, isCall: isCall, volatility: 0.6, forward: 2_000,
        isInverse: true, quantity: quantity)
    }
    let hedged = Self.requirement(of: market)
    market.legs[coin]?.removeFirst()
    let bare = Self.requirement(of: market)
    // A third of the average is open. What is left of the matrix is rounding of prices of 20,000.
    #expect(bare.worst > 100)
    #expect(abs(hedged.worst) < 1e-9)
  }

  /// A short perpetual of one ETH, as the exchange answered in February 2026: coin figures to 1.5e-7.
  @Test("a recorded answer of the simulator is met: matrix, offset, extended table, roll shock, maintenance")
  func recordedAnswer() {
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    for entry in file["cases"].elements where entry["id"].text == "deribit-pme-eth-capture" {
      let (inputs, expected) = (entry["inputs"], entry["expected"])
      let spot = inputs["index"].number
      let coins = inputs["position_coin_delta"].number
      var market = HandMarket()
      let coin = market.add(asset: "ETH", spot: spot)
      market.add(.perpetual, on: coin, mark: 1_949.49, isInverse: true, quantity: coins * 1_949.49)
      let found = Self.requirement(of: market)
      #expect(abs(found.worst / spot - expected["worst_case"].number) < 1.5e-7)
      #expect(abs(found.rollShock / spot - expected["roll_shock"].number) < 1e-12)
      #expect(abs(found.initial / spot - expected["risk_matrix"].number) < 1.5e-7)
      #expect(abs(found.maintenance / spot - expected["maintenance_margin"].number) < 1.5e-7)
      #expect(found.deltaShock == inputs["delta_shock"].number)

      let matrix = DeribitRiskMatrix(asset: "ETH", parameters: .documented)
      func cell(_ column: Int) -> Double {
        let move = matrix.moves[column]
        return matrix.counted(coins * spot * (1 - 1 / (1 + move)), column: column, isCoin: true) / spot
      }
      for (place, loss) in expected["vector_loss_side"].elements.enumerated() {
        #expect(abs(cell(3 * (5 + place)) - loss.number) < 1.5e-7)
      }
      for (place, gain) in expected["gains_after_offset"].elements.enumerated() {
        #expect(abs(cell(3 * place) - gain.number) < 1.5e-7)
      }
      // After the dampener of 200,000 nothing is left of so small an account's extended cells; before it they
      // are the edge of the standard table.
      var undampened = DeribitPortfolioParameters.documented
      undampened.coins[1].extendedDampener = 0
      undampened.coins[1].gainOffset = 1
      let plain = DeribitRiskMatrix(asset: "ETH", parameters: undampened)
      for (place, value) in expected["extended_before_dampening"].elements.enumerated() {
        #expect(cell(27 + place) == 0)
        let simulated = coins * (1 - 1 / (1 + plain.moves[27 + place]))
        #expect(abs(plain.counted(simulated, column: 27 + place, isCoin: true) - value.number) < 1.5e-7)
      }
    }
  }

  /// The documented answer of June 2024: a long perpetual and a short future of BTC.
  ///
  /// They offset in full within their matrix although gain_offset is 0, so that the offset is one between
  /// settlements, not expiries.
  /// Source: docs.deribit.com, private/pme/simulate, response example.
  @Test("the documented answer of the simulator is met: expiries offset in full, roll shock by expiry")
  func documentedAnswer() {
    let spot = 65_666.19
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: spot)
    market.add(.perpetual, on: coin, mark: 65_910.57, isInverse: true, quantity: 0.314538364 * 65_910.57)
    market.add(
      .future, on: coin, mark: 67_371.75, isInverse: true, quantity: -0.001187534 * 67_371.75,
      seconds: 11 * 86_400)
    let found = Self.requirement(of: market)
    #expect(abs(found.worst / spot - 0.05968587238095239) < 1e-9)
    #expect(abs(found.rollShock / spot - 0.00315725898) < 1e-12)
    #expect(abs(found.initial / spot - 0.06284313098) < 1e-9)
    #expect(abs(found.maintenance / spot - 0.050274504784) < 1e-9)
    // −16 %, the lowest bucket, all three volatilities alike.
    #expect(found.decisive == 0b111)
  }

  @Test("the extended table of linear contracts counts range over move, as another venue prints it")
  func tailWeights() {
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    for entry in file["cases"].elements where entry["id"].text == "paradex-tail-weights" {
      var parameters = DeribitPortfolioParameters.documented
      parameters.linear.extendedDampener = 0
      parameters.pairs[0].priceRange = entry["inputs"]["range"].number
      let matrix = DeribitRiskMatrix(asset: "BTC", parameters: parameters)
      for (place, weight) in entry["expected"]["weight"].elements.enumerated() {
        // The source prints two digits.
        #expect(abs(-matrix.counted(-1, column: 27 + place, isCoin: false) - weight.number) < 0.006)
        #expect(abs(matrix.moves[27 + place] - entry["inputs"]["tail_moves"].elements[place].number) < 1e-12)
      }
    }
  }

  @Test("a grid of five buckets a side over futures is what another venue's example prints")
  func scenarioGrid() {
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    for entry in file["cases"].elements where entry["id"].text == "dederi-futures-pm" {
      let (inputs, expected) = (entry["inputs"], entry["expected"])
      var parameters = DeribitPortfolioParameters.documented
      parameters.bucketCount = 5
      parameters.pairs[1].priceRange = 0.15
      parameters.linear.minimumMove = inputs["contingency_factor"].number
      parameters.linear.annualMoveRisk = 0
      let losses = expected["pnl_abs"].elements.map(\.number)
      var market = HandMarket()
      let coin = market.add(asset: "ETH", spot: inputs["index"].number)
      market.add(
        .future, on: coin, mark: expected["forward"].number, quantity: inputs["qty"].number,
        seconds: 20 * 86_400)
      let found = Self.requirement(of: market, parameters)
      // The example is rounded to whole units, and charges its contingency on the index.
      #expect(abs(found.worst - losses[0]) <= 2e-3 * losses[0])
      let onIndex = found.rollShock * inputs["index"].number / expected["forward"].number
      #expect(abs(onIndex - expected["futures_contingency"].number) <= 2e-3 * onIndex)
      let moves = DeribitRiskMatrix(asset: "ETH", parameters: parameters).moves
      for (place, loss) in losses.enumerated() {
        let pnl = inputs["qty"].number * expected["forward"].number * -moves[3 * place]
        #expect(abs(pnl - loss) <= 2e-3 * loss)
      }
    }
  }

  /// A call of delta 1 worth 0.3 coin, 15 of 30 minutes before settlement: half of both is left, 0.35 coin.
  @Test("in the last half hour delta decays to nothing, as the exchange works it out")
  func settlementDecay() {
    for (seconds, expected): (Int64, Double) in [(900, 0.35), (1_800, 0.7), (0, 0), (86_400, 0.7)] {
      var market = HandMarket()
      let coin = market.add(asset: "BTC", spot: 50_000)
      market.add(
        optionOn: coin, seconds: seconds, strike: 35_000, isCall: true, volatility: 0.01, forward: 50_000,
        isInverse: true, quantity: 1)
      var parameters = DeribitPortfolioParameters.documented
      parameters.coins[0].minimumMove = 1
      let found = Self.requirement(of: market, parameters)
      #expect(abs(found.rollShock / 50_000 - expected) < 1e-9)
      // Without delta nothing moves in the matrix either.
      #expect((found.worst == 0) == (seconds == 0))
    }
  }

  /// A short call of delta one is a short coin less its premium: in coin it loses K·(1/S − 1/S′).
  @Test("a coin-settled option is measured in coin, a linear one in dollars")
  func settlements() {
    for isInverse in [true, false] {
      var market = HandMarket()
      let coin = market.add(asset: "BTC", spot: 50_000)
      market.add(
        optionOn: coin, seconds: 864_000, strike: 25_000, isCall: true, volatility: 0.01, forward: 50_000,
        isInverse: isInverse, quantity: -1)
      // The volatility is lifted to 50 %, which adds next to nothing so far in the money.
      let up = 0.16
      let expected = isInverse ? 25_000 * (1 - 1 / (1 + up)) : 50_000 * up
      let found = Self.requirement(of: market)
      #expect(abs(found.worst - expected) < 1e-3 * expected)
      #expect(abs(found.counted + 25_000) < 1e-6)
    }
  }

  @Test("a gain settled in another currency offsets in part and up to a limit")
  func offsetBetweenSettlements() {
    var market = HandMarket()
    let coin = market.add(asset: "BTC", spot: 50_000)
    market.add(.perpetual, on: coin, mark: 50_000, isInverse: true, quantity: -50_000)
    market.add(.perpetual, on: coin, mark: 50_000, quantity: 1)
    // Down 16 %: the linear long loses 8,000, the coin short gains 50,000 × (1/0.84 − 1), of which 0 counts.
    // Up 16 %: the linear long gains 8,000 × 0.4, the coin short loses 50,000 × (1 − 1/1.16) = 6,897.
    #expect(abs(Self.requirement(of: market).worst - 8_000) < 1e-6)
    var parameters = DeribitPortfolioParameters.documented
    parameters.coins[0].gainOffset = 0.5
    parameters.coins[0].maximumOffset = 1e6
    let half = 8_000 - 0.5 * 50_000 * (1 / 0.84 - 1)
    #expect(abs(Self.requirement(of: market, parameters).worst - max(half, 6_896.551_724 - 3_200)) < 1e-5)
    parameters.coins[0].maximumOffset = 1_000
    #expect(abs(Self.requirement(of: market, parameters).worst - 7_000) < 1e-6)
  }

  @Test("a delta shock is due beyond its threshold, never above its ceiling, and options only reduce it")
  func deltaShock() {
    var parameters = DeribitPortfolioParameters.documented
    parameters.pairs[0].deltaShockSlope = 5e-5
    func shock(coins: Double, puts: Double = 0) -> Double {
      var market = HandMarket()
      let coin = market.add(asset: "BTC", spot: 50_000)
      market.add(.perpetual, on: coin, mark: 50_000, quantity: coins)
      market.add(
        optionOn: coin, seconds: 864_000, strike: 90_000, isCall: false, volatility: 0.01, forward: 50_000,
        quantity: puts)
      return Self.requirement(of: market, parameters).deltaShock
    }
    // The threshold of 20 million is 400 coins.
    #expect(shock(coins: 400) == 0)
    #expect(abs(shock(coins: 600) - 600 * 50_000 * 200 * 5e-5) < 1e-3)
    #expect(abs(shock(coins: 1e5) - 1e5 * 50_000 * 0.1) < 1)
    #expect(abs(shock(coins: 600, puts: 100) - 500 * 50_000 * 100 * 5e-5) < 1)
    #expect(abs(shock(coins: 600, puts: -100) - shock(coins: 600)) < 1e-3)
  }

  /// Without its dampener the matrix is coherent; with it a larger position needs more than in proportion.
  @Test("without the dampener the matrix is coherent, with it margin outgrows the size", arguments: [7, 8])
  func coherence(seed: UInt64) throws {
    let (context, sets) = try MarginLawTests.sets(seed: seed)
    var plain = DeribitPortfolioParameters.documented
    plain.linear.extendedDampener = 0
    plain.linear.maximumOffset = .greatestFiniteMagnitude
    for place in plain.coins.indices {
      plain.coins[place].extendedDampener = 0
      plain.coins[place].maximumOffset = .greatestFiniteMagnitude
    }
    func prepared(_ parameters: DeribitPortfolioParameters) -> DeribitPortfolioModel {
      DeribitPortfolioModel(
        name: "deribit-pm", parameters: parameters, context: context, states: MarginLawTests.states,
        team: Self.team)
    }
    let (coherent, documented) = (prepared(plain), prepared(.documented))
    for set in sets {
      let bound = MarginLawTests.rounding * MarginLawTests.size(of: set, in: context)
      var larger = set
      larger.collateral *= 2.5
      for leg in set.legs.indices {
        larger.legs[leg].effectiveQuantity *= 2.5
        larger.legs[leg].rawQuantity *= 2.5
        larger.legs[leg].value *= 2.5
      }
      for state in coherent.states.indices {
        let whole = coherent.netMargin(of: set, state: state)
        let more = coherent.netMargin(of: larger, state: state)
        #expect(abs(more.initial - 2.5 * whole.initial) <= 2.5 * bound)
        var apart = coherent.netMargin(
          collateral: set.collateral, underlying: set.underlying, state: state)
        for leg in set.legs { apart += coherent.netMargin(alone: leg, state: state) }
        #expect(whole.initial >= apart.initial - bound)
        #expect(whole.maintenance >= apart.maintenance - bound)
        let dampened = documented.requirement(of: set, state: state).initial
        let enlarged = documented.requirement(of: larger, state: state).initial
        #expect(enlarged >= 2.5 * dampened - 2.5 * bound)
      }
    }
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments
import TailRisk
import Testing

/// A small account made by hand in which every field of the report holds something.
struct ReportSample {
  let btc: Identifier
  let eth: Identifier
  let perpetual: Identifier
  let call: Identifier
  let usd: Identifier

  init() throws {
    btc = try #require(Identifier("BTC"))
    eth = try #require(Identifier("ETH"))
    perpetual = try #require(Identifier("BTC-PERPETUAL"))
    call = try #require(Identifier("ETH-27MAR26-3000-C"))
    usd = try #require(Identifier("USD"))
  }

  var writer: ReportWriter { ReportWriter(assets: [btc, eth]) }

  func greeks(_ scale: Double) -> GreekSet {
    var set = GreekSet()
    set.value = 7 * scale
    set.delta = scale
    set.gamma = 0.5 * scale
    set.coinDelta = 0.25 * scale
    set.coinGamma = -0.125 * scale
    set.cashDelta = 100 * scale
    set.cashGamma1Percent = 0.1 * scale
    set.vega = 3 * scale
    set.theta = -4 * scale
    set.rho = -0.0
    return set
  }

  var aggregate: AggregateGreeks {
    let parts = [(0, nil as Int64?, 1.0), (1, 1_774_598_400, -2)].map { asset, expiry, scale in
      UnderlyingGreeks(
        underlying: asset, greeks: greeks(scale),
        byExpiry: [.init(expiry: expiry, greeks: greeks(scale))])
    }
    return AggregateGreeks(byUnderlying: parts, total: greeks(-1))
  }

  func valueAtRisk() throws -> ValueAtRiskFigure {
    var figure = ValueAtRiskFigure(
      method: "monte_carlo", confidence: try #require(ConfidenceLevel(decimal: "0.975")), horizonDays: 1,
      valueAtRisk: 12.5, expectedShortfall: 15.25, standardError: 0.5, expectedShortfallStandardError: 0.75,
      rank: 975,
      interval: .init(confidence: 0.9512, lower: 11.5, upper: 13.5, lowerRank: 965, upperRank: 985),
      components: [.init(name: btc, expectedShortfall: 15), .init(name: call, expectedShortfall: 0.25)])
    figure.factors = factors
    return figure
  }

  var factors: [FactorUse] {
    [
      FactorUse(kind: "spot", name: btc, moved: true, volatility: 0.62, reason: nil),
      FactorUse(
        kind: "volatility", name: btc, moved: false, volatility: nil, reason: "no volatility of volatility"),
    ]
  }

  var margin: AccountMargin {
    let figure = MarginFigure(
      model: "derive-srm", mode: .isolated, equity: 1_000, initial: 300, maintenance: 200,
      components: [
        MarginComponent(name: "perpetuals", initial: 100, maintenance: 50),
        MarginComponent(name: "options", initial: 150, maintenance: 100),
        MarginComponent(name: "perpetuals", initial: 50, maintenance: 50),
      ],
      perPosition: [
        PositionMargin(
          instrument: perpetual, quantity: -500, initial: 150, maintenance: 100, margin: 160, surplus: 62.5)
      ],
      worstScenario: "down_20 = up_20", unsupported: [call])
    var primary = comparison("derive")
    primary.detail = detail
    var margin = AccountMargin(
      models: [figure], comparison: primary, beside: [comparison("deribit")],
      ranking: RankedMode.ranked([
        ranked(.cross, capital: 449, parts: [("loss", 400), ("short_options", 49)]),
        ranked(
          .isolated, capital: 450.5, parts: [("loss", 400), ("short_options", 49), ("not_shared", 1.5)]),
      ]))
    margin.profile = MarginProfile(
      ladders: [
        ProfileLadder(
          underlyings: [btc], spot: 65_010.5, profitAndLoss: [-250.126, 0],
          surplus: [[300.5, 800], [300.5, 800], [1_234.567, 800]])
      ], today: [800, 800, 800])
    return margin
  }

  private func comparison(_ venue: String) -> MarginComparison {
    let side = ComparedMode(
      model: "derive-srm", initial: 300, maintenance: 200, capital: 450.5, surplus: 800,
      worstScenario: "+18% vol up", leverage: leverage)
    var comparison = MarginComparison(
      isolated: side, cross: side, portfolio: side,
      saving: MarginSaving(pooling: 1, model: -2, offset: 3),
      attribution: [SavingShare(instrument: call, isolated: 20, worstScenarioLoss: -5)],
      capitalToSurvive: [
        CapitalToSurvive(
          scenarioSet: "stress", scenario: "crash", isolated: 450.5, cross: 449, portfolio: 448,
          market: MarketState(
            name: "crash", scenarioSet: "stress", spotMultiplier: 0.8, volatility: .relative(0.5))),
        CapitalToSurvive(
          scenarioSet: "worst", scenario: "worst", isolated: 450.5, cross: 449, portfolio: 448),
      ])
    comparison.venue = venue
    comparison.value = 40
    return comparison
  }

  private var leverage: ModeLeverage {
    ModeLeverage(
      exposure: 1_500, equity: 1_000, initial: 2.5, maintenance: nil, reason: "no size is too large")
  }

  private func ranked(
    _ mode: MarginMode, capital: Double, parts: [(String, Double)]
  ) -> RankedMode {
    RankedMode(
      venue: "derive", model: "derive-srm", mode: mode, capital: capital, scenario: "crash", initial: 300,
      maintenance: 200, equity: 1_000, leverage: leverage,
      parts: parts.map { CapitalPart(name: $0.0, amount: $0.1) })
  }

  var detail: AttributionDetail {
    let saving = MarginSaving(pooling: 1, model: -2, offset: 3)
    return AttributionDetail(
      model: "derive-pmrm2", requirement: 60, alone: 100, sampledOrders: 256, sampledCapitalOrders: 64,
      nettingSets: [
        NettingSetShare(
          name: "ETH 2026-03-27", underlying: eth, expiry: Instant(year: 2026, month: 3, day: 27, hour: 8),
          memberCount: 1, alone: 40, requirement: 40, share: 25, standardError: 0, capital: saving,
          capitalError: .zero)
      ],
      shapley: [
        ShapleyShare(
          instrument: call, nettingSet: "ETH 2026-03-27", alone: 40, share: 25, standardError: 0.5,
          worstScenario: -5, capital: saving, capitalError: .zero)
      ],
      offsets: [OffsetPair(level: .position, first: perpetual.text, second: call.text, offset: 15)],
      offsetsLeftOut: 2,
      worstTies: [
        WorstTie(underlying: "ETH", scenario: "up", parts: [.init(instrument: call, requirement: 25)])
      ],
      contagion: [
        ContagionFigure(
          instrument: perpetual, scenarioSet: "stress", scenario: "crash", loss: 300, contained: 160,
          spill: 140, shareOfRest: 0.125, restProfitAndLoss: -20, crossBreach: "crash")
      ])
  }

  var liquidation: AccountLiquidation {
    AccountLiquidation(
      prices: [
        LiquidationPrice(
          underlying: btc, position: perpetual, mode: .isolated, model: "derive-srm",
          surplus: 125.5, spotRoots: [50_000.5, 90_000], reason: nil),
        LiquidationPrice(
          underlying: eth, position: nil, mode: .portfolio, model: "derive-pmrm2", surplus: 900,
          spotRoots: [],
          reason: "no spot between 0.02 and 20 times today's makes the surplus zero"),
      ],
      distance: 0.26, leverage: 1.5)
  }

  /// A stress with everything that one or another kind of stress has.
  private func stress() throws -> StressFigure {
    var figure = StressFigure(scenario: try #require(Identifier("crash")), profitAndLoss: -250)
    var parts = StressExplanation()
    (parts.delta, parts.gamma, parts.vega, parts.volga, parts.vanna) = (-300, 20, 15, 1, 2)
    (parts.theta, parts.rho, parts.basis, parts.currency, parts.funding) = (-3, 4, 5, -6, 7)
    parts.residual = 5
    figure.explanation = parts
    figure.grid = StressGrid(
      ladder: StressLadder(spots: [-0.2, 0], volatilities: [0.5]), profits: [[-250, 0]])
    figure.market = StressMarket(
      window: StressMarket.Window(
        from: try #require(Instant(year: 2020, month: 3, day: 11)),
        to: try #require(Instant(year: 2020, month: 3, day: 13))),
      moves: [StressMarket.Move(asset: btc, spot: -0.2, volatility: 0.5, skew: 0.1, basis: -0.01)])
    return figure
  }

  private var reverseStress: ReverseStressFigure {
    var figure = ReverseStressFigure(
      plan: ReverseStressPlan(loss: .fractionOfEquity(0.5), horizonDays: 10), status: .found, loss: 500)
    (figure.distance, figure.halfSpaceProbability, figure.chiSquareProbability) = (2.5, 0.0625, 0.125)
    (figure.degreesOfFreedom, figure.profitAndLoss) = (2, -500)
    figure.moves = [ReverseStressFigure.Move(asset: btc, spot: -0.25, deviations: -2.5)]
    (figure.otherMinima, figure.largestLoss, figure.remark) = ([3.5], 600, "no remark")
    return figure
  }

  func figures() throws -> ReportFigures {
    var figures = ReportFigures(
      isIncomplete: false, equity: 1_000.25,
      collateral: [ReportCollateral(asset: btc, quantity: -0.5, spot: 65_010.5, value: -32_505.25)],
      positions: [
        ReportPosition(
          instrument: perpetual, quantity: -500, unit: "USD", value: 1e-7, greeks: greeks(1))
      ],
      greeks: aggregate, valueAtRisk: [try valueAtRisk()],
      stress: [try stress()],
      margin: margin, liquidation: liquidation)
    figures.reverseStress = [reverseStress]
    return figures
  }

  func account() throws -> ReportAccount {
    ReportAccount(id: try #require(Identifier("desk-1")), figures: try figures())
  }

  func head() throws -> ReportHead {
    ReportHead(
      provenance: Provenance(
        engineVersion: "0.1.0",
        asOf: try #require(Instant(year: 2026, month: 2, day: 5, hour: 21, minute: 29, second: 37)),
        baseCurrency: usd, seed: .max, paths: 10_000, models: ["derive-srm", "derive-pmrm2"],
        linearAlgebra: "reference LAPACK 3.11.0",
        inputDigests: [
          InputDigest(name: "positions.csv", sha256: String(repeating: "0", count: 64)),
          InputDigest(name: "market.json", sha256: String(repeating: "f", count: 64)),
        ]),
      assumptions: ["No curve for USD: rate 0."], spotMoves: [-0.25, 0])
  }
}

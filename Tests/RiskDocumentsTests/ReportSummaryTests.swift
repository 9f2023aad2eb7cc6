import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments
import RiskSchemas
import StructuredText
import TailRisk
import TestSupport
import Testing

struct ReportSummaryTests {
  func summary(_ id: String, maintenance: Double, surplus: Double) throws -> AccountSummary {
    var account = try ReportSample().account()
    account.id = try #require(Identifier(id))
    account.figures.margin?.comparison?.portfolio.maintenance = maintenance
    account.figures.margin?.comparison?.portfolio.surplus = surplus
    return AccountSummary(account)
  }

  @Test("the summary of a run shows the book, the three modes and the accounts closest to the edge")
  func golden() throws {
    let sample = try ReportSample()
    let accounts = try [
      summary("calm", maintenance: 200, surplus: 800), summary("short", maintenance: 1_500, surplus: -500),
      summary("tight", maintenance: 12_345_678.4, surplus: 1_000_000),
      summary("bankrupt", maintenance: 1, surplus: -2), summary("empty", maintenance: 0, surplus: 5),
    ]
    let table = SummaryTable(
      provenance: try sample.head().provenance, assets: [sample.btc, sample.eth],
      book: ReportBook(accountCount: 5, incompleteCount: 1, figures: try sample.figures()),
      accounts: accounts, failureCount: 2)
    #expect(table.text(isColoured: false) == SummaryGolden.summary)
  }

  @Test("colour adds escapes and nothing else")
  func colour() throws {
    let sample = try ReportSample()
    let table = SummaryTable(
      provenance: try sample.head().provenance, assets: [sample.btc, sample.eth],
      book: ReportBook(accountCount: 1, incompleteCount: 0, figures: try sample.figures()),
      accounts: [try summary("short", maintenance: 1_500, surplus: -500)], failureCount: 0)
    let coloured = table.text(isColoured: true)
    #expect(coloured.contains("\u{1B}[31m"))
    #expect(plain(coloured) == table.text(isColoured: false))
  }

  @Test("accounts are ranked by use, ties by id, those that use nothing left out")
  func ranking() throws {
    let accounts = try [
      summary("b", maintenance: 50, surplus: 50), summary("a", maintenance: 50, surplus: 50),
      summary("zero", maintenance: 0, surplus: 0), summary("gone", maintenance: 5, surplus: -10),
      summary("c", maintenance: 99, surplus: 1), summary("odd", maintenance: .nan, surplus: 1),
    ]
    let ids = AccountSummary.closest(4, of: accounts).map(\.id.text)
    #expect(ids == ["gone", "c", "a", "b"])
    #expect(AccountSummary.closest(-1, of: accounts).isEmpty)
  }

  @Test("a run that computed little has a short summary")
  func short() throws {
    let sample = try ReportSample()
    let figures = ReportFigures(isIncomplete: false, equity: -0.001, collateral: [], positions: [])
    let table = SummaryTable(
      provenance: try sample.head().provenance, assets: [],
      book: ReportBook(accountCount: 0, incompleteCount: 0, figures: figures), accounts: [], failureCount: 0)
    #expect(
      table.text(isColoured: false) == """
        Book at 2026-02-05T21:29:37Z, money in USD
          0 accounts, equity 0.00, nothing set aside

        """)
  }

  @Test("a market with depth has what closing out costs, netted and one by one")
  func closingOut() throws {
    let sample = try ReportSample()
    var figures = ReportFigures(isIncomplete: false, equity: 0, collateral: [], positions: [])
    var figure = try sample.valueAtRisk()
    figure.liquidity = LiquidityAdjusted(
      closeOutCost: 10, valueAtRisk: 20.5, expectedShortfall: 24, standardError: 0.75)
    figures.valueAtRisk = [figure]
    figures.liquidity = ReportLiquidity(
      today: CloseOutCost(parts: [
        CloseOutCost.Part(underlying: sample.btc, quantity: -0.5, deltaCost: 6.5, contractCost: 3.5)
      ]), sumOfAccounts: ReportLiquidity.SumOfAccounts(closeOutCost: nil))
    let table = SummaryTable(
      provenance: try sample.head().provenance, assets: [],
      book: ReportBook(accountCount: 1, incompleteCount: 0, figures: figures), accounts: [], failureCount: 0)
    let lines = table.text(isColoured: false).split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    for line in [
      "BTC 10.00 -0.50 6.50", "all, netted 10.00", "accounts one by one n/a", "0.975 1 20.50 0.75 24.00",
    ] { #expect(lines.contains(line)) }
  }
}

struct ExplanationTests {
  func explanation(surplus: Double = 800, hasRoots: Bool = true) throws -> Explanation {
    let sample = try ReportSample()
    var account = try sample.account()
    account.figures.margin?.models[0].equity = 200 + surplus
    if !hasRoots {
      account.figures.liquidation?.prices.removeFirst()
      account.figures.liquidation?.distance = nil
    }
    let legs = [(sample.call, -120.5), (sample.perpetual, -300.25), (sample.btc, 40)].map { name, loss in
      ScenarioLeg(
        model: "derive-srm", mode: .isolated, scenario: "spot -20 %, volatility up", underlying: sample.btc,
        instrument: name, profitAndLoss: loss)
    }
    return Explanation(
      account: account, asOf: try sample.head().provenance.asOf, baseCurrency: sample.usd,
      underlyings: [
        UnderlyingState(underlying: sample.btc, spot: 65_010.5, volatility: 0.62),
        UnderlyingState(underlying: sample.eth, spot: 1_893.25, volatility: nil),
      ], legs: legs)
  }

  @Test("an explanation says in sentences what binds, what loses, and what is nearest")
  func golden() throws {
    let text = try explanation().text(isColoured: false)
    #expect(text == SummaryGolden.explanation)
  }

  @Test("a shortfall names the cash and the leg that cure it")
  func shortfall() throws {
    let text = try explanation(surplus: -50).text(isColoured: false)
    #expect(
      text.contains(
        """
        It is 50.00 short of maintenance: liquidated as it stands. Cured by that much cash (150.00 to trade \
        again); the leg to reduce first is BTC-PERPETUAL.
        """))
    let between = try explanation(surplus: 20).text(isColoured: false)
    #expect(between.contains("It stands, but may not add risk: 80.00 short of initial margin"))
  }

  @Test(
    "a position held isolated below its own maintenance is said before anything else, and is under in the summary"
  )
  func closed() throws {
    let whole = try explanation()
    var account = whole.account
    account.figures.margin?.models[0].perPosition[0].surplus = -650
    account.figures.margin?.models[0].perPosition[0].isHeldIsolated = true
    account.figures.liquidation?.prices[0].surplus = -650
    account.figures.liquidation?.prices[0].isHeldIsolated = true
    account.figures.liquidation?.distance = 0
    let explained = Explanation(
      account: account, asOf: whole.asOf, baseCurrency: whole.baseCurrency,
      underlyings: [UnderlyingState(underlying: try ReportSample().btc, spot: 65_010.5, volatility: nil)],
      legs: [])
    #expect(explained.nearest == nil)
    let text = explained.text(isColoured: false)
    #expect(text.contains("Below its own maintenance now, held isolated: BTC-PERPETUAL (derive-srm).\n"))
    #expect(
      text.contains("BTC-PERPETUAL is 650.00 below its own maintenance: this model closes it as it stands"))
    let sample = try ReportSample()
    let table = SummaryTable(
      provenance: try sample.head().provenance, assets: [],
      book: ReportBook(accountCount: 1, incompleteCount: 0, figures: try sample.figures()),
      accounts: [AccountSummary(account)], failureCount: 0)
    #expect(table.text(isColoured: false).split(separator: "\n").contains { $0.hasSuffix(" under") })
  }

  @Test("requirements that follow volatility are explained with their course over the history")
  func volatility() throws {
    let whole = try explanation()
    var account = whole.account
    account.figures.margin?.dynamic = DynamicMarginFigure(
      factor: 1.25, factorWithoutTools: 0.9,
      scaled: [
        DynamicMarginFigure.Scaled(
          model: "derive-srm", mode: .cross, initial: 375, maintenance: 250, surplus: 750, surplusInitial: 625
        )
      ],
      courses: [
        DynamicMarginFigure.Course(
          rule: "tools", panel: Procyclicality.panel(requirement: [100, 200, 150], values: [0, -120, -110]))
      ])
    let explained = Explanation(
      account: account, asOf: whole.asOf, baseCurrency: whole.baseCurrency, underlyings: [], legs: [])
    let lines = explained.text(isColoured: false).split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    #expect(
      lines.contains(
        "Requirements follow volatility: today they are 1.25 times the models' (0.90 without the tools)."))
    #expect(lines.contains("derive-srm cross 375.00 250.00 750.00"))
    // A loss of 120 against 100 is a breach of one of two days; 100 to 200 is the largest call of a day.
    #expect(lines.contains("tools 150.00 2.00 100.00 (+100 %) n/a n/a 50.0 %"))
  }

  @Test("without a root the reason stands in place of a price")
  func noRoot() throws {
    let text = try explanation(hasRoots: false).text(isColoured: false)
    #expect(
      text.contains("No liquidation price: no spot between 0.02 and 20 times today's makes the surplus zero.")
    )
  }

  @Test("the nearest price is nearest in logarithm, and measured in standard deviations of a day")
  func nearest() throws {
    let nearest = try #require(try explanation().nearest)
    #expect(nearest.root == 50_000.5)
    // ln(65010.5 / 50000.5) = 0.2625158; a day's deviation is 0.62 / sqrt(365) = 0.0324522.
    #expect(abs(nearest.distance - 0.2625158) < 1e-7)
    #expect(abs((nearest.dailyDeviations ?? 0) - 8.08928) < 1e-5)
  }

  @Test("the document of an explanation has exactly the keys of its schema", arguments: [true, false])
  func schema(hasRoots: Bool) throws {
    let bytes = try explanation(hasRoots: hasRoots).json()
    try TestReports.keep(
      bytes, folder: "explanation-\(hasRoots ? "with" : "without")-root", file: "explanation.json")
    var walk = try SchemaWalk(schema: try #require(Schemas.text(named: "explanation")))
    walk.visit(try JSONReader.parse(bytes).root, walk.root, at: "")
    #expect(walk.complaints.isEmpty)
  }
}

/// A text without its colours.
func plain(_ text: String) -> String {
  var plain = ""
  var isEscape = false
  for scalar in text.unicodeScalars {
    if scalar == "\u{1B}" { isEscape = true }
    if !isEscape { plain.unicodeScalars.append(scalar) }
    if scalar == "m" { isEscape = false }
  }
  return plain
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// The exchange's test vectors of the first version of its portfolio manager, run through the code that margins a book.
@Suite struct DerivePortfolioFirstFixtureTests {
  /// The numbers of the exchange's tests: `parameter_sets` of `reference/margin_cases.json`, `derive-pmrm1/test`.
  static let test: DerivePortfolioParameters = {
    var set = DerivePortfolioParameters.firstVersionMainnet
    set.scenarios = set.scenarios.filter { $0.spotMultiplier > 0.8 && $0.spotMultiplier < 1.2 }
    set.volatilityUp.range = 0.45
    set.initialFactor = 1.3
    set.longDiscount = .init(base: 0.95, rateMultiple: 4, rateAdd: 0.05)
    (set.basisAdd, set.basisMultiple) = (0.25, 0.01)
    (set.pegThreshold, set.pegFactor) = (0.98, 2)
    (set.confidenceThreshold, set.confidenceMargin) = (0.6, 0.5)
    (set.perpetualMaintenance, set.optionMaintenance) = (0.02, 0.01)
    set.collateral = [CollateralTerms(asset: "", maintenanceHaircut: 0.02, initialHaircut: 0)]
    return set
  }()

  /// What one account of the vectors holds.
  struct Account {
    var market = HandMarket()
    var cash = 0.0
    var base = 0.0
    var spot = 0.0
    var spotConfidence = 1.0

    /// The net margin: what the vectors print, counted value and cash included.
    func net(_ parameters: DerivePortfolioParameters) -> NetMargin {
      var totals = CollateralTotals()
      totals.add(
        value: base * spot / market.stablePrice, cancelsRisk: true,
        terms: parameters.collateralTerms(of: "COIN"), confidence: spotConfidence, parameters: parameters)
      return DerivePortfolioFixtureTests.net(
        of: market, collateral: totals, cash: cash, parameters: parameters)
    }
  }

  /// 1e-9 of the figure, as the reference file asks; the floor is the 1e-18 fixed point of the vectors at the size of
  /// their prices.
  static func agrees(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= 1e-9 * abs(expected) + 1e-9
  }

  @Test("every reference account has its initial and maintenance margin")
  func references() {
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    var checked = 0
    for entry in file["cases"].elements where entry["model"].text == "derive-pmrm1" {
      let net = Self.account(ofReference: entry["inputs"]).net(Self.test)
      let expected = entry["expected"]
      #expect(Self.agrees(net.initial, expected["IM"].number), "\(entry["id"].text) IM \(net.initial)")
      #expect(
        Self.agrees(net.maintenance, expected["MM"].number), "\(entry["id"].text) MM \(net.maintenance)")
      checked += 1
    }
    print("first portfolio manager references checked: \(checked)")
  }

  static func account(ofReference inputs: FixtureValue) -> Account {
    var account = Account()
    account.market.stablePrice = inputs["stable_price"].number
    account.spot = inputs["spot"].number
    account.spotConfidence = inputs["spot_confidence"].number
    account.cash = inputs["cash"].number
    account.base = inputs["base_qty"].number
    let coin = account.market.add(asset: "COIN", spot: account.spot, confidence: account.spotConfidence)
    for expiry in inputs["expiries"].elements {
      let fixed = expiry["forward_fixed"].number
      for option in expiry["options"].elements {
        account.market.add(
          optionOn: coin, seconds: Int64(expiry["seconds_to_expiry"].number),
          strike: option["strike"].number, isCall: option["type"].text == "call",
          volatility: option["vol"].number, forward: fixed + expiry["forward_variable"].number,
          rate: expiry["rate"].number,
          confidence: min(
            expiry["forward_confidence"].number, expiry["rate_confidence"].number,
            expiry["vol_confidence"].number),
          quantity: option["qty"].number, fixedForward: fixed)
      }
    }
    return account
  }

  @Test("every published account has its initial and maintenance margin, in the settlement window too")
  func vectors() {
    guard let file = SharedFixtures.value(at: "data/derive/pmrm1_scenarios.json") else { return }
    var checked = 0
    for name in file.keys {
      let result = file[name]["Result"]
      let net = Self.account(ofVector: file[name]["Scenario"]).net(Self.test)
      let initial = result["InitialMarginCalc"].number * 1e-18
      let maintenance = result["MaintenanceMarginCalc"].number * 1e-18
      #expect(Self.agrees(net.initial, initial), "\(name) IM \(net.initial) not \(initial)")
      #expect(Self.agrees(net.maintenance, maintenance), "\(name) MM \(net.maintenance) not \(maintenance)")
      checked += 1
    }
    print("first portfolio manager vectors checked: \(checked)")
  }

  @Test("the vectors without published results have finite figures, initial above maintenance")
  func withoutResults() {
    guard let file = SharedFixtures.value(at: "data/derive/pmrm1_testScenarios.json") else { return }
    for name in file.keys {
      let net = Self.account(ofVector: file[name]["Scenario"]).net(Self.test)
      #expect(net.initial.isFinite && net.maintenance.isFinite && net.initial <= net.maintenance, "\(name)")
    }
  }

  static func account(ofVector scenario: FixtureValue) -> Account {
    func number(_ key: String) -> Double { scenario[key].number * 1e-18 }
    func column(_ key: String) -> [Double] { scenario[key].elements.map { $0.number * 1e-18 } }
    var account = Account()
    account.market.stablePrice = number("StablePrice")
    (account.spot, account.spotConfidence) = (number("SpotPrice"), number("SpotConfidence"))
    (account.cash, account.base) = (number("Cash"), number("Base"))
    let coin = account.market.add(asset: "COIN", spot: account.spot, confidence: account.spotConfidence)
    if number("Perps") != 0 {
      account.market.add(
        .perpetual, on: coin, mark: number("PerpPrice"), confidence: number("PerpConfidence"),
        quantity: number("Perps"), openProfit: number("UnrealisedPerpPNL") + number("UnrealisedFunding"))
    }
    let feeds = scenario["FeedExpiries"].elements.map(\.number)
    // The vectors without results do not split their forwards.
    let isSplit = !scenario["ForwardsFixed"].elements.isEmpty
    let variable = column(isSplit ? "ForwardsVariable" : "Forwards")
    let fixed = isSplit ? column("ForwardsFixed") : variable.map { _ in 0 }
    let (trust, rates, rateTrust) = (
      column("ForwardConfidences"), column("Rates"), column("RateConfidences")
    )
    let (strikes, amounts) = (column("OptionStrikes"), column("OptionAmounts"))
    let (volatilities, volatilityTrust) = (column("OptionVols"), column("OptionVolConfidences"))
    for (place, expiry) in scenario["OptionExpiries"].elements.map(\.number).enumerated() {
      guard let feed = feeds.firstIndex(of: expiry) else { continue }
      account.market.add(
        optionOn: coin, seconds: Int64(expiry), strike: strikes[place],
        isCall: scenario["OptionIsCall"].elements[place].number == 1, volatility: volatilities[place],
        forward: fixed[feed] + variable[feed], rate: rates[feed],
        confidence: min(trust[feed], rateTrust[feed], volatilityTrust[place]), quantity: amounts[place],
        fixedForward: expiry < 1_800 ? fixed[feed] : nil)
    }
    return account
  }

  // MARK: Portfolios in whole dollars

  /// What the exchange's test set-up changes beside the file for one of its portfolios.
  struct SetUp {
    var spot = 2_000.0
    var spotConfidence = 1.0
    var stable = 1.0
    var perpetual = 2_001.0
    var perpetualConfidence = 1.0
    /// By expiry day.
    var forwards: [String: Double] = [:]
    var forwardConfidence: [String: Double] = [:]
    /// By expiry day and strike.
    var volatilities: [String: Double] = [:]
    var volatilityConfidence: [String: Double] = [:]
  }

  static let setUps: [String: SetUp] = [
    "test_depeg_contingency_pm": SetUp(stable: 0.2),
    "test_oracle_cont_long_call_pm": SetUp(
      spotConfidence: 0.1, forwards: ["20230118": 2_004.75], forwardConfidence: ["20230118": 0.4],
      volatilityConfidence: ["20230118/1700": 0.3]),
    "test_oracle_cont_base_asset_pm": SetUp(spotConfidence: 0.1),
    "test_oracle_cont_long_perp_asset_pm": SetUp(spotConfidence: 0.3, perpetualConfidence: 0.1),
    "test_general_portfolio_pm": SetUp(
      spot: 2_004, spotConfidence: 0.3, perpetual: 2_017, perpetualConfidence: 0.3,
      forwards: ["20230227": 2_014.7545], forwardConfidence: ["20230227": 0.2],
      volatilities: ["20230118/1700": 0.15, "20230118/2100": 1.01, "20230118/1000": 0.33],
      volatilityConfidence: ["20230118/1700": 0.1, "20230118/2100": 0.1, "20230118/1000": 0.1]),
  ]

  /// The set of the portfolios: it differs from that of the vectors in four numbers, which the published results pin.
  ///
  /// A lone perpetual and a lone coin need 2.5 % of spot where the vectors take 2 %; boxes of two expiries fix the
  /// discount at 0.12 beside four times the rate; and three doubtful feeds the margin of 0.4.
  static let portfolioSet: DerivePortfolioParameters = {
    var set = test
    set.longDiscount.rateAdd = 0.12
    set.perpetualMaintenance = 0.025
    set.collateral = [CollateralTerms(asset: "", maintenanceHaircut: 0.025, initialHaircut: 0)]
    set.confidenceMargin = 0.4
    return set
  }()

  @Test("every published portfolio has its initial and maintenance margin in whole dollars")
  func portfolios() {
    guard let file = SharedFixtures.value(at: "data/derive/pmrm1_portfolio_cases.json"),
      let context = SharedFixtures.value(at: "data/derive/case_context.json")
    else { return }
    var checked = 0
    for name in file.keys {
      let entry = file[name]
      let result = entry["results"].isNull ? entry["result"] : entry["results"]
      let net = Self.account(
        ofPortfolio: entry, context: context, setUp: Self.setUps[name] ?? SetUp()
      ).net(Self.portfolioSet)
      // The file truncates towards zero; a whole dollar may come out a rounding short of itself.
      func dollars(_ figure: Double) -> Double { (figure * (1 + 1e-12)).rounded(.towardZero) }
      #expect(dollars(net.initial) == result["im"].number, "\(name) IM \(net.initial)")
      #expect(dollars(net.maintenance) == result["mm"].number, "\(name) MM \(net.maintenance)")
      checked += 1
    }
    print("first portfolio manager portfolios checked: \(checked)")
  }

  static func account(ofPortfolio entry: FixtureValue, context: FixtureValue, setUp: SetUp) -> Account {
    var account = Account()
    account.market.stablePrice = setUp.stable
    (account.spot, account.spotConfidence) = (setUp.spot, setUp.spotConfidence)
    account.cash = entry["cash"].number * 1e-8
    let coin = account.market.add(asset: "ETH", spot: setUp.spot, confidence: setUp.spotConfidence)
    for base in entry["bases"].elements { account.base += base["amount"].number * 1e-8 }
    for perpetual in entry["perps"].elements {
      account.market.add(
        .perpetual, on: coin, mark: setUp.perpetual, confidence: setUp.perpetualConfidence,
        quantity: perpetual["amount"].number * 1e-8, entry: perpetual["entryPrice"].number * 1e-8)
    }
    for option in entry["options"].elements {
      let day = option["expiry"].text
      let strike = option["strike"].number
      let place = "\(day)/\(Int64(strike))"
      account.market.add(
        optionOn: coin, seconds: DeriveStandardFixtureTests.seconds(to: day), strike: strike,
        isCall: option["type"].text == "call", volatility: setUp.volatilities[place] ?? 0.5,
        forward: setUp.forwards[day] ?? 2_000 + context["forward_minus_spot"]["eth"][day].number,
        rate: context["interest_rate_pm"].number,
        confidence: min(setUp.forwardConfidence[day] ?? 1, setUp.volatilityConfidence[place] ?? 1),
        quantity: option["amount"].number * 1e-8)
    }
    return account
  }

  @Test(
    "the numbers of a set come back from their names, and the second version's test set is the published one")
  func numbers() {
    for set in [
      DerivePortfolioParameters.mainnet2025, .secondVersionTest, .firstVersionMainnet, Self.test,
    ] {
      let listed = set.parameters.compactMap { entry in entry.number.map { (name: entry.name, value: $0) } }
      #expect(DerivePortfolioParameters(ModelParameters(listed)) == set)
    }
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    var published = DerivePortfolioFixtureTests.parameters(
      of: file["meta"]["parameter_sets"]["derive-pmrm2/test-default"], changed: FixtureValue(raw: nil))
    var ours = DerivePortfolioParameters.secondVersionTest
    published.collateral = ours.collateral
    // The file lists its scenarios in another order and prints multipliers such as 0.8200000000000001.
    func order(_ set: DerivePortfolioParameters) -> [[Double]] {
      set.scenarios.map { scenario in
        [scenario.spotMultiplier, scenario.volatilityCode, scenario.dampening].map {
          ($0 * 1e12).rounded() / 1e12
        }
      }.sorted { $0.lexicographicallyPrecedes($1) }
    }
    #expect(order(published) == order(ours))
    published.scenarios = []
    ours.scenarios = []
    published.perpetualInitial = (published.perpetualInitial * 1e12).rounded() / 1e12
    #expect(published == ours)
  }
}

import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// The exchange's own test vectors of its standard manager, run through the code that margins a book.
@Suite struct DeriveStandardFixtureTests {
  /// The parameters under which the vectors were made.
  static func parameters(baseFactor: Double) -> DeriveStandardParameters {
    DeriveStandardParameters(
      perpetuals: [.init("", maintenance: 0.05, initial: 0.065)],
      bases: [.init("", factor: baseFactor, initialScale: 1)],
      optionMaximum: 0.15, optionMinimum: 0.1, callMaintenance: 0.075, putMaintenance: 0.075,
      putValueMaintenance: 0.075, putInitialOverMaintenance: 1.05, unpairedInitial: 1.2,
      unpairedMaintenance: 1.1, perpetualThreshold: 0.4, optionThreshold: 0.4, baseThreshold: 0.4,
      confidenceFactor: 0.4, pegThreshold: 0.98, pegFactor: 1.2)
  }

  static func net(of market: HandMarket, cash: Double, baseFactor: Double) -> NetMargin {
    let context = market.context
    let model = DeriveStandardModel(
      name: "vectors", parameters: parameters(baseFactor: baseFactor), context: context,
      states: [.today], team: ThreadTeam(threadCount: 1))
    var sum = NetMargin(initial: cash, maintenance: cash)
    for set in market.sets(in: context) { sum += model.netMargin(of: set, state: 0) }
    return sum
  }

  /// 1e-8 of the figure; the floor is the 1e-18 fixed point of the vectors at the size of their prices.
  static func agrees(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= 1e-8 * abs(expected) + 1e-6
  }

  // MARK: Vectors in fixed point

  @Test("every published account has the published initial and maintenance margin")
  func vectors() {
    guard let file = SharedFixtures.value(at: "data/derive/srm_cases.json") else { return }
    var checked = 0
    for name in file.keys {
      let (scenario, result) = (file[name]["Scenario"], file[name]["Result"])
      let found = Self.net(
        of: Self.market(of: scenario), cash: scenario["Cash"].number * 1e-18, baseFactor: 0.1)
      let initial = result["realIM"].number * 1e-18
      let maintenance = result["realMM"].number * 1e-18
      #expect(Self.agrees(found.initial, initial), "\(name) IM \(found.initial) not \(initial)")
      #expect(
        Self.agrees(found.maintenance, maintenance), "\(name) MM \(found.maintenance) not \(maintenance)")
      checked += 1
    }
    print("standard manager vectors checked: \(checked)")
  }

  static func market(of scenario: FixtureValue) -> HandMarket {
    var market = HandMarket()
    market.stablePrice = scenario["USDCValue"].number * 1e-18
    for (place, asset) in ["ETH", "BTC"].enumerated() {
      let trust = scenario["SpotPerpConfidences"].elements[place].elements.map { $0.number * 1e-18 }
      let spot = scenario["\(asset)SpotPrice"].number * 1e-18
      let coin = market.add(asset: asset, spot: spot, confidence: trust[0])
      market.collateral[coin] = scenario["w\(asset)"].number * 1e-18
      let size = scenario["Perps_\(asset)"].number * 1e-18
      guard size != 0 else { continue }
      let mark = scenario["PerpPrice"].elements[place].number * 1e-18
      let entry = scenario["LastEntry\(asset)"].number * 1e-18
      let funding =
        (scenario["Account\(asset)FundingIndex"].number - scenario["\(asset)GlobalFundingIndex"].number)
        * 1e-18
      market.add(
        .perpetual, on: coin, mark: mark, confidence: trust[1], quantity: size,
        openProfit: size * (mark - entry + funding))
    }
    let names = scenario["OptionUnderlying"].elements.map(\.text)
    func column(_ key: String) -> [Double] { scenario[key].elements.map(\.number) }
    let (expiries, strikes, calls) = (
      column("OptionExpiries"), column("OptionStrikes"), column("OptionIsCall")
    )
    let (amounts, volatilities, forwards) = (
      column("OptionAmounts"), column("OptionVols"), column("Forwards")
    )
    let (volatilityTrust, forwardTrust) = (column("OptionVolConfidences"), column("ForwardConfidences"))
    for place in names.indices {
      // Inside the settlement window the forward is the blend of average and spot that the vector gives.
      let isSettling = expiries[place] < 1_800
      let forward =
        isSettling ? scenario["SettlementPrice\(names[place])"].number : forwards[place]
      market.add(
        optionOn: names[place] == "ETH" ? 0 : 1, seconds: Int64(expiries[place]),
        strike: strikes[place] * 1e-18, isCall: calls[place] == 1,
        volatility: volatilities[place] * 1e-18, forward: forward * 1e-18,
        confidence: min(volatilityTrust[place], forwardTrust[place]) * 1e-18,
        quantity: amounts[place] * 1e-18)
    }
    return market
  }

  // MARK: Portfolio vectors in whole dollars

  /// What the set-up of the vectors changes beside the file.
  ///
  /// Confidences of spot and of the other feeds, and the price of the stable asset. The file does not hold them; they are read back from its results.
  struct SetUp {
    var spot: [String: Double] = [:]
    var perpetual = 1.0
    var feeds: [String: Double] = [:]
    var stable = 1.0
  }

  static let setUps: [String: SetUp] = [
    "test_USDC_depeg": SetUp(stable: 0.1),
    "test_long_perp_and_USDC_depeg": SetUp(stable: 0.1),
    "test_short_call_low_vol_conf": SetUp(feeds: ["20230118": 0.1]),
    "test_short_call_low_vol_and_fwd_confidence": SetUp(feeds: ["20230118": 0.399_999]),
    "test_short_call_low_spot_vol_fwd_confidence": SetUp(spot: ["eth": 0.2]),
    "test_long_call_low_spot_vol_fwd_confidence": SetUp(spot: ["eth": 0.2]),
    "test_short_options_two_expiries_low_conf_one_expiry": SetUp(feeds: ["20230118": 0.3]),
    "test_long_eth_perp_low_perp_confidence": SetUp(perpetual: 0.1),
    "test_general_portfolio": SetUp(spot: ["eth": 0.2], stable: 0.97),
    "test_base_asset_low_spot_confidence": SetUp(spot: ["eth": 0.1]),
  ]

  @Test("every published portfolio has the published margin to the dollar")
  func portfolios() {
    guard let file = SharedFixtures.value(at: "data/derive/srm_portfolio_cases.json"),
      let context = SharedFixtures.value(at: "data/derive/case_context.json")
    else { return }
    var checked = 0
    for name in file.keys {
      let entry = file[name]
      let market = Self.market(of: entry, context: context, setUp: Self.setUps[name] ?? SetUp())
      let found = Self.net(of: market, cash: entry["cash"].number * 1e-8, baseFactor: 0.8)
      let result = entry["results"].isNull ? entry["result"] : entry["results"]
      // The vectors are truncated towards zero to whole dollars.
      #expect(abs(found.initial - result["im"].number) < 1, "\(name) IM \(found.initial)")
      #expect(abs(found.maintenance - result["mm"].number) < 1, "\(name) MM \(found.maintenance)")
      checked += 1
    }
    print("standard manager portfolios checked: \(checked)")
  }

  static func market(of entry: FixtureValue, context: FixtureValue, setUp: SetUp) -> HandMarket {
    var market = HandMarket()
    market.stablePrice = setUp.stable
    for asset in ["btc", "eth"] {
      let spot = context["spot"][asset].number
      let coin = market.add(asset: asset.uppercased(), spot: spot, confidence: setUp.spot[asset] ?? 1)
      for base in entry["bases"].elements where base["underlying"].text == asset {
        market.collateral[coin, default: 0] += base["amount"].number * 1e-8
      }
      for perpetual in entry["perps"].elements where perpetual["underlying"].text == asset {
        market.add(
          .perpetual, on: coin, mark: context["perp_mark"][asset].number,
          confidence: setUp.perpetual, quantity: perpetual["amount"].number * 1e-8,
          entry: perpetual["entryPrice"].number * 1e-8)
      }
      for option in entry["options"].elements where option["underlying"].text == asset {
        let expiry = option["expiry"].text
        market.add(
          optionOn: coin, seconds: Self.seconds(to: expiry), strike: option["strike"].number,
          isCall: option["type"].text == "call",
          volatility: context["default_option_vol"].number,
          forward: spot + context["forward_minus_spot"][asset][expiry].number,
          confidence: setUp.feeds[expiry] ?? 1, quantity: option["amount"].number * 1e-8)
      }
    }
    return market
  }

  /// Seconds from the start of 2023 to eight in the morning of a day written `20230118`.
  static func seconds(to day: String) -> Int64 {
    let number = Int(day) ?? 0
    let start = Instant(year: 2023, month: 1, day: 1)
    let end = Instant(
      year: number / 10_000, month: number / 100 % 100, day: number % 100, hour: 8)
    guard let start, let end else { return 0 }
    return start.seconds(to: end)
  }

  // MARK: The reference file

  @Test("every reference account has its initial and maintenance margin")
  func references() {
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    var checked = 0
    for entry in file["cases"].elements where entry["model"].text == "derive-srm" {
      let inputs = entry["inputs"]
      let factor = inputs["param_overrides"]["base"]["margin_factor"].optionalNumber ?? 0.1
      let found = Self.net(
        of: Self.market(ofReference: inputs), cash: inputs["cash"].number, baseFactor: factor)
      let expected = entry["expected"]
      let tolerance = entry["tolerance"]
      for (figure, word) in [(found.initial, "IM"), (found.maintenance, "MM")] {
        let wanted = expected[word].number
        let bound = tolerance["abs"].number + tolerance["rel"].number * abs(wanted)
        #expect(abs(figure - wanted) <= bound, "\(entry["id"].text) \(word) \(figure) not \(wanted)")
      }
      checked += 1
    }
    print("standard manager references checked: \(checked)")
  }

  static func market(ofReference inputs: FixtureValue) -> HandMarket {
    var market = HandMarket()
    market.stablePrice = inputs["stable_price"].number
    for entry in inputs["markets"].elements {
      let coin = market.add(
        asset: entry["underlying"].text, spot: entry["spot"].number,
        confidence: entry["spot_confidence"].number)
      market.collateral[coin] = entry["base_qty"].optionalNumber ?? 0
      let perpetual = entry["perp"]
      if !perpetual.isNull {
        market.add(
          .perpetual, on: coin, mark: perpetual["price"].number,
          confidence: perpetual["confidence"].number, quantity: perpetual["qty"].number,
          openProfit: perpetual["unrealised_pnl"].number + perpetual["unrealised_funding"].number)
      }
      for option in entry["options"].elements {
        market.add(
          optionOn: coin, seconds: Int64(option["seconds_to_expiry"].number),
          strike: option["strike"].number, isCall: option["type"].text == "call",
          volatility: option["vol"].number, forward: option["forward"].number,
          confidence: min(option["forward_confidence"].number, option["vol_confidence"].number),
          quantity: option["qty"].number)
      }
    }
    return market
  }
}

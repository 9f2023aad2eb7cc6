import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// The exchange's own test vectors of its portfolio manager, run through the code that margins a book.
@Suite struct DerivePortfolioFixtureTests {
  static let folder = "data/derive/pmrm2_cases"

  /// 1e-8 of the figure: the vectors print sums over many prices to about 15 digits, and the floor under
  /// the comparison is the noise of those sums where they cancel to nothing.
  static func agrees(_ found: Double, _ expected: Double) -> Bool {
    abs(found - expected) <= 1e-8 * abs(expected) + 1e-9
  }

  @Test("every published portfolio has the published initial and maintenance margin")
  func vectors() {
    var checked = 0
    for name in SharedFixtures.names(in: Self.folder) {
      guard let file = SharedFixtures.value(at: "\(Self.folder)/\(name)") else { continue }
      let parameters = Self.parameters(of: file["Parameters"])
      let net = Self.net(of: file["Scenario"], parameters: parameters)
      let (initial, maintenance) = (file["Result"]["IM"].number, file["Result"]["MM"].number)
      #expect(Self.agrees(net.initial, initial), "\(name) IM \(net.initial) not \(initial)")
      #expect(Self.agrees(net.maintenance, maintenance), "\(name) MM \(net.maintenance) not \(maintenance)")
      checked += 1
    }
    print("portfolio manager vectors checked: \(checked)")
  }

  @Test("every reference portfolio has its initial and maintenance margin")
  func references() {
    guard let file = SharedFixtures.value(at: "reference/margin_cases.json") else { return }
    let sets = file["meta"]["parameter_sets"]
    var checked = 0
    for entry in file["cases"].elements where entry["model"].text == "derive-pmrm2" {
      let inputs = entry["inputs"]
      let parameters = Self.parameters(
        of: sets[inputs["params"].text], changed: inputs["param_overrides"])
      let net = Self.net(ofReference: inputs, parameters: parameters)
      let expected = entry["expected"]
      #expect(Self.agrees(net.initial, expected["IM"].number), "\(entry["id"].text) IM")
      #expect(Self.agrees(net.maintenance, expected["MM"].number), "\(entry["id"].text) MM")
      checked += 1
    }
    print("portfolio manager references checked: \(checked)")
  }

  // MARK: The exchange's files

  static func net(of scenario: FixtureValue, parameters: DerivePortfolioParameters) -> NetMargin {
    var market = HandMarket()
    let stable = scenario["StablePrice"].number
    let spotConfidence = scenario["SpotConfidence"].number
    market.stablePrice = stable
    let coin = market.add(asset: "COIN", spot: scenario["SpotPrice"].number, confidence: spotConfidence)
    if scenario["NumPerps"].number != 0 {
      market.add(
        .perpetual, on: coin, mark: scenario["PerpPrice"].number,
        confidence: scenario["PerpConfidence"].number, quantity: scenario["NumPerps"].number,
        openProfit: scenario["UnrealisedPerpPNL"].number + scenario["UnrealisedFunding"].number)
    }
    let feeds = scenario["OptionFeeds"].elements
    for option in scenario["Options"].elements {
      let seconds = option["Expiry"].number
      guard let feed = feeds.first(where: { $0["FeedExpiry"].number == seconds }) else { continue }
      market.add(
        optionOn: coin, seconds: Int64(seconds), strike: option["Strike"].number,
        isCall: option["IsCall"].number == 1, volatility: option["MarkVol"].number,
        forward: feed["Forward"].number, rate: feed["Rate"].number,
        confidence: min(
          feed["ForwardConfidence"].number, feed["RateConfidence"].number,
          feed["OptionVolConfidences"].number),
        quantity: option["Amount"].number)
    }
    var totals = CollateralTotals()
    for held in scenario["Collaterals"].elements {
      totals.add(
        value: held["Amount"].number * held["Price"].number / stable,
        cancelsRisk: held["IsRiskCancelling"].flag,
        terms: CollateralTerms(
          asset: held["Name"].text, maintenanceHaircut: held["MMHaircut"].number,
          initialHaircut: held["IMHaircut"].number),
        confidence: min(held["Confidence"].number, spotConfidence), parameters: parameters)
    }
    return net(of: market, collateral: totals, cash: scenario["Cash"].number, parameters: parameters)
  }

  static func net(
    of market: HandMarket, collateral: CollateralTotals, cash: Double,
    parameters: DerivePortfolioParameters
  ) -> NetMargin {
    let context = market.context
    let model = DerivePortfolioModel(
      name: "vectors", parameters: parameters, context: context, states: [.today],
      team: ThreadTeam(threadCount: 1))
    var sum = NetMargin(initial: cash, maintenance: cash)
    for set in market.sets(in: context) {
      guard let found = model.requirements(of: set, collateral: collateral, states: 0..<1).first
      else { continue }
      sum += found.net
    }
    return sum
  }

  static func parameters(of file: FixtureValue) -> DerivePortfolioParameters {
    let (volatility, skew) = (file["VolShock"], file["SkewShock"])
    let (margin, other) = (file["Margin"], file["OtherContingency"])
    let basis = file["BasisContingency"]
    let words: [String: PortfolioScenario.Volatility] = [
      "Up": .up, "Down": .down, "None": .none, "LINEAR": .linearSkew, "ABS": .absoluteSkew,
    ]
    func power(_ range: Double, minimum: Double) -> PowerLawShock {
      PowerLawShock(
        range: range, shortTermPower: volatility["SHORTTERMPOWER"].number,
        longTermPower: volatility["LONGTERMPOWER"].number, floorDays: volatility["DTE_FLOOR"].number,
        minimum: minimum)
    }
    func bend(_ word: String, isAbsolute: Bool) -> SkewShock {
      SkewShock(
        isAbsolute: isAbsolute, baseCap: skew["\(word)_SCALE_CAP"].number,
        slope: skew["\(word)_CBASE"].number, minimumWidth: skew["MIN_K_STAR"].number,
        widthScale: skew["MIN_WIDTH_SCALE"].number,
        volatilityStatic: skew["VOL_PARAM_STATIC"].number,
        volatilityScale: skew["VOL_PARAM_SCALE"].number)
    }
    return DerivePortfolioParameters(
      scenarios: file["Scenarios"].elements.map {
        PortfolioScenario(
          $0["SpotShock"].number, words[$0["VolShockDirection"].text] ?? .none,
          dampening: $0["DampeningFactor"].number)
      },
      volatilityUp: power(
        volatility["VOLRANGEUP"].number, minimum: volatility["MIN_VOL_EVAL_SHOCKED"].number),
      volatilityDown: power(-volatility["VOLRANGEDOWN"].number, minimum: 0),
      linearSkew: bend("LINEAR", isAbsolute: false), absoluteSkew: bend("ABS", isAbsolute: true),
      initialFactor: margin["IM_LOSS_FACTOR"].number,
      maintenanceFactor: margin["MM_LOSS_FACTOR"].number,
      longDiscount: .init(
        base: margin["BASE_STATIC_DISCOUNT"].number, rateMultiple: margin["LONG_RATE_MULTSCALE"].number,
        rateAdd: margin["LONG_RATE_ADDSCALE"].number),
      shortDiscount: .init(
        base: margin["BASE_STATIC_DISCOUNT_NEG"].number,
        rateMultiple: margin["SHORT_RATE_MULTSCALE"].number,
        rateAdd: margin["SHORT_RATE_ADDSCALE"].number),
      basisUp: basis["SCENARIO_SPOT_UP"].number, basisDown: basis["SCENARIO_SPOT_DOWN"].number,
      basisAdd: basis["BASIS_CONT_ADD_FACTOR"].number,
      basisMultiple: basis["BASIS_CONT_MULT_FACTOR"].number,
      pegThreshold: other["PEG_LOSS_THRESHOLD"].number, pegFactor: other["PEG_LOSS_FACTOR"].number,
      confidenceThreshold: other["CONF_THRESHOLD"].number,
      confidenceMargin: other["CONF_MARGIN"].number,
      perpetualMaintenance: other["MM_PERP_PERCENT"].number,
      perpetualInitial: other["IM_PERP_PERCENT"].number,
      optionMaintenance: other["MM_OPTION_PERCENT"].number,
      optionInitial: other["IM_OPTION_PERCENT"].number, collateral: [], settlementWindow: 1_800)
  }

  // MARK: The reference file

  static func net(ofReference inputs: FixtureValue, parameters: DerivePortfolioParameters) -> NetMargin {
    var market = HandMarket()
    let stable = inputs["stable_price"].number
    let spotConfidence = inputs["spot_confidence"].number
    market.stablePrice = stable
    let coin = market.add(asset: "COIN", spot: inputs["spot"].number, confidence: spotConfidence)
    let perp = inputs["perp"]
    if !perp.isNull {
      market.add(
        .perpetual, on: coin, mark: perp["price"].number, confidence: perp["confidence"].number,
        quantity: perp["qty"].number,
        openProfit: (perp["unrealised_pnl"].optionalNumber ?? 0)
          + (perp["unrealised_funding"].optionalNumber ?? 0))
    }
    for expiry in inputs["expiries"].elements {
      for option in expiry["options"].elements {
        market.add(
          optionOn: coin, seconds: Int64(expiry["seconds_to_expiry"].number),
          strike: option["strike"].number, isCall: option["type"].text == "call",
          volatility: option["vol"].number, forward: expiry["forward"].number,
          rate: expiry["rate"].number,
          confidence: min(
            expiry["forward_confidence"].number, expiry["rate_confidence"].number,
            expiry["vol_confidence"].number),
          quantity: option["qty"].number)
      }
    }
    var totals = CollateralTotals()
    for held in inputs["collaterals"].elements {
      totals.add(
        value: held["qty"].number * held["price"].number / stable,
        cancelsRisk: held["risk_cancelling"].flag,
        terms: CollateralTerms(
          asset: held["name"].text, maintenanceHaircut: held["mm_haircut"].number,
          initialHaircut: held["im_haircut"].number),
        confidence: min(held["confidence"].number, spotConfidence), parameters: parameters)
    }
    return net(of: market, collateral: totals, cash: inputs["cash"].number, parameters: parameters)
  }

  /// The reference file's own names; `changed` wins over the set, member by member.
  static func parameters(of set: FixtureValue, changed: FixtureValue) -> DerivePortfolioParameters {
    func number(_ group: String, _ key: String) -> Double {
      changed[group][key].optionalNumber ?? set[group][key].number
    }
    let words: [String: PortfolioScenario.Volatility] = [
      "up": .up, "down": .down, "none": .none, "skew_linear": .linearSkew, "skew_abs": .absoluteSkew,
    ]
    func power(_ range: Double, minimum: Double) -> PowerLawShock {
      PowerLawShock(
        range: range, shortTermPower: number("vol_shock", "short_term_power"),
        longTermPower: number("vol_shock", "long_term_power"),
        floorDays: number("vol_shock", "dte_floor_days"), minimum: minimum)
    }
    func bend(_ word: String, isAbsolute: Bool) -> SkewShock {
      SkewShock(
        isAbsolute: isAbsolute, baseCap: number("skew_shock", "\(word)_base_cap"),
        slope: number("skew_shock", "\(word)_sqrt_t_slope"),
        minimumWidth: number("skew_shock", "min_k_star"),
        widthScale: number("skew_shock", "width_scale"),
        volatilityStatic: number("skew_shock", "vol_param_static"),
        volatilityScale: number("skew_shock", "vol_param_scale"))
    }
    let scenarios = changed["scenarios"].isNull ? set["scenarios"] : changed["scenarios"]
    return DerivePortfolioParameters(
      scenarios: scenarios.elements.map {
        PortfolioScenario(
          $0.elements[0].number, words[$0.elements[1].text] ?? .none, dampening: $0.elements[2].number)
      },
      volatilityUp: power(
        number("vol_shock", "range_up"), minimum: number("vol_shock", "min_shocked_vol_up")),
      volatilityDown: power(-number("vol_shock", "range_down"), minimum: 0),
      linearSkew: bend("linear", isAbsolute: false), absoluteSkew: bend("abs", isAbsolute: true),
      initialFactor: number("margin", "im_factor"), maintenanceFactor: number("margin", "mm_factor"),
      longDiscount: .init(
        base: number("margin", "base_static_discount_long"),
        rateMultiple: number("margin", "long_rate_mult"), rateAdd: number("margin", "long_rate_add")),
      shortDiscount: .init(
        base: number("margin", "base_static_discount_short"),
        rateMultiple: number("margin", "short_rate_mult"), rateAdd: number("margin", "short_rate_add")),
      basisUp: number("basis_contingency", "spot_up"),
      basisDown: number("basis_contingency", "spot_down"),
      basisAdd: number("basis_contingency", "add_factor"),
      basisMultiple: number("basis_contingency", "mult_factor"),
      pegThreshold: number("other_contingency", "peg_threshold"),
      pegFactor: number("other_contingency", "peg_factor"),
      confidenceThreshold: number("other_contingency", "confidence_threshold"),
      confidenceMargin: number("other_contingency", "confidence_margin"),
      perpetualMaintenance: number("other_contingency", "mm_perp_pct"),
      perpetualInitial: number("other_contingency", "im_perp_pct"),
      optionMaintenance: number("other_contingency", "mm_option_pct"),
      optionInitial: number("other_contingency", "im_option_pct"), collateral: [],
      settlementWindow: 1_800)
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics

/// The Derive managers at the horizon, laid out for the kernel that margins accounts on paths.
struct PathModels: Sendable {
  let standard: DeriveStandardModel
  let portfolio: DerivePortfolioModel
  let shape: CapitalShape
  /// Columns of the tile: a move of the forward and a shock of volatility each, the unmoved one first.
  let columns: [ScenarioColumn]
  /// Column of each scenario of the portfolio manager, and of the two moves of its basis contingency.
  let scenarioColumns: [Int]
  let basisColumns: (up: Int, down: Int)

  /// nil where the scenarios are more than a tile holds.
  init?(_ context: MarginContext, team: ThreadTeam) {
    portfolio = DerivePortfolioModel(
      name: ModelCatalogue.portfolio, parameters: .mainnet2025, context: context, states: [.today], team: team
    )
    standard = DeriveStandardModel(
      name: ModelCatalogue.standard, parameters: .mainnet, context: context, states: [.today], team: team)
    let all = portfolio.table.columns
    let count = portfolio.linearMove.count
    // Columns that move the market alike are priced once; flipped ones come last.
    var distinct = [ScenarioColumn.unmoved]
    func place(_ column: ScenarioColumn) -> Int {
      if let known = distinct.firstIndex(of: column) { return known }
      distinct.append(column)
      return distinct.count - 1
    }
    var places = [Int](repeating: 0, count: count)
    for scenario in 0..<count where !portfolio.flipsGains[scenario] {
      places[scenario] = place(all[1 + scenario])
    }
    basisColumns = (up: place(all[1 + count]), down: place(all[2 + count]))
    let plain = distinct.count
    for scenario in 0..<count where portfolio.flipsGains[scenario] {
      let later = distinct[plain...].firstIndex(of: all[1 + scenario])
      if later == nil { distinct.append(all[1 + scenario]) }
      places[scenario] = later ?? distinct.count - 1
    }
    columns = distinct
    scenarioColumns = places
    let (model, chosen) = (portfolio, places)
    let scenarios = (0..<count).map { scenario in
      CapitalShape.Scenario(
        column: chosen[scenario], linearMove: model.linearMove[scenario], dampening: model.dampening[scenario]
      )
    }
    guard
      let shape = CapitalShape(
        plain: plain, flipped: distinct.count - plain, basis: basisColumns,
        factor: portfolio.parameters.maintenanceFactor, scenarios: scenarios)
    else { return nil }
    self.shape = shape
  }

  /// One option as the kernel prices it.
  func option(_ option: ResolvedInstrument) -> CapitalKernels.Option {
    let seconds = Double(option.secondsToExpiry)
    let open = option.openPart(window: portfolio.parameters.settlementWindow)
    let deviation = option.volatility * option.timeToExpiry.squareRoot()
    let root = option.timeToExpiry.squareRoot()
    let columns = columns.map { column in
      let move = open * column.spotMultiplier + (1 - open)
      switch column.volatility.atExpiry(seconds: seconds) {
      case .scale(let factor, let minimum):
        return CapitalKernels.Column(move: move, deviation: max(option.volatility * factor, minimum) * root)
      case .line(let factor, let points):
        return CapitalKernels.Column(
          move: move, deviation: max(option.volatility * factor + points, 0) * root)
      case .bend(let cap, let width, let isAbsolute):
        return CapitalKernels.Column(
          move: move, deviation: deviation, bend: isAbsolute ? .wings : .tilt, cap: cap, width: width)
      }
    }
    return CapitalKernels.Option(
      columns: columns, forward: option.forward, strike: option.strike, sign: option.isCall ? 1 : -1,
      scale: option.scale)
  }
}

// MARK: Accounts

extension PathModels {
  /// What a netting set without paid contracts amounts to on a path.
  ///
  /// - Parameters:
  ///   - set: legs that both managers margin and that outlive the horizon, in margin order.
  ///   - row: of each option in a tile.
  func program(of set: NettingSet, row: (_ instrument: Int) -> Int) -> CapitalProgram.NettingSet {
    let exposure = portfolio.deltaOne(of: set)
    let coins = portfolio.ownCoins(of: set)
    let spot = portfolio.context.assets[set.underlying].spot
    let rules = portfolio.parameters
    var found = CapitalProgram.NettingSet(
      underlying: set.underlying, moving: exposure.value + coins.riskCancelling,
      portfolio: CapitalProgram.Line(
        exposure.openProfit - exposure.value,
        exposure.value + coins.value - coins.maintenanceHaircut
          - abs(exposure.units) * spot * rules.perpetualMaintenance),
      cross: CapitalProgram.Line(), apart: CapitalProgram.Line(), alone: [], expiries: [])
    addCoins(of: set, coins, to: &found)
    var first = 0
    while first < set.legs.count {
      let terms = portfolio.context.terms[set.legs[first].instrument]
      guard terms.isOption else {
        addPerpetual(set.legs[first], terms, to: &found)
        first += 1
        continue
      }
      var last = first
      while last < set.legs.count,
        portfolio.context.sharesExpiry(set.legs[first].instrument, set.legs[last].instrument)
      { last += 1 }
      found.portfolio.slope -= nakedShorts(set.legs[first..<last]) * spot * rules.optionMaintenance
      found.expiries += expiries(set.legs[first..<last], spot: spot, row: row)
      first = max(last, first + 1)
    }
    return found
  }

  /// One contract of an option alone under the portfolio manager; what it is worth counts.
  func unit(_ instrument: Int, underlying: Int, row: Int, quantity: Double) -> CapitalProgram.Account {
    let leg = Leg(instrument: instrument, effectiveQuantity: quantity, rawQuantity: quantity, value: 0)
    let set = NettingSet(underlying: underlying, legs: [leg], collateral: 0)
    return CapitalProgram.Account(value: 0, paid: [], sets: [program(of: set) { _ in row }])
  }

  private func addCoins(
    of set: NettingSet, _ coins: CollateralTotals, to found: inout CapitalProgram.NettingSet
  ) {
    guard set.collateral != 0 else { return }
    let asset = standard.context.assets[set.underlying]
    let value = set.collateral * asset.spot
    let counted = min(value, value * standard.parameters.baseTerms(of: asset.id.text).factor)
    found.cross.slope += counted
    found.alone.append(CapitalProgram.Line(0, -counted))
    found.apart.slope +=
      coins.value + worst(ofLinear: coins.riskCancelling) - coins.maintenanceHaircut
  }

  private func addPerpetual(
    _ leg: Leg, _ terms: ContractTerms, to found: inout CapitalProgram.NettingSet
  ) {
    let asset = standard.context.assets[found.underlying]
    let value = leg.effectiveQuantity * terms.unit
    let units = abs(leg.effectiveQuantity * terms.units)
    let slope = value - abs(value) * standard.parameters.perpetualTerms(of: asset.id.text).maintenance
    found.cross.constant += leg.value - value
    found.cross.slope += slope
    found.alone.append(CapitalProgram.Line(value - leg.value, -slope))
    found.apart.constant += leg.value - value
    found.apart.slope +=
      value + worst(ofLinear: value) - units * asset.spot * portfolio.parameters.perpetualMaintenance
  }

  /// Worst scenario of a delta-one holding, ≤ 0, times the factor of maintenance margin.
  private func worst(ofLinear value: Double) -> Double {
    var worst = 0.0
    for (move, damp) in zip(portfolio.linearMove, portfolio.dampening) {
      worst = min(worst, value * move * damp)
    }
    return worst * portfolio.parameters.maintenanceFactor
  }

  /// Units of naked shorts among the options of one expiry, calls and puts of one strike netted.
  private func nakedShorts(_ legs: ArraySlice<Leg>) -> Double {
    var (naked, units, strike) = (0.0, 0.0, -1.0)
    for leg in legs {
      let terms = portfolio.context.terms[leg.instrument]
      if terms.strike != strike {
        naked += max(-units, 0)
        (strike, units) = (terms.strike, 0)
      }
      units += leg.effectiveQuantity * terms.units
    }
    return naked + max(-units, 0)
  }

  /// One expiry, a part for each pair of discounts that its options have; the standard manager's figures are in the first.
  private func expiries(
    _ legs: ArraySlice<Leg>, spot: Double, row: (_ instrument: Int) -> Int
  ) -> [CapitalProgram.Expiry] {
    var loss = LargestLoss()
    var rows: [CapitalProgram.Leg] = []
    var shorts: [CapitalProgram.Short] = []
    for leg in legs {
      let terms = standard.context.terms[leg.instrument]
      let units = leg.effectiveQuantity * terms.units
      loss.open(units, terms, multiplier: 1)
      let entry = CapitalProgram.Leg(row: row(leg.instrument), quantity: leg.effectiveQuantity)
      rows.append(entry)
      if units < 0 { shorts.append(short(entry, terms, units: -units, spot: spot)) }
    }
    for leg in legs {
      let terms = standard.context.terms[leg.instrument]
      loss.pass(leg.effectiveQuantity * terms.units, strike: terms.strike)
    }
    let first = legs.first?.instrument ?? 0
    let rules = portfolio.parameters
    let fixed = loss.requirement(unpaired: 0)
    let basis = rules.basisAdd + rules.basisMultiple * portfolio.context.terms[first].years
    let slope = loss.requirement(unpaired: standard.parameters.unpairedMaintenance) - fixed
    let instruments = legs.map(\.instrument)
    return portfolio.discountGroups(of: instruments).enumerated().map { place, group in
      let own = instruments[group[0]]
      return CapitalProgram.Expiry(
        longDiscount: portfolio.longDiscount[own], shortDiscount: portfolio.shortDiscount[own], basis: basis,
        lossConstant: place == 0 ? fixed : 0, lossSlope: place == 0 ? slope : 0,
        legs: group.map { rows[$0] }, shorts: place == 0 ? shorts : [])
    }
  }

  /// A short option of so many units of the underlying under the standard manager.
  func short(
    _ leg: CapitalProgram.Leg, _ terms: ContractTerms, units: Double, spot: Double
  ) -> CapitalProgram.Short {
    let rules = standard.parameters
    return CapitalProgram.Short(
      leg: leg, charge: (terms.isCall ? rules.callMaintenance : rules.putMaintenance) * spot * units,
      valueCharge: terms.isCall ? 0 : rules.putValueMaintenance,
      lossConstant: terms.isCall ? 0 : units * terms.strike,
      lossSlope: terms.isCall ? units * terms.forward * rules.unpairedMaintenance : 0)
  }
}

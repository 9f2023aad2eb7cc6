import MarketModel
import PortfolioValuation
import RiskNumerics

/// The cheapest trades that bring an account under the Derive portfolio manager to a surplus, as a linear programme.
///
/// Columns are what is bought and sold of each candidate, the scan loss of each underlying that they touch, and what
/// each touched expiry makes of each scenario. Rows say that the loss is at least that of every scenario and of the
/// basis contingency; that an expiry makes no more than its value discounted either way (min of the two is what the
/// sign-dependent discount does while the long one is the smaller); and the charges for naked shorts and perpetuals, which
/// are convex. A skew scenario makes −|P|: the one side that is not concave is discounted as the value's sign stands,
/// and turned when the model disagrees. The price of a row is the weight of its scenario.
struct CureProgramme {
  /// Why there is no point.
  enum Failure: Error { case infeasible, unsolved }

  /// An optimum.
  struct Point {
    /// One entry a candidate.
    var quantities: [Double]
    var binding: [MarginCure.Binding]
  }

  private let model: DerivePortfolioModel
  private let desk: CureDesk
  private let sets: [NettingSet]
  private let cash: Double
  private let test: MarginTest
  /// Quantities at which the sign of the shocked values of skew scenarios is read.
  private var turned: [Double]

  init(_ model: DerivePortfolioModel, _ holdings: AccountHoldings, _ desk: CureDesk, test: MarginTest) {
    self.model = model
    self.desk = desk
    self.test = test
    cash = holdings.cash
    turned = desk.candidates.map { _ in 0 }
    var sets = holdings.sets
    // An underlying that is only traded has an empty set.
    for unit in desk.units {
      guard let underlying = model.context.instruments[unit.instrument]?.underlying,
        !sets.contains(where: { $0.underlying == underlying })
      else { continue }
      sets.append(NettingSet(underlying: underlying, legs: [], collateral: 0))
    }
    self.sets = sets.sorted { $0.underlying < $1.underlying }
  }

  /// Reads the signs of skew scenarios at other quantities.
  mutating func turn(to quantities: [Double]) { turned = quantities }

  /// The cheapest point with a surplus.
  func cheapest(target: Double) -> Result<Point, Failure> { solve(target: target) }

  /// The point with the greatest surplus.
  func best() -> Result<Point, Failure> { solve(target: nil) }

  private func solve(target: Double?) -> Result<Point, Failure> {
    var layout = Layout()
    for candidate in desk.candidates {
      let cost = target == nil ? 0 : candidate.cost
      layout.buys.append(layout.programme.addColumn(cost: cost, from: 0, to: candidate.to))
      layout.sells.append(layout.programme.addColumn(cost: cost, from: 0, to: -candidate.from))
      layout.addToSurplus(
        layout.programme.costs.count - 2, layout.programme.costs.count - 1, -candidate.cost)
    }
    layout.constant = cash
    for set in sets { add(set, to: &layout) }
    if let target {
      layout.programme.addRow(from: target - layout.constant, to: .infinity, layout.surplus)
    } else {
      for term in layout.surplus {
        layout.programme.setCost(
          layout.programme.costs[term.column] - term.factor, ofColumn: term.column)
      }
    }
    do throws(LinearProgramError) {
      let found = try layout.programme.minimise()
      return .success(
        Point(
          quantities: zip(layout.buys, layout.sells).map { found.values[$0] - found.values[$1] },
          binding: binding(layout, found)))
    } catch {
      return .failure(error == .infeasible ? .infeasible : .unsolved)
    }
  }

  /// What is being built.
  private struct Layout {
    var programme = LinearProgram()
    var buys: [Int] = []
    var sells: [Int] = []
    /// Surplus = constant + Σ factor·column.
    var surplus: [LinearProgram.Term] = []
    var constant = 0.0
    /// Rows of the scenarios and the basis of each underlying, in the model's order.
    var scans: [(underlying: Int, rows: [Int])] = []

    mutating func addToSurplus(_ buy: Int, _ sell: Int, _ factor: Double) {
      surplus += [(buy, factor), (sell, factor)]
    }

    /// A function of the quantities as terms: Σ factorⱼ·qⱼ.
    func terms(_ factors: [(candidate: Int, factor: Double)], times scale: Double = 1) -> [LinearProgram.Term]
    {
      factors.flatMap {
        [(buys[$0.candidate], scale * $0.factor), (sells[$0.candidate], -scale * $0.factor)]
      }
    }
  }

  // MARK: One underlying

  private func add(_ set: NettingSet, to layout: inout Layout) {
    let traded = desk.units.indices.filter {
      model.context.instruments[desk.units[$0].instrument]?.underlying == set.underlying
    }
    let base = model.requirement(of: set, state: 0)
    guard !traded.isEmpty else {
      layout.constant += test == .initial ? base.net.initial : base.net.maintenance
      return
    }
    // At the mark a trade changes cash and counted value by opposite amounts.
    layout.constant += base.counted - (test == .initial ? initialHaircut(base) : base.collateralMaintenance)
    for place in traded {
      let unit = desk.units[place]
      let gain = unit.value * model.valueScale[unit.instrument] + unit.cash
      layout.surplus += layout.terms([(place, gain)])
    }
    let loss = layout.programme.addColumn(cost: 0, from: 0, to: .infinity)
    let parameters = model.parameters
    let initial = parameters.initialFactor + model.pegShortfall
    layout.surplus.append((loss, -(test == .initial ? initial : parameters.maintenanceFactor)))
    var scenarios = Scan(rows: [], count: model.linearMove.count, loss: loss)
    addPerpetuals(set, traded, base, &scenarios, to: &layout)
    addExpiries(set, traded, &scenarios, to: &layout)
    var rows: [Int] = []
    for row in scenarios.rows {
      rows.append(layout.programme.addRow(from: -row.constant, to: .infinity, row.terms))
    }
    layout.scans.append((set.underlying, rows))
  }

  /// What coins take off initial margin, with what the stable asset lacks of its peg.
  private func initialHaircut(_ base: PortfolioRequirement) -> Double {
    let depeg = model.parameters.factorsCharges ? base.collateralMaintenance * model.pegShortfall : 0
    return base.collateralInitial + depeg
  }

  /// loss + Σ terms + constant ≥ 0, one a scenario, the basis last.
  private struct Scan {
    var rows: [(terms: [LinearProgram.Term], constant: Double)]

    init(rows: [(terms: [LinearProgram.Term], constant: Double)], count: Int, loss: Int) {
      self.rows = (0...count).map { _ in ([(loss, 1)], 0) }
    }
  }

  private func addPerpetuals(
    _ set: NettingSet, _ traded: [Int], _ base: PortfolioRequirement, _ scan: inout Scan,
    to layout: inout Layout
  ) {
    let exposure = model.deltaOne(of: set)
    let coins = model.ownCoins(of: set)
    let linear = traded.filter { model.table.start[desk.units[$0].instrument] == nil }
    let terms = model.context.terms
    let values = linear.map { place in
      (place, desk.units[place].effectiveQuantity * terms[desk.units[place].instrument].unit)
    }
    for scenario in model.linearMove.indices {
      let move = model.linearMove[scenario] * model.dampening[scenario]
      scan.rows[scenario].constant += (exposure.value + coins.riskCancelling) * move
      if move != 0 { scan.rows[scenario].terms += layout.terms(values, times: move) }
    }
    let parameters = model.parameters
    let spot = model.context.assets[set.underlying].spot
    var rate = parameters.perpetualMaintenance
    if test == .initial {
      rate = rate * model.initialChargeFactor + parameters.perpetualInitial
      rate += model.penalty(for: min(model.context.spotConfidence[set.underlying], exposure.confidence))
      layout.constant -= coins.confidence
    }
    let units = linear.map { place in
      (place, desk.units[place].effectiveQuantity * terms[desk.units[place].instrument].units)
    }
    let size = layout.programme.addColumn(cost: 0, from: 0, to: .infinity)
    layout.programme.addRow(from: exposure.units, to: .infinity, [(size, 1)] + layout.terms(units, times: -1))
    layout.programme.addRow(from: -exposure.units, to: .infinity, [(size, 1)] + layout.terms(units))
    layout.surplus.append((size, -rate * spot))
  }

  private func binding(_ layout: Layout, _ found: LinearSolution) -> [MarginCure.Binding] {
    var binding: [MarginCure.Binding] = []
    for scan in layout.scans {
      let prices = scan.rows.map { max(found.prices[$0], 0) }
      let sum = prices.reduce(0, +)
      guard sum > 0 else { continue }
      let names = model.scenarioNames
      let order = prices.indices.filter { prices[$0] > 1e-9 * sum }.sorted {
        (prices[$1], $0) < (prices[$0], $1)
      }
      binding += order.map {
        MarginCure.Binding(
          underlying: model.context.assets[scan.underlying].id, scenario: names[$0], weight: prices[$0] / sum)
      }
    }
    return binding
  }
}

// MARK: Options

extension CureProgramme {
  /// The options of one expiry: those held, and the candidates among them.
  private struct Expiry {
    var group: Int
    var legs: [Leg]
    var traded: [Int]
  }

  private func expiries(_ set: NettingSet, _ traded: [Int]) -> [Expiry] {
    let terms = model.context.terms
    var found: [Expiry] = []
    func place(_ group: Int) -> Int {
      if let place = found.firstIndex(where: { $0.group == group }) { return place }
      found.append(Expiry(group: group, legs: [], traded: []))
      return found.count - 1
    }
    for leg in set.legs where model.supports(instrument: leg.instrument) && terms[leg.instrument].isOption {
      found[place(terms[leg.instrument].expiryGroup)].legs.append(leg)
    }
    for candidate in traded where terms[desk.units[candidate].instrument].isOption {
      found[place(terms[desk.units[candidate].instrument].expiryGroup)].traded.append(candidate)
    }
    return found
  }

  private func addExpiries(_ set: NettingSet, _ traded: [Int], _ scan: inout Scan, to layout: inout Layout) {
    let spot = model.context.assets[set.underlying].spot
    let parameters = model.parameters
    let initial = parameters.optionMaintenance * model.initialChargeFactor + parameters.optionInitial
    let naked = spot * (test == .initial ? initial : parameters.optionMaintenance)
    for expiry in expiries(set, traded) {
      for scenario in model.linearMove.indices {
        addProfit(expiry, scenario, &scan.rows[scenario], to: &layout)
      }
      addBasis(expiry, &scan.rows[model.linearMove.count], to: &layout)
      addNaked(expiry, charge: naked, to: &layout)
      if test == .initial { addUntrusted(expiry, set, spot: spot, to: &layout) }
    }
  }

  /// Σ of effective quantity × cell over the legs, and its terms in the quantities.
  private func cells(
    _ expiry: Expiry, _ column: Int, times discounts: [Double]? = nil
  ) -> (held: Double, terms: [(candidate: Int, factor: Double)]) {
    func cell(_ instrument: Int) -> Double {
      self.cell(instrument, column) * (discounts?[instrument] ?? 1)
    }
    var held = 0.0
    for leg in expiry.legs { held += leg.effectiveQuantity * cell(leg.instrument) }
    return (
      held, expiry.traded.map { ($0, desk.units[$0].effectiveQuantity * cell(desk.units[$0].instrument)) }
    )
  }

  private func cell(_ instrument: Int, _ column: Int) -> Double {
    model.table.start[instrument].map { model.table.cells[$0 + column] } ?? 0
  }

  private func addProfit(
    _ expiry: Expiry, _ scenario: Int, _ row: inout (terms: [LinearProgram.Term], constant: Double),
    to layout: inout Layout
  ) {
    let damp = model.dampening[scenario]
    let worth = cells(expiry, 1 + scenario, times: model.longDiscount)
    let owed = cells(expiry, 1 + scenario, times: model.shortDiscount)
    let unmoved = cells(expiry, 0)
    guard !expiry.traded.isEmpty else {
      let profit = (min(worth.held, owed.held) - unmoved.held) * damp
      row.constant += model.flipsGains[scenario] ? -abs(profit) : profit
      return
    }
    let profit = layout.programme.addColumn(cost: 0, from: -.infinity, to: .infinity)
    row.terms.append((profit, 1))
    // profit ≤ side × (V·discount − V₀)·damp.
    func bound(_ shocked: (held: Double, terms: [(candidate: Int, factor: Double)]), side: Double) {
      let terms = zip(shocked.terms, unmoved.terms).map {
        ($0.candidate, ($0.factor - $1.factor) * damp * side)
      }
      let constant = (shocked.held - unmoved.held) * damp * side
      layout.programme.addRow(from: -.infinity, to: constant, [(profit, 1)] + layout.terms(terms, times: -1))
    }
    bound(worth, side: 1)
    bound(owed, side: 1)
    guard model.flipsGains[scenario] else { return }
    func there(_ sum: (held: Double, terms: [(candidate: Int, factor: Double)])) -> Double {
      sum.terms.reduce(sum.held) { $0 + $1.factor * turned[$1.candidate] }
    }
    bound(there(worth) <= there(owed) ? worth : owed, side: -1)
  }

  private func addBasis(
    _ expiry: Expiry, _ row: inout (terms: [LinearProgram.Term], constant: Double), to layout: inout Layout
  ) {
    let first = expiry.legs.first?.instrument ?? expiry.traded.first.map { desk.units[$0].instrument } ?? 0
    let factor =
      model.parameters.basisAdd + model.parameters.basisMultiple * model.context.terms[first].years
    let count = model.linearMove.count
    let unmoved = cells(expiry, 0)
    let ends = [cells(expiry, 1 + count), cells(expiry, 2 + count)]
    guard !expiry.traded.isEmpty else {
      row.constant += min(ends[0].held - unmoved.held, ends[1].held - unmoved.held, 0) * factor
      return
    }
    let basis = layout.programme.addColumn(cost: 0, from: -.infinity, to: 0)
    row.terms.append((basis, 1))
    for end in ends {
      let terms = zip(end.terms, unmoved.terms).map { ($0.candidate, ($0.factor - $1.factor) * factor) }
      layout.programme.addRow(
        from: -.infinity, to: (end.held - unmoved.held) * factor,
        [(basis, 1)] + layout.terms(terms, times: -1))
    }
  }

  /// Naked shorts, strike by strike.
  private func addNaked(_ expiry: Expiry, charge: Double, to layout: inout Layout) {
    let terms = model.context.terms
    var strikes: [(strike: Double, held: Double, traded: [(candidate: Int, factor: Double)])] = []
    func place(_ strike: Double) -> Int {
      if let place = strikes.firstIndex(where: { $0.strike == strike }) { return place }
      strikes.append((strike, 0, []))
      return strikes.count - 1
    }
    for leg in expiry.legs {
      let own = place(terms[leg.instrument].strike)
      strikes[own].held += leg.effectiveQuantity * terms[leg.instrument].units
    }
    for candidate in expiry.traded {
      let unit = desk.units[candidate]
      let own = place(terms[unit.instrument].strike)
      strikes[own].traded.append((candidate, unit.effectiveQuantity * terms[unit.instrument].units))
    }
    for strike in strikes {
      guard !strike.traded.isEmpty else {
        layout.constant -= charge * max(-strike.held, 0)
        continue
      }
      let short = layout.programme.addColumn(cost: 0, from: 0, to: .infinity)
      layout.programme.addRow(from: -strike.held, to: .infinity, [(short, 1)] + layout.terms(strike.traded))
      layout.surplus.append((short, -charge))
    }
  }

  /// The penalty on every unit under oracles that are not trusted.
  private func addUntrusted(_ expiry: Expiry, _ set: NettingSet, spot: Double, to layout: inout Layout) {
    let terms = model.context.terms
    var confidence = min(model.context.spotConfidence[set.underlying], model.deltaOne(of: set).confidence)
    for leg in expiry.legs { confidence = min(confidence, terms[leg.instrument].confidence) }
    for candidate in expiry.traded {
      confidence = min(confidence, terms[desk.units[candidate].instrument].confidence)
    }
    let rate = model.penalty(for: confidence) * spot
    guard rate > 0 else { return }
    for leg in expiry.legs
    where !expiry.traded.contains(where: { desk.units[$0].instrument == leg.instrument }) {
      layout.constant -= rate * abs(leg.effectiveQuantity * terms[leg.instrument].units)
    }
    for candidate in expiry.traded {
      let unit = desk.units[candidate]
      let scale = terms[unit.instrument].units
      let held = expiry.legs.first { $0.instrument == unit.instrument }?.effectiveQuantity ?? 0
      let size = layout.programme.addColumn(cost: 0, from: 0, to: .infinity)
      let quantity = [(candidate, unit.effectiveQuantity * scale)]
      layout.programme.addRow(
        from: held * scale, to: .infinity, [(size, 1)] + layout.terms(quantity, times: -1))
      layout.programme.addRow(from: -held * scale, to: .infinity, [(size, 1)] + layout.terms(quantity))
      layout.surplus.append((size, -rate))
    }
  }
}

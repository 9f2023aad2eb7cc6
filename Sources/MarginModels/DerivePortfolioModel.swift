import MarketModel
import PortfolioValuation
package import RiskNumerics

/// The Derive portfolio manager: worst loss over the scenarios of one underlying, with static discounts, a basis
/// contingency, and charges for naked shorts, perpetuals and collateral.
///
/// The two versions differ in their numbers,
/// in what the initial factor multiplies and in whether options are discounted.
///
/// Per expiry and scenario the options are summed first and discounted by the sign of the sum, so the loss
/// is positively homogeneous and subadditive in the positions. Perpetuals of coin contracts and coin-settled
/// options count at their payoff in the base currency. Dated futures and listed options are not supported.
package struct DerivePortfolioModel: ContextModel {
  package let name: String
  package let states: [MarketState]
  let parameters: DerivePortfolioParameters
  package let context: MarginContext
  let table: OptionTable
  private let isSupported: [Bool]
  /// Inner scenarios as plain columns: move of delta-one holdings, dampening, whether gains flip.
  let linearMove: [Double]
  let dampening: [Double]
  let flipsGains: [Bool]
  /// Static discounts of each option for a shocked value ≥ 0 and < 0.
  let longDiscount: [Double]
  let shortDiscount: [Double]
  /// What the value of an option counts here over what it is worth in the book, one entry an instrument.
  let valueScale: [Double]
  private var hasOwnRates: [Bool] = []
  /// Net margins of ±1 contract of each instrument alone, opened at the mark: instrument, sign, state.
  private var lone: [NetMargin] = []
  /// Requirements of ±1 contract of each instrument alone, today: instrument, sign.
  private(set) var loneUnits: [UnitRequirement] = []
  /// In the model's order, the basis contingency last.
  let scenarioNames: [String]
  /// Net margins of ±1 coin of each asset alone: asset, sign, state.
  private var loneCollateral: [NetMargin] = []

  /// Prices the options of a context under states × scenarios.
  ///
  /// - Complexity: instruments × states × scenarios, spread over the team.
  package init(
    name: String, parameters: DerivePortfolioParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    self.states = states
    isSupported = context.instruments.indices.map {
      !context.isListed[$0] && (context.instruments[$0].map { $0.kind != .future } ?? false)
    }
    scenarioNames = parameters.scenarios.map(\.name) + ["basis"]
    linearMove = parameters.scenarios.map { $0.isSkew ? 0 : $0.spotMultiplier - 1 }
    dampening = parameters.scenarios.map(\.dampening)
    flipsGains = parameters.scenarios.map(\.isSkew)
    table = OptionTable(
      of: context, columns: Self.columns(of: parameters), states: states,
      settlementWindow: parameters.settlementWindow, discounts: parameters.discountsOptions, team: team)
    valueScale = context.instruments.map { option in
      guard let option, option.kind == .option, !parameters.discountsOptions else { return 1 }
      return 1 / option.discount
    }
    longDiscount = context.instruments.map { Self.longDiscount(of: $0, parameters) }
    shortDiscount = context.instruments.map { Self.shortDiscount(of: $0, parameters) }
    hasOwnRates = expiriesWithOwnRates()
    lone = tabulateInstruments(team: team)
    loneUnits = context.instruments.indices.flatMap { place in
      [1.0, -1.0].map { unitRequirement(of: place, sign: $0) }
    }
    loneCollateral = tabulateCollateral()
  }

  /// The unmoved value, one column a scenario, then the two ends of the basis contingency.
  private static func columns(of parameters: DerivePortfolioParameters) -> [ScenarioColumn] {
    // A skew scenario bends the smile where spot stands, whatever its spot entry says.
    let scenarios = parameters.scenarios.map {
      ScenarioColumn(spotMultiplier: $0.isSkew ? 1 : $0.spotMultiplier, volatility: parameters.shock(of: $0))
    }
    let basis = [parameters.basisUp, parameters.basisDown].map {
      ScenarioColumn(spotMultiplier: $0, volatility: .none)
    }
    return [.unmoved] + scenarios + basis
  }

  /// The static discounts that all options of an expiry share; nil where their rates differ.
  ///
  /// The venue has one rate an expiry: what the expiry is worth after a shock is cut by the long discount, what it owes by
  /// the short one, which is the lesser of the two sums. Where contracts in coin and in stable assets have rates of
  /// their own, each keeps its own discounts and the lesser of the two sums counts (the greater one where a model file has
  /// long discounts above the short ones): the same where the rates agree, and concave in the quantities where they do
  /// not, so that positions together never need more than apart.
  func commonDiscounts(of options: some Collection<Int>) -> (long: Double, short: Double)? {
    guard let first = options.first else { return (1, 1) }
    let isCommon = !hasOwnRates[first] || options.allSatisfy { sharesDiscounts($0, first) }
    return isCommon ? (longDiscount[first], shortDiscount[first]) : nil
  }

  /// Whether the lesser of the two sums counts, as it does unless long discounts are above the short ones.
  func takesLesser(of options: some Sequence<Int>) -> Bool {
    options.allSatisfy { longDiscount[$0] <= shortDiscount[$0] }
  }

  private func sharesDiscounts(_ one: Int, _ other: Int) -> Bool {
    longDiscount[one] == longDiscount[other] && shortDiscount[one] == shortDiscount[other]
  }

  /// Whether the expiry of each option has options of other discounts in the book: few have, and the others need no look
  /// at every option of an account in every evaluation.
  private func expiriesWithOwnRates() -> [Bool] {
    var first: [Int: Int] = [:]
    var mixed: Set<Int> = []
    for (place, terms) in context.terms.enumerated() where terms.isOption {
      guard let known = first[terms.expiryGroup] else {
        first[terms.expiryGroup] = place
        continue
      }
      if !sharesDiscounts(place, known) { mixed.insert(terms.expiryGroup) }
    }
    return context.terms.map { mixed.contains($0.expiryGroup) }
  }

  /// Options of one expiry by the discounts that they share, places of a list each; one group where their rates agree.
  ///
  /// Groups that are discounted apart ask for no less than together, and for as much as each alone.
  func discountGroups(of options: [Int]) -> [[Int]] {
    var groups: [[Int]] = []
    for (place, option) in options.enumerated() {
      let known = groups.firstIndex { sharesDiscounts(options[$0[0]], option) }
      if let known { groups[known].append(place) } else { groups.append([place]) }
    }
    return groups
  }

  private static func longDiscount(
    of option: ResolvedInstrument?, _ parameters: DerivePortfolioParameters
  ) -> Double {
    guard let option else { return 1 }
    let terms = parameters.longDiscount
    let rate = max(option.rate, 0) * terms.rateMultiple + terms.rateAdd
    return terms.base * Elementary.exp(-option.timeToExpiry * rate)
  }

  private static func shortDiscount(
    of option: ResolvedInstrument?, _ parameters: DerivePortfolioParameters
  ) -> Double {
    guard let option else { return 1 }
    let terms = parameters.shortDiscount
    let rate = max(option.rate, 0) * terms.rateMultiple + terms.rateAdd
    let most = parameters.discountsOptions ? 1 / option.discount : 1
    return min(most, terms.base * Elementary.exp(option.timeToExpiry * rate))
  }

  package func supports(instrument: Int) -> Bool { isSupported[instrument] }
}

// MARK: Figures of the protocol

extension DerivePortfolioModel {
  package func netMargins(of set: NettingSet) -> [NetMargin] {
    requirements(of: set, collateral: nil, states: states.indices).map(\.net)
  }

  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    requirement(of: set, state: state).net
  }

  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    let (cells, starts) = table.priced(set.legs, in: state, of: context)
    let rows = OptionRows(starts: starts, multipliers: [state.spotMultiplier])
    let found = requirements(of: set, collateral: nil, cells: cells.span, rows: rows)
    return found.first?.net ?? .zero
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    netMargin(of: leg, tabulated: lone, state: state)
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    let unit = loneCollateral[(underlying * 2 + (quantity < 0 ? 1 : 0)) * states.count + state]
    return NetMargin(
      initial: abs(quantity) * unit.initial, maintenance: abs(quantity) * unit.maintenance)
  }

  /// The parts of the requirement in one of the states.
  package func requirement(of set: NettingSet, state: Int) -> PortfolioRequirement {
    requirements(of: set, collateral: nil, states: state..<(state + 1)).first ?? PortfolioRequirement()
  }

  private func tabulateInstruments(team: ThreadTeam) -> [NetMargin] {
    team.map(count: context.instruments.count) { place -> [NetMargin] in
      guard let instrument = context.instruments[place], supports(instrument: place) else {
        return [NetMargin](repeating: .zero, count: 2 * states.count)
      }
      return [1.0, -1.0].flatMap { sign in
        netMargins(of: unitSet(of: place, instrument, sign: sign))
      }
    }.flatMap { $0 }
  }

  private func unitRequirement(of place: Int, sign: Double) -> UnitRequirement {
    guard let instrument = context.instruments[place], supports(instrument: place) else {
      return UnitRequirement.zero
    }
    let part = requirement(of: unitSet(of: place, instrument, sign: sign), state: 0)
    return UnitRequirement(initial: part.initial, maintenance: part.maintenance)
  }

  /// One contract bought or sold at the mark.
  private func unitSet(of place: Int, _ instrument: ResolvedInstrument, sign: Double) -> NettingSet {
    let value = instrument.kind == .option ? sign * baseUnit(of: place, instrument) : 0
    let leg = Leg(instrument: place, effectiveQuantity: sign, rawQuantity: sign, value: value)
    return NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)
  }

  private func tabulateCollateral() -> [NetMargin] {
    context.assets.indices.flatMap { asset in
      [1.0, -1.0].flatMap {
        netMargins(of: NettingSet(underlying: asset, legs: [], collateral: $0))
      }
    }
  }

  /// Today's base value of one contract of an option, as the table has it; of others, as resolved.
  private func baseUnit(of place: Int, _ instrument: ResolvedInstrument) -> Double {
    table.start[place].map { table.cells[$0] / valueScale[place] } ?? instrument.unit
  }
}

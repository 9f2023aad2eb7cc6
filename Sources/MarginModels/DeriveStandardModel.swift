import MarketModel
import PortfolioValuation
package import RiskNumerics

/// The Derive standard manager: perpetuals by rate, short options one by one, an expiry never more than its
/// largest loss.
///
/// Option values defend nothing: longs count only in the largest loss of their expiry, shorts owe their
/// value inside the requirement. Coin contracts count at their payoff in the base currency. Dated futures
/// and listed options are not supported.
package struct DeriveStandardModel: TabulatedModel {
  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package private(set) var lone: [NetMargin] = []
  /// Requirements of ±1 contract of each instrument alone, today: instrument, sign.
  private(set) var loneUnits: [StandardRequirement] = []
  let parameters: DeriveStandardParameters
  private let isSupported: [Bool]
  private let perpetualTerms: [DeriveStandardParameters.PerpetualTerms]
  private let baseTerms: [DeriveStandardParameters.BaseTerms]

  /// Prices the options of a context in every state.
  package init(
    name: String, parameters: DeriveStandardParameters, context: MarginContext, states: [MarketState],
    team: ThreadTeam
  ) {
    self.name = name
    self.parameters = parameters
    self.context = context
    isSupported = context.instruments.indices.map {
      !context.isListed[$0] && (context.instruments[$0].map { $0.kind != .future } ?? false)
    }
    perpetualTerms = context.assets.map { parameters.perpetualTerms(of: $0.id.text) }
    baseTerms = context.assets.map { parameters.baseTerms(of: $0.id.text) }
    table = OptionTable(
      of: context, columns: [.unmoved], states: states, settlementWindow: 0, team: team)
    lone = tabulateLone(team: team)
    loneUnits = context.instruments.indices.flatMap { place in
      [1.0, -1.0].map { unitRequirement(of: place, sign: $0) }
    }
  }

  private func unitRequirement(of place: Int, sign: Double) -> StandardRequirement {
    guard let instrument = context.instruments[place], supports(instrument: place) else {
      return StandardRequirement()
    }
    let leg = Leg(instrument: place, effectiveQuantity: sign, rawQuantity: sign, value: 0)
    let set = NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)
    return requirement(of: set, state: 0)
  }

  package func supports(instrument: Int) -> Bool { isSupported[instrument] }

  package func isHomogeneous(instrument: Int) -> Bool { true }

  package func netMargin(of set: NettingSet, multiplier: Double, values: [Double]) -> NetMargin {
    requirement(of: set, multiplier: multiplier, values: values).net
  }

  /// The parts of the requirement in one of the states.
  package func requirement(of set: NettingSet, state: Int) -> StandardRequirement {
    requirement(
      of: set, multiplier: states[state].spotMultiplier, values: values(of: set, state: state))
  }

  /// The parts of the requirement on a market moved by `multiplier`.
  func requirement(of set: NettingSet, multiplier: Double, values: [Double]) -> StandardRequirement {
    var part = StandardRequirement()
    let spot = context.assets[set.underlying].spot * multiplier
    addCollateral(of: set, spot: spot, to: &part)
    var first = 0
    while first < set.legs.count {
      let place = set.legs[first].instrument
      guard supports(instrument: place) else {
        first += 1
        continue
      }
      let terms = context.terms[place]
      guard terms.isOption else {
        addPerpetual(
          set.legs[first], terms, on: set.underlying, spot: spot, multiplier: multiplier, to: &part)
        first += 1
        continue
      }
      var last = first + 1
      while last < set.legs.count,
        context.terms[set.legs[last].instrument].expiryGroup == terms.expiryGroup
      {
        last += 1
      }
      addExpiry(
        of: set, legs: first..<last, spot: spot, multiplier: multiplier, values: values, to: &part)
      first = last
    }
    return part
  }

  private func addCollateral(of set: NettingSet, spot: Double, to part: inout StandardRequirement) {
    let value = set.collateral * spot
    let terms = baseTerms[set.underlying]
    // A borrowed coin is owed in full: the factor takes off assets alone.
    part.counted += min(value, value * terms.factor)
    let held = max(value, 0)
    part.collateral += held * terms.factor * (1 - terms.initialScale)
    let confidence = context.spotConfidence[set.underlying]
    if confidence < parameters.baseThreshold {
      part.confidence += (1 - confidence) * parameters.confidenceFactor * held
    }
  }

  private func addPerpetual(
    _ leg: Leg, _ perpetual: ContractTerms, on underlying: Int, spot: Double, multiplier: Double,
    to part: inout StandardRequirement
  ) {
    let value = leg.effectiveQuantity * perpetual.unit
    let units = abs(leg.effectiveQuantity) * perpetual.units
    let terms = perpetualTerms[underlying]
    part.counted += leg.value + value * (multiplier - 1)
    part.perpetualInitial += abs(value) * multiplier * terms.initial
    part.perpetualMaintenance += abs(value) * multiplier * terms.maintenance
    let confidence = min(context.spotConfidence[underlying], perpetual.confidence)
    if confidence < parameters.perpetualThreshold {
      part.confidence += (1 - confidence) * parameters.confidenceFactor * spot * units
    }
    part.depeg += depegRate * spot * units
  }

  /// Charge for a unit of underlying, as a fraction of its spot, while the stable asset is under its peg.
  var depegRate: Double {
    max(parameters.pegThreshold - context.stablePrice, 0) * parameters.pegFactor
  }
}

// MARK: One expiry

extension DeriveStandardModel {
  /// Adds the options of one expiry: shorts one by one, or the largest loss where that is smaller.
  private func addExpiry(
    of set: NettingSet, legs: Range<Int>, spot: Double, multiplier: Double, values: [Double],
    to part: inout StandardRequirement
  ) {
    var (initial, maintenance, shortUnits) = (0.0, 0.0, 0.0)
    var confidence = context.spotConfidence[set.underlying]
    var loss = LargestLoss()
    for place in legs where supports(instrument: set.legs[place].instrument) {
      let leg = set.legs[place]
      let option = context.terms[leg.instrument]
      let units = leg.effectiveQuantity * option.units
      loss.open(units, option, multiplier: multiplier)
      confidence = min(confidence, option.confidence)
      guard units < 0 else { continue }
      let short = shortOption(
        units: -units, value: -leg.effectiveQuantity * values[place], strike: option.strike,
        isCall: option.isCall, spot: spot)
      initial += short.initial
      maintenance += short.maintenance
      shortUnits -= units
    }
    for leg in set.legs[legs] where supports(instrument: leg.instrument) {
      let option = context.terms[leg.instrument]
      loss.pass(leg.effectiveQuantity * option.units, strike: option.strike)
    }
    part.optionInitial += initial
    part.optionMaintenance += maintenance
    part.reliefInitial += min(loss.requirement(unpaired: parameters.unpairedInitial) - initial, 0)
    part.reliefMaintenance += min(
      loss.requirement(unpaired: parameters.unpairedMaintenance) - maintenance, 0)
    part.depeg += depegRate * spot * shortUnits
    if confidence < parameters.optionThreshold {
      part.confidence += (1 - confidence) * parameters.confidenceFactor * spot * shortUnits
    }
  }

  /// A short option alone.
  ///
  /// - Parameters:
  ///   - units: of the underlying sold, > 0.
  ///   - value: what closing it costs, ≥ 0.
  func shortOption(
    units: Double, value: Double, strike: Double, isCall: Bool, spot: Double
  ) -> (initial: Double, maintenance: Double) {
    let outOfTheMoney = max(isCall ? strike - spot : spot - strike, 0)
    let rate = max(parameters.optionMinimum, parameters.optionMaximum - outOfTheMoney / spot)
    let initial = rate * spot * units + value
    if isCall { return (initial, parameters.callMaintenance * spot * units + value) }
    let maintenance =
      max(parameters.putMaintenance * spot * units, parameters.putValueMaintenance * value) + value
    return (max(initial, maintenance * parameters.putInitialOverMaintenance), maintenance)
  }
}

/// The largest loss at expiry over the prices 0 and every strike.
///
/// A first pass opens all legs, which gives the payoff and its slope at price 0; a second passes the strikes
/// upwards, where each call adds its units to the slope and each put takes back what it held at 0.
struct LargestLoss {
  private var payoff = 0.0
  private var slope = 0.0
  private var price = 0.0
  private var worst = 0.0
  private var netCalls = 0.0
  private var forward = 0.0

  /// First pass, any order.
  mutating func open(_ units: Double, _ option: ContractTerms, multiplier: Double) {
    forward = option.forward * multiplier
    if option.isCall {
      netCalls += units
    } else {
      payoff += units * option.strike
      slope -= units
      worst = min(payoff, 0)
    }
  }

  /// Second pass, in order of strike.
  mutating func pass(_ units: Double, strike: Double) {
    payoff += slope * (strike - price)
    price = strike
    worst = min(worst, payoff)
    slope += units
  }

  /// The loss as a requirement, net short calls charged at a multiple of the forward.
  func requirement(unpaired: Double) -> Double {
    -worst + max(-netCalls, 0) * forward * unpaired
  }
}

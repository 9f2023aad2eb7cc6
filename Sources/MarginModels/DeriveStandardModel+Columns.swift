import MarketModel
import PortfolioValuation

/// One netting set in all prepared states at once: the bits of the states one by one, at a fraction of the cost.
///
/// The largest loss of an expiry is the same in every state apart from its unpaired calls, and an option's values in
/// all states lie side by side: what is left for each state is a few products a short option.
extension DeriveStandardModel {
  package func netMargins(of set: NettingSet) -> [NetMargin] {
    let multipliers = states.map(\.spotMultiplier)
    let options =
      set.legs.firstIndex { context.instruments[$0.instrument]?.kind == .option } ?? set.legs.count
    var linear = set
    linear.legs = Array(set.legs[..<options])
    var parts = multipliers.map { requirement(of: linear, multiplier: $0, values: []) }
    var columns = ShortColumns(multipliers)
    var first = options
    while first < set.legs.count {
      var last = first + 1
      while last < set.legs.count,
        context.sharesExpiry(set.legs[first].instrument, set.legs[last].instrument)
      {
        last += 1
      }
      add(set, expiry: first..<last, columns: &columns, to: &parts)
      first = last
    }
    return parts.map(\.net)
  }

  /// Adds the options of one expiry to the parts of every state.
  private func add(
    _ set: NettingSet, expiry: Range<Int>, columns: inout ShortColumns,
    to parts: inout [StandardRequirement]
  ) {
    var payoff = ExpiryPayoff()
    var (netCalls, forward, shortUnits) = (0.0, 0.0, 0.0)
    let spot = context.assets[set.underlying].spot
    var confidence = context.spotConfidence[set.underlying]
    columns.clear()
    for leg in set.legs[expiry] where supports(instrument: leg.instrument) {
      guard let option = context.instruments[leg.instrument], let start = table.start[leg.instrument]
      else { continue }
      let units = leg.effectiveQuantity * option.multiplier
      let strike = option.strike * option.quoteSpot
      forward = option.forward * option.quoteSpot
      payoff.add(units: units, strike: strike, isCall: option.isCall)
      if option.isCall { netCalls += units }
      confidence = min(confidence, context.feedConfidence[leg.instrument])
      guard units < 0 else { continue }
      shortUnits -= units
      columns.add(cells: table.cells.span, start: start) { multiplier, value in
        shortOption(
          units: -units, value: -leg.effectiveQuantity * value, strike: strike, isCall: option.isCall,
          spot: spot * multiplier)
      }
    }
    let base = -payoff.worst
    let unpaired = max(-netCalls, 0)
    let isDoubted = confidence < parameters.optionThreshold
    for (state, multiplier) in columns.multipliers.enumerated() {
      let (initial, maintenance) = (columns.initial[state], columns.maintenance[state])
      let charge = unpaired * (forward * multiplier)
      let moved = spot * multiplier
      parts[state].optionInitial += initial
      parts[state].optionMaintenance += maintenance
      parts[state].reliefInitial += min(base + charge * parameters.unpairedInitial - initial, 0)
      parts[state].reliefMaintenance += min(
        base + charge * parameters.unpairedMaintenance - maintenance, 0)
      parts[state].depeg += depegRate * moved * shortUnits
      if isDoubted {
        parts[state].confidence += (1 - confidence) * parameters.confidenceFactor * moved * shortUnits
      }
    }
  }
}

/// The payoff at expiry of legs fed in order of strike; it does not depend on where spot stands today.
private struct ExpiryPayoff {
  private var legs: [(units: Double, strike: Double)] = []
  private var atZero = 0.0
  private var slopeAtZero = 0.0

  mutating func add(units: Double, strike: Double, isCall: Bool) {
    legs.append((units, strike))
    if isCall { return }
    atZero += units * strike
    slopeAtZero -= units
  }

  /// The least of 0 and the payoff at 0 and at every strike.
  var worst: Double {
    var (payoff, slope, price) = (atZero, slopeAtZero, 0.0)
    var worst = min(payoff, 0)
    for leg in legs {
      payoff += slope * (leg.strike - price)
      price = leg.strike
      worst = min(worst, payoff)
      // Past its strike a call gains a slope of +units, a put gives back one of −units.
      slope += leg.units
    }
    return worst
  }
}

/// The requirements of the short options of one expiry, one by one and summed, a column of states.
private struct ShortColumns {
  let multipliers: [Double]
  var initial: [Double]
  var maintenance: [Double]

  init(_ multipliers: [Double]) {
    self.multipliers = multipliers
    initial = [Double](repeating: 0, count: multipliers.count)
    maintenance = initial
  }

  mutating func clear() {
    for state in initial.indices { (initial[state], maintenance[state]) = (0, 0) }
  }

  /// Adds a short option by its requirement at a multiplier of spot and a value of one contract there.
  mutating func add(
    cells: Span<Double>, start: Int,
    requirement: (_ multiplier: Double, _ value: Double) -> (initial: Double, maintenance: Double)
  ) {
    for state in multipliers.indices {
      let short = requirement(multipliers[state], cells[start + state])
      initial[state] += short.initial
      maintenance[state] += short.maintenance
    }
  }
}

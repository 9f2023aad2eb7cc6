import MarketModel

/// One netting set in all prepared states at once: the bits of the states one by one, at a fraction of the cost.
///
/// The largest loss of an expiry is the same in every state apart from its unpaired calls, and an option's values in
/// all states lie side by side: what is left for each state is a few products a short option.
extension DeriveStandardModel {
  package func netMargins(of set: NettingSet) -> [NetMargin] {
    let multipliers = states.map(\.spotMultiplier)
    let options =
      set.legs.firstIndex { context.terms[$0.instrument].isOption } ?? set.legs.count
    var linear = set
    linear.legs = Array(set.legs[..<options])
    var parts = multipliers.map { requirement(of: linear, multiplier: $0, values: []) }
    var columns = ShortColumns(multipliers)
    var first = options
    while first < set.legs.count {
      let group = context.terms[set.legs[first].instrument].expiryGroup
      var last = first + 1
      while last < set.legs.count, context.terms[set.legs[last].instrument].expiryGroup == group {
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
    var loss = LargestLoss()
    var (netCalls, forward, shortUnits) = (0.0, 0.0, 0.0)
    let spot = context.assets[set.underlying].spot
    var confidence = context.spotConfidence[set.underlying]
    columns.clear()
    for leg in set.legs[expiry] where supports(instrument: leg.instrument) {
      guard let start = table.start[leg.instrument] else { continue }
      let option = context.terms[leg.instrument]
      let units = leg.effectiveQuantity * option.units
      loss.open(units, option, multiplier: 1)
      forward = option.forward
      if option.isCall { netCalls += units }
      confidence = min(confidence, option.confidence)
      guard units < 0 else { continue }
      shortUnits -= units
      columns.add(cells: table.cells.span, start: start) { multiplier, value in
        shortOption(
          units: -units, value: -leg.effectiveQuantity * value, strike: option.strike,
          isCall: option.isCall, spot: spot * multiplier)
      }
    }
    for leg in set.legs[expiry] where supports(instrument: leg.instrument) {
      let option = context.terms[leg.instrument]
      loss.pass(leg.effectiveQuantity * option.units, strike: option.strike)
    }
    // Strikes stand still: only the charge for unpaired calls moves with spot.
    let base = loss.requirement(unpaired: 0)
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

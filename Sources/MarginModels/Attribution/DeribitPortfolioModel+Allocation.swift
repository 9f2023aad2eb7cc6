import MarketModel
import PortfolioValuation

/// The requirement of Deribit portfolio margin, position by position.
///
/// The dampener of the extended table is an allowance and not in proportion to the positions, so that a column's loss
/// is shared out in proportion to what each position loses in it. The roll shock stands with the side of each expiry
/// that is left open.
extension DeribitPortfolioModel {
  package func allocations(ofGroup group: [NettingSet]) -> [ScenarioAllocation] {
    // Every underlying is a group of its own.
    guard let set = group.first, group.count == 1 else { return [] }
    let part = requirement(of: set, state: 0)
    let charges = charges(of: set, deltaShock: part.deltaShock)
    let factor = parameters.maintenanceFactor
    guard part.decisive != 0 else {
      return [ScenarioAllocation(scenario: "none", parts: [charges.map { $0 * factor }])]
    }
    let names = matrices[set.underlying].names
    return names.indices.filter { part.decisive & (1 << $0) != 0 }.map { column in
      ScenarioAllocation(
        scenario: names[column],
        parts: [zip(losses(of: set, column: column), charges).map { ($0 + $1) * factor }])
    }
  }

  /// The charges beside the matrix: of each leg, then nothing for the coins.
  private func charges(of set: NettingSet, deltaShock: Double) -> [Double] {
    let deltas = set.legs.map(delta)
    var charges = [Double](repeating: 0, count: set.legs.count + 1)
    let rates = buckets.rates[set.underlying]
    var net = [Double](repeating: 0, count: rates.count)
    for (delta, leg) in zip(deltas, set.legs) where supports(instrument: leg.instrument) {
      net[buckets.bucket[leg.instrument]] += delta
    }
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      let bucket = buckets.bucket[leg.instrument]
      charges[place] = (net[bucket] < 0 ? -1 : 1) * deltas[place] * rates[bucket]
    }
    let whole = deltas.reduce(0, +)
    guard deltaShock > 0, whole != 0 else { return charges }
    for place in deltas.indices { charges[place] += deltaShock * deltas[place] / whole }
    return charges
  }

  /// Base value of what a leg moves with its underlying today; 0 where it is not supported.
  private func delta(of leg: Leg) -> Double {
    guard supports(instrument: leg.instrument) else { return 0 }
    if let notional = notional(of: leg) { return notional.value }
    return table.start[leg.instrument].map { leg.effectiveQuantity * table.deltas[$0 / table.width] } ?? 0
  }
}

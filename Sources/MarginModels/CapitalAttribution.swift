import MarketModel
import PortfolioValuation

/// A portfolio model that can say which position lost what in its worst scenario.
package protocol ScanAttributing: PreparedModel {
  /// The loss of each leg, then of the coins, in the scenario that decides the scan loss of a netting set today.
  ///
  /// - Returns: legs.count + 1 entries, base currency, losses positive; they sum to the scan loss before the
  ///   factors of initial and maintenance margin. Where scenarios tie, the first of the model's order counts.
  func worstScenarioLosses(of set: NettingSet) -> [Double]

  /// The names of the scenarios that decide the scan loss of a netting set today, ties in the model's order; none
  /// where nothing can be lost.
  func decisiveScenarios(of set: NettingSet) -> [String]

  /// The same for a group: one list a set, in the scenario that decides the loss of the group.
  func worstScenarioLosses(ofGroup group: [NettingSet]) -> [[Double]]
}

/// How the worst scenario of a netting set turns the cells of an expiry's options into a loss.
private struct ExpiryLoss {
  /// Column of the shocked value.
  var column: Int
  /// What multiplies the shocked and the unmoved value of a leg.
  var shocked: Double
  var unmoved: Double
}

extension DerivePortfolioModel: ScanAttributing {
  package func decisiveScenarios(of set: NettingSet) -> [String] {
    scenarioNames(requirement(of: set, state: 0).decisive)
  }

  package func worstScenarioLosses(of set: NettingSet) -> [Double] {
    let expiries = expiries(of: set)
    let exposure = deltaOne(of: set)
    let coins = set.collateral * context.assets[set.underlying].spot
    var basis = 0.0
    for expiry in expiries { basis -= total(basisLoss(of: expiry, in: set), expiry, set) }
    var worst = basis
    var decisive: Int?
    for scenario in linearMove.indices {
      var profit = (exposure.value + coins) * linearMove[scenario] * dampening[scenario]
      for expiry in expiries { profit -= total(loss(of: expiry, scenario, in: set), expiry, set) }
      if profit < worst { (worst, decisive) = (profit, scenario) }
    }
    var losses = [Double](repeating: 0, count: set.legs.count + 1)
    for expiry in expiries {
      let rule = decisive.map { loss(of: expiry, $0, in: set) } ?? basisLoss(of: expiry, in: set)
      for place in expiry { losses[place] = self.loss(of: set.legs[place], rule) }
    }
    guard let decisive else { return losses }
    let move = linearMove[decisive] * dampening[decisive]
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      guard let instrument = context.instruments[leg.instrument], instrument.kind == .perpetual
      else { continue }
      losses[place] = -leg.effectiveQuantity * instrument.unit * move
    }
    losses[set.legs.count] = -coins * move
    return losses
  }

  /// The places of the options of a set, by expiry.
  private func expiries(of set: NettingSet) -> [[Int]] {
    var groups: [[Int]] = []
    for (place, leg) in set.legs.enumerated()
    where supports(instrument: leg.instrument) && table.start[leg.instrument] != nil {
      if let first = groups.last?.first, context.sharesExpiry(set.legs[first].instrument, leg.instrument) {
        groups[groups.count - 1].append(place)
      } else {
        groups.append([place])
      }
    }
    return groups
  }

  private func loss(of expiry: [Int], _ scenario: Int, in set: NettingSet) -> ExpiryLoss {
    let damp = dampening[scenario]
    let shocked = sum(expiry, column: 1 + scenario, in: set)
    let first = expiry.first.map { set.legs[$0].instrument } ?? 0
    let discount = shocked >= 0 ? longDiscount[first] : shortDiscount[first]
    let profit = (shocked * discount - sum(expiry, column: 0, in: set)) * damp
    let side: Double = flipsGains[scenario] && profit > 0 ? 1 : -1
    return ExpiryLoss(column: 1 + scenario, shocked: side * discount * damp, unmoved: -side * damp)
  }

  private func basisLoss(of expiry: [Int], in set: NettingSet) -> ExpiryLoss {
    let years = expiry.first.flatMap { context.instruments[set.legs[$0].instrument]?.timeToExpiry } ?? 0
    let factor = parameters.basisAdd + parameters.basisMultiple * years
    let unmoved = sum(expiry, column: 0, in: set)
    let up = sum(expiry, column: 1 + linearMove.count, in: set) - unmoved
    let down = sum(expiry, column: 2 + linearMove.count, in: set) - unmoved
    guard min(up, down) < 0 else { return ExpiryLoss(column: 0, shocked: 0, unmoved: 0) }
    return ExpiryLoss(
      column: (up <= down ? 1 : 2) + linearMove.count, shocked: -factor, unmoved: factor)
  }

  private func sum(_ expiry: [Int], column: Int, in set: NettingSet) -> Double {
    var sum = 0.0
    for place in expiry { sum += set.legs[place].effectiveQuantity * cell(set.legs[place], column) }
    return sum
  }

  private func total(_ rule: ExpiryLoss, _ expiry: [Int], _ set: NettingSet) -> Double {
    var sum = 0.0
    for place in expiry { sum += loss(of: set.legs[place], rule) }
    return sum
  }

  private func loss(of leg: Leg, _ rule: ExpiryLoss) -> Double {
    leg.effectiveQuantity
      * (rule.shocked * cell(leg, rule.column) + rule.unmoved * cell(leg, 0))
  }

  private func cell(_ leg: Leg, _ column: Int) -> Double {
    table.start[leg.instrument].map { table.cells[$0 + column] } ?? 0
  }
}

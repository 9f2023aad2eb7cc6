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

  /// The same for a group.
  func decisiveScenarios(ofGroup group: [NettingSet]) -> [String]

  /// The losses for a group: one list a set, in the scenario that decides the loss of the group.
  func worstScenarioLosses(ofGroup group: [NettingSet]) -> [[Double]]

  /// The maintenance requirement of a group today, taken apart in every scenario that decides it.
  ///
  /// The requirement is homogeneous in the positions, and where one scenario decides, what a position adds at the
  /// margin times its size is its part (Euler; Tasche 1999, "Risk contributions and performance measurement"). Where
  /// several tie there is no gradient but a set of them, of which these are the corners. Charges beside the scan
  /// stand with the positions that cause them.
  ///
  /// - Returns: in the model's order of scenarios; the parts of each sum to the requirement. Empty where the model does
  ///   not say.
  func allocations(ofGroup group: [NettingSet]) -> [ScenarioAllocation]
}

/// A requirement taken apart in one scenario.
package struct ScenarioAllocation: Hashable, Sendable {
  /// As the model names it; `none` where nothing loses.
  package var scenario: String
  /// One list a set: the legs, then the coins; base currency, what lowers the requirement negative.
  package var parts: [[Double]]

  package init(scenario: String, parts: [[Double]]) {
    self.scenario = scenario
    self.parts = parts
  }
}

/// How the worst scenario of a netting set turns the cells of an expiry's options into a loss.
private struct ExpiryLoss {
  /// Column of the shocked value.
  var column: Int
  /// What multiplies the shocked and the unmoved value of a leg.
  var shocked: Double
  var unmoved: Double
  /// What discounts the shocked value of each leg; nil for none.
  var discount: Discount?

  enum Discount {
    case long
    case short
  }
}

extension DerivePortfolioModel: ScanAttributing {
  package func decisiveScenarios(of set: NettingSet) -> [String] {
    scenarioNames(requirement(of: set, state: 0).decisive)
  }

  package func worstScenarioLosses(of set: NettingSet) -> [Double] {
    let expiries = expiries(of: set)
    let profits = profits(of: set, expiries: expiries)
    var decisive = linearMove.count
    for scenario in linearMove.indices where profits[scenario] < profits[decisive] { decisive = scenario }
    return losses(of: set, expiries: expiries, scenario: decisive)
  }

  package func allocations(ofGroup group: [NettingSet]) -> [ScenarioAllocation] {
    // Every underlying is a group of its own.
    guard let set = group.first, group.count == 1 else { return [] }
    let expiries = expiries(of: set)
    let profits = profits(of: set, expiries: expiries)
    let charges = charges(of: set)
    let worst = profits.min() ?? 0
    guard worst < 0 else { return [ScenarioAllocation(scenario: "none", parts: [charges])] }
    return profits.indices.filter { profits[$0] <= worst * (1 - Self.tieResolution) }.map { scenario in
      let losses = losses(of: set, expiries: expiries, scenario: scenario)
      return ScenarioAllocation(
        scenario: scenarioNames[scenario],
        parts: [zip(losses, charges).map { $0 * parameters.maintenanceFactor + $1 }])
    }
  }

  /// Scenarios whose losses differ by less than this part are one as far as rounding can tell.
  private static let tieResolution = 1e-10

  /// Profit and loss of the scenarios, then the basis contingency, summed position by position.
  private func profits(of set: NettingSet, expiries: [[Int]]) -> [Double] {
    let exposure = deltaOne(of: set)
    let coins = set.collateral * context.assets[set.underlying].spot
    var profits = linearMove.indices.map { scenario in
      var profit = (exposure.value + coins) * linearMove[scenario] * dampening[scenario]
      for expiry in expiries { profit -= total(loss(of: expiry, scenario, in: set), expiry, set) }
      return profit
    }
    var basis = 0.0
    for expiry in expiries { basis -= total(basisLoss(of: expiry, in: set), expiry, set) }
    profits.append(basis)
    return profits
  }

  /// The losses of the legs, then of the coins, in a scenario; the one after the last is the basis contingency.
  private func losses(of set: NettingSet, expiries: [[Int]], scenario: Int) -> [Double] {
    let isBasis = scenario == linearMove.count
    var losses = [Double](repeating: 0, count: set.legs.count + 1)
    for expiry in expiries {
      let rule = isBasis ? basisLoss(of: expiry, in: set) : loss(of: expiry, scenario, in: set)
      for place in expiry { losses[place] = loss(of: set.legs[place], rule) }
    }
    guard !isBasis else { return losses }
    let move = linearMove[scenario] * dampening[scenario]
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      guard let instrument = context.instruments[leg.instrument], instrument.kind == .perpetual
      else { continue }
      losses[place] = -leg.effectiveQuantity * instrument.unit * move
    }
    losses[set.legs.count] = -set.collateral * context.assets[set.underlying].spot * move
    return losses
  }

  /// The charges beside the scan, by the positions that cause them: perpetuals by the side that is left open, naked
  /// shorts by strike, the haircut of coins.
  private func charges(of set: NettingSet) -> [Double] {
    let spot = context.assets[set.underlying].spot
    let side: Double = deltaOne(of: set).units < 0 ? -1 : 1
    var charges = [Double](repeating: 0, count: set.legs.count + 1)
    var first = 0
    while first < set.legs.count {
      let leg = set.legs[first]
      let terms = context.terms[leg.instrument]
      guard supports(instrument: leg.instrument), terms.isOption else {
        if supports(instrument: leg.instrument) {
          charges[first] = side * leg.effectiveQuantity * terms.units * spot * parameters.perpetualMaintenance
        }
        first += 1
        continue
      }
      var last = first
      var units = 0.0
      while last < set.legs.count, context.sharesExpiry(leg.instrument, set.legs[last].instrument),
        context.terms[set.legs[last].instrument].strike == terms.strike
      {
        units += set.legs[last].effectiveQuantity * context.terms[set.legs[last].instrument].units
        last += 1
      }
      if units < 0 {
        for place in first..<last {
          let leg = set.legs[place]
          charges[place] =
            -leg.effectiveQuantity * context.terms[leg.instrument].units * spot * parameters.optionMaintenance
        }
      }
      first = max(last, first + 1)
    }
    charges[set.legs.count] = ownCoins(of: set).maintenanceHaircut
    return charges
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
    let worth = sum(expiry, column: 1 + scenario, in: set, times: longDiscount)
    let owed = sum(expiry, column: 1 + scenario, in: set, times: shortDiscount)
    let options = expiry.map { set.legs[$0].instrument }
    let isCommon = commonDiscounts(of: options) != nil
    let isWorth = isCommon ? shocked >= 0 : (worth <= owed) == takesLesser(of: options)
    let profit = ((isWorth ? worth : owed) - sum(expiry, column: 0, in: set)) * damp
    let side: Double = flipsGains[scenario] && profit > 0 ? 1 : -1
    return ExpiryLoss(
      column: 1 + scenario, shocked: side * damp, unmoved: -side * damp,
      discount: isWorth ? .long : .short)
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

  private func sum(_ expiry: [Int], column: Int, in set: NettingSet, times discounts: [Double]? = nil)
    -> Double
  {
    var sum = 0.0
    for place in expiry {
      let leg = set.legs[place]
      sum += leg.effectiveQuantity * cell(leg, column) * (discounts?[leg.instrument] ?? 1)
    }
    return sum
  }

  private func total(_ rule: ExpiryLoss, _ expiry: [Int], _ set: NettingSet) -> Double {
    var sum = 0.0
    for place in expiry { sum += loss(of: set.legs[place], rule) }
    return sum
  }

  private func loss(of leg: Leg, _ rule: ExpiryLoss) -> Double {
    let discount =
      switch rule.discount {
      case .long: longDiscount[leg.instrument]
      case .short: shortDiscount[leg.instrument]
      case nil: 1.0
      }
    return leg.effectiveQuantity
      * (rule.shocked * discount * cell(leg, rule.column) + rule.unmoved * cell(leg, 0))
  }

  private func cell(_ leg: Leg, _ column: Int) -> Double {
    table.start[leg.instrument].map { table.cells[$0 + column] } ?? 0
  }
}

import MarketModel
import RiskNumerics

/// Where the option rows of one netting set lie in a table of cells, and the spot moves of its states.
struct OptionRows {
  /// First cell of each leg in the first state; −1 for a leg that is no priced option.
  var starts: [Int]
  /// Spot multiplier of each state.
  var multipliers: [Double]
}

/// The delta-one contracts of a netting set.
struct DeltaOne {
  /// Base value of what moves with spot.
  var value = 0.0
  /// Units of the underlying, long less short.
  var units = 0.0
  var openProfit = 0.0
  /// The lowest confidence among their marks; 1 without any.
  var confidence = 1.0
}

extension DerivePortfolioModel {
  /// The requirement of a netting set in a range of the prepared states.
  ///
  /// - Parameter collateral: what is held beside the contracts, at today's spot; nil takes the coins of the
  ///   set by the terms of its underlying.
  package func requirements(
    of set: NettingSet, collateral: CollateralTotals?, states range: Range<Int>
  ) -> [PortfolioRequirement] {
    let offset = range.lowerBound * table.columns.count
    let starts = set.legs.map { leg in table.start[leg.instrument].map { $0 + offset } ?? -1 }
    let rows = OptionRows(starts: starts, multipliers: range.map { states[$0].spotMultiplier })
    return requirements(of: set, collateral: collateral, cells: table.cells.span, rows: rows)
  }

  /// The requirement of a netting set over any rows of cells.
  func requirements(
    of set: NettingSet, collateral: CollateralTotals?, cells: Span<Double>, rows: OptionRows
  ) -> [PortfolioRequirement] {
    let coins = collateral ?? ownCoins(of: set)
    let multipliers = rows.multipliers
    let exposure = deltaOne(of: set)
    var scan = ScenarioSums(states: multipliers.count, scenarios: parameters.scenarios.count)
    let options = addOptions(of: set, beside: exposure, cells: cells, rows: rows, to: &scan)
    return parts(
      underlying: set.underlying, exposure: exposure, coins: coins, scan: scan, options: options,
      multipliers: multipliers)
  }

  /// The requirements in every state, from the sums over the options and what stands beside them.
  func parts(
    underlying: Int, exposure: DeltaOne, coins: CollateralTotals, scan: ScenarioSums, options: OptionTotals,
    multipliers: [Double]
  ) -> [PortfolioRequirement] {
    let perpetualUnits = abs(exposure.units)
    let spotConfidence = context.spotConfidence[underlying]
    let spot = context.assets[underlying].spot
    let shortfall = pegShortfall
    let chargeFactor = parameters.factorsCharges ? parameters.initialFactor : 1
    var found: [PortfolioRequirement] = []
    found.reserveCapacity(multipliers.count)
    for (state, multiplier) in multipliers.enumerated() {
      let moving = (exposure.value + coins.riskCancelling) * multiplier
      var worst = scan.basis[state]
      var decisive: UInt64 = 1 << linearMove.count
      for scenario in linearMove.indices {
        let profit =
          scan.profit[state * linearMove.count + scenario]
          + moving * linearMove[scenario] * dampening[scenario]
        if profit < worst {
          (worst, decisive) = (profit, 1 << scenario)
        } else if profit == worst {
          decisive |= 1 << scenario
        }
      }
      let reference = spot * multiplier
      var part = PortfolioRequirement()
      part.decisive = worst < 0 ? decisive : 0
      part.counted =
        exposure.openProfit + exposure.value * (multiplier - 1) + options.value
        + (scan.today[state] - options.tableValue) + coins.value
        + coins.riskCancelling * (multiplier - 1)
      part.scanInitial = -worst * parameters.initialFactor
      part.scanMaintenance = -worst * parameters.maintenanceFactor
      part.optionMaintenance = options.nakedShorts * reference * parameters.optionMaintenance
      part.optionInitial =
        options.nakedShorts * reference
        * (parameters.optionMaintenance * chargeFactor + parameters.optionInitial)
      part.perpetualMaintenance = perpetualUnits * reference * parameters.perpetualMaintenance
      part.perpetualInitial =
        perpetualUnits * reference
        * (parameters.perpetualMaintenance * chargeFactor + parameters.perpetualInitial)
      part.collateralMaintenance = coins.maintenanceHaircut * multiplier
      part.collateralInitial =
        (coins.maintenanceHaircut * chargeFactor + coins.initialHaircut) * multiplier
      let charges = part.optionMaintenance + part.perpetualMaintenance + part.collateralMaintenance
      part.depeg = (parameters.factorsCharges ? charges - worst : -worst) * shortfall
      let perpetuals = perpetualUnits * penalty(for: min(spotConfidence, exposure.confidence))
      part.confidence = (options.untrusted + perpetuals) * reference + coins.confidence * multiplier
      found.append(part)
    }
    return found
  }

  /// What the stable asset lacks of its threshold, times the factor: it comes on top of the initial factor.
  var pegShortfall: Double {
    max(parameters.pegThreshold - context.stablePrice, 0) * parameters.pegFactor
  }

  /// What initial margin asks for a unit of a charge that maintenance margin asks in full.
  var initialChargeFactor: Double {
    parameters.factorsCharges ? parameters.initialFactor + pegShortfall : 1
  }

  /// (1 − confidence) × margin where the confidence is under the threshold, else nothing.
  func penalty(for confidence: Double) -> Double {
    confidence < parameters.confidenceThreshold ? (1 - confidence) * parameters.confidenceMargin : 0
  }

  /// The perpetuals of a set, netted.
  func deltaOne(of set: NettingSet) -> DeltaOne {
    var sum = DeltaOne()
    for leg in set.legs where supports(instrument: leg.instrument) {
      // What is supported and no option is a perpetual.
      let terms = context.terms[leg.instrument]
      guard !terms.isOption else { continue }
      sum.value += leg.effectiveQuantity * terms.unit
      sum.units += leg.effectiveQuantity * terms.units
      sum.openProfit += leg.value
      sum.confidence = min(sum.confidence, terms.confidence)
    }
    return sum
  }

  /// The set's coins under the terms of its underlying; they move with it.
  func ownCoins(of set: NettingSet) -> CollateralTotals {
    let asset = context.assets[set.underlying]
    var totals = CollateralTotals()
    totals.add(
      value: set.collateral * asset.spot, cancelsRisk: true,
      terms: parameters.collateralTerms(of: asset.id.text),
      confidence: context.spotConfidence[set.underlying], parameters: parameters)
    return totals
  }
}

/// Sums over the options of a set, in columns of states and scenarios.
struct ScenarioSums {
  /// Base value in each state, by the table.
  var today: [Double]
  /// Discounted and dampened profit and loss, by state, then scenario.
  var profit: [Double]
  /// The basis contingency of each state, ≤ 0.
  var basis: [Double]

  init(states: Int, scenarios: Int) {
    today = [Double](repeating: 0, count: states)
    profit = [Double](repeating: 0, count: states * scenarios)
    // An array of its own: shared storage would have to be told apart at the first write.
    basis = [Double](repeating: 0, count: states)
  }
}

/// What the options of a set amount to apart from the scenarios.
struct OptionTotals {
  /// Today's base value, by the book and by the table's first state.
  var value = 0.0
  var tableValue = 0.0
  /// Units of naked shorts, calls and puts of one strike netted.
  var nakedShorts = 0.0
  /// Units under untrusted oracles, times the penalty.
  var untrusted = 0.0
}

extension DerivePortfolioModel {
  /// Adds the options, expiry by expiry.
  func addOptions(
    of set: NettingSet, beside perpetuals: DeltaOne, cells: Span<Double>, rows: OptionRows,
    to sums: inout ScenarioSums
  ) -> OptionTotals {
    var totals = OptionTotals()
    var group = [Double](repeating: 0, count: sums.today.count * table.columns.count)
    var factors: [Double] = []
    var starts: [Int] = []
    let confidence = min(context.spotConfidence[set.underlying], perpetuals.confidence)
    var first = 0
    while first < set.legs.count {
      guard rows.starts[first] >= 0, supports(instrument: set.legs[first].instrument) else {
        first += 1
        continue
      }
      var last = first
      factors.removeAll(keepingCapacity: true)
      starts.removeAll(keepingCapacity: true)
      while last < set.legs.count, rows.starts[last] >= 0,
        context.sharesExpiry(set.legs[first].instrument, set.legs[last].instrument)
      {
        if supports(instrument: set.legs[last].instrument) {
          factors.append(set.legs[last].effectiveQuantity)
          starts.append(rows.starts[last])
          totals.value += set.legs[last].value * valueScale[set.legs[last].instrument]
          totals.tableValue += tableValue(of: set.legs[last])
        }
        last += 1
      }
      gather(cells, starts, factors, into: &group)
      addExpiry(group, of: set.legs[first].instrument, to: &sums)
      let options = set.legs[first..<last].lazy.map(\.instrument).filter { supports(instrument: $0) }
      if let (long, short) = commonDiscounts(of: options) {
        addProfits(group, long: long, short: short, to: &sums.profit)
      } else {
        let (longs, shorts) = (options.map { longDiscount[$0] }, options.map { shortDiscount[$0] })
        var worth = group
        var owed = group
        gather(cells, starts, zip(factors, longs).map { $0 * $1 }, into: &worth)
        gather(cells, starts, zip(factors, shorts).map { $0 * $1 }, into: &owed)
        addProfits(
          group, worth: worth, owed: owed, isLesser: takesLesser(of: options), to: &sums.profit)
      }
      addCharges(of: set, legs: first..<last, confidence: confidence, to: &totals)
      first = last
    }
    return totals
  }

  private func gather(
    _ cells: Span<Double>, _ starts: [Int], _ factors: [Double], into sums: inout [Double]
  ) {
    var span = sums.mutableSpan
    VectorMath.gatherRows(cells, rowStarts: starts.span, factors: factors.span, adding: 0, into: &span)
  }

  private func tableValue(of leg: Leg) -> Double {
    guard let start = table.start[leg.instrument] else { return 0 }
    return leg.effectiveQuantity * table.cells[start]
  }

  /// Adds value and basis contingency of one expiry.
  private func addExpiry(_ group: [Double], of instrument: Int, to sums: inout ScenarioSums) {
    let width = table.columns.count
    let count = dampening.count
    let basisFactor =
      parameters.basisAdd + parameters.basisMultiple * context.terms[instrument].years
    for state in sums.today.indices {
      let value = group[state * width]
      sums.today[state] += value
      let up = group[state * width + 1 + count] - value
      let down = group[state * width + 2 + count] - value
      sums.basis[state] += min(up, down, 0) * basisFactor
    }
  }

  /// Adds the profit and loss of one expiry whose options have discounts of their own.
  ///
  /// - Parameters:
  ///   - worth: sums of the cells, each by its long discount.
  ///   - owed: the same by the short ones.
  ///   - isLesser: whether the lesser of the two counts.
  private func addProfits(
    _ group: [Double], worth: [Double], owed: [Double], isLesser: Bool, to profits: inout [Double]
  ) {
    let width = table.columns.count
    let count = dampening.count
    for state in 0..<(group.count / width) {
      for scenario in 0..<count {
        let cell = state * width + 1 + scenario
        let shocked = isLesser ? min(worth[cell], owed[cell]) : max(worth[cell], owed[cell])
        let profit = (shocked - group[state * width]) * dampening[scenario]
        profits[state * count + scenario] += flipsGains[scenario] ? -abs(profit) : profit
      }
    }
  }

  /// Adds the profit and loss of one expiry in every state and scenario.
  private func addProfits(
    _ group: [Double], long: Double, short: Double, to profits: inout [Double]
  ) {
    let width = table.columns.count
    let count = dampening.count
    let cells = group.span
    let damp = dampening.span
    let flips = flipsGains.span
    var sums = profits.mutableSpan
    for state in 0..<(group.count / width) {
      let value = cells[state * width]
      for scenario in 0..<count {
        let shocked = cells[state * width + 1 + scenario]
        let profit = (shocked * (shocked >= 0 ? long : short) - value) * damp[scenario]
        sums[state * count + scenario] += flips[scenario] ? -abs(profit) : profit
      }
    }
  }

  /// Adds naked shorts and untrusted units of the legs of one expiry, which are in order of strike.
  private func addCharges(
    of set: NettingSet, legs: Range<Int>, confidence trust: Double, to totals: inout OptionTotals
  ) {
    var units = 0.0
    var strikeUnits = 0.0
    var strike = -1.0
    var confidence = trust
    for leg in set.legs[legs] where supports(instrument: leg.instrument) {
      let option = context.terms[leg.instrument]
      if option.strike != strike {
        totals.nakedShorts += max(-strikeUnits, 0)
        (strike, strikeUnits) = (option.strike, 0)
      }
      strikeUnits += leg.effectiveQuantity * option.units
      units += abs(leg.effectiveQuantity * option.units)
      confidence = min(confidence, option.confidence)
    }
    totals.nakedShorts += max(-strikeUnits, 0)
    totals.untrusted += units * penalty(for: confidence)
  }
}

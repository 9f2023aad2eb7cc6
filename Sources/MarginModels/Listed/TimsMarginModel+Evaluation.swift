package import MarketModel
import PortfolioValuation

extension TimsMarginModel {
  /// The requirement of a product group over the cells of one state.
  func requirement(of group: [NettingSet], _ cells: TimsCells, _ market: MarketState) -> TimsRequirement {
    var part = TimsRequirement()
    var names: [String] = []
    var classes: [TimsClassGroup] = []
    for (place, set) in group.enumerated() {
      let terms = context.securities[set.underlying]
      let stock = set.collateral * context.assets[set.underlying].spot * market.spotMultiplier
      part.counted += stock
      guard terms.isMargined else {
        part.coins += max(stock, 0)
        continue
      }
      let known = names.firstIndex(of: terms.group)
      if known == nil {
        names.append(terms.group)
        classes.append(TimsClassGroup(points: multipliers[set.underlying].count, offset: terms.offset))
      }
      add(set, place, cells, stock: stock, to: &classes[known ?? classes.count - 1], counted: &part.counted)
    }
    combine(classes, into: &part)
    return part
  }

  private func add(
    _ set: NettingSet, _ place: Int, _ cells: TimsCells, stock: Double, to sums: inout TimsClassGroup,
    counted: inout Double
  ) {
    let moves = multipliers[set.underlying]
    let first = firstColumn[set.underlying]
    for point in moves.indices { sums.losses[point] -= stock * (moves[point] - 1) }
    for (legPlace, leg) in set.legs.enumerated()
    where supports(instrument: leg.instrument) && cells.has(place, legPlace) {
      let today = cells.value(place, legPlace, column: 0)
      counted += leg.effectiveQuantity * today
      for point in moves.indices {
        sums.losses[point] -=
          leg.effectiveQuantity * (cells.value(place, legPlace, column: first + point) - today)
      }
      sums.minimum +=
        abs(leg.effectiveQuantity) * context.terms[leg.instrument].units * parameters.minimumPerUnit
    }
  }

  /// Adds the class groups up, their worst losses netted by the part that the product group allows.
  private func combine(_ classes: [TimsClassGroup], into part: inout TimsRequirement) {
    guard let points = classes.map(\.losses.count).min(), points > 0 else { return }
    var apart = 0.0
    var minimum = 0.0
    var short = 0.0
    var together = [Double](repeating: 0, count: points)
    for group in classes {
      let loss = max(0, group.losses.max() ?? 0)
      apart += loss
      minimum += group.minimum
      short += max(0, group.minimum - loss)
      for point in 0..<points { together[point] += group.losses[point] }
    }
    let worst = max(0, together.max() ?? 0)
    let offset = classes.first?.offset ?? 0
    part.scan = classes.count > 1 ? apart - offset * (apart - worst) : apart
    // Each class group needs its minimum, whatever the others lose; what they net never takes all of them below theirs.
    part.minimum = max(short, minimum - part.scan)
    part.decisive = part.scan > 0 && part.minimum == 0 ? together.firstIndex(of: together.max() ?? 0) : nil
  }
}

/// Losses of one class group at each point, and the minimum of its contracts.
struct TimsClassGroup {
  var losses: [Double]
  var minimum = 0.0
  /// Part of full netting with the other class groups of the product group.
  let offset: Double

  init(points: Int, offset: Double) {
    losses = [Double](repeating: 0, count: points)
    self.offset = offset
  }
}

extension TimsMarginModel: ReportableModel {
  package static let modes: [MarginMode] = [.portfolio]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = TimsRequirement()
    var worst: [(underlying: String, scenarios: String)] = []
    for group in groups(of: holdings.sets) {
      let part = requirement(ofGroup: group, state: 0)
      sum += part
      guard let point = part.decisive else { continue }
      worst += labels(of: group, point: point)
    }
    return AccountRequirement(
      equity: holdings.cash + sum.counted, initial: sum.requirement, maintenance: sum.requirement,
      components: sum.components, worstScenario: WorstScenarioText.sentence(worst))
  }

  /// One point of a product group in words: one move where all class groups move alike, else each group's own.
  private func labels(of group: [NettingSet], point: Int) -> [(underlying: String, scenarios: String)] {
    var found: [(underlying: String, scenarios: String)] = []
    for set in group where context.securities[set.underlying].isMargined {
      let name = context.securities[set.underlying].group
      guard !found.contains(where: { $0.underlying == name }) else { continue }
      let moves = multipliers[set.underlying]
      found.append((name, moves.indices.contains(point) ? TimsParameters.name(of: moves[point]) : ""))
    }
    guard let first = found.first, found.allSatisfy({ $0.scenarios == first.scenarios }) else { return found }
    return [(found.map(\.underlying).joined(separator: ", "), first.scenarios)]
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard supports(instrument: leg.instrument), let option = context.instruments[leg.instrument] else {
      return (0, 0)
    }
    let part = requirement(
      ofGroup: [NettingSet(underlying: option.underlying, legs: [leg], collateral: 0)], state: 0)
    return (part.requirement, part.requirement)
  }
}

extension TimsMarginModel: ScanAttributing {
  package func decisiveScenarios(of set: NettingSet) -> [String] { decisiveScenarios(ofGroup: [set]) }

  package func decisiveScenarios(ofGroup group: [NettingSet]) -> [String] {
    guard let point = requirement(ofGroup: group, state: 0).decisive else { return [] }
    let labels = labels(of: group, point: point)
    guard labels.count > 1 else { return labels.map(\.scenarios) }
    return [labels.map { "\($0.underlying) \($0.scenarios)" }.joined(separator: "; ")]
  }

  package func worstScenarioLosses(of set: NettingSet) -> [Double] {
    worstScenarioLosses(ofGroup: [set]).first ?? []
  }

  /// Class group by class group, each at its own worst point: the parts sum to the losses before the minimum.
  ///
  /// Where a product group nets several, all of them at the point that it names, at which they lose most together.
  package func worstScenarioLosses(ofGroup group: [NettingSet]) -> [[Double]] {
    let margined = group.filter { context.securities[$0.underlying].isMargined }
    let isNetted =
      Set(margined.map { context.securities[$0.underlying].group }).count > 1
      && margined.contains { context.securities[$0.underlying].offset > 0 }
    if isNetted, let point = requirement(ofGroup: group, state: 0).decisive {
      return group.map {
        context.securities[$0.underlying].isMargined
          ? losses(of: $0, point: point) : [Double](repeating: 0, count: $0.legs.count + 1)
      }
    }
    var found = group.map { [Double](repeating: 0, count: $0.legs.count + 1) }
    for name in Set(group.map { context.securities[$0.underlying].group }).sorted() {
      let members = group.indices.filter {
        context.securities[group[$0].underlying].group == name
          && context.securities[group[$0].underlying].isMargined
      }
      guard let first = members.first else { continue }
      let points = multipliers[group[first].underlying].count
      var best: (loss: Double, parts: [[Double]])?
      for point in 0..<points {
        let parts = members.map { losses(of: group[$0], point: point) }
        let loss = parts.reduce(0) { $0 + $1.reduce(0, +) }
        if loss > max(0, best?.loss ?? 0) { best = (loss, parts) }
      }
      guard let best else { continue }
      for (place, parts) in zip(members, best.parts) { found[place] = parts }
    }
    return found
  }

  /// The losses of each leg, then of the stock, at one point of today's market.
  private func losses(of set: NettingSet, point: Int) -> [Double] {
    let column = firstColumn[set.underlying] + point
    let legs = set.legs.map { leg -> Double in
      guard supports(instrument: leg.instrument), let start = table.start[leg.instrument] else { return 0 }
      return -leg.effectiveQuantity * (table.cells[start + column] - table.cells[start])
    }
    let move =
      multipliers[set.underlying].indices.contains(point) ? multipliers[set.underlying][point] - 1 : 0
    return legs + [-set.collateral * context.assets[set.underlying].spot * move]
  }
}

/// The surplus of one account under one model, in parts: what each group adds on each point of the grid.
struct SharedSurplus {
  /// Netting sets that the model margins together.
  let groups: [[NettingSet]]
  let model: any PreparedModel
  /// What the model counts of the account's cash.
  let cash: Double
  /// Net maintenance margin without cash, one row a group, in the order of the model's states.
  let contributions: [[NetMargin]]
  /// Cash and all groups, on today's market.
  let today: Double

  init(sets: [NettingSet], cash: Double, model: any PreparedModel) {
    let groups = model.groups(of: sets)
    self.groups = groups
    self.model = model
    self.cash = cash
    contributions = groups.map { model.netMargins(ofGroup: $0) }
    var sum = cash
    for row in contributions { sum += row.first?.maintenance ?? 0 }
    today = sum
  }

  /// The place of the group that holds an underlying.
  func group(of underlying: Int) -> Int? {
    groups.firstIndex { $0.contains { $0.underlying == underlying } }
  }

  /// Where the account's surplus changes sign when the spots of one group move together and the others stand
  /// still, as multipliers.
  func signChanges(ofGroup place: Int, grid: RootSearchGrid, kinks: KinkFinder) -> SignChanges {
    let row = contributions[place]
    guard row.count == grid.multipliers.count else { return SignChanges(isComplete: false) }
    let group = groups[place]
    let rest = today - row[0].maintenance
    let surplus = { (multiplier: Double) in
      rest + model.netMargin(ofGroup: group, in: LiquidationEngine.state(multiplier)).maintenance
    }
    var points = grid.multipliers
    var values = points.indices.map {
      rest + row[LiquidationEngine.stateIndex(ofPoint: $0, in: grid)].maintenance
    }
    let legs = group.flatMap(\.legs).filter { model.supports(instrument: $0.instrument) }
    let added = kinks.points(legs, values: values)
    if !added.isEmpty { (points, values) = Self.merged(points, values, added, surplus) }
    return RootSearch.signChanges(grid: points.span, values: values.span, evaluate: surplus)
  }

  /// Two increasing lists of points as one, the function evaluated on the second.
  private static func merged(
    _ points: [Double], _ values: [Double], _ added: [Double], _ evaluate: (Double) -> Double
  ) -> ([Double], [Double]) {
    var all: [Double] = []
    var results: [Double] = []
    var next = 0
    for (place, point) in points.enumerated() {
      while next < added.count, added[next] < point {
        all.append(added[next])
        results.append(evaluate(added[next]))
        next += 1
      }
      all.append(point)
      results.append(values[place])
    }
    return (all, results)
  }
}

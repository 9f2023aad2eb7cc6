/// The surplus of one account under one model, in parts: what each netting set adds on each point of the grid.
struct SharedSurplus {
  let sets: [NettingSet]
  let model: any PreparedModel
  /// Net maintenance margin without cash, one row a set, in the order of the model's states.
  let contributions: [[NetMargin]]
  /// Cash and all sets, on today's market.
  let today: Double

  init(sets: [NettingSet], cash: Double, model: any PreparedModel) {
    self.sets = sets
    self.model = model
    contributions = sets.map { model.netMargins(of: $0) }
    var sum = cash
    for row in contributions { sum += row.first?.maintenance ?? 0 }
    today = sum
  }

  /// Where the account's surplus changes sign when the spot of one set moves alone, as multipliers.
  func signChanges(ofSet place: Int, grid: RootSearchGrid) -> SignChanges {
    let row = contributions[place]
    guard row.count == grid.multipliers.count else { return SignChanges(isComplete: false) }
    let rest = today - row[0].maintenance
    let values = grid.multipliers.indices.map {
      rest + row[LiquidationEngine.stateIndex(ofPoint: $0, in: grid)].maintenance
    }
    return RootSearch.signChanges(grid: grid.multipliers.span, values: values.span) { multiplier in
      rest + model.netMargin(of: sets[place], in: LiquidationEngine.state(multiplier)).maintenance
    }
  }
}

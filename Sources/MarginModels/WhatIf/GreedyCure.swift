import PortfolioValuation

/// A cure for models whose requirement is no convex function of the quantities: step by step the instrument that
/// brings the most surplus for its cost, as long as one brings any.
struct GreedyCure {
  let desk: CureDesk
  let target: Double
  /// Of the model after trades, their cost paid; nil where there is none.
  let surplus: ([TradeEffect]) -> Double?

  /// Steps after which the search gives up.
  private static let mostSteps = 40

  func search(_ cure: inout MarginCure) {
    cure.method = .greedy
    var quantities = desk.candidates.map { _ in 0.0 }
    var reached = cure.surplus
    for _ in 0..<Self.mostSteps where reached < target {
      guard let step = bestStep(from: quantities, reached) else { break }
      quantities[step.place] = step.quantity
      reached = step.surplus
    }
    guard reached >= target else {
      cure.status = .outOfReach
      cure.achieved = reached
      cure.reason = "no trade of the candidates improves the surplus further than this"
      return
    }
    trim(&quantities, desk) { surplus($0) ?? -.infinity >= target }
    cure.status = .reached
    cure.trades = desk.trades(quantities)
    cure.achieved = surplus(desk.effects(quantities)) ?? reached
  }

  private struct Step {
    var place: Int
    var quantity: Double
    var surplus: Double
    var yield: Double
  }

  /// The step with the greatest gain for its cost; one that reaches the target counts its gain up to there.
  private func bestStep(from quantities: [Double], _ reached: Double) -> Step? {
    var best: Step?
    for (place, candidate) in desk.candidates.enumerated() {
      for side in [-1.0, 1] {
        let room = side < 0 ? quantities[place] - candidate.from : candidate.to - quantities[place]
        guard room > 0, let step = step(place, side, room, quantities, reached) else { continue }
        if step.yield > best?.yield ?? 0 { best = step }
      }
    }
    return best
  }

  /// Along one instrument: lots are doubled as long as the surplus grows.
  private func step(
    _ place: Int, _ side: Double, _ room: Double, _ quantities: [Double], _ reached: Double
  ) -> Step? {
    let candidate = desk.candidates[place]
    var best: Step?
    var last = reached
    var size = candidate.lot
    while true {
      let taken = min(size, room)
      var other = quantities
      other[place] += side * taken
      guard let found = surplus(desk.effects(other)), found > last else { break }
      let gain = min(found, target) - reached
      let step = Step(
        place: place, quantity: other[place], surplus: found, yield: gain / (taken * candidate.cost))
      if step.yield > best?.yield ?? 0 || found >= target || found > (best?.surplus ?? reached) * 1 {
        best = step
      }
      last = found
      if found >= target || taken >= room { break }
      size *= 2
    }
    // All of a position at once may pass a hump that single lots do not: a spread has to go whole.
    if best == nil, room < .infinity {
      var other = quantities
      other[place] += side * room
      if let found = surplus(desk.effects(other)), found > reached {
        best = Step(
          place: place, quantity: other[place], surplus: found,
          yield: (min(found, target) - reached) / (room * candidate.cost))
      }
    }
    return best
  }
}

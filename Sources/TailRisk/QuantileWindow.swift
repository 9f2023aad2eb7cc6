/// The losses around the value at risk, and what each counts when the value at risk is split into parts.
///
/// The part of a position in a quantile is the mean of its own loss given that the portfolio's loss is the quantile. One path
/// says little about that, so its neighbours count as well: the ranks of the 95 % interval of the quantile, weighted
/// 1 − (d/(D+1))² (Epanechnikov) with d the distance in ranks and D that of the interval's end on the same side. Source: an
/// L-estimator as in Tasche, *Capital allocation for credit portfolios with kernel estimators*, 2009, in ranks
/// instead of losses. Equal losses are ranked by path.
enum QuantileWindow {
  /// One path, and its weight at a level.
  struct Entry: Sendable {
    let path: Int
    /// Place in the plan's levels.
    let level: Int
    let weight: Double
  }

  /// The weight of a place in the decreasing order, counted from 0.
  private static func weight(_ place: Int, _ level: TailLevel, count: Int) -> Double {
    let end = place < level.whole ? count - level.upperRank : count - level.lowerRank
    guard level.whole != place else { return 1 }
    let reach = Double(abs(end - level.whole)) + 1
    let share = Double(abs(place - level.whole)) / reach
    return max(0, 1 - share * share)
  }

  /// The places of a level's window, in the decreasing order.
  private static func places(_ level: TailLevel, count: Int) -> ClosedRange<Int> {
    let top = min(level.whole, count - level.upperRank)
    return top...max(level.whole, count - level.lowerRank, top)
  }

  /// The sum of the weights of a level.
  static func mass(_ level: TailLevel, count: Int) -> Double {
    places(level, count: count).reduce(0) { $0 + weight($1, level, count: count) }
  }

  /// What counts of a tail, in increasing order of paths, then levels.
  static func entries(_ tail: Tail, _ plan: TailPlan) -> [Entry] {
    var entries: [Entry] = []
    for (index, level) in plan.levels.enumerated() {
      let window = places(level, count: plan.count)
      // Both ends are among the ranks that the plan selects.
      let top = tail.loss(at: window.lowerBound)
      let bottom = tail.loss(at: window.upperBound)
      var above = 0
      var near: [(path: Int, loss: Double)] = []
      for (path, loss) in zip(tail.paths, tail.losses) where loss >= bottom {
        if loss > top { above += 1 } else { near.append((path, loss)) }
      }
      near.sort { ($1.loss, $0.path) < ($0.loss, $1.path) }
      for place in window where near.indices.contains(place - above) {
        entries.append(
          Entry(
            path: near[place - above].path, level: index,
            weight: weight(place, level, count: plan.count)))
      }
    }
    return entries.sorted { ($0.path, $0.level) < ($1.path, $1.level) }
  }
}

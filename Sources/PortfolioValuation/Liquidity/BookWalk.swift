import MarketModel

/// The cost of walking one side of an order book, as a function of the quantity.
///
/// Between levels it is linear. Beyond the last one the book goes on at its own mean density: having shown Q units up to
/// a distance d it has d·q/Q as the distance of its q-th unit, so that nothing is free where nothing was quoted.
struct BookWalk: Hashable, Sendable {
  private let distances: [Double]
  /// Units up to and with each level.
  private let reached: [Double]
  /// Their cost in prices of one unit.
  private let spent: [Double]

  /// A walk over levels, best first.
  init(_ levels: [MarketDepth.Level]) {
    var (reached, spent): ([Double], [Double]) = ([], [])
    var (units, cost) = (0.0, 0.0)
    for level in levels {
      units += level.quantity
      cost += level.quantity * level.distance
      reached.append(units)
      spent.append(cost)
    }
    distances = levels.map(\.distance)
    self.reached = reached
    self.spent = spent
  }

  /// Units that were quoted.
  var quoted: Double { reached.last ?? 0 }

  /// What a quantity costs beyond its mid price, in prices of one unit.
  ///
  /// - Parameter quantity: ≥ 0.
  /// - Complexity: O(log(levels)).
  func cost(of quantity: Double) -> Double {
    guard let total = reached.last, let last = distances.last, total > 0 else { return .nan }
    if quantity > total {
      let beyond = last * ((quantity - total) * ((quantity + total) / (2 * total)))
      return (spent.last ?? 0) + beyond
    }
    var (low, high) = (0, reached.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if reached[middle] < quantity { low = middle + 1 } else { high = middle }
    }
    let before = low > 0 ? (units: reached[low - 1], cost: spent[low - 1]) : (units: 0, cost: 0)
    return before.cost + distances[low] * (quantity - before.units)
  }
}

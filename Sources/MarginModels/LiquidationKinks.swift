import MarketModel
import PortfolioValuation

/// A move of spot at which a model revalues a netting set, and how much of the profit it counts.
package struct SpotShock: Hashable, Sendable {
  package let multiplier: Double
  package let weight: Double

  package init(multiplier: Double, weight: Double) {
    self.multiplier = multiplier
    self.weight = weight
  }
}

extension PreparedModel {
  /// Today's market alone, unless a model has scenarios.
  package var spotShocks: [SpotShock] { [SpotShock(multiplier: 1, weight: 1)] }
}

extension DerivePortfolioModel {
  /// The distinct moves of the scenarios and of the basis contingency, today's market first.
  package var spotShocks: [SpotShock] {
    var shocks = [SpotShock(multiplier: 1, weight: 1)]
    let basis = parameters.basisAdd + parameters.basisMultiple
    let moves =
      parameters.scenarios.filter { !$0.isSkew }.map { ($0.spotMultiplier, $0.dampening) }
      + [(parameters.basisUp, basis), (parameters.basisDown, basis)]
    for (multiplier, weight) in moves where multiplier != 1 {
      let weight = weight * parameters.maintenanceFactor * parameters.shortDiscount.base
      if let known = shocks.firstIndex(where: { $0.multiplier == multiplier }) {
        shocks[known] = SpotShock(multiplier: multiplier, weight: max(weight, shocks[known].weight))
      } else {
        shocks.append(SpotShock(multiplier: multiplier, weight: weight))
      }
    }
    return shocks
  }
}

/// Spots between the points of a grid where options close to expiry bend a surplus unseen.
///
/// An option whose σ√T is small, or below one and a half steps of the grid, turns from worthless to exercised between
/// its points, once for every move of spot under which the model revalues it: at strike / (forward × move). A short fly that expires
/// tomorrow so has one narrow dip a scenario, and each may hold a pair of liquidation prices. These spots are looked
/// at wherever the bend could reach zero: inside a step of width Δ a call bends away from its chord by at most a
/// quarter of Δ.
struct KinkFinder {
  let context: MarginContext
  let shocks: [SpotShock]
  let grid: RootSearchGrid

  /// σ√T of an option of about a day: its bend may hide in any step, however short.
  private static let closeDeviation = 0.03

  private struct Kink {
    var interval: Int
    var point: Double
  }

  /// The points to add to the grid, increasing, none of them on it.
  ///
  /// - Parameters:
  ///   - legs: of the netting set whose spot moves, those that the model supports.
  ///   - values: the surplus on the grid.
  /// - Complexity: O(legs close to expiry × shocks × log(grid)).
  func points(_ legs: [Leg], values: [Double]) -> [Double] {
    let steps = grid.multipliers.count - 1
    guard steps > 0, values.count == grid.multipliers.count else { return [] }
    var kinks: [Kink] = []
    var bends = [Double](repeating: 0, count: steps * shocks.count)
    for leg in legs {
      guard let option = context.instruments[leg.instrument], option.kind == .option else { continue }
      let deviation = option.volatility * option.timeToExpiry.squareRoot()
      for (place, shock) in shocks.enumerated() {
        let point = option.strike / (option.forward * shock.multiplier)
        guard let interval = interval(around: point) else { continue }
        let (low, high) = (grid.multipliers[interval], grid.multipliers[interval + 1])
        guard deviation < max(Self.closeDeviation, 1.5 * (high / low - 1)) else { continue }
        let size = abs(leg.effectiveQuantity * option.scale * option.forward) * shock.multiplier
        bends[place * steps + interval] += size * shock.weight * (high - low) / 4
        kinks.append(Kink(interval: interval, point: point))
      }
    }
    let near = kinks.filter { canCross($0.interval, bends: bends, steps: steps, values: values) }
    return distinct(near)
  }

  /// Whether the surplus may reach zero inside an interval, or once more than its ends tell, by its bend: that of
  /// today's worth and that of one shock add up.
  private func canCross(_ interval: Int, bends: [Double], steps: Int, values: [Double]) -> Bool {
    let (left, right) = (values[interval], values[interval + 1])
    guard left.isFinite, right.isFinite else { return false }
    var worst = 0.0
    for place in shocks.indices.dropFirst() { worst = max(worst, bends[place * steps + interval]) }
    return min(abs(left), abs(right)) <= bends[interval] + worst
  }

  private func distinct(_ kinks: [Kink]) -> [Double] {
    var found: [Double] = []
    for kink in kinks {
      let (low, high) = (grid.multipliers[kink.interval], grid.multipliers[kink.interval + 1])
      if kink.point > low * (1 + 1e-9), kink.point < high * (1 - 1e-9) { found.append(kink.point) }
    }
    found.sort()
    var points: [Double] = []
    for point in found where point > (points.last ?? 0) * (1 + 1e-9) { points.append(point) }
    return points
  }

  /// The place of the grid point at or below a multiplier that lies between two of them.
  private func interval(around point: Double) -> Int? {
    let multipliers = grid.multipliers
    guard let first = multipliers.first, let last = multipliers.last, point > first, point < last else {
      return nil
    }
    var low = 0
    var high = multipliers.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if multipliers[middle] <= point { low = middle } else { high = middle }
    }
    return low
  }
}

import MarketModel
import RiskNumerics

/// Moves of filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper 1999).
///
/// A day is a date of the history drawn with equal chances: its residuals of all spots together, each times its spot's
/// volatility of that day; the return then updates that volatility by the recursion it was filtered with. So a horizon of
/// several days is simulated, never scaled. A horizon of one day needs no draws: every date is a path.
struct FilteredPaths: PathSource {
  private struct Spot: Sendable {
    let residuals: [Double]
    let variance: Double
    let recursion: GARCHParameters
  }

  let risk: RiskFactors
  let grid: TimeGrid
  let days: Int
  let stream: RandomStream
  private let spots: [Spot]
  /// Residual vectors to draw from.
  let vectorCount: Int
  /// What the filter did, half a sentence a spot that gave way to EWMA.
  let fallbacks: [String]

  /// - Throws: `outOfRange` for a decay outside (0, 1) or returns that overflow.
  init(
    _ risk: RiskFactors, _ grid: TimeGrid, returns: [[Double]], plan: VolatilityFilterPlan, days: Int,
    stream: RandomStream
  ) throws(TailRiskError) {
    self.risk = risk
    self.grid = grid
    self.days = days
    self.stream = stream
    vectorCount = returns.first?.count ?? 0
    do throws(EstimationError) {
      let filters = try VolatilityFilter.columns(returns, plan: plan)
      spots = filters.map { filter in
        Spot(
          residuals: filter.residuals, variance: filter.forecast * filter.forecast,
          recursion: filter.parameters
            ?? GARCHParameters(omega: 0, alpha: 1 - plan.decay, beta: plan.decay))
      }
      fallbacks = filters.indices.compactMap { place in
        let moved = risk.uses.filter(\.moved)
        guard let fallback = filters[place].fallback, moved.indices.contains(place) else { return nil }
        let kind = moved[place].kind == "spot" ? "factor" : moved[place].kind
        return "\(kind) \(moved[place].name): \(fallback)"
      }
    } catch {
      throw .outOfRange(field: "filter", value: plan.decay)
    }
  }

  func block(firstPath: Int, width: Int) -> PathBlock {
    let factors = risk.volatilities.count
    var x = [Double](repeating: 0, count: spots.count * width)
    var before = x
    var variances = spots.flatMap { [Double](repeating: $0.variance, count: width) }
    var logs = [Double](repeating: 0, count: grid.seconds.count * factors * width)
    var step = 0
    for day in 0..<days {
      let picks = picks(day, firstPath, width)
      before = x
      for (place, spot) in spots.enumerated() {
        let recursion = spot.recursion
        for path in 0..<width {
          let at = place * width + path
          let move = variances[at].squareRoot() * spot.residuals[picks[path]]
          x[at] += move
          variances[at] = recursion.omega + recursion.alpha * (move * move) + recursion.beta * variances[at]
        }
      }
      // Instants up to the end of this day; the last one is the horizon.
      while step < grid.seconds.count {
        let time = grid.seconds[step] / grid.horizonSeconds * Double(days)
        guard time <= Double(day + 1) else { break }
        let share = time - Double(day)
        for place in spots.indices {
          for path in 0..<width {
            let at = place * width + path
            logs[(step * factors + place) * width + path] =
              share == 1 ? x[at] : before[at] + share * (x[at] - before[at])
          }
        }
        step += 1
      }
    }
    return PathBlock(width: width, factors: factors, logs: logs)
  }

  private func picks(_ day: Int, _ firstPath: Int, _ width: Int) -> [Int] {
    if days == 1 { return (0..<width).map { (firstPath + $0) % max(1, vectorCount) } }
    var column = [Double](repeating: 0, count: width)
    var span = column.mutableSpan
    stream.uniforms(factor: PathPlace.day, step: day, firstPath: firstPath, into: &span)
    return column.map { min(vectorCount - 1, Int(exactly: ($0 * Double(vectorCount)).rounded(.down)) ?? 0) }
  }
}

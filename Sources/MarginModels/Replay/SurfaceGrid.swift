import RiskNumerics

/// The moves of a first-day surface: spot against volatility, every pair of them.
///
/// Volatility moves as crises move it, short expiries more: σ × (1 + v (30 days / max(T, 1 day))^½), with v the
/// move at thirty days.
public struct SurfaceGrid: Hashable, Sendable {
  /// Spot multipliers, increasing, > 0.
  public let spots: [Double]
  /// Relative moves of volatility at thirty days, increasing, > −1.
  public let volatilities: [Double]

  /// How much faster the volatility of short expiries moves.
  static let power = 0.5
  static let floorDays = 1.0

  /// Down to half and up to one and a half of the spot, closer around today's; volatilities from −40 % to +150 %.
  public static let standard = SurfaceGrid(
    spots: [
      0.5, 0.6, 0.65, 0.7, 0.74, 0.78, 0.81, 0.84, 0.87, 0.9, 0.93, 0.96, 0.98, 1, 1.02, 1.04, 1.07, 1.1,
      1.15,
      1.2, 1.3, 1.5,
    ], volatilities: [-0.4, -0.2, 0, 0.2, 0.4, 0.7, 1, 1.5])

  /// A grid from its moves.
  public init(spots: [Double], volatilities: [Double]) {
    self.spots = spots
    self.volatilities = volatilities
  }

  /// How much of the move at thirty days an expiry sees.
  static func growth(seconds: Double) -> Double {
    (30 / max(seconds / 86_400, floorDays)).squareRoot()
  }

  /// Today, then the nodes: volatility by volatility, spots within.
  var states: [MarketState] {
    [.today]
      + volatilities.flatMap { volatility in
        spots.map { spot in
          MarketState(
            name: "surface", scenarioSet: "surface", spotMultiplier: spot,
            volatility: volatility == 0
              ? .none
              : .powerLaw(
                PowerLawShock(
                  range: volatility, shortTermPower: Self.power, longTermPower: Self.power,
                  floorDays: Self.floorDays, minimum: 0)))
        }
      }
  }

  /// Where a point lies between the nodes.
  func place(spot: Double, volatility: Double) -> SurfacePoint {
    let (x, u) = Self.bracket(spot, spots)
    let (y, w) = Self.bracket(volatility, volatilities)
    return SurfacePoint(
      corner: 1 + y * spots.count + x, width: spots.count, isLastSpot: x + 1 >= spots.count,
      isLastVolatility: y + 1 >= volatilities.count, spotShare: u, volatilityShare: w)
  }

  /// The node at or below a value and the way to the next; beyond the ends, the end.
  private static func bracket(_ value: Double, _ nodes: [Double]) -> (Int, Double) {
    guard let first = nodes.first, let last = nodes.last, value > first else { return (0, 0) }
    if value >= last { return (nodes.count - 1, 0) }
    let above = nodes.firstIndex { $0 > value } ?? nodes.count - 1
    let below = above - 1
    return (below, (value - nodes[below]) / (nodes[above] - nodes[below]))
  }
}

/// A point of a surface as shares of four nodes.
struct SurfacePoint {
  let corner: Int
  let width: Int
  let isLastSpot: Bool
  let isLastVolatility: Bool
  let spotShare: Double
  let volatilityShare: Double

  /// Reads a column of node values (today first) bilinearly.
  func read(_ value: (Int) -> Double) -> Double {
    func row(_ start: Int) -> Double {
      let near = value(start)
      return isLastSpot || spotShare == 0 ? near : near + (value(start + 1) - near) * spotShare
    }
    let low = row(corner)
    return isLastVolatility || volatilityShare == 0
      ? low : low + (row(corner + width) - low) * volatilityShare
  }
}

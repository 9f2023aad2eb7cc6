/// Multipliers of spot at which a surplus is looked at before its roots are refined.
///
/// The steps start at 1 % beside 1, where accounts are liquidated, and grow by a constant factor to the ends,
/// so that 64 points reach from a fiftieth to twentyfold. Only sums, products and quotients make the points:
/// they are the same bits on every machine.
public struct RootSearchGrid: Hashable, Sendable {
  /// Strictly increasing, > 0, at least two; holds 1.
  public let multipliers: [Double]
  /// Place of the multiplier 1.
  public let unitIndex: Int

  /// A fiftieth to twenty times spot: below and above, a spot root says nothing that its absence would not.
  public static let standard = RootSearchGrid(
    lowest: 0.02, highest: 20, firstStep: 0.01, growth: 1.135)

  /// A grid from its ends and steps.
  ///
  /// - Parameters:
  ///   - lowest: smallest multiplier, in (0, 1); taken as 0.02 where it is not.
  ///   - highest: greatest multiplier, > 1 and at most 10^6; taken as 20 where it is not.
  ///   - firstStep: relative step beside 1, in [10^-4, 1]; taken as 0.01 where it is not.
  ///   - growth: factor from a step to the next, in [1, 2]; taken as 1.135 where it is not.
  public init(lowest: Double, highest: Double, firstStep: Double, growth: Double) {
    let lowest = lowest > 1e-6 && lowest < 1 ? lowest : 0.02
    let highest = highest > 1 && highest <= 1e6 ? highest : 20
    let firstStep = firstStep >= 1e-4 && firstStep <= 1 ? firstStep : 0.01
    let growth = growth >= 1 && growth <= 2 ? growth : 1.135
    var below: [Double] = []
    var above: [Double] = []
    var step = firstStep
    var point = 1.0
    // An end closer than a third of a step takes the place of the point that would fall short of it.
    while point / (1 + step) > lowest * (1 + step / 3) {
      point /= 1 + step
      below.append(point)
      step *= growth
    }
    below.append(lowest)
    step = firstStep
    point = 1
    while point * (1 + step) < highest / (1 + step / 3) {
      point *= 1 + step
      above.append(point)
      step *= growth
    }
    above.append(highest)
    multipliers = below.reversed() + [1] + above
    unitIndex = below.count
  }
}

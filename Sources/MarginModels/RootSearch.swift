/// The places at which a function of spot passes from at least zero to below zero or back.
public struct SignChanges: Hashable, Sendable {
  /// Increasing; each within a relative 10^-9 of a boundary of the set where the function is negative.
  public var roots: [Double]
  /// False where the function had no finite value in some part of the range, which was then left out.
  public var isComplete: Bool

  /// A result from its parts.
  public init(roots: [Double] = [], isComplete: Bool = true) {
    self.roots = roots
    self.isComplete = isComplete
  }
}

/// All sign changes of a continuous, piecewise smooth function of one positive variable.
///
/// A sign change lies between two neighbouring grid points of opposite sign, or hides with a twin between two
/// of the same sign: there the function has a local extremum towards zero, which is looked for. Zero counts as
/// not negative. A plateau at zero between positive and negative values gives one root, at its negative end; a
/// plateau or a touch between values of one sign gives none, for nothing changes there.
public enum RootSearch {
  /// Half the relative width of the bracket in which a root is given.
  static let tolerance = 1e-10
  private static let mostSteps = 100

  /// All sign changes over a grid.
  ///
  /// - Parameters:
  ///   - grid: strictly increasing positive points.
  ///   - values: the function on the grid, grid.count entries; an entry that is not finite leaves out the two
  ///     intervals beside it.
  ///   - evaluate: the function anywhere in the grid's range.
  /// - Returns: the roots, increasing. Two roots closer than a grid step are found where the function has one
  ///   local extremum between them.
  /// - Complexity: O(grid) and, per root, four to ten evaluations for a smooth function.
  public static func signChanges(
    grid: Span<Double>, values: Span<Double>, evaluate: (Double) -> Double
  ) -> SignChanges {
    var found = SignChanges()
    let count = min(grid.count, values.count)
    var last: Int?
    var place = 0
    while place < count {
      let value = values[place]
      if !value.isFinite {
        found.isComplete = false
        last = nil
      } else if value != 0 {
        if let before = last, (values[before] < 0) != (value < 0) {
          // Zeros in between belong to the side that is not negative.
          let left = value < 0 ? place - 1 : before
          found.add(
            refined(
              grid[left], values[left], grid[left + 1], values[left + 1],
              guide: InverseInterpolation(grid, values, around: left), evaluate: evaluate))
        }
        last = place
      }
      if place >= 1, place + 1 < count {
        searchDip(at: place, grid: grid, values: values, into: &found, evaluate: evaluate)
      }
      place += 1
    }
    if count > 2 {
      searchEnd(0, beside: 1, beyond: 2, grid: grid, values: values, into: &found, evaluate: evaluate)
      searchEnd(
        count - 1, beside: count - 2, beyond: count - 3, grid: grid, values: values, into: &found,
        evaluate: evaluate)
    }
    found.roots.sort()
    return found
  }

  /// The boundary of the negative set inside a bracket, by Chandrupatla's method.
  ///
  /// Source: T. R. Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
  /// function without using derivatives", Advances in Engineering Software 28 (1997) 145-149. The first two steps
  /// go where inverse interpolation through the neighbouring grid points leads, else where the secant does: a
  /// surplus is smooth and nearly linear over one grid step, and each evaluation prices a whole netting set.
  ///
  /// - Parameters: the two ends and the function there; one of them negative, the other not; known points
  ///   around them.
  /// - Returns: a point within `tolerance` (relative) of the boundary; nil where the function is not finite.
  static func refined(
    _ left: Double, _ leftValue: Double, _ right: Double, _ rightValue: Double,
    guide: InverseInterpolation = InverseInterpolation(), evaluate: (Double) -> Double
  ) -> Double? {
    guard (leftValue < 0) != (rightValue < 0) else {
      // Only a zero at an end can have led here, and then the boundary is that end.
      return leftValue == 0 ? left : rightValue == 0 ? right : nil
    }
    var (a, fa, b, fb) = (left, leftValue, right, rightValue)
    var (c, fc) = (a, fa)
    var guide = guide
    var t = guide.root.map { ($0 - a) / (b - a) } ?? fa / (fa - fb)
    if !(t > 0 && t < 1) { t = fa / (fa - fb) }
    var steps = 0
    while steps < mostSteps {
      let width = abs(b - a)
      let best = abs(fa) < abs(fb) ? a : b
      let smallest = tolerance * abs(best) / width
      guard smallest < 0.5 else { return best }
      if !(t >= smallest) { t = t.isNaN ? 0.5 : smallest }
      if t > 1 - smallest { t = 1 - smallest }
      let point = a + t * (b - a)
      let value = evaluate(point)
      guard value.isFinite else { return nil }
      if (value < 0) == (fa < 0) {
        (c, fc) = (a, fa)
      } else {
        (c, fc, b, fb) = (b, fb, a, fa)
      }
      let stalled = value == 0 && (fa == 0 || fc == 0)
      (a, fa) = (point, value)
      let xi = (a - b) / (c - b)
      let phi = (fa - fb) / (fc - fb)
      // On a plateau at zero interpolation has nothing to go by.
      if !stalled, phi * phi < xi, (1 - phi) * (1 - phi) < 1 - xi {
        t =
          fa / (fb - fa) * (fc / (fb - fc))
          + (c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb))
      } else {
        t = 0.5
      }
      if steps == 0 {
        guide.add(point, value)
        let next = guide.root.map { ($0 - a) / (b - a) } ?? t
        if next > 0, next < 1 { t = next }
      }
      steps += 1
    }
    return abs(fa) < abs(fb) ? a : b
  }
}

extension SignChanges {
  /// Adds a root, or notes that one could not be refined.
  mutating func add(_ root: Double?) {
    guard let root else {
      isComplete = false
      return
    }
    roots.append(root)
  }
}

/// What a simplex search found.
public struct SimplexMinimum: Sendable, Equatable {
  public let point: [Double]
  public let value: Double
  /// How often the function was asked.
  public let evaluations: Int
  /// Whether the last restart gained nothing; false where the limit ended the search.
  public let isConverged: Bool
}

/// The simplex method of Nelder and Mead (Computer Journal 7, 1965) with restarts.
///
/// It needs no derivative and takes +∞ or NaN for "not allowed here", so that bounds are the function's own
/// affair. A simplex can collapse beside a minimum: a search ends only when a fresh simplex around the best
/// point gains less than the tolerance. The steps depend on the values alone, never on time or chance.
public enum SimplexSearch {
  /// Follows the simplex from a start to a local minimum.
  ///
  /// - Parameters:
  ///   - start: of one to some ten coordinates, where the function is finite.
  ///   - steps: the first simplex reaches this far along each coordinate; not zero.
  ///   - tolerance: on the spread of the values over a simplex, relative to 1 + |value|.
  ///   - limit: evaluations at most, up to one simplex more.
  /// - Returns: the best point seen; the start where the function is not finite there.
  /// - Complexity: evaluations × cost of the function; some hundred evaluations for three coordinates.
  public static func minimise(
    from start: [Double], steps: [Double], tolerance: Double = 1e-13, limit: Int = 4_000,
    _ function: (_ point: [Double]) -> Double
  ) -> SimplexMinimum {
    var counted = 0
    func ask(_ point: [Double]) -> Vertex {
      counted += 1
      let value = function(point)
      return Vertex(point: point, value: value.isNaN ? .infinity : value)
    }
    var best = ask(start)
    guard !start.isEmpty, steps.count == start.count, best.value.isFinite else {
      return SimplexMinimum(point: start, value: best.value, evaluations: counted, isConverged: false)
    }
    var scale = 1.0
    var quiet = 0
    // Two smaller simplices, one mirrored, must gain nothing in a row before the search ends.
    while counted < limit, quiet < 2 {
      var simplex = [best]
      for (axis, step) in steps.enumerated() {
        var point = best.point
        point[axis] += scale * step
        simplex.append(ask(point))
      }
      let before = best.value
      best = descend(&simplex, tolerance, isSpent: { counted >= limit }, ask)
      quiet = before - best.value <= 10 * tolerance * (1 + best.value.magnitude) ? quiet + 1 : 0
      scale = scale > 0 ? -0.2 : 0.2
    }
    return SimplexMinimum(
      point: best.point, value: best.value, evaluations: counted, isConverged: quiet >= 2)
  }

  private struct Vertex {
    var point: [Double]
    var value: Double
  }

  /// One descent until the simplex is level or small.
  private static func descend(
    _ simplex: inout [Vertex], _ tolerance: Double, isSpent: () -> Bool, _ ask: ([Double]) -> Vertex
  ) -> Vertex {
    let last = simplex.count - 1
    while true {
      // Insertion keeps the order of equal values, so that the path is one and the same everywhere.
      for i in 1...last {
        var j = i
        while j > 0, simplex[j].value < simplex[j - 1].value {
          simplex.swapAt(j, j - 1)
          j -= 1
        }
      }
      let spread = simplex[last].value - simplex[0].value
      if isSpent() || spread <= tolerance * (1 + simplex[0].value.magnitude) { return simplex[0] }
      let width = zip(simplex[last].point, simplex[0].point).reduce(0.0) {
        max($0, ($1.0 - $1.1).magnitude / (1 + $1.1.magnitude))
      }
      if width < 1e-12 { return simplex[0] }
      let centre = simplex[0].point.indices.map { axis in
        simplex[..<last].reduce(0.0) { $0 + $1.point[axis] } / Double(last)
      }
      /// The point at t on the line from the centre through the worst vertex.
      func along(_ t: Double) -> Vertex {
        ask(zip(centre, simplex[last].point).map { $0 + t * ($1 - $0) })
      }
      let reflected = along(-1)
      if reflected.value < simplex[0].value {
        let expanded = along(-2)
        simplex[last] = expanded.value < reflected.value ? expanded : reflected
      } else if reflected.value < simplex[last - 1].value {
        simplex[last] = reflected
      } else {
        let isOutside = reflected.value < simplex[last].value
        let contracted = along(isOutside ? -0.5 : 0.5)
        if contracted.value < min(reflected.value, simplex[last].value) {
          simplex[last] = contracted
        } else {
          for i in 1...last {
            simplex[i] = ask(zip(simplex[0].point, simplex[i].point).map { $0 + 0.5 * ($1 - $0) })
          }
        }
      }
    }
  }
}

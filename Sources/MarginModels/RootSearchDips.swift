extension RootSearch {
  private static let goldenSection = 0.381_966_011_250_105_1
  private static let mostDipSteps = 48

  /// Looks for a pair of roots around a grid point whose value is nearer to zero than its neighbours'.
  ///
  /// Where the function is convex towards zero it lies above the secants of the neighbouring intervals,
  /// extended; only where these come near zero (a quarter of the value, to allow for a kink) is it searched.
  static func searchDip(
    at place: Int, grid: Span<Double>, values: Span<Double>, into found: inout SignChanges,
    evaluate: (Double) -> Double
  ) {
    let (left, middle, right) = (values[place - 1], values[place], values[place + 1])
    guard left.isFinite, middle.isFinite, right.isFinite, middle != 0 else { return }
    let side: Double = middle < 0 ? -1 : 1
    guard side * left > side * middle, side * right >= side * middle else { return }
    let bound = min(
      lowerBound(grid, values, side, interval: place - 1),
      lowerBound(grid, values, side, interval: place))
    guard !(bound > 0.25 * side * middle) else { return }
    let slope =
      2
      * max(
        side * (left - middle) / (grid[place] - grid[place - 1]),
        side * (right - middle) / (grid[place + 1] - grid[place]))
    let bracket = Dip(
      left: grid[place - 1], leftValue: left, middle: grid[place], middleValue: middle,
      right: grid[place + 1], rightValue: right)
    guard let dip = crossing(bracket, side: side, slope: slope, evaluate: evaluate) else {
      found.isComplete = false
      return
    }
    guard side * dip.middleValue < 0 else { return }
    found.add(
      refined(dip.left, dip.leftValue, dip.middle, dip.middleValue, evaluate: evaluate))
    found.add(
      refined(dip.middle, dip.middleValue, dip.right, dip.rightValue, evaluate: evaluate))
  }

  /// Looks for a pair of roots in the outermost interval where the function comes nearer to zero towards the end: with
  /// no point beyond it, the extremum may lie inside.
  ///
  /// Where the function is convex towards zero it lies above the neighbouring secant, extended to the end; only where
  /// that comes near zero is it searched.
  ///
  /// - Parameters:
  ///   - end: the outermost place of the grid.
  ///   - neighbour: the place next to it.
  ///   - next: the place after that.
  static func searchEnd(
    _ end: Int, beside neighbour: Int, beyond next: Int, grid: Span<Double>, values: Span<Double>,
    into found: inout SignChanges, evaluate: (Double) -> Double
  ) {
    let side: Double = values[end] < 0 ? -1 : 1
    let (outer, inner, third) = (side * values[end], side * values[neighbour], side * values[next])
    guard outer > 0, inner >= outer, inner.isFinite, third.isFinite else { return }
    let width = abs(grid[neighbour] - grid[end])
    let rise = (third - inner) / abs(grid[next] - grid[neighbour])
    guard rise > 0, !(inner - rise * width > 0.25 * outer) else { return }
    // A kink falls no faster than twice the steepest secant.
    let slope = 2 * max(rise, (inner - outer) / width)
    var (low, high) = (min(grid[end], grid[neighbour]), max(grid[end], grid[neighbour]))
    func value(_ share: Double) -> (point: Double, value: Double) {
      let point = low + share * (high - low)
      return (point, side * evaluate(point))
    }
    var (left, right) = (value(goldenSection), value(1 - goldenSection))
    var steps = 0
    while steps < mostDipSteps {
      guard left.value.isFinite, right.value.isFinite else {
        found.isComplete = false
        return
      }
      let least = left.value < right.value ? left : right
      if least.value < 0 {
        let ends = grid[end] < grid[neighbour] ? (end, neighbour) : (neighbour, end)
        found.add(
          refined(grid[ends.0], values[ends.0], least.point, side * least.value, evaluate: evaluate))
        found.add(
          refined(least.point, side * least.value, grid[ends.1], values[ends.1], evaluate: evaluate))
        return
      }
      guard least.value <= slope * (high - low), high - low > tolerance * high else { return }
      if left.value < right.value {
        (high, right) = (right.point, left)
        left = value(goldenSection)
      } else {
        (low, left) = (left.point, right)
        right = value(1 - goldenSection)
      }
      steps += 1
    }
  }

  /// Three points, the middle one nearest to zero or beyond it.
  struct Dip {
    var left: Double
    var leftValue: Double
    var middle: Double
    var middleValue: Double
    var right: Double
    var rightValue: Double
  }

  /// What a function convex on both sides of an interval cannot fall below inside it, times `side`.
  private static func lowerBound(
    _ grid: Span<Double>, _ values: Span<Double>, _ side: Double, interval: Int
  ) -> Double {
    let (x1, x2) = (grid[interval], grid[interval + 1])
    let (f1, f2) = (side * values[interval], side * values[interval + 1])
    var fall = Double.infinity
    var rise = Double.infinity
    if interval > 0 {
      fall = (side * values[interval - 1] - f1) / (x1 - grid[interval - 1])
    }
    if interval + 2 < min(grid.count, values.count) {
      rise = (side * values[interval + 2] - f2) / (grid[interval + 2] - x2)
    }
    guard fall > 0, rise > 0 else { return min(f1, f2) }
    guard fall.isFinite || rise.isFinite else { return -.infinity }
    guard fall.isFinite else { return f2 - rise * (x2 - x1) }
    guard rise.isFinite else { return f1 - fall * (x2 - x1) }
    // f1 − fall·(x − x1) = f2 − rise·(x2 − x)
    let step = (f1 - f2 + rise * (x2 - x1)) / (fall + rise)
    return min(f1, f2, f1 - fall * step)
  }

  /// Golden-section search for a point beyond zero, ended early once the slope rules one out.
  ///
  /// - Returns: the last three points; the middle one beyond zero where there is such a point. nil where the
  ///   function is not finite.
  private static func crossing(
    _ start: Dip, side: Double, slope: Double, evaluate: (Double) -> Double
  ) -> Dip? {
    var dip = start
    var steps = 0
    while steps < mostDipSteps, side * dip.middleValue >= 0 {
      let width = dip.right - dip.left
      // A kink falls no faster than twice the steepest secant: nothing reaches zero from here.
      guard side * dip.middleValue <= slope * width, width > tolerance * dip.middle else { break }
      let goesLeft = dip.middle - dip.left > dip.right - dip.middle
      let point =
        goesLeft
        ? dip.middle - goldenSection * (dip.middle - dip.left)
        : dip.middle + goldenSection * (dip.right - dip.middle)
      let value = evaluate(point)
      guard value.isFinite else { return nil }
      if side * value < side * dip.middleValue {
        if goesLeft {
          (dip.right, dip.rightValue) = (dip.middle, dip.middleValue)
        } else {
          (dip.left, dip.leftValue) = (dip.middle, dip.middleValue)
        }
        (dip.middle, dip.middleValue) = (point, value)
      } else if goesLeft {
        (dip.left, dip.leftValue) = (point, value)
      } else {
        (dip.right, dip.rightValue) = (point, value)
      }
      steps += 1
    }
    return dip
  }
}

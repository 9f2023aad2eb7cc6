import RiskNumerics

/// The point nearest to no move at all on the frontier of moves that lose an amount.
///
/// Moves are w ∈ ℝᵏ of independent standard normals, log prices move by x = S·C·w with C·Cᵀ the correlation of the
/// factors held, so that |w| is the Mahalanobis distance. From each start on the frontier the step of Hasofer, Lind,
/// Rackwitz and Fiessler (1978) towards (g·w/|g|²)·g, g the gradient of the loss, gives a direction; the next point is
/// where its ray meets the frontier, taken only where that is nearer, with half the step otherwise. Each start thus
/// descends to a point where w and g point the same way (or to a kink). Starts: the gradient today, the nearest point
/// of the quadratic loss, both ways along each factor, each principal axis of the covariance, each axis of the gamma
/// matrix and each of few sign corners. Nearest of all ends; a frontier that no start's ray meets is looked for by
/// climbing. It is a search: nearer points between all starts may be missed.
struct FrontierSearch {
  /// A point of the frontier.
  struct Point {
    var w: [Double]
    var distance: Double
  }

  /// What a search found.
  struct Outcome {
    /// Distinct points, nearest first; empty where the frontier was not met.
    var points: [Point]
    /// Of all moves that were tried.
    var largestLoss: Double
  }

  private static let scanStep = 0.25
  private static let mostDescents = 12
  private static let mostSteps = 80

  let portfolio: ReverseStressPortfolio
  /// Standard deviation of each log price over the horizon.
  let deviations: [Double]
  /// One row a factor held, in coordinates of the space they span.
  let rows: [[Double]]
  let bound: Double
  let target: Double

  /// Coordinates w.
  var dimension: Int { rows.first?.count ?? 0 }

  /// The loss of a move; -∞ where it is not finite, which is no point of any frontier.
  func loss(_ w: [Double]) -> Double {
    let sum = portfolio.losses(moves(w)).reduce(0, +)
    return sum.isFinite ? sum : -.infinity
  }

  /// Moves of the log prices.
  func moves(_ w: [Double]) -> [Double] {
    zip(rows, deviations).map { row, deviation in deviation * Self.dot(row, w) }
  }

  /// First and second derivative of each factor's loss in standard deviations of its own, by central differences.
  private func slopes(_ w: [Double]) -> (first: [Double], second: [Double]) {
    let step = 1e-4
    let x = moves(w)
    let middle = portfolio.losses(x)
    let up = portfolio.losses(zip(x, deviations).map { $0 + step * $1 })
    let down = portfolio.losses(zip(x, deviations).map { $0 - step * $1 })
    return (
      zip(up, down).map { ($0 - $1) / (2 * step) },
      middle.indices.map { (up[$0] - 2 * middle[$0] + down[$0]) / (step * step) }
    )
  }

  private func gradient(_ w: [Double]) -> [Double] { combined(slopes(w).first) }

  /// Σ weight × row.
  private func combined(_ weights: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: dimension)
    for (weight, row) in zip(weights, rows) {
      for place in sum.indices { sum[place] += weight * row[place] }
    }
    return sum
  }

  /// Searches from every start.
  func run() -> Outcome {
    guard dimension > 0 else { return Outcome(points: [], largestLoss: 0) }
    var largest = (loss: 0.0, w: [Double](repeating: 0, count: dimension))
    var starts: [Point] = []
    for direction in directions() {
      let ray = scan(direction, from: 0, to: bound, step: Self.scanStep)
      if ray.loss > largest.loss { largest = (ray.loss, ray.w) }
      if let point = ray.hit { starts.append(point) }
    }
    if starts.isEmpty {
      let top = climb(from: largest.w, loss: largest.loss)
      if top.loss > largest.loss { largest = top }
      if top.loss >= target, let direction = Self.unit(top.w),
        let point = scan(direction, from: 0, to: bound, step: Self.scanStep).hit
      {
        starts.append(point)
      }
    }
    let order = starts.indices.sorted { (starts[$0].distance, $0) < (starts[$1].distance, $1) }
    var ends: [Point] = []
    for place in order.prefix(Self.mostDescents) {
      var end = descend(from: starts[place])
      if let direction = Self.unit(end.w) {
        // An earlier crossing on the same ray, behind a stretch that loses less.
        let ray = scan(direction, from: 0, to: end.distance * (1 - 1e-9), step: end.distance / 64)
        if let earlier = ray.hit { end = descend(from: earlier) }
      }
      let isKnown = ends.contains { Self.gap($0.w, end.w) < 1e-3 * max(1, end.distance) }
      if !isKnown { ends.append(end) }
    }
    let nearest = ends.indices.sorted { (ends[$0].distance, $0) < (ends[$1].distance, $1) }
    return Outcome(points: nearest.map { ends[$0] }, largestLoss: largest.loss)
  }

  /// Walks along a ray until the loss is reached.
  private func scan(
    _ direction: [Double], from start: Double, to end: Double, step: Double
  ) -> (hit: Point?, loss: Double, w: [Double]) {
    var best = (loss: -Double.infinity, w: direction.map { $0 * start })
    var low = start
    while low < end {
      let high = min(low + step, end)
      let w = direction.map { $0 * high }
      let value = loss(w)
      if value > best.loss { best = (value, w) }
      if value >= target {
        return (crossing(direction, low: low, high: high, value: value), best.loss, best.w)
      }
      low = high
    }
    return (nil, best.loss, best.w)
  }

  /// The crossing between a distance that loses less and one that does not, by the Illinois rule.
  private func crossing(_ direction: [Double], low: Double, high: Double, value: Double) -> Point {
    var (low, high) = (low, high)
    var below = loss(direction.map { $0 * low }) - target
    var above = value - target
    var side = 0
    for _ in 0..<100 where high - low > 1e-13 * high {
      var middle = below.isFinite ? low - below * (high - low) / (above - below) : (low + high) / 2
      if !(middle > low && middle < high) { middle = (low + high) / 2 }
      let f = loss(direction.map { $0 * middle }) - target
      if f >= 0 {
        (high, above) = (middle, f)
        if side == 1 { below /= 2 }
        side = 1
        if f == 0 { break }
      } else {
        (low, below) = (middle, f)
        if side == -1 { above /= 2 }
        side = -1
      }
    }
    return Point(w: direction.map { $0 * high }, distance: high)
  }

  /// Moves along the frontier while it comes nearer.
  private func descend(from start: Point) -> Point {
    var point = start
    for _ in 0..<Self.mostSteps {
      let g = gradient(point.w)
      let square = Self.dot(g, g)
      let along = Self.dot(g, point.w)
      guard square > 0, square.isFinite, along > 0 else { break }
      let aim = g.map { along / square * $0 }
      let apart = Self.gap(aim, point.w)
      guard apart > 1e-9 * point.distance else { break }
      guard let next = nearer(point, aim) else { break }
      point = next
    }
    return point
  }

  /// A nearer point of the frontier on the way to an aim; nil where none is found.
  private func nearer(_ point: Point, _ aim: [Double]) -> Point? {
    var share = 1.0
    while share > 1e-6 {
      let w = zip(point.w, aim).map { $0 + share * ($1 - $0) }
      if let direction = Self.unit(w) {
        let value = loss(direction.map { $0 * point.distance })
        if value >= target {
          let next = crossing(direction, low: 0, high: point.distance, value: value)
          if next.distance < point.distance * (1 - 1e-15) { return next }
        }
      }
      share /= 2
    }
    return nil
  }

  /// Goes up in loss inside the bound.
  private func climb(from start: [Double], loss first: Double) -> (loss: Double, w: [Double]) {
    var best = (loss: first, w: start)
    var step = 1.0
    for _ in 0..<200 where step > 1e-6 && best.loss < target {
      guard let direction = Self.unit(gradient(best.w)) else { break }
      var w = zip(best.w, direction).map { $0 + step * $1 }
      let length = Self.dot(w, w).squareRoot()
      if length > bound { w = w.map { $0 * bound / length } }
      let value = loss(w)
      if value > best.loss {
        best = (value, w)
        step = min(2 * step, 4)
      } else {
        step /= 2
      }
    }
    return best
  }
}

// MARK: Starts

extension FrontierSearch {
  private static let mostCorners = 16

  /// Unit vectors to start along.
  private func directions() -> [[Double]] {
    let origin = [Double](repeating: 0, count: dimension)
    let (first, second) = slopes(origin)
    let g = combined(first)
    var starts: [[Double]] = [g]
    let gamma = matrix(weights: second)
    if let axes = Self.axes(of: gamma) {
      starts.append(quadratic(g, axes))
      starts += axes.vectors.flatMap { [$0, $0.map { -$0 }] }
    }
    for row in rows { starts += [row, row.map { -$0 }] }
    if let axes = principalAxes() { starts += axes.flatMap { [$0, $0.map { -$0 }] } }
    let corners = min(Self.mostCorners, rows.count < 5 ? 1 << rows.count : 0)
    for corner in 0..<corners {
      starts.append(combined(rows.indices.map { corner >> $0 & 1 == 1 ? 1 : -1 }))
    }
    if dimension == 2 {
      starts += (0..<32).map { Self.compass($0) }
    }
    return starts.compactMap(Self.unit)
  }

  /// Directions around a circle by the rational parametrisation, two eighths a quadrant.
  private static func compass(_ place: Int) -> [Double] {
    let t = Double(place % 8) / 8
    let (x, y) = ((1 - t) * (1 + t), 2 * t)
    switch place / 8 {
    case 0: return [x, y]
    case 1: return [-y, x]
    case 2: return [-x, -y]
    default: return [y, -x]
    }
  }

  /// Σ weight × row·rowᵀ.
  private func matrix(weights: [Double]) -> [[Double]] {
    (0..<dimension).map { i in
      (0..<dimension).map { j in
        zip(weights, rows).reduce(0) { $0 + $1.0 * $1.1[i] * $1.1[j] }
      }
    }
  }

  private static func axes(of matrix: [[Double]]) -> (values: [Double], vectors: [[Double]])? {
    let order = matrix.count
    var symmetric: [Double] = []
    for i in 0..<order {
      for j in 0..<order { symmetric.append(i < j ? matrix[i][j] : matrix[j][i]) }
    }
    do throws(LinearAlgebraError) {
      let found = try SymmetricEigen(
        of: Matrix(rowCount: order, columnCount: order, storage: symmetric))
      return (
        found.values, (0..<order).map { column in (0..<order).map { found.vectors[$0, column] } }
      )
    } catch {
      return nil
    }
  }

  /// The likeliest moves along each principal axis of the covariance: w = Cᵀ·S·e.
  private func principalAxes() -> [[Double]]? {
    let covariance = rows.indices.map { i in
      rows.indices.map { j in deviations[i] * deviations[j] * Self.dot(rows[i], rows[j]) }
    }
    return Self.axes(of: covariance)?.vectors.map { axis in
      combined(zip(axis, deviations).map { $0 * $1 })
    }
  }

  /// The point nearest to 0 at which g·w + ½·wᵀHw = target: w = λ·(I - λH)⁻¹g, λ by bisection below the pole of H.
  private func quadratic(_ g: [Double], _ axes: (values: [Double], vectors: [[Double]])) -> [Double] {
    let slopes = axes.vectors.map { Self.dot($0, g) }
    let top = axes.values.max() ?? 0
    func point(_ lambda: Double) -> [Double] {
      zip(slopes, axes.values).map { lambda * $0 / (1 - lambda * $1) }
    }
    func loss(_ v: [Double]) -> Double {
      zip(v, zip(slopes, axes.values)).reduce(0) { $0 + $1.0 * ($1.1.0 + 0.5 * $1.1.1 * $1.0) }
    }
    var low = 0.0
    var high = top > 0 ? 1 / top : 1e30
    for _ in 0..<200 {
      // The multiplier spans many powers of ten.
      let middle = low > 0 && high / low > 4 ? (low * high).squareRoot() : (low + high) / 2
      if loss(point(middle)) >= target { high = middle } else { low = middle }
    }
    let v = point(low)
    var w = [Double](repeating: 0, count: dimension)
    for (size, axis) in zip(v, axes.vectors) {
      for place in w.indices { w[place] += size * axis[place] }
    }
    return w
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private static func gap(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private static func unit(_ w: [Double]) -> [Double]? {
    let largest = w.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return nil }
    let scaled = w.map { $0 / largest }
    let length = dot(scaled, scaled).squareRoot()
    return length.isFinite ? scaled.map { $0 / length } : nil
  }
}

import RiskNumerics

/// The band in which a put is exercised where q < r < 0: between a lower and an upper boundary that close on each
/// other as the time to expiry grows, and may meet.
///
/// Strike and time are 1 (`ScaledPut`). With ρ = rT, κ = qT and v = σ√T the value is the European one and the premium
///
///   ∫ ρ e^(−ρs) [N(−d₂(m/u)) − N(−d₂(m/l))] − κ m e^(−κs) [N(−d₁(m/u)) − N(−d₁(m/l))] ds,
///
/// u and l taken at time to expiry 1 − s, from where they have not met yet (Kim 1990 for one boundary; Battauz, De
/// Donno and Sbuelz 2015 and Healy 2021 for two). On either boundary the value leaves the payoff with slope −1. This
/// smooth pasting is solved from expiry outwards on nodes uniform in √t, u and l one after the other by secants;
/// between nodes ln² u and ln(l/l₀), smooth in √t there, are cubic. (The value itself does not determine a boundary
/// well: solved for it the march is unstable.) The crossing is where the gap, linear in √t, vanishes.
///
/// Accuracy: within 3e-6 of the strike of trees of 12,000 steps, extrapolated, which is about what those are good to;
/// 3e-5 at yields of −80 %. Cost: some milliseconds.
struct ExerciseBand {
  private static let nodeCount = 32
  private let rate: Double
  private let yield: Double
  private let deviation: Double
  /// ln of l at expiry, ρ/κ.
  private let logLowest: Double
  private let angles: [AmericanScheme.AngleNode]
  /// √t of the nodes, ln² u and ln(l/l₀) there.
  private var roots: [Double] = [0]
  private var upper: [Double] = [0]
  private var lower: [Double] = [0]
  /// √t where the band closes; 1 where it is open today.
  private(set) var end = 1.0
  private var isClosed = false

  /// nil where the march fails, which takes figures far outside any market.
  init?(_ put: ScaledPut) {
    rate = put.rate
    yield = put.yield
    deviation = put.deviation
    angles = AmericanScheme.accurate.angles
    let lowest = put.rate / put.yield
    guard lowest > 0, lowest < 1 else { return nil }
    logLowest = Elementary.log(lowest)
    // Where the band closes early, the nodes are laid anew up to there.
    var reach = 1.0
    for _ in 0..<40 {
      guard march(to: reach) else {
        reach /= 4
        continue
      }
      if !isClosed || roots.count > Self.nodeCount / 2 { return }
      reach = min(1, 1.2 * end)
    }
    if roots.count < 4 { return nil }
  }

  /// One march; false where too few nodes were found to say where the band ends.
  private mutating func march(to reach: Double) -> Bool {
    (roots, upper, lower) = ([0], [0], [0])
    (end, isClosed) = (1, false)
    for node in 1...Self.nodeCount {
      if addNode(reach * Double(node) / Double(Self.nodeCount)) { continue }
      guard roots.count >= 4 else { return false }
      let last = roots.count - 1
      let (wide, narrow) = (gap(last - 1), gap(last))
      let step = roots[last] - roots[last - 1]
      let rest = wide > narrow ? narrow / (wide - narrow) * step : step
      end = roots[last] + min(rest, step)
      isClosed = true
      return true
    }
    if reach < 1 {
      // Still open at the end of the nodes: longer ones are needed.
      let last = roots.count - 1
      let (wide, narrow) = (gap(last - 1), gap(last))
      guard wide > narrow else { return false }
      end = min(1, roots[last] + narrow / (wide - narrow) * (roots[last] - roots[last - 1]))
      isClosed = true
    }
    return true
  }

  /// ln(u/l) at a node.
  private func gap(_ node: Int) -> Double {
    -max(0, upper[node]).squareRoot() - logLowest - lower[node]
  }

  /// Solves both boundaries at √t; false where they have met.
  private mutating func addNode(_ root: Double) -> Bool {
    let node = roots.count
    let start = predicted(root)
    roots.append(root)
    upper.append(start.upper)
    lower.append(start.lower)
    let points = points(time: root * root, end: root)
    var found = true
    for _ in 0..<4 where found {
      let before = (upper[node], lower[node])
      found = solve(isUpper: true, node, points) && solve(isUpper: false, node, points)
      if abs(upper[node] - before.0) + abs(lower[node] - before.1) < 1e-11 { break }
    }
    if found, upper[node] >= 0, gap(node) > 0 { return true }
    roots.removeLast()
    upper.removeLast()
    lower.removeLast()
    return false
  }

  private func predicted(_ root: Double) -> (upper: Double, lower: Double) {
    let node = roots.count
    let step = deviation * root
    if node == 1 { return (4 * step * step, 0.64 * step) }
    if node == 2 { return (3 * upper[1], 2 * lower[1]) }
    func quadratic(_ y: [Double]) -> Double { 3 * y[node - 1] - 3 * y[node - 2] + y[node - 3] }
    return (max(1e-14, quadratic(upper)), max(0, quadratic(lower)))
  }

  /// A secant search for smooth pasting on one boundary.
  private mutating func solve(isUpper: Bool, _ node: Int, _ points: [Point]) -> Bool {
    var x0 = isUpper ? upper[node] : lower[node]
    var x1 = x0 + 0.01 * x0 + 1e-10
    var f0 = pasting(isUpper: isUpper, node, x0, points)
    var f1 = pasting(isUpper: isUpper, node, x1, points)
    for _ in 0..<30 {
      if f1 == f0 || abs(x1 - x0) < 1e-12 { break }
      let x2 = x1 - f1 * (x1 - x0) / (f1 - f0)
      guard x2.isFinite, abs(x2) < 1e4 else { return false }
      (x0, f0) = (x1, f1)
      x1 = x2
      f1 = pasting(isUpper: isUpper, node, x1, points)
    }
    return abs(f1) < 1e-9
  }

  /// 1 + ∂V/∂m on a boundary that is tried, which becomes that of the node.
  private mutating func pasting(isUpper: Bool, _ node: Int, _ value: Double, _ points: [Point]) -> Double {
    let logM: Double
    if isUpper {
      upper[node] = value
      logM = -max(0, value).squareRoot()
    } else {
      lower[node] = value
      logM = logLowest + value
    }
    let t = roots[node] * roots[node]
    let root = deviation * roots[node]
    let d1 = (logM + (rate - yield) * t) / root + root / 2
    var sum = 1 - Elementary.exp(-yield * t) * Elementary.normalDistribution(-d1)
    // In columns of both boundaries: the kernels take a vector in the time of one number.
    var points = points
    for index in points.indices where points[index].dependsOnNewest { place(&points[index]) }
    let distances = points.flatMap { point in
      [point.upper, point.lower].map { -((logM - $0 + point.drift) / point.root + point.root / 2) }
    }
    let exponents = distances.map { -$0 * $0 / 2 } + points.flatMap { [-$0.upper, -$0.lower] }
    var tails = distances
    var powers = exponents
    var tailSpan = tails.mutableSpan
    VectorMath.normalDistribution(distances.span, into: &tailSpan)
    var powerSpan = powers.mutableSpan
    VectorMath.exp(exponents.span, into: &powerSpan)
    for index in distances.indices {
      let point = points[index / 2]
      let density = 0.398_942_280_401_432_68 * powers[index] / point.root
      let slope = density * (yield - rate * powers[distances.count + index])
      let weight = point.weight * point.yieldDiscount
      sum += (index.isMultiple(of: 2) ? weight : -weight) * (slope - yield * tails[index])
    }
    return sum
  }

  /// One point of the quadrature of the premium.
  private struct Point {
    /// √t of the boundary there.
    let place: Double
    /// Of s: (ρ − κ)s, v√s, e^(−ρs), e^(−κs), and the weight.
    let drift: Double
    let root: Double
    let rateDiscount: Double
    let yieldDiscount: Double
    let weight: Double
    /// ln u and ln l.
    var upper = 0.0
    var lower = 0.0
    /// Whether the newest node is among the four that make its boundaries.
    var dependsOnNewest = false
  }

  /// The points of the premium at time to expiry `time`, the band closing at √t = `end`.
  private func points(time: Double, end: Double) -> [Point] {
    angles.compactMap { node in
      // Time to expiry there is end²·cos² of the angle: both √s at s = 0 and √t at expiry are smooth in it.
      let cosine = (1 - node.square).squareRoot()
      let s = time - end * end * (1 - node.square)
      guard s > 0 else { return nil }
      var point = Point(
        place: end * cosine, drift: (rate - yield) * s, root: deviation * s.squareRoot(),
        rateDiscount: Elementary.exp(-rate * s), yieldDiscount: Elementary.exp(-yield * s),
        weight: node.weight * end * end)
      let cell = Int(exactly: (point.place / roots[1]).rounded(.down)) ?? 0
      point.dependsOnNewest = max(0, min(cell - 1, roots.count - 4)) + 3 >= roots.count - 1
      place(&point)
      return point
    }
  }

  /// The boundaries of a point by the cubic through four neighbouring nodes.
  private func place(_ point: inout Point) {
    let count = roots.count
    let place = point.place / roots[1]
    let cell = Int(exactly: place.rounded(.down)) ?? 0
    let first = max(0, min(cell - 1, count - 4))
    let last = min(count, first + 4)
    var (a, b) = (0.0, 0.0)
    for i in first..<last {
      var weight = 1.0
      for j in first..<last where j != i { weight *= (place - Double(j)) / Double(i - j) }
      a += weight * upper[i]
      b += weight * lower[i]
    }
    point.upper = -max(0, a).squareRoot()
    point.lower = min(point.upper, logLowest + b)
  }

  /// The premium of today, ρ e^(−ρs) N(−d₂) − κ m e^(−κs) N(−d₁) summed, and its first four derivatives in m.
  ///
  /// With e^(−ρs) φ(d₂) = (m/b) e^(−κs) φ(d₁) and A = e^(−κs) φ(d₁)/(v√s) the first is −κ e^(−κs) N(−d₁) + A(κ − ρ/b);
  /// the rest follows by A′ = −A d₁/(m v√s).
  private func premium(_ m: Double) -> [Double] {
    var sums = [0.0, 0, 0, 0, 0]
    let logM = Elementary.log(m)
    for point in points(time: 1, end: isClosed ? end : 1) {
      for (bound, sign) in [(point.upper, 1.0), (point.lower, -1.0)] {
        let weight = sign * point.weight
        let d1 = (logM - bound + point.drift) / point.root + point.root / 2
        let tail1 = point.yieldDiscount * Elementary.normalDistribution(-d1)
        let tail2 = point.rateDiscount * Elementary.normalDistribution(point.root - d1)
        let e = 1 / point.root
        let a = weight * point.yieldDiscount * Elementary.normalDensity(d1) * e
        let (x, square) = (e * d1, e * e)
        // As in the kernel of one boundary, whose c is this one's.
        let c = yield - rate * Elementary.exp(-bound)
        let q = yield - c * x
        let third = (x + 1) * q + c * square
        sums[0] += weight * (rate * tail2 - yield * m * tail1)
        sums[1] += a * c - yield * weight * tail1
        sums[2] += a * q / m
        sums[3] -= a * third / (m * m)
        sums[4] += a * ((x + 2) * third - square * (q - (x + 1) * c)) / (m * m * m)
      }
    }
    return sums
  }

  /// Whether a put of this moneyness is exercised today.
  func isExercised(_ m: Double) -> Bool {
    guard !isClosed, let u = upper.last, let l = lower.last else { return false }
    return m <= Elementary.exp(-max(0, u).squareRoot()) && m >= Elementary.exp(logLowest + l)
  }

  /// V/K in the continuation region and its first four derivatives in m.
  func figures(_ put: ScaledPut) -> [Double] {
    let m = put.moneyness
    let premium = premium(m)
    let d1 = (Elementary.log(m) + rate - yield) / deviation + deviation / 2
    let x = d1 / deviation
    let ek = Elementary.exp(-yield)
    let gamma = ek * Elementary.normalDensity(d1) / (deviation * m)
    let european = [
      put.european, -ek * Elementary.normalDistribution(-d1), gamma, -gamma * (x + 1) / m,
      gamma * ((x + 1) * (x + 2) - 1 / (deviation * deviation)) / (m * m),
    ]
    return zip(european, premium).enumerated().map { order, pair in
      pair.0 + (order == 0 ? max(0, pair.1) : pair.1)
    }
  }
}

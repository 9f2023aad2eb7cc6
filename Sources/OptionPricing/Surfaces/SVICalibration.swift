import MarketModel
import RiskNumerics

/// A slice fitted to quotes.
public struct SliceFit: Hashable, Sendable {
  public let slice: SVISlice
  public let error: FitError
  /// Whether arbitrage had to be kept out: the best free fit had some.
  public let isConstrained: Bool
}

/// Fits raw SVI to the quotes of one expiry.
///
/// Starts come from the quasi-explicit split (De Marco and Martini 2009, Zeliade): for given m and σ the slice is
/// linear in its other three parameters. From the best of them Levenberg and Marquardt's method follows all
/// five, in coordinates in which every point is a proper slice: the logarithms of the least total variance and of
/// σ, m, and both wing slopes between those of the earlier slice and Lee's bound of 2. Where the fit still has a
/// butterfly or crosses the earlier slice, the violation joins the residuals with a growing weight, and what
/// rounding leaves of a crossing is closed by raising the slice.
public enum SVICalibration {
  /// The fit of a slice.
  ///
  /// - Parameters:
  ///   - quotes: at least 5.
  ///   - years: to expiry; > 0.
  ///   - earlier: the slice of the expiry before, which this one must not cross; nil for the first.
  ///   - allowsArbitrage: whether the best fit is taken whatever it allows.
  /// - Returns: the fit; without arbitrage of its own or with `earlier` wherever the search found such a slice,
  ///   which `SurfaceArbitrage` tells.
  /// - Throws: `CalibrationError`.
  /// - Complexity: some 10⁶ operations a slice of 50 quotes, a few milliseconds.
  public static func fit(
    _ quotes: [SmileQuote], years: Double, above earlier: SVISlice? = nil, allowsArbitrage: Bool = false
  ) throws(CalibrationError) -> SliceFit {
    guard years > 0, years.isFinite else { throw .invalidTime }
    for (place, q) in quotes.enumerated() {
      let isRight = q.volatility > 0 && q.volatility.isFinite && q.weight > 0 && q.weight.isFinite
      guard isRight, q.logMoneyness.isFinite else { throw .invalidQuote(place) }
    }
    guard quotes.count >= 5 else { throw .tooFewQuotes(found: quotes.count, needed: 5) }
    var problem = SliceProblem(quotes, years: years, earlier: allowsArbitrage ? nil : earlier)
    let first = SliceStarts.all(quotes, years: years) + problem.continued()
    guard var free = problem.search(from: first, pressure: 0) else { throw .noFit }
    // The preference for flat wings gives way where the quotes have a clear opinion.
    if let exact = problem.search(from: [free], pressure: 0, prefersFlatWings: false),
      problem.error(exact) < 0.7 * problem.error(free)
    {
      free = exact
    }
    let slice = allowsArbitrage ? free : problem.constrained(free)
    return SliceFit(
      slice: slice, error: FitError(of: slice, quotes, years: years), isConstrained: slice != free)
  }
}

/// The residuals of one slice in its coordinates.
struct SliceProblem {
  let quotes: [SmileQuote]
  let years: Double
  let earlier: SVISlice?
  private let roots: [Double]
  private let low: Double
  private let high: Double
  /// sinh of the grid on which violations are measured.
  private let places: [Double]
  private let ordered: [Double]
  /// ln(K/F) where a butterfly was seen between the places.
  private var watched: [Double] = []

  init(_ quotes: [SmileQuote], years: Double, earlier: SVISlice?) {
    self.quotes = quotes
    self.years = years
    self.earlier = earlier
    let total = quotes.reduce(0) { $0 + $1.weight }
    roots = quotes.map { ($0.weight / total).squareRoot() }
    low = quotes.map(\.logMoneyness).min() ?? 0
    high = quotes.map(\.logMoneyness).max() ?? 0
    places = (0...80).map { i in
      let e = Elementary.exp(-8 + Double(i) / 5)
      return (e - 1 / e) / 2
    }
    ordered = earlier.map { slice in (0...60).map { slice.place(-6 + Double($0) / 5) } } ?? []
  }

  /// Measures butterflies at one more place, and beside it.
  mutating func watch(_ k: Double) {
    let width = 0.02 * (high - low) + 1e-3
    watched += [k, k - width, k + width]
  }

  // MARK: Coordinates

  /// The slice at a point.
  func slice(_ x: [Double]) -> SVISlice {
    let sigma = Elementary.exp(min(max(x[4], -9.2), 3))
    let left = wing(x[1], earlier?.leftSlope ?? 0)
    let right = wing(x[2], earlier?.rightSlope ?? 0)
    let b = (left + right) / 2
    let rho = (right - left) / (right + left)
    let width = high - low + 0.1
    let m = min(max(x[3], low - width), high + width)
    let least = Elementary.exp(min(max(x[0], -30), 5))
    return SVISlice(
      a: least - b * sigma * max(0, 1 - rho * rho).squareRoot(), b: b, rho: rho, m: m, sigma: sigma)
  }

  private func wing(_ x: Double, _ floor: Double) -> Double {
    let floor = min(max(floor, 0), 1.999)
    return floor + (2 - floor) / (1 + Elementary.exp(-min(max(x, -30), 30)))
  }

  /// The point of a slice, or the nearest one that has a point.
  func point(_ slice: SVISlice) -> [Double] {
    func wing(_ slope: Double, _ floor: Double) -> Double {
      let floor = min(max(floor, 0), 1.999)
      let share = min(max((slope - floor) / (2 - floor), 1e-6), 1 - 1e-6)
      return Elementary.log(share / (1 - share))
    }
    return [
      Elementary.log(max(slice.minimum, 1e-10)), wing(slice.leftSlope, earlier?.leftSlope ?? 0),
      wing(slice.rightSlope, earlier?.rightSlope ?? 0), slice.parameters.m,
      Elementary.log(max(slice.parameters.sigma, 1e-4)),
    ]
  }

  // MARK: Search

  /// The earlier slice lifted to these quotes: a start from which nothing has to cross.
  func continued() -> [SVISlice] {
    guard let earlier,
      let money = quotes.min(by: { abs($0.logMoneyness) < abs($1.logMoneyness) })
    else { return [] }
    let p = earlier.parameters
    let w = money.volatility * money.volatility * years
    let lift = max(0, w - earlier.totalVariance(money.logMoneyness))
    let growth = max(1, w / max(earlier.totalVariance(money.logMoneyness), 1e-12))
    return [
      SVISlice(a: p.a + lift, b: p.b, rho: p.rho, m: p.m, sigma: p.sigma),
      SVISlice(
        a: p.a * growth, b: p.b * growth.squareRoot(), rho: p.rho, m: p.m * growth.squareRoot(),
        sigma: p.sigma * growth.squareRoot()),
    ]
  }

  /// The weighted error of a slice.
  func error(_ slice: SVISlice) -> Double {
    FitError(of: slice, quotes, years: years).weightedRootMeanSquare
  }

  /// The best slice found from the starts; nil where none gives a finite error.
  func search(from starts: [SVISlice], pressure: Double, prefersFlatWings: Bool = true) -> SVISlice? {
    let extra = 2 + (pressure > 0 ? places.count + watched.count + ordered.count : 0)
    var best: LeastSquaresFit?
    for start in starts {
      let found = LevenbergMarquardt.minimise(from: point(start), count: quotes.count + extra) { x, r in
        residuals(slice(x), pressure, prefersFlatWings ? 1e-3 : 0, &r)
      }
      if found.cost.isFinite, found.cost < best?.cost ?? .infinity { best = found }
    }
    return best.map { slice($0.parameters) }
  }

  private func residuals(_ slice: SVISlice, _ pressure: Double, _ flatness: Double, _ r: inout [Double]) {
    for (i, quote) in quotes.enumerated() {
      let w = max(slice.totalVariance(quote.logMoneyness), 0)
      r[i] = roots[i] * ((w / years).squareRoot() - quote.volatility)
    }
    // Quotes that see only the middle leave the wings open: none steeper than √w(0) without need, because
    // every later slice has to be as steep.
    let money = max(slice.totalVariance(0), 1e-12).squareRoot()
    var next = quotes.count + 2
    r[next - 2] = flatness * max(0, slice.leftSlope / money - 1)
    r[next - 1] = flatness * max(0, slice.rightSlope / money - 1)
    guard pressure > 0 else { return }
    let scale = 0.01 * pressure
    for k in places.map({ slice.parameters.m + slice.parameters.sigma * $0 }) + watched {
      // A margin, so that the search ends inside.
      let g = slice.density(k)
      r[next] = g.isFinite ? scale * max(0, 2e-3 - g) : 1e3
      next += 1
    }
    guard let earlier else { return }
    for k in ordered {
      let (w, floor) = (max(slice.totalVariance(k), 0), earlier.totalVariance(k))
      let short = (max(floor, 0) / years).squareRoot() - (w / years).squareRoot()
      r[next] = pressure * max(0, short)
      next += 1
    }
  }

  // MARK: Arbitrage

  func isFree(_ slice: SVISlice) -> Bool {
    SurfaceArbitrage.butterfly(slice).isFree
      && (earlier.map { SurfaceArbitrage.calendar($0, slice).isFree } ?? true)
  }

  /// The slice lifted until it lies on or above the earlier one.
  func raised(_ slice: SVISlice) -> SVISlice {
    guard let earlier else { return slice }
    let least = SurfaceArbitrage.calendar(earlier, slice).leastDifference
    guard least < 0 else { return slice }
    let p = slice.parameters
    return SVISlice(a: p.a - least * (1 + 1e-9) + 1e-15, b: p.b, rho: p.rho, m: p.m, sigma: p.sigma)
  }

  /// The nearest slice without arbitrage to a free fit.
  ///
  /// Searches under growing pressure give candidates; one that still has a little arbitrage is drawn towards a
  /// slice that has none until it has none either. The candidate with the least error wins.
  mutating func constrained(_ free: SVISlice) -> SVISlice {
    if isFree(free) { return free }
    var candidates = [raised(free)]
    var pressure = 1.0
    var slice = free
    while pressure < 2e3 {
      let others = pressure > 1 ? [] : [withoutButterfly(free)].compactMap(\.self) + continued()
      slice = raised(search(from: [slice] + others, pressure: pressure) ?? slice)
      candidates.append(slice)
      if isFree(slice) { break }
      // Where the grid was too coarse to see the violation.
      let least = slice.leastDensity
      if least.value < 0, least.value.isFinite { watch(least.logMoneyness) }
      pressure *= 10
    }
    let anchors = (continued() + [withoutButterfly(free), withoutButterfly(slice)].compactMap(\.self))
      .map(raised).filter(isFree)
    let found = (candidates.compactMap { drawn($0, towards: anchors) } + anchors)
      .min { error($0) < error($1) }
    return found ?? slice
  }

  /// The point nearest a candidate without arbitrage on the way from it to the best of the anchors.
  private func drawn(_ candidate: SVISlice, towards anchors: [SVISlice]) -> SVISlice? {
    if isFree(candidate) { return candidate }
    guard let anchor = anchors.min(by: { error($0) < error($1) }) else { return nil }
    let (from, to) = (point(candidate), point(anchor))
    func between(_ share: Double) -> SVISlice {
      raised(slice(zip(from, to).map { $0 + ($1 - $0) * share }))
    }
    var (low, high) = (0.0, 1.0)
    var best: SVISlice?
    for _ in 0..<14 {
      let middle = (low + high) / 2
      let trial = between(middle)
      if isFree(trial) { (high, best) = (middle, trial) } else { low = middle }
    }
    return best
  }

  /// The repair of Gatheral and Jacquier (2014), section 5.1.
  func withoutButterfly(_ slice: SVISlice) -> SVISlice? {
    slice.jumpWings(years: years).flatMap { SVISlice($0.withoutButterfly, years: years) }
  }
}

/// Starts by the quasi-explicit split.
enum SliceStarts {
  /// The three best of a grid over m and σ.
  static func all(_ quotes: [SmileQuote], years: Double) -> [SVISlice] {
    let low = quotes.map(\.logMoneyness).min() ?? 0
    let high = quotes.map(\.logMoneyness).max() ?? 0
    let width = max(high - low, 1e-3)
    var found: [(cost: Double, slice: SVISlice)] = []
    for i in 0...8 {
      for share in [0.01, 0.03, 0.1, 0.25, 0.5, 1, 2] {
        guard
          let slice = linear(quotes, years, m: low + width * Double(i) / 8, sigma: width * share)
        else { continue }
        let error = FitError(of: slice, quotes, years: years).weightedRootMeanSquare
        if error.isFinite { found.append((error, slice)) }
      }
    }
    found.sort { $0.cost < $1.cost }
    return found.prefix(3).map(\.slice)
  }

  /// The best slice with this m and σ: w = a + D y + C √(y² + 1), y = (k − m)/σ, pressed into its bounds.
  private static func linear(_ quotes: [SmileQuote], _ years: Double, m: Double, sigma: Double) -> SVISlice? {
    var matrix = Matrix(rowCount: quotes.count, columnCount: 3)
    var right: [Double] = []
    for (row, quote) in quotes.enumerated() {
      // A difference in w is 2σT times one in σ.
      let scale = quote.weight.squareRoot() / (2 * quote.volatility * years)
      let y = (quote.logMoneyness - m) / sigma
      matrix[row, 0] = scale
      matrix[row, 1] = scale * y
      matrix[row, 2] = scale * (y * y + 1).squareRoot()
      right.append(scale * quote.volatility * quote.volatility * years)
    }
    guard let x = try? LinearLeastSquares.solve(matrix, right) else { return nil }
    let mean = quotes.reduce(0) { $0 + $1.volatility * $1.volatility * years } / Double(quotes.count)
    var (d, c) = (x[1], max(x[2], abs(x[1]) * 1.001, 1e-6 * mean))
    let steep = (c + abs(d)) / (1.99 * sigma)
    if steep > 1 { (d, c) = (d / steep, c / steep) }
    let floor = 1e-4 * mean - (c * c - d * d).squareRoot()
    return SVISlice(a: max(x[0], floor), b: c / sigma, rho: d / c, m: m, sigma: sigma)
  }
}

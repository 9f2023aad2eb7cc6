import MarketModel
import RiskNumerics

/// What the right to exercise early adds to one European option, as a function of spot, at fixed volatility
/// and time.
///
/// Whoever needs an American option at thousands of spots (paths, shocked states) prices the European one
/// there and adds this: below the exercise boundary the worth is exercise itself, beyond it the premium is a
/// Chebyshev polynomial in ln S, above the upper end it is nothing. For a put; calls by the symmetry of
/// `AmericanOption`. The polynomial meets the pricer's values within 2·10⁻⁴ of the
/// strike or spot, mostly a tenth of that, for volatilities from 5 % to 150 %; where both rates are below zero and
/// exercise pays between two spots, within 10⁻³.
public struct ExercisePremium: Sendable {
  /// A value and its first two derivatives in spot.
  public struct Slope: Hashable, Sendable {
    public var value: Double
    public var first: Double
    public var second: Double
  }

  private let isCall: Bool
  private let strike: Double
  /// ln(S/K) of the put at and below which it is exercised; nil where that is nowhere.
  private let boundary: Double?
  private let low: Double
  private let high: Double
  private let coefficients: [Double]
  /// In place of all that where the underlying pays at single instants.
  private let table: DividendPremium?

  private static let nodeCount = 32
  private static let bisections = 22
  /// Of the pricer, in strikes: waiting that adds less is not told from exercise.
  private static let pricerError = 1.5e-5

  /// Tabulates an option; nil where early exercise never pays, and the European value is all there is.
  ///
  /// - Parameters: as of `AmericanOption.value`; strike > 0, all finite.
  /// - Complexity: 33 options of the fast scheme in vectors; some 55 trees where exercise pays between two spots.
  public init?(
    isCall: Bool, strike: Double, years: Double, volatility: Double, rate: Double, dividendYield: Double
  ) {
    let put = BinomialPut(
      years: years, volatility: volatility, rate: isCall ? dividendYield : rate,
      yield: isCall ? rate : dividendYield)
    guard put.isEverExercised, strike > 0, volatility.isFinite, rate.isFinite, dividendYield.isFinite else {
      return nil
    }
    self.isCall = isCall
    self.strike = strike
    table = nil
    let spread = max(put.deviation, 1e-6)
    let drift = abs((put.rate - put.yield) * years)
    // Exercise gains r − q·S: never above r/q, and by the holder's choice never above the strike.
    let most = put.yield > 0 && put.yield > put.rate ? Elementary.log(put.rate / put.yield) : 0
    if put.rate > 0 {
      let found =
        Self.spectralBoundary(of: put) ?? Self.boundary(of: put, below: most, spread: spread, drift: drift)
      boundary = found
      low = found
      high = max(found + 8 * spread, min(6 * spread + drift, found + 16 * spread))
    } else {
      // Exercise only between two spots: no single boundary.
      boundary = nil
      low = -8 * spread - drift
      high = 8 * spread + drift
    }
    coefficients = Self.chebyshev(from: low, to: high) { nodes in Self.premiums(of: put, at: nodes) }
  }

  init(table: DividendPremium, isCall: Bool, strike: Double) {
    self.isCall = isCall
    self.strike = strike
    self.table = table
    (boundary, low, high, coefficients) = (nil, 0, 0, [])
  }

  /// The American value at a spot.
  ///
  /// - Parameters:
  ///   - european: the European value there, in any unit.
  ///   - spot: > 0, quote asset.
  ///   - scale: the unit of `european` per quote asset; the default is 1.
  public func value(european: Double, spot: Double, scale: Double = 1) -> Double {
    let intrinsic = max(0, isCall ? spot - strike : strike - spot) * scale
    if let table {
      let y = Elementary.log(spot / strike)
      if table.isExercised(y) { return intrinsic }
      return max(intrinsic, european + scale * strike * table.derivatives(y).value)
    }
    let (y, unit) = place(of: spot)
    if let boundary, y <= boundary { return intrinsic }
    guard y >= low, y <= high else { return max(intrinsic, european) }
    return max(intrinsic, european + scale * unit * max(0, sum(y)))
  }

  /// Whether the option is exercised at a spot.
  public func isExercised(at spot: Double) -> Bool {
    if let table { return table.isExercised(Elementary.log(spot / strike)) }
    return boundary.map { place(of: spot).y <= $0 } ?? false
  }

  /// ln(S/K) of the put behind the option, and the unit its premium is counted in.
  private func place(of spot: Double) -> (y: Double, unit: Double) {
    let y = Elementary.log(spot / strike)
    return isCall ? (-y, spot) : (y, strike)
  }

  /// The premium and its derivatives in spot; zero where the option is exercised or the premium is nothing.
  public func premium(at spot: Double) -> Slope {
    if let table {
      let y = Elementary.log(spot / strike)
      guard !table.isExercised(y) else { return Slope(value: 0, first: 0, second: 0) }
      let (p, d, dd) = table.derivatives(y)
      return Slope(value: strike * p, first: strike * d / spot, second: strike * (dd - d) / (spot * spot))
    }
    let (y, _) = place(of: spot)
    guard y > (boundary ?? -.infinity), y >= low, y <= high else {
      return Slope(value: 0, first: 0, second: 0)
    }
    let (p, d, dd) = derivatives(y)
    if isCall {
      // P(S) = S·p(−ln(S/K))
      return Slope(value: spot * p, first: p - d, second: (dd - d) / spot)
    }
    return Slope(value: strike * p, first: strike * d / spot, second: strike * (dd - d) / (spot * spot))
  }

  /// Clenshaw's sum.
  private func sum(_ y: Double) -> Double {
    let x = (2 * y - low - high) / (high - low)
    var (b1, b2) = (0.0, 0.0)
    for c in coefficients.dropFirst().reversed() { (b1, b2) = (2 * x * b1 - b2 + c, b1) }
    return x * b1 - b2 + (coefficients.first ?? 0)
  }

  /// The sum and its derivatives in y, by the recurrences of T, T' and T''.
  private func derivatives(_ y: Double) -> (Double, Double, Double) {
    let slope = 2 / (high - low)
    let x = (2 * y - low - high) / (high - low)
    var (t0, t1, d0, d1, e0, e1) = (1.0, x, 0.0, 1.0, 0.0, 0.0)
    var (p, d, e) = (coefficients.first ?? 0, 0.0, 0.0)
    for c in coefficients.dropFirst() {
      p += c * t1
      d += c * d1
      e += c * e1
      let (t2, d2, e2) = (2 * x * t1 - t0, 2 * t1 + 2 * x * d1 - d0, 4 * d1 + 2 * x * e1 - e0)
      (t0, t1, d0, d1, e0, e1) = (t1, t2, d1, d2, e1, e2)
    }
    return (p, d * slope, e * slope * slope)
  }
}

extension ExercisePremium {
  /// Where exercise begins, from the integral equation; nil where it has no single boundary to solve for.
  private static func spectralBoundary(of put: BinomialPut) -> Double? {
    let middle = put.scaled(at: 0)
    guard middle.kind == .single else { return nil }
    var batch = PutBatch()
    batch.append(middle, row: 0)
    guard let boundary = batch.solve(scheme: .fast).boundaries.first, boundary > 0 else { return nil }
    return Elementary.log(boundary)
  }

  /// What early exercise adds at each ln(S/K), per unit of strike.
  private static func premiums(of put: BinomialPut, at nodes: [Double]) -> [Double] {
    var batch = PutBatch()
    var values = nodes.enumerated().map { place, y in
      let scaled = put.scaled(at: y)
      if scaled.kind == .single {
        batch.append(scaled, row: place)
        return 0.0
      }
      return scaled.direct ?? put.value(logMoneyness: y)
    }
    let solved = batch.solve(scheme: .fast)
    for (index, place) in batch.rows.enumerated() {
      let scaled = batch.puts[index]
      values[place] =
        scaled.moneyness <= solved.boundaries[index]
        ? scaled.intrinsic : max(scaled.intrinsic, solved.values[index])
    }
    return zip(nodes, values).map { y, value in max(0, value - put.european(y)) }
  }

  /// Where exercise begins, by bisection on whether waiting is worth more.
  private static func boundary(
    of put: BinomialPut, below most: Double, spread: Double, drift: Double
  ) -> Double {
    var high = most
    // The perpetual option's boundary lies below that of any shorter one.
    let variance = put.volatility * put.volatility
    let shift = variance > 0 ? (put.rate - put.yield) / variance - 0.5 : 0
    let root =
      variance > 0 ? -shift - (shift * shift + 2 * put.rate / variance).squareRoot() : -Double.infinity
    let perpetual = root.isFinite ? Elementary.log(root / (root - 1)) : -.infinity
    var low = max(perpetual, most - 30 * spread - drift) - 1e-6
    guard low < high else { return high }
    for _ in 0..<bisections {
      let middle = (low + high) / 2
      // The two touch: a value within the pricer's error of exercise counts as exercise.
      if put.value(logMoneyness: middle) + Elementary.expMinusOne(middle) <= Self.pricerError {
        low = middle
      } else {
        high = middle
      }
      if high - low < 1e-4 * spread { break }
    }
    return low
  }

  /// Coefficients of the interpolant at the Chebyshev points of the first kind.
  private static func chebyshev(
    from low: Double, to high: Double, _ function: ([Double]) -> [Double]
  ) -> [Double] {
    let angle = Double.pi / Double(nodeCount)
    let cosines = (0..<4 * nodeCount).map { cosine(Double($0) * angle / 2) }
    let values = function(
      (0..<nodeCount).map { (low + high) / 2 + (high - low) / 2 * cosines[2 * $0 + 1] })
    return (0..<nodeCount).map { order in
      var sum = 0.0
      for node in 0..<nodeCount { sum += values[node] * cosines[order * (2 * node + 1) % (4 * nodeCount)] }
      return sum * (order == 0 ? 1 : 2) / Double(nodeCount)
    }
  }

  /// cos of an angle in [0, 2π], by its series around the nearest multiple of π.
  private static func cosine(_ angle: Double) -> Double {
    let turns = (angle / Double.pi).rounded()
    let x = angle - turns * Double.pi
    let square = x * x
    var (sum, term) = (1.0, 1.0)
    for order in 1...14 {
      term *= -square / Double((2 * order - 1) * (2 * order))
      sum += term
    }
    return turns == 1 ? -sum : sum
  }
}

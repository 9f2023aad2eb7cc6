import RiskNumerics
import Testing

/// Forms of n coordinates with coefficients that look random and are not.
private func patterned(_ n: Int, sign: Double? = nil, degreesOfFreedom: Double? = nil) throws -> QuadraticForm
{
  let linear = (1...n).map { Double((37 * $0) % 101 - 50) / 25 }
  let quadratic = (1...n).map { Double((53 * $0) % 103 - 51) / 60 }
  return try #require(
    QuadraticForm(
      constant: 0, linear: linear, quadratic: sign.map { s in quadratic.map { s * abs($0) } } ?? quadratic,
      degreesOfFreedom: degreesOfFreedom))
}

/// A sum of noncentral chi-squares and its probability P(Q < x).
struct WeightedSquares: Sendable {
  let weights: [Double]
  let counts: [Int]
  let centers: [Double]
  let x: Double
  let expected: Double

  init(_ weights: [Double], _ counts: [Int], _ centers: [Double], _ x: Double, _ expected: Double) {
    (self.weights, self.counts, self.centers) = (weights, counts, centers)
    (self.x, self.expected) = (x, expected)
  }

  /// The last is Imhof's (1961): P(Q > 2) = 0.12395907.
  static let davies: [WeightedSquares] = [
    .init([6, 3, 1], [2, 2, 2], [0, 0, 0], 2, 0.00645288),
    .init([6, 3, 1], [2, 2, 2], [0, 0, 0], 60, 0.98389703),
    .init([6, 3, 1], [6, 4, 2], [0, 0, 0], 50, 0.56474937),
    .init([7, 3], [6, 2], [6, 2], 20, 0.00611797),
    .init([7, 3], [6, 2], [6, 2], 100, 0.59134212),
    .init([7, 3], [1, 1], [6, 2], 10, 0.04512719),
    .init([7, 3], [1, 1], [6, 2], 60, 0.59243457),
    .init([7, 3, -7, -3], [6, 2, 1, 1], [6, 2, 6, 2], -40, 0.07820795),
    .init([7, 3, -7, -3], [6, 2, 1, 1], [6, 2, 6, 2], 40, 0.52210669),
    .init([0.6, 0.3, 0.1], [1, 1, 1], [0, 0, 0], 2, 0.87604093),
  ]
}

@Suite struct QuadraticFormTests {
  @Test(
    "weighted chi-squares have Davies' probabilities (1980, table 3), recomputed to eight digits",
    arguments: WeightedSquares.davies)
  func davies(_ squares: WeightedSquares) throws {
    let (weights, counts, centers) = (squares.weights, squares.counts, squares.centers)
    // w·χ²(n, δ): one coordinate carries the noncentrality, w(z + √δ)² = wδ + 2w√δ z + wz².
    var (constant, linear, quadratic) = (0.0, [Double](), [Double]())
    for ((weight, count), center) in zip(zip(weights, counts), centers) {
      constant += weight * center
      for copy in 0..<count {
        linear.append(copy == 0 ? 2 * weight * center.squareRoot() : 0)
        quadratic.append(weight)
      }
    }
    let form = try #require(QuadraticForm(constant: constant, linear: linear, quadratic: quadratic))
    let found = form.distribution(squares.x)
    #expect(abs(found.value - squares.expected) < 6e-9)
    #expect(found.error < 1e-11)
  }

  @Test(
    "quantiles of many coordinates are those of Imhof's integral by adaptive quadrature (SciPy)",
    arguments: [
      (5, false, 4.963082405049719), (5, true, 3.7308955331306453), (10, false, 5.504235379473551),
      (10, true, 3.563665671435668), (100, false, 31.610239796004713), (100, true, -13.041060367812358),
    ])
  func imhof(count: Int, isNegative: Bool, expected: Double) throws {
    let tail = try #require(try patterned(count, sign: isNegative ? -1 : nil).upperTail(ofProbability: 0.01))
    // The quadrature is good to some 1e-11 of the density.
    #expect(abs(tail.quantile.value - expected) < 1e-8)
    #expect(tail.quantile.error < 1e-9)
  }

  @Test("a t law is the mixture of normal ones over chi-square (97 trapezoid nodes in log Y, SciPy)")
  func mixture() throws {
    let tail = try #require(try patterned(10, degreesOfFreedom: 4).upperTail(ofProbability: 0.05))
    #expect(abs(tail.quantile.value - 3.2590428402) < 1e-8)
  }

  @Test("a linear form has the quantiles of Student's t")
  func student() throws {
    let form = try #require(
      QuadraticForm(constant: 1, linear: [3, 4], quadratic: [0, 0], degreesOfFreedom: 4))
    // t₄: 3.7469473879791963 at 99 % (SciPy 1.14); ES = f(q)(ν + q²)/((ν − 1)p).
    let tail = try #require(form.upperTail(ofProbability: 0.01))
    #expect(abs(tail.quantile.value - (1 + 5 * 3.7469473879791963)) < 1e-11)
    let q = 3.7469473879791963
    #expect(abs((tail.expectedShortfall.value - 1) / 5 - tail.density * 5 * (4 + q * q) / (3 * 0.01)) < 1e-10)
  }

  @Test("one square of a t variable is two tails of it", arguments: [2.1, 3, 4, 30, 250])
  func oneSquare(nu: Double) throws {
    let line = try #require(QuadraticForm(constant: 0, linear: [1], quadratic: [0], degreesOfFreedom: nu))
    for lambda in [0.3, -0.3, 2, 1e-3] {
      let form = try #require(
        QuadraticForm(constant: 0, linear: [1], quadratic: [lambda], degreesOfFreedom: nu))
      for x in [0.1, 0.7, 2, 5] {
        let square: Double = 1 + 4 * lambda * x
        var expected = 0.0
        if square >= 0 {
          let root = square.squareRoot()
          let a: Double = (root - 1) / (2 * lambda)
          let b: Double = (0 - root - 1) / (2 * lambda)
          if lambda > 0 {
            expected = line.upperTail(a).value + line.distribution(b).value
          } else {
            expected = line.upperTail(min(a, b)).value - line.upperTail(max(a, b)).value
          }
        }
        let found = form.upperTail(x)
        #expect(abs(found.value - expected) < 1e-11 + found.error, "λ \(lambda), x \(x)")
      }
    }
  }

  @Test("a square has the quantiles of chi-square, from either side")
  func square() throws {
    let up = try #require(QuadraticForm(constant: 0, linear: [0], quadratic: [1]))
    let tail = try #require(up.upperTail(ofProbability: 0.01))
    // χ²₁ at 99 %; ORE's testCase002 is half of it: 3317448.3005106077 for Γ = 1 and a variance of 10⁶.
    #expect(abs(tail.quantile.value - 2 * 3.3174483005106077) < 1e-11)
    let down = try #require(QuadraticForm(constant: 0, linear: [0], quadratic: [-1]))
    let least = try #require(down.upperTail(ofProbability: 0.01))
    #expect(abs(least.quantile.value + 1.5708785790970184e-4) < 1e-14)
    #expect(down.supremum == 0 && up.supremum == .infinity)
    #expect(down.upperTail(0).value == 0 && down.upperTail(1).value == 0 && up.distribution(-1).value == 0)
  }

  @Test("a constant, a normal law, and forms next to them")
  func degenerate() throws {
    let constant = try #require(QuadraticForm(constant: 5, linear: [0], quadratic: [0]))
    let fixed = try #require(constant.upperTail(ofProbability: 0.01))
    #expect(fixed.quantile.value == 5 && fixed.quantile.error == 0 && fixed.expectedShortfall.value == 5)
    #expect(constant.distribution(5).value == 1 && constant.upperTail(5).value == 0)
    #expect(try #require(QuadraticForm(constant: 5, linear: [], quadratic: [])).mean == 5)
    for (lambda, other) in [(1e-6, 0.0), (-1e-6, 0), (1e-12, 1e-30), (-1e-17, 1e-300)] {
      let form = try #require(QuadraticForm(constant: 0, linear: [1, 0], quadratic: [lambda, other]))
      let tail = try #require(form.upperTail(ofProbability: 0.01))
      // To first order in λ the quantile is z + λz².
      #expect(abs(tail.quantile.value - (2.3263478740408408 + 5.411894431054342 * lambda)) < 1e-10)
    }
    #expect(QuadraticForm(constant: .nan, linear: [], quadratic: []) == nil)
    #expect(QuadraticForm(constant: 0, linear: [1], quadratic: []) == nil)
    #expect(QuadraticForm(constant: 0, linear: [1], quadratic: [1], degreesOfFreedom: 2) == nil)
    #expect(constant.upperTail(ofProbability: 0) == nil)
  }

  @Test("quantiles scale with the form, over 600 orders of magnitude and with ratios of 10¹²")
  func scale() throws {
    for unit in [1e-290, 1e-12, 1e9, 1e290] {
      let linear = [1.0, 1e-12, -0.4]
      let quadratic = [0.5, -1e-12, -0.2]
      for nu in [nil, 5.0] {
        let small = try #require(
          QuadraticForm(constant: 0.25, linear: linear, quadratic: quadratic, degreesOfFreedom: nu))
        let large = try #require(
          QuadraticForm(
            constant: 0.25 * unit, linear: linear.map { unit * $0 }, quadratic: quadratic.map { unit * $0 },
            degreesOfFreedom: nu))
        let (a, b) = (
          try #require(small.upperTail(ofProbability: 0.01)),
          try #require(large.upperTail(ofProbability: 0.01))
        )
        #expect(abs(b.quantile.value / unit - a.quantile.value) < 1e-10)
        #expect(abs(b.expectedShortfall.value / unit - a.expectedShortfall.value) < 1e-10)
      }
    }
  }

  @Test("random forms: bounds hold back and forth, distributions rise, moments add up", arguments: 1...40)
  func laws(seed: Int) throws {
    var state = UInt64(seed)
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    let count = 1 + Int(next() * 6)
    let sign = next()
    let linear = (0..<count).map { _ in next() < 0.3 ? 0 : next() - 0.5 }
    var quadratic: [Double] = []
    for _ in 0..<count {
      let size = next() < 0.2 ? 0 : Elementary.exp(6 * (next() - 1))
      let isMixedNegative = next() < 0.5
      let isNegative = sign < 0.3 ? false : sign < 0.6 ? true : isMixedNegative
      quadratic.append(isNegative ? 0 - size : size)
    }
    let nu = next() < 0.5 ? nil : 2.2 + 20 * next()
    let form = try #require(
      QuadraticForm(constant: next() - 0.5, linear: linear, quadratic: quadratic, degreesOfFreedom: nu))
    let spread = form.normalCumulants.variance.squareRoot()
    guard spread > 0 else { return }
    var last = -1.0
    for step in -8...12 {
      let found = form.distribution(form.mean + 0.5 * Double(step) * spread)
      #expect(found.value >= last - found.error, "seed \(seed)")
      #expect(found.error < 1e-9, "seed \(seed)")
      last = found.value
    }
    for p in [0.6, 0.05, 0.01, 0.001] {
      let tail = try #require(form.upperTail(ofProbability: p), "seed \(seed), p \(p)")
      let (q, e) = (tail.quantile.value, tail.quantile.error)
      #expect(e < 1e-9 * (spread + abs(q)), "seed \(seed), p \(p)")
      // A contour of its own, laid elsewhere: it may not contradict the certificate.
      let (below, above) = (form.upperTail(q - 2 * e), form.upperTail(q + 2 * e))
      #expect(below.value + below.error >= p && above.value - above.error <= p, "seed \(seed), p \(p)")
      let size = spread + abs(q) + abs(tail.expectedShortfall.value)
      for (moments, expected) in [
        (tail.momentsAtQuantile(order: count), q),
        (tail.momentsInTail(order: count), tail.expectedShortfall.value),
      ] {
        var sum = form.constant
        for j in 0..<count {
          sum += linear[j] * moments.first[j] + quadratic[j] * moments.second[j * count + j]
        }
        #expect(abs(sum - expected) < 1e-7 * size, "seed \(seed), p \(p)")
      }
    }
  }

  @Test("parts of the quantile are its derivatives")
  func derivatives() throws {
    for nu in [nil, 4.0] {
      let (linear, quadratic) = ([0.7, -0.3, 0.5], [0.2, -0.4, 0.1])
      func tail(_ j: Int, _ db: Double, _ dl: Double) throws -> QuadraticTail {
        var (b, l) = (linear, quadratic)
        b[j] += db
        l[j] += dl
        let form = try #require(
          QuadraticForm(constant: 0, linear: b, quadratic: l, degreesOfFreedom: nu))
        return try #require(form.upperTail(ofProbability: 0.025))
      }
      let base = try tail(0, 0, 0)
      let (at, beyond) = (base.momentsAtQuantile(order: 3), base.momentsInTail(order: 3))
      let h = 1e-4
      for j in 0..<3 {
        let (up, down) = (try tail(j, h, 0), try tail(j, -h, 0))
        let (more, less) = (try tail(j, 0, h), try tail(j, 0, -h))
        func slope(_ a: QuadraticForm.Bounded, _ b: QuadraticForm.Bounded) -> Double {
          (a.value - b.value) / (2 * h)
        }
        #expect(abs(slope(up.quantile, down.quantile) - at.first[j]) < 1e-6)
        #expect(abs(slope(more.quantile, less.quantile) - at.second[4 * j]) < 1e-6)
        #expect(abs(slope(up.expectedShortfall, down.expectedShortfall) - beyond.first[j]) < 1e-6)
        #expect(abs(slope(more.expectedShortfall, less.expectedShortfall) - beyond.second[4 * j]) < 1e-6)
      }
    }
  }
}

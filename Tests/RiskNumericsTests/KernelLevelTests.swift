import RiskNumerics
import Testing

/// The only suite that changes the level; the others may run beside it, as levels share their bits.
@Suite("Kernel levels", .serialized)
struct KernelLevelTests {
  private static let arguments: [Double] = {
    var random = TestRandom(state: 7)
    var x: [Double] = [
      0, -0.0, .infinity, -.infinity, .nan, 0x1p-1074, -0x1p-1074, 0x1.8p-1030, -708.5, -720, -745.2, 709.8,
      710, 1e308,
      -1e308, 0.5, 1, -1, 38, -38, 0.9999999999999999, 37.7, -37.7, 800, -800, 1e-5,
    ]
    for _ in 0..<400 { x.append(random.uniform(-800, 800)) }
    for _ in 0..<400 { x.append(random.uniform(-3, 3)) }
    for _ in 0..<400 { x.append(random.uniform(0, 1)) }
    return x
  }()

  /// The results of the body at every level this processor has.
  private func levels(_ body: () -> [Double]) -> [[Double]] {
    let before = KernelLevel.current
    defer { KernelLevel.select(before) }
    return KernelLevel.allCases.compactMap { KernelLevel.select($0) ? body() : nil }
  }

  private func expectSame(_ name: String, _ body: () -> [Double]) {
    let results = levels(body)
    for result in results.dropFirst() { #expect(sameBits(result, results[0]), "\(name)") }
  }

  @Test("the best level can be chosen, and choosing is seen")
  func choosing() {
    let before = KernelLevel.current
    #expect(KernelLevel.select(.best) && KernelLevel.current == .best)
    #expect(KernelLevel.select(.baseline) && KernelLevel.current == .baseline)
    #expect(KernelLevel.select(before) && KernelLevel.current == before)
  }

  @Test("columns have the same bits at every level, at every length, as the scalars")
  func columns() {
    let x = Self.arguments
    let functions: [(String, (Span<Double>, inout MutableSpan<Double>) -> Void, (Double) -> Double)] = [
      ("exp", { VectorMath.exp($0, into: &$1) }, { Elementary.exp($0) }),
      ("log", { VectorMath.log($0, into: &$1) }, { Elementary.log($0) }),
      ("N", { VectorMath.normalDistribution($0, into: &$1) }, { Elementary.normalDistribution($0) }),
      ("quantile", { VectorMath.normalQuantile($0, into: &$1) }, { Elementary.normalQuantile($0) }),
    ]
    for (name, vector, scalar) in functions {
      let scalars = x.map(scalar)
      let whole = levels { column(x.count) { vector(x.span, &$0) } }
      for result in whole { #expect(sameBits(result, scalars), "\(name)") }
      for (n, scalarAtLevel) in levels({ x.map(scalar) }).enumerated() {
        #expect(sameBits(scalarAtLevel, scalars), "\(name) scalar \(n)")
      }
      for length in 0...33 {
        for start in [0, 26, 431] {
          let part = Array(x[start..<(start + length)])
          for result in levels({ column(length) { vector(part.span, &$0) } }) {
            #expect(sameBits(result, Array(scalars[start..<(start + length)])), "\(name) \(length)")
          }
        }
      }
    }
  }

  @Test("Black's kernels have the same bits at every level and do not depend on the neighbours")
  func black() {
    var random = TestRandom(state: 5)
    var rows: [[Double]] = []
    for i in 0..<300 {
      rows.append([
        Elementary.exp(random.uniform(-5, 12)), Elementary.exp(random.uniform(-5, 12)),
        i % 10 == 0 ? 0 : Elementary.exp(random.uniform(-9, 5)), i % 2 == 0 ? 1 : -1,
      ])
    }
    rows.append([100, 100, 0, 1])
    rows.append([0, 100, 0.2, -1])
    rows.append([100, 0, 0.2, 1])
    let whole = levels { blackValues(rows) }
    for result in whole { #expect(sameBits(result, whole[0])) }
    #expect(sameBits(whole[0], rows.map { blackValues([$0])[0] }))

    let x = (0..<300).map { _ in random.uniform(-1, 1) }
    let m = x.map { Elementary.exp($0) }
    for (strike, deviation) in [(100.0, 0.2), (300, 0.01), (20, 3), (100, 0)] {
      for sign in [1.0, -1] {
        for length in [1, 3, 15, 16, 17, 33, 300] {
          expectSame("path") {
            column(length) {
              BlackKernels.path(
                logMultiplier: x.span, multiplier: m.span, forward: 100, strike: strike,
                standardDeviation: deviation, sign: sign, scale: 10, into: &$0)
            }
          }
        }
      }
    }
    let deviations = (0..<300).map { $0 % 40 == 0 ? 0 : Elementary.exp(random.uniform(-6, 1)) }
    for length in [1, 3, 15, 16, 17, 33, 300] {
      expectSame("path of volatilities") {
        column(length) {
          BlackKernels.path(
            logMultiplier: x.span, multiplier: m.span, standardDeviation: deviations.span, forward: 100,
            strike: 90, sign: -1, scale: 10, into: &$0)
        }
      }
    }
    let timed = rows.map { [$0[0], $0[1], $0[2], 0.3, $0[3]] }
    expectSame("greeks") { greekColumns(timed).flatMap { $0 } }
    expectSame("greeks alone") { timed.flatMap { greekColumns([$0]).flatMap { $0 } } }
  }

  @Test("options and implied volatilities have the same bits at every level, in every company")
  func options() {
    var random = TestRandom(state: 17)
    var rows: [[Double]] = []
    for i in 0..<400 {
      let spread = i % 3 == 0 ? 30.0 : 1
      rows.append([
        Elementary.exp(random.uniform(-2, 9)), 0, Elementary.exp(random.uniform(-9, 3)),
        i % 20 == 0 ? 0 : Elementary.exp(random.uniform(-6, 2)), random.uniform(-0.1, 0.2),
        random.uniform(-0.1, 0.2), i % 2 == 0 ? 1 : -1,
      ])
      rows[i][1] = i % 7 == 0 ? rows[i][0] : rows[i][0] * Elementary.exp(random.uniform(-spread, spread))
    }
    rows.append([0, 100, 1, 0.2, 0.05, 0, -1])
    rows.append([100, 0, 1, 0.2, 0.05, 0, 1])
    rows.append([1e-300, 1e300, 1, 90, 0.05, 0, 1])
    rows.append([100, 90, 1, 0.2, -900, 900, 1])
    for onForward in [false, true] {
      for figures in [6, 17, 19] {
        expectSame("european \(figures)") { optionFigures(rows, onForward: onForward, figures: figures) }
        let whole = optionFigures(rows, onForward: onForward, figures: figures)
        for count in [1, 2, 15, 17] {
          let part = optionFigures(Array(rows.prefix(count)), onForward: onForward, figures: figures)
          for c in 0..<figures {
            let from = Array(whole[(c * rows.count)..<(c * rows.count + count)])
            #expect(sameBits(Array(part[(c * count)..<((c + 1) * count)]), from), "\(count) \(c)")
          }
        }
      }
    }
    let prices = Array(optionFigures(rows, onForward: false, figures: 6).prefix(rows.count))
    let quotes = zip(rows, prices).map { row, price in row.enumerated().map { $0 == 3 ? price : $1 } }
    expectSame("implied") { volatilities(quotes).flatMap { [$0.0, Double($0.1)] } }
    let whole = volatilities(quotes)
    for (row, found) in zip(quotes, whole) {
      let alone = volatilities([row])[0]
      #expect(alone.0.bitPattern == found.0.bitPattern && alone.1 == found.1)
      let single = OptionKernels.impliedVolatility(
        price: row[3], asset: row[0], strike: row[1], years: row[2], rate: row[4], yield: row[5], sign: row[6]
      )
      #expect(single.volatility.bitPattern == found.0.bitPattern && single.outcome.rawValue == Int(found.1))
    }
  }

  @Test("row sums and normals have the same bits at every level")
  func sumsAndNormals() {
    var random = TestRandom(state: 3)
    let table = (0..<4000).map { _ in random.uniform(-10, 10) }
    let starts = (0..<23).map { _ in Int(random.next() % 3900) }
    let factors = (0..<23).map { _ in random.uniform(-3, 3) }
    for width in [0, 1, 2, 7, 16, 33, 64, 65, 100] {
      expectSame("gatherRows") {
        column(width) {
          VectorMath.gatherRows(
            table.span, rowStarts: starts.span, factors: factors.span, adding: 0.25, into: &$0)
        }
      }
      expectSame("addScaled") {
        column(width) { VectorMath.addScaled(0.1, table.span, to: &$0) }
      }
      expectSame("normals") {
        column(width) {
          RandomStream(seed: 99).normals(factor: 4, step: 2, firstPath: 13, into: &$0)
        }
      }
    }
  }

  @Test("American puts have the same bits at every level and do not depend on the neighbours")
  func american() {
    var random = TestRandom(state: 9)
    // Few: without fused steps in hardware an option of the accurate scheme takes milliseconds.
    let rows = (0..<9).map { _ in
      [
        random.uniform(0.7, 1.4), random.uniform(0.001, 0.3), random.uniform(-0.1, 0.3),
        random.uniform(0.02, 1),
      ]
    }
    for scheme in AmericanScheme.allCases {
      let part = scheme == .fast ? rows : Array(rows.prefix(3))
      let whole = levels { americanColumns(part, scheme) }
      for result in whole { #expect(sameBits(result, whole[0])) }
      let alone = part.map { americanColumns([$0], scheme)[0] }
      #expect(sameBits(Array(whole[0].prefix(part.count)), alone))
    }
  }

  /// Values, boundaries and derivatives one after the other.
  private func americanColumns(_ rows: [[Double]], _ scheme: AmericanScheme) -> [Double] {
    let (m, r) = (rows.map { $0[0] }, rows.map { $0[1] })
    let (q, v) = (rows.map { $0[2] }, rows.map { $0[3] })
    var value = [Double](repeating: 0, count: rows.count)
    var boundary = [Double](repeating: 0, count: rows.count)
    var derivatives = [Double](repeating: 0, count: 4 * rows.count)
    var valueSpan = value.mutableSpan
    var boundarySpan = boundary.mutableSpan
    var derivativeSpan = derivatives.mutableSpan
    AmericanKernels.puts(
      moneyness: m.span, rate: r.span, yield: q.span, deviation: v.span, scheme: scheme, value: &valueSpan,
      boundary: &boundarySpan, derivatives: &derivativeSpan)
    return value + boundary + derivatives
  }
}

import RiskNumerics
import Testing

@Suite("Black's formula in columns")
struct BlackKernelTests {
  @Test("values agree with 60-digit values down to 1e-290")
  func reference() {
    let rows = ElementaryReference.black
    for (value, row) in zip(blackValues(rows), rows) {
      // Far from the money the value is a difference of two quotients, of relative size σ√T / |d|; the
      // exponential adds d² roundings of ln(F/K) and of σ√T. Near the money the legs cancel.
      let d = (Elementary.log(row[0] / row[1]).magnitude / row[2]) + row[2]
      let condition = 20 + d / row[2] + d * d + 2 * max(row[0], row[1]) / row[4]
      #expect(relativeError(value, row[4]) < 4e-16 * condition, "\(row)")
    }
  }

  @Test("one option along a path of spots has the values of the moved forwards")
  func path() {
    var random = TestRandom(state: 21)
    let x = (0..<501).map { _ in random.uniform(-0.8, 0.8) }
    let m = x.map { Elementary.exp($0) }
    for (strike, deviation) in [(100.0, 0.2), (140, 0.05), (60, 1.5), (100, 0)] {
      for sign in [1.0, -1] {
        let along = column(x.count) {
          BlackKernels.path(
            logMultiplier: x.span, multiplier: m.span, forward: 100, strike: strike,
            standardDeviation: deviation, sign: sign, scale: 3, into: &$0)
        }
        let values = blackValues(m.map { [100 * $0, strike, deviation, sign] })
        for (a, v) in zip(along, values) { #expect((a - 3 * v).magnitude < 1e-12 * 300) }
      }
    }
  }

  @Test("one option along a path of spots and volatilities has the values of both moved")
  func movingVolatility() {
    var random = TestRandom(state: 23)
    let x = (0..<501).map { _ in random.uniform(-0.8, 0.8) }
    let m = x.map { Elementary.exp($0) }
    let deviation = x.indices.map { $0 % 50 == 0 ? 0 : Elementary.exp(random.uniform(-5, 1)) }
    for strike in [60.0, 100, 140] {
      for sign in [1.0, -1] {
        let along = column(x.count) {
          BlackKernels.path(
            logMultiplier: x.span, multiplier: m.span, standardDeviation: deviation.span, forward: 100,
            strike: strike, sign: sign, scale: 3, into: &$0)
        }
        let values = blackValues(zip(m, deviation).map { [100 * $0, strike, $1, sign] })
        for (a, v) in zip(along, values) { #expect((a - 3 * v).magnitude < 1e-12 * 300) }
      }
    }
  }

  @Test("call less put is forward less strike, values lie between intrinsic value and the larger leg")
  func laws() {
    var random = TestRandom(state: 22)
    for _ in 0..<3000 {
      let f = random.uniform(1, 200)
      let k = random.uniform(1, 200)
      let s = Elementary.exp(random.uniform(-8, 4))
      let pair = blackValues([[f, k, s, 1], [f, k, s, -1]])
      #expect((pair[0] - pair[1] - (f - k)).magnitude <= 8 * max(f, k) * 0x1p-52)
      #expect(pair[0] >= max(f - k, 0) - f * 0x1p-50 && pair[0] <= f)
      #expect(pair[1] >= max(k - f, 0) - k * 0x1p-50 && pair[1] <= k)
    }
  }

  @Test("degenerate inputs give the limits, never NaN or a negative value")
  func degenerate() {
    let huge = 1e300
    #expect(blackValues([[110, 100, 0, 1], [110, 100, 0, -1], [100, 100, 0, 1]]) == [10, 0, 0])
    #expect(
      blackValues([[0, 100, 0.2, 1], [0, 100, 0.2, -1], [100, 0, 0.2, 1], [100, 0, 0.2, -1]])
        == [0, 100, 100, 0])
    #expect(blackValues([[0, 0, 0, 1], [0, 0, 0.3, -1]]) == [0, 0])
    #expect(blackValues([[100, 100, 1e9, 1], [100, 90, 1e9, -1]]) == [100, 90])
    #expect(
      blackValues([[huge, 1e-300, 0.3, 1], [1e-300, huge, 0.3, 1], [huge, 1e-300, 0.3, -1]])
        == [huge, 0, 0])
    var random = TestRandom(state: 23)
    for _ in 0..<5000 {
      let row = [
        Elementary.exp(random.uniform(-300, 300)), Elementary.exp(random.uniform(-300, 300)),
        Elementary.exp(random.uniform(-300, 10)), random.next() % 2 == 0 ? 1 : -1,
      ]
      #expect(blackValues([row])[0] >= 0, "\(row)")
    }
    #expect(blackValues([[.nan, 100, 0.2, 1]])[0].isNaN)
  }

  @Test("Greeks agree with 60-digit values")
  func greeks() {
    for row in ElementaryReference.greeks {
      let out = greekColumns([row]).map { $0[0] }
      let s = row[3] * row[2].squareRoot()
      let d1 = Elementary.log(row[0] / row[1]).magnitude / s + s
      for i in 0..<5 {
        #expect(relativeError(out[i], row[5 + i]) < 4e-16 * (20 + d1 / s + d1 * d1), "\(i) of \(row)")
      }
    }
  }
}

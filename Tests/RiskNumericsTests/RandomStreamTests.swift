import RiskNumerics
import Testing

@Suite("Random numbers by place")
struct RandomStreamTests {
  @Test("Philox4x32-10 gives the published answers")
  func knownAnswers() {
    // Random123, kat_vectors.
    #expect(
      RandomStream.philox(counter: (0, 0, 0, 0), key: (0, 0))
        == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = UInt32.max
    #expect(
      RandomStream.philox(counter: (ones, ones, ones, ones), key: (ones, ones))
        == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      RandomStream.philox(
        counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
        == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("a normal is the quantile of the documented word of the documented block")
  func layout() {
    let seed: UInt64 = 0x1234_5678_9abc_def0
    let first = 40
    let normals = column(100) {
      RandomStream(seed: seed).normals(factor: 6, step: 3, firstPath: first, into: &$0)
    }
    for (i, normal) in normals.enumerated() {
      let path = first + i
      let block = UInt64(path / 32 * 16 + path % 16)
      let words = RandomStream.philox(
        counter: (UInt32(truncatingIfNeeded: block), UInt32(block >> 32), 6, 3),
        key: (UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)))
      let pair = path % 32 < 16 ? (words.0, words.1) : (words.2, words.3)
      let bits = (UInt64(pair.0) | UInt64(pair.1) << 32) >> 12
      #expect(normal == Elementary.normalQuantile((Double(bits) + 0.5) * 0x1p-52))
    }
  }

  @Test("any cut of the paths gives the same numbers")
  func cuts() {
    let stream = RandomStream(seed: 8)
    let whole = column(500) { stream.normals(factor: 0, step: 1, firstPath: 0, into: &$0) }
    for size in [1, 7, 32, 33, 250] {
      var parts: [Double] = []
      while parts.count < 500 {
        let from = parts.count
        parts += column(min(size, 500 - from)) {
          stream.normals(factor: 0, step: 1, firstPath: from, into: &$0)
        }
      }
      #expect(parts == whole)
    }
  }

  @Test("moments are those of the normal law, factors and steps are not correlated")
  func moments() {
    let n = 200_000
    let stream = RandomStream(seed: 20_240_607)
    let a = column(n) { stream.normals(factor: 0, step: 0, firstPath: 0, into: &$0) }
    let b = column(n) { stream.normals(factor: 1, step: 0, firstPath: 0, into: &$0) }
    let c = column(n) { stream.normals(factor: 0, step: 1, firstPath: 0, into: &$0) }
    var (mean, square, fourth, ab, ac) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for i in 0..<n {
      mean += a[i]
      square += a[i] * a[i]
      fourth += a[i] * a[i] * a[i] * a[i]
      ab += a[i] * b[i]
      ac += a[i] * c[i]
    }
    // Four standard errors: 1/√n, √(2/n), √(96/n), 1/√n.
    let root = Double(n).squareRoot()
    #expect((mean / Double(n)).magnitude < 4 / root)
    #expect((square / Double(n) - 1).magnitude < 4 * 1.4143 / root)
    #expect((fourth / Double(n) - 3).magnitude < 4 * 9.8 / root)
    #expect((ab / Double(n)).magnitude < 4 / root && (ac / Double(n)).magnitude < 4 / root)
  }
}

import RiskNumerics
import Testing

@Suite("Largest values")
struct OrderStatisticsTests {
  @Test("selection agrees with sorting, ties by index")
  func sorting() {
    var random = TestRandom(state: 41)
    for round in 0..<200 {
      let count = 1 + Int(random.next() % 300)
      let distinct = round % 2 == 0 ? UInt64(5) : 1 << 40
      let xs = (0..<count).map { _ in Double(random.next() % distinct) }
      let sorted = xs.indices.sorted { xs[$0] > xs[$1] || (xs[$0] == xs[$1] && $0 < $1) }
      for k in [1, 2, count / 3 + 1, count, count + 5] {
        let expected = Array(sorted.prefix(k))
        #expect(indicesOfLargest(k, xs) == expected)
        #expect(largest(k, xs) == expected.map { xs[$0] })
      }
    }
  }

  @Test("sorted, reversed and constant columns are no worse")
  func patterns() {
    let n = 100_000
    let up = (0..<n).map { Double($0) }
    let same = [Double](repeating: 1, count: n)
    #expect(largest(3, up) == [99_999, 99_998, 99_997])
    #expect(indicesOfLargest(2, Array(up.reversed())) == [0, 1])
    #expect(indicesOfLargest(3, same) == [0, 1, 2])
  }

  @Test("a value that is not finite, or a count below one, is refused")
  func refusals() {
    #expect(largest(1, [1, .nan, 2]) == nil)
    #expect(largest(1, [1, -.infinity]) == nil)
    #expect(largest(0, [1]) == nil)
    #expect(indicesOfLargest(1, []) == [])
  }
}

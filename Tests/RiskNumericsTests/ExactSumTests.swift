import RiskNumerics
import Testing

@Suite("Exact sums")
struct ExactSumTests {
  private func sum(_ xs: [Double]) -> ExactSum {
    var sum = ExactSum()
    for x in xs { sum.add(x) }
    return sum
  }

  @Test("the order of the terms and their grouping do not matter")
  func order() {
    var random = TestRandom(state: 31)
    for _ in 0..<50 {
      var xs = (0..<200).map { _ in
        random.uniform(-1, 1) * Elementary.exp(random.uniform(-200, 200))
      }
      let value = sum(xs).value
      #expect(sum(xs.reversed()).value == value)
      for i in xs.indices { xs.swapAt(i, Int(random.next() % 200)) }
      #expect(sum(xs).value == value)
      var left = sum(Array(xs[..<77]))
      left.add(sum(Array(xs[77...])))
      #expect(left.value == value)
      #expect(sum(xs + xs.map { -$0 }).value == 0)
    }
  }

  @Test("the value is rounded once, ties to even, whatever lies below the tie")
  func rounding() {
    #expect(sum([1e308, 1, -1e308]).value == 1)
    #expect(sum([1, 0x1p-53]).value == 1)
    #expect(sum([1, 0x1p-53, 0x1p-120]).value == 1 + 0x1p-52)
    #expect(sum([1, 0x1p-53, -0x1p-120]).value == 1)
    #expect(sum([1 + 0x1p-52, 0x1p-53, -0x1p-120]).value == 1 + 0x1p-52)
    #expect(sum([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]).value == 1)
    #expect(sum([]).value == 0 && sum([0x1p-1074, 0x1p-1074]).value == 0x1p-1073)
  }

  @Test("integers are summed as integers")
  func integers() {
    var random = TestRandom(state: 32)
    let xs = (0..<1000).map { _ in Int(truncatingIfNeeded: random.next() >> 20) - (1 << 43) }
    #expect(sum(xs.map { Double($0) }).value == Double(xs.reduce(0, +)))
  }

  @Test("specials and overflow are seen")
  func specials() {
    #expect(sum([1, .infinity]).value == .infinity && sum([.infinity, -.infinity]).value.isNaN)
    #expect(sum([.nan, 1]).value.isNaN && sum([1e308, 1e308]).value == .infinity)
  }
}

import MarginModels
import Testing

/// The sign changes of a function of the multiplier over the standard grid.
func signChanges(
  of function: (Double) -> Double, over grid: [Double] = RootSearchGrid.standard.multipliers
) -> SignChanges {
  let values = grid.map(function)
  return RootSearch.signChanges(grid: grid.span, values: values.span, evaluate: function)
}

/// Whether two increasing lists agree entry by entry within a relative tolerance.
func agree(_ found: [Double], _ expected: [Double], within tolerance: Double) -> Bool {
  found.count == expected.count
    && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * abs($1) }
}

struct RootSearchTests {
  @Test("the grid holds 1 and both ends, rises, and starts with steps of one percent")
  func gridShape() {
    let grid = RootSearchGrid.standard
    let points = grid.multipliers
    #expect(points.count <= 64)
    #expect(points.first == 0.02)
    #expect(points.last == 20)
    #expect(points[grid.unitIndex] == 1)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0 < $1 && $1 < 1.7 * $0 })
    #expect(abs(points[grid.unitIndex + 1] - 1.01) < 1e-15)
  }

  @Test("a line has its root", arguments: [0.0201, 0.3, 0.999, 1.0, 1.000_001, 1.7, 19.9])
  func line(root: Double) {
    #expect(agree(signChanges { $0 - root }.roots, [root], within: 1e-9))
    #expect(agree(signChanges { root - $0 }.roots, [root], within: 1e-9))
  }

  @Test("a function without a root has none")
  func none() {
    #expect(signChanges { _ in 3 } == SignChanges())
    #expect(signChanges { _ in -3 } == SignChanges())
    #expect(signChanges { 1 + ($0 - 1) * ($0 - 1) } == SignChanges())
    #expect(signChanges { 0.001 + abs($0 - 1.234) } == SignChanges())
  }

  @Test("every root of a polynomial is found, in order")
  func cubic() {
    let found = signChanges { ($0 - 0.1) * ($0 - 0.8) * ($0 - 7) }
    #expect(agree(found.roots, [0.1, 0.8, 7], within: 1e-9))
  }

  @Test("a pair of roots in the outermost interval is found, where no point of the grid lies beyond it")
  func outermost() {
    for (low, high) in [(0.020_1, 0.021), (0.021, 0.021_2), (17.0, 18.5), (19.5, 19.6)] {
      let above = signChanges { ($0 - low) * ($0 - high) }
      #expect(agree(above.roots, [low, high], within: 1e-9))
      let below = signChanges { ($0 - low) * (high - $0) }
      #expect(agree(below.roots, [low, high], within: 1e-9))
    }
    // A kink, and a valley that stays above zero.
    #expect(agree(signChanges { abs($0 - 19.3) - 0.01 }.roots, [19.29, 19.31], within: 1e-9))
    #expect(signChanges { 0.001 + abs($0 - 19.3) } == SignChanges())
  }

  @Test("two roots closer than a grid step are found by the extremum between them")
  func nearTangent() {
    for (low, high) in [(0.5, 0.502), (1.001, 1.002), (1.995, 1.999_9), (8.0, 8.05)] {
      let above = signChanges { ($0 - low) * ($0 - high) }
      #expect(agree(above.roots, [low, high], within: 1e-9))
      let below = signChanges { -($0 - low) * ($0 - high) }
      #expect(agree(below.roots, [low, high], within: 1e-9))
    }
  }

  @Test("a kink that dips below zero between two grid points is found")
  func kink() {
    let found = signChanges { abs($0 - 1.305) - 0.001 }
    #expect(agree(found.roots, [1.304, 1.306], within: 1e-9))
    let uneven = signChanges { max(3 * (0.4071 - $0), 0.2 * ($0 - 0.4071)) - 0.000_05 }
    #expect(agree(uneven.roots, [0.4071 - 0.000_05 / 3, 0.4071 + 0.000_25], within: 1e-9))
  }

  @Test("a touch from above or below changes no sign")
  func touch() {
    #expect(signChanges { ($0 - 1.5) * ($0 - 1.5) }.roots.isEmpty)
    #expect(signChanges { -($0 - 1) * ($0 - 1) }.roots.isEmpty)
    #expect(signChanges { abs($0 - 1) }.roots.isEmpty)
  }

  @Test("a plateau at zero counts as not negative: the root is its negative end")
  func plateau() {
    let falling = signChanges { $0 < 1.2 ? 1.2 - $0 : $0 < 2.5 ? 0 : 2.5 - $0 }
    #expect(agree(falling.roots, [2.5], within: 1e-9))
    let rising = signChanges { $0 < 0.4 ? $0 - 0.4 : $0 < 0.9 ? 0 : $0 - 0.9 }
    #expect(agree(rising.roots, [0.4], within: 1e-9))
    #expect(signChanges { max(0, 1 - $0) }.roots.isEmpty)
    #expect(signChanges { _ in 0 } == SignChanges())
    // Narrower than a grid step, so that no grid point shows it.
    let narrow = signChanges { $0 < 3.001 ? 3.001 - $0 : $0 < 3.002 ? 0 : 3.002 - $0 }
    #expect(agree(narrow.roots, [3.002], within: 1e-9))
  }

  @Test("values that are not finite are left out, said, and stop nothing")
  func notFinite() {
    let partial = signChanges { $0 < 0.5 ? .nan : 2 - $0 }
    #expect(agree(partial.roots, [2], within: 1e-9))
    #expect(!partial.isComplete)
    #expect(signChanges { _ in .nan } == SignChanges(isComplete: false))
    #expect(signChanges { _ in .infinity } == SignChanges(isComplete: false))
    let grid = [0.5, 1, 2, 3]
    let values = [4.0, 1, -1, 5]
    let lost = RootSearch.signChanges(grid: grid.span, values: values.span) { _ in .nan }
    #expect(lost == SignChanges(isComplete: false))
    let empty: [Double] = []
    #expect(RootSearch.signChanges(grid: empty.span, values: values.span) { $0 } == SignChanges())
  }

  @Test("a smooth root takes at most four evaluations")
  func evaluations() {
    var count = 0
    let grid = RootSearchGrid.standard.multipliers
    let function = { (x: Double) in (1.37 * 1.37 * 1.37 / (x * x * x) - 1) * 1e7 }
    let values = grid.map(function)
    let found = RootSearch.signChanges(grid: grid.span, values: values.span) { x in
      count += 1
      return function(x)
    }
    #expect(agree(found.roots, [1.37], within: 1e-9))
    #expect(count <= 4, "\(count) evaluations")
  }

  @Test("the sign differs on the two sides of every root of a random piecewise function")
  func randomPiecewise() {
    var state: UInt64 = 20_260_205
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    for trial in 0..<400 {
      // A call ladder: kinks at random strikes with random weights, like a margin of short options.
      let strikes = (0..<5).map { _ in 0.3 + 2.5 * uniform() }
      let weights = (0..<5).map { _ in uniform() - 0.55 }
      let cash = uniform() - 0.3
      let function = { (x: Double) in
        var sum = cash
        for (strike, weight) in zip(strikes, weights) { sum += weight * max(x - strike, 0) }
        return sum
      }
      let found = signChanges(of: function)
      #expect(found.isComplete)
      for root in found.roots {
        let changes = (function(root * (1 - 1e-6)) < 0) != (function(root * (1 + 1e-6)) < 0)
        #expect(changes, "seed 20260205, trial \(trial), root \(root)")
      }
      let ends = (function(0.02) < 0) != (function(20) < 0)
      #expect((found.roots.count % 2 == 1) == ends, "seed 20260205, trial \(trial)")
    }
  }
}

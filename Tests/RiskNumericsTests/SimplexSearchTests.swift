import RiskNumerics
import Testing

@Suite struct SimplexSearchTests {
  @Test("the valley of Rosenbrock is followed to its end")
  func rosenbrock() {
    let minimum = SimplexSearch.minimise(from: [-1.2, 1], steps: [0.5, 0.5]) { x in
      100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) + (1 - x[0]) * (1 - x[0])
    }
    #expect(minimum.isConverged && minimum.value < 1e-12)
    // A value within 1e-13 of the least is within about √1e-13 × condition of its place.
    #expect(minimum.point.allSatisfy { ($0 - 1).magnitude < 1e-5 })
  }

  @Test("a bound, told by infinity, is reached from inside")
  func bound() {
    let minimum = SimplexSearch.minimise(from: [1, 1], steps: [0.1, 0.1]) { x in
      x[0] < 0.25 ? .infinity : x[0] + (x[1] - 2) * (x[1] - 2)
    }
    #expect(minimum.isConverged)
    #expect((minimum.point[0] - 0.25).magnitude < 1e-6 && (minimum.point[1] - 2).magnitude < 1e-5)
  }

  @Test("a start without a value, no coordinates and too short a limit end at once, and say so")
  func ends() {
    let nowhere = SimplexSearch.minimise(from: [1], steps: [1]) { _ in .nan }
    #expect(!nowhere.isConverged && nowhere.point == [1] && nowhere.evaluations == 1)
    #expect(!SimplexSearch.minimise(from: [], steps: []) { _ in 0 }.isConverged)
    let short = SimplexSearch.minimise(from: [5], steps: [1], limit: 4) { $0[0] * $0[0] }
    #expect(!short.isConverged && short.evaluations < 10)
  }
}

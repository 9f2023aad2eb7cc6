import RiskNumerics
import Testing

/// Optima of small programmes against COIN-OR Clp.
@Suite struct CoveringProgramTests {
  @Test("the least cost is that of Clp, from a fresh start and from the last vertex")
  func clp() throws {
    var draws = TestRandom(state: 41)
    for _ in 0..<60 {
      let rows = 2 + Int(draws.next() % 9)
      let columns = 2 + Int(draws.next() % 9)
      var matrix: [Double] = []
      for _ in 0..<rows * columns {
        let value = (draws.uniform(-1, 1) * 4).rounded()
        matrix.append(draws.next() % 2 == 0 ? 0 : value)
      }
      // A positive row bounds every column.
      matrix += [Double](repeating: 1, count: columns)
      let bounds = (0...rows).map { row in row == rows ? 10 : draws.next() % 3 == 0 ? 0 : draws.uniform(0, 5)
      }
      var program = CoveringProgram(matrix: matrix, bounds: bounds, columnCount: columns)
      for _ in 0..<4 {
        let costs = (0..<columns).map { _ in draws.uniform(-3, 2) }
        var exact = LinearProgram()
        let places = costs.map { exact.addColumn(cost: $0, from: 0, to: .infinity) }
        for row in 0...rows {
          exact.addRow(
            from: -.infinity, to: bounds[row],
            places.indices.map { (places[$0], matrix[row * columns + $0]) }.filter { $0.1 != 0 })
        }
        let expected = try exact.minimise().objective
        let found = program.minimise(costs)
        #expect(abs(found.cost - expected) <= 1e-7 * (1 + abs(expected)))
        for row in 0...rows {
          let sum = (0..<columns).reduce(0) { $0 + matrix[row * columns + $1] * found.point[$1] }
          #expect(sum <= bounds[row] + 1e-9)
        }
        #expect(found.point.allSatisfy { $0 >= 0 })
      }
    }
  }
}

import RiskNumerics
import Testing

@Suite struct SymmetricEigenTests {
  /// The moments of `count` random columns: of rank at most `count`.
  private func gram(_ order: Int, _ count: Int, seed: UInt64) -> Matrix {
    var random = TestRandom(state: seed)
    let b = (0..<(order * count)).map { _ in random.uniform(-1, 1) }
    var a = Matrix(rowCount: order, columnCount: order)
    for i in 0..<order {
      for j in 0..<order { a[i, j] = (0..<count).reduce(0) { $0 + b[$1 * order + i] * b[$1 * order + j] } }
    }
    return a
  }

  @Test("A v = λ v, the vectors are orthonormal, values rise and traces agree", arguments: [1, 2, 3, 10, 50])
  func decomposition(order: Int) throws {
    let a = gram(order, order + 3, seed: UInt64(order))
    let eigen = try SymmetricEigen(of: a)
    let scale = try #require(eigen.values.last)
    for k in 0..<order {
      for i in 0..<order {
        let image = (0..<order).reduce(0) { $0 + a[i, $1] * eigen.vectors[$1, k] }
        #expect((image - eigen.values[k] * eigen.vectors[i, k]).magnitude < 1e-14 * Double(order) * scale)
        let product = (0..<order).reduce(0) { $0 + eigen.vectors[$1, i] * eigen.vectors[$1, k] }
        #expect((product - (i == k ? 1 : 0)).magnitude < 1e-14 * Double(order))
      }
    }
    #expect(eigen.values == eigen.values.sorted())
    let trace = (0..<order).reduce(0) { $0 + a[$1, $1] }
    #expect((eigen.values.reduce(0, +) - trace).magnitude < 1e-14 * Double(order) * trace)
    let values = try SymmetricEigen.values(of: a)
    #expect(zip(values, eigen.values).allSatisfy { ($0 - $1).magnitude < 1e-14 * Double(order) * scale })
  }

  @Test("signs follow the largest element, so that a second run and a scaled matrix have the same vectors")
  func signs() throws {
    let a = gram(12, 20, seed: 3)
    let eigen = try SymmetricEigen(of: a)
    #expect(try SymmetricEigen(of: a) == eigen)
    for k in 0..<12 {
      let column = (0..<12).map { eigen.vectors[$0, k] }
      let peak = column.map(\.magnitude).max() ?? 0
      #expect((column.first { $0.magnitude >= (1 - 1e-8) * peak } ?? 0) > 0)
    }
    // The two vectors of [[2, 1], [1, 2]] have elements of equal size: the first is positive.
    let two = try SymmetricEigen(of: Matrix(rowCount: 2, columnCount: 2, storage: [2, 1, 1, 2]))
    #expect(two.vectors[0, 0] > 0 && two.vectors[1, 0] < 0 && two.vectors[0, 1] > 0 && two.vectors[1, 1] > 0)
  }

  @Test("the principal factor is a square root with falling columns, of the right rank")
  func factor() throws {
    for (order, rank) in [(1, 1), (2, 2), (6, 6), (6, 3), (20, 1)] {
      let a = gram(order, rank, seed: 40 + UInt64(order))
      let factor = try PrincipalFactor(of: a)
      #expect(factor.rank == rank && factor.values == factor.values.sorted(by: >))
      for i in 0..<order {
        for j in 0..<order {
          let sum = zip(factor.row(i), factor.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
          #expect((sum - a[i, j]).magnitude < 1e-13 * Double(order) * factor.values[0])
        }
      }
    }
    let zero = try PrincipalFactor(of: Matrix(rowCount: 3, columnCount: 3))
    #expect(zero.rank == 0 && zero.row(1).isEmpty && zero.row(-1).isEmpty && zero.row(3).isEmpty)
    let ones = try PrincipalFactor(of: Matrix(rowCount: 2, columnCount: 2, storage: [1, 1, 1, 1]))
    #expect(ones.rank == 1 && (ones.row(0)[0] - 1).magnitude < 1e-15)
  }

  @Test("an indefinite matrix has no square root; NaN is refused by place")
  func refused() throws {
    let indefinite = try Matrix(rowCount: 2, columnCount: 2, storage: [1, 1.1, 1.1, 1])
    do {
      _ = try PrincipalFactor(of: indefinite)
      Issue.record("no error")
    } catch {
      guard case .notPositiveSemidefinite(2, let smallest) = error else {
        Issue.record("\(error)")
        return
      }
      #expect((smallest + 0.1).magnitude < 1e-15)
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) {
      try SymmetricEigen(of: Matrix(rowCount: 2, columnCount: 2, storage: [1, 0, .nan, 1]))
    }
    #expect(throws: LinearAlgebraError.self) { try SymmetricEigen(of: Matrix(rowCount: 0, columnCount: 0)) }
  }
}

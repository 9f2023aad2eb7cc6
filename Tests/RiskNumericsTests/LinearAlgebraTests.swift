import RiskNumerics
import Testing

@Suite("Cholesky factors")
struct LinearAlgebraTests {
  /// B Bᵀ for B of n rows and r columns.
  private func gram(_ n: Int, _ r: Int, seed: UInt64) -> Matrix {
    var random = TestRandom(state: seed)
    let b = (0..<(n * r)).map { _ in random.uniform(-1, 1) }
    var a = Matrix(rowCount: n, columnCount: n)
    for i in 0..<n {
      for j in 0..<n {
        var sum = 0.0
        for k in 0..<r { sum += b[i * r + k] * b[j * r + k] }
        a[i, j] = sum
        a[j, i] = sum
      }
    }
    return a
  }

  private func largestResidual(_ factor: CholeskyFactor, _ a: Matrix) -> Double {
    var worst = 0.0
    for i in 0..<factor.order {
      for j in 0..<factor.order {
        let sum = zip(factor.row(i), factor.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
        worst = max(worst, (sum - a[i, j]).magnitude)
      }
    }
    return worst
  }

  @Test("a positive definite matrix has the factor of the plain algorithm")
  func plain() throws {
    for n in [1, 2, 5, 40] {
      let a = gram(n, n + 5, seed: 51)
      var l = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
      for j in 0..<n {
        for i in j..<n {
          var s = a[i, j]
          for k in 0..<j { s -= l[i][k] * l[j][k] }
          l[i][j] = i == j ? s.squareRoot() : s / l[j][j]
        }
      }
      let factor = try CholeskyFactor(of: a)
      #expect(factor.order == n && factor.rank == n)
      for i in 0..<n {
        // Rounding times order times the condition of these matrices (below 1e4).
        for j in 0..<n { #expect((factor.row(i)[j] - l[i][j]).magnitude < 1e-10) }
      }
      #expect(largestResidual(factor, a) < 1e-13 * Double(n))
    }
  }

  @Test("a singular matrix is accepted with its rank, rows in their own order")
  func singular() throws {
    for (n, r) in [(5, 2), (20, 7), (30, 29)] {
      let a = gram(n, r, seed: 52)
      let factor = try CholeskyFactor(of: a)
      #expect(factor.rank >= r && factor.rank <= n)
      #expect(largestResidual(factor, a) < 1e-12 * Double(n))
    }
    let ones = try CholeskyFactor(of: Matrix(rowCount: 2, columnCount: 2, storage: [1, 1, 1, 1]))
    #expect(ones.rank == 1 && ones.row(0) == [1] && ones.row(1) == [1])
    let zero = try CholeskyFactor(of: Matrix(rowCount: 2, columnCount: 2))
    #expect(zero.rank == 0 && zero.row(0) == [])
    var first = Matrix(rowCount: 2, columnCount: 2)
    first[1, 1] = 4
    let moved = try CholeskyFactor(of: first)
    #expect(moved.row(0) == [0] && moved.row(1) == [2])
  }

  @Test("an indefinite matrix is refused with its order and smallest eigenvalue")
  func indefinite() throws {
    let a = try Matrix(rowCount: 2, columnCount: 2, storage: [1, 2, 2, 1])
    do {
      _ = try CholeskyFactor(of: a)
      Issue.record("accepted")
    } catch {
      guard case .notPositiveSemidefinite(let order, let pivot) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(order == 2 && (pivot + 1).magnitude < 1e-14)
    }
    // Correlations that cannot be: two strong ones and a contradiction, smallest eigenvalue 1 − 0.9 − ...
    let c = try Matrix(rowCount: 3, columnCount: 3, storage: [1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1])
    #expect(throws: LinearAlgebraError.self) { try CholeskyFactor(of: c) }
    let negative = try Matrix(rowCount: 1, columnCount: 1, storage: [-1e-3])
    #expect(throws: LinearAlgebraError.notPositiveSemidefinite(order: 1, pivot: -1e-3)) {
      try CholeskyFactor(of: negative)
    }
  }

  @Test("shapes, NaN, infinity and asymmetry are refused with their place")
  func refusals() throws {
    #expect(throws: LinearAlgebraError.shape(expected: 4, found: 3)) {
      try Matrix(rowCount: 2, columnCount: 2, storage: [1, 2, 3])
    }
    #expect(throws: LinearAlgebraError.shape(expected: 2, found: 3)) {
      try CholeskyFactor(of: Matrix(rowCount: 2, columnCount: 3))
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 0)) {
      try CholeskyFactor(of: Matrix(rowCount: 2, columnCount: 2, storage: [1, .nan, 0, 1]))
    }
    #expect(throws: LinearAlgebraError.notSymmetric(row: 0, column: 1)) {
      try CholeskyFactor(of: Matrix(rowCount: 2, columnCount: 2, storage: [1, 0.5, 0, 1]))
    }
  }

  @Test("multiply is the product with the rows, and refuses too few numbers")
  func multiply() throws {
    for (n, r) in [(6, 9), (6, 3)] {
      let factor = try CholeskyFactor(of: gram(n, r, seed: 53))
      var random = TestRandom(state: 54)
      let z = (0..<(factor.rank * 37)).map { _ in random.uniform(-2, 2) }
      let y = try factor.multiply(z.span, count: 37)
      #expect(y.count == n * 37)
      for i in 0..<n {
        for p in 0..<37 {
          let row = factor.row(i)
          let sum = row.indices.reduce(0.0) { $0 + row[$1] * z[$1 * 37 + p] }
          #expect((y[i * 37 + p] - sum).magnitude < 1e-14)
        }
      }
      #expect(throws: LinearAlgebraError.self) { try factor.multiply(z.span, count: 38) }
    }
  }

  @Test("row sums outside the table are NaN, never another number")
  func gather() {
    let table = [1.0, 2, 3, 4]
    func sum(_ starts: [Int], _ factors: [Double]) -> [Double] {
      column(2) {
        VectorMath.gatherRows(table.span, rowStarts: starts.span, factors: factors.span, adding: 1, into: &$0)
      }
    }
    #expect(sum([0, 2], [1, 10]) == [32, 43] && sum([], []) == [1, 1])
    #expect(sum([3], [1]).allSatisfy { $0.isNaN } && sum([-1], [1]).allSatisfy { $0.isNaN })
    #expect(sum([0], []).allSatisfy { $0.isNaN })
  }

  @Test("the library names itself and gives no path")
  func library() {
    let name = LinearAlgebraLibrary.name
    #expect(!name.isEmpty && !name.contains("/"))
    #expect(name.hasPrefix("OpenBLAS") || name.hasPrefix("reference LAPACK"))
  }
}

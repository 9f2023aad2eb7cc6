import RiskNumerics
import Testing

@Suite struct NearestCorrelationTests {
  private func matrix(_ rows: [[Double]]) throws -> Matrix {
    try Matrix(
      rowCount: rows.count, columnCount: rows.count,
      storage: rows.indices.flatMap { j in rows.map { $0[j] } })
  }

  /// A random symmetric matrix with unit diagonal and elements in (−1, 1): indefinite from some order on.
  private func random(_ order: Int, seed: UInt64) -> Matrix {
    var random = TestRandom(state: seed)
    var matrix = Matrix(rowCount: order, columnCount: order)
    for j in 0..<order {
      for i in 0..<j {
        let value = random.uniform(-1, 1)
        (matrix[i, j], matrix[j, i]) = (value, value)
      }
      matrix[j, j] = 1
    }
    return matrix
  }

  private func isCorrelation(_ x: Matrix) throws -> Bool {
    let n = x.rowCount
    for j in 0..<n {
      for i in 0..<n where x[i, j] != x[j, i] || x[i, j].magnitude > 1 { return false }
      if x[j, j] != 1 { return false }
    }
    _ = try CholeskyFactor(of: x)
    _ = try PrincipalFactor(of: x)
    return true
  }

  @Test("Higham's matrices of order three and four have the published nearest correlation")
  func higham() throws {
    // pricing_cases.json nearest_correlation.001 and .002: Higham (2002), digits by alternating projections.
    let four = try NearestCorrelation(
      to: matrix([[2, -1, 0, 0], [-1, 2, -1, 0], [0, -1, 2, -1], [0, 0, -1, 2]]))
    let (a, b, c, d) = (-0.8084124981493003, 0.1915875018506995, 0.10677504902551505, -0.6562326948066244)
    let expected = [1, a, b, c, a, 1, d, b, b, d, 1, a, c, b, a, 1]
    #expect(zip(four.matrix.storage, expected).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    let three = try NearestCorrelation(to: matrix([[1, 1, 0], [1, 1, 1], [0, 1, 1]]))
    let (e, f) = (0.7606898534022841, 0.15729810613837583)
    #expect(
      zip(three.matrix.storage, [1, e, f, e, 1, e, f, e, 1]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    #expect((three.distance - 0.5277904635818281).magnitude < 1e-12)
    #expect((three.smallestBefore - (1 - 2.0.squareRoot())).magnitude < 1e-14)
    #expect(three.smallestAfter.magnitude < 1e-14 && three.iterations < 12)
  }

  @Test("clipping has the figures of Rebonato and Jäckel, and Newton comes nearer")
  func clipped() throws {
    // pricing_cases.json nearest_correlation.004: QuantLib test-suite, testSalvagingMatrix.
    let given = try matrix([[1, 0.9, 0.7], [0.9, 1, 0.3], [0.7, 0.3, 1]])
    let found = try NearestCorrelation.clipped(given)
    let (a, b, c) = (0.894024408508599, 0.696319066114392, 0.300969036104592)
    #expect(zip(found.storage, [1, a, b, a, 1, c, b, c, 1]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    let nearest = try NearestCorrelation(to: given)
    let (d, e, f) = (0.8945752919940277, 0.6966207665888766, 0.30254360012684456)
    #expect(
      zip(nearest.matrix.storage, [1, d, e, d, 1, f, e, f, 1]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    #expect((nearest.distance - 0.009727957339770239).magnitude < 1e-12)
  }

  @Test(
    "the nearest correlation is one, nearer than clipping, and optimal", arguments: [2, 3, 5, 10, 25, 60])
  func laws(order: Int) throws {
    for seed in UInt64(1)...3 {
      let given = random(order, seed: 100 * seed + UInt64(order))
      let nearest = try NearestCorrelation(to: given)
      #expect(try isCorrelation(nearest.matrix))
      #expect(nearest.iterations <= 15)
      let clipped = try NearestCorrelation.clipped(given)
      let far = zip(clipped.storage, given.storage).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        .squareRoot()
      #expect(nearest.distance <= far + 1e-12)
      // Optimality: X − G = M + diag, with M positive semidefinite and M X = 0 (Higham 2002, theorem 2.4). The
      // diagonal of M follows from (M X)ᵢᵢ = 0.
      var multiplier = nearest.matrix
      for j in 0..<order {
        for i in 0..<order { multiplier[i, j] -= given[i, j] }
        multiplier[j, j] = 0
      }
      for j in 0..<order {
        multiplier[j, j] = -(0..<order).reduce(0.0) { $0 + multiplier[$1, j] * nearest.matrix[$1, j] }
      }
      let smallest = try #require(try SymmetricEigen.values(of: multiplier).first)
      #expect(smallest > -1e-10 * Double(order))
      for j in 0..<order {
        for i in 0..<order {
          let sum = (0..<order).reduce(0.0) { $0 + multiplier[i, $1] * nearest.matrix[$1, j] }
          #expect(sum.magnitude < 1e-10 * Double(order))
        }
      }
    }
  }

  @Test("the nearest of a correlation is itself, to the bit, also where it is singular")
  func itself() throws {
    let fine = try matrix([[1, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 1]])
    for given in [
      fine, try matrix([[1, 1], [1, 1]]), try matrix([[1, -1], [-1, 1]]), try matrix([[1]]),
    ] {
      let nearest = try NearestCorrelation(to: given)
      #expect(nearest.matrix == given && nearest.distance == 0 && nearest.iterations == 0)
    }
    // A second application moves nothing: what came out is a correlation up to rounding.
    let once = try NearestCorrelation(to: random(20, seed: 5))
    let twice = try NearestCorrelation(to: once.matrix)
    #expect(twice.matrix == once.matrix && twice.iterations == 0)
  }

  @Test("one and two rows: the diagonal becomes one, a correlation beyond one becomes one")
  func small() throws {
    let one = try NearestCorrelation(to: matrix([[4]]))
    #expect(one.matrix.storage == [1] && one.distance == 3)
    for sign in [1.0, -1] {
      let two = try NearestCorrelation(to: matrix([[1, 1.5 * sign], [1.5 * sign, 1]]))
      #expect(two.matrix.storage.allSatisfy { ($0.magnitude - 1).magnitude < 1e-12 })
      #expect((two.distance - 0.5.squareRoot()).magnitude < 1e-10)
    }
    let nothing = try NearestCorrelation(to: matrix([[0, 0], [0, 0]]))
    #expect(nothing.matrix.storage == [1, 0, 0, 1])
  }

  @Test("renaming the rows renames the result")
  func permutation() throws {
    let given = random(8, seed: 77)
    let order = [3, 0, 7, 5, 1, 6, 2, 4]
    var moved = given
    for j in 0..<8 {
      for i in 0..<8 { moved[i, j] = given[order[i], order[j]] }
    }
    let (a, b) = (try NearestCorrelation(to: given).matrix, try NearestCorrelation(to: moved).matrix)
    for j in 0..<8 {
      for i in 0..<8 { #expect((b[i, j] - a[order[i], order[j]]).magnitude < 1e-11) }
    }
  }

  @Test("two runs agree to the bit, and NaN, shape and asymmetry are refused by place")
  func refused() throws {
    #expect(try NearestCorrelation(to: random(30, seed: 9)) == NearestCorrelation(to: random(30, seed: 9)))
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 0)) {
      try NearestCorrelation(to: Matrix(rowCount: 2, columnCount: 2, storage: [1, .nan, 0, 1]))
    }
    #expect(throws: LinearAlgebraError.shape(expected: 2, found: 3)) {
      try NearestCorrelation(to: Matrix(rowCount: 2, columnCount: 3))
    }
    #expect(throws: LinearAlgebraError.notSymmetric(row: 0, column: 1)) {
      try NearestCorrelation(to: Matrix(rowCount: 2, columnCount: 2, storage: [1, 0.5, 0, 1]))
    }
    #expect(throws: LinearAlgebraError.self) {
      try NearestCorrelation(to: Matrix(rowCount: 0, columnCount: 0))
    }
  }
}

/// The correlation matrix X nearest to a symmetric matrix G in the norm of Frobenius: positive semidefinite,
/// diagonal one.
///
/// The dual problem, min over y of ½ |(G + diag y)₊|² − Σ y, is convex and once differentiable; its gradient
/// diag((G + diag y)₊) − 1 is solved by a semismooth Newton method that converges quadratically (Qi and Sun,
/// SIAM J. Matrix Anal. 28, 2006): directions by conjugate gradients, preconditioned by the diagonal of the
/// generalised Hessian (Borsdorf and Higham, IMA J. Numer. Anal. 30, 2010), steps by an Armijo search. At the
/// end the diagonal is scaled to one, and the eigenvalues are computed again.
public struct NearestCorrelation: Sendable, Equatable {
  /// Symmetric to the bit, diagonal exactly one; accepted by `CholeskyFactor` and `PrincipalFactor`.
  public let matrix: Matrix
  /// |X − G|, the root of the sum of the squared differences of all elements.
  public let distance: Double
  /// Of G.
  public let smallestBefore: Double
  /// Of X: zero up to rounding where G was indefinite.
  public let smallestAfter: Double
  /// Steps of Newton's method; 0 where G is a correlation matrix already, and X is G.
  public let iterations: Int

  /// Steps at most; ten are usual.
  public static let mostIterations = 100

  /// Finds the nearest correlation.
  ///
  /// - Throws: `shape`, `notFinite` and `notSymmetric` as `SymmetricEigen`; `notConverged`.
  /// - Complexity: two eigenvalue problems and some ten products of order³ a step.
  public init(to matrix: Matrix) throws(LinearAlgebraError) {
    let n = matrix.rowCount
    let before = try SymmetricEigen.values(of: matrix).first ?? 0
    smallestBefore = before
    let symmetric = Self.symmetric(matrix)
    let hasUnitDiagonal = (0..<n).allSatisfy { matrix[$0, $0] == 1 }
    if hasUnitDiagonal, before >= -Self.rounding(n) {
      (self.matrix, distance, smallestAfter, iterations) = (
        symmetric, Self.distance(symmetric, matrix), before, 0
      )
      return
    }
    var search = try CorrelationSearch(symmetric)
    try search.run(limit: Self.mostIterations)
    let (result, after) = try Self.validated(search.positivePart)
    self.matrix = result
    smallestAfter = after
    distance = Self.distance(result, matrix)
    iterations = search.iterations
  }

  /// The negative eigenvalues set to zero and the rows scaled to a diagonal of one (Rebonato and Jäckel, Journal
  /// of Risk 2, 1999): one eigenvalue problem, not the nearest.
  ///
  /// - Throws: as `init`; a row that vanishes becomes that of the identity.
  public static func clipped(_ matrix: Matrix) throws(LinearAlgebraError) -> Matrix {
    try validated(PositivePart(SymmetricEigen(of: symmetric(matrix))).matrix).matrix
  }

  /// What eigenvalues of a correlation may lack for rounding, as `CholeskyFactor` allows.
  private static func rounding(_ order: Int) -> Double { 8 * Double(order) * 0x1p-52 }

  private static func symmetric(_ matrix: Matrix) -> Matrix {
    var result = matrix
    for j in 0..<matrix.columnCount {
      for i in 0..<j {
        let mean = 0.5 * matrix[i, j] + 0.5 * matrix[j, i]
        (result[i, j], result[j, i]) = (mean, mean)
      }
    }
    return result
  }

  private static func distance(_ a: Matrix, _ b: Matrix) -> Double {
    zip(a.storage, b.storage).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// Scales the diagonal to one and computes the smallest eigenvalue; one below rounding is lifted away by a
  /// step of its own size towards the identity.
  private static func validated(_ matrix: Matrix) throws(LinearAlgebraError) -> (matrix: Matrix, Double) {
    let n = matrix.rowCount
    let scales = (0..<n).map { matrix[$0, $0] > 0 ? 1 / matrix[$0, $0].squareRoot() : 0 }
    var result = matrix
    for j in 0..<n {
      for i in 0..<j {
        let value = max(-1, min(1, matrix[i, j] * scales[i] * scales[j]))
        (result[i, j], result[j, i]) = (value, value)
      }
      result[j, j] = 1
    }
    for _ in 0..<4 {
      let smallest = try SymmetricEigen.values(of: result).first ?? 0
      if smallest >= -rounding(n) { return (result, smallest) }
      let lift = 2 * smallest.magnitude
      for j in 0..<n {
        for i in 0..<n where i != j { result[i, j] /= 1 + lift }
      }
    }
    throw .notConverged(iterations: 4)
  }
}

/// The positive semidefinite part of a symmetric matrix and what Newton's method needs of its eigenvectors.
struct PositivePart {
  /// Eigenvectors of positive eigenvalues by columns, and of the others.
  let positive: Matrix
  let other: Matrix
  let values: [Double]
  let otherValues: [Double]

  init(_ eigen: SymmetricEigen) throws(LinearAlgebraError) {
    let n = eigen.values.count
    let split = eigen.values.firstIndex { $0 > 0 } ?? n
    otherValues = Array(eigen.values[..<split])
    values = Array(eigen.values[split...])
    other = try Matrix(
      rowCount: n, columnCount: split, storage: Array(eigen.vectors.storage[..<(n * split)]))
    positive = try Matrix(
      rowCount: n, columnCount: n - split, storage: Array(eigen.vectors.storage[(n * split)...]))
  }

  /// Σ λ v vᵀ over the positive eigenvalues, symmetric up to rounding.
  var matrix: Matrix {
    var scaled = positive
    for (k, value) in values.enumerated() {
      for i in 0..<positive.rowCount { scaled[i, k] *= value }
    }
    guard !values.isEmpty else { return Matrix(rowCount: positive.rowCount, columnCount: positive.rowCount) }
    return scaled.times(positive, otherFlipped: true)
  }

  /// The diagonal of `matrix`.
  var diagonal: [Double] {
    (0..<positive.rowCount).map { i in
      values.indices.reduce(0.0) { $0 + values[$1] * positive[i, $1] * positive[i, $1] }
    }
  }
}

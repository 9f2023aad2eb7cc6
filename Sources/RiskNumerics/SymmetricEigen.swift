internal import CLapackShim

/// The eigenvalues λ and orthonormal eigenvectors v of a symmetric matrix A, A v = λ v.
///
/// By LAPACK's dsyevd (divide and conquer) on the lower triangle. The sign of a vector is free: each is turned
/// so that its first element within 1e-8 of its largest magnitude is positive, which rounding does not upset.
/// One library gives the same bits every time; vectors of equal eigenvalues are its own choice.
/// Error: about order × 2⁻⁵² × the largest |λ|. Cost: some 9 order³ operations, 4/3 order³ without vectors.
public struct SymmetricEigen: Sendable, Equatable {
  /// Ascending.
  public let values: [Double]
  /// Column k belongs to `values[k]`.
  public let vectors: Matrix

  /// Decomposes a matrix; throws `shape` if not square, `notFinite`, `notSymmetric` beyond 1e-12 of the larger
  /// diagonal element, or `notConverged`.
  public init(of matrix: Matrix) throws(LinearAlgebraError) {
    try matrix.checkSymmetric()
    let (values, storage) = try Self.solve(matrix, vectors: true)
    self.values = values
    vectors = try Matrix(
      rowCount: matrix.rowCount, columnCount: matrix.rowCount,
      storage: Self.turned(storage, order: matrix.rowCount))
  }

  /// The eigenvalues alone, ascending; throws as `init`.
  public static func values(of matrix: Matrix) throws(LinearAlgebraError) -> [Double] {
    try matrix.checkSymmetric()
    return try solve(matrix, vectors: false).values
  }

  private static func solve(
    _ matrix: Matrix, vectors: Bool
  ) throws(LinearAlgebraError) -> (values: [Double], storage: [Double]) {
    let n = matrix.rowCount
    guard let size = Int32(exactly: n),
      let count = Int32(exactly: vectors ? 1 + 6 * n + 2 * n * n : 2 * n + 1),
      let wholes = Int32(exactly: vectors ? 3 + 5 * n : 1)
    else {
      throw .shape(expected: 32_000, found: n)
    }
    var a = matrix.storage
    var values = [Double](repeating: 0, count: n)
    var work = [Double](repeating: 0, count: Int(count))
    var whole = [Int32](repeating: 0, count: Int(wholes))
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe values.withUnsafeMutableBufferPointer { w in
        unsafe work.withUnsafeMutableBufferPointer { work in
          unsafe whole.withUnsafeMutableBufferPointer { whole in
            unsafe cls_eigen(
              vectors ? 1 : 0, size, a.baseAddress, size, w.baseAddress, work.baseAddress, count,
              whole.baseAddress, wholes)
          }
        }
      }
    }
    guard info == 0, values.allSatisfy(\.isFinite) else { throw .notConverged(iterations: Int(info)) }
    return (values, a)
  }

  private static func turned(_ storage: [Double], order n: Int) -> [Double] {
    var storage = storage
    for start in stride(from: 0, to: n * n, by: n) {
      let column = start..<start + n
      let peak = column.reduce(0.0) { max($0, storage[$1].magnitude) }
      let leader = column.first { storage[$0].magnitude >= (1 - 1e-8) * peak }
      if let leader, storage[leader] < 0 {
        for place in column { storage[place] = -storage[place] }
      }
    }
    return storage
  }
}

/// The square root of a symmetric positive semidefinite matrix A by principal components: L Lᵀ = A, the
/// columns of L by falling eigenvalue.
///
/// L[i, k] = v[i, k] √λ with the signs of `SymmetricEigen`. With e = order × 2⁻⁵² × largest diagonal element an
/// eigenvalue below −8e is refused as indefinite, as `CholeskyFactor` does, and columns of eigenvalues up to 8e
/// are left out. The first columns carry most of the variance, which is what sequences of low discrepancy want.
public struct PrincipalFactor: Sendable, Equatable {
  /// Rows of A.
  public let order: Int
  /// Columns of L.
  public let rank: Int
  /// The eigenvalues that are kept, falling.
  public let values: [Double]
  /// L by rows: element (i, k) at i × rank + k.
  private let rows: [Double]

  /// Factorises a matrix; throws as `SymmetricEigen.init`, or `notPositiveSemidefinite`.
  public init(of matrix: Matrix) throws(LinearAlgebraError) {
    let eigen = try SymmetricEigen(of: matrix)
    let n = matrix.rowCount
    let largest = (0..<n).reduce(0.0) { max($0, matrix[$1, $1]) }
    let rounding = 8 * Double(n) * 0x1p-52 * largest
    let smallest = eigen.values.first ?? 0
    if smallest < -rounding { throw .notPositiveSemidefinite(order: n, pivot: smallest) }
    let kept = eigen.values.indices.reversed().filter { eigen.values[$0] > rounding }
    order = n
    rank = kept.count
    values = kept.map { eigen.values[$0] }
    let roots = values.map { $0.squareRoot() }
    rows = (0..<n).flatMap { i in zip(kept, roots).map { eigen.vectors[i, $0] * $1 } }
  }

  /// Row i of L: `rank` numbers; empty outside 0..<order.
  public func row(_ i: Int) -> [Double] {
    guard i >= 0, i < order else { return [] }
    return Array(rows[(i * rank)..<((i + 1) * rank)])
  }
}

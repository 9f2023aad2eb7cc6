internal import CLapackShim

/// A factor L of a symmetric positive semidefinite matrix A, L Lᵀ = A, in the order of A's own rows.
///
/// A positive definite matrix is factorised by LAPACK's dpotrf, and L is lower triangular. Where dpotrf stops,
/// the smallest eigenvalue λ (dsyevd) decides: with e = order × 2⁻⁵² × largest diagonal element, λ < −8e is
/// refused as indefinite; otherwise the pivoted factorisation dpstrf, stopped at pivots below e, gives
/// L = P × (lower trapezium) with `rank` columns: its rows are in the original order, but no longer a triangle.
/// Cost: order³/3 multiplications; a singular matrix costs an eigenvalue problem more.
public struct CholeskyFactor: Sendable {
  /// Rows of A.
  public let order: Int
  /// Columns of L that are not zero.
  public let rank: Int
  /// L by rows: element (i, j) at i × rank + j.
  private let rows: [Double]

  /// Factorises a matrix; throws `shape` if not square, `notFinite`, `notSymmetric` beyond 1e-12 of the larger
  /// diagonal element, or `notPositiveSemidefinite`.
  public init(of matrix: Matrix) throws(LinearAlgebraError) {
    let n = matrix.rowCount
    guard matrix.columnCount == n, n > 0, let size = Int32(exactly: n) else {
      throw .shape(expected: n, found: matrix.columnCount)
    }
    try matrix.checkSymmetric()
    order = n
    var lower = matrix.storage
    let info = unsafe lower.withUnsafeMutableBufferPointer { a in
      guard let base = a.baseAddress else { return Int32(-1) }
      return unsafe cls_potrf(size, base, size)
    }
    if info == 0 {
      var rows = [Double](repeating: 0, count: n * n)
      for i in 0..<n {
        for j in 0...i { rows[i * n + j] = lower[i + j * n] }
      }
      self.rows = rows
      rank = n
      return
    }
    var largest = 0.0
    for i in 0..<n { largest = max(largest, matrix[i, i]) }
    let rounding = Double(n) * 0x1p-52 * largest
    // Without eigenvalues nothing shows the matrix to be semidefinite: refuse it.
    let smallest = (try? SymmetricEigen.values(of: matrix))?.first ?? -.infinity
    if smallest < -8 * rounding || largest < 0 {
      throw .notPositiveSemidefinite(order: n, pivot: smallest)
    }
    (rank, rows) = CholeskyFactor.pivoted(matrix, size, tolerance: rounding)
  }

  /// Row i of L: `rank` numbers; empty outside 0..<order.
  public func row(_ i: Int) -> [Double] {
    guard i >= 0, i < order else { return [] }
    return Array(rows[(i * rank)..<((i + 1) * rank)])
  }

  /// L times the columns z: row i of the result is Σⱼ L[i, j] z[j], fused, j ascending.
  ///
  /// `columns` holds at least `rank` rows of `count` numbers each, row j from j × count (one number per path);
  /// the result has `order` rows laid out alike. Own loops, so the bits do not depend on a BLAS. Throws
  /// `shape` when there are fewer numbers.
  public func multiply(_ columns: Span<Double>, count: Int) throws(LinearAlgebraError) -> [Double] {
    guard count >= 0, columns.count >= rank * count else {
      throw .shape(expected: rank * max(count, 0), found: columns.count)
    }
    var result: [Double] = []
    result.reserveCapacity(order * count)
    var line = [Double](repeating: 0, count: count)
    for i in 0..<order {
      let row = self.row(i)
      let used = row.indices.filter { row[$0] != 0 }
      let starts = used.map { $0 * count }
      let factors = used.map { row[$0] }
      var sum = line.mutableSpan
      VectorMath.gatherRows(
        columns, rowStarts: starts.span, factors: factors.span, adding: 0, into: &sum)
      result.append(contentsOf: line)
    }
    return result
  }

  private static func pivoted(_ matrix: Matrix, _ size: Int32, tolerance: Double) -> (Int, [Double]) {
    let n = matrix.rowCount
    var a = matrix.storage
    var pivots = [Int32](repeating: 0, count: n)
    var work = [Double](repeating: 0, count: 2 * n)
    var found = Int32(0)
    unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe pivots.withUnsafeMutableBufferPointer { p in
        unsafe work.withUnsafeMutableBufferPointer { work in
          guard let a = a.baseAddress, let p = p.baseAddress, let work = work.baseAddress else { return }
          _ = unsafe cls_pstrf(size, a, size, p, &found, tolerance, work)
        }
      }
    }
    let rank = Int(found)
    var rows = [Double](repeating: 0, count: n * rank)
    for i in 0..<n {
      let original = Int(pivots[i]) - 1
      guard original >= 0, original < n else { continue }
      for j in 0..<min(i + 1, rank) { rows[original * rank + j] = a[i + j * n] }
    }
    return (rank, rows)
  }
}

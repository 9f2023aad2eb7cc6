internal import CLapackShim

/// Linear least squares by LAPACK's QR (dgels).
public enum LinearLeastSquares {
  /// The x that makes |A·x − b| smallest.
  ///
  /// - Parameters:
  ///   - matrix: at least as many rows as columns, of full rank.
  ///   - right: one number a row.
  /// - Throws: `shape` where the counts do not fit; `notFinite`; `notPositiveDefinite` with the number of the
  ///   column that depends on those before it.
  /// - Complexity: O(rows × columns²).
  public static func solve(_ matrix: Matrix, _ right: [Double]) throws(LinearAlgebraError) -> [Double] {
    let (m, n) = (matrix.rowCount, matrix.columnCount)
    guard n > 0, m >= n, right.count == m, let rows = Int32(exactly: m), let columns = Int32(exactly: n)
    else {
      throw .shape(expected: m, found: right.count)
    }
    for (place, x) in matrix.storage.enumerated() where !x.isFinite {
      throw .notFinite(row: place % m, column: place / m)
    }
    for (row, x) in right.enumerated() where !x.isFinite { throw .notFinite(row: row, column: n) }
    var a = matrix.storage
    var b = right
    var work = [Double](repeating: 0, count: n + 32 * m)
    let count = Int32(clamping: work.count)
    let info = unsafe a.withUnsafeMutableBufferPointer { a in
      unsafe b.withUnsafeMutableBufferPointer { b in
        unsafe work.withUnsafeMutableBufferPointer { work in
          guard let a = a.baseAddress, let b = b.baseAddress, let work = work.baseAddress else {
            return Int32(-1)
          }
          return unsafe cls_gels(rows, columns, a, rows, b, rows, work, count)
        }
      }
    }
    guard info == 0 else { throw .notPositiveDefinite(order: Int(info)) }
    return Array(b.prefix(n))
  }
}

/// What a search for the least sum of squares found.
public struct LeastSquaresFit: Sendable {
  public let parameters: [Double]
  /// The sum of the squared residuals.
  public let cost: Double
  public let iterations: Int
}

/// The method of Levenberg (1944) and Marquardt (1963) with forward differences.
///
/// Every step is a linear least-squares problem: the Jacobian, and below it the damping of each parameter in
/// proportion to its column (Moré 1978).
public enum LevenbergMarquardt {
  /// Follows the steps from a start to a local minimum.
  ///
  /// - Parameters:
  ///   - start: finite; parameters of order one suit the differences best.
  ///   - count: the number of residuals.
  ///   - limit: steps at most.
  ///   - residuals: writes `count` numbers; one that is not finite refuses the point.
  /// - Returns: the best point seen; the start where its residuals are not finite.
  /// - Complexity: O(steps × parameters × cost of the residuals).
  public static func minimise(
    from start: [Double], count: Int, limit: Int = 80,
    residuals: (_ parameters: [Double], _ into: inout [Double]) -> Void
  ) -> LeastSquaresFit {
    let n = start.count
    var x = start
    var r = [Double](repeating: 0, count: count)
    residuals(x, &r)
    var cost = sum(r)
    guard cost.isFinite, n > 0 else { return LeastSquaresFit(parameters: x, cost: cost, iterations: 0) }
    var damping = 1e-3
    var trial = r
    var step = 0
    while step < limit, cost > 0 {
      step += 1
      guard let jacobian = jacobian(x, r, residuals) else { break }
      var moved = false
      var small = false
      for _ in 0..<12 {
        guard let change = solve(jacobian, r, damping) else {
          damping *= 10
          continue
        }
        let next = zip(x, change).map { $0 + $1 }
        residuals(next, &trial)
        let reached = sum(trial)
        if reached.isFinite, reached < cost {
          let gain = (cost - reached) / cost
          small = gain < 1e-13 && zip(x, change).allSatisfy { abs($1) <= 1e-9 * (abs($0) + 1e-3) }
          (x, r, cost) = (next, trial, reached)
          damping = max(damping / 8, 1e-15)
          moved = true
          break
        }
        damping *= 6
      }
      if !moved || small { break }
    }
    return LeastSquaresFit(parameters: x, cost: cost, iterations: step)
  }

  private static func sum(_ r: [Double]) -> Double { r.reduce(0) { $0 + $1 * $1 } }

  private static func jacobian(
    _ x: [Double], _ r: [Double], _ residuals: ([Double], inout [Double]) -> Void
  ) -> [[Double]]? {
    var columns: [[Double]] = []
    var moved = r
    for j in x.indices {
      let h = 0x1p-26 * max(abs(x[j]), 0.1)
      var y = x
      y[j] += h
      let width = y[j] - x[j]
      residuals(y, &moved)
      let column = zip(moved, r).map { ($0 - $1) / width }
      guard column.allSatisfy(\.isFinite) else { return nil }
      columns.append(column)
    }
    return columns
  }

  /// The damped step: least squares of the Jacobian with √damping times each column's norm below it.
  private static func solve(_ jacobian: [[Double]], _ r: [Double], _ damping: Double) -> [Double]? {
    let n = jacobian.count
    var matrix = Matrix(rowCount: r.count + n, columnCount: n)
    for (j, column) in jacobian.enumerated() {
      for (i, value) in column.enumerated() { matrix[i, j] = value }
      let norm = sum(column).squareRoot()
      matrix[r.count + j, j] = damping.squareRoot() * max(norm, 1e-12)
    }
    return try? LinearLeastSquares.solve(matrix, r.map { -$0 } + [Double](repeating: 0, count: n))
  }
}

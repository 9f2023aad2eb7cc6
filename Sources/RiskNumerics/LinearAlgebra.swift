internal import CLapackShim

/// A matrix of doubles by columns: element (i, j) is storage[i + j × rowCount].
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of columns.
  public let columnCount: Int
  /// The elements, column after column.
  public private(set) var storage: [Double]

  /// A matrix of zeros; negative sizes count as 0.
  public init(rowCount: Int, columnCount: Int) {
    self.rowCount = max(rowCount, 0)
    self.columnCount = max(columnCount, 0)
    storage = [Double](repeating: 0, count: self.rowCount * self.columnCount)
  }

  /// A matrix over given elements; throws `shape` when their number is not rowCount × columnCount.
  public init(rowCount: Int, columnCount: Int, storage: [Double]) throws(LinearAlgebraError) {
    let (expected, overflow) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard rowCount >= 0, columnCount >= 0, !overflow, storage.count == expected else {
      throw .shape(expected: expected, found: storage.count)
    }
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.storage = storage
  }

  /// Element (row, column), both from 0 and inside the matrix.
  public subscript(row: Int, column: Int) -> Double {
    get { storage[row + column * rowCount] }
    set { storage[row + column * rowCount] = newValue }
  }
}

extension Matrix {
  /// Refuses what is not square, not finite, or not symmetric within 1e-12 of the larger diagonal element.
  func checkSymmetric() throws(LinearAlgebraError) {
    let n = rowCount
    guard columnCount == n, n > 0, Int32(exactly: n) != nil else {
      throw .shape(expected: n, found: columnCount)
    }
    for j in 0..<n {
      for i in 0..<n where !self[i, j].isFinite { throw .notFinite(row: i, column: j) }
    }
    for j in 0..<n {
      for i in 0..<j {
        let allowed = 1e-12 * max(self[i, i].magnitude, self[j, j].magnitude)
        if (self[i, j] - self[j, i]).magnitude > allowed { throw .notSymmetric(row: i, column: j) }
      }
    }
  }

  /// Rows as columns.
  var transposed: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    for i in 0..<rowCount {
      for j in 0..<columnCount { result.storage[j + i * columnCount] = storage[i + j * rowCount] }
    }
    return result
  }

  /// The product with another matrix, which is transposed first where asked for, by dgemm.
  ///
  /// Rows and columns that do not match give a matrix without elements. Cost: rows × columns × inner
  /// multiplications.
  func times(_ other: Matrix, otherFlipped: Bool = false) -> Matrix {
    let (inner, columns) =
      otherFlipped ? (other.columnCount, other.rowCount) : (other.rowCount, other.columnCount)
    guard inner == columnCount, let m = Int32(exactly: rowCount), let n = Int32(exactly: columns),
      let k = Int32(exactly: inner)
    else {
      return Matrix(rowCount: 0, columnCount: 0)
    }
    var product = Matrix(rowCount: rowCount, columnCount: columns)
    guard rowCount > 0, columns > 0, inner > 0 else { return product }
    unsafe storage.withUnsafeBufferPointer { a in
      unsafe other.storage.withUnsafeBufferPointer { b in
        unsafe product.storage.withUnsafeMutableBufferPointer { c in
          unsafe cls_gemm(otherFlipped ? 1 : 0, m, n, k, a.baseAddress, b.baseAddress, c.baseAddress)
        }
      }
    }
    return product
  }
}

/// Why a matrix could not be factorised.
public enum LinearAlgebraError: Error, Sendable, Equatable {
  /// An eigenvalue is negative beyond rounding: `order` of the matrix, and its smallest eigenvalue.
  case notPositiveSemidefinite(order: Int, pivot: Double)
  /// The leading minor of this order (from 1) is not positive.
  case notPositiveDefinite(order: Int)
  /// A count of rows, columns or elements is not the one needed.
  case shape(expected: Int, found: Int)
  /// An element is NaN or infinite.
  case notFinite(row: Int, column: Int)
  /// Elements (row, column) and (column, row) differ.
  case notSymmetric(row: Int, column: Int)
  /// An iteration did not reach its tolerance.
  case notConverged(iterations: Int)
}

/// Which linear algebra library is loaded.
public enum LinearAlgebraLibrary {
  /// Name and version, as in "reference LAPACK 3.11.0"; never a path.
  public static var name: String {
    if let text = unsafe cls_openblas() {
      let words = unsafe String(cString: text).split(separator: " ").prefix(2)
      return words.joined(separator: " ")
    }
    var version: [Int32] = [0, 0, 0]
    unsafe version.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe cls_version(base)
    }
    return "reference LAPACK \(version[0]).\(version[1]).\(version[2])"
  }
}

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

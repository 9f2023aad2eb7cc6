internal import CLapackShim

/// The LU factors of a tridiagonal matrix, by LAPACK's dgttrf with partial pivoting.
public struct TridiagonalFactor: Sendable {
  private var lower: [Double]
  private var diagonal: [Double]
  private var upper: [Double]
  private var second: [Double]
  private var pivot: [Int32]

  /// Factorises a matrix.
  ///
  /// - Parameters:
  ///   - lower: below the diagonal, count − 1 elements.
  ///   - diagonal: at least two elements.
  ///   - upper: above the diagonal, count − 1 elements.
  /// - Throws: `shape` for other counts, `notPositiveDefinite` with the order at which a pivot is zero.
  /// - Complexity: O(count).
  public init(lower: [Double], diagonal: [Double], upper: [Double]) throws(LinearAlgebraError) {
    let count = diagonal.count
    guard count >= 2, lower.count == count - 1 else {
      throw .shape(expected: max(count, 2) - 1, found: lower.count)
    }
    guard upper.count == count - 1 else { throw .shape(expected: count - 1, found: upper.count) }
    guard let order = Int32(exactly: count) else { throw .shape(expected: Int(Int32.max), found: count) }
    self.lower = lower
    self.diagonal = diagonal
    self.upper = upper
    second = [Double](repeating: 0, count: count - 2)
    pivot = [Int32](repeating: 0, count: count)
    let info = factorise(order)
    if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
    if info < 0 { throw .shape(expected: count, found: Int(-info)) }
  }

  private mutating func factorise(_ order: Int32) -> Int32 {
    unsafe lower.withUnsafeMutableBufferPointer { dl in
      unsafe diagonal.withUnsafeMutableBufferPointer { d in
        unsafe upper.withUnsafeMutableBufferPointer { du in
          unsafe second.withUnsafeMutableBufferPointer { du2 in
            unsafe pivot.withUnsafeMutableBufferPointer { pivot in
              unsafe cls_gttrf(
                order, dl.baseAddress, d.baseAddress, du.baseAddress, du2.baseAddress, pivot.baseAddress)
            }
          }
        }
      }
    }
  }

  /// Solves for a right-hand side in place; one of another count is left as it is.
  ///
  /// - Complexity: O(count).
  public func solve(_ right: inout [Double]) {
    guard right.count == diagonal.count, let order = Int32(exactly: right.count) else { return }
    _ = unsafe lower.withUnsafeBufferPointer { dl in
      unsafe diagonal.withUnsafeBufferPointer { d in
        unsafe upper.withUnsafeBufferPointer { du in
          unsafe second.withUnsafeBufferPointer { du2 in
            unsafe pivot.withUnsafeBufferPointer { pivot in
              unsafe right.withUnsafeMutableBufferPointer { b in
                unsafe cls_gttrs(
                  order, dl.baseAddress, d.baseAddress, du.baseAddress, du2.baseAddress, pivot.baseAddress,
                  b.baseAddress)
              }
            }
          }
        }
      }
    }
  }
}

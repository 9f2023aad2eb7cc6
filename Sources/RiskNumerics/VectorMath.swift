internal import CKernels

/// Elementary functions and sums over columns.
///
/// Columns of a call have the same count; where they differ the shortest decides and the rest of the
/// output is untouched. No function allocates.
public enum VectorMath {
  /// exp of every element; see `Elementary.exp`.
  public static func exp(_ x: Span<Double>, into y: inout MutableSpan<Double>) {
    unsafe column(x, &y, ck_exp)
  }

  /// Natural logarithm of every element; see `Elementary.log`.
  public static func log(_ x: Span<Double>, into y: inout MutableSpan<Double>) {
    unsafe column(x, &y, ck_log)
  }

  /// Normal distribution function of every element; see `Elementary.normalDistribution`.
  public static func normalDistribution(_ x: Span<Double>, into y: inout MutableSpan<Double>) {
    unsafe column(x, &y, ck_ncdf)
  }

  /// Inverse normal distribution function of every element; see `Elementary.normalQuantile`.
  public static func normalQuantile(_ p: Span<Double>, into y: inout MutableSpan<Double>) {
    unsafe column(p, &y, ck_quantile)
  }

  /// sum[i] += factor × row[i], fused, element by element.
  public static func addScaled(
    _ factor: Double, _ row: Span<Double>, to sum: inout MutableSpan<Double>
  ) {
    unsafe row.withUnsafeBufferPointer { row in
      unsafe sum.withUnsafeMutableBufferPointer { sum in
        guard let from = row.baseAddress, let to = sum.baseAddress else { return }
        unsafe ck_axpy(min(row.count, sum.count), factor, from, to)
      }
    }
  }

  /// sum[i] = constant + Σₖ factors[k] × table[rowStarts[k]·stride + i], one fused step per row, rows in order.
  ///
  /// The width is `sum.count`. A row that does not lie wholly inside the table, or has no factor, makes
  /// the whole result NaN: a wrong index is never a silent number. Cost: width × rows fused steps.
  public static func gatherRows(
    _ table: Span<Double>, rowStarts: Span<Int>, stride: Int = 1, factors: Span<Double>,
    adding constant: Double, into sum: inout MutableSpan<Double>
  ) {
    let width = sum.count
    // The last place of a row, in strides; below zero where not even the first fits.
    let space = table.count - width
    let last = stride > 0 && space >= 0 ? space / stride : -1
    // Its sign is that of a place below zero or beyond the last, without a branch a row.
    var outside = last
    for k in rowStarts.indices { outside |= rowStarts[k] | (last &- rowStarts[k]) }
    guard rowStarts.count == factors.count, outside >= 0 || rowStarts.isEmpty else {
      for i in sum.indices { sum[i] = .nan }
      return
    }
    guard rowStarts.count > 0 else {
      for i in sum.indices { sum[i] = constant }
      return
    }
    unsafe table.withUnsafeBufferPointer { table in
      unsafe rowStarts.withUnsafeBufferPointer { starts in
        unsafe factors.withUnsafeBufferPointer { factors in
          unsafe sum.withUnsafeMutableBufferPointer { sum in
            guard let from = table.baseAddress, let start = starts.baseAddress,
              let factor = factors.baseAddress, let to = sum.baseAddress
            else { return }
            unsafe ck_gather(width, starts.count, from, start, stride, factor, constant, to)
          }
        }
      }
    }
  }

  /// How many numbers precede the first that begins a cache line of 64 bytes; below 8.
  ///
  /// A table whose rows begin there is read without touching a line more a row. No figure depends on it.
  public static func lead(_ table: Span<Double>) -> Int {
    unsafe table.withUnsafeBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return 0 }
      return (64 - Int(bitPattern: first) & 63) % 64 / 8
    }
  }

  private static func column(
    _ x: Span<Double>, _ y: inout MutableSpan<Double>,
    _ kernel: (Int, UnsafePointer<Double>?, UnsafeMutablePointer<Double>?) -> Void
  ) {
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let from = x.baseAddress, let to = y.baseAddress else { return }
        unsafe kernel(min(x.count, y.count), from, to)
      }
    }
  }
}

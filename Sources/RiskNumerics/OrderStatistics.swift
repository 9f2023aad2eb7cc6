/// The largest values of a column.
public enum OrderStatistics {
  /// The k largest values, descending; all of them when there are fewer than k.
  ///
  /// Nil when k < 1 or a value is not finite. Expected cost: n steps and k log k for the order.
  public static func largest(_ k: Int, of values: Span<Double>) -> [Double]? {
    guard let indices = indicesOfLargest(k, of: values) else { return nil }
    return indices.map { values[$0] }
  }

  /// Indices of the k largest values, by value descending and then by index ascending.
  ///
  /// Nil when k < 1 or a value is not finite. Equal values are taken by the lower index first, so the
  /// result does not depend on how it was found.
  public static func indicesOfLargest(_ k: Int, of values: Span<Double>) -> [Int]? {
    guard k >= 1, areFinite(values) else { return nil }
    var indices = candidates(k, values)
    if k < indices.count {
      select(k, &indices, values)
      indices.removeSubrange(k...)
    }
    indices.sort { before($0, $1, values) }
    return indices
  }

  /// Whether every value is finite, without branches in the loop.
  private static func areFinite(_ values: Span<Double>) -> Bool {
    let exponent: UInt64 = 0x7ff0_0000_0000_0000
    var special: UInt64 = 0
    for i in values.indices {
      special |= (values[i].bitPattern & exponent) &+ 0x0010_0000_0000_0000
    }
    return special & (1 << 63) == 0
  }

  /// Indices among which the k largest certainly are, ascending: few of them for a small k.
  ///
  /// A sorted sample gives a threshold that a little more than k values should reach; where fewer do, all
  /// indices are candidates. The answer never depends on the sample, only the time does.
  private static func candidates(_ k: Int, _ values: Span<Double>) -> [Int] {
    let count = values.count
    let sampleCount = 256
    guard count >= 4 * sampleCount, k <= count / 4 else { return [Int](0..<count) }
    let stride = count / sampleCount
    var sample = (0..<sampleCount).map { values[$0 * stride] }
    sample.sort(by: >)
    // At most a quarter of the sample is expected above the k-th value; the rest is room for chance.
    let expected = k / stride
    let threshold = sample[min(expected + expected / 2 + 12, sampleCount - 1)]
    var found: [Int] = []
    found.reserveCapacity(2 * k + 16)
    for i in values.indices where values[i] >= threshold { found.append(i) }
    return found.count >= k ? found : [Int](0..<count)
  }

  private static func before(_ a: Int, _ b: Int, _ values: Span<Double>) -> Bool {
    values[a] > values[b] || (values[a] == values[b] && a < b)
  }

  /// Moves the first k in order to the front: quickselect, median of three.
  ///
  /// The order is total, so equal values cost no more than others.
  private static func select(_ k: Int, _ indices: inout [Int], _ values: Span<Double>) {
    var low = 0
    var high = indices.count - 1
    while low < high {
      let middle = low + (high - low) / 2
      if before(indices[middle], indices[low], values) { indices.swapAt(middle, low) }
      if before(indices[high], indices[low], values) { indices.swapAt(high, low) }
      if before(indices[high], indices[middle], values) { indices.swapAt(high, middle) }
      let pivot = indices[middle]
      var i = low
      var j = high
      while i <= j {
        while before(indices[i], pivot, values) { i += 1 }
        while before(pivot, indices[j], values) { j -= 1 }
        if i <= j {
          indices.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      if k - 1 <= j {
        high = j
      } else if k - 1 >= i {
        low = i
      } else {
        return
      }
    }
  }
}

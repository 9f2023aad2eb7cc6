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
    guard k >= 1 else { return nil }
    for i in values.indices where !values[i].isFinite { return nil }
    let count = values.count
    var indices = [Int](0..<count)
    if k < count { select(k, &indices, values) }
    indices.removeSubrange(min(k, count)...)
    indices.sort { before($0, $1, values) }
    return indices
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

/// Columns of returns that were checked, and sums of their products in one fixed order.
struct ReturnMoments {
  /// One column an asset, oldest first, all of `rows` numbers.
  let columns: [[Double]]
  let rows: Int

  /// Checks the columns.
  ///
  /// - Parameter centred: takes the mean out of each column.
  /// - Throws: `ragged`, `notFinite`, `tooFewRows`; `outOfRange` where a sum of squares overflows.
  init(_ columns: [[Double]], needed: Int, centred: Bool) throws(EstimationError) {
    let rows = columns.first?.count ?? 0
    for (place, column) in columns.enumerated() {
      guard column.count == rows else {
        throw .ragged(column: place, expected: rows, found: column.count)
      }
      try EstimationError.check(column, column: place)
    }
    guard rows >= needed else { throw .tooFewRows(found: rows, needed: needed) }
    for column in columns {
      let square = Self.dot(column, column)
      guard square.isFinite else { throw .outOfRange(field: "returns", value: square) }
    }
    self.rows = rows
    guard centred else {
      self.columns = columns
      return
    }
    self.columns = columns.map { column in
      let mean = column.reduce(0, +) / Double(rows)
      return column.map { $0 - mean }
    }
  }

  /// Row-major Σ xᵢ xⱼ / divisor.
  func products(_ divisor: Double) -> [Double] { Self.table(columns) { Self.dot($0, $1) / divisor } }

  /// A symmetric table of a function of two columns.
  static func table(_ columns: [[Double]], _ element: ([Double], [Double]) -> Double) -> [Double] {
    let count = columns.count
    var table = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        table[i * count + j] = element(columns[i], columns[j])
        table[j * count + i] = table[i * count + j]
      }
    }
    return table
  }

  static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for (x, y) in zip(a, b) { sum += x * y }
    return sum
  }
}

/// The root of the polynomial in the function's value through a few known points: x as a function of f, at 0.
///
/// Source: Neville's scheme (E. Isaacson and H. B. Keller, Analysis of Numerical Methods, 1966, section 6.2) on
/// the inverse function.
struct InverseInterpolation {
  private var points: [Double] = []
  private var values: [Double] = []

  /// Nothing known.
  init() {}

  /// The two ends of a grid interval and the point beyond either, where the function is monotone over them.
  init(_ grid: Span<Double>, _ values: Span<Double>, around left: Int) {
    let first = max(left - 1, 0)
    let last = min(left + 2, min(grid.count, values.count) - 1)
    for place in first...last { add(grid[place], values[place]) }
  }

  /// Adds a point at its place.
  mutating func add(_ point: Double, _ value: Double) {
    let place = points.firstIndex { $0 >= point } ?? points.count
    points.insert(point, at: place)
    values.insert(value, at: place)
  }

  /// Where the function is zero; nil unless the known values are strictly monotone.
  var root: Double? {
    guard points.count > 2, let first = values.first, let last = values.last else { return nil }
    let rises = last > first
    for place in 1..<values.count where !(rises == (values[place] > values[place - 1])) { return nil }
    for place in 1..<values.count where values[place] == values[place - 1] { return nil }
    var column = points
    for width in 1..<column.count {
      for row in 0..<(column.count - width) {
        let (low, high) = (values[row], values[row + width])
        column[row] = (high * column[row] - low * column[row + 1]) / (high - low)
      }
    }
    return column[0].isFinite ? column[0] : nil
  }
}

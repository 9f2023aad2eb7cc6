/// Where a surface of SVI slices would let somebody earn without risk.
///
/// Source: Gatheral and Jacquier (2014), sections 2 and 3; Lee, "The moment formula", Mathematical Finance 14 (2004).
public struct SurfaceArbitrage: Hashable, Sendable {
  /// One slice by itself.
  public struct Butterfly: Hashable, Sendable {
    /// The least of Gatheral's g(k) and where it is; below 0 a butterfly there costs less than nothing.
    public let leastDensity: Double
    public let logMoneyness: Double
    /// The slopes of total variance far out; above 2 prices do not fall to 0 (Lee).
    public let leftSlope: Double
    public let rightSlope: Double

    /// No butterfly at a negative price and no wing too steep.
    public var isFree: Bool { leastDensity >= 0 && leftSlope <= 2 && rightSlope <= 2 }
  }

  /// A slice and the next one.
  public struct Calendar: Hashable, Sendable {
    /// The least of w(later) − w(earlier), where it is; below 0 the calendar spread there costs less than nothing.
    public let leastDifference: Double
    public let logMoneyness: Double
    /// Where the slices cross, ascending.
    public let crossings: [Double]
    /// Whether the later wings are at least as steep: otherwise the slices cross somewhere far out.
    public let hasOrderedWings: Bool

    /// Total variance never falls with time.
    public var isFree: Bool { leastDifference >= 0 && hasOrderedWings }
  }

  /// In the order of the slices.
  public let butterflies: [Butterfly]
  /// Entry i compares slice i with slice i + 1.
  public let calendars: [Calendar]

  /// Whether nothing was found.
  public var isFree: Bool { butterflies.allSatisfy(\.isFree) && calendars.allSatisfy(\.isFree) }

  /// The report on slices in order of time.
  ///
  /// - Complexity: about 1,500 evaluations a slice.
  public init(of slices: [SVISlice]) {
    butterflies = slices.map(Self.butterfly)
    calendars = zip(slices, slices.dropFirst()).map { Self.calendar($0, $1) }
  }

  static func butterfly(_ slice: SVISlice) -> Butterfly {
    let least = slice.leastDensity
    return Butterfly(
      leastDensity: least.value, logMoneyness: least.logMoneyness, leftSlope: slice.leftSlope,
      rightSlope: slice.rightSlope)
  }

  static func calendar(_ earlier: SVISlice, _ later: SVISlice) -> Calendar {
    let grid = (0...320).map { -8 + Double($0) / 20 }
    let places = (grid.map(earlier.place) + grid.map(later.place)).sorted()
    func gap(_ k: Double) -> Double { later.totalVariance(k) - earlier.totalVariance(k) }
    var (least, at) = (Double.infinity, 0.0)
    var crossings: [Double] = []
    var last: (k: Double, gap: Double)?
    for k in places {
      let here = gap(k)
      if here < least { (least, at) = (here, k) }
      if let before = last, (before.gap < 0) != (here < 0) {
        var (low, high) = (before.k, k)
        for _ in 0..<60 {
          let middle = low + (high - low) / 2
          if (gap(middle) < 0) == (before.gap < 0) { low = middle } else { high = middle }
        }
        crossings.append(low)
      }
      last = (k, here)
    }
    return Calendar(
      leastDifference: least, logMoneyness: at, crossings: crossings,
      hasOrderedWings: later.leftSlope >= earlier.leftSlope && later.rightSlope >= earlier.rightSlope)
  }
}

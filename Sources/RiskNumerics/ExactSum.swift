/// A sum without rounding: the value is the exact sum rounded once, whatever the order of the additions.
///
/// Keeps a short list of doubles of growing size that do not overlap and whose exact sum is the sum so far.
/// Source: Shewchuk (1997), "Adaptive precision floating-point arithmetic"; the final rounding follows
/// the rule for half-way cases used by exact summations of that kind. An overflow or a non-finite term makes
/// the value the ordinary sum of the specials (NaN or infinite). Cost of an addition: some tens of
/// operations.
public struct ExactSum: Sendable {
  /// Doubles of growing size, not overlapping, whose exact sum is the finite part of the sum.
  public private(set) var partials: [Double] = []
  private var special = 0.0
  private var isSpecial = false

  /// The empty sum, 0.
  public init() {}

  /// Adds one number.
  public mutating func add(_ x: Double) {
    guard x.isFinite else {
      special += x
      isSpecial = true
      return
    }
    var carry = x
    var kept = 0
    for i in partials.indices {
      var small = partials[i]
      if carry.magnitude < small.magnitude { swap(&carry, &small) }
      let high = carry + small
      let low = small - (high - carry)
      if low != 0 {
        partials[kept] = low
        kept += 1
      }
      carry = high
    }
    guard carry.isFinite else {
      special += carry
      isSpecial = true
      partials.removeAll()
      return
    }
    // The list keeps its length in nearly every addition: write in place rather than cut and append.
    if carry == 0 {
      partials.removeSubrange(kept...)
    } else if kept < partials.count {
      partials[kept] = carry
      if kept + 1 < partials.count { partials.removeSubrange((kept + 1)...) }
    } else {
      partials.append(carry)
    }
  }

  /// Adds another sum, exactly.
  public mutating func add(_ other: ExactSum) {
    for x in other.partials { add(x) }
    if other.isSpecial {
      special += other.special
      isSpecial = true
    }
  }

  /// The sum, rounded once to nearest, ties to even.
  public var value: Double {
    if isSpecial { return special }
    guard var high = partials.last else { return 0 }
    var low = 0.0
    var i = partials.count - 1
    while i > 0 {
      i -= 1
      let x = high
      let y = partials[i]
      high = x + y
      low = y - (high - x)
      if low != 0 { break }
    }
    // A tie was rounded to even although smaller partials lie on one side of it: go that way.
    if i > 0, (low < 0 && partials[i - 1] < 0) || (low > 0 && partials[i - 1] > 0) {
      let twice = low * 2
      let moved = high + twice
      if twice == moved - high { return moved }
    }
    return high
  }
}

internal import RiskNumerics

/// Draws of one stream: a function of (seed, domain, stream, count), so that account 7 of a desk is the
/// same whoever else is in it.
struct SeededDraws {
  /// What the draws are for; two domains never share a draw.
  enum Domain: UInt32 {
    case history = 1
    case account = 2
  }

  private let key: (UInt32, UInt32)
  private let domain: UInt32
  private let stream: UInt32
  private var count: UInt32 = 0

  /// The draws of one stream.
  init(seed: UInt64, domain: Domain, stream: Int) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.domain = domain.rawValue
    self.stream = UInt32(truncatingIfNeeded: stream)
  }

  /// A number strictly between 0 and 1, centred in one of 2^52 equal cells.
  mutating func fraction() -> Double {
    let words = RandomStream.philox(counter: (count, stream, domain, 0), key: key)
    count &+= 1
    let bits = (UInt64(words.0) << 32 | UInt64(words.1)) >> 12
    return (Double(bits) + 0.5) * 0x1p-52
  }

  /// A number between two bounds.
  mutating func between(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * fraction()
  }

  /// A whole number of a half-open range; its lower bound where the range is empty.
  mutating func pick(_ range: Range<Int>) -> Int {
    let offset = (fraction() * Double(range.count)).rounded(.down)
    return range.lowerBound + max(0, min(range.count - 1, Int(exactly: offset) ?? 0))
  }

  /// True with a probability.
  mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

  /// A standard normal number, by the inverse distribution.
  mutating func normal() -> Double { Elementary.normalQuantile(fraction()) }

  /// Some of the numbers 0 ..< count, each at most once, in drawn order (Fisher and Yates).
  mutating func sample(_ size: Int, of count: Int) -> [Int] {
    var places = Array(0..<count)
    let size = min(size, count)
    for place in 0..<size { places.swapAt(place, pick(place..<count)) }
    return Array(places.prefix(size))
  }
}

/// Rounding to what a venue quotes.
enum Ticks {
  /// To a number of decimals, as the double nearest to that decimal.
  static func rounded(_ value: Double, decimals: Int) -> Double {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return (value * scale).rounded() / scale
  }

  /// To a whole multiple of a step ≥ 1.
  static func rounded(_ value: Double, step: Double) -> Double {
    (value / step).rounded() * step
  }
}

import RiskNumerics

/// Random orders in which players join, each by its place: order k depends on the seed, the owner and k alone.
///
/// Philox4x32-10 keyed by the seed; the owner's hash and the order's number are the counter.
struct JoiningOrders: Sendable {
  private let seed: UInt64
  private let owner: UInt64

  /// The orders of an owner.
  ///
  /// - Parameter owner: bytes of an account's id.
  init(seed: UInt64, owner: some Sequence<UInt8>) {
    self.seed = seed
    // FNV-1a-64.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in owner { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    self.owner = hash
  }

  /// One order: the unions shuffled, and inside each union its members.
  ///
  /// - Parameter sizes: members of each union; players are numbered union after union.
  /// - Complexity: O(players).
  func order(_ number: Int, sizes: [Int]) -> [Int] {
    var draws = Draws(seed: seed, owner: owner, number: number)
    var starts: [Int] = []
    var first = 0
    for size in sizes {
      starts.append(first)
      first += size
    }
    var order: [Int] = []
    order.reserveCapacity(first)
    for union in draws.shuffled(Array(sizes.indices)) {
      order += draws.shuffled(Array(starts[union]..<starts[union] + sizes[union]))
    }
    return order
  }
}

/// Whole numbers from the blocks of one counter.
private struct Draws {
  private let key: (UInt32, UInt32)
  private let owner: (UInt32, UInt32)
  private let number: UInt32
  private var block: UInt32 = 0
  private var kept: UInt64?

  init(seed: UInt64, owner: UInt64, number: Int) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.owner = (UInt32(truncatingIfNeeded: owner), UInt32(truncatingIfNeeded: owner >> 32))
    self.number = UInt32(truncatingIfNeeded: number)
  }

  private mutating func next() -> UInt64 {
    if let word = kept {
      kept = nil
      return word
    }
    let words = RandomStream.philox(counter: (number, block, owner.0, owner.1), key: key)
    block &+= 1
    kept = UInt64(words.2) | UInt64(words.3) << 32
    return UInt64(words.0) | UInt64(words.1) << 32
  }

  /// Fisher and Yates; a place is the upper half of a product, off uniform by less than one part in 2⁵⁰.
  mutating func shuffled(_ list: [Int]) -> [Int] {
    var list = list
    var left = list.count
    while left > 1 {
      let place = Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(left)).high)
      left -= 1
      list.swapAt(place, left)
    }
    return list
  }
}

/// Means and standard errors of what players add, over independent pairs of orders.
struct OrderSample<Value: SharedValue> {
  private var sums: [Value]
  private var squares: [Value]
  private var first: [Value] = []
  private var count = 0

  init(count: Int) {
    sums = [Value](repeating: .zero, count: count)
    squares = sums
  }

  /// Adds the mean of a pair.
  mutating func add(_ values: [Value]) {
    // Squares are taken from the first pair: the variance of large values would cancel.
    if count == 0 { first = values }
    count += 1
    for place in sums.indices {
      let distance = values[place] - first[place]
      sums[place] = sums[place] + distance
      squares[place] = squares[place] + distance.squared
    }
  }

  var means: [Value] {
    guard count > 0 else { return sums }
    return zip(first, sums).map { $0 + $1.scaled(by: 1 / Double(count)) }
  }

  /// Of the means; zero where there is one pair only.
  var errors: [Value] {
    guard count > 1 else { return [Value](repeating: .zero, count: sums.count) }
    let pairs = Double(count)
    return zip(sums, squares).map { sum, square in
      let variance = (square - sum.squared.scaled(by: 1 / pairs)).scaled(by: 1 / (pairs - 1))
      return variance.scaled(by: 1 / pairs).root
    }
  }
}

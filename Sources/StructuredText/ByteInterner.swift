/// Places of distinct byte sequences, in the order they were first met.
///
/// A hash table without an order of its own: nothing can be iterated, so no hash reaches a result. The
/// hash is keyed anew in each process (`Hasher`), so a file cannot be made to collide.
public struct ByteInterner: Sendable {
  /// Number of distinct sequences.
  public var count: Int { starts.count }

  private var pool: [UInt8] = []
  private var starts: [Int] = []
  private var ends: [Int] = []
  private var hashes: [Int] = []
  /// Places plus one, 0 where free; a power of two of them, at most half of them taken.
  private var slots: [Int32]

  /// An empty interner.
  public init() {
    slots = Array(repeating: 0, count: 64)
  }

  /// The place of a sequence, which is added when it is new.
  ///
  /// - Complexity: O(length), amortised.
  public mutating func place(of bytes: ArraySlice<UInt8>) -> Int {
    let hash = Self.hash(bytes)
    let slot = slot(of: bytes, hash: hash)
    if slots[slot] != 0 { return Int(slots[slot]) - 1 }
    let place = starts.count
    starts.append(pool.count)
    pool.append(contentsOf: bytes)
    ends.append(pool.count)
    hashes.append(hash)
    slots[slot] = Int32(truncatingIfNeeded: place + 1)
    if starts.count * 2 > slots.count { grow() }
    return place
  }

  /// The place of a sequence that is already there, nil for any other.
  public func existingPlace(of bytes: ArraySlice<UInt8>) -> Int? {
    let found = slots[slot(of: bytes, hash: Self.hash(bytes))]
    return found == 0 ? nil : Int(found) - 1
  }

  private func slot(of bytes: ArraySlice<UInt8>, hash: Int) -> Int {
    let mask = slots.count - 1
    var slot = hash & mask
    while true {
      let found = Int(slots[slot]) - 1
      if found < 0 { return slot }
      if hashes[found] == hash, ends[found] - starts[found] == bytes.count,
        pool[starts[found]..<ends[found]].elementsEqual(bytes)
      {
        return slot
      }
      slot = (slot + 1) & mask
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for place in hashes.indices {
      var slot = hashes[place] & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(truncatingIfNeeded: place + 1)
    }
  }

  private static func hash(_ bytes: ArraySlice<UInt8>) -> Int {
    var hasher = Hasher()
    var word: UInt64 = 0
    var filled = 0
    for byte in bytes {
      word = word << 8 | UInt64(byte)
      filled += 1
      if filled & 7 == 0 {
        hasher.combine(word)
        word = 0
      }
    }
    hasher.combine(word)
    hasher.combine(filled)
    return hasher.finalize()
  }
}

/// The largest figures of many samples that come in order of their paths, without keeping the samples.
///
/// Each slot keeps up to `capacity` candidates; when they are full all but the `depth` largest are dropped, and from
/// then on a figure has to exceed the smallest of those. Equal figures rank by path, so what is kept is exactly the
/// `depth` largest of the sample whatever the order of dropping.
struct TailCandidates: Sendable {
  let depth: Int
  private let capacity: Int
  private var values: [Double]
  private var paths: [Int32]
  private var counts: [Int]
  /// What a further candidate has to exceed.
  private var floors: [Double]
  /// Whether a figure was no finite number.
  private(set) var isBroken: [Bool]

  init(slots: Int, depth: Int) {
    self.depth = depth
    capacity = Self.capacity(depth: depth)
    values = [Double](repeating: 0, count: slots * capacity)
    paths = [Int32](repeating: 0, count: slots * capacity)
    counts = [Int](repeating: 0, count: slots)
    floors = [Double](repeating: -.infinity, count: slots)
    isBroken = [Bool](repeating: false, count: slots)
  }

  /// Candidates a slot holds: a quarter more than needed, so that dropping is rare.
  private static func capacity(depth: Int) -> Int { depth + max(32, depth / 4) }

  /// Bytes of one slot.
  static func bytes(depth: Int) -> Int { capacity(depth: depth) * 12 + 24 }

  /// Enters the figures of one slot on neighbouring paths.
  mutating func add(_ figures: Span<Double>, slot: Int, firstPath: Int) {
    var floor = floors[slot]
    for lane in figures.indices {
      let value = figures[lane]
      // Written so that what is no number comes through.
      guard !(value <= floor) else { continue }
      guard value.isFinite else {
        isBroken[slot] = true
        continue
      }
      let place = slot * capacity + counts[slot]
      values[place] = value
      paths[place] = Int32(clamping: firstPath + lane)
      counts[slot] += 1
      if counts[slot] == capacity {
        drop(slot)
        floor = floors[slot]
      }
    }
  }

  /// Keeps the `depth` largest of a slot: quickselect, median of three.
  private mutating func drop(_ slot: Int) {
    let first = slot * capacity
    var low = first
    var high = first + counts[slot] - 1
    let last = first + depth - 1
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(middle, low) { swap(middle, low) }
      if isBefore(high, low) { swap(high, low) }
      if isBefore(high, middle) { swap(high, middle) }
      let (pivot, path) = (values[middle], paths[middle])
      var i = low
      var j = high
      while i <= j {
        while values[i] > pivot || (values[i] == pivot && paths[i] < path) { i += 1 }
        while values[j] < pivot || (values[j] == pivot && paths[j] > path) { j -= 1 }
        if i <= j {
          swap(i, j)
          i += 1
          j -= 1
        }
      }
      if last <= j { high = j } else if last >= i { low = i } else { break }
    }
    counts[slot] = depth
    var floor = values[first]
    for place in first..<first + depth { floor = min(floor, values[place]) }
    floors[slot] = floor
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    values[a] > values[b] || (values[a] == values[b] && paths[a] < paths[b])
  }

  private mutating func swap(_ a: Int, _ b: Int) {
    values.swapAt(a, b)
    paths.swapAt(a, b)
  }

  /// The `depth` largest of a slot with their paths, in decreasing order, equals by path.
  func sorted(_ slot: Int) -> [(value: Double, path: Int)] {
    let first = slot * capacity
    let found = (first..<first + counts[slot]).map { (value: values[$0], path: Int(paths[$0])) }
    return Array(
      found.sorted { $0.value > $1.value || ($0.value == $1.value && $0.path < $1.path) }.prefix(depth))
  }
}

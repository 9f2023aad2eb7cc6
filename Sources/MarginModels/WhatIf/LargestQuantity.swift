public import PortfolioValuation

/// How much of a trade an account can take under one model and mode before it fails a test.
public struct LargestQuantity: Hashable, Sendable {
  public var id: ModelMode
  public var test: MarginTest
  /// Quantities are whole multiples of it; > 0.
  public var lot: Double
  /// The largest quantity q, signed as the trade, such that every lot from 0 to q passes; nil where already 0 fails,
  /// or where no limit was found (see `isUnlimited`).
  public var quantity: Double?
  /// Whether every quantity passes that the engine takes (1e15 in size).
  public var isUnlimited: Bool
  /// Further runs of quantities that pass, beyond one that fails: from the nearer to the farther end.
  public var later: [PassingRun]
  /// Whether the model's structure shows that no run was missed; otherwise the quantities were scanned.
  public var isExact: Bool

  /// Quantities that pass, signed as the trade; `to` is nil where no end was found.
  public struct PassingRun: Hashable, Sendable {
    public var from: Double
    public var to: Double?
  }
}

extension AccountWhatIf {
  /// The largest quantity of a trade that passes, at its own price.
  ///
  /// The requirement may fall before it rises, so passing quantities need not begin at 0 nor hang together. Where the
  /// model is the least of convex requirements (all three Derive and Deribit standard models are, between the kinks
  /// they name) each gives one run, found by bisection; the runs are then joined. Other models are scanned.
  ///
  /// - Parameters:
  ///   - entry: place in `entries`.
  ///   - lot: > 0.
  ///   - isSale: whether quantities are negative.
  ///   - trade: the effect of a signed quantity; nil ends the search there.
  /// - Returns: nil where the model cannot margin the instrument or a figure is not finite.
  /// - Complexity: some 200 evaluations of what the trade touches.
  public func largest(
    entry: Int, test: MarginTest, lot: Double, isSale: Bool, trade: @escaping (Double) -> TradeEffect?
  ) -> LargestQuantity? {
    guard entries.indices.contains(entry), lot > 0, lot.isFinite else { return nil }
    let step = isSale ? -lot : lot
    guard let unit = trade(step), supports(instrument: unit.instrument, entry: entry) else { return nil }
    let place = entries[entry]
    let increment = increments[place.model]
    let isExact = increment.branches(after: [unit], mode: place.mode, test: test) != nil
    let surplus: (Int) -> [Double] = { lots in
      guard let effect = trade(step * Double(lots)) else { return [] }
      if isExact { return increment.branches(after: [effect], mode: place.mode, test: test) ?? [] }
      return [increment.after([effect])[place.mode].surplus(test)]
    }
    guard surplus(1).allSatisfy(\.isFinite) else { return nil }
    let most = Int(exactly: min(1e15 / lot, 4e15).rounded(.down)) ?? 0
    let search = PassingLots(most: most, surplus: surplus)
    let runs = isExact ? search.runs(kinks: increment.kinks(along: unit)) : search.scannedRuns()
    return figure(runs, place.id, test, lot: lot, step: step, most: most, isExact: isExact)
  }

  private func figure(
    _ runs: [ClosedRange<Int>], _ id: ModelMode, _ test: MarginTest, lot: Double, step: Double, most: Int,
    isExact: Bool
  ) -> LargestQuantity {
    let first = runs.first { $0.contains(0) }
    let isUnlimited = first?.upperBound == most
    let later = runs.filter { !$0.contains(0) }.map {
      LargestQuantity.PassingRun(
        from: step * Double($0.lowerBound), to: $0.upperBound == most ? nil : step * Double($0.upperBound))
    }
    return LargestQuantity(
      id: id, test: test, lot: lot,
      quantity: isUnlimited ? nil : first.map { $0.upperBound == 0 ? 0 : step * Double($0.upperBound) },
      isUnlimited: isUnlimited, later: later, isExact: isExact)
  }
}

/// Whole numbers of lots at which one of some functions is not negative.
struct PassingLots {
  /// The largest number looked at.
  let most: Int
  let surplus: (Int) -> [Double]

  /// Runs of numbers that pass, in order and apart, where every function is concave between the kinks.
  func runs(kinks: [Double]) -> [ClosedRange<Int>] {
    let end = horizon()
    var cuts = [0, end]
    for kink in kinks where kink > 0 && kink < Double(end) {
      if let below = Int(exactly: kink.rounded(.down)), let above = Int(exactly: kink.rounded(.up)) {
        cuts += [below, above]
      }
    }
    cuts.sort()
    var found: [ClosedRange<Int>] = []
    for (low, high) in zip(cuts, cuts.dropFirst()) {
      for branch in surplus(low).indices {
        if let run = run(low, high, { surplus($0)[safe: branch] }) { found.append(run) }
      }
    }
    return Self.joined(found)
  }

  /// The same for functions of no known shape: 256 steps up to where all have failed for long, every change of sign
  /// found by bisection.
  func scannedRuns() -> [ClosedRange<Int>] {
    let end = horizon()
    let steps = min(256, end)
    var points = (0...steps).map { $0 * (end / max(steps, 1)) }
    // Small quantities matter most, and may pass between the even steps.
    var power = 1
    while power < end { points.append(power); power *= 2 }
    points.append(end)
    points.sort()
    var found: [ClosedRange<Int>] = []
    for (low, high) in zip(points, points.dropFirst()) where low < high {
      let (first, last) = (passes(low), passes(high))
      switch (first, last) {
      case (true, true): found.append(low...high)
      case (true, false): found.append(low...edge(low, high, passes))
      case (false, true): found.append(edge(high, low, passes)...high)
      case (false, false): break
      }
    }
    if end == 0, passes(0) { found.append(0...0) }
    return Self.joined(found)
  }

  /// A number beyond which nothing passes: every function is negative and falling there.
  private func horizon() -> Int {
    var end = min(1, most)
    var last = surplus(0)
    while end < most {
      let next = surplus(end)
      let goesOn = zip(next, last).contains { $0 >= 0 || $0 > $1 }
      if !goesOn || next.isEmpty { return end }
      last = next
      end = end > most / 2 ? most : end * 2
    }
    return end
  }

  private func passes(_ lots: Int) -> Bool { surplus(lots).contains { $0 >= 0 } }

  /// The run of a concave function inside low…high; nil where it is negative throughout.
  private func run(_ low: Int, _ high: Int, _ value: @escaping (Int) -> Double?) -> ClosedRange<Int>? {
    let passes = { (lots: Int) in (value(lots) ?? -1) >= 0 }
    var top: Int?
    if passes(low) { top = low } else if passes(high) { top = high } else { top = summit(low, high, value) }
    guard let top, passes(top) else { return nil }
    let first = passes(low) ? low : edge(top, low, passes)
    let last = passes(high) ? high : edge(top, high, passes)
    return first...last
  }

  /// Where a concave function is not negative, else where it is greatest.
  private func summit(_ low: Int, _ high: Int, _ value: (Int) -> Double?) -> Int {
    var (low, high) = (low, high)
    while low < high {
      let middle = low + (high - low) / 2
      guard let here = value(middle), let next = value(middle + 1) else { return low }
      if here >= 0 { return middle }
      if here < next { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The last number that passes on the way from one that does to one that does not.
  private func edge(_ inside: Int, _ outside: Int, _ passes: (Int) -> Bool) -> Int {
    var (inside, outside) = (inside, outside)
    while abs(outside - inside) > 1 {
      let middle = inside + (outside - inside) / 2
      if passes(middle) { inside = middle } else { outside = middle }
    }
    return inside
  }

  /// Runs in order; those that touch become one.
  static func joined(_ runs: [ClosedRange<Int>]) -> [ClosedRange<Int>] {
    var joined: [ClosedRange<Int>] = []
    for run in runs.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }) {
      if let last = joined.last, run.lowerBound <= last.upperBound + 1 {
        joined[joined.count - 1] = last.lowerBound...max(last.upperBound, run.upperBound)
      } else {
        joined.append(run)
      }
    }
    return joined
  }
}

extension Array {
  /// The element at a place, nil outside.
  subscript(safe place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}

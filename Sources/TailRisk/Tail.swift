import RiskNumerics

/// The largest losses of one account with the paths they stand on.
struct Tail {
  /// Descending; equal losses by path.
  let losses: [Double]
  let paths: [Int]

  /// The `depth` largest of a sample; nil where one is not finite.
  ///
  /// A threshold from every few-th loss leaves about twice as many candidates as needed, so that the exact
  /// selection works on a small part; where the threshold was too high it works on all. Either way the
  /// result is the one that the order (loss descending, path ascending) defines.
  init?(_ depth: Int, of sample: Span<Double>) {
    let count = sample.count
    guard count > 0, depth > 0 else { return nil }
    var candidates: [Int] = []
    var values: [Double] = []
    var largest = 0.0
    if count > 4_096, depth < count / 4 {
      let stride = count / 512
      var few: [Double] = []
      few.reserveCapacity(520)
      var path = 0
      while path < count {
        few.append(sample[path])
        path += stride
      }
      few.sort(by: >)
      // Three standard deviations of the sampled share above the share that is needed.
      let share = Double(depth) / Double(count) * Double(few.count)
      let place = Int(exactly: (share + 3 * share.squareRoot() + 4).rounded()) ?? few.count
      let threshold = few[min(place, few.count - 1)]
      candidates.reserveCapacity(2 * depth + 64)
      values.reserveCapacity(2 * depth + 64)
      for path in sample.indices {
        let loss = sample[path]
        largest = max(largest, loss.magnitude)
        // Written so that NaN becomes a candidate and is refused below.
        if !(loss < threshold) {
          candidates.append(path)
          values.append(loss)
        }
      }
      guard largest.isFinite else { return nil }
    }
    if values.count >= depth {
      guard let order = OrderStatistics.indicesOfLargest(depth, of: values.span) else { return nil }
      losses = order.map { values[$0] }
      paths = order.map { candidates[$0] }
    } else {
      guard let order = OrderStatistics.indicesOfLargest(depth, of: sample) else { return nil }
      losses = order.map { sample[$0] }
      paths = order
    }
  }

  /// The figure of one level without its components.
  func measure(_ level: TailLevel, count: Int, method: String, horizonDays: Double) -> ValueAtRiskFigure {
    func loss(rank: Int) -> Double { losses[min(max(0, count - rank), losses.count - 1)] }
    let value = loss(rank: level.rank)
    var sum = 0.0
    var excess = 0.0
    var squares = 0.0
    for place in 0..<min(level.whole, losses.count) {
      sum += losses[place]
      let beyond = losses[place] - value
      excess += beyond
      squares += beyond * beyond
    }
    sum += level.fraction * value
    let n = Double(count)
    let mean = excess / n
    // Influence of one loss on the expected shortfall: (L − VaR)⁺/(1 − c) up to a constant.
    let variance = max(0, squares / n - mean * mean)
    let lower = loss(rank: level.lowerRank)
    let upper = loss(rank: level.upperRank)
    return ValueAtRiskFigure(
      method: method, confidence: level.confidence, horizonDays: horizonDays, valueAtRisk: value,
      expectedShortfall: max(value, sum / level.mass),
      // Half the width of the 95 % interval over the 97.5 % point of the normal law.
      standardError: (upper - lower) / (2 * 1.959963984540054),
      expectedShortfallStandardError: (variance / n).squareRoot() * (n / level.mass), rank: level.rank,
      interval: ValueAtRiskFigure.Interval(
        confidence: level.coverage, lower: lower, upper: upper, lowerRank: level.lowerRank,
        upperRank: level.upperRank), components: [])
  }
}

import MarketModel
import RiskNumerics

/// The losses of one portfolio that its figures need.
///
/// Nothing is sorted: the few ranks that the levels read are selected, and everything summed is summed in
/// order of paths.
struct Tail {
  /// Paths whose losses are large, in increasing order; all that a level needs are among them.
  let paths: [Int]
  /// Their losses.
  let losses: [Double]
  /// The losses at `TailPlan.places`.
  private let ranked: [Double]
  private let plan: TailPlan

  /// The tail of a sample of `plan.count` losses; nil where one is not finite.
  ///
  /// A threshold from every few-th loss leaves somewhat more candidates than needed, so that the selection
  /// works on a small part; where the threshold was too high it works on all. Either way the losses found
  /// are those of the whole sample.
  init?(_ plan: TailPlan, of sample: Span<Double>) {
    guard sample.count == plan.count, plan.depth > 0 else { return nil }
    var threshold = Self.threshold(plan, sample)
    var paths: [Int] = []
    var losses: [Double] = []
    while true {
      paths.removeAll(keepingCapacity: true)
      losses.removeAll(keepingCapacity: true)
      var largest = 0.0
      for path in sample.indices {
        let loss = sample[path]
        largest = max(largest, loss.magnitude)
        // Written so that NaN becomes a candidate and is refused below.
        if !(loss < threshold) {
          paths.append(path)
          losses.append(loss)
        }
      }
      guard largest.isFinite else { return nil }
      if losses.count >= plan.depth || threshold == -.infinity { break }
      threshold = -.infinity
    }
    for loss in losses where !loss.isFinite { return nil }
    self.paths = paths
    self.losses = losses
    self.plan = plan
    ranked = Self.select(plan.places, from: losses)
  }

  /// A loss that somewhat more than `depth` losses reach; −∞ for a small sample.
  private static func threshold(_ plan: TailPlan, _ sample: Span<Double>) -> Double {
    guard plan.count > 4_096, plan.depth < plan.count / 4 else { return -.infinity }
    let stride = plan.count / 512
    var few: [Double] = []
    few.reserveCapacity(plan.count / stride + 1)
    var path = 0
    while path < sample.count {
      few.append(sample[path])
      path += stride
    }
    // Three standard deviations of the sampled share above the share that is needed.
    let share = Double(plan.depth) / Double(plan.count) * Double(few.count)
    let place = Int(exactly: (share + 3 * share.squareRoot() + 4).rounded()) ?? few.count
    return select([min(place, few.count - 1)], from: few).first ?? -.infinity
  }

  /// The values at increasing places of the decreasing order, counted from 0: quickselect on what is left
  /// to the right of the last place, median of three.
  private static func select(_ places: [Int], from values: [Double]) -> [Double] {
    var values = values
    var found: [Double] = []
    var floor = 0
    for place in places where place >= floor && place < values.count {
      var low = floor
      var high = values.count - 1
      while low < high {
        let (a, b, c) = (values[low], values[low + (high - low) / 2], values[high])
        let pivot = max(min(a, b), min(max(a, b), c))
        var i = low
        var j = high
        while i <= j {
          while i < high, values[i] > pivot { i += 1 }
          while j > low, pivot > values[j] { j -= 1 }
          if i <= j {
            values.swapAt(i, j)
            i += 1
            j -= 1
          }
        }
        if place <= j {
          high = j
        } else if place >= i {
          low = i
        } else {
          break
        }
      }
      found.append(values[place])
      floor = place
    }
    return found
  }

  /// The loss at a place of the decreasing order that the plan names.
  func loss(at place: Int) -> Double {
    plan.places.firstIndex(of: place).map { ranked[$0] } ?? .nan
  }

  /// Losses of the sample.
  var count: Int { plan.count }

  /// The value at risk of a level.
  func valueAtRisk(_ level: TailLevel) -> Double { loss(at: level.whole) }

  /// The figure of one level without its components.
  func measure(_ level: TailLevel, plan: ValueAtRiskPlan) -> ValueAtRiskFigure {
    let value = valueAtRisk(level)
    var sum = 0.0
    var excess = 0.0
    var squares = 0.0
    var beyond = 0
    for loss in losses where loss > value {
      beyond += 1
      sum += loss
      excess += loss - value
      squares += (loss - value) * (loss - value)
    }
    // Losses equal to the value at risk fill up the whole ones, then the fraction.
    sum += (Double(level.whole - beyond) + level.fraction) * value
    let n = Double(self.plan.count)
    let mean = excess / n
    // Influence of one loss on the expected shortfall: (L − VaR)⁺/(1 − c) up to a constant.
    let variance = max(0, squares / n - mean * mean)
    let lower = loss(at: self.plan.count - level.lowerRank)
    let upper = loss(at: self.plan.count - level.upperRank)
    return ValueAtRiskFigure(
      method: plan.method.rawValue, confidence: level.confidence, horizonDays: plan.horizonDays,
      valueAtRisk: value,
      expectedShortfall: max(value, sum / level.mass),
      // Half the width of the 95 % interval over the 97.5 % point of the normal law.
      standardError: level.coverage < 0.95 ? nil : (upper - lower) / (2 * 1.959963984540054),
      expectedShortfallStandardError: level.whole < 2
        ? nil : (variance / n).squareRoot() * (n / level.mass),
      rank: level.rank,
      interval: ValueAtRiskFigure.Interval(
        confidence: level.coverage, lower: lower, upper: upper, lowerRank: level.lowerRank,
        upperRank: level.upperRank),
      sampling: SamplingUse(kind: plan.sampling.rawValue, paths: self.plan.count), components: [])
  }
}

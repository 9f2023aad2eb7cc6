import MarketModel

/// The ranks and weights of one confidence level in a sample of a given size, by whole-number arithmetic.
///
/// The value at risk is the smallest loss x with F_n(x) ≥ c: rank ⌈n·c⌉ in increasing order, the (m+1)-th
/// largest with m = ⌊n(1−c)⌋. The expected shortfall (Acerbi and Tasche 2002) is the mean of the worst n(1−c)
/// losses, the (m+1)-th counted by the fraction that is left.
struct TailLevel: Sendable {
  let confidence: ConfidenceLevel
  /// Whole losses beyond the value at risk.
  let whole: Int
  /// The weight of the value at risk itself in the expected shortfall, in [0, 1).
  let fraction: Double
  /// n(1−c).
  let mass: Double
  /// Rank of the value at risk in increasing order, counted from 1.
  let rank: Int
  let lowerRank: Int
  let upperRank: Int
  let coverage: Double

  /// The level for a sample of `count` losses.
  init(_ confidence: ConfidenceLevel, count: Int) {
    self.confidence = confidence
    let denominator = UInt(confidence.denominator)
    let product = UInt(count).multipliedFullWidth(
      by: UInt(confidence.denominator - confidence.numerator))
    // n(1−c) < n fits one word, so the division cannot overflow.
    let (quotient, remainder) = denominator.dividingFullWidth(product)
    whole = min(Int(clamping: quotient), max(0, count - 1))
    fraction = Double(remainder) / Double(denominator)
    mass = Double(quotient) + fraction
    rank = count - whole
    let interval = BinomialInterval(count: count, level: confidence)
    lowerRank = interval.lowerRank
    upperRank = interval.upperRank
    coverage = interval.coverage
  }
}

extension TailLevel {
  /// What a sample of this size cannot say at this level.
  func notes(paths: Int, replicates: Int) -> [String] {
    let level = confidence.decimal
    var notes: [String] = []
    if whole == 0 {
      notes.append(
        "value_at_risk: \(paths) paths leave less than one loss beyond \(level); "
          + "the figures are the worst loss")
    }
    if replicates > 1 { return notes }
    if coverage < 0.95 {
      notes.append(
        "value_at_risk: \(paths) paths are too few for a 95 % interval at \(level); standard_error is null")
    }
    if whole < 2 {
      notes.append(
        "value_at_risk: \(paths) paths leave fewer than two losses beyond \(level); "
          + "expected_shortfall_standard_error is null")
    }
    return notes
  }
}

/// The levels of a simulation and the places among the losses that they read.
struct TailPlan: Sendable {
  /// Losses of a sample.
  let count: Int
  let levels: [TailLevel]
  /// Places in the decreasing order, counted from 0, increasing, each once.
  let places: [Int]
  /// How many of the largest losses are read.
  let depth: Int

  init(_ confidence: [ConfidenceLevel], count: Int) {
    self.count = count
    levels = confidence.map { TailLevel($0, count: count) }
    places = Set(levels.flatMap { [$0.whole, count - $0.lowerRank, count - $0.upperRank] }).sorted()
    depth = (places.last ?? 0) + 1
  }
}

public import MarketModel
import RiskNumerics

/// What the third test of expected shortfall reads of a series: the rank of each outcome in the distribution that was
/// foreseen for it, and how that distribution's tail is spread.
///
/// A forecast is a sample of profits. With f_t(u) the loss at its lower quantile of order u, and D_t the mean of f_t over
/// the k lowest of T uniform ranks, all that the test needs of the days is Σ f_t(u)/D_t: so a series is read day by day and
/// nothing is kept but that sum, on at most 4,096 steps of u (the worst 2,048 outcomes each alone, the rest in groups).
public struct ShortfallRanks: Hashable, Sendable {
  /// T: days that the series will have.
  public let days: Int
  /// k = ⌊T·α⌋ ≥ 1: ranks in the tail.
  public let tailCount: Int
  /// One a day so far, in (0, 1).
  public private(set) var ranks: [Double] = []
  /// Whether a day had no distribution, another number of outcomes, or no loss in its tail.
  public private(set) var isBroken = false
  /// Outcomes up to and with each step of u, in units of one outcome.
  private(set) var ends: [Int] = []
  /// Σ f_t/D_t on each step.
  private(set) var sums: [Double] = []
  /// Share of the k lowest ranks that fall on each step; they sum to 1.
  private var weights: [Double] = []

  private static let single = 2_048

  /// A series to be read; nil where fewer than one rank of it lies in the tail.
  ///
  /// - Parameter days: of the whole series.
  public init?(days: Int, level: ConfidenceLevel) {
    guard days >= 1, days <= BinomialLaw.mostEvents else { return nil }
    let product = days.multipliedReportingOverflow(by: level.denominator - level.numerator)
    guard !product.overflow, product.partialValue >= level.denominator else { return nil }
    self.days = days
    tailCount = product.partialValue / level.denominator
  }

  /// Outcomes of each forecast; 0 before the first day.
  var outcomeCount: Int { ends.last ?? 0 }

  /// Whether every day has come and had a distribution.
  public var isComplete: Bool { !isBroken && ranks.count == days }

  /// Reads a day.
  ///
  /// The rank of an outcome among N is (r + ½)/(N + 1), r the profits below it and half of those equal to it.
  ///
  /// - Parameters:
  ///   - profits: the forecast, in any order; nil where it has none.
  ///   - outcome: the profit that came.
  /// - Complexity: O(N log N), and steps × days on the first day.
  public mutating func add(_ profits: [Double]?, outcome: Double) {
    guard !isBroken else { return }
    guard let profits, !profits.isEmpty, profits.allSatisfy(\.isFinite), outcome.isFinite else {
      isBroken = true
      return
    }
    if ends.isEmpty { lay(profits.count) }
    let rising = profits.sorted()
    guard rising.count == outcomeCount, ranks.count < days else {
      isBroken = true
      return
    }
    var losses: [Double] = []
    losses.reserveCapacity(ends.count)
    var start = 0
    for end in ends {
      var sum = 0.0
      for place in start..<end { sum -= rising[place] }
      losses.append(sum / Double(end - start))
      start = end
    }
    let mean = zip(losses, weights).reduce(0) { $0 + $1.0 * $1.1 }
    guard mean > 0, mean.isFinite else {
      isBroken = true
      return
    }
    for step in sums.indices { sums[step] += losses[step] / mean }
    var (below, equal) = (0.0, 0.0)
    for profit in rising where profit <= outcome {
      if profit < outcome { below += 1 } else { equal += 1 }
    }
    ranks.append((below + 0.5 * equal + 0.5) / Double(rising.count + 1))
  }

  /// The steps of u for N outcomes, and what falls on each.
  ///
  /// The number B of T uniform ranks up to x is binomial, so k·(share up to x) = E min(B, k) = Σ_{i<k} P(B > i).
  private mutating func lay(_ count: Int) {
    let singles = min(count, Self.single)
    ends = Array(1...singles)
    let groups = min(Self.single, count - singles)
    for group in 0..<groups { ends.append(singles + (count - singles) * (group + 1) / groups) }
    sums = [Double](repeating: 0, count: ends.count)
    var before = 0.0
    weights = ends.map { end in
      var share = 1.0
      if end < count,
        let law = BinomialLaw(count: days, probability: Double(end) / Double(count))
      {
        var (below, lack) = (0.0, 0.0)
        for i in 0..<min(tailCount, law.masses.count) {
          below += law.masses[i]
          lack += below
        }
        share = 1 - lack / Double(tailCount)
      }
      defer { before = share }
      return share - before
    }
  }
}

/// The third test of expected shortfall: the tail that the ranks of the outcomes make of every day's forecast.
///
/// Z₃ = 1 − (1/T)Σ_t ES_k(f_t(U))/E[ES_k(f_t(V))], with ES_k the mean over the k = ⌊Tα⌋ lowest of the T ranks U of the
/// outcomes, V uniform ranks. It is 0 on average where the forecast distributions are right, and negative where risk is
/// understated. Source: Acerbi and Szekely (2014), "Back-testing expected shortfall", equations 8 and 9. The expectation is
/// exact for the sample that each forecast is; the p-value draws the k lowest uniform ranks.
public struct AcerbiSzekelyRankTest: Hashable, Sendable {
  public let z3: Double
  /// P(Z₃ ≤ z3) among simulated ranks.
  public let pValue: Double
  /// Simulated samples.
  public let replicates: Int

  /// The test of a whole series; nil where a day is missing or had no distribution.
  ///
  /// - Complexity: O(T log T + replicates · k · log(steps)).
  public init?(
    _ series: ShortfallRanks, seed: UInt64, replicates: Int = AcerbiSzekelyTest.standardReplicates
  ) {
    guard series.isComplete, replicates > 0 else { return nil }
    let k = series.tailCount
    let found = Self.statistic(series, series.ranks.sorted().prefix(k))
    var below = 0
    for replicate in 0..<replicates {
      if Self.statistic(series, Self.draw(series, replicate, seed)) <= found { below += 1 }
    }
    z3 = found
    // The sample itself counts among the equally likely ones: no p-value is 0.
    pValue = Double(below + 1) / Double(replicates + 1)
    self.replicates = replicates
  }

  private static func statistic(_ series: ShortfallRanks, _ ranks: some Collection<Double>) -> Double {
    var sum = 0.0
    for rank in ranks {
      let place = (rank * Double(series.outcomeCount)).rounded(.up)
      sum += series.sums[step(series.ends, Int(exactly: place) ?? 1)]
    }
    return 1 - sum / (Double(series.tailCount) * Double(series.days))
  }

  /// The first step that reaches an outcome, counted from 1.
  private static func step(_ ends: [Int], _ outcome: Int) -> Int {
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] < outcome { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The k lowest of T uniform numbers: 1 − e^(−s), s growing by exponentials over the numbers that are left (Rényi 1953).
  private static func draw(_ series: ShortfallRanks, _ replicate: Int, _ seed: UInt64) -> [Double] {
    var depth = 0.0
    return (0..<series.tailCount).map { place in
      let words = RandomStream.philox(
        counter: (
          UInt32(truncatingIfNeeded: replicate), UInt32(truncatingIfNeeded: place), 0xAC5E_0003, 0
        ), key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
      let bits = (UInt64(words.1) << 32 | UInt64(words.0)) >> 12
      depth -= Elementary.log((Double(bits) + 0.5) * 0x1p-52) / Double(series.days - place)
      return 0 - Elementary.expMinusOne(0 - depth)
    }
  }
}

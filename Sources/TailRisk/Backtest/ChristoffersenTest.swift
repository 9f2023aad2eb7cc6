public import RiskNumerics

/// How often a day with or without exception follows a day with or without one.
public struct ExceptionTransitions: Hashable, Sendable {
  /// No exception after none.
  public let n00: Int
  /// An exception after none.
  public let n01: Int
  /// No exception after one.
  public let n10: Int
  /// An exception after one.
  public let n11: Int

  /// Counts given as such; negative ones count as 0.
  public init(n00: Int, n01: Int, n10: Int, n11: Int) {
    self.n00 = max(0, n00)
    self.n01 = max(0, n01)
    self.n10 = max(0, n10)
    self.n11 = max(0, n11)
  }

  /// The counts of a sequence of days.
  public init(_ exceptions: [Bool]) {
    var counts = [0, 0, 0, 0]
    for (before, after) in zip(exceptions, exceptions.dropFirst()) {
      counts[(before ? 2 : 0) + (after ? 1 : 0)] += 1
    }
    self.init(n00: counts[0], n01: counts[1], n10: counts[2], n11: counts[3])
  }

  /// The likelihood ratio of a two-state Markov chain against independent days; 0 where one state never occurs.
  ///
  /// LR = 2·Σ n_ij ln(π_ij/π_j) with π_ij = n_ij/n_i., π_j = n_.j/n.. and 0·ln 0 = 0. Source: Christoffersen (1998),
  /// "Evaluating interval forecasts", equation 11 and below.
  public var likelihoodRatio: Double {
    let counts = [n00, n01, n10, n11].map(Double.init)
    let all = counts[0] + counts[1] + counts[2] + counts[3]
    func term(_ place: Int) -> Double {
      let row = place < 2 ? counts[0] + counts[1] : counts[2] + counts[3]
      let column = counts[place % 2] + counts[place % 2 + 2]
      return Likelihood.term(counts[place], counts[place] * all / (row * column))
    }
    return max(0, 2 * (term(0) + term(1) + term(2) + term(3)))
  }
}

/// Whether exceptions come one by one or in clusters.
public struct IndependenceTest: Hashable, Sendable {
  public let transitions: ExceptionTransitions
  public let likelihoodRatio: Double
  /// By the chi-square law with one degree of freedom.
  public let pValue: Double
  /// The share of all orders of as many exceptions and other days whose ratio is no smaller; all orders are equally
  /// likely for independent days, whatever the probability of an exception.
  public let exactPValue: Double

  /// The test of a sequence of days.
  ///
  /// - Returns: nil for fewer than two days.
  /// - Complexity: O(days).
  public init?(_ exceptions: [Bool]) {
    guard exceptions.count > 1 else { return nil }
    transitions = ExceptionTransitions(exceptions)
    likelihoodRatio = transitions.likelihoodRatio
    pValue = ChiSquare.upperTailOfOne(likelihoodRatio)
    let bound = likelihoodRatio * (1 - 1e-9)
    let count = exceptions.count(where: { $0 })
    exactPValue = ExceptionOrders(days: exceptions.count, exceptions: count).probability {
      $0.likelihoodRatio >= bound
    }
  }
}

/// The number and the order of exceptions together: LR = LR(Kupiec) + LR(independence).
public struct ConditionalCoverageTest: Hashable, Sendable {
  public let likelihoodRatio: Double
  /// By the chi-square law with two degrees of freedom.
  public let pValue: Double
  /// The probability, over all sequences of independent days, of a ratio no smaller.
  public let exactPValue: Double

  /// The most days for which every number and order of exceptions is gone through.
  public static let mostDays = 5_000

  /// The test of a sequence of days.
  ///
  /// - Parameters:
  ///   - exceptions: 2 to `mostDays` days.
  ///   - probability: of an exception, as in `law`.
  ///   - law: of the number of exceptions in as many days.
  /// - Returns: nil for fewer or more days, or a law of another count.
  /// - Complexity: O(days · numbers of exceptions with a probability above 1e-20).
  public init?(_ exceptions: [Bool], probability: Double, law: BinomialLaw) {
    let days = exceptions.count
    guard (2...Self.mostDays).contains(days), law.count == days else { return nil }
    let count = exceptions.count(where: { $0 })
    likelihoodRatio =
      KupiecTest.ratio(count, of: days, probability) + ExceptionTransitions(exceptions).likelihoodRatio
    pValue = ChiSquare.upperTailOfTwo(likelihoodRatio)
    let bound = likelihoodRatio * (1 - 1e-9)
    var sum = ExactSum()
    for (number, mass) in law.masses.enumerated() where mass > 1e-20 || number == count {
      let coverage = KupiecTest.ratio(number, of: days, probability)
      let share = ExceptionOrders(days: days, exceptions: number).probability {
        coverage + $0.likelihoodRatio >= bound
      }
      sum.add(mass * share)
    }
    exactPValue = min(1, sum.value)
  }
}

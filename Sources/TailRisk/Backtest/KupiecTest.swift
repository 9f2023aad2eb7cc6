public import RiskNumerics

/// The likelihood-ratio test of the number of exceptions: proportion of failures.
///
/// LR = 2·[x ln(x/(np)) + (n − x) ln((n − x)/(n(1 − p)))] with 0·ln 0 = 0, chi-square with one degree of freedom for
/// many days. Source: Kupiec (1995), "Techniques for verifying the accuracy of risk measurement models".
public struct KupiecTest: Hashable, Sendable {
  /// The 95 % point of the chi-square law with one degree of freedom.
  public static let criticalRatio = 3.841_458_820_694_124

  /// ≥ 0.
  public let likelihoodRatio: Double
  /// By the chi-square law.
  public let pValue: Double
  /// By the binomial law: the probability of all counts no likelier than the one found.
  public let exactPValue: Double
  /// Fewest exceptions whose ratio stays below the 95 % point; nil where no count does.
  public let fewestAccepted: Int?
  /// Most exceptions whose ratio stays below the 95 % point; nil where no count does.
  public let mostAccepted: Int?

  /// The test of `exceptions` in `law.count` days.
  ///
  /// - Parameters:
  ///   - exceptions: 0 … `law.count`.
  ///   - probability: of an exception on one day, as in `law`.
  /// - Returns: nil without days, or for a count that the law does not have.
  /// - Complexity: O(days).
  public init?(exceptions: Int, probability: Double, law: BinomialLaw) {
    guard law.count > 0, (0...law.count).contains(exceptions) else { return nil }
    likelihoodRatio = Self.ratio(exceptions, of: law.count, probability)
    pValue = ChiSquare.upperTailOfOne(likelihoodRatio)
    exactPValue = law.twoSidedPValue(exceptions)
    let accepted = (0...law.count).filter { Self.ratio($0, of: law.count, probability) < Self.criticalRatio }
    fewestAccepted = accepted.first
    mostAccepted = accepted.last
  }

  /// The likelihood ratio of `exceptions` in `days` days.
  static func ratio(_ exceptions: Int, of days: Int, _ probability: Double) -> Double {
    let n = Double(days)
    let x = Double(exceptions)
    return max(
      0,
      2
        * (Likelihood.term(x, x / (n * probability))
          + Likelihood.term(n - x, (n - x) / (n * (1 - probability)))))
  }
}

/// Terms of likelihoods.
enum Likelihood {
  /// count·ln(ratio), 0 where the count is 0.
  static func term(_ count: Double, _ ratio: Double) -> Double {
    count > 0 ? count * Elementary.log(ratio) : 0
  }
}

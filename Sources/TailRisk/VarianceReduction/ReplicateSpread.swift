import RiskNumerics

/// What independent replicates of one estimate say of its error.
struct ReplicateSpread: Sendable, Equatable {
  /// Standard deviation of the replicates over the root of their number.
  let standardError: Double
  /// Sample variance of one replicate.
  let variance: Double
  /// Half the width of the two-sided 95 % interval by Student's law.
  let halfWidth: Double

  /// The spread of at least two replicates; nil for fewer.
  init?(_ replicates: [Double]) {
    guard replicates.count >= 2 else { return nil }
    let count = Double(replicates.count)
    let mean = replicates.reduce(0, +) / count
    let squares = replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    variance = squares / (count - 1)
    standardError = (variance / count).squareRoot()
    halfWidth = Self.studentQuantile(degrees: count - 1) * standardError
  }

  /// The 97.5 % point of Student's law.
  ///
  /// Expansion in 1/ν of Abramowitz and Stegun, 26.7.5; error below 3e-5 from ν = 15 on.
  static func studentQuantile(degrees: Double) -> Double {
    let z = Elementary.normalQuantile(0.975)
    let s = z * z
    let first = z * (s + 1) / 4
    let second = z * ((5 * s + 16) * s + 3) / 96
    let third = z * (((3 * s + 19) * s + 17) * s - 15) / 384
    let fourth = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92_160
    return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
  }
}

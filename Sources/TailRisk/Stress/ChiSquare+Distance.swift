import RiskNumerics

extension ChiSquare {
  /// P(χ²_n > d²) for a distance d ≥ 0 and n ≥ 1.
  ///
  /// Closed forms: for even n = 2m e^(-x)·Σ_{j<m} xʲ/j! with x = d²/2; for odd n = 2m+1 the two-sided normal tail
  /// 2Φ(-d) plus e^(-x)·Σ_{j<m} x^(j+½)/Γ(j+3/2) (Abramowitz and Stegun 26.4.4, 26.4.5). Terms are positive: relative
  /// error some n·2⁻⁵².
  /// - Complexity: O(n).
  static func upperTail(distance d: Double, degreesOfFreedom n: Int) -> Double {
    guard d > 0, n > 0 else { return 1 }
    let x = d * d / 2
    let isOdd = n % 2 == 1
    var sum = 0.0
    // 1/Γ(3/2) = 2/√π.
    var term = isOdd ? 2 * (x / Double.pi).squareRoot() : 1
    for order in 0..<(n / 2) {
      sum += term
      term *= x / (Double(order + 1) + (isOdd ? 0.5 : 0))
    }
    let density = Elementary.exp(-x) * sum
    return min(1, isOdd ? 2 * Elementary.normalDistribution(-d) + density : density)
  }
}

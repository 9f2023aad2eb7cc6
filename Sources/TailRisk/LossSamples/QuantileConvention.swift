public import MarketModel

/// The nine sample quantiles of Hyndman and Fan, "Sample quantiles in statistical packages", 1996, by their numbers.
///
/// With x₁ ≤ … ≤ xₙ, h = n·p + m, j = ⌊h⌋ and g = h − j the quantile is (1 − γ)·xⱼ + γ·xⱼ₊₁, ranks held to 1 … n. The first
/// three are steps (γ is 0, ½ or 1), the others have γ = g. The engine reads `inverseDistribution` alone; the others are for
/// comparing with figures of other programs.
public enum QuantileConvention: Int, Hashable, Sendable, CaseIterable {
  /// The smallest x with Fₙ(x) ≥ p.
  case inverseDistribution = 1
  /// The same, the mean of both neighbours where Fₙ is p between them.
  case averagedInverse
  /// The nearest rank, the even one of two (SAS).
  case nearestRank
  /// Linear in Fₙ from 0 at x₀ = x₁.
  case linearDistribution
  /// Linear, knots in the middle of the steps (Hazen).
  case hazen
  /// Linear, knots at k/(n + 1) (Weibull; Minitab, SPSS).
  case weibull
  /// Linear, knots at (k − 1)/(n − 1) (Gumbel; Excel, NumPy).
  case gumbel
  /// Linear, knots near the medians of the order statistics.
  case medianUnbiased
  /// Linear, knots near their means under the normal law (Blom).
  case blom

  /// 24·m = a + b·p.
  private var shift: (a: Int, b: Int) {
    switch self {
    case .inverseDistribution, .averagedInverse, .linearDistribution: (0, 0)
    case .nearestRank: (-12, 0)
    case .hazen: (12, 0)
    case .weibull: (0, 24)
    case .gumbel: (24, -24)
    case .medianUnbiased: (8, 8)
    case .blom: (9, 6)
    }
  }

  /// The quantile of order p of values in increasing order; NaN where there are none.
  ///
  /// h is taken apart in whole numbers, so that no rounding of n·p jumps a rank.
  public func quantile(of increasing: [Double], _ p: ConfidenceLevel) -> Double {
    guard let first = increasing.first, let last = increasing.last else { return .nan }
    let (n, numerator, denominator) = (increasing.count, p.numerator, p.denominator)
    // n·p = whole + rest/denominator, rest < denominator ≤ 10¹⁵: 24 of it fit one word many times over.
    let product = UInt(n).multipliedFullWidth(by: UInt(numerator))
    let (quotient, remainder) = UInt(denominator).dividingFullWidth(product)
    let shift = shift
    let parts = 24 * Int(clamping: remainder) + shift.a * denominator + shift.b * numerator
    let step = 24 * denominator
    let carried = parts >= 0 ? parts / step : -((step - 1 - parts) / step)
    let j = Int(clamping: quotient) + carried
    let rest = parts - carried * step
    let gamma: Double =
      switch self {
      case .inverseDistribution: rest > 0 ? 1 : 0
      case .averagedInverse: rest > 0 ? 1 : 0.5
      case .nearestRank: rest == 0 && j % 2 == 0 ? 0 : 1
      default: Double(rest) / Double(step)
      }
    func value(_ rank: Int) -> Double { rank < 1 ? first : rank > n ? last : increasing[rank - 1] }
    let (low, high) = (value(j), value(j + 1))
    return gamma == 0 ? low : gamma == 1 ? high : low + gamma * (high - low)
  }
}

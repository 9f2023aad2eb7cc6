import RiskNumerics

/// The law of a quadratic loss's normals, tilted by e^{θQ} so that the loss is often as large as the value at risk.
///
/// Under the tilt component i is normal with variance sᵢ² = 1/(1 − 2θλᵢ) and mean μᵢ = θbᵢsᵢ², and the
/// likelihood ratio is e^{ψ(θ) − θQ} (Glasserman, Heidelberger and Shahabuddin 2000, section 3.2).
struct ExponentialTilt: Sendable, Equatable {
  /// > 0, per unit of base currency.
  let theta: Double
  /// ψ(θ).
  let cumulant: Double
  /// ψ'(θ), the mean of Q under the tilt.
  let target: Double
  /// Of the normals under the tilt; under Student's t per √V.
  let means: [Double]
  let deviations: [Double]
  /// nil under the normal law.
  let student: StudentTilt?

  /// The tilt whose mean is about the quantile of Q that leaves `tail` beyond it; nil where Q does not move or no
  /// tilt upwards does that.
  ///
  /// θ solves P(Q > ψ'(θ)) = tail with the probability by the formula of Lugannani and Rice (1980), which needs
  /// ψ alone. Any θ is unbiased, so the few per cent of the formula cost nothing but a little variance.
  init?(_ form: QuadraticLoss, tail: Double) {
    let spread = form.cumulant(at: 0).second
    guard spread > 0, spread.isFinite, tail > 0, tail < 0.5 else { return nil }
    let steepest = form.quadratic.reduce(0) { max($0, $1) }
    let limit = steepest > 0 ? 0.5 / steepest : .infinity
    let unit = 1 / spread.squareRoot()
    func theta(_ t: Double) -> Double { limit.isFinite ? limit * (t / (t + limit / unit)) : unit * t }
    // In units of the standard deviation; its logarithm is bisected.
    var (low, high) = (0x1p-10, 0x1p20)
    guard Self.beyond(form, theta(low)) > tail, Self.beyond(form, theta(high)) < tail else { return nil }
    for _ in 0..<60 {
      let middle = (low * high).squareRoot()
      if Self.beyond(form, theta(middle)) > tail { low = middle } else { high = middle }
    }
    let found = theta(low)
    let (value, first, _) = form.cumulant(at: found)
    guard value.isFinite, first.isFinite, found > 0 else { return nil }
    self.theta = found
    cumulant = value
    target = first
    let variances = form.quadratic.map { 1 / (1 - 2 * found * $0) }
    means = zip(form.linear, variances).map { found * $0 * $1 }
    deviations = variances.map { $0.squareRoot() }
    student = nil
    guard means.allSatisfy(\.isFinite), deviations.allSatisfy(\.isFinite) else { return nil }
  }

  /// P(Q > ψ'(θ)) by Lugannani and Rice, for θ > 0.
  private static func beyond(_ form: QuadraticLoss, _ theta: Double) -> Double {
    let (value, first, second) = form.cumulant(at: theta)
    let exponent = theta * first - value
    // Past the range of doubles nothing is left beyond.
    guard exponent.isFinite, second.isFinite else { return 0 }
    let w = (2 * max(0, exponent)).squareRoot()
    let u = theta * second.squareRoot()
    guard w > 0, u > 0 else { return 0.5 }
    return Elementary.normalDistribution(-w) + Elementary.normalDensity(w) * (1 / u - 1 / w)
  }

  /// A tilt from its parts.
  init(
    theta: Double, cumulant: Double, target: Double, means: [Double], deviations: [Double],
    student: StudentTilt
  ) {
    self.theta = theta
    self.cumulant = cumulant
    self.target = target
    self.means = means
    self.deviations = deviations
    self.student = student
  }

  /// Likelihood ratios of the natural law over a mixture that draws the share `natural` from it and the rest from
  /// the tilt, one a score: 1/(a + (1 − a)e^{θQ − ψ}), with R in place of Q under Student's t.
  ///
  /// A little of the natural law bounds every ratio by 1/a, however badly Q stands for the loss (the defensive
  /// mixture of Hesterberg 1995, with the balance of Owen and Zhou 2000).
  func ratios(_ scores: [Double], natural: Double) -> [Double] {
    scores.map { natural + (1 - natural) * Elementary.exp(min(700, theta * $0 - cumulant)) }.map { 1 / $0 }
  }
}

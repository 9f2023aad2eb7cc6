import RiskNumerics

/// How Student's t is tilted: through V, by which the variance of all normals of a path is divided.
///
/// A path's y is z/√V with V = W/(ν − 2), W ~ χ²(ν) and z standard normal, so that y has unit variance. A form Q of such y
/// has no exponential moments, but R = V·(Q − x) has, and Q > x where R > 0: it is R that is tilted, by θ. Under the tilt W
/// is gamma distributed, χ²(ν)/(1 − 2α), and given W component i is normal with variance 1/(1 − 2θλᵢ) and mean
/// θbᵢ√V/(1 − 2θλᵢ), with
///
///   α(θ) = ((c − x)θ + ½Σ θ²bᵢ²/(1 − 2θλᵢ))/(ν − 2),  ψ(θ) = −½Σ log(1 − 2θλᵢ) − ½ν log(1 − 2α(θ)),
///
/// and the likelihood ratio is e^{ψ(θ) − θR}. Source: Glasserman, Heidelberger and Shahabuddin, "Portfolio value-at-risk
/// with heavy-tailed risk factors", Mathematical Finance 12 (2002), theorem 4.1 and section 4.2.
struct StudentTilt: Sendable, Equatable {
  /// ν.
  let degreesOfFreedom: Double
  /// x, base currency.
  let threshold: Double
  /// 1/(1 − 2α).
  let growth: Double
}

extension QuadraticLoss {
  /// The law of the form under Student's t of unit variance; nil where it cannot be inverted.
  func law(degreesOfFreedom nu: Double?) -> QuadraticForm? {
    guard let nu else { return QuadraticForm(constant: constant, linear: linear, quadratic: quadratic) }
    guard nu > 2 else { return nil }
    // The form's own t has the variance ν/(ν − 2).
    let shrink = (nu - 2) / nu
    return QuadraticForm(
      constant: constant, linear: linear.map { shrink.squareRoot() * $0 },
      quadratic: quadratic.map { shrink * $0 }, degreesOfFreedom: nu)
  }
}

extension ExponentialTilt {
  /// The tilt of Student's t whose R has mean 0 at the quantile x of Q that leaves `tail` beyond it.
  ///
  /// θ is the least point of the convex ψ, found by bisection of its slope. Nil where Q does not move, its law cannot be
  /// inverted, or R is not negative on average.
  init?(_ form: QuadraticLoss, tail: Double, degreesOfFreedom nu: Double) {
    let spread = form.cumulant(at: 0).second
    guard spread > 0, spread.isFinite, tail > 0, tail < 0.5,
      let threshold = form.law(degreesOfFreedom: nu)?.upperTail(ofProbability: tail)?.quantile.value,
      threshold.isFinite
    else { return nil }
    func alpha(_ theta: Double) -> (value: Double, slope: Double) {
      var (value, slope) = ((form.constant - threshold) * theta, form.constant - threshold)
      for (b, lambda) in zip(form.linear, form.quadratic) {
        let gap = 1 - 2 * theta * lambda
        value += 0.5 * theta * theta * b * b / gap
        slope += theta * b * b * (1 - theta * lambda) / (gap * gap)
      }
      return (value / (nu - 2), slope / (nu - 2))
    }
    /// ψ'; infinite where ψ is.
    func slope(_ theta: Double) -> Double {
      var sum = 0.0
      for lambda in form.quadratic {
        let gap = 1 - 2 * theta * lambda
        guard gap > 0 else { return .infinity }
        sum += lambda / gap
      }
      let alpha = alpha(theta)
      guard alpha.value < 0.5 else { return .infinity }
      return sum + nu * alpha.slope / (1 - 2 * alpha.value)
    }
    let unit = 1 / spread.squareRoot()
    // In units of the standard deviation; its logarithm is bisected.
    var (low, high) = (0x1p-20, 0x1p20)
    guard slope(unit * low) < 0, slope(unit * high) > 0 else { return nil }
    for _ in 0..<80 {
      let middle = (low * high).squareRoot()
      if slope(unit * middle) < 0 { low = middle } else { high = middle }
    }
    let theta = unit * low
    let gap = 1 - 2 * alpha(theta).value
    let variances = form.quadratic.map { 1 / (1 - 2 * theta * $0) }
    let logs = variances.reduce(0) { $0 + 0.5 * Elementary.log($1) }
    let cumulant = logs - 0.5 * nu * Elementary.log(gap)
    let means = zip(form.linear, variances).map { theta * $0 * $1 }
    guard cumulant.isFinite, gap > 0, means.allSatisfy(\.isFinite), variances.allSatisfy(\.isFinite) else {
      return nil
    }
    self.init(
      theta: theta, cumulant: cumulant, target: threshold, means: means,
      deviations: variances.map { $0.squareRoot() },
      student: StudentTilt(degreesOfFreedom: nu, threshold: threshold, growth: 1 / gap))
  }
}

/// The Cornish–Fisher expansion of a quantile to four moments.
///
/// z_p = z + (z² − 1)S/6 + (z³ − 3z)K/24 − (2z³ − 5z)S²/36 (Cornish and Fisher 1937; Zangri 1996), with the
/// skewness S and the excess kurtosis K of the law as its parameters.
public struct CornishFisher: Hashable, Sendable {
  public let mean: Double
  public let deviation: Double
  public let skewness: Double
  /// Excess kurtosis.
  public let kurtosis: Double

  /// The expansion of a law with these moments.
  public init(mean: Double, deviation: Double, skewness: Double, kurtosis: Double) {
    self.mean = mean
    self.deviation = deviation
    self.skewness = skewness
    self.kurtosis = kurtosis
  }

  /// The expansion of the normal law of a form; a form without deviation has no skewness and no kurtosis.
  public init(_ form: QuadraticForm) {
    let unit = form.scale
    let sums = form.normalCumulants
    guard unit > 0 else {
      self.init(mean: form.constant, deviation: 0, skewness: 0, kurtosis: 0)
      return
    }
    var third = 0.0
    var fourth = 0.0
    for (b, lambda) in zip(form.linear, form.quadratic) {
      let (square, twice) = (b / unit * (b / unit), 2 * lambda / unit)
      third += twice * (3 * square + twice * twice)
      fourth += twice * twice * (12 * square + 3 * twice * twice)
    }
    self.init(mean: sums.mean, deviation: unit, skewness: third, kurtosis: fourth)
  }

  /// Whether the expansion is a quantile function: increasing in z on the whole line.
  ///
  /// Its derivative is a parabola in z, with leading coefficient a = K/8 − S²/6 and constant 1 − K/8 + 5S²/36; it has no sign
  /// change where a ≥ 0 and S²/9 ≤ 4a(1 − K/8 + 5S²/36) (Maillard 2012). With S = 0 that is 0 ≤ K ≤ 8.
  public var isValid: Bool {
    let leading = kurtosis / 8 - skewness * skewness / 6
    let constant = 1 - kurtosis / 8 + 5 * skewness * skewness / 36
    return leading >= 0 && constant >= 0 && skewness * skewness / 9 <= 4 * leading * constant
  }

  /// The expansion at a standard normal quantile.
  public func standardQuantile(_ z: Double) -> Double {
    z + (z * z - 1) * skewness / 6 + (z * z * z - 3 * z) * kurtosis / 24
      - (2 * z * z * z - 5 * z) * skewness * skewness / 36
  }

  /// The threshold that the law exceeds with probability p in (0, 1).
  public func quantile(upper p: Double) -> Double {
    mean + deviation * standardQuantile(0 - Elementary.normalQuantile(p))
  }

  /// The mean beyond that threshold: the expansion integrated over the normal tail, where it is valid.
  ///
  /// ∫ over the tail of z, z² − 1, z³ − 3z and 2z³ − 5z against φ is φ(z) times 1, z, z² − 1 and 2z² − 1.
  public func expectedShortfall(upper p: Double) -> Double {
    let z = 0 - Elementary.normalQuantile(p)
    return mean + deviation * (Elementary.normalDensity(z) / p) * tailFactor(z)
  }

  private func tailFactor(_ z: Double) -> Double {
    1 + z * skewness / 6 + (z * z - 1) * kurtosis / 24 - (2 * z * z - 1) * skewness * skewness / 36
  }

  /// How quantile and expected shortfall change with the first four cumulants.
  public func slopes(
    upper p: Double
  ) -> (quantile: [Double], expectedShortfall: [Double]) {
    let z = 0 - Elementary.normalQuantile(p)
    let density = Elementary.normalDensity(z) / p
    let value = slopes(
      standardQuantile(z), (z * z - 1) / 6 - (2 * z * z * z - 5 * z) * skewness / 18, (z * z * z - 3 * z) / 24
    )
    let tail = slopes(
      density * tailFactor(z), density * (z / 6 - (2 * z * z - 1) * skewness / 18), density * (z * z - 1) / 24
    )
    return (value, tail)
  }

  /// Of κ₁ + √κ₂·g(S, K) with S = κ₃/κ₂^{3/2} and K = κ₄/κ₂².
  private func slopes(_ g: Double, _ bySkewness: Double, _ byKurtosis: Double) -> [Double] {
    guard deviation > 0 else { return [1, 0, 0, 0] }
    let variance = deviation * deviation
    return [
      1, (g - 3 * skewness * bySkewness - 4 * kurtosis * byKurtosis) / (2 * deviation), bySkewness / variance,
      byKurtosis / (variance * deviation),
    ]
  }
}

/// The law of Q = c + Σ bⱼxⱼ + Σ λⱼxⱼ², x standard normal or standard multivariate t.
///
/// A profit that is quadratic in normal moves has this form in principal axes. Its distribution comes from the
/// inversion of its moment generating function (Imhof 1961; Davies 1980, algorithm AS 155; Rouvinez 1997; for t
/// Glasserman, Heidelberger and Shahabuddin 2002) along a hyperbola through the saddle point, by the trapezoid
/// rule with a certified error (`Bounded`). The whole is scaled to unit deviation first, so no unit matters.
///
/// The t law is x = z·√(ν/χ²ᵥ) with one χ² for all coordinates: the scale matrix is the identity, the covariance
/// ν/(ν − 2) of it.
public struct QuadraticForm: Sendable {
  /// A figure with an absolute bound of its error: discretisation and truncation bounded rigorously, rounding to
  /// first order.
  public struct Bounded: Hashable, Sendable {
    public let value: Double
    public let error: Double

    /// A figure from its value and bound.
    public init(value: Double, error: Double) {
      self.value = value
      self.error = error
    }
  }

  public let constant: Double
  /// bⱼ.
  public let linear: [Double]
  /// λⱼ, as many.
  public let quadratic: [Double]
  /// ν > 2 of the t law; nil for normal x.
  public let degreesOfFreedom: Double?
  /// Q = constant + scale × (standardised form).
  let scale: Double
  let standard: StandardForm

  /// Beyond this many degrees of freedom the t law is refused: the transform oscillates too long before it falls.
  public static let mostDegreesOfFreedom = 1_000.0

  /// A form from its coefficients.
  ///
  /// - Returns: nil where the counts differ, a number is not finite, or ν lies outside (2, `mostDegreesOfFreedom`].
  public init?(constant: Double, linear: [Double], quadratic: [Double], degreesOfFreedom: Double? = nil) {
    guard linear.count == quadratic.count, constant.isFinite, linear.allSatisfy(\.isFinite),
      quadratic.allSatisfy(\.isFinite)
    else { return nil }
    if let nu = degreesOfFreedom {
      guard nu > 2, nu <= Self.mostDegreesOfFreedom else { return nil }
    }
    self.constant = constant
    self.linear = linear
    self.quadratic = quadratic
    self.degreesOfFreedom = degreesOfFreedom
    var unit = 0.0
    for value in linear { unit = max(unit, value.magnitude) }
    for value in quadratic { unit = max(unit, value.magnitude) }
    var square = 0.0
    if unit > 0 {
      for (b, lambda) in zip(linear, quadratic) {
        square += (b / unit) * (b / unit) + 2 * (lambda / unit) * (lambda / unit)
      }
    }
    scale = unit * square.squareRoot()
    guard scale.isFinite else { return nil }
    standard = StandardForm(
      linear: linear, quadratic: quadratic, scale: scale, degreesOfFreedom: degreesOfFreedom)
  }

  /// The form of −Q.
  public var negated: QuadraticForm? {
    QuadraticForm(
      constant: -constant, linear: linear.map { 0 - $0 }, quadratic: quadratic.map { 0 - $0 },
      degreesOfFreedom: degreesOfFreedom)
  }

  /// The largest value Q can take; ∞ where there is none.
  public var supremum: Double {
    scale == 0 ? constant : constant + scale * standard.supremum
  }

  /// The cumulants κ₁…κ₄ of the normal law: mean, variance, third and fourth; the degrees of freedom play no part.
  ///
  /// κₙ = ½·n!·Σ bⱼ²(2λⱼ)ⁿ⁻² + ½·(n−1)!·Σ (2λⱼ)ⁿ for n ≥ 2.
  public var normalCumulants: (mean: Double, variance: Double, third: Double, fourth: Double) {
    var sums = (mean: constant, variance: 0.0, third: 0.0, fourth: 0.0)
    for (b, lambda) in zip(linear, quadratic) {
      let (square, twice) = (b * b, 2 * lambda)
      sums.mean += lambda
      sums.variance += square + 0.5 * twice * twice
      sums.third += twice * (3 * square + twice * twice)
      sums.fourth += twice * twice * (12 * square + 3 * twice * twice)
    }
    return sums
  }

  /// E Q.
  public var mean: Double {
    let factor = degreesOfFreedom.map { $0 / ($0 - 2) } ?? 1
    var sum = 0.0
    for lambda in quadratic { sum += lambda }
    return constant + factor * sum
  }
}

/// A form of unit deviation without its constant, ready for the transform.
///
/// K(s) = log E e^{sQ} = ½gs² + Σ ½bⱼ²s²/(1 − 2sλⱼ) − ½ log(1 − 2sλⱼ). A λ below 10⁻¹⁸ of the deviation counts
/// as 0: it moves a quantile by less than the rounding of the largest coefficient does.
struct StandardForm: Sendable {
  /// The λⱼ that are not 0.
  let lambdas: [Double]
  /// Their bⱼ².
  let squares: [Double]
  /// g, the sum of the bⱼ² without λ.
  let gaussian: Double
  /// ν; nil for normal x.
  let degrees: Double?
  /// 1/(2 max λ), where the transform ends; ∞ without a positive λ.
  let end: Double

  init(linear: [Double], quadratic: [Double], scale: Double, degreesOfFreedom: Double?) {
    var lambdas: [Double] = []
    var squares: [Double] = []
    var gaussian = 0.0
    if scale > 0 {
      for (b, lambda) in zip(linear, quadratic) {
        let (b, lambda) = (b / scale, lambda / scale)
        if lambda.magnitude > 1e-18 {
          lambdas.append(lambda)
          squares.append(b * b)
        } else {
          gaussian += b * b
        }
      }
    }
    self.lambdas = lambdas
    self.squares = squares
    self.gaussian = gaussian
    degrees = degreesOfFreedom
    var largest = 0.0
    for lambda in lambdas { largest = max(largest, lambda) }
    end = largest > 0 ? 0.5 / largest : .infinity
  }

  /// The largest value of the form; ∞ where it is not bounded.
  var supremum: Double {
    guard gaussian == 0, end == .infinity else { return .infinity }
    var sum = 0.0
    for (square, lambda) in zip(squares, lambdas) { sum -= square / (4 * lambda) }
    return sum
  }

  /// The sum of −bⱼ²/4λⱼ over the λ that are not 0, against y: far out the transform turns like e^{s(this − y)}.
  var far: Double {
    var sum = 0.0
    for (square, lambda) in zip(squares, lambdas) { sum -= square / (4 * lambda) }
    return sum
  }
}

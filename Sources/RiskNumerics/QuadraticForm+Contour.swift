/// A hyperbola s(t) = a + iC·sinh(t + iφ) that crosses the real axis at the saddle point, and the strip of half
/// width θ around it in t within which the integrand is analytic.
///
/// φ < 0 bends it to the right, where e^{−sy} falls; shifting t by iθ is another hyperbola of the family.
struct Contour: Sendable {
  let center: Double
  let radius: Double
  let angle: Double
  let strip: Double

  /// Three quarters of the way to the next singularity is the edge of the strip.
  init(_ saddle: Saddle, angle: Double, strip: Double) {
    func sine(_ x: Double) -> Double { Trigonometry.sineAndCosine(x).sine }
    let down = sine(angle + strip) - sine(angle)
    let up = sine(angle) - sine(angle - strip)
    radius = 0.75 * min(saddle.s / down, saddle.room / up)
    center = saddle.s + radius * sine(angle)
    self.angle = angle
    self.strip = strip
  }

  /// s at t + i·shift, and ds/dt there over i.
  func point(_ t: Double, shift: Double = 0) -> (s: ComplexNumber, speed: ComplexNumber) {
    let up = Elementary.exp(t)
    let (sinh, cosh) = (t < 1e-3 ? t + t * t * t / 6 : 0.5 * (up - 1 / up), 0.5 * (up + 1 / up))
    let (sine, cosine) = Trigonometry.sineAndCosine(angle + shift)
    return (
      ComplexNumber(center - radius * cosh * sine, radius * sinh * cosine),
      ComplexNumber(radius * cosh * cosine, radius * sinh * sine)
    )
  }

  /// The shapes that are tried: bent to the side on which the far transform falls first.
  static func candidates(_ form: StandardForm, _ y: Double) -> [(angle: Double, strip: Double)] {
    if form.degrees != nil {
      return [(0, 1.2), (0, 0.8), (0, 0.45), (0, 0.22), (0, 0.1)]
    }
    let side = form.far <= y ? -1.0 : 1
    return [
      (side * 0.4, 0.36), (0, 0.38), (-side * 0.4, 0.36), (side * 0.6, 0.54), (0, 0.7), (side * 0.2, 0.18),
    ]
  }
}

/// A majorant of the integrand over a short arc within a disc.
///
/// On s = m + xv + w with |x| ≤ 1, |w| ≤ `bow` and |s − m| ≤ r the logarithm is that of the middle, plus its slope
/// there times xv + w, plus at most ½r² times a bound of its second derivative: |1 − 2sλ| ≥ |1 − 2mλ| − 2r|λ| bounds Σ bⱼ²/(1 − 2sλⱼ)³ and
/// Σ 2λⱼ²/(1 − 2sλⱼ)². R is bounded from below the same way. Holds for all thresholds within `slack` of y.
struct Majorant: Sendable {
  /// Of the integrand of the tail, over e^{shift}.
  var tail = Double.infinity
  /// Of the integrand of the expected excess.
  var excess = Double.infinity

  init(
    _ form: StandardForm, middle m: ComplexNumber, along v: ComplexNumber, bow: Double, y: Double,
    slack: Double,
    shift: Double
  ) {
    let r = v.magnitude + bow
    let size = m.magnitude
    guard size > r else { return }
    var product = 1.0
    var logProduct = 0.0
    var sum = ComplexNumber(form.gaussian)
    var slope = form.gaussian * m
    var first = ComplexNumber(0)
    var bend = form.gaussian
    var second = 0.0
    for index in form.lambdas.indices {
      let lambda = form.lambdas[index]
      let square = form.squares[index]
      let p = ComplexNumber(1 - 2 * lambda * m.real, -2 * lambda * m.imaginary)
      let length = p.magnitude
      let least = length - 2 * r * lambda.magnitude
      guard least > 0 else { return }
      let q = p.reciprocal
      sum = sum + square * q
      slope = slope + square * (m * (ComplexNumber(1) - lambda * m) * (q * q))
      first = first + lambda * q
      bend += square / (least * least * least)
      second += 2 * lambda * lambda / (least * least)
      product *= length
      if product > 0x1p400 || product < 0x1p-400 {
        logProduct += Elementary.log(product)
        product = 1
      }
    }
    let exponent = 0.5 * (m * m * sum) - y * m
    let rise = slope - ComplexNumber(y)
    let far = size + r
    let near = size - r
    let log = -0.5 * (logProduct + Elementary.log(product)) - shift
    guard let degrees = form.degrees else {
      let tilt = rise + first
      let growth =
        (tilt * v).real.magnitude + bow * tilt.magnitude + 0.5 * r * r * (bend + second) + slack * far
      let bound = Elementary.exp(exponent.real + log + growth)
      tail = bound / near
      excess = bound / (near * near)
      return
    }
    let base = ComplexNumber(1) - (2 / degrees) * exponent
    let least = base.magnitude - 2 / degrees * (r * rise.magnitude + 0.5 * r * r * bend + slack * far)
    guard least > 0 else { return }
    let growth = r * first.magnitude + 0.5 * r * r * second
    let power = -0.5 * degrees * Elementary.log(least)
    let bound = Elementary.exp(power + log + growth)
    tail = bound / near
    excess = degrees / (degrees - 2) * bound * least / (near * near)
  }
}

extension StandardForm {
  /// A bound of ∫ |integrand| over the vertical ray upwards from a place of the contour, times e^{−shift}, for the
  /// tail and the expected excess.
  ///
  /// Upwards |1 − 2sλ| grows, and Re(½b²s²/(1 − 2sλ)) rises by no more than
  /// b²/8λ²·(2λ Re s − 1)/|1 − 2sλ|² where that is positive. What is left falls at least like
  /// (1 + (u/κ)²)^{−¾}, ∫ = 2.623 κ, with κ the larger of |s| and |1 − 2sλ|/2|λ| for the largest λ (without one,
  /// g makes the ray Gaussian). Under the t law |R| grows along a ray whose foot lies between the singularities.
  func ray(
    from point: TransformPoint, y: Double, slack: Double, shift: Double
  ) -> (tail: Double, excess: Double) {
    let s = point.s
    let size = s.magnitude
    var rise = slack * size
    var largest = 0.0
    var kappa = Double.infinity
    for (lambda, square) in zip(lambdas, squares) {
      let p = 1 - 2 * lambda * s.real
      let length = p * p + 4 * lambda * lambda * s.imaginary * s.imaginary
      if p < 0 { rise -= square / (8 * lambda * lambda) * p / length }
      if lambda.magnitude > largest {
        largest = lambda.magnitude
        kappa = length.squareRoot() / (2 * lambda.magnitude)
      }
    }
    if let degrees {
      let base = point.base(y, degrees).magnitude - 2 / degrees * slack * size
      guard base > 0 else { return (.infinity, .infinity) }
      let bound =
        point.determinant.magnitude
        * Elementary.exp(-0.5 * degrees * Elementary.log(base) + point.logScale - shift) / size
      if largest == 0 { kappa = rootDistance(s, y, degrees) }
      let width = 2.623 * max(size, kappa)
      return (bound * width, degrees / (degrees - 2) * bound * base / size * width)
    }
    let e = point.exponent - y * s
    let bound = point.determinant.magnitude * Elementary.exp(e.real + point.logScale - shift + rise) / size
    // e^{−½g((v+u)² − v²)} ≤ e^{−gvu}.
    let gaussianWidth = gaussian > 0 && s.imaginary > 0 ? 1 / (gaussian * s.imaginary) : .infinity
    let width = min(2.623 * max(size, kappa), gaussianWidth)
    return (bound * width, bound / size * width)
  }

  /// For a t law without λ: the larger distance from s to a root of R, whose power −ν/2 falls like the roots'.
  private func rootDistance(_ s: ComplexNumber, _ y: Double, _ degrees: Double) -> Double {
    guard gaussian > 0 else { return .infinity }
    // R = 1 + (2/ν)sy − gs²/ν.
    let half = (y * y + gaussian * degrees).squareRoot()
    let roots = [(y + half) / gaussian, (y - half) / gaussian]
    return roots.reduce(0) { max($0, (s - ComplexNumber($1)).magnitude) }
  }
}

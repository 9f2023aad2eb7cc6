/// The transform of one standard form at one place.
///
/// For the normal law the integrand of the tail P(Q > y) is D·e^{f − sy}/s; for the t law, of Y(Q − y) > 0 with
/// Y = χ²/ν, it is D·R^{−ν/2}/s with R = 1 − (2/ν)(f − sy). D = Π (1 − 2sλⱼ)^{−½}, f = ½s²(g + Σ bⱼ²/(1 − 2sλⱼ)).
/// With interlacing eigenvalues R = det(I − 2sA)/det(I − 2sΛ) of symmetric A and Λ, and Im(R/s) < 0 in the upper
/// half plane: every singularity lies on the real axis and the principal logarithm of R is the continuous one.
struct TransformPoint: Sendable {
  let s: ComplexNumber
  /// D over e^{`logScale`}, so that many factors neither vanish nor overflow.
  let determinant: ComplexNumber
  let logScale: Double
  let exponent: ComplexNumber
  /// The terms of the exponent in magnitude: what its rounding is relative to.
  let spread: Double

  init(_ form: StandardForm, at s: ComplexNumber) {
    self.s = s
    var product = ComplexNumber(1)
    var logScale = 0.0
    var sum = ComplexNumber(form.gaussian)
    var spread = form.gaussian
    for index in form.lambdas.indices {
      let lambda = form.lambdas[index]
      let square = form.squares[index]
      let q = ComplexNumber(1 - 2 * lambda * s.real, -2 * lambda * s.imaginary).reciprocal
      sum = sum + square * q
      spread += square * (q.real.magnitude + q.imaginary.magnitude)
      product = product * q.squareRoot
      let size = product.real.magnitude + product.imaginary.magnitude
      if size < 0x1p-400 || size > 0x1p400 {
        let factor = size < 1 ? 0x1p400 : 0x1p-400
        product = factor * product
        logScale -= (size < 1 ? 400 : -400) * 0.693_147_180_559_945_3
      }
    }
    determinant = product
    self.logScale = logScale
    exponent = 0.5 * (s * s * sum)
    self.spread = 0.5 * spread * (s.real * s.real + s.imaginary * s.imaginary)
  }

  /// R at a threshold; 1 for normal x.
  func base(_ y: Double, _ degrees: Double?) -> ComplexNumber {
    guard let degrees else { return ComplexNumber(1) }
    return ComplexNumber(1) - (2 / degrees) * (exponent - y * s)
  }

  /// D·e^{f − sy − shift}, or D·R^{power − ν/2}·e^{−shift}: what stands before the powers of s.
  func weight(_ y: Double, _ degrees: Double?, power: Double, shift: Double) -> ComplexNumber {
    guard let degrees else {
      let e = exponent - y * s
      return determinant * ComplexNumber(e.real + logScale - shift, e.imaginary).exponential
    }
    let log = (power - 0.5 * degrees) * base(y, degrees).logarithm
    return determinant * ComplexNumber(log.real + logScale - shift, log.imaginary).exponential
  }
}

extension StandardForm {
  /// log of the integrand of the tail on the real axis, with its first two derivatives; nil outside its domain.
  func real(_ s: Double, _ y: Double) -> (value: Double, slope: Double, curvature: Double)? {
    guard s > 0, s < end else { return nil }
    var sum = gaussian
    var slope = gaussian * s
    var curvature = gaussian
    var logD = 0.0
    var first = 0.0
    var second = 0.0
    for (lambda, square) in zip(lambdas, squares) {
      let p = 1 - 2 * lambda * s
      let q = 1 / p
      sum += square * q
      slope += square * s * (1 - lambda * s) * q * q
      curvature += square * q * q * q
      logD -= 0.5 * Elementary.log(p)
      first += lambda * q
      second += 2 * lambda * lambda * q * q
    }
    let exponent = 0.5 * s * s * sum - s * y
    let logS = Elementary.log(s)
    guard let degrees else {
      return (exponent + logD - logS, slope - y + first - 1 / s, curvature + second + 1 / (s * s))
    }
    let base = 1 - 2 / degrees * exponent
    guard base > 0 else { return nil }
    let rise = (slope - y) / base
    return (
      -0.5 * degrees * Elementary.log(base) + logD - logS, rise + first - 1 / s,
      curvature / base + 2 / degrees * rise * rise + second + 1 / (s * s)
    )
  }

  /// The minimum of the integrand over s > 0: it is convex in the logarithm.
  ///
  /// - Returns: nil where there is none within the range of doubles.
  func saddle(_ y: Double, from start: Double) -> Saddle? {
    var low = 0.0
    var high = end
    var s = start < end ? start : 0.5 * end
    for _ in 0..<300 {
      var next: Double
      if let point = real(s, y), point.slope.isFinite, point.curvature.isFinite {
        if point.slope < 0 { low = max(low, s) } else { high = min(high, s) }
        let step = point.slope / point.curvature
        if step.magnitude < 1e-4 * s, let up = room(above: s, y) {
          return Saddle(s: s, value: point.value, curvature: point.curvature, room: up)
        }
        // log s keeps the step inside (0, ∞); a slope far out is that of −1/s.
        next = s - step
        if next <= low { next = low > 0 ? (low * s).squareRoot() : 0.25 * s }
      } else {
        high = min(high, s)
        next = 0.5 * (low + s)
      }
      if next >= high { next = high.isFinite ? 0.5 * (s > low && s < high ? s + high : low + high) : 4 * s }
      if next <= low || next >= high || next > 1e150 { return nil }
      s = next
    }
    return nil
  }

  /// A distance above s in which the integrand has no singularity, at most s itself and within a tenth of the largest.
  private func room(above s: Double, _ y: Double) -> Double? {
    func isFree(_ x: Double) -> Bool { real(s + x, y) != nil }
    if isFree(s) { return s }
    var low = 0.0
    var high = min(s, end - s)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if isFree(middle) { low = middle } else { high = middle }
      if low > 0.9 * high { break }
    }
    return low > 0 ? low : nil
  }
}

/// The saddle point of the integrand of a tail, on the real axis.
struct Saddle: Sendable {
  let s: Double
  /// log of the integrand there.
  let value: Double
  let curvature: Double
  /// Free distance to the right.
  let room: Double

  /// log of the saddle point approximation of the tail, by Laplace's rule.
  var logTail: Double { value - 0.5 * Elementary.log(2 * Double.pi * curvature) }
}

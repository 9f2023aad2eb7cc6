/// The nodes of one inversion, with the bounds of what the trapezoid rule leaves out.
struct Inversion: Sendable {
  let form: StandardForm
  /// The threshold the contour was laid for; the bounds hold within `slack` of it.
  let threshold: Double
  let slack: Double
  /// All values are kept over e^{shift}.
  let shift: Double
  let points: [TransformPoint]
  /// h/2π·(ds/dt)/i, twice but for the first node: the lower half is the conjugate of the upper.
  let weights: [ComplexNumber]
  /// Discretisation and truncation, of the tail and of the expected excess.
  let tailBound: Double
  let excessBound: Double

  /// Lays the contour and its nodes.
  ///
  /// The trapezoid rule with step h over |t| ≤ (N + ½)h errs by the integrals of the integrand along the edges of the
  /// strip over e^{2πθ/h} − 1, those along its two short sides, and what is left of the contour beyond, which is
  /// turned to a vertical ray (residue theorem with the kernel ½cot(πt/h); Trefethen and Weideman 2014, §5).
  ///
  /// - Parameter accuracy: of the tail, relative.
  /// - Returns: nil where no saddle point exists: a threshold at the end of the support or beyond.
  init?(
    _ form: StandardForm, threshold y: Double, accuracy: Double, slack: Double = 0, start: Double = 1
  ) {
    guard let saddle = form.saddle(y, from: start) else { return nil }
    let contour = Self.choose(form, saddle, y, accuracy)
    self.form = form
    self.slack = slack
    threshold = y
    shift = saddle.value
    // The tail over e^{shift}, by Laplace's rule.
    let size = Elementary.exp(saddle.logTail - saddle.value)
    let survey = Survey(
      form, contour, y: y, slack: slack, shift: shift, aim: accuracy * size, saddle: saddle.s)
    let fall = Elementary.log(1 + max(survey.edges.tail, survey.edges.excess * saddle.s) / (accuracy * size))
    let count = min(max((survey.end * fall / (2 * Double.pi * contour.strip)).rounded(.up), 4), 20_000)
    let step = survey.end / (count + 0.5)
    var points: [TransformPoint] = []
    var weights: [ComplexNumber] = []
    for node in 0...(Int(exactly: count) ?? 4) {
      let (s, speed) = contour.point(Double(node) * step)
      points.append(TransformPoint(form, at: s))
      weights.append(((node == 0 ? 1 : 2) * step / (2 * Double.pi)) * speed)
    }
    self.points = points
    self.weights = weights
    let kernel = Elementary.expMinusOne(2 * Double.pi * contour.strip / step)
    tailBound = (survey.edges.tail / kernel + survey.ends.tail) / Double.pi
    excessBound = (survey.edges.excess / kernel + survey.ends.excess) / Double.pi
  }

  /// The contour with the fewest nodes, judged by the integrand on its middle and on the edges of its strip.
  private static func choose(_ form: StandardForm, _ saddle: Saddle, _ y: Double, _ accuracy: Double)
    -> Contour
  {
    let aim = Elementary.log(accuracy)
    var best: (contour: Contour, cost: Double)?
    for (angle, strip) in Contour.candidates(form, y) {
      let contour = Contour(saddle, angle: angle, strip: strip)
      var t = 0.25
      var peak = 0.0
      while t < 60 {
        var highest = -Double.infinity
        for shift in [-strip, 0, strip] {
          let (s, speed) = contour.point(t, shift: shift)
          let point = TransformPoint(form, at: s)
          let log = point.logMagnitude(y, form.degrees) + Elementary.log(speed.magnitude) - saddle.logTail
          highest = max(highest, log.isNaN ? .infinity : log)
        }
        peak = max(peak, highest)
        if highest < aim - 2 || peak > 200 { break }
        t += t < 4 ? 0.5 : 1
      }
      let cost = peak > 200 ? Double.infinity : t * (peak - aim) / (2 * Double.pi * strip)
      if cost < best?.cost ?? .infinity { best = (contour, cost) }
      if cost < 2.5 * -aim { break }
    }
    return best?.contour ?? Contour(saddle, angle: 0, strip: 0.1)
  }

  /// Σ Re(weight·D·…·s^{−order}), over e^{shift}, with a first-order bound of its rounding.
  func sum(_ y: Double, power: Double, order: Int) -> (value: Double, rounding: Double) {
    var total = 0.0
    var rounding = 0.0
    let terms = 4 * Double(form.lambdas.count) + 12 + (form.degrees ?? 0)
    for (point, weight) in zip(points, weights) {
      var value = weight * point.weight(y, form.degrees, power: power, shift: shift)
      let inverse = point.s.reciprocal
      for _ in 0..<order { value = value * inverse }
      total += value.real
      var loss = 4 * (point.spread + point.s.magnitude * y.magnitude)
      if form.degrees != nil { loss /= point.base(y, form.degrees).magnitude }
      rounding += value.magnitude * (terms + loss) * 0x1p-53
    }
    return (total, rounding)
  }

  /// P(Q > y) with its bound.
  func tail(_ y: Double) -> QuadraticForm.Bounded {
    let (value, rounding) = sum(y, power: 0, order: 1)
    let unit = Elementary.exp(shift)
    return QuadraticForm.Bounded(value: unit * value, error: unit * (tailBound + rounding))
  }

  /// E(Q − y)⁺ with its bound.
  func excess(_ y: Double) -> QuadraticForm.Bounded {
    let (value, rounding) = sum(y, power: form.degrees == nil ? 0 : 1, order: 2)
    let factor = form.degrees.map { $0 / ($0 - 2) } ?? 1
    let unit = Elementary.exp(shift)
    return QuadraticForm.Bounded(
      value: unit * factor * value, error: unit * (excessBound + factor * rounding))
  }

  /// The density, without a bound of its own.
  func density(_ y: Double) -> Double {
    Elementary.exp(shift) * sum(y, power: form.degrees == nil ? 0 : -1, order: 0).value
  }
}

extension TransformPoint {
  /// log of the integrand's magnitude.
  func logMagnitude(_ y: Double, _ degrees: Double?) -> Double {
    let rest = Elementary.log(determinant.magnitude) + logScale - Elementary.log(s.magnitude)
    guard let degrees else { return rest + (exponent - y * s).real }
    return rest - 0.5 * degrees * Elementary.log(base(y, degrees).magnitude)
  }
}

/// The integrals along the boundary of the strip, each of the upper half, over e^{shift}.
struct Survey {
  /// Sum of both edges, for the tail and the expected excess.
  var edges = (tail: 0.0, excess: 0.0)
  /// The short side and the ray beyond it.
  var ends = (tail: Double.infinity, excess: Double.infinity)
  /// Where the contour is cut, in t.
  var end = 0.0

  /// Walks outwards until the ends are within the aim, or 64 units of t.
  init(
    _ form: StandardForm, _ contour: Contour, y: Double, slack: Double, shift: Double, aim: Double,
    saddle: Double
  ) {
    let step = 0.125
    while end < 64 {
      let next = end + step
      var part = (tail: 0.0, excess: 0.0)
      for side in [-contour.strip, contour.strip] {
        let edge = Self.edge(form, contour, end, next, side, y, slack, shift, depth: 0)
        part = (part.tail + edge.tail, part.excess + edge.excess)
      }
      edges = (edges.tail + part.tail, edges.excess + part.excess)
      end = next
      guard max(part.tail, part.excess * saddle) < aim || end >= 64 else { continue }
      ends = Self.ends(form, contour, end, y, slack, shift)
      if max(ends.tail, ends.excess * saddle) < 2 * aim { return }
    }
  }

  private static func edge(
    _ form: StandardForm, _ contour: Contour, _ start: Double, _ end: Double, _ side: Double, _ y: Double,
    _ slack: Double, _ shift: Double, depth: Int
  ) -> (tail: Double, excess: Double) {
    let up = Elementary.exp(end)
    // |ds/dt| and |d²s/dt²| are at most C·cosh t.
    let size = contour.radius * 0.5 * (up + 1 / up)
    let width = 0.5 * (end - start)
    let reach = 2 * width * size
    let (middle, speed) = contour.point(0.5 * (start + end), shift: side)
    let bound = Majorant(
      form, middle: middle, along: width * (ComplexNumber(0, 1) * speed), bow: 0.5 * width * width * size,
      y: y,
      slack: slack, shift: shift)
    if bound.tail.isFinite || depth == 8 { return (bound.tail * reach, bound.excess * reach) }
    let half = 0.5 * (start + end)
    let (a, b) = (
      edge(form, contour, start, half, side, y, slack, shift, depth: depth + 1),
      edge(form, contour, half, end, side, y, slack, shift, depth: depth + 1)
    )
    return (a.tail + b.tail, a.excess + b.excess)
  }

  private static func ends(
    _ form: StandardForm, _ contour: Contour, _ t: Double, _ y: Double, _ slack: Double, _ shift: Double
  ) -> (tail: Double, excess: Double) {
    let discs = Int(exactly: (contour.strip / 0.06).rounded(.up)) ?? 1
    let up = Elementary.exp(t)
    let size = contour.radius * 0.5 * (up + 1 / up)
    let width = contour.strip / Double(discs)
    let reach = 2 * width * size
    let ray = form.ray(
      from: TransformPoint(form, at: contour.point(t).s), y: y, slack: slack, shift: shift)
    var (tail, excess) = ray
    for disc in 0..<discs {
      let side = contour.strip * ((2 * Double(disc) + 1) / Double(discs) - 1)
      let (middle, speed) = contour.point(t, shift: side)
      let bound = Majorant(
        form, middle: middle, along: width * speed, bow: 0.5 * width * width * size, y: y, slack: slack,
        shift: shift)
      tail += 2 * bound.tail * reach
      excess += 2 * bound.excess * reach
    }
    return (tail, excess)
  }
}

/// The upper tail of a quadratic form beyond its quantile.
public struct QuadraticTail: Sendable {
  public let form: QuadraticForm
  /// p.
  public let probability: Double
  /// q with P(Q > q) = p; P(Q > q − e) > p > P(Q > q + e) holds with both probabilities' own bounds.
  public let quantile: QuadraticForm.Bounded
  /// E(Q | Q > q) = q + E(Q − q)⁺/p.
  ///
  /// q minimises it (Rockafellar and Uryasev 2000), so that its error is of second order in e.
  public let expectedShortfall: QuadraticForm.Bounded
  /// Density at q.
  public let density: Double
  /// Of the standardised form; nil where nothing had to be inverted.
  let inversion: Inversion?
  /// q of the standardised form.
  let threshold: Double

  /// The tail of a probability in (0, 1); nil where no contour was found.
  init?(_ form: QuadraticForm, probability p: Double) {
    self.form = form
    probability = p
    let scale = form.scale
    guard scale > 0, !(form.standard.isLinear && form.degreesOfFreedom == nil) else {
      // A constant, or a normal law: quantile and density in closed form.
      let z = 0 - Elementary.normalQuantile(p)
      let mean = Elementary.normalDensity(z) / p
      threshold = z
      inversion = nil
      density = scale > 0 ? Elementary.normalDensity(z) / scale : 0
      let rounding = 8e-16 * (form.constant.magnitude + scale * max(z.magnitude, mean))
      quantile = QuadraticForm.Bounded(value: form.constant + scale * z, error: scale > 0 ? rounding : 0)
      expectedShortfall = QuadraticForm.Bounded(
        value: form.constant + scale * mean, error: scale > 0 ? rounding : 0)
      return
    }
    guard let root = TailRoot(form.standard, probability: p) else { return nil }
    threshold = root.threshold
    inversion = root.inversion
    let excess = root.inversion.excess(root.threshold)
    density = root.inversion.density(root.threshold) / scale
    let rounding = 4e-16 * (form.constant.magnitude + scale * root.threshold.magnitude)
    quantile = QuadraticForm.Bounded(
      value: form.constant + scale * root.threshold, error: scale * root.error + rounding)
    // Beyond E(Q − q)⁺ itself: |P(Q > q′) − p|/p ≤ 1 between q and the true quantile, at most e apart.
    let tail = root.inversion.tail(root.threshold)
    let miss = min(1, ((tail.value - p).magnitude + tail.error + root.error * density * scale * 2) / p)
    expectedShortfall = QuadraticForm.Bounded(
      value: form.constant + scale * (root.threshold + excess.value / p),
      error: scale * (excess.error / p + root.error * miss) + rounding)
  }
}

/// The root of P(Q > y) = p for a standardised form, with an inversion laid for it.
struct TailRoot: Sendable {
  let threshold: Double
  /// e with P(y − e) − bound > p > P(y + e) + bound.
  let error: Double
  let inversion: Inversion

  init?(_ form: StandardForm, probability p: Double) {
    guard let start = Self.approach(form, p) else { return nil }
    var y = start.threshold
    // One contour serves all steps: it is exact for every threshold, only its bound is not.
    for _ in 0..<4 {
      let room = 1e-6 * p / start.density
      guard
        let inversion = Inversion(
          form, threshold: y, accuracy: QuadraticForm.accuracy, slack: 2 * room, start: start.saddle)
      else { return nil }
      var root = y
      for _ in 0..<6 {
        let tail = inversion.tail(root).value
        let density = inversion.density(root)
        guard tail > 0, density > 0 else { break }
        let step = Elementary.log(tail / p) * tail / density
        root += step
        if step.magnitude <= 1e-14 * p / density { break }
      }
      guard root.isFinite else { return nil }
      if (root - y).magnitude > room {
        y = root
        continue
      }
      let density = inversion.density(root)
      let tail = inversion.tail(root)
      var error = max(4 * (tail.error + (tail.value - p).magnitude) / density, 4e-16 * root.magnitude)
      while error < room {
        let (left, right) = (inversion.tail(root - error), inversion.tail(root + error))
        if left.value - left.error > p, right.value + right.error < p {
          threshold = root
          self.error = error
          self.inversion = inversion
          return
        }
        error *= 4
      }
      return nil
    }
    return nil
  }

  /// A threshold whose tail is p within some 1e-5, by safeguarded Newton steps on log P.
  private static func approach(
    _ form: StandardForm, _ p: Double
  ) -> (threshold: Double, density: Double, saddle: Double)? {
    var low = -Double.infinity
    var high = form.supremum
    var y = form.middle - Elementary.normalQuantile(p)
    if y >= high { y = 0.5 * (form.middle + high) }
    var saddle = 1.0
    for _ in 0..<200 {
      var next = Double.nan
      if let inversion = Inversion(form, threshold: y, accuracy: 1e-6, start: saddle) {
        let tail = inversion.tail(y).value
        let density = inversion.density(y)
        saddle = inversion.points.first?.s.real ?? 1
        if tail > p { low = y } else { high = y }
        if tail > 0, density > 0 {
          let miss = Elementary.log(tail / p)
          if miss.magnitude < 1e-5 { return (y, density, saddle) }
          next = y + miss * tail / density
        }
      } else {
        high = y
        next = 0.5 * (form.middle + y)
      }
      if !(next > low && next < high) {
        if low.isFinite, high.isFinite {
          next = 0.5 * (low + high)
        } else {
          next =
            low.isFinite
            ? y + max(1, 2 * (y - form.middle).magnitude) : y - max(1, 2 * (y - form.middle).magnitude)
        }
      }
      if next == y { return nil }
      y = next
    }
    return nil
  }
}

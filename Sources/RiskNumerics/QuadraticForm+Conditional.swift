extension QuadraticTail {
  /// Means of the coordinates x given the form.
  public struct Moments: Sendable {
    /// E xⱼ.
    public let first: [Double]
    /// E xⱼxₖ of the first `order` coordinates, row-major.
    public let second: [Double]
    public let order: Int
  }

  /// The moments of x given Q = q.
  ///
  /// Under the exponential tilt e^{sQ} a normal coordinate has mean μⱼ = sbⱼ/(1 − 2sλⱼ) and variance
  /// vⱼ = 1/(1 − 2sλⱼ), so that E(xⱼe^{sQ}) and E(xⱼxₖe^{sQ}) are the transform times μⱼ and μⱼμₖ + δⱼₖvⱼ: the same
  /// inversion gives the conditional moments, and with them Euler's parts of the quantile (Tasche 1999). Under the
  /// t law the term with v has one power of R more.
  ///
  /// - Parameter order: how many coordinates, from the first, need second moments.
  /// - Complexity: O(nodes × (coordinates + order²)).
  public func momentsAtQuantile(order: Int) -> Moments { moments(order, isTail: false) }

  /// The moments of x given Q > q.
  public func momentsInTail(order: Int) -> Moments { moments(order, isTail: true) }

  private func moments(_ order: Int, isTail: Bool) -> Moments {
    let order = min(max(order, 0), form.linear.count)
    guard let inversion else { return normalMoments(order, isTail) }
    let scale = form.scale
    let degrees = form.degreesOfFreedom
    let linear = form.linear.map { $0 / scale }
    let quadratic = form.quadratic.map { $0 / scale }
    var first = [Double](repeating: 0, count: linear.count)
    var second = [Double](repeating: 0, count: order * order)
    // Powers of R beside −ν/2, before μ and before v.
    let meanPower = degrees == nil || isTail ? 0.0 : -1
    let variancePower = degrees == nil ? 0 : meanPower + 1
    let varianceFactor = isTail ? degrees.map { $0 / ($0 - 2) } ?? 1 : 1
    var norm = 0.0
    var means = [ComplexNumber](repeating: ComplexNumber(0), count: linear.count)
    for (point, weight) in zip(inversion.points, inversion.weights) {
      let s = point.s
      let w = isTail ? weight * s.reciprocal : weight
      let mean = w * point.weight(threshold, degrees, power: meanPower, shift: inversion.shift)
      let variance =
        degrees == nil
        ? mean
        : varianceFactor
          * (w * point.weight(threshold, degrees, power: variancePower, shift: inversion.shift))
      norm += mean.real
      for j in linear.indices {
        let q = ComplexNumber(1 - 2 * quadratic[j] * s.real, -2 * quadratic[j] * s.imaginary).reciprocal
        means[j] = linear[j] * (s * q)
        first[j] += (mean * means[j]).real
        if j < order { second[j * order + j] += (variance * q).real }
      }
      for j in 0..<order where linear[j] != 0 {
        let row = mean * means[j]
        for k in 0...j { second[j * order + k] += (row * means[k]).real }
      }
    }
    for j in 0..<order {
      for k in 0..<j { second[k * order + j] = second[j * order + k] }
    }
    return Moments(first: first.map { $0 / norm }, second: second.map { $0 / norm }, order: order)
  }

  /// A constant or a normal law: x along the form has mean z or φ(z)/p, across it nothing happens.
  private func normalMoments(_ order: Int, _ isTail: Bool) -> Moments {
    let scale = form.scale
    let mean = isTail ? Elementary.normalDensity(threshold) / probability : threshold
    let square = isTail ? 1 + threshold * mean : threshold * threshold
    let direction = form.linear.map { scale > 0 ? $0 / scale : 0 }
    let factor = scale > 0 ? 1 : form.degreesOfFreedom.map { $0 / ($0 - 2) } ?? 1
    var second = [Double](repeating: 0, count: order * order)
    for j in 0..<order {
      for k in 0..<order {
        second[j * order + k] = (j == k ? factor : 0) + direction[j] * direction[k] * (square - 1)
      }
    }
    return Moments(first: direction.map { $0 * mean }, second: second, order: order)
  }
}

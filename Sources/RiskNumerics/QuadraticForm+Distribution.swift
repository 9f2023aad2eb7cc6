extension QuadraticForm {
  /// Relative accuracy that the contour of a final figure is laid for.
  static let accuracy = 1e-12

  /// P(Q > x) with its bound.
  ///
  /// - Complexity: some hundred evaluations of the transform, each O(coefficients).
  public func upperTail(_ x: Double) -> Bounded {
    if x.isNaN { return Bounded(value: .nan, error: .infinity) }
    if x == .infinity || x == -.infinity { return Bounded(value: x < 0 ? 1 : 0, error: 0) }
    if scale == 0 { return Bounded(value: constant > x ? 1 : 0, error: 0) }
    let y = (x - constant) / scale
    if y < standard.middle, let mirror = negated {
      let below = mirror.aboveMiddle(-y)
      return Bounded(value: 1 - below.value, error: below.error)
    }
    return aboveMiddle(y)
  }

  /// P(Q ≤ x) with its bound.
  public func distribution(_ x: Double) -> Bounded {
    if scale == 0 { return Bounded(value: constant > x ? 0 : 1, error: 0) }
    guard let mirror = negated else { return Bounded(value: .nan, error: .infinity) }
    return mirror.upperTail(-x)
  }

  private func aboveMiddle(_ y: Double) -> Bounded {
    if y >= standard.supremum { return Bounded(value: 0, error: 0) }
    if standard.isLinear, degreesOfFreedom == nil {
      let tail = Elementary.normalDistribution(-y)
      return Bounded(value: tail, error: 4e-15 * tail)
    }
    guard let inversion = Inversion(standard, threshold: y, accuracy: Self.accuracy) else {
      // No saddle within reach of doubles: the threshold is the end of the support up to rounding.
      return Bounded(value: 0, error: 1)
    }
    let tail = inversion.tail(y)
    return Bounded(value: min(max(tail.value, 0), 1), error: tail.error)
  }

  /// The density; 0 for a constant.
  ///
  /// - Accuracy: about 1e-10 of its largest value; a single λ without more has a density that is infinite at the end
  ///   of its support, where the figure is large and means nothing.
  public func density(_ x: Double) -> Double {
    guard scale > 0, x.isFinite else { return 0 }
    let y = (x - constant) / scale
    if standard.isLinear, degreesOfFreedom == nil { return Elementary.normalDensity(y) / scale }
    if y < standard.middle, let mirror = negated {
      return Inversion(mirror.standard, threshold: -y, accuracy: Self.accuracy).map { $0.density(-y) / scale }
        ?? 0
    }
    return Inversion(standard, threshold: y, accuracy: Self.accuracy).map { $0.density(y) / scale } ?? 0
  }

  /// The upper tail of a probability in (0, 1): quantile q with P(Q > q) = p, and E(Q | Q > q).
  ///
  /// - Returns: nil where p lies outside (0, 1) or no contour was found.
  /// - Complexity: about six inversions.
  public func upperTail(ofProbability p: Double) -> QuadraticTail? {
    guard p > 0, p < 1 else { return nil }
    return QuadraticTail(self, probability: p)
  }
}

extension StandardForm {
  /// Whether no λ is left.
  var isLinear: Bool { lambdas.isEmpty }

  /// The mean of the normal law: between the two tails.
  var middle: Double {
    var sum = 0.0
    for lambda in lambdas { sum += lambda }
    return sum
  }
}

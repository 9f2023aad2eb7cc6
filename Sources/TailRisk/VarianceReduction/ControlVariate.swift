import RiskNumerics

/// The quadratic form's own tail as a control: how often Q passes its quantile is known exactly.
///
/// With the control 1{Q > q} the regression estimate of any mean is the one with weight P/P̂ on the paths beyond q and
/// (1 − P)/(1 − P̂) on the others, which never is negative, so that quantiles and expected shortfall follow from one set of
/// weights (Hesterberg and Nelson 1998; Glasserman, Heidelberger and Shahabuddin 2000, section 4).
struct ControlVariate: Sendable {
  /// P(Q > q), by inversion.
  let probability: Double
  /// Whether a path is beyond q.
  let isBeyond: [Bool]
  /// Share of such paths.
  private let share: Double

  /// The control of a sample of Q; nil where the law of Q cannot be inverted or fewer than ten paths are on one side of
  /// its quantile.
  init?(_ values: [Double], form: QuadraticLoss, tail: Double, degreesOfFreedom: Double?) {
    guard
      let law = form.law(degreesOfFreedom: degreesOfFreedom),
      let quantile = law.upperTail(ofProbability: tail)?.quantile.value, quantile.isFinite
    else { return nil }
    let known = law.upperTail(quantile)
    // An error that does not show beside the sampling of any number of paths that is allowed.
    guard known.error <= 1e-6 * tail, known.value > 0, known.value < 1 else { return nil }
    let isBeyond = values.map { $0 > quantile }
    let count = isBeyond.count { $0 }
    guard count >= 10, values.count - count >= 10 else { return nil }
    probability = known.value
    self.isBeyond = isBeyond
    share = Double(count) / Double(values.count)
  }

  /// One weight a path; their mean is 1.
  var weights: [Double] {
    isBeyond.map { $0 ? probability / share : (1 - probability) / (1 - share) }
  }

  /// The losses x, as places in falling order, at which P(L > x) = `tail` is not rejected at 5 %: the smallest and largest.
  ///
  /// Where Q stands well for the loss, few paths tell the two tails apart, and their number is far from normal. So the
  /// variance is taken anew at each x, and each side's share by the mean of its Jeffreys posterior (Brown, Cai and DasGupta
  /// 2001).
  ///
  /// - Parameter order: the paths by falling loss.
  /// - Returns: first ≤ last places, nil where no loss is accepted or the sample ends before one is rejected.
  func accepted(_ order: [Int], tail: Double) -> ClosedRange<Int>? {
    var found: ClosedRange<Int>?
    var counts = [0.0, 0.0]
    let size = Double(order.count)
    let sides = [(1 - probability, size * (1 - share)), (probability, size * share)]
    for (place, path) in order.enumerated() {
      var (mean, variance) = (0.0, 0.0)
      for (count, (weight, paths)) in zip(counts, sides) {
        mean += weight * count / paths
        let shrunk = (count + 0.5) / (paths + 1)
        variance += weight * weight * shrunk * (1 - shrunk) / (paths + 1)
      }
      let distance = mean - tail
      // The square of the 97.5 % point of the normal law.
      if distance * distance <= 3.841458820694124 * variance {
        guard place > 0 else { return nil }
        found = (found?.lowerBound ?? place)...place
      } else if distance > 0 {
        return found
      }
      counts[isBeyond[path] ? 1 : 0] += 1
    }
    return nil
  }

  /// Variance of the controlled mean of some numbers, one a path.
  ///
  /// The sum over both sides of P² × the variance there / the paths there (stratification after the fact; Cochran 1977,
  /// section 5A.9).
  func variance(_ numbers: [Double]) -> Double {
    var (sums, squares) = ([0.0, 0.0], [0.0, 0.0])
    for (number, isBeyond) in zip(numbers, isBeyond) {
      sums[isBeyond ? 1 : 0] += number
      squares[isBeyond ? 1 : 0] += number * number
    }
    let count = Double(numbers.count)
    var variance = 0.0
    for (side, weight, size) in [
      (0, 1 - probability, count * (1 - share)), (1, probability, count * share),
    ] {
      let mean = sums[side] / size
      variance += weight * weight * max(0, squares[side] / size - mean * mean) / size
    }
    return variance
  }
}

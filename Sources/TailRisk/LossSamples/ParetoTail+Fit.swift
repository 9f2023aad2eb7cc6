import RiskNumerics

extension ParetoTail {
  /// Fewer exceedances say too little of two parameters.
  public static let fewestExceedances = 20
  /// Bounds of ξ: below −½ the likelihood is not regular, and no loss of a market has a tail of ξ = 2.
  private static let shapes = -0.5...2.0

  /// The tail of a sample by maximum likelihood.
  ///
  /// The threshold is the largest loss that leaves at most `exceedances` beyond it, so ties leave fewer. With θ = ξ/β the
  /// likelihood is largest over β for ξ(θ) = mean of ln(1 + θy), which leaves one unknown (Grimshaw 1993, "Computing maximum
  /// likelihood estimates for the generalized Pareto distribution"): the best of 600 points between the bounds of ξ, refined
  /// by golden section to some 1e-7 of ξ and β.
  ///
  /// - Parameters:
  ///   - losses: in any order; their number is n.
  ///   - exceedances: k; a tenth of the sample is usual.
  /// - Throws: `notFinite` by place; `tooFewRows` for fewer than `fewestExceedances` beyond the threshold; `outOfRange` where
  ///   all of these are equal to each other or overflow.
  /// - Complexity: O(n log n + 700·k).
  public init(_ losses: [Double], exceedances: Int) throws(EstimationError) {
    try EstimationError.check(losses)
    guard exceedances >= Self.fewestExceedances, losses.count > exceedances else {
      throw .tooFewRows(found: min(max(0, exceedances), losses.count), needed: Self.fewestExceedances)
    }
    let falling = losses.sorted(by: >)
    let threshold = falling[exceedances]
    let excesses = falling.prefix(exceedances).filter { $0 > threshold }.map { $0 - threshold }
    guard excesses.count >= Self.fewestExceedances else {
      throw .tooFewRows(found: excesses.count, needed: Self.fewestExceedances)
    }
    let largest = excesses[0]
    guard largest.isFinite, let least = excesses.last, least < largest else {
      throw .outOfRange(field: "exceedances", value: largest)
    }
    let profile = ParetoProfile(excesses.map { $0 / largest })
    let best = profile.best(Self.shapes)
    let found = Self(
      threshold: threshold, count: losses.count, exceedances: excesses.count, shape: best.shape,
      scale: best.scale * largest)
    guard let found else { throw .outOfRange(field: "scale", value: best.scale * largest) }
    self = found
  }
}

/// The likelihood of excesses, the largest of them 1, along θ = eˢ − 1.
private struct ParetoProfile {
  private let excesses: [Double]
  private let mean: Double

  init(_ excesses: [Double]) {
    self.excesses = excesses
    mean = excesses.reduce(0, +) / Double(excesses.count)
  }

  /// ξ and β that are best for a θ.
  private func parameters(_ s: Double) -> (shape: Double, scale: Double) {
    let theta = Elementary.expMinusOne(s)
    guard theta != 0 else { return (0, mean) }
    var sum = 0.0
    for excess in excesses { sum += Elementary.logOnePlus(theta * excess) }
    let shape = sum / Double(excesses.count)
    return (shape, shape / theta)
  }

  /// The mean of −ln density there: ln β + ξ + 1.
  private func cost(_ s: Double) -> Double {
    let (shape, scale) = parameters(s)
    return Elementary.log(scale) + shape + 1
  }

  /// The parameters of the largest likelihood with ξ between two bounds.
  func best(_ shapes: ClosedRange<Double>) -> (shape: Double, scale: Double) {
    let (low, high) = (place(shapes.lowerBound), place(shapes.upperBound))
    let count = 600
    let step = (high - low) / Double(count)
    var (best, least) = (0, Double.infinity)
    for index in 0...count {
      let value = cost(low + step * Double(index))
      if value < least { (best, least) = (index, value) }
    }
    var a = low + step * Double(max(0, best - 1))
    var d = low + step * Double(min(count, best + 1))
    let golden = 0.618_033_988_749_894_9
    var (b, c) = (d - golden * (d - a), a + golden * (d - a))
    var (atB, atC) = (cost(b), cost(c))
    for _ in 0..<60 {
      if atB <= atC {
        (d, c, atC) = (c, b, atB)
        b = d - golden * (d - a)
        atB = cost(b)
      } else {
        (a, b, atB) = (b, c, atC)
        c = a + golden * (d - a)
        atC = cost(c)
      }
    }
    return parameters(0.5 * (a + d))
  }

  /// Where ξ, which rises with s, has a value.
  private func place(_ shape: Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<80 {
      let middle = 0.5 * (low + high)
      if parameters(middle).shape < shape { low = middle } else { high = middle }
    }
    return high
  }
}

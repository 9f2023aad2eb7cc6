public import MarketModel

/// A list of losses that do not count alike, such as old ones that count less.
///
/// With weights that sum to one the value at risk is the smallest loss that leaves at most 1 − c of the weight beyond it, and
/// the expected shortfall the mean over the worst 1 − c of the weight, the loss on the boundary by what the others leave.
public struct WeightedLossSample: Sendable {
  public let losses: [Double]
  /// One a loss, of mean 1.
  private let weights: [Double]

  /// What a sample says at one level.
  public struct Figure: Hashable, Sendable {
    public let confidence: ConfidenceLevel
    public let valueAtRisk: Double
    public let expectedShortfall: Double
    /// (Σw)²/Σw² over the losses beyond the value at risk (Kish 1965); 0 where there are none.
    public let effectiveTailCount: Double
  }

  /// A sample; nil where it is empty, a number is not finite, a weight negative or all of them 0.
  ///
  /// - Parameter weights: one a loss, in any one unit.
  public init?(_ losses: [Double], weights: [Double]) {
    let sum = weights.reduce(0, +)
    guard losses.count == weights.count, losses.allSatisfy(\.isFinite), weights.allSatisfy({ $0 >= 0 }),
      sum > 0, sum.isFinite
    else { return nil }
    self.losses = losses
    self.weights = weights.map { $0 / sum * Double(losses.count) }
  }

  /// A history, oldest first, in which each loss counts λ times the next one.
  ///
  /// The i-th of n weighs λⁿ⁻ⁱ(1 − λ)/(1 − λⁿ) (Boudoukh, Richardson and Whitelaw 1998, "The best of both worlds").
  ///
  /// - Parameter decay: λ, in (0, 1).
  public init?(_ losses: [Double], decay: Double) {
    guard decay > 0, decay < 1 else { return nil }
    var weights = [Double](repeating: 1, count: losses.count)
    for place in weights.indices.dropLast().reversed() { weights[place] = decay * weights[place + 1] }
    self.init(losses, weights: weights)
  }

  /// The share of the whole that a loss counts, by its place.
  public var shares: [Double] { weights.map { $0 / Double(losses.count) } }

  /// The figures at one level.
  ///
  /// - Returns: nil where rounding leaves less weight than 1 − c in all.
  /// - Complexity: O(n log n).
  public func figure(_ confidence: ConfidenceLevel) -> Figure? {
    guard let tail = WeightedTail(losses: losses[...], weights: weights[...], tail: confidence.exceedance)
    else { return nil }
    return Figure(
      confidence: confidence, valueAtRisk: tail.valueAtRisk,
      expectedShortfall: max(tail.valueAtRisk, tail.expectedShortfall),
      effectiveTailCount: tail.effectivePaths)
  }
}

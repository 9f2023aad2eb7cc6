import RiskNumerics

/// A loss quadratic in independent standard normals: Q = c + Σᵢ (bᵢ yᵢ + λᵢ yᵢ²).
struct QuadraticLoss: Sendable, Equatable {
  let constant: Double
  /// b, base currency; one a component.
  let linear: [Double]
  /// λ, base currency; one a component.
  let quadratic: [Double]

  /// The cumulant generating function and its first two derivatives.
  ///
  /// ψ(θ) = θc + ½ Σ (θ²bᵢ²/(1 − 2θλᵢ) − log(1 − 2θλᵢ)), finite while 2θλᵢ < 1 for every i (Glasserman,
  /// Heidelberger and Shahabuddin 2000, equation 8).
  ///
  /// - Returns: infinite where θ is outside that range.
  func cumulant(at theta: Double) -> (value: Double, first: Double, second: Double) {
    var value = theta * constant
    var first = constant
    var second = 0.0
    for (b, lambda) in zip(linear, quadratic) {
      let gap = 1 - 2 * theta * lambda
      guard gap > 0 else { return (.infinity, .infinity, .infinity) }
      let square = b * b / gap
      value += 0.5 * (theta * theta * square - Elementary.log(gap))
      first += theta * square * (1 - theta * lambda) / gap + lambda / gap
      second += square / (gap * gap) + 2 * lambda * lambda / (gap * gap)
    }
    return (value, first, second)
  }

  /// Q of some paths.
  ///
  /// - Parameter columns: one column of normals a component, all of `count`.
  func values(_ columns: [[Double]], count: Int) -> [Double] {
    var sum = [Double](repeating: constant, count: count)
    for (place, column) in columns.enumerated() where column.count == count {
      let (b, lambda) = (linear[place], quadratic[place])
      for path in sum.indices { sum[path] += column[path] * (b + lambda * column[path]) }
    }
    return sum
  }
}

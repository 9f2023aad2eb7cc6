import RiskNumerics

/// The logarithms and multipliers of all moving factors on a run of neighbouring paths.
///
/// Factors are those of `RiskFactors`, the spots first. A block knows nothing of where its moves come from: that is
/// the business of a `PathSource`, or of whoever hands in the normals.
struct PathBlock: Sendable {
  let width: Int
  private let factors: Int
  /// Step-major, then factor, then path.
  private let logs: [Double]
  private let multipliers: [Double]

  /// A block from its cumulated moves.
  ///
  /// - Parameter logs: x of each factor at the end of each step: step-major, then factor, then path.
  init(width: Int, factors: Int, logs: [Double]) {
    var multipliers = [Double](repeating: 0, count: logs.count)
    var span = multipliers.mutableSpan
    VectorMath.exp(logs.span, into: &span)
    self.width = width
    self.factors = factors
    self.logs = logs
    self.multipliers = multipliers
  }

  /// The block of given standard normals.
  ///
  /// - Parameter normals: number of path p for column c of L in step s at (s·rank + c)·width + p; a grid without
  ///   expiries inside the horizon has one step.
  init(_ risk: RiskFactors, _ grid: TimeGrid, normals: [Double], width: Int) {
    self.init(
      width: width, factors: risk.volatilities.count,
      logs: Self.logs(risk, grid, normals: normals, width: width, drifting: true))
  }

  /// x of all factors at the ends of all steps.
  ///
  /// x grows by −½σ²δ + σ√δ·(L z) over a step of δ years, one row of L after the other in fixed order, so that e^x
  /// of a spot or volatility level has mean one; other factors have no drift. Normals that are missing count as NaN.
  static func logs(
    _ risk: RiskFactors, _ grid: TimeGrid, normals: [Double], width: Int, drifting: Bool
  ) -> [Double] {
    let factors = risk.volatilities.count
    var logs: [Double] = []
    logs.reserveCapacity(grid.seconds.count * factors * width)
    var x = [Double](repeating: 0, count: width)
    for step in grid.seconds.indices {
      let years = grid.years(step)
      for factor in 0..<factors {
        let volatility = risk.volatilities[factor]
        let drift = drifting && factor < risk.lognormalCount ? -0.5 * volatility * volatility * years : 0
        for path in 0..<width { x[path] = drift }
        if step > 0 {
          let start = ((step - 1) * factors + factor) * width
          for path in 0..<width { x[path] += logs[start + path] }
        }
        let scale = volatility * years.squareRoot()
        let columns = (0..<risk.rank).filter { risk.rows[factor][$0] != 0 }
        for column in columns {
          let start = (step * risk.rank + column) * width
          var sum = x.mutableSpan
          guard start + width <= normals.count else {
            for path in sum.indices { sum[path] = .nan }
            break
          }
          VectorMath.addScaled(
            scale * risk.rows[factor][column], normals.span.extracting(start..<start + width), to: &sum)
        }
        logs.append(contentsOf: x)
      }
    }
    return logs
  }

  /// The block of some of its paths, in the order of their places.
  func picked(_ columns: [Int]) -> PathBlock {
    let starts = stride(from: 0, to: logs.count, by: max(1, width))
    return PathBlock(
      width: columns.count, factors: factors,
      logs: starts.flatMap { start in columns.map { logs[start + $0] } },
      multipliers: starts.flatMap { start in columns.map { multipliers[start + $0] } })
  }

  private init(width: Int, factors: Int, logs: [Double], multipliers: [Double]) {
    self.width = width
    self.factors = factors
    self.logs = logs
    self.multipliers = multipliers
  }

  /// x of a factor at the end of a step, one number a path.
  func log(_ factor: Int, step: Int) -> [Double] {
    let start = (step * factors + factor) * width
    return Array(logs[start..<start + width])
  }

  /// e^x of a factor at the end of a step; 1 for step −1, the as-of instant.
  func multiplier(_ factor: Int, step: Int) -> [Double] {
    guard step >= 0 else { return [Double](repeating: 1, count: width) }
    let start = (step * factors + factor) * width
    return Array(multipliers[start..<start + width])
  }
}

import RiskNumerics

/// The logarithms and multipliers of all moving factors on a run of neighbouring paths.
///
/// Factors are those of `RiskFactors`, the spots first. A block knows nothing of where its moves come from: that is
/// the business of a `PathSource`, or of whoever hands in the normals.
struct PathBlock: Sendable {
  let width: Int
  private let factors: Int
  /// Step-major, then factor, then path.
  let logs: [Double]
  let multipliers: [Double]

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
  /// x grows by −½σ²δ + σ√δ·(L z) over a step of δ years, one column of L after the other in fixed order, so that e^x
  /// of a spot or volatility level has mean one; other factors have no drift. Normals that are missing count as NaN.
  static func logs(
    _ risk: RiskFactors, _ grid: TimeGrid, normals: [Double], width: Int, drifting: Bool
  ) -> [Double] {
    let factors = risk.volatilities.count
    var logs: [Double] = []
    logs.reserveCapacity(grid.seconds.count * factors * width)
    var growth = [Double](repeating: 0, count: width)
    var (starts, loads): ([Int], [Double]) = ([], [])
    for step in grid.seconds.indices {
      let years = grid.years(step)
      for factor in 0..<factors {
        let volatility = risk.volatilities[factor]
        let drift = drifting && factor < risk.lognormalCount ? -0.5 * volatility * volatility * years : 0
        let scale = volatility * years.squareRoot()
        starts.removeAll(keepingCapacity: true)
        loads.removeAll(keepingCapacity: true)
        for (column, load) in risk.rows[factor].enumerated() where load != 0 {
          starts.append((step * risk.rank + column) * width)
          loads.append(scale * load)
        }
        var sum = growth.mutableSpan
        VectorMath.gatherRows(
          normals.span, rowStarts: starts.span, factors: loads.span, adding: drift, into: &sum)
        if step > 0 {
          let start = ((step - 1) * factors + factor) * width
          for path in 0..<width { growth[path] += logs[start + path] }
        }
        logs.append(contentsOf: growth)
      }
    }
    return logs
  }

  /// The paths of some blocks of the same factors and steps, one block behind the other.
  static func joined(_ blocks: [PathBlock]) -> PathBlock? {
    guard let first = blocks.first else { return nil }
    guard blocks.count > 1 else { return first }
    let (rows, factors) = (first.width > 0 ? first.logs.count / first.width : 0, first.factors)
    func row(_ row: Int, of numbers: KeyPath<PathBlock, [Double]>) -> [Double] {
      blocks.flatMap { $0[keyPath: numbers][row * $0.width..<(row + 1) * $0.width] }
    }
    return PathBlock(
      width: blocks.reduce(0) { $0 + $1.width }, factors: factors,
      logs: (0..<rows).flatMap { row($0, of: \.logs) },
      multipliers: (0..<rows).flatMap { row($0, of: \.multipliers) })
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

  /// Where the numbers of a factor at the end of a step stand in `logs` and `multipliers`.
  func range(_ factor: Int, step: Int) -> Range<Int> {
    let start = (step * factors + factor) * width
    return start..<start + width
  }

  /// x of a factor at the end of a step, one number a path.
  func log(_ factor: Int, step: Int) -> [Double] {
    Array(logs[range(factor, step: step)])
  }

  /// e^x of a factor at the end of a step; 1 for step −1, the as-of instant.
  func multiplier(_ factor: Int, step: Int) -> [Double] {
    guard step >= 0 else { return [Double](repeating: 1, count: width) }
    return Array(multipliers[range(factor, step: step)])
  }
}

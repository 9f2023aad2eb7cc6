import RiskNumerics

/// The instants at which paths are read: every expiry inside the horizon, and its end.
///
/// The expiries are those of all instruments of the book, held or not, so that the draws of an account do
/// not depend on the others at hand.
struct TimeGrid: Sendable {
  /// Seconds from the as-of instant, strictly increasing; the last is the horizon.
  let seconds: [Double]
  let horizonSeconds: Double

  init(horizonDays: Double, expiries: [Int64]) {
    horizonSeconds = horizonDays * 86_400
    let horizon = horizonSeconds
    let inside = Set(expiries.filter { $0 > 0 && Double($0) < horizon }).sorted()
    seconds = inside.map(Double.init) + [horizon]
  }

  /// The step at whose end an instrument expires; nil where it outlives the horizon, −1 at the as-of instant.
  func step(ofExpiry expiry: Int64) -> Int? {
    guard Double(expiry) <= horizonSeconds else { return nil }
    if expiry <= 0 { return -1 }
    return seconds.firstIndex { $0 >= Double(expiry) }
  }
}

/// The logarithms and multipliers of all moving spots on a run of neighbouring paths.
struct PathBlock {
  let width: Int
  private let factors: Int
  /// Step-major, then factor, then path.
  private let logs: [Double]
  private let multipliers: [Double]

  /// Simulates the paths firstPath ..< firstPath + width.
  ///
  /// x grows by −½σ²δ + σ√δ·(L z) over a step of δ years, one row of L after the other in fixed order, so
  /// that e^x has mean one.
  init(_ risk: RiskFactors, _ grid: TimeGrid, stream: RandomStream, firstPath: Int, width: Int) {
    self.width = width
    let factors = risk.assets.count
    var logs: [Double] = []
    logs.reserveCapacity(grid.seconds.count * factors * width)
    var normals = [[Double]](repeating: [Double](repeating: 0, count: width), count: risk.rank)
    var last = 0.0
    for (step, end) in grid.seconds.enumerated() {
      let years = (end - last) / 31_536_000
      last = end
      for column in 0..<risk.rank {
        var span = normals[column].mutableSpan
        stream.normals(factor: column, step: step, firstPath: firstPath, into: &span)
      }
      for factor in 0..<factors {
        let volatility = risk.volatilities[factor]
        let drift = -0.5 * volatility * volatility * years
        var x = [Double](repeating: drift, count: width)
        if step > 0 {
          let start = ((step - 1) * factors + factor) * width
          for path in 0..<width { x[path] += logs[start + path] }
        }
        let scale = volatility * years.squareRoot()
        for column in 0..<risk.rank where risk.rows[factor][column] != 0 {
          let draws = normals[column]
          var sum = x.mutableSpan
          VectorMath.addScaled(scale * risk.rows[factor][column], draws.span, to: &sum)
        }
        logs.append(contentsOf: x)
      }
    }
    var multipliers = [Double](repeating: 0, count: logs.count)
    var span = multipliers.mutableSpan
    VectorMath.exp(logs.span, into: &span)
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

import MarketModel
import RiskNumerics

/// Jumps of log prices at Poisson times with normal sizes (Merton, Journal of Financial Economics 3, 1976).
///
/// Over a step of δ years a process jumps N ~ Poisson(λδ) times by N·μ + √N·d·z in all, and λδ(e^{μ+½d²} − 1) is taken
/// off, so that e^x keeps mean one. Common jumps are one process with one size for all spots; otherwise each spot
/// has a process of its own. Jumps come on top of the covariance, which is that of the diffusion.
struct JumpLaw: Sendable {
  let areCommon: Bool
  private let plan: JumpPlan
  private let counts: [PoissonTable]
  /// λ(e^{μ+½d²} − 1), a year.
  private let compensator: Double

  /// - Throws: `outOfRange` where a step has more than 500 jumps in the mean, or the mean of a jump is not a number.
  init(_ plan: JumpPlan, _ grid: TimeGrid) throws(TailRiskError) {
    guard plan.perYear >= 0, plan.perYear.isFinite else {
      throw .outOfRange(field: "jumps/per_year", value: plan.perYear)
    }
    guard plan.mean.isFinite else { throw .outOfRange(field: "jumps/mean", value: plan.mean) }
    let gain = Elementary.expMinusOne(plan.mean + 0.5 * plan.deviation * plan.deviation)
    guard plan.deviation >= 0, gain.isFinite else {
      throw .outOfRange(field: "jumps/deviation", value: plan.deviation)
    }
    var counts: [PoissonTable] = []
    for step in grid.seconds.indices {
      guard let table = PoissonTable(mean: plan.perYear * grid.years(step)) else {
        throw .outOfRange(field: "jumps/per_year", value: plan.perYear)
      }
      counts.append(table)
    }
    self.plan = plan
    self.counts = counts
    areCommon = plan.areCommon
    compensator = plan.perYear * gain
  }

  /// A number of jumps and a size, of each step and process.
  func extraCount(spots: Int, steps: Int) -> Int { 2 * steps * (areCommon ? 1 : spots) }

  /// Adds the jumps to x.
  func add(
    to x: inout [Double], _ risk: RiskFactors, _ grid: TimeGrid, width: Int, uniform: (Int) -> [Double]
  ) {
    let factors = risk.volatilities.count
    let processes = areCommon ? min(1, risk.assets.count) : risk.assets.count
    var sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: processes)
    for step in grid.seconds.indices {
      let drift = -compensator * grid.years(step)
      for process in 0..<processes {
        let place = 2 * (step * processes + process)
        let (numbers, sizes) = (uniform(place), uniform(place + 1))
        for path in 0..<width {
          sums[process][path] += drift
          let count = counts[step].count(numbers[path])
          guard count > 0 else { continue }
          let n = Double(count)
          sums[process][path] +=
            n * plan.mean + n.squareRoot() * plan.deviation * Elementary.normalQuantile(sizes[path])
        }
      }
      for spot in risk.assets.indices {
        let start = (step * factors + spot) * width
        let process = areCommon ? 0 : spot
        for path in 0..<width { x[start + path] += sums[process][path] }
      }
    }
  }

  var notes: [String] {
    let processes =
      areCommon
      ? "at common times and by a common size" : "each spot at its own times and by its own size"
    return [
      "value_at_risk: jump_diffusion adds \(plan.perYear) jumps a year to the diffusion of the covariance, \(processes), "
        + "compensated so that the mean of each spot stays"
    ]
  }
}

/// Poisson numbers by inversion.
struct PoissonTable: Sendable {
  /// P(N ≤ k).
  private let cumulative: [Double]

  /// nil for a mean that is negative or above 500.
  init?(mean: Double) {
    guard mean >= 0, mean <= 500 else { return nil }
    var term = Elementary.exp(-mean)
    var sum = term
    var cumulative = [sum]
    var k = 0.0
    while k < mean || term > 0x1p-60 {
      k += 1
      term *= mean / k
      sum += term
      cumulative.append(sum)
    }
    self.cumulative = cumulative
  }

  /// The smallest k with u ≤ P(N ≤ k).
  func count(_ u: Double) -> Int {
    guard let first = cumulative.first, u > first else { return 0 }
    var (low, high) = (0, cumulative.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if u <= cumulative[middle] { high = middle } else { low = middle }
    }
    return high
  }
}

import MarketModel
import RiskNumerics

/// What turns correlated Brownian motions into the moves of a plan's distribution.
///
/// With B the motions of the factors (volatility σ, correlation by L) over the time t of the grid and h the horizon:
///
/// - `normal`: x = B − ½σ²t.
/// - `studentT`: x = √((ν−2)/W)·B − ½σ²t with one W ~ χ²(ν) a path: the whole path is a multivariate t of ν degrees whose
///   variance is that of the normal law. E e^x of a Student t is infinite, so the drift is the one of the normal law, and
///   |x| is held to 25.
/// - `tCopula`: normal margins under the copula of that t. The terminal B is replaced by σ√h·N⁻¹(T_ν(t)), and the path
///   before it is moved along by its share of time (a Brownian bridge is independent of where it ends), so that each factor
///   alone is the same Brownian motion as in `normal`. t margins of the same ν under this copula are `studentT`.
/// - `jumps`: `normal` and `JumpLaw` on every spot.
///
/// No law depends on how the grid cuts the horizon.
enum MoveLaw: Sendable {
  case normal
  case studentT(degreesOfFreedom: Double)
  case tCopula(degreesOfFreedom: Double, scores: NormalScores)
  case jumps(JumpLaw)

  /// Largest |x| of `studentT`.
  static let largestMove = 25.0

  /// Whether the first uniform numbers of a path decide more than any one of its normals.
  var leads: Bool {
    switch self {
    case .normal: false
    case .studentT, .tCopula: true
    case .jumps(let law): law.areCommon
    }
  }

  /// Uniform numbers that a path needs beside its normals.
  func extraCount(_ risk: RiskFactors, _ grid: TimeGrid) -> Int {
    switch self {
    case .normal: 0
    case .studentT, .tCopula: 1
    case .jumps(let law): law.extraCount(spots: risk.assets.count, steps: grid.seconds.count)
    }
  }

  /// The moves of a block.
  ///
  /// - Parameters:
  ///   - motions: B at the ends of all steps, laid out as in `PathBlock`.
  ///   - uniform: the uniform numbers of a place among the extra ones.
  func moves(
    _ motions: [Double], _ risk: RiskFactors, _ grid: TimeGrid, width: Int, uniform: (Int) -> [Double]
  ) -> [Double] {
    var x = motions
    let factors = risk.volatilities.count
    switch self {
    case .normal:
      addDrift(risk, grid, width, to: &x)
    case .studentT(let nu):
      let scales = uniform(0).map {
        ((nu - 2) / GammaDistribution.chiSquaredQuantile($0, degreesOfFreedom: nu)).squareRoot()
      }
      for start in stride(from: 0, to: x.count, by: width) {
        for path in 0..<width { x[start + path] *= scales[path] }
      }
      addDrift(risk, grid, width, to: &x)
      for place in x.indices { x[place] = max(-Self.largestMove, min(Self.largestMove, x[place])) }
    case .tCopula(let nu, let scores):
      let scales = uniform(0).map {
        (nu / GammaDistribution.chiSquaredQuantile($0, degreesOfFreedom: nu)).squareRoot()
      }
      let years = grid.horizonSeconds / 31_536_000
      let last = (grid.seconds.count - 1) * factors
      for factor in 0..<factors {
        let deviation = risk.volatilities[factor] * years.squareRoot()
        guard deviation > 0 else { continue }
        for path in 0..<width {
          let z = motions[(last + factor) * width + path] / deviation
          let shift = deviation * (scores(z * scales[path]) - z)
          for step in grid.seconds.indices {
            x[(step * factors + factor) * width + path] += grid.seconds[step] / grid.horizonSeconds * shift
          }
        }
      }
      addDrift(risk, grid, width, to: &x)
    case .jumps(let law):
      addDrift(risk, grid, width, to: &x)
      law.add(to: &x, risk, grid, width: width, uniform: uniform)
    }
    return x
  }

  private func addDrift(_ risk: RiskFactors, _ grid: TimeGrid, _ width: Int, to x: inout [Double]) {
    let factors = risk.volatilities.count
    for step in grid.seconds.indices {
      let years = grid.seconds[step] / 31_536_000
      for factor in 0..<risk.lognormalCount {
        let drift = -0.5 * risk.volatilities[factor] * risk.volatilities[factor] * years
        let start = (step * factors + factor) * width
        for path in 0..<width { x[start + path] += drift }
      }
    }
  }
}

extension MoveLaw {
  /// The law of a plan.
  ///
  /// - Throws: `outOfRange` for what the law cannot take.
  init(_ plan: ValueAtRiskPlan, _ risk: RiskFactors, _ grid: TimeGrid) throws(TailRiskError) {
    let nu = plan.degreesOfFreedom
    switch plan.distribution {
    case .normal:
      self = .normal
    case .studentT, .tCopula:
      guard nu > 2, nu <= 1e6 else { throw .outOfRange(field: "degrees_of_freedom", value: nu) }
      self =
        plan.distribution == .studentT
        ? .studentT(degreesOfFreedom: nu)
        : .tCopula(degreesOfFreedom: nu, scores: NormalScores(degreesOfFreedom: nu))
    case .jumpDiffusion:
      self = .jumps(try JumpLaw(plan.jumps, grid))
    }
  }

  /// What a reader should know of it.
  var notes: [String] {
    switch self {
    case .normal: []
    case .studentT(let nu):
      [
        "value_at_risk: student_t moves log prices by a multivariate t of \(nu) degrees of freedom, one mixing variable a "
          + "path, with the variance of the covariance; the mean of its exponential is infinite, so the drift is that of "
          + "the normal law and no log price moves by more than \(Self.largestMove)"
      ]
    case .tCopula(let nu, _):
      [
        "value_at_risk: t_copula joins normal log returns by the copula of a t of \(nu) degrees of freedom; "
          + "the same copula with t margins is student_t"
      ]
    case .jumps(let law): law.notes
    }
  }
}

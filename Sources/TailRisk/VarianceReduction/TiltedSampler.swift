import RiskNumerics

/// Draws of a quadratic loss's normals from the defensive mixture of a tilt, stratified by Q where asked for.
///
/// Strata by two-phase sampling (Neyman 1938; Cochran 1977, chapter 12): each path that is priced stands for
/// `tosses` draws of Q, which are cheap. The draws are put in order of Q's stratum, cut into runs of `tosses`,
/// and of each run one is priced. This is the bin tossing of Glasserman, Heidelberger and Shahabuddin with the
/// strata's probabilities estimated by the draws, so nothing has to be inverted: whatever the bounds of the
/// strata, the estimate is unbiased, and what lies between strata counts only 1/`tosses` of its variance.
///
/// Draws depend on (seed, stage, path, component) alone.
struct TiltedSampler: Sendable {
  /// Paths of a run, with everything that their losses are weighted by.
  struct Draws: Sendable {
    /// One column a component of the form.
    var normals: [[Double]]
    /// Q.
    var values: [Double]
    /// What the tilt weighs by: Q, under Student's t R.
    var scores: [Double]
    /// Likelihood ratios; their mean is 1 in expectation.
    var ratios: [Double]
  }

  /// What is drawn, so that no two of them share a number.
  enum Stage: Int, Sendable {
    // Far beyond the steps of any grid of expiries.
    case paths = 0x4000_0000
    case pilot = 0x4000_0001
    case bounds = 0x4000_0002
  }

  static let strata = 128
  static let tosses = 16
  private static let choice = 0xFFFF_FFFF
  private static let mixer = 0xFFFF_FFFE

  let form: QuadraticLoss
  let tilt: ExponentialTilt
  let stream: RandomStream
  /// Share of draws from the natural law, in (0, 1).
  let natural: Double
  /// Bounds of the strata of the scores, increasing; empty where none are used.
  private(set) var bounds: [Double] = []

  /// A sampler without strata.
  init(form: QuadraticLoss, tilt: ExponentialTilt, stream: RandomStream, natural: Double) {
    self.form = form
    self.tilt = tilt
    self.stream = stream
    self.natural = natural
  }

  /// The same law in strata that are about equally probable under it.
  ///
  /// - Complexity: 4,096 draws of Q.
  func stratified() -> TiltedSampler {
    var sampler = self
    let values = mixture(.bounds, firstDraw: 0, count: 4_096).0.scores.sorted()
    let size = values.count / Self.strata
    sampler.bounds = (1..<Self.strata).map { values[$0 * size] }
    return sampler
  }

  /// The paths firstPath ..< firstPath + count of a stage.
  func draws(_ stage: Stage, firstPath: Int, count: Int) -> Draws {
    var draws: Draws
    let share: Double
    if bounds.isEmpty {
      (draws, share) = mixture(stage, firstDraw: firstPath, count: count)
    } else {
      (draws, share) = mixture(stage, firstDraw: firstPath * Self.tosses, count: count * Self.tosses)
      let picks = picks(draws.scores, stage, firstPath: firstPath, count: count)
      draws.normals = draws.normals.map { column in picks.map { column[$0] } }
      draws.values = picks.map { draws.values[$0] }
      draws.scores = picks.map { draws.scores[$0] }
    }
    draws.ratios = tilt.ratios(draws.scores, natural: share)
    return draws
  }

  /// Independent draws without their ratios, the first ones natural, the others tilted; and the share of natural ones
  /// that was drawn, not the one that was asked for: that is what makes the mean of the ratios exact.
  private func mixture(_ stage: Stage, firstDraw: Int, count: Int) -> (Draws, Double) {
    let some = Int(exactly: (natural * Double(count)).rounded(.up)) ?? count
    let mixing = mixing(stage, firstDraw: firstDraw, count: count, natural: some)
    let roots = mixing.map { $0.squareRoot() }
    var normals: [[Double]] = []
    for component in form.linear.indices {
      var column = [Double](repeating: 0, count: count)
      var span = column.mutableSpan
      stream.normals(factor: component, step: stage.rawValue, firstPath: firstDraw, into: &span)
      let (mean, deviation) = (tilt.means[component], tilt.deviations[component])
      for draw in min(some, count)..<count {
        column[draw] = (roots.isEmpty ? mean : mean * roots[draw]) + deviation * column[draw]
      }
      for draw in roots.indices { column[draw] /= roots[draw] }
      normals.append(column)
    }
    let values = form.values(normals, count: count)
    let threshold = tilt.student?.threshold ?? 0
    let scores = mixing.isEmpty ? values : zip(mixing, values).map { $0 * ($1 - threshold) }
    return (
      Draws(normals: normals, values: values, scores: scores, ratios: []),
      Double(some) / Double(max(1, count))
    )
  }

  /// V of each draw; empty under the normal law.
  private func mixing(_ stage: Stage, firstDraw: Int, count: Int, natural: Int) -> [Double] {
    guard let student = tilt.student else { return [] }
    let nu = student.degreesOfFreedom
    var column = [Double](repeating: 0, count: count)
    var span = column.mutableSpan
    stream.uniforms(factor: Self.mixer, step: stage.rawValue, firstPath: firstDraw, into: &span)
    return column.enumerated().map { draw, u in
      let natural = draw < natural
      return GammaDistribution.chiSquaredQuantile(u, degreesOfFreedom: nu) / (nu - 2)
        * (natural ? 1 : student.growth)
    }
  }

  /// One draw of each run of draws in order of their strata.
  private func picks(_ values: [Double], _ stage: Stage, firstPath: Int, count: Int) -> [Int] {
    let strata = values.map { stratum($0) }
    var starts = [Int](repeating: 0, count: Self.strata + 1)
    for stratum in strata { starts[stratum + 1] += 1 }
    for stratum in 1...Self.strata { starts[stratum] += starts[stratum - 1] }
    var order = [Int](repeating: 0, count: values.count)
    for (draw, stratum) in strata.enumerated() {
      order[starts[stratum]] = draw
      starts[stratum] += 1
    }
    var chances = [Double](repeating: 0, count: count)
    var span = chances.mutableSpan
    stream.normals(factor: Self.choice, step: stage.rawValue, firstPath: firstPath, into: &span)
    return chances.enumerated().map { path, normal in
      let place = Elementary.normalDistribution(normal) * Double(Self.tosses)
      let offset = min(Self.tosses - 1, Int(exactly: place.rounded(.down)) ?? 0)
      return order[path * Self.tosses + offset]
    }
  }

  /// The number of bounds that a value reaches.
  private func stratum(_ value: Double) -> Int {
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      if value >= bounds[middle] { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

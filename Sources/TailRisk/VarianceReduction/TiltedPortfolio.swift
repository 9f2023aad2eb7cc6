import MarketModel
import RiskNumerics

/// One portfolio's figure of one level by importance sampling.
struct TiltedPortfolio: Sendable {
  /// What came of it.
  enum Outcome: Sendable {
    case figure(ValueAtRiskFigure)
    /// Plain sampling is to stand in, and why.
    case plain(reason: String)
    case notFinite
  }

  /// Share of natural draws: no likelihood ratio passes 10, and at most a tenth of the gain is given away.
  static let natural = 0.1
  /// Draws that decide between tilted and plain sampling, half of them natural.
  static let pilotPaths = 2_000
  /// Paths priced at once.
  static let blockWidth = 512
  /// Below this many paths a replicate says nothing of a quantile.
  static let fewestPaths = 32
  /// Effective paths beyond the value at risk that each replicate is to have.
  static let fewestEffective = 10.0
  /// Bytes of profits kept for the components; beyond them paths are priced twice.
  private static let keptBytes = 32 << 20

  let exposure: Exposure
  let table: ProfitTable
  let plan: ValueAtRiskPlan
  let stream: RandomStream
  /// What closing out costs, one curve an underlying; nil where nobody asks, or where it is not known.
  var closeOut: [CloseOutCurve]?

  /// Independent replicates; a control variate tells its error from one sample.
  private var replicates: Int { plan.varianceReduction == .controlVariate ? 1 : max(1, plan.replicates) }
  /// Paths of one replicate.
  private var replicatePaths: Int { plan.paths / replicates }

  /// The figure of a level.
  ///
  /// - Complexity: (pilot + paths) × rows, and 16 draws of Q a path where stratified.
  func outcome(_ level: ConfidenceLevel) -> Outcome {
    if let row = exposure.rows.first(where: { table.readsPath(ofRow: $0) }) {
      let name = exposure.items.first { $0.parts.contains { exposure.rows[$0.row] == row } }?.name
      return .plain(
        reason: "\(name?.text ?? "an instrument") expires inside the horizon; the tilt knows its end only")
    }
    guard replicatePaths >= Self.fewestPaths else {
      return .plain(
        reason:
          "\(plan.paths) paths in \(replicates) replicates leave fewer than \(Self.fewestPaths) each"
      )
    }
    let tail = Double(level.denominator - level.numerator) / Double(level.denominator)
    guard tail < 0.5 else { return .plain(reason: "a level of one half or less is not in the tail") }
    let span = min(4, max(1, deviations(beyond: tail)))
    guard
      let loss = PortfolioLoss(
        exposure, table: table, span: span, largestMove: degreesOfFreedom.map { _ in MoveLaw.largestMove })
    else { return .notFinite }
    let found =
      degreesOfFreedom.map { ExponentialTilt(loss.form, tail: tail, degreesOfFreedom: $0) }
      ?? ExponentialTilt(loss.form, tail: tail)
    guard let tilt = found else {
      return .plain(reason: "its delta-gamma form has no tail to tilt to")
    }
    if plan.varianceReduction == .controlVariate {
      return run(
        TiltedSampler(form: loss.form, tilt: tilt, stream: stream, natural: 1), loss, level, tail)
    }
    let pilot = TiltedSampler(form: loss.form, tilt: tilt, stream: stream, natural: 0.5)
    switch Self.verdict(pilot, loss, tail: tail, plan: plan) {
    case .plain(let reason): return .plain(reason: reason)
    case .notFinite: return .notFinite
    case .tilted: break
    }
    let sampler = TiltedSampler(form: loss.form, tilt: tilt, stream: stream, natural: Self.natural)
    return run(
      plan.varianceReduction == .importanceStratified ? sampler.stratified() : sampler, loss, level, tail)
  }

  /// ν of Student's t; nil under the normal law.
  private var degreesOfFreedom: Double? {
    plan.distribution == .studentT ? plan.degreesOfFreedom : nil
  }

  /// The quantile of one factor, in its standard deviations.
  private func deviations(beyond tail: Double) -> Double {
    guard let nu = degreesOfFreedom else { return Elementary.normalQuantile(1 - tail) }
    return StudentDistribution(degreesOfFreedom: nu).quantile(1 - tail) * ((nu - 2) / nu).squareRoot()
  }

  private enum Verdict {
    case tilted
    case plain(reason: String)
    case notFinite
  }

  /// Whether a pilot shows the tilt to gain.
  ///
  /// The second moment of the tail's weights w under the mixture to come is E[w·1{L > x}] under the natural law. Half
  /// of the pilot is natural, so that a tail which the tilt does not lead to is met there and not merely missed.
  private static func verdict(
    _ sampler: TiltedSampler, _ loss: PortfolioLoss, tail: Double, plan: ValueAtRiskPlan
  ) -> Verdict {
    var losses: [Double] = []
    var weights: [Double] = []
    var ratios: [Double] = []
    var path = 0
    while path < pilotPaths {
      let width = min(blockWidth, pilotPaths - path)
      let draws = sampler.draws(.pilot, firstPath: path, count: width)
      losses += loss.losses(loss.profits(loss.moves(draws.normals, width: width)), width: width)
      weights += draws.ratios
      ratios += sampler.tilt.ratios(draws.scores, natural: natural)
      path += width
    }
    guard losses.allSatisfy(\.isFinite) else { return .notFinite }
    guard let sample = WeightedTail(losses: losses[...], weights: weights[...], tail: tail) else {
      return .plain(reason: "a pilot of \(pilotPaths) paths found no tail")
    }
    let p = sample.probability
    var moment = 0.0
    for (place, value) in losses.enumerated() where value > sample.valueAtRisk {
      moment += weights[place] * ratios[place]
    }
    moment /= Double(pilotPaths)
    guard p > 0, moment > 0 else {
      return .plain(reason: "a pilot of \(pilotPaths) paths found no loss beyond its value at risk")
    }
    let share = (moment - p * p) / (p * (1 - p))
    guard share <= 0.5 else {
      let percent = Int(exactly: (100 * share).rounded()) ?? 100
      return .plain(
        reason:
          "in a pilot the tilt left \(percent) % of plain sampling's variance; at most 50 % were to be left")
    }
    let effective = Double(plan.paths / plan.replicates) * p * p / moment
    guard effective >= fewestEffective else {
      let count = Int(exactly: effective.rounded(.down)) ?? 0
      return .plain(
        reason: "a replicate would have \(count) effective paths in the tail; at least 10 are needed")
    }
    return .tilted
  }

  /// The blocks of all replicates: none reaches over the end of its replicate, and those of one are as wide as
  /// each other up to one path, so that all have the same share of natural draws.
  private var blocks: [Range<Int>] {
    let count = (replicatePaths + Self.blockWidth - 1) / Self.blockWidth
    return (0..<replicates).flatMap { replicate in
      (0..<count).map { block in
        let start = replicate * replicatePaths
        return start + replicatePaths * block / count..<start + replicatePaths * (block + 1) / count
      }
    }
  }

  private func run(
    _ sampler: TiltedSampler, _ loss: PortfolioLoss, _ level: ConfidenceLevel, _ tail: Double
  ) -> Outcome {
    let blocks = blocks
    let keeps = loss.rows.count * replicatePaths * replicates * 8 <= Self.keptBytes
    var (losses, weights, values, kept): ([Double], [Double], [Double], [[Double]]) = ([], [], [], [])
    var closed: [Double] = []
    for range in blocks {
      let draws = sampler.draws(.paths, firstPath: range.lowerBound, count: range.count)
      let moves = loss.moves(draws.normals, width: range.count)
      let profits = loss.profits(moves)
      let own = loss.losses(profits, width: range.count)
      losses += own
      if let closeOut { closed += loss.closedOut(own, closeOut, on: moves) }
      weights += draws.ratios
      values += draws.values
      if keeps { kept.append(profits) }
    }
    guard losses.allSatisfy(\.isFinite) else { return .notFinite }
    let control =
      plan.varianceReduction == .controlVariate
      ? ControlVariate(values, form: loss.form, tail: tail, degreesOfFreedom: degreesOfFreedom) : nil
    if let control { weights = control.weights }
    guard let sample = WeightedTail(losses: losses[...], weights: weights[...], tail: tail) else {
      return .plain(reason: "its weights have no tail")
    }
    let measured = measured(sample, losses, weights, control, level, tail)
    guard case .figure(var figure) = measured else { return measured }
    if closeOut != nil { figure.liquidity = closedOut(closed, weights, control, level, tail) }
    var window = sample.window(weights: weights, tail: tail)
    if window.isEmpty { window = sample.shares.suffix(1).map { ($0.path, 1) } }
    var shares = [[Double]](repeating: [Double](repeating: 0, count: losses.count), count: 2)
    for (path, share) in sample.shares { shares[0][path] = share }
    for (path, share) in window { shares[1][path] = share }
    var sums = [[Double]](repeating: [Double](repeating: 0, count: loss.rows.count), count: 2)
    for (place, range) in blocks.enumerated()
    where shares.contains(where: { $0[range].contains { $0 != 0 } }) {
      let profits =
        keeps
        ? kept[place]
        : loss.profits(
          loss.moves(
            sampler.draws(.paths, firstPath: range.lowerBound, count: range.count).normals,
            width: range.count))
      for kind in shares.indices { Self.add(profits, shares[kind][range], to: &sums[kind]) }
    }
    let allocation = Allocation(exposure, tail: sums[0], mass: 1, window: sums[1], windowMass: 1)
    guard figure.expectedShortfall.isFinite, allocation.isFinite else { return .notFinite }
    allocation.fill(&figure)
    return .figure(figure)
  }

  /// The figure without its components.
  private func measured(
    _ sample: WeightedTail, _ losses: [Double], _ weights: [Double], _ control: ControlVariate?,
    _ level: ConfidenceLevel, _ tail: Double
  ) -> Outcome {
    plan.varianceReduction == .controlVariate
      ? controlled(sample, losses, weights, control, level, tail)
      : replicated(sample, losses, weights, level, tail)
  }

  /// The figure of the losses with the cost of closing out, by the same weights.
  ///
  /// The weights are those of paths, whatever is measured on them. What they gain is smaller by how far the cost moves
  /// the tail, and the standard error shows it.
  private func closedOut(
    _ losses: [Double], _ weights: [Double], _ control: ControlVariate?, _ level: ConfidenceLevel,
    _ tail: Double
  ) -> LiquidityAdjusted {
    guard let sample = WeightedTail(losses: losses[...], weights: weights[...], tail: tail) else {
      return LiquidityAdjusted(reason: "a simulated cost of closing out is not a finite number")
    }
    switch measured(sample, losses, weights, control, level, tail) {
    case .figure(let figure):
      return LiquidityAdjusted(
        valueAtRisk: figure.valueAtRisk, expectedShortfall: figure.expectedShortfall,
        standardError: figure.standardError)
    case .plain(let reason): return LiquidityAdjusted(reason: "with the cost of closing out, \(reason)")
    case .notFinite:
      return LiquidityAdjusted(reason: "a simulated cost of closing out is not a finite number")
    }
  }

  /// The figure without its components: estimates from all paths, their errors from the replicates.
  private func replicated(
    _ sample: WeightedTail, _ losses: [Double], _ weights: [Double], _ level: ConfidenceLevel, _ tail: Double
  ) -> Outcome {
    var (values, shortfalls, probabilities): ([Double], [Double], [Double]) = ([], [], [])
    for replicate in 0..<replicates {
      let range = replicate * replicatePaths..<(replicate + 1) * replicatePaths
      guard let part = WeightedTail(losses: losses[range], weights: weights[range], tail: tail) else {
        return .plain(reason: "a replicate has no tail")
      }
      values.append(part.valueAtRisk)
      shortfalls.append(part.expectedShortfall)
      probabilities.append(
        WeightedTail.probability(losses: losses[range], weights: weights[range], beyond: sample.valueAtRisk))
    }
    guard let value = ReplicateSpread(values), let shortfall = ReplicateSpread(shortfalls),
      let probability = ReplicateSpread(probabilities)
    else { return .plain(reason: "one replicate tells no error") }
    // Strata make paths dependent, so that only replicates show their gain.
    let isStratified = plan.varianceReduction == .importanceStratified
    let variance =
      isStratified
      ? probability.variance * Double(replicatePaths)
      : sample.secondMoment - sample.probability * sample.probability
    var figure = figure(sample, level, varianceRatio: variance > 0 ? tail * (1 - tail) / variance : nil)
    figure.standardError = value.standardError
    figure.expectedShortfallStandardError = shortfall.standardError
    figure.interval.lower = sample.valueAtRisk - value.halfWidth
    figure.interval.upper = sample.valueAtRisk + value.halfWidth
    return .figure(figure)
  }

  /// The figure without its errors and components.
  func figure(_ sample: WeightedTail, _ level: ConfidenceLevel, varianceRatio: Double?) -> ValueAtRiskFigure {
    ValueAtRiskFigure(
      method: plan.method.rawValue, confidence: level, horizonDays: plan.horizonDays,
      valueAtRisk: sample.valueAtRisk, expectedShortfall: max(sample.valueAtRisk, sample.expectedShortfall),
      standardError: nil, expectedShortfallStandardError: nil, rank: nil,
      interval: ValueAtRiskFigure.Interval(
        kind: .replicates, confidence: 0.95, lower: sample.valueAtRisk, upper: sample.valueAtRisk),
      sampling: SamplingUse(
        kind: plan.sampling.rawValue, paths: replicatePaths * replicates,
        varianceReduction: plan.varianceReduction, replicates: replicates,
        effectiveSampleSize: sample.effectivePaths, varianceRatio: varianceRatio),
      components: [])
  }

  /// Adds the profits of a block's rows, each path by its share.
  private static func add(_ profits: [Double], _ shares: ArraySlice<Double>, to sums: inout [Double]) {
    let paths = shares.indices.filter { shares[$0] != 0 }
    for row in sums.indices {
      let start = row * shares.count - shares.startIndex
      var sum = sums[row]
      for path in paths { sum += shares[path] * profits[start + path] }
      sums[row] = sum
    }
  }
}

import MarketModel
import RiskNumerics

/// A plan made ready: what moves, over which instants, and where the paths come from.
struct PathPlan: Sendable {
  let risk: RiskFactors
  let grid: TimeGrid
  let source: any PathSource
  let pathCount: Int
  /// Independent replicates of equal size behind the error; 1 for one sample.
  let replicates: Int
  /// What every figure is multiplied by: 1 unless one day is scaled to the horizon.
  let scale: Double
  /// How it was sampled, as figures say it.
  let kind: String
  /// What a reader of the figures should know.
  let notes: [String]

  /// Makes a plan ready.
  ///
  /// - Throws: `unsupported` and `outOfRange` for what the plan asks, `shortHistory` where historical simulation has
  ///   fewer than two returns, what `RiskFactors` throws.
  /// - Complexity: O(factors³); a filtered history with GARCH fits each column.
  init(_ book: Book, plan: ValueAtRiskPlan, seed: UInt64) throws(TailRiskError) {
    try Self.check(plan)
    let isScaled = plan.scaling == .squareRootOfTime
    let days = isScaled ? 1 : plan.horizonDays
    scale = isScaled ? plan.horizonDays.squareRoot() : 1
    let asOf = book.market.asOf
    grid = TimeGrid(
      horizonDays: days, expiries: book.instruments.compactMap { $0.expiry.map { asOf.seconds(to: $0) } })
    var notes: [String] = []
    if isScaled {
      notes.append(
        "value_at_risk: \(plan.method.rawValue) over \(plan.horizonDays) days is one day times the square root of the "
          + "days, as the plan asks; options age by one day")
    }
    if plan.method == .monteCarlo {
      risk = try RiskFactors(book, plan: plan)
      let law = try MoveLaw(plan, risk, grid)
      notes += risk.notes + law.notes
      let stream = RandomStream(seed: seed)
      kind = plan.sampling.rawValue
      switch plan.sampling {
      case .pseudo:
        let normal = GaussianPaths(risk: risk, grid: grid, stream: stream)
        if case .normal = law { source = normal } else { source = PseudoPaths(law: law, normal: normal) }
        pathCount = plan.paths
        replicates = 1
      case .sobol:
        let points = try Self.points(plan)
        source = SobolPaths(
          law: law, risk: risk, grid: grid,
          points: try SobolPoints(
            risk, grid, seed: seed, pointCount: points,
            leading: law.leads ? law.extraCount(risk, grid) : 0))
        pathCount = points * plan.replicates
        replicates = plan.replicates
        notes.append(
          "value_at_risk: sobol takes \(plan.replicates) scrambled replicates of \(points) points, \(pathCount) paths for "
            + "the \(plan.paths) asked for; the figures are those of all paths together, their errors and intervals come "
            + "from the spread of the replicates")
      }
    } else {
      // The history alone says what moves and how: a quoted correlation has no part in it.
      var own = plan
      own.covariance = CovariancePlan(prefersHistory: true)
      risk = try RiskFactors(book, plan: own).movingVolatilities(in: book)
      let history = try HistoryMoves(book, risk)
      (source, pathCount) = try Self.dated(history, risk, grid, plan: plan, days: days, seed: seed, &notes)
      replicates = 1
      kind = "history"
    }
    self.notes = notes
  }

  /// Points of a replicate: the power of two that gives at least the paths asked for.
  private static func points(_ plan: ValueAtRiskPlan) throws(TailRiskError) -> Int {
    guard plan.replicates >= 16, plan.replicates <= 4_096 else {
      throw .outOfRange(field: "replicates", value: Double(plan.replicates))
    }
    let least = (plan.paths + plan.replicates - 1) / plan.replicates
    var points = 1
    while points < least { points *= 2 }
    guard points * plan.replicates <= MonteCarloEngine.mostPaths else {
      throw .outOfRange(field: "paths", value: Double(plan.paths))
    }
    return points
  }

  private static func dated(
    _ history: HistoryMoves, _ risk: RiskFactors, _ grid: TimeGrid, plan: ValueAtRiskPlan, days: Double,
    seed: UInt64, _ notes: inout [String]
  ) throws(TailRiskError) -> (any PathSource, Int) {
    guard let span = Int(exactly: days), span >= 1 else {
      throw .outOfRange(field: "horizon_days", value: days)
    }
    let name = plan.method.rawValue
    notes.append(
      "value_at_risk: \(name) takes a day as the step from one date of history.csv with all prices to the next, "
        + "\(history.dateCount - 1) returns")
    if plan.method == .historical {
      let count = history.dateCount - span
      guard count >= 2 else { throw .shortHistory(returns: max(0, count), needed: 2) }
      if span > 1 {
        notes.append(
          "value_at_risk: \(name) returns over \(span) days overlap and are serially dependent; intervals and errors, which "
            + "take them as independent, are too narrow")
      }
      let logs = history.logs
      return (
        DatedPaths(
          risk: risk, grid: grid, days: span, movingCount: logs.count,
          move: { factor, day, path in logs[factor][path + day] - logs[factor][path] }, pathCount: count),
        count
      )
    }
    let paths = try FilteredPaths(
      risk, grid, returns: history.daily, plan: plan.filter, days: span, stream: RandomStream(seed: seed))
    for fallback in paths.fallbacks {
      notes.append("value_at_risk: \(name) filters by ewma where garch was refused; \(fallback)")
    }
    if span > 1 {
      notes.append(
        "value_at_risk: \(name) draws \(span) days of residual vectors a path and updates the volatility along it"
      )
    }
    return (paths, span == 1 ? paths.vectorCount : plan.paths)
  }

  /// - Throws: what can be said without a book.
  static func check(_ plan: ValueAtRiskPlan) throws(TailRiskError) {
    switch plan.method {
    case .monteCarlo: break
    case .historical, .filteredHistorical:
      guard plan.sampling == .pseudo else {
        throw .unsupported(field: "sampling", value: "\(plan.sampling.rawValue) of \(plan.method.rawValue)")
      }
      guard plan.distribution == .normal else {
        throw .unsupported(
          field: "distribution", value: "\(plan.distribution.rawValue) of \(plan.method.rawValue)")
      }
    case .parametric, .cornishFisher, .deltaGamma:
      throw .unsupported(field: "method", value: plan.method.rawValue)
    }
    guard plan.varianceReduction == .none else {
      throw .unsupported(field: "variance_reduction", value: plan.varianceReduction.rawValue)
    }
    guard plan.horizonDays > 0, plan.horizonDays <= 365_000 else {
      throw .outOfRange(field: "horizon_days", value: plan.horizonDays)
    }
    guard plan.paths >= 1, plan.paths <= MonteCarloEngine.mostPaths else {
      throw .outOfRange(field: "paths", value: Double(plan.paths))
    }
  }
}

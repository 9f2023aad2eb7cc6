import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk

/// Capital over simulated paths: the paths come from the floor of value at risk, the requirements from the models.
extension Engine {
  /// Runs the paths; nil where they were not asked for.
  static func capitalPaths(
    _ valued: ValuedBook, plan: RunPlan, team: ThreadTeam, isStopped: @escaping @Sendable () -> Bool
  ) throws(EngineError) -> PathCapitalEngine? {
    guard let wanted = plan.capitalPaths, plan.measures.contains(.margin) else { return nil }
    try checkCapitalPaths(plan)
    let sample: PathSample
    do throws(TailRiskError) {
      sample = try PathSample(book: valued, plan: draws(wanted, plan), seed: plan.seed, team: team)
    } catch {
      throw EngineError(error)
    }
    let paths = SpotPaths(
      count: sample.count, horizonDays: sample.horizonDays, logMultipliers: sample.logs,
      multipliers: sample.multipliers, readingSeconds: sample.readingSeconds, readings: sample.readings)
    let levels = sample.ranks.map {
      PathLevel(
        confidence: $0.confidence, rank: $0.rank, lowerRank: $0.lower, upperRank: $0.upper,
        coverage: $0.coverage)
    }
    if isStopped() { throw .stopped }
    let engine = PathCapitalEngine(
      book: valued, paths: paths, levels: levels, listed: plan.listed, team: team, isStopped: isStopped)
    guard let engine else { throw .stopped }
    return engine
  }

  /// Where capital over paths is asked for, on the line or in a file.
  private static let pathsPlace =
    "capital over paths (--paths of compare, or run.json#/margin/capital_to_survive)"

  /// Refuses what is not built, before anything is simulated.
  static func checkCapitalPaths(_ plan: RunPlan) throws(EngineError) {
    guard let wanted = plan.capitalPaths, plan.measures.contains(.margin) else { return }
    guard wanted.paths >= 1, wanted.paths <= PathCapitalEngine.mostPaths else {
      throw .invalid(
        path: "run.json#/margin/capital_to_survive/paths",
        message: "found \(wanted.paths), expected 1 to \(PathCapitalEngine.mostPaths)")
    }
    guard plan.valueAtRisk.allSatisfy(\.factors.isEmpty) else {
      throw .unsupported(
        path: pathsPlace,
        message: "capital over simulated paths moves spots alone: volatility_factors, rate_factors and "
          + "basis_factors are not built for it")
    }
    guard plan.comparison == PathCapitalEngine.comparison else {
      let found = plan.comparison
      throw .unsupported(
        path: pathsPlace,
        message:
          "capital over simulated paths is not built for the venue of \(found.isolated), \(found.cross) and "
          + "\(found.portfolio), only for the venue derive (derive-srm, derive-srm, derive-pmrm2)")
    }
  }

  /// The draws of the run's plain simulation of value at risk, where it has one, over this horizon.
  private static func draws(_ wanted: CapitalPathsPlan, _ plan: RunPlan) -> ValueAtRiskPlan {
    let plain = plan.valueAtRisk.first {
      $0.method == .monteCarlo && $0.distribution == .normal && $0.sampling == .pseudo
        && $0.varianceReduction == .none
    }
    var draws = ValueAtRiskPlan.standard
    if let plain { draws.covariance = plain.covariance }
    draws.paths = wanted.paths
    draws.confidence = wanted.confidence
    draws.horizonDays = wanted.horizonDays
    return draws
  }

  /// Puts the rows of an account before the row of the worst scenario.
  func addCapitalPaths(ofAccount account: Int, to margin: inout AccountMargin) {
    guard let capitalPaths, var rows = margin.comparison?.capitalToSurvive else { return }
    rows.insert(contentsOf: capitalPaths.rows(ofAccount: account), at: max(0, rows.count - 1))
    margin.comparison?.capitalToSurvive = rows
  }
}

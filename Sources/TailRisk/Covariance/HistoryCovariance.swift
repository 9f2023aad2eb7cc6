import MarketModel
import RiskNumerics

/// Annual volatilities and correlations estimated from a history by a plan, and what a reader should know of it.
struct HistoryCovariance {
  private(set) var assets: [Identifier] = []
  private(set) var volatilities: [Double] = []
  /// Row-major, unit diagonal; indefinite at most for pairwise dates.
  private(set) var correlation: [Double] = []
  private(set) var notes: [String] = []
  /// What an asset that is not among `assets` lacks.
  private(set) var lack = "fewer than two common dates in the history"

  /// Estimates.
  ///
  /// - Parameters:
  ///   - horizonDays: the mean expected variance of its steps is what `garch` gives.
  /// - Throws: `unsupported` for pairwise dates with a shrunk estimate or GARCH, `outOfRange`,
  ///   `malformedHistory` by column and row.
  init(
    _ history: PriceHistory, factors: Set<Identifier>, plan: CovariancePlan, horizonDays: Double
  ) throws(TailRiskError) {
    guard plan.returnDays >= 1 else {
      throw .outOfRange(field: "return_days", value: Double(plan.returnDays))
    }
    guard plan.gaps == .common || [.sample, .ewma].contains(plan.estimator) else {
      throw .unsupported(field: "covariance gaps", value: "pairwise with \(plan.estimator.rawValue)")
    }
    let returns = HistoryReturns(history, factors: factors)
    guard !returns.columns.isEmpty else { return }
    do throws(EstimationError) {
      switch plan.gaps {
      case .common: try estimateCommon(returns, plan, horizonDays)
      case .pairwise: try estimatePairs(returns, plan)
      }
    } catch {
      switch error {
      case .notFinite(let column, let row): throw .malformedHistory(column: column, row: row)
      case .outOfRange(let field, let value): throw .outOfRange(field: field, value: value)
      case .tooFewRows, .ragged: throw .malformedHistory(column: 0, row: 0)
      }
    }
  }

  /// Rule for gaps: only dates on which every estimated asset has a price count, so that the matrix is one
  /// sample's and cannot be indefinite.
  private mutating func estimateCommon(
    _ returns: HistoryReturns, _ plan: CovariancePlan, _ horizonDays: Double
  ) throws(EstimationError) {
    let dates = returns.dates(of: returns.columns)
    // A shrunk estimate needs the scatter between two rows at least.
    let isShrunk = [.ledoitWolf, .constantCorrelation, .oas].contains(plan.estimator)
    let needed = plan.returnDays + (isShrunk ? 2 : 1)
    if needed > 2 { lack = "fewer than \(needed) common dates in the history" }
    guard dates.count >= needed else { return }
    // GARCH follows single steps; what spans several rows is then the correlation of its residuals.
    let span = plan.estimator == .garch ? 1 : plan.returnDays
    let columns = returns.columns.map { returns.returns(of: $0, over: dates, span: span) }
    let estimate: ReturnCovariance
    switch plan.estimator {
    case .sample: estimate = try .sample(columns)
    case .ewma: estimate = try .ewma(columns, decay: plan.decay)
    case .ledoitWolf: estimate = try .ledoitWolf(columns)
    case .constantCorrelation: estimate = try .constantCorrelation(columns)
    case .oas: estimate = try .oas(columns)
    case .garch:
      estimate = try .garch(
        columns, decay: plan.decay, steps: horizonDays / returns.spacing(of: dates), span: plan.returnDays)
    }
    assets = returns.assets
    volatilities = estimate.deviations
    correlation = estimate.correlation
    noteRows(returns, dates.count, plan)
    for fallback in estimate.fallbacks where assets.indices.contains(fallback.column) {
      notes.append(
        "value_at_risk: the volatility of \(assets[fallback.column]) is by ewma, decay "
          + "\(Rounded.text(plan.decay)), because \(fallback.reason)")
    }
    if let weight = estimate.shrinkage {
      notes.append(
        "value_at_risk: the covariance by \(plan.estimator.rawValue) gives its target a weight of "
          + Rounded.text(weight))
    }
  }

  private mutating func noteRows(_ returns: HistoryReturns, _ used: Int, _ plan: CovariancePlan) {
    var sentence =
      "value_at_risk: the covariance is estimated by \(plan.estimator.rawValue) from \(used - plan.returnDays) "
      + "returns over \(used) of \(returns.dateCount) dates of the history"
    if plan.returnDays > 1 { sentence += ", each over \(plan.returnDays) rows and overlapping" }
    if used < returns.dateCount, let scarcest = returns.scarcest {
      sentence +=
        "; \(returns.dateCount - used) dates are dropped, on which an asset has no price "
        + "(\(scarcest.asset) has \(scarcest.prices))"
    }
    notes.append(sentence)
  }

  /// Rule for gaps: a volatility has the dates of its asset, a correlation those of both assets of its pair.
  private mutating func estimatePairs(
    _ returns: HistoryReturns, _ plan: CovariancePlan
  ) throws(EstimationError) {
    func moment(_ a: [Double], _ b: [Double]) throws(EstimationError) -> [Double] {
      let estimate: ReturnCovariance =
        plan.estimator == .ewma ? try .ewma([a, b], decay: plan.decay) : try .sample([a, b])
      return estimate.matrix
    }
    let own = returns.columns.map {
      returns.returns(of: $0, over: returns.dates(of: [$0]), span: plan.returnDays)
    }
    lack = "fewer than \(plan.returnDays + 1) dates in the history"
    let kept = own.indices.filter { !own[$0].isEmpty }
    guard !kept.isEmpty else { return }
    let count = kept.count
    var matrix = [Double](repeating: 0, count: count * count)
    var lonely: [String] = []
    var (fewest, most) = (Int.max, 0)
    for (i, first) in kept.enumerated() {
      volatilities.append(try moment(own[first], own[first])[0].squareRoot())
      matrix[i * count + i] = 1
      for j in 0..<i {
        let pair = [returns.columns[first], returns.columns[kept[j]]]
        let dates = returns.dates(of: pair)
        let columns = pair.map { returns.returns(of: $0, over: dates, span: plan.returnDays) }
        (fewest, most) = (min(fewest, columns[0].count), max(most, columns[0].count))
        guard !columns[0].isEmpty else {
          lonely.append("\(returns.assets[kept[j]]) and \(returns.assets[first])")
          continue
        }
        let moments = try moment(columns[0], columns[1])
        let scale = moments[0].squareRoot() * moments[3].squareRoot()
        let value = scale > 0 ? max(-1, min(1, moments[1] / scale)) : 0
        (matrix[i * count + j], matrix[j * count + i]) = (value, value)
      }
    }
    assets = kept.map { returns.assets[$0] }
    correlation = matrix
    let range = fewest == most ? "\(most)" : "\(fewest) to \(most)"
    let pairs = count > 1 ? range + " returns a pair of assets" : "\(own[kept[0]].count) returns"
    notes.append(
      "value_at_risk: the covariance is estimated by \(plan.estimator.rawValue) from \(pairs), over the dates on "
        + "which both have a price, of \(returns.dateCount) dates of the history")
    if let pair = lonely.first {
      notes.append(
        "value_at_risk: \(lonely.count) pairs of assets have no common return and count as uncorrelated, such as "
          + pair)
    }
  }
}

/// Numbers in sentences.
enum Rounded {
  /// Eight decimals at most; eigenvalues that are zero up to rounding read 0.
  static func text(_ value: Double) -> String {
    let scaled = (value * 1e8).rounded()
    guard scaled.magnitude < 0x1p53, let whole = Int(exactly: scaled) else { return "\(value)" }
    if whole % 100_000_000 == 0 { return "\(whole / 100_000_000)" }
    return "\(scaled / 1e8)"
  }
}

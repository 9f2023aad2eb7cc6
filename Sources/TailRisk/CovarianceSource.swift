import MarketModel
import RiskNumerics

/// Annual volatilities and correlations of log returns, as quoted or as estimated.
struct CovarianceSource {
  let assets: [Identifier]
  let volatilities: [Double]
  /// Row-major, unit diagonal.
  let correlation: [Double]
  /// What an asset that is not among `assets` lacks.
  let lack: String
  /// What the correlation is called in a sentence.
  let name: String
  /// Whether the nearest correlation may take the place of an indefinite one.
  let mayRepair: Bool
  /// What a reader of the figures should know.
  let notes: [String]

  /// The correlation of the market where it has one, else an estimate from history; the estimate first where the
  /// plan says so.
  ///
  /// - Throws: `malformedCorrelation`; as `HistoryCovariance.init`.
  init(
    _ book: Book, factors: Set<Identifier>, plan: CovariancePlan, horizonDays: Double
  ) throws(TailRiskError) {
    if let quoted = book.market.correlation, !plan.prefersHistory {
      let count = quoted.assets.count
      guard quoted.matrix.count == count * count, quoted.volatilities.count == count else {
        throw .malformedCorrelation
      }
      assets = quoted.assets
      volatilities = quoted.volatilities
      correlation = quoted.matrix
      lack = "not in the correlation of the market"
      name = "the correlation of the market"
      mayRepair = plan.repairs
      notes = []
      return
    }
    name = "the correlation of the history"
    mayRepair = plan.repairs || plan.gaps == .pairwise
    guard let history = book.history else {
      (assets, volatilities, correlation, notes) = ([], [], [], [])
      lack =
        plan.prefersHistory
        ? "an estimator is named and no history is given" : "neither a correlation nor a history is given"
      return
    }
    let estimate = try HistoryCovariance(history, factors: factors, plan: plan, horizonDays: horizonDays)
    assets = estimate.assets
    volatilities = estimate.volatilities
    correlation = estimate.correlation
    notes = estimate.notes
    lack = estimate.lack
  }
}

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

  /// The correlation of the market where it has one, else an estimate from history.
  init(_ book: Book, factors: Set<Identifier>) throws(TailRiskError) {
    if let quoted = book.market.correlation {
      let count = quoted.assets.count
      guard quoted.matrix.count == count * count, quoted.volatilities.count == count else {
        throw .malformedCorrelation
      }
      assets = quoted.assets
      volatilities = quoted.volatilities
      correlation = quoted.matrix
      lack = "not in the correlation of the market"
      return
    }
    guard let history = book.history else {
      (assets, volatilities, correlation) = ([], [], [])
      lack = "neither a correlation nor a history is given"
      return
    }
    (assets, volatilities, correlation) = Self.estimate(history, factors)
    lack = "fewer than two common dates in the history"
  }

  /// The second moments of log returns about zero.
  ///
  /// Rule for gaps: only dates on which every estimated asset has a price count, so that the matrix is one
  /// sample's and cannot be indefinite; a return spans from one such date to the next. With returns r over
  /// spacings Δ (in years of 365 days) the covariance is the mean of r·r'/Δ: the maximum-likelihood estimate
  /// of a Brownian motion without drift, observed at uneven times.
  private static func estimate(
    _ history: PriceHistory, _ factors: Set<Identifier>
  ) -> ([Identifier], [Double], [Double]) {
    let columns = zip(history.assets.indices, history.prices.indices).map(\.0).filter { column in
      factors.contains(history.assets[column])
        && history.prices[column].lazy.filter { ($0 ?? 0) > 0 }.prefix(2).count == 2
    }
    let dates = history.dates.indices.filter { date in
      columns.allSatisfy { history.prices[$0].indices.contains(date) && (history.prices[$0][date] ?? 0) > 0 }
    }
    guard dates.count >= 2, !columns.isEmpty else { return ([], [], []) }
    let intervals = zip(dates, dates.dropFirst())
    let returns = columns.map { column in
      intervals.map { from, to in
        let ratio = (history.prices[column][to] ?? 1) / (history.prices[column][from] ?? 1)
        return Elementary.log(ratio) / history.dates[from].years(to: history.dates[to]).squareRoot()
      }
    }
    let count = columns.count
    var covariance = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0...i {
        var sum = 0.0
        for (a, b) in zip(returns[i], returns[j]) { sum += a * b }
        covariance[i * count + j] = sum / Double(dates.count - 1)
        covariance[j * count + i] = covariance[i * count + j]
      }
    }
    let volatilities = (0..<count).map { covariance[$0 * count + $0].squareRoot() }
    var correlation = covariance
    for i in 0..<count {
      for j in 0..<count {
        let scale = volatilities[i] * volatilities[j]
        correlation[i * count + j] = i == j ? 1 : scale > 0 ? covariance[i * count + j] / scale : 0
      }
    }
    return (columns.map { history.assets[$0] }, volatilities, correlation)
  }
}

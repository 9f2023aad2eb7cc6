import MarketModel
import RiskNumerics

/// The log prices of the moving spots, and log levels of the moving volatilities, on the dates of a history that count.
///
/// The rule for gaps is that of `CovarianceSource`: only dates on which all of them have a figure count, so that a
/// move is one of the whole market; a day is the step from one such date to the next.
struct HistoryMoves: Sendable {
  /// Of each factor, the spots first; oldest first.
  let logs: [[Double]]
  /// Dates that count.
  let dateCount: Int

  /// - Throws: `shortHistory` with fewer than two daily returns.
  init(_ book: Book, _ risk: RiskFactors) throws(TailRiskError) {
    guard let history = book.history, !risk.assets.isEmpty else {
      throw .shortHistory(returns: 0, needed: 2)
    }
    var columns = risk.assets.map { asset in
      history.assets.firstIndex(of: book.market.assets[asset].id).map { history.prices[$0] } ?? []
    }
    let levels = zip(book.market.assets, risk.beside.level).compactMap { asset, place in
      place.map { (place: $0, name: asset.id) }
    }
    for level in levels.sorted(by: { $0.place < $1.place }) {
      columns.append(history.volatilities.first { $0.underlying == level.name }?.levels ?? [])
    }
    let dates = history.dates.indices.filter { date in
      columns.allSatisfy { $0.indices.contains(date) && ($0[date] ?? 0) > 0 }
    }
    guard dates.count >= 3 else { throw .shortHistory(returns: max(0, dates.count - 1), needed: 2) }
    logs = columns.map { column in dates.map { Elementary.log(column[$0] ?? 1) } }
    dateCount = dates.count
  }

  /// Returns from each date to the next, one column a factor.
  var daily: [[Double]] {
    logs.map { column in zip(column, column.dropFirst()).map { $1 - $0 } }
  }
}

/// Moves of a horizon of whole days as they were, or of paths of days that were drawn before.
///
/// An instant between two days takes its share of the day's log return.
struct DatedPaths: PathSource {
  let risk: RiskFactors
  let grid: TimeGrid
  let days: Int
  /// Factors that move: the spots, then volatility levels.
  let movingCount: Int
  /// x of such a factor (first) after a number of days (second, 0 included), of each path.
  let move: @Sendable (_ factor: Int, _ day: Int, _ path: Int) -> Double
  let pathCount: Int

  func block(firstPath: Int, width: Int) -> PathBlock {
    let factors = risk.volatilities.count
    var logs = [Double](repeating: 0, count: grid.seconds.count * factors * width)
    for step in grid.seconds.indices {
      let time = grid.seconds[step] / grid.horizonSeconds * Double(days)
      let day = min(days - 1, max(0, Int(exactly: time.rounded(.down)) ?? 0))
      let share = time - Double(day)
      for factor in 0..<min(movingCount, factors) {
        let start = (step * factors + factor) * width
        for path in 0..<max(0, min(width, pathCount - firstPath)) {
          let after = move(factor, day + 1, firstPath + path)
          if share == 1 {
            logs[start + path] = after
          } else {
            let before = day == 0 ? 0 : move(factor, day, firstPath + path)
            logs[start + path] = before + share * (after - before)
          }
        }
      }
    }
    return PathBlock(width: width, factors: factors, logs: logs)
  }
}

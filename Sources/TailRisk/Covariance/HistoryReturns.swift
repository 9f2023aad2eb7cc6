import MarketModel
import RiskNumerics

/// The prices of a history that a covariance is estimated from, and their log returns.
///
/// A price counts where it is above zero. A return spans from one date to the `span`-th after it among the dates
/// that count, and is divided by the root of that time in years of 365 days: the products of such returns are
/// the annual covariance of a motion observed at uneven times.
struct HistoryReturns {
  private let history: PriceHistory
  /// Columns of the history with at least two prices, of assets that are asked for.
  let columns: [Int]

  init(_ history: PriceHistory, factors: Set<Identifier>) {
    self.history = history
    columns = zip(history.assets.indices, history.prices.indices).map(\.0).filter { column in
      factors.contains(history.assets[column])
        && history.prices[column].lazy.filter { ($0 ?? 0) > 0 }.prefix(2).count == 2
    }
  }

  var assets: [Identifier] { columns.map { history.assets[$0] } }

  /// All dates of the history.
  var dateCount: Int { history.dates.count }

  /// The places of the dates on which all of some columns have a price.
  func dates(of columns: [Int]) -> [Int] {
    history.dates.indices.filter { date in
      columns.allSatisfy { history.prices[$0].indices.contains(date) && (history.prices[$0][date] ?? 0) > 0 }
    }
  }

  /// The scaled returns of one column over some dates: dates − span of them, or none.
  func returns(of column: Int, over dates: [Int], span: Int) -> [Double] {
    guard span >= 1, dates.count > span else { return [] }
    return zip(dates, dates.dropFirst(span)).map { from, to in
      let ratio = (history.prices[column][to] ?? 1) / (history.prices[column][from] ?? 1)
      return Elementary.log(ratio) / history.dates[from].years(to: history.dates[to]).squareRoot()
    }
  }

  /// The mean time between neighbouring dates in days; 1 for fewer than two.
  func spacing(of dates: [Int]) -> Double {
    guard let first = dates.first, let last = dates.last, dates.count > 1 else { return 1 }
    let days = Double(history.dates[first].seconds(to: history.dates[last])) / 86_400
    return days / Double(dates.count - 1)
  }

  /// The column with the fewest prices, the first of several.
  var scarcest: (asset: Identifier, prices: Int)? {
    let counts = columns.map { dates(of: [$0]).count }
    guard let fewest = counts.min(), let place = counts.firstIndex(of: fewest) else { return nil }
    return (history.assets[columns[place]], fewest)
  }
}

import MarketModel

/// The closes of a market's assets on the days on which all of them have one.
struct PastCloses: Sendable {
  /// Increasing.
  let dates: [Instant]
  /// The columns' assets.
  let assets: [Identifier]
  /// By date, then column.
  let closes: [[Double]]
  /// Place in `assets` of each asset of the market; nil where it is stable or has no column.
  private let columns: [Int?]

  /// The whole rows of a history.
  init(_ history: PriceHistory, market: MarketSnapshot) {
    var columns: [Int?] = []
    var sources: [Int] = []
    for asset in market.assets {
      let source = market.isCash(asset.id) ? nil : history.assets.firstIndex(of: asset.id)
      columns.append(source.map { _ in sources.count })
      if let source { sources.append(source) }
    }
    let picked = sources
    let rows = history.dates.indices.filter { row in
      picked.allSatisfy { history.prices[$0].indices.contains(row) && (history.prices[$0][row] ?? 0) > 0 }
    }
    self.columns = columns
    assets = picked.map { history.assets[$0] }
    dates = picked.isEmpty ? [] : rows.map { history.dates[$0] }
    closes = picked.isEmpty ? [] : rows.map { row in picked.map { history.prices[$0][row] ?? 1 } }
  }

  /// The closes of `window` rows up to and with `row` as a history of days that end at `end`, one row a day.
  func history(upTo row: Int, window: Int, end: Instant) -> PriceHistory? {
    let rows = max(0, row + 1 - window)...row
    var days: [Instant] = []
    for place in rows {
      let seconds = end.secondsSinceEpoch - Int64(row - place) * 86_400
      guard let day = Instant(secondsSinceEpoch: seconds - Int64(end.secondOfDay)) else { return nil }
      days.append(day)
    }
    return PriceHistory(
      dates: days, assets: assets, prices: assets.indices.map { column in rows.map { closes[$0][column] } })
  }

  /// Close over today's spot of every asset of the market on a day; 1 for what has no closes.
  func factors(_ market: MarketSnapshot, row: Int) -> [Double] {
    zip(market.assets, columns).map { asset, column in column.map { closes[row][$0] / asset.spot } ?? 1 }
  }

  /// Close over close of every asset of the market between two days; 1 for what has no closes.
  func moves(from row: Int, to later: Int) -> [Double] {
    columns.map { column in column.map { closes[later][$0] / closes[row][$0] } ?? 1 }
  }
}

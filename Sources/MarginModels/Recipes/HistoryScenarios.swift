import MarketModel
import RiskNumerics

/// The moves of a market's assets over a margin period of risk, as a history has them: one row a day on which the
/// period ended, every asset by its own move of that day.
///
/// An asset has a history where it has prices on nine in ten of the latest dates; a date counts where every such asset
/// has one. Rows are the same for every account: they follow from the market and the history, and never from what
/// anyone holds, so that an account needs the same beside others as alone, and losses of two accounts add up row by
/// row. Periods of several days overlap.
struct HistoryScenarios: Sendable {
  /// Multiplier of each asset in each row; empty where the asset has no history.
  let multipliers: [[Double]]
  /// Names of the rows.
  let names: [String]
  /// Rows of the window that counts today, then those of the stressed one.
  let current: Range<Int>
  let stressed: Range<Int>
  /// Steps from one date that counts to the next in a year of 365 days.
  let stepsPerYear: Double

  /// Fewer rows than this say nothing of a tail.
  static let fewestRows = 20

  /// How the rows are chosen and scaled.
  struct Plan: Hashable, Sendable {
    /// Days of one period; ≥ 1.
    var horizon: Int
    /// Rows of the current window and of the stressed one; ≥ 0.
    var lookback: Int
    var stressedRows: Int
    /// Latest rows by which it is judged whether an asset has a history; ≥ 0.
    var coverage: Int
    /// Decay of the volatility filter; nil where returns count as they were.
    var decay: Double?
  }

  /// The rows of a history.
  init(_ history: PriceHistory?, assets: [Asset], plan: Plan) {
    var empty = [[Double]](repeating: [], count: assets.count)
    guard let history else {
      (multipliers, names, current, stressed, stepsPerYear) = (empty, [], 0..<0, 0..<0, 365)
      return
    }
    let columns = assets.map { asset -> [Double?] in
      guard !asset.isStable, let column = history.assets.firstIndex(of: asset.id) else { return [] }
      return Self.isCovered(history.prices[column], plan) ? history.prices[column] : []
    }
    let moving = assets.indices.filter { !columns[$0].isEmpty }
    let dates = history.dates.indices.filter { date in
      moving.allSatisfy { columns[$0].indices.contains(date) && (columns[$0][date] ?? 0) > 0 }
    }
    let logs = moving.map { asset in dates.map { Elementary.log(columns[asset][$0] ?? 1) } }
    let rows = dates.count - plan.horizon
    guard !moving.isEmpty, rows >= Self.fewestRows else {
      (multipliers, names, current, stressed, stepsPerYear) = (empty, [], 0..<0, 0..<0, 365)
      return
    }
    let seconds =
      (history.dates[dates[dates.count - 1]].secondsSinceEpoch - history.dates[dates[0]].secondsSinceEpoch)
    stepsPerYear = seconds > 0 ? Instant.secondsPerYear * Double(dates.count - 1) / Double(seconds) : 365
    let plain = logs.map { Self.sums(zip($0, $0.dropFirst()).map { $1 - $0 }, plan.horizon) }
    let filtered = plan.decay.map { decay in
      logs.map {
        Self.sums(Self.rescaled(zip($0, $0.dropFirst()).map { $1 - $0 }, decay: decay), plan.horizon)
      }
    }
    let window = max(Self.fewestRows, min(plan.lookback, rows))
    let today = (rows - window)..<rows
    let stress = Self.mostVolatile(plain, count: min(plan.stressedRows, rows))
    for (place, asset) in moving.enumerated() {
      let moves = (filtered ?? plain)[place][today] + plain[place][stress]
      empty[asset] = moves.map { Elementary.exp($0) }
    }
    multipliers = empty
    names = (Array(today) + Array(stress)).map { history.dates[dates[$0 + plan.horizon]].dateText }
    current = 0..<window
    stressed = window..<(window + stress.count)
  }

  /// Whether prices stand on nine in ten of the latest dates, and on more than the fewest rows.
  ///
  /// A coin that was listed last month would otherwise leave everybody a month of history.
  private static func isCovered(_ prices: [Double?], _ plan: Plan) -> Bool {
    func count(_ prices: ArraySlice<Double?>) -> Int { prices.lazy.filter { ($0 ?? 0) > 0 }.count }
    let latest = prices.suffix(max(plan.coverage, fewestRows) + plan.horizon)
    return count(prices[...]) > fewestRows && 10 * count(latest) >= 9 * latest.count
  }

  /// Sums over so many neighbours, one for each place that has as many.
  private static func sums(_ returns: [Double], _ horizon: Int) -> [Double] {
    guard horizon > 1 else { return returns }
    return (0...max(0, returns.count - horizon)).map { start in
      returns[start..<min(start + horizon, returns.count)].reduce(0, +)
    }
  }

  /// Returns at today's volatility: rₜ × σ now / σₜ, with σ² = λσ² + (1 − λ)r² begun at the mean square.
  ///
  /// Source: Barone-Adesi, Giannopoulos and Vosper (Journal of Futures Markets 19, 1999).
  static func rescaled(_ returns: [Double], decay: Double) -> [Double] {
    guard !returns.isEmpty else { return [] }
    let mean = returns.reduce(0) { $0 + $1 * $1 } / Double(returns.count)
    guard mean > 0 else { return returns }
    var variance = mean
    var deviations: [Double] = []
    for value in returns {
      // After long silence a variance may fall below what a double holds.
      deviations.append(max(variance, mean * 0x1p-52).squareRoot())
      variance = decay * variance + (1 - decay) * value * value
    }
    let now = max(variance, mean * 0x1p-52).squareRoot()
    return zip(returns, deviations).map { $0 / $1 * now }
  }

  /// The window of so many rows in which the moves were largest: squares over each asset's mean square, summed; the
  /// latest of equals.
  private static func mostVolatile(_ moves: [[Double]], count: Int) -> Range<Int> {
    let rows = moves.first?.count ?? 0
    guard count > 0, count <= rows else { return 0..<0 }
    var sizes = [Double](repeating: 0, count: rows)
    for series in moves {
      let mean = series.reduce(0) { $0 + $1 * $1 } / Double(rows)
      guard mean > 0 else { continue }
      for row in 0..<rows { sizes[row] += series[row] * series[row] / mean }
    }
    var best = (start: 0, size: -1.0)
    for start in 0...(rows - count) {
      let size = sizes[start..<(start + count)].reduce(0, +)
      if size >= best.size { best = (start, size) }
    }
    return best.start..<(best.start + count)
  }
}

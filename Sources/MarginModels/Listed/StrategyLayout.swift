import RiskNumerics

/// The columns and rows of a grouping programme.
///
/// Rows are the units of each short, long and stock, then the prices of each pool; the entries depend on quantities,
/// strikes and expiries, never on a market state.
struct StrategyLayout {
  private let holdings: StrategyHoldings
  private let shorts: [Int]
  private let longs: [Int]
  private let stockUnits: [Double]
  private(set) var uses: [StrategyGrouping.Use] = []
  private var columns: [[(row: Int, factor: Double)]] = []
  private var bounds: [Double] = []
  let unitScale: Double
  let strikeScale: Double
  /// Whether pairs are formed with the nearest few partners only.
  private let isNarrow: Bool

  /// Partners on either side where pairs are limited.
  private static let reach = 3

  init(
    _ holdings: StrategyHoldings, shorts: [Int], longs: [Int], stockUnits: [Double], isNarrow: Bool
  ) {
    self.isNarrow = isNarrow
    self.holdings = holdings
    self.shorts = shorts
    self.longs = longs
    self.stockUnits = stockUnits
    let units = shorts.map { holdings.shorts[$0].units } + longs.map { holdings.longs[$0].units }
    unitScale = max(units.max() ?? 1, .leastNormalMagnitude)
    let strikes = shorts.map { holdings.shorts[$0].strike } + longs.map { holdings.longs[$0].strike }
    strikeScale = max(strikes.max() ?? 1, .leastNormalMagnitude)
    bounds = units.map { $0 / unitScale } + stockUnits.map { $0 / unitScale }
  }

  private func row(ofShort place: Int) -> Int { place }
  private func row(ofLong place: Int) -> Int { shorts.count + place }
  private func row(ofStock place: Int) -> Int { shorts.count + longs.count + place }

  private mutating func add(_ use: StrategyGrouping.Use, _ entries: [(row: Int, factor: Double)]) {
    uses.append(use)
    columns.append(entries)
  }

  /// The rows and columns of the programme, dense.
  func program() -> CoveringProgram {
    var matrix = [Double](repeating: 0, count: bounds.count * columns.count)
    for (column, entries) in columns.enumerated() {
      for entry in entries { matrix[entry.row * columns.count + column] += entry.factor }
    }
    return CoveringProgram(matrix: matrix, bounds: bounds, columnCount: columns.count)
  }

  /// Entries of the dense matrix that a grouping of these counts would have, at most.
  static func size(shorts: [StrategyOption], longs: [StrategyOption], stocks: Int) -> Int {
    let (calls, puts) = (shorts.count { $0.isCall }, shorts.count { !$0.isCall })
    let pools = Set(shorts.map { PoolKey($0) })
    var columns = shorts.count + pools.count + calls * puts + stocks * (shorts.count + longs.count)
    var rows = shorts.count + longs.count + stocks
    for pool in pools {
      let inside = longs.count { $0.underlying == pool.underlying && $0.seconds >= pool.seconds }
      columns += inside
      rows += inside + shorts.count { PoolKey($0) == pool } + 2
    }
    columns += stocks * shorts.count * longs.count
    return rows.multipliedReportingOverflow(by: columns).overflow ? .max : rows * columns
  }
}

/// An underlying and an expiry.
private struct PoolKey: Hashable {
  let underlying: Int
  let seconds: Int64

  init(_ option: StrategyOption) { (underlying, seconds) = (option.underlying, option.seconds) }
}

extension StrategyLayout {
  /// One pool for each underlying and expiry of the shorts, where a long can help.
  mutating func addPools() {
    var seen: [PoolKey] = []
    for short in shorts where !seen.contains(PoolKey(holdings.shorts[short])) {
      let key = PoolKey(holdings.shorts[short])
      seen.append(key)
      let sold = shorts.indices.filter { PoolKey(holdings.shorts[shorts[$0]]) == key }
      let bought = longs.indices.filter {
        let option = holdings.longs[longs[$0]]
        return option.underlying == key.underlying && option.seconds >= key.seconds
      }
      if !bought.isEmpty { addPool(sold, bought) }
    }
  }

  /// Loss ≥ what the shorts pay less what the longs receive, at price 0 and at every strike; and no short call
  /// without a long one beyond the last strike.
  private mutating func addPool(_ sold: [Int], _ bought: [Int]) {
    var prices: [Double] = [0]
    let strikes =
      sold.map { holdings.shorts[shorts[$0]].strike } + bought.map { holdings.longs[longs[$0]].strike }
    for strike in strikes.sorted() where strike != prices.last { prices.append(strike) }
    let first = bounds.count
    bounds += [Double](repeating: 0, count: prices.count + 1)
    add(.loss, prices.indices.map { (first + $0, -1) })
    for place in sold {
      let option = holdings.shorts[shorts[place]]
      add(
        .poolShort(shorts[place]),
        [(row(ofShort: place), 1)] + payoffs(option, prices, from: first, side: 1))
    }
    for place in bought {
      let option = holdings.longs[longs[place]]
      add(
        .poolLong(longs[place]),
        [(row(ofLong: place), 1)] + payoffs(option, prices, from: first, side: -1))
    }
  }

  private func payoffs(
    _ option: StrategyOption, _ prices: [Double], from first: Int, side: Double
  ) -> [(row: Int, factor: Double)] {
    var entries: [(row: Int, factor: Double)] = []
    for (place, price) in prices.enumerated() {
      let payoff = max(0, option.isCall ? price - option.strike : option.strike - price)
      if payoff > 0 { entries.append((first + place, side * payoff / strikeScale)) }
    }
    if option.isCall { entries.append((first + prices.count, side)) }
    return entries
  }

  /// Every short call with every short put of its underlying.
  mutating func addStraddles() {
    let calls = shorts.indices.filter { holdings.shorts[shorts[$0]].isCall }
    let puts = shorts.indices.filter { !holdings.shorts[shorts[$0]].isCall }
    for (callRank, callPlace) in calls.enumerated() {
      let call = shorts[callPlace]
      for (putRank, putPlace) in puts.enumerated() {
        let put = shorts[putPlace]
        guard holdings.shorts[put].underlying == holdings.shorts[call].underlying,
          isPaired(callRank, of: calls.count, with: putRank, of: puts.count)
        else { continue }
        add(.straddle(call: call, put: put), [(row(ofShort: callPlace), 1), (row(ofShort: putPlace), 1)])
      }
    }
  }

  /// Whether two legs may pair: all of them, or those of about the same rank in order of strike.
  private func isPaired(_ rank: Int, of count: Int, with other: Int, of others: Int) -> Bool {
    guard isNarrow, count > 0, others > 0 else { return true }
    return abs(rank * others / count - other) <= Self.reach
  }

  /// Stock with options of its class group: what a long position owns caps a call and is insured by a put, what a
  /// short one owes the other way round.
  mutating func addStockUses() {
    for (stockPlace, stock) in holdings.stocks.enumerated() where stockUnits[stockPlace] > 0 {
      let sold = shorts.indices.filter { holdings.shorts[shorts[$0]].isCall == stock.isLong }
      let bought = longs.indices.filter { holdings.longs[longs[$0]].isCall != stock.isLong }
      let stockRow = row(ofStock: stockPlace)
      for place in sold {
        let share = 1 / holdings.cover(of: stock, for: holdings.shorts[shorts[place]])
        add(
          .covered(stock: stockPlace, short: shorts[place]), [(row(ofShort: place), 1), (stockRow, share)])
      }
      for (longRank, longPlace) in bought.enumerated() {
        let long = holdings.longs[longs[longPlace]]
        let share = 1 / holdings.cover(of: stock, for: long)
        add(
          .protective(stock: stockPlace, long: longs[longPlace]),
          [(row(ofLong: longPlace), 1), (stockRow, share)])
        for (shortRank, shortPlace) in sold.enumerated() {
          let short = holdings.shorts[shorts[shortPlace]]
          guard isPaired(longRank, of: bought.count, with: shortRank, of: sold.count),
            short.underlying == long.underlying, long.seconds >= short.seconds,
            stock.isLong || long.strike == short.strike
          else { continue }
          add(
            .collar(stock: stockPlace, long: longs[longPlace], short: shorts[shortPlace]),
            [(row(ofLong: longPlace), 1), (row(ofShort: shortPlace), 1), (stockRow, share)])
        }
      }
    }
  }
}

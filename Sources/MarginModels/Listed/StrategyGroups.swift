/// The groupings of one class group: one programme, or one an expiry where it would be too large.
struct StrategyGroups: Sendable {
  private var initial: [StrategyGrouping]
  private var maintenance: [StrategyGrouping]

  /// Lays the programmes out.
  ///
  /// - Parameter today: prices by which stock is shared out among expiries where there are several programmes.
  init(_ holdings: StrategyHoldings, parameters: StrategyParameters, today: StrategyPrices) {
    var groupings: [StrategyGrouping] = []
    let isTogether =
      StrategyLayout.size(
        shorts: holdings.shorts, longs: holdings.longs, stocks: holdings.stocks.count)
      <= parameters.exactSize
    let stockUnits = holdings.stocks.map(\.units)
    if holdings.shorts.isEmpty, holdings.stocks.isEmpty {
      // Long options alone are in no strategy.
    } else if isTogether {
      groupings = [
        StrategyGrouping(
          holdings, shorts: Array(holdings.shorts.indices), longs: Array(holdings.longs.indices),
          stockUnits: stockUnits, parameters: parameters)
      ]
    } else {
      groupings = Self.byExpiry(holdings, stockUnits, parameters, today)
    }
    initial = groupings
    maintenance = groupings
  }

  /// Expiry after expiry, each with its own longs and the stock that the earlier ones left.
  private static func byExpiry(
    _ holdings: StrategyHoldings, _ stockUnits: [Double], _ parameters: StrategyParameters,
    _ today: StrategyPrices
  ) -> [StrategyGrouping] {
    var left = stockUnits
    let expiries = Set(holdings.shorts.map(\.seconds) + holdings.longs.map(\.seconds)).sorted()
    return expiries.map { expiry in
      let shorts = holdings.shorts.indices.filter { holdings.shorts[$0].seconds == expiry }
      let longs = holdings.longs.indices.filter { holdings.longs[$0].seconds == expiry }
      let size = StrategyLayout.size(
        shorts: shorts.map { holdings.shorts[$0] }, longs: longs.map { holdings.longs[$0] },
        stocks: left.count { $0 > 0 })
      let isNarrow = size > parameters.exactSize
      let open = StrategyGrouping(
        holdings, shorts: shorts, longs: longs, stockUnits: left, parameters: parameters, isNarrow: isNarrow)
      var trial = open
      let used = trial.stockUse(today, isInitial: false)
      let own = zip(used, left).map { min($0, $1) }
      left = zip(left, own).map { max(0, $0 - $1) }
      return StrategyGrouping(
        holdings, shorts: shorts, longs: longs, stockUnits: own, parameters: parameters, isNarrow: isNarrow)
    }
  }

  /// What the groupings take off at some prices, ≤ 0.
  mutating func relief(_ prices: StrategyPrices) -> (initial: StrategyRelief, maintenance: StrategyRelief) {
    var sums = (initial: StrategyRelief(), maintenance: StrategyRelief())
    for place in initial.indices {
      sums.initial += initial[place].relief(prices, isInitial: true)
      sums.maintenance += maintenance[place].relief(prices, isInitial: false)
    }
    return sums
  }
}

import MarketModel

/// Models that add up position by position or expiry by expiry: their columns are the margins themselves.
extension DeriveStandardModel: PartwiseModel {
  package func columns(of part: NettingSet) -> [Double] { netMargins(of: part).map(\.maintenance) }
  package func maintenance(ofColumns columns: [Double], underlying: Int) -> [Double] { columns }
}

extension DeribitStandardModel: PartwiseModel {
  package func columns(of part: NettingSet) -> [Double] { netMargins(of: part).map(\.maintenance) }
  package func maintenance(ofColumns columns: [Double], underlying: Int) -> [Double] { columns }
}

/// The columns of the portfolio manager, scenario by scenario, each with one entry a state: profit and loss of every
/// scenario, the basis contingency, and what is counted less the charges beside the scan.
///
/// Expiries are discounted each by itself and then added; naked shorts net inside a strike of an expiry; perpetuals
/// and coins make one part. So all of it adds up over parts, and only the worst scenario is taken of the sum.
extension DerivePortfolioModel: PartwiseModel {
  package func columns(of part: NettingSet) -> [Double] {
    let count = states.count
    let scenarios = linearMove.count
    let exposure = deltaOne(of: part)
    let coins = ownCoins(of: part)
    var scan = ScenarioSums(states: count, scenarios: scenarios)
    let rows = OptionRows(
      starts: part.legs.map { table.start[$0.instrument] ?? -1 }, multipliers: states.map(\.spotMultiplier))
    let options = addOptions(of: part, beside: exposure, cells: table.cells.span, rows: rows, to: &scan)
    let spot = context.assets[part.underlying].spot
    var columns = [Double](repeating: 0, count: (scenarios + 2) * count)
    for (state, market) in states.enumerated() {
      let multiplier = market.spotMultiplier
      let moving = (exposure.value + coins.riskCancelling) * multiplier
      for scenario in 0..<scenarios {
        columns[scenario * count + state] =
          scan.profit[state * scenarios + scenario] + moving * linearMove[scenario] * dampening[scenario]
      }
      columns[scenarios * count + state] = scan.basis[state]
      let counted =
        exposure.openProfit + exposure.value * (multiplier - 1) + options.value
        + (scan.today[state] - options.tableValue) + coins.value + coins.riskCancelling * (multiplier - 1)
      let charges =
        options.nakedShorts * spot * parameters.optionMaintenance
        + abs(exposure.units) * spot * parameters.perpetualMaintenance + coins.maintenanceHaircut
      columns[(scenarios + 1) * count + state] = counted - charges * multiplier
    }
    return columns
  }

  package func maintenance(ofColumns columns: [Double], underlying: Int) -> [Double] {
    let count = states.count
    let scenarios = linearMove.count
    guard columns.count == (scenarios + 2) * count else { return [Double](repeating: 0, count: count) }
    var net = [Double](repeating: 0, count: count)
    // The basis contingency, never above zero, is what the worst scenario begins with.
    for state in 0..<count { net[state] = columns[scenarios * count + state] }
    Self.takeLeast(columns.span, rows: scenarios, into: net.mutableSpan)
    for state in 0..<count {
      net[state] = columns[(scenarios + 1) * count + state] + net[state] * parameters.maintenanceFactor
    }
    return net
  }

  /// The least of some rows of a table and what stands in the result, column by column.
  private static func takeLeast(_ cells: Span<Double>, rows: Int, into least: consuming MutableSpan<Double>) {
    let count = least.count
    for row in 0..<rows {
      for column in 0..<count {
        let cell = cells[row * count + column]
        least[column] = cell < least[column] ? cell : least[column]
      }
    }
  }
}

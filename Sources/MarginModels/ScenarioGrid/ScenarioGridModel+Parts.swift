import MarketModel
import PortfolioValuation
import RiskNumerics

/// The rows of a scenario grid, each with one entry a state: profit and loss by expiry and scenario, sums over
/// positions, then delta, delta of futures and vega by expiry, and delta by settlement asset.
///
/// Expiries add up, and naked shorts net inside a strike of an expiry: so all of it adds up over parts, and the worst
/// scenario, what offsets itself and the brackets are taken of the sum.
extension ScenarioGridModel: PartwiseModel {
  /// Sums over positions that a row each holds.
  private static let plainRows = 8

  package func columns(of part: NettingSet) -> [Double] {
    let rows = states.indices.map { state -> [Double] in
      let offset = state * table.columns.count
      let starts = part.legs.map { leg in table.start[leg.instrument].map { $0 + offset } ?? -1 }
      let exposure = exposure(
        of: part, multiplier: states[state].spotMultiplier, cells: table.cells.span, starts: starts,
        entries: part.legs.map { leg in
          sensitivities.start[leg.instrument].map { sensitivities.entries[$0 + state] }
            ?? OptionSensitivity()
        })
      let settled = settlements.map { asset in
        exposure.settled.first { $0.asset == asset }?.delta ?? 0
      }
      return bucketProfits(of: part, exposure, cells: table.cells.span, starts: starts)
        + [
          exposure.counted, exposure.sums.grossDelta, exposure.sums.futureUnits, exposure.sums.optionUnits,
          exposure.sums.nakedShorts, exposure.sums.funding, exposure.sums.notional, exposure.decay,
        ] + exposure.deltas + exposure.futureDeltas + exposure.vegas + settled
    }
    let height = rows.first?.count ?? 0
    var columns = [Double](repeating: 0, count: height * states.count)
    for (state, row) in rows.enumerated() {
      for (place, value) in row.enumerated() { columns[place * states.count + state] = value }
    }
    return columns
  }

  package func maintenance(ofColumns columns: [Double], underlying: Int) -> [Double] {
    let profitRows = layouts[underlying].scenarios.count * (isSplit ? bucketCount : 1)
    let first = profitRows + Self.plainRows
    let count = states.count
    guard columns.count == (first + 3 * bucketCount + settlements.count) * count else {
      return [Double](repeating: 0, count: count)
    }
    let terms = parameters.terms(of: context.assets[underlying].id.text)
    let basisRates = bucketYears.map {
      max(terms.basisMinimum, Elementary.expMinusOne(terms.basisAnnual * $0))
    }
    let scans = scans(columns, underlying: underlying, decayRow: profitRows + 7)
    let spot = context.assets[underlying].spot
    let cells = columns.span
    func hedged(_ start: Int, _ rows: Int, _ state: Int) -> Double {
      Self.hedged((start..<start + rows).lazy.map { columns[$0 * count + state] })
    }
    return states.indices.map { state in
      var sums = GridSums()
      for bucket in 0..<bucketCount {
        let delta = cells[(first + bucket) * count + state]
        sums.netDelta += delta
        sums.basis += abs(delta) * basisRates[bucket]
        sums.rho += delta * bucketYears[bucket]
      }
      sums.grossDelta = cells[(profitRows + 1) * count + state]
      sums.futureUnits = cells[(profitRows + 2) * count + state]
      sums.optionUnits = cells[(profitRows + 3) * count + state]
      sums.nakedShorts = cells[(profitRows + 4) * count + state]
      sums.funding = cells[(profitRows + 5) * count + state]
      sums.notional = cells[(profitRows + 6) * count + state]
      sums.hedgedFutures = hedged(first + bucketCount, bucketCount, state)
      sums.hedgedVega = hedged(first + 2 * bucketCount, bucketCount, state)
      sums.hedgedStable = hedged(first + 3 * bucketCount, settlements.count, state)
      let figures = figures(
        sums, scan: scans[state], terms: terms, spot: spot * states[state].spotMultiplier)
      return cells[profitRows * count + state] - figures.total(factor: parameters.maintenanceFactor)
    }
  }

  /// The worst weighted loss of every state, ≥ 0.
  private func scans(_ columns: [Double], underlying: Int, decayRow: Int) -> [Double] {
    let scenarios = layouts[underlying].scenarios.count
    let count = states.count
    let offset = isSplit ? parameters.gainOffset : 1
    let cells = columns.span
    var worst = [Double](repeating: 0, count: count)
    var profits = worst
    for scenario in 0..<scenarios {
      for bucket in 0..<(isSplit ? bucketCount : 1) {
        let start = (bucket * scenarios + scenario) * count
        for state in 0..<count {
          let profit = cells[start + state]
          let counted = profit > 0 ? profit * offset : profit
          profits[state] = bucket == 0 ? counted : profits[state] + counted
        }
      }
      for state in 0..<count { worst[state] = min(worst[state], profits[state]) }
    }
    if parameters.elapsedHours > 0 {
      for state in 0..<count { worst[state] = min(worst[state], cells[decayRow * count + state]) }
    }
    return worst.map { -$0 }
  }
}

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
          exposure.counted, exposure.grossDelta, exposure.futureUnits, exposure.optionUnits,
          exposure.nakedShorts, exposure.funding, exposure.notional, exposure.decay,
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
    let height = profitRows + Self.plainRows + 3 * bucketCount + settlements.count
    let count = states.count
    guard columns.count == height * count else { return [Double](repeating: 0, count: count) }
    let empty = NettingSet(underlying: underlying, legs: [], collateral: 0)
    let terms = parameters.terms(of: context.assets[underlying].id.text)
    let basisRates = bucketYears.map {
      max(terms.basisMinimum, Elementary.expMinusOne(terms.basisAnnual * $0))
    }
    return states.indices.map { state in
      func row(_ place: Int) -> Double { columns[place * count + state] }
      func rows(_ first: Int, _ rows: Int) -> [Double] { (first..<first + rows).map(row) }
      var sum = GridExposure(buckets: bucketCount)
      sum.grossDelta = row(profitRows + 1)
      sum.futureUnits = row(profitRows + 2)
      sum.optionUnits = row(profitRows + 3)
      sum.nakedShorts = row(profitRows + 4)
      sum.funding = row(profitRows + 5)
      sum.notional = row(profitRows + 6)
      let first = profitRows + Self.plainRows
      sum.deltas = rows(first, bucketCount)
      sum.futureDeltas = rows(first + bucketCount, bucketCount)
      sum.vegas = rows(first + 2 * bucketCount, bucketCount)
      (sum.years, sum.basisRates) = (bucketYears, basisRates)
      for (asset, delta) in zip(settlements, rows(first + 3 * bucketCount, settlements.count)) {
        sum.settle(asset, delta)
      }
      let profits = profits(
        ofBuckets: rows(0, profitRows), decay: row(profitRows + 7), underlying: underlying)
      let figures = figures(
        sum, scan: -min(profits.min() ?? 0, 0), of: empty,
        spot: context.assets[underlying].spot * states[state].spotMultiplier)
      return GridRequirement(
        figures, counted: row(profitRows), decisive: 0, initialFactor: parameters.initialFactor,
        maintenanceFactor: parameters.maintenanceFactor
      ).net.maintenance
    }
  }
}

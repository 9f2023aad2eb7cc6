import MarketModel
import PortfolioValuation
import RiskNumerics

/// Which contracts roll together: a bucket an underlying, expiry and settlement.
struct RollBuckets: Sendable {
  /// Place among the buckets of the underlying, one entry an instrument; −1 where it is not supported.
  let bucket: [Int]
  /// Roll shock of each bucket, a fraction of net delta, by underlying.
  let rates: [[Double]]

  init(context: MarginContext, isSupported: [Bool], rollRates: [Double]) {
    var keys = [[(seconds: Int64, isCoin: Bool)]](repeating: [], count: context.assets.count)
    var rates = [[Double]](repeating: [], count: context.assets.count)
    bucket = context.instruments.indices.map { place in
      guard isSupported[place], let contract = context.instruments[place] else { return -1 }
      let seconds = contract.kind == .perpetual ? -1 : contract.secondsToExpiry
      let known = keys[contract.underlying].firstIndex {
        $0.seconds == seconds && $0.isCoin == contract.isInverse
      }
      if let known { return known }
      keys[contract.underlying].append((seconds, contract.isInverse))
      rates[contract.underlying].append(rollRates[place])
      return keys[contract.underlying].count - 1
    }
    self.rates = rates
  }
}

/// The rows of Deribit portfolio margin, each with one entry a state: simulated profit and loss of every column of the
/// matrix in the coin, the same in stable assets, what is counted, net deltas of futures and of options, and the
/// net delta of each bucket that rolls together.
extension DeribitPortfolioModel: PartwiseModel {
  package func columns(of part: NettingSet) -> [Double] {
    let count = states.count
    let matrix = matrices[part.underlying]
    let width = matrix.moves.count
    let exposure = deltaOne(of: part)
    let rows = rows(of: part, states: states.indices)
    let coin = sums(of: part, isCoin: true, cells: table.cells.span, rows: rows)
    let linear = sums(of: part, isCoin: false, cells: table.cells.span, rows: rows)
    let values = optionValues(of: part)
    let coins = part.collateral * context.assets[part.underlying].spot
    let counted = coins > 0 ? coins * (1 - parameters.collateralHaircut) : coins
    let height = 2 * width + 3 + buckets.rates[part.underlying].count
    var columns = [Double](repeating: 0, count: height * count)
    for (state, market) in states.enumerated() {
      let multiplier = market.spotMultiplier
      let first = state * table.width
      let moving = (exposure.linear + coins * parameters.collateralInMatrix) * multiplier
      for (column, move) in matrix.moves.enumerated() {
        columns[column * count + state] =
          coin[first + 1 + column] - coin[first] + exposure.coinProfit(move)
        columns[(width + column) * count + state] =
          linear[first + 1 + column] - linear[first] + moving * move
      }
      columns[2 * width * count + state] =
        exposure.openProfit + exposure.moving * (multiplier - 1) + values.book
        + (coin[first] + linear[first] - values.table) + counted * multiplier
    }
    addDeltas(of: part, rows: rows, from: 2 * width + 1, to: &columns)
    return columns
  }

  /// Adds the deltas of futures, of options, and of each bucket.
  private func addDeltas(of part: NettingSet, rows: MatrixRows, from row: Int, to columns: inout [Double]) {
    let count = states.count
    for (place, leg) in part.legs.enumerated() where supports(instrument: leg.instrument) {
      let future = notional(of: leg)
      let bucket = buckets.bucket[leg.instrument]
      for (state, market) in states.enumerated() {
        let delta: Double
        if let future {
          delta = future.isCoin ? future.value : future.value * market.spotMultiplier
        } else {
          delta = leg.effectiveQuantity * table.deltas[rows.deltas[place] + state]
        }
        columns[(future == nil ? row + 1 : row) * count + state] += delta
        columns[(row + 2 + bucket) * count + state] += delta
      }
    }
  }

  package func maintenance(ofColumns columns: [Double], underlying: Int) -> [Double] {
    let count = states.count
    let matrix = matrices[underlying]
    let width = matrix.moves.count
    let rates = buckets.rates[underlying]
    guard columns.count == (2 * width + 3 + rates.count) * count else {
      return [Double](repeating: 0, count: count)
    }
    var worst = [Double](repeating: 0, count: count)
    for column in 0..<width {
      for state in 0..<count {
        let sum =
          matrix.counted(columns[column * count + state], column: column, isCoin: true)
          + matrix.counted(columns[(width + column) * count + state], column: column, isCoin: false)
        if sum < worst[state] { worst[state] = sum }
      }
    }
    let spot = context.assets[underlying].spot
    return states.indices.map { state in
      var charges = matrix.deltaShock(
        futures: columns[(2 * width + 1) * count + state], options: columns[(2 * width + 2) * count + state],
        spot: spot * states[state].spotMultiplier)
      for (bucket, rate) in rates.enumerated() {
        charges += abs(columns[(2 * width + 3 + bucket) * count + state]) * rate
      }
      return columns[2 * width * count + state] - parameters.maintenanceFactor * (charges - worst[state])
    }
  }
}

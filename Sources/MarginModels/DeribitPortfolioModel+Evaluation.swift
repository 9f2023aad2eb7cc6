import MarketModel
import PortfolioValuation
import RiskNumerics

/// Where the options of one netting set lie in the cells, and the spot moves of its states.
struct MatrixRows {
  /// First cell of each leg in the first state; −1 for a leg that is no priced option.
  var starts: [Int]
  /// First delta of each leg.
  var deltas: [Int]
  /// Spot multiplier of each state.
  var multipliers: [Double]
}

/// What Deribit portfolio margin counts and requires of one netting set in one state, part by part.
package struct DeribitMatrixRequirement: Hashable, Sendable {
  /// Coins, option values and unrealised profit and loss of futures and perpetuals; no cash.
  package var counted = 0.0
  /// Worst cell of the matrix, ≥ 0.
  package var worst = 0.0
  package var rollShock = 0.0
  package var deltaShock = 0.0
  /// Maintenance as a part of the whole.
  package var maintenanceFactor = 1.0
  /// Columns of the matrix that decide `worst`.
  package var decisive: UInt64 = 0

  package init() {}

  package var initial: Double { worst + rollShock + deltaShock }
  package var maintenance: Double { maintenanceFactor * initial }
  package var net: NetMargin {
    NetMargin(initial: counted - initial, maintenance: counted - maintenance)
  }

  /// Adds the requirement of another netting set, part by part.
  package static func += (sum: inout Self, term: Self) {
    sum.counted += term.counted
    sum.worst += term.worst
    sum.rollShock += term.rollShock
    sum.deltaShock += term.deltaShock
    sum.maintenanceFactor = term.maintenanceFactor
  }

  /// The parts in the order of a report.
  package var components: [MarginComponent] {
    [("risk_matrix", worst), ("roll_shock", rollShock), ("delta_shock", deltaShock)].map { name, initial in
      MarginComponent(name: name, initial: initial, maintenance: maintenanceFactor * initial)
    }
  }
}

/// The futures and perpetuals of a netting set, today.
struct MatrixDeltaOne {
  /// Base value of the coins that coin-settled contracts stand for: it is the same in every state.
  private var coin = 0.0
  /// The same of contracts whose settlement average has begun, each with the part of it that is open.
  private var settling: [(value: Double, open: Double)] = []
  /// Base value of what linear contracts stand for: it moves with spot.
  var linear = 0.0
  /// Base value of what changes equity with spot.
  var moving = 0.0
  var openProfit = 0.0

  mutating func addCoin(_ value: Double, open: Double) {
    if open == 1 { coin += value } else { settling.append((value, open)) }
  }

  /// Profit and loss of the coin-settled contracts where spot moves, in coin at today's spot.
  func coinProfit(_ move: Double) -> Double {
    settling.reduce(coin * DeribitRiskMatrix.coinMove(move)) {
      $0 + $1.value * DeribitRiskMatrix.coinMove(move, open: $1.open)
    }
  }
}

extension DeribitPortfolioModel {
  /// The requirement of a netting set over any rows of cells.
  func requirements(
    of set: NettingSet, cells: Span<Double>, deltas: Span<Double>, rows: MatrixRows
  ) -> [DeribitMatrixRequirement] {
    let matrix = matrices[set.underlying]
    let exposure = deltaOne(of: set)
    let coin = sums(of: set, isCoin: true, cells: cells, rows: rows)
    let linear = sums(of: set, isCoin: false, cells: cells, rows: rows)
    let values = optionValues(of: set)
    var charges = MatrixCharges(of: set, model: self)
    let coins = set.collateral * context.assets[set.underlying].spot
    let counted = coins > 0 ? coins * (1 - parameters.collateralHaircut) : coins
    var coinCells = [Double](repeating: 0, count: matrix.moves.count)
    var linearCells = [Double](repeating: 0, count: matrix.moves.count)
    return rows.multipliers.enumerated().map { state, multiplier in
      let first = state * table.width
      let moving = (exposure.linear + coins * parameters.collateralInMatrix) * multiplier
      for (column, move) in matrix.moves.enumerated() {
        coinCells[column] =
          coin[first + 1 + column] - coin[first] + exposure.coinProfit(move)
        linearCells[column] = linear[first + 1 + column] - linear[first] + moving * move
      }
      var part = DeribitMatrixRequirement()
      (part.worst, part.decisive) = matrix.worst(coin: coinCells, linear: linearCells)
      let charge = charges.charge(
        state: state, multiplier: multiplier, deltas: deltas, rows: rows, matrix: matrix)
      (part.rollShock, part.deltaShock) = (charge.roll, charge.delta)
      part.maintenanceFactor = parameters.maintenanceFactor
      part.counted =
        exposure.openProfit + exposure.moving * (multiplier - 1) + values.book
        + (coin[first] + linear[first] - values.table) + counted * multiplier
      return part
    }
  }

  /// The futures and perpetuals of a set, netted.
  func deltaOne(of set: NettingSet) -> MatrixDeltaOne {
    var sum = MatrixDeltaOne()
    for leg in set.legs where supports(instrument: leg.instrument) {
      guard let notional = notional(of: leg) else { continue }
      sum.openProfit += leg.value
      sum.moving += leg.effectiveQuantity * context.terms[leg.instrument].unit
      if notional.isCoin {
        sum.addCoin(notional.value, open: openParts[leg.instrument])
      } else {
        sum.linear += notional.value
      }
    }
    return sum
  }

  /// Base value of what a future or perpetual stands for today, as far as its settlement is open; nil for an
  /// option.
  func notional(of leg: Leg) -> (value: Double, isCoin: Bool)? {
    guard let contract = context.instruments[leg.instrument], contract.kind != .option else { return nil }
    let open = openParts[leg.instrument]
    guard contract.isInverse else { return (leg.effectiveQuantity * contract.unit * open, false) }
    // Sized in its quote asset: at the mark it stands for so many coins.
    return (leg.rawQuantity * contract.multiplier / contract.forward * contract.spot * open, true)
  }

  /// Σ quantity × cell of the options of one settlement, in columns of states and columns.
  func sums(
    of set: NettingSet, isCoin: Bool, cells: Span<Double>, rows: MatrixRows
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: rows.multipliers.count * table.width)
    var starts: [Int] = []
    var factors: [Double] = []
    for (place, leg) in set.legs.enumerated() where rows.starts[place] >= 0 {
      guard context.instruments[leg.instrument]?.isInverse == isCoin else { continue }
      starts.append(rows.starts[place])
      factors.append(leg.effectiveQuantity)
    }
    guard !starts.isEmpty else { return sums }
    var span = sums.mutableSpan
    VectorMath.gatherRows(cells, rowStarts: starts.span, factors: factors.span, adding: 0, into: &span)
    return sums
  }

  /// Today's value of the options of a set, by the book and by the table.
  func optionValues(of set: NettingSet) -> (book: Double, table: Double) {
    var (book, priced) = (0.0, 0.0)
    for leg in set.legs {
      guard let start = table.start[leg.instrument] else { continue }
      book += leg.value
      priced += leg.effectiveQuantity * table.cells[start]
    }
    return (book, priced)
  }
}

/// Roll shock and delta shock of one netting set.
struct MatrixCharges {
  private let set: NettingSet
  /// The bucket of each leg; −1 where it is not supported.
  ///
  /// Contracts that roll together share one: it is that of an expiry and settlement.
  private let bucket: [Int]
  private let rates: [Double]
  /// Base value of the delta of a future or perpetual today; nil for an option.
  private let futures: [(value: Double, isCoin: Bool)?]
  private let spot: Double
  private var net: [Double]

  init(of set: NettingSet, model: DeribitPortfolioModel) {
    self.set = set
    var keys: [(seconds: Int64, isCoin: Bool)] = []
    var rates: [Double] = []
    bucket = set.legs.map { leg in
      guard model.supports(instrument: leg.instrument),
        let contract = model.context.instruments[leg.instrument]
      else { return -1 }
      let seconds = contract.kind == .perpetual ? -1 : contract.secondsToExpiry
      let isCoin = contract.isInverse
      if let known = keys.firstIndex(where: { $0.seconds == seconds && $0.isCoin == isCoin }) { return known }
      keys.append((seconds, isCoin))
      rates.append(model.rollRates[leg.instrument])
      return keys.count - 1
    }
    self.rates = rates
    futures = set.legs.map { model.supports(instrument: $0.instrument) ? model.notional(of: $0) : nil }
    spot = model.context.assets[set.underlying].spot
    net = rates
  }

  /// Both charges in one state.
  mutating func charge(
    state: Int, multiplier: Double, deltas: Span<Double>, rows: MatrixRows, matrix: DeribitRiskMatrix
  ) -> (roll: Double, delta: Double) {
    for place in net.indices { net[place] = 0 }
    var (futureDelta, optionDelta) = (0.0, 0.0)
    for (place, leg) in set.legs.enumerated() where bucket[place] >= 0 {
      if let future = futures[place] {
        let delta = future.isCoin ? future.value : future.value * multiplier
        net[bucket[place]] += delta
        futureDelta += delta
      } else if rows.deltas[place] >= 0 {
        let delta = leg.effectiveQuantity * deltas[rows.deltas[place] + state]
        net[bucket[place]] += delta
        optionDelta += delta
      }
    }
    var roll = 0.0
    for (delta, rate) in zip(net, rates) { roll += abs(delta) * rate }
    return (
      roll,
      matrix.deltaShock(futures: futureDelta, options: optionDelta, spot: spot * multiplier)
    )
  }
}

import PortfolioValuation
import RiskNumerics

extension ProfitTable {
  /// Prices all rows on a run of paths.
  ///
  /// - Returns: row-major, `rowCount` rows of `paths.width` numbers.
  func block(on paths: PathBlock) -> [Double] {
    var table: [Double] = []
    price(paths, into: &table)
    return table
  }

  /// The same into an array that may have served another block before.
  func price(_ paths: PathBlock, into table: inout [Double]) {
    let width = paths.width
    if table.count != rowCount * width { table = [Double](repeating: 0, count: rowCount * width) }
    let last = grid.seconds.count - 1
    let end = PathEnd(paths, factors: risk.volatilities.count, step: last)
    var values = [Double](repeating: 0, count: width)
    var whole = table.mutableSpan
    for factor in risk.assets.indices {
      let (start, moves) = (factor * width, end.multipliers[factor])
      for path in 0..<width { whole[start + path] = moves[path] - 1 }
    }
    for index in rows.indices {
      let start = (risk.assets.count + index) * width
      if let option = plain[index] {
        var row = whole._mutatingExtracting(start..<start + width)
        price(option, paths, paths.range(option.factor, step: last), into: &row)
      } else {
        price(rows[index], paths, end, into: &values)
        for path in 0..<width { whole[start + path] = values[path] }
      }
    }
    guard keepsLogs else { return }
    for factor in risk.assets.indices {
      let (start, logs) = ((logStart + factor) * width, end.logs[factor])
      for path in 0..<width { whole[start + path] = logs[path] }
    }
  }

  /// Prices an option that follows its spot alone; `range` holds the moves of that.
  private func price(
    _ option: PlainOption, _ paths: PathBlock, _ range: Range<Int>, into row: inout MutableSpan<Double>
  ) {
    BlackKernels.path(
      logMultiplier: paths.logs.span.extracting(range),
      multiplier: paths.multipliers.span.extracting(range), forward: option.forward, strike: option.strike,
      standardDeviation: option.deviation, sign: option.sign, scale: option.scale, less: option.unit,
      into: &row)
  }

  /// Prices some rows on given paths of some factors.
  ///
  /// - Parameters:
  ///   - paths: one step to the horizon, of the factors `factors` in their order.
  ///   - places: of rows that do not read the path before its end (`readsPath`) and depend on these factors.
  /// - Returns: row-major, in the order of `places`; NaN where a row's factor is not among them.
  func block(_ paths: PathBlock, factors: [Int], rows places: [Int]) -> [Double] {
    let width = paths.width
    var table = [Double](repeating: .nan, count: places.count * width)
    var values = [Double](repeating: 0, count: width)
    let end = PathEnd(paths, of: factors, among: risk.volatilities.count)
    var whole = table.mutableSpan
    for (index, place) in places.enumerated() {
      guard let factor = factors.firstIndex(of: factor(ofRow: place)) else { continue }
      var row = whole._mutatingExtracting(index * width..<(index + 1) * width)
      let moves = paths.range(factor, step: 0)
      if place < risk.assets.count {
        for path in 0..<width { row[path] = paths.multipliers[moves.lowerBound + path] - 1 }
      } else if let option = plain[place - risk.assets.count] {
        price(option, paths, moves, into: &row)
      } else {
        price(rows[place - risk.assets.count], paths, end, into: &values)
        for path in 0..<width { row[path] = values[path] }
      }
    }
    return table
  }

  /// The spot that a row depends on, as a place among the moving factors.
  func factor(ofRow place: Int) -> Int {
    place < risk.assets.count ? place : rows[place - risk.assets.count].factor
  }

  /// All moving factors that a row depends on, its spot first.
  func factors(ofRow place: Int) -> [Int] {
    guard place >= risk.assets.count else { return [place] }
    let row = rows[place - risk.assets.count]
    let moves = row.moves
    let beside =
      (moves.forward + moves.scale).map(\.factor) + [moves.level, moves.skew?.factor].compactMap { $0 }
    return [row.factor] + Set(beside).sorted()
  }

  /// Whether a row reads the path before its end.
  func readsPath(ofRow place: Int) -> Bool {
    guard place >= risk.assets.count else { return false }
    switch rows[place - risk.assets.count].pricing {
    case .alive, .forward, .inverseForward: return false
    case .expiredOption, .settledLinear, .settledInverse: return true
    }
  }

  /// Where each row under spots alone starts, and its slope, by a central difference of one basis point.
  ///
  /// - Complexity: three paths.
  func anchored() -> [Anchor?] {
    let factors = risk.volatilities.count
    let step = 1e-4
    let spots = risk.assets.count
    let moves = (0..<factors).flatMap { factor -> [Double] in
      factor < spots ? [0, step, -step] : [0, 0, 0]
    }
    let logs = grid.seconds.flatMap { _ in moves }
    let paths = PathBlock(width: 3, factors: factors, logs: logs)
    let end = PathEnd(paths, factors: factors, step: grid.seconds.count - 1)
    let span = Elementary.exp(step) - Elementary.exp(-step)
    var values = [0.0, 0, 0]
    let own = rows.map { row -> Anchor? in
      guard row.moves.isEmpty else { return nil }
      price(row, paths, end, into: &values)
      return Anchor(factor: row.factor, start: values[0], slope: (values[1] - values[2]) / span)
    }
    return (0..<spots).map { Anchor?.some(Anchor(factor: $0, start: 0, slope: 1)) } + own
  }

  private func price(_ row: Row, _ paths: PathBlock, _ end: PathEnd, into values: inout [Double]) {
    let it = row.instrument
    let spot = it.spot / it.quoteSpot
    let sign = it.isCall ? 1.0 : -1.0
    let last = end.multipliers[row.factor]
    switch row.pricing {
    case .alive(let deviation, let scale):
      priceAlive(row, deviation, scale, end, into: &values)
    case .expiredOption(let step):
      let settled = paths.multiplier(row.factor, step: step)
      for path in values.indices {
        let final = spot * settled[path]
        // A coin payoff is kept in coin: its worth moves on with the spot to the horizon.
        let worth = it.isInverse ? it.spot * last[path] / final : it.quoteSpot
        values[path] = it.multiplier * max(0, sign * (final - it.strike)) * worth - it.unit
      }
    case .settledLinear(let step):
      let settled = paths.multiplier(row.factor, step: step)
      for path in values.indices {
        values[path] = it.quoteSpot * it.multiplier * (spot * settled[path] - it.forward)
      }
    case .settledInverse(let step):
      let settled = paths.multiplier(row.factor, step: step)
      for path in values.indices {
        let then = it.spot * last[path] / (spot * settled[path])
        values[path] = -it.multiplier * (then - it.spot / it.forward)
      }
    case .forward:
      let moved = end.exponential(of: end.sum(end.logs[row.factor], row.moves.forward))
      for path in values.indices { values[path] = it.unit * (moved[path] - 1) }
    case .inverseForward:
      let moved = end.exponential(row.moves.forward)
      for path in values.indices {
        values[path] = -it.multiplier * (it.spot / it.forward) * (1 / moved[path] - 1)
      }
    }
  }

  /// The change of an option that outlives the horizon.
  ///
  /// What early exercise adds is a function of the spot alone, tabulated at today's volatility, yield and rate: it
  /// follows none of the factors beside the spot, while the European value and the bound by exercise do.
  private func priceAlive(
    _ row: Row, _ deviation: Double, _ scale: Double, _ end: PathEnd, into values: inout [Double]
  ) {
    let it = row.instrument
    let moves = row.moves
    let sign = it.isCall ? 1.0 : -1.0
    let spot = end.multipliers[row.factor]
    var span = values.mutableSpan
    let isFixed = moves.level == nil && moves.skew == nil && row.smile == nil
    let logs = moves.forward.isEmpty ? end.logs[row.factor] : end.sum(end.logs[row.factor], moves.forward)
    let forwards = moves.forward.isEmpty ? spot : end.exponential(of: logs)
    if isFixed {
      BlackKernels.path(
        logMultiplier: logs.span, multiplier: forwards.span, forward: it.forward, strike: it.strike,
        standardDeviation: deviation, sign: sign, scale: scale, into: &span)
    } else {
      var deviations = end.deviations(deviation, moves)
      if let smile = row.smile {
        for path in deviations.indices { deviations[path] *= smile.ratio(logMove: logs[path]) }
      }
      BlackKernels.path(
        logMultiplier: logs.span, multiplier: forwards.span, standardDeviation: deviations.span,
        forward: it.forward, strike: it.strike, sign: sign, scale: scale, into: &span)
    }
    if !moves.scale.isEmpty {
      let factors = end.exponential(moves.scale)
      for path in values.indices { values[path] *= factors[path] }
    }
    if it.isAmerican {
      for path in values.indices {
        values[path] = it.american(values[path], premium: row.premium, multiplier: spot[path])
      }
    }
    for path in values.indices { values[path] -= it.unit }
  }
}

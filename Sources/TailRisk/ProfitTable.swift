import MarketModel
import OptionPricing
import PortfolioValuation
import RiskNumerics

/// Which rows the instrument × path table has, and how each is priced.
///
/// The first rows are e^x − 1 of the moving assets: coins, futures and perpetuals are multiples of them, which
/// makes a hedged linear book exactly riskless. Behind them stand the options and what expires inside the
/// horizon: the change of base value of one unit from today.
struct ProfitTable: Sendable {
  /// How an instrument's row is priced.
  private enum Pricing: Sendable {
    /// An option that is alive at the horizon: aged by it, its volatility kept (sticky strike).
    case alive(deviation: Double, scale: Double)
    /// An option paid at the end of a step on the path's spot.
    case expiredOption(step: Int)
    /// A linear future settled at the end of a step on the path's spot.
    case settledLinear(step: Int)
    /// The part −Q·(S_h/S_T − S/mark) of an inverse future that was settled in coin.
    case settledInverse(step: Int)
  }

  private struct Row: Sendable {
    let instrument: ResolvedInstrument
    let factor: Int
    let pricing: Pricing
    /// What early exercise adds at the horizon; nil where nothing does.
    let premium: ExercisePremium?
  }

  let risk: RiskFactors
  let grid: TimeGrid
  private let rows: [Row]
  /// Row of each instrument of the book; nil where it has none.
  let rowOfInstrument: [Int?]
  /// Rows of assets and instruments.
  var rowCount: Int { risk.assets.count + rows.count }

  /// The rows of the instruments that an account or the netted book holds, and of those traded beside them.
  init(
    _ book: ValuedBook, net: NettedBook, risk: RiskFactors, grid: TimeGrid, traded: [Int] = [],
    team: ThreadTeam
  ) {
    self.risk = risk
    self.grid = grid
    var isHeld = [Bool](repeating: false, count: book.resolved.count)
    for holding in book.holdings { isHeld[holding.instrument] = true }
    for place in traded where isHeld.indices.contains(place) { isHeld[place] = true }
    for place in isHeld.indices where net.effectiveQuantity[place].value != 0 { isHeld[place] = true }
    let horizon = grid.horizonSeconds
    let held = isHeld
    let premiums = ExercisePremiums.table(of: book.resolved, team: team) { option in
      guard held[option.instrument] else { return nil }
      return option.exercisePremium(
        volatility: option.volatility, years: (Double(option.secondsToExpiry) - horizon) / 31_536_000)
    }
    var rows: [Row] = []
    var places = [Int?](repeating: nil, count: book.resolved.count)
    for case let instrument? in book.resolved where isHeld[instrument.instrument] {
      guard let factor = risk.place[instrument.underlying] else { continue }
      guard let pricing = Self.pricing(instrument, grid) else { continue }
      places[instrument.instrument] = risk.assets.count + rows.count
      let premium = premiums.isEmpty ? nil : premiums[instrument.instrument]
      rows.append(Row(instrument: instrument, factor: factor, pricing: pricing, premium: premium))
    }
    self.rows = rows
    rowOfInstrument = places
  }

  /// nil where the instrument is a multiple of its asset's row.
  private static func pricing(_ instrument: ResolvedInstrument, _ grid: TimeGrid) -> Pricing? {
    if instrument.kind == .perpetual { return nil }
    if let step = grid.step(ofExpiry: instrument.secondsToExpiry) {
      if instrument.kind == .option { return .expiredOption(step: step) }
      return instrument.isInverse ? .settledInverse(step: step) : .settledLinear(step: step)
    }
    guard instrument.kind == .option else { return nil }
    let years = grid.horizonSeconds / 31_536_000
    let left = (Double(instrument.secondsToExpiry) - grid.horizonSeconds) / 31_536_000
    return .alive(
      deviation: instrument.volatility * left.squareRoot(),
      scale: instrument.scale * Elementary.exp(instrument.rate * years))
  }

  /// Prices all rows on a run of paths.
  ///
  /// - Returns: row-major, `rowCount` rows of `paths.width` numbers.
  func block(on paths: PathBlock) -> [Double] {
    let width = paths.width
    var table = [Double](repeating: 0, count: rowCount * width)
    let end = grid.seconds.count - 1
    let logs = risk.assets.indices.map { paths.log($0, step: end) }
    let moves = risk.assets.indices.map { paths.multiplier($0, step: end) }
    for factor in risk.assets.indices {
      let start = factor * width
      for path in 0..<width { table[start + path] = moves[factor][path] - 1 }
    }
    var values = [Double](repeating: 0, count: width)
    for (index, row) in rows.enumerated() {
      price(row, paths, logs[row.factor], moves[row.factor], into: &values)
      let start = (risk.assets.count + index) * width
      for path in 0..<width { table[start + path] = values[path] }
    }
    return table
  }

  /// Prices some rows on given paths of some factors.
  ///
  /// - Parameters:
  ///   - paths: one step to the horizon, of the factors `factors` in their order.
  ///   - places: of rows that do not read the path before its end (`readsPath`) and depend on these factors.
  /// - Returns: row-major, in the order of `places`; NaN where a row's factor is not among them.
  func block(_ paths: PathBlock, factors: [Int], rows places: [Int]) -> [Double] {
    var table: [Double] = []
    table.reserveCapacity(places.count * paths.width)
    var values = [Double](repeating: 0, count: paths.width)
    let logs = factors.indices.map { paths.log($0, step: 0) }
    let moves = factors.indices.map { paths.multiplier($0, step: 0) }
    for place in places {
      let local = factors.firstIndex(of: factor(ofRow: place))
      if let local, place < risk.assets.count {
        for path in values.indices { values[path] = moves[local][path] - 1 }
      } else if let local {
        price(rows[place - risk.assets.count], paths, logs[local], moves[local], into: &values)
      } else {
        for path in values.indices { values[path] = .nan }
      }
      table += values
    }
    return table
  }

  /// The moving factor that a row depends on.
  func factor(ofRow place: Int) -> Int {
    place < risk.assets.count ? place : rows[place - risk.assets.count].factor
  }

  /// Whether a row reads the path before its end.
  func readsPath(ofRow place: Int) -> Bool {
    guard place >= risk.assets.count else { return false }
    if case .alive = rows[place - risk.assets.count].pricing { return false }
    return true
  }

  private func price(
    _ row: Row, _ paths: PathBlock, _ log: [Double], _ end: [Double], into values: inout [Double]
  ) {
    let it = row.instrument
    let spot = it.spot / it.quoteSpot
    let sign = it.isCall ? 1.0 : -1.0
    switch row.pricing {
    case .alive(let deviation, let scale):
      var span = values.mutableSpan
      BlackKernels.path(
        logMultiplier: log.span, multiplier: end.span, forward: it.forward, strike: it.strike,
        standardDeviation: deviation, sign: sign, scale: scale, into: &span)
      if it.isAmerican {
        for path in values.indices {
          values[path] = it.american(values[path], premium: row.premium, multiplier: end[path])
        }
      }
      for path in values.indices { values[path] -= it.unit }
    case .expiredOption(let step):
      let settled = paths.multiplier(row.factor, step: step)
      for path in values.indices {
        let final = spot * settled[path]
        // A coin payoff is kept in coin: its worth moves on with the spot to the horizon.
        let worth = it.isInverse ? it.spot * end[path] / final : it.quoteSpot
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
        let then = it.spot * end[path] / (spot * settled[path])
        values[path] = -it.multiplier * (then - it.spot / it.forward)
      }
    }
  }
}

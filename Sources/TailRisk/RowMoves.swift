import MarketModel
import PortfolioValuation
import RiskNumerics

/// How one row follows the factors beside its spot.
///
/// Sticky strike: an option's volatility is σ' = σ·e^v + s·ln(K/F)/√T with v the move of its underlying's level and s
/// that of the slope, F and T today's, kept between a quarter of σ·e^v and four times it. A forward of T years left at
/// the horizon moves by e^(b·T) with the annualised basis, a perpetual's mark by that of one funding interval of
/// eight hours. A rate's move δ changes the discount factor by e^(−δT); it moves forwards by e^(δT) only where they
/// were made from rates, not where the market lists them. The slope of an ordinary smile of slope dσ/d ln K falls
/// like 1/√T, which is why s is per unit of ln(K/F)/√T (Bergomi, *Stochastic Volatility Modeling*, 2016, ch. 2 and 8).
struct RowMoves: Sendable {
  /// A factor, and what it is multiplied by.
  typealias Load = (factor: Int, weight: Double)

  /// Of ln F beyond the spot.
  private(set) var forward: [Load] = []
  /// Of the logarithm of what multiplies Black's formula.
  private(set) var scale: [Load] = []
  private(set) var level: Int?
  /// Of σ'/σ.
  private(set) var skew: Load?

  /// Bounds of σ' in units of σ·e^v.
  static let leastRatio = 0.25
  static let mostRatio = 4.0
  /// Eight hours in years of 365 days.
  static let perpetualYears = 8.0 / 8_760

  var isEmpty: Bool { forward.isEmpty && scale.isEmpty && level == nil && skew == nil }

  /// The moves of an instrument class by class, each with those before it; only classes that it follows.
  ///
  /// - Parameter years: left at the horizon; > 0.
  static func steps(
    _ instrument: ResolvedInstrument, named listed: Instrument, in market: MarketSnapshot, risk: RiskFactors,
    years: Double
  ) -> [(RiskClass, RowMoves)] {
    guard !risk.beside.isEmpty else { return [] }
    var moves = RowMoves()
    var steps: [(RiskClass, RowMoves)] = []
    if moves.addVolatility(instrument, risk) { steps.append((.vega, moves)) }
    if moves.addBasis(instrument, risk, years) { steps.append((.basis, moves)) }
    if moves.addRates(instrument, listed, market, risk, years) { steps.append((.rate, moves)) }
    return steps
  }

  private mutating func addVolatility(_ instrument: ResolvedInstrument, _ risk: RiskFactors) -> Bool {
    guard instrument.kind == .option else { return false }
    level = risk.beside.level[instrument.underlying]
    let root = instrument.timeToExpiry.squareRoot()
    if let factor = risk.beside.skew[instrument.underlying], root > 0, instrument.volatility > 0 {
      let moneyness = Elementary.log(instrument.strike / instrument.forward) / root
      skew = (factor, moneyness / instrument.volatility)
    }
    return level != nil || skew != nil
  }

  private mutating func addBasis(
    _ instrument: ResolvedInstrument, _ risk: RiskFactors, _ years: Double
  ) -> Bool {
    guard let factor = risk.beside.basis[instrument.underlying] else { return false }
    addForward(instrument, factor, instrument.kind == .perpetual ? Self.perpetualYears : years)
    return true
  }

  private mutating func addRates(
    _ instrument: ResolvedInstrument, _ listed: Instrument, _ market: MarketSnapshot, _ risk: RiskFactors,
    _ years: Double
  ) -> Bool {
    var moves = false
    if instrument.forwardFollowsCarry {
      if let factor = risk.rateFactor(of: listed.quoteAsset, in: market) {
        addForward(instrument, factor, years)
        moves = true
      }
      // The coin's own curve stands in for a yield where the market has none.
      let hasYield = market.dividends.contains { $0.underlying == listed.underlying }
      let hasCurve = market.rates.contains { $0.currency == listed.underlying }
      if !hasYield, hasCurve, let factor = risk.rateFactor(of: listed.underlying, in: market) {
        addForward(instrument, factor, -years)
        moves = true
      }
    }
    if instrument.kind == .option, let factor = risk.rateFactor(of: listed.settlementAsset, in: market) {
      scale.append((factor, -years))
      moves = true
    }
    return moves
  }

  /// A payoff in coin is worth S'/F' quote units a unit of it, so what lifts its forward lowers its scale.
  private mutating func addForward(_ instrument: ResolvedInstrument, _ factor: Int, _ weight: Double) {
    forward.append((factor, weight))
    if instrument.kind == .option, instrument.isInverse { scale.append((factor, -weight)) }
  }
}

/// The moves of all factors over the horizon on a run of paths.
struct PathEnd {
  let width: Int
  /// One array a factor.
  let logs: [[Double]]
  let multipliers: [[Double]]

  init(_ paths: PathBlock, factors: Int, step: Int) {
    width = paths.width
    logs = (0..<factors).map { paths.log($0, step: step) }
    multipliers = (0..<factors).map { paths.multiplier($0, step: step) }
  }

  /// The end of paths of a few of the factors; the others do not move.
  init(_ paths: PathBlock, of few: [Int], among factors: Int) {
    width = paths.width
    var logs = [[Double]](repeating: [Double](repeating: 0, count: width), count: factors)
    var multipliers = [[Double]](repeating: [Double](repeating: 1, count: width), count: factors)
    for (place, factor) in few.enumerated() where logs.indices.contains(factor) {
      logs[factor] = paths.log(place, step: 0)
      multipliers[factor] = paths.multiplier(place, step: 0)
    }
    self.logs = logs
    self.multipliers = multipliers
  }

  /// start + Σ weight × factor on each path, in the order of the loads.
  func sum(_ start: [Double], _ loads: [RowMoves.Load]) -> [Double] {
    var sum = start
    for load in loads {
      let moves = logs[load.factor]
      var span = sum.mutableSpan
      VectorMath.addScaled(load.weight, moves.span, to: &span)
    }
    return sum
  }

  /// e to the power of Σ weight × factor on each path.
  func exponential(_ loads: [RowMoves.Load]) -> [Double] {
    exponential(of: sum([Double](repeating: 0, count: width), loads))
  }

  func exponential(of logs: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: logs.count)
    var span = result.mutableSpan
    VectorMath.exp(logs.span, into: &span)
    return result
  }

  /// σ'√T on each path, from today's.
  func deviations(_ today: Double, _ moves: RowMoves) -> [Double] {
    guard let skew = moves.skew else {
      guard let level = moves.level else { return [Double](repeating: today, count: width) }
      return multipliers[level].map { today * $0 }
    }
    let slopes = logs[skew.factor]
    return (0..<width).map { path in
      let level = moves.level.map { multipliers[$0][path] } ?? 1
      let ratio = level + skew.weight * slopes[path]
      return today * min(max(ratio, RowMoves.leastRatio * level), RowMoves.mostRatio * level)
    }
  }
}

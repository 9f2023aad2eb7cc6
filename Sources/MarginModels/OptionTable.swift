import MarketModel
import PortfolioValuation
package import RiskNumerics

/// One column of a model's inner scenarios: a move of the forward and of the volatility.
package struct ScenarioColumn: Hashable, Sendable {
  package var spotMultiplier: Double
  package var volatility: VolatilityShock

  package init(spotMultiplier: Double, volatility: VolatilityShock) {
    self.spotMultiplier = spotMultiplier
    self.volatility = volatility
  }

  /// The market of the state as it is.
  package static let unmoved = ScenarioColumn(spotMultiplier: 1, volatility: .none)
}

/// The base value of one contract of every option in every state × inner scenario, priced once.
///
/// Row-major by option, then state, then column: the cells of one option and state lie together, and those
/// of one option in all states do too. A state moves the whole forward, a column only what is left to be
/// fixed of it: in the last `settlementWindow` seconds a settlement price that is an average over the window
/// is known in part, and a shock can reach the rest alone.
package struct OptionTable: Sendable {
  package let columns: [ScenarioColumn]
  package let states: [MarketState]
  /// Seconds before expiry over which the settlement price is averaged; 0 where it is not.
  package let settlementWindow: Double
  /// First cell of each instrument; nil where it is no priced option.
  package let start: [Int?]
  package private(set) var cells: [Double]

  /// Options priced together: enough to repay a task, few enough to share out.
  private static let block = 8

  /// Prices a table.
  ///
  /// - Complexity: options × states × columns prices, spread over the team; the cells do not depend on it.
  package init(
    of context: MarginContext, columns: [ScenarioColumn], states: [MarketState],
    settlementWindow: Double, team: ThreadTeam
  ) {
    self.columns = columns
    self.states = states
    self.settlementWindow = settlementWindow
    let width = columns.count * states.count
    var start = [Int?](repeating: nil, count: context.instruments.count)
    var options: [ResolvedInstrument] = []
    for (place, instrument) in context.instruments.enumerated() {
      guard let instrument, instrument.kind == .option else { continue }
      start[place] = options.count * width
      options.append(instrument)
    }
    self.start = start
    cells = []
    let priced = options
    let blocks = team.map(count: (priced.count + Self.block - 1) / Self.block) { block in
      var pricer = ColumnPricer(columns: columns, states: states, settlementWindow: settlementWindow)
      let first = block * Self.block
      return pricer.cells(of: priced[first..<min(first + Self.block, priced.count)])
    }
    cells.reserveCapacity(options.count * width)
    for block in blocks { cells += block }
  }
}

/// Prices options under states × columns, keeping its scratch columns from one option to the next.
struct ColumnPricer {
  private let columns: [ScenarioColumn]
  private let states: [MarketState]
  private let settlementWindow: Double
  private var forward: [Double]
  private var strike: [Double]
  private var deviation: [Double]
  private var sign: [Double]
  private var scale: [Double]
  private var value: [Double]

  init(columns: [ScenarioColumn], states: [MarketState], settlementWindow: Double) {
    self.columns = columns
    self.states = states
    self.settlementWindow = settlementWindow
    let empty = [Double](repeating: 0, count: columns.count * states.count)
    (forward, strike, deviation) = (empty, empty, empty)
    (sign, scale, value) = (empty, empty, empty)
  }

  /// The cells of some options, one after another, each states.count × columns.count.
  mutating func cells(of options: ArraySlice<ResolvedInstrument>) -> [Double] {
    var cells: [Double] = []
    cells.reserveCapacity(options.count * value.count)
    for option in options {
      price(option)
      cells += value
    }
    return cells
  }

  private mutating func price(_ option: ResolvedInstrument) {
    let seconds = Double(option.secondsToExpiry)
    let inner = columns.map { $0.volatility.atExpiry(seconds: seconds) }
    let root = option.timeToExpiry.squareRoot()
    // Forward and strike are positive by the reader's rules; the floor keeps the function total.
    let moneyness = Elementary.log(
      max(option.strike, .leastNormalMagnitude) / max(option.forward, .leastNormalMagnitude))
    let open = settlementWindow > 0 ? min(1, seconds / settlementWindow) : 1
    var cell = 0
    for state in states {
      let volatility = state.volatility.atExpiry(seconds: seconds)
        .applied(to: option.volatility, logMoneyness: moneyness)
      let movedForward = option.forward * state.spotMultiplier
      let movedMoneyness = moneyness - Elementary.log(state.spotMultiplier)
      for (column, shock) in zip(columns, inner) {
        forward[cell] = movedForward * open * column.spotMultiplier + movedForward * (1 - open)
        deviation[cell] = shock.applied(to: volatility, logMoneyness: movedMoneyness) * root
        cell += 1
      }
    }
    for cell in strike.indices {
      strike[cell] = option.strike
      sign[cell] = option.isCall ? 1 : -1
      scale[cell] = option.scale
    }
    // Out of self and back: the kernel writes one column while it reads the others.
    var priced = value
    var cells = priced.mutableSpan
    BlackKernels.values(
      forward: forward.span, strike: strike.span, standardDeviation: deviation.span, sign: sign.span,
      scale: scale.span, into: &cells)
    value = priced
  }
}

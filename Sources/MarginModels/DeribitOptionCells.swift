import MarketModel
import PortfolioValuation
import RiskNumerics

/// The cells of the risk matrix of every option: its value in every state × column, and its delta in every state.
///
/// A coin-settled option's cells are coin values at the spot of the *state*, so that the difference of two
/// cells is a profit in coin, q(1 − 1/(1+s)) for an option of delta one. The columns differ from one
/// underlying to the next; their number does not.
struct DeribitOptionCells: Sendable {
  /// Columns and the unmoved value before them.
  let width: Int
  /// First cell of each instrument; nil where it is no priced option.
  let start: [Int?]
  /// Row-major by option, then state, then column.
  let cells: [Double]
  /// Base value of the net delta of one contract: option, state.
  let deltas: [Double]
  /// One entry an asset.
  private let shocks: [ColumnShocks]
  private let window: Double

  /// Prices the options of a context under the matrices of their underlyings.
  init(
    of context: MarginContext, isSupported: [Bool], matrices: [DeribitRiskMatrix], states: [MarketState],
    settlementWindow: Double, team: ThreadTeam
  ) {
    let shocks = matrices.map { matrix in
      ColumnShocks(
        [.unmoved]
          + zip(matrix.moves, matrix.volatilities).map {
            ScenarioColumn(spotMultiplier: 1 + $0, volatility: $1)
          })
    }
    self.shocks = shocks
    window = settlementWindow
    let width = 1 + (matrices.first?.moves.count ?? 0)
    self.width = width
    var start = [Int?](repeating: nil, count: context.instruments.count)
    var options: [ResolvedInstrument] = []
    for (place, instrument) in context.instruments.enumerated() where isSupported[place] {
      guard let instrument, instrument.kind == .option else { continue }
      start[place] = options.count * width * states.count
      options.append(instrument)
    }
    self.start = start
    let priced = options
    let blocks = team.map(count: (priced.count + Self.block - 1) / Self.block) { block in
      let first = block * Self.block
      return Self.price(
        priced[first..<min(first + Self.block, priced.count)], shocks: shocks, states: states,
        window: settlementWindow)
    }
    cells = blocks.flatMap(\.cells)
    deltas = blocks.flatMap(\.deltas)
  }

  /// Options priced together.
  private static let block = 8

  /// The cells and deltas of some options in one state outside the list.
  func cells(of options: [ResolvedInstrument], in state: MarketState) -> (cells: [Double], deltas: [Double]) {
    Self.price(options[...], shocks: shocks, states: [state], window: window)
  }

  private static func price(
    _ options: ArraySlice<ResolvedInstrument>, shocks: [ColumnShocks], states: [MarketState], window: Double
  ) -> (cells: [Double], deltas: [Double]) {
    var cells: [Double] = []
    var deltas: [Double] = []
    var first = options.startIndex
    while first < options.endIndex {
      let underlying = options[first].underlying
      let last = options[first...].firstIndex { $0.underlying != underlying } ?? options.endIndex
      let columns = shocks[underlying]
      var pricer = ColumnPricer(shocks: columns, states: states, settlementWindow: window)
      var part = pricer.cells(of: options[first..<last])
      let width = columns.spotMultipliers.count * states.count
      for (place, option) in options[first..<last].enumerated() {
        let open = option.openPart(window: window)
        if option.isInverse { toCoin(&part, from: place * width, open: open, columns, states.count) }
        for (state, market) in states.enumerated() {
          let value = part[place * width + state * columns.spotMultipliers.count]
          deltas.append(open * (forwardDelta(of: option, in: market) - (option.isInverse ? value : 0)))
        }
      }
      cells += part
      first = last
    }
    return (cells, deltas)
  }

  /// Divides each cell of a coin-settled option by the move of its settlement price.
  private static func toCoin(
    _ cells: inout [Double], from start: Int, open: Double, _ columns: ColumnShocks, _ stateCount: Int
  ) {
    let multipliers = columns.spotMultipliers
    for state in 0..<stateCount {
      for (column, multiplier) in multipliers.enumerated() {
        cells[start + state * multipliers.count + column] /= open * multiplier + (1 - open)
      }
    }
  }

  /// Base value of the delta of one option: scale × F × N(d₁), less scale × F for a put.
  private static func forwardDelta(of option: ResolvedInstrument, in state: MarketState) -> Double {
    let forward = max(option.forward * state.spotMultiplier, .leastNormalMagnitude)
    let strike = max(option.strike, .leastNormalMagnitude)
    let moneyness = Elementary.log(strike / max(option.forward, .leastNormalMagnitude))
    let volatility = state.volatility.shocked(
      volatility: option.volatility, seconds: Double(option.secondsToExpiry), logMoneyness: moneyness)
    let deviation = volatility * option.timeToExpiry.squareRoot()
    let call: Double
    if deviation > 0 {
      let d1 = Elementary.log(forward / strike) / deviation + deviation / 2
      call = Elementary.normalDistribution(d1)
    } else {
      call = forward > strike ? 1 : 0
    }
    return option.scale * forward * (option.isCall ? call : call - 1)
  }
}

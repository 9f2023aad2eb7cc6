import MarketModel
import OptionPricing
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
  /// The volatility shocks of the columns, each kept once.
  let shocks: ColumnShocks
  package let states: [MarketState]
  /// Seconds before expiry over which the settlement price is averaged; 0 where it is not.
  package let settlementWindow: Double
  /// Whether cells are worth their present value; else they are forward values.
  let discounts: Bool
  /// First cell of each instrument; nil where it is no priced option.
  package let start: [Int?]
  package private(set) var cells: [Double]

  /// Options priced together: enough to repay a task, few enough to share out.
  private static let block = 8

  /// Prices a table.
  ///
  /// - Parameters:
  ///   - includesListed: whether listed options are priced too; models of crypto venues do without.
  ///   - underlying: prices the options on this asset alone; nil for all.
  ///   - discounts: whether cells are worth their present value; else they are forward values.
  /// - Complexity: options × states × columns prices, spread over the team; the cells do not depend on it.
  package init(
    of context: MarginContext, columns: [ScenarioColumn], states: [MarketState],
    settlementWindow: Double, includesListed: Bool = false, underlying: Int? = nil,
    discounts: Bool = true, team: ThreadTeam
  ) {
    self.columns = columns
    let shocks = ColumnShocks(columns)
    self.shocks = shocks
    self.states = states
    self.settlementWindow = settlementWindow
    self.discounts = discounts
    let width = columns.count * states.count
    var start = [Int?](repeating: nil, count: context.instruments.count)
    var options: [ResolvedInstrument] = []
    for (place, instrument) in context.instruments.enumerated() {
      guard let instrument, instrument.kind == .option else { continue }
      guard includesListed || !context.isListed[place] else { continue }
      if let underlying, instrument.underlying != underlying { continue }
      start[place] = options.count * width
      options.append(instrument)
    }
    self.start = start
    cells = []
    let priced = options
    let blocks = team.map(count: (priced.count + Self.block - 1) / Self.block) { block in
      var pricer = ColumnPricer(
        shocks: shocks, states: states, settlementWindow: settlementWindow, premiums: context.premiums,
        discounts: discounts)
      let first = block * Self.block
      return pricer.cells(of: priced[first..<min(first + Self.block, priced.count)])
    }
    cells.reserveCapacity(options.count * width)
    for block in blocks { cells += block }
  }

  /// The table of a model that margins no options: states without prices.
  package init(withoutOptionsOf context: MarginContext, states: [MarketState]) {
    columns = [.unmoved]
    shocks = ColumnShocks(columns)
    self.states = states
    settlementWindow = 0
    discounts = true
    start = [Int?](repeating: nil, count: context.instruments.count)
    cells = []
  }
}

/// The columns of a table with each distinct shock of volatility once: a shock at an expiry costs a power, and
/// dozens of columns share a handful of shocks.
struct ColumnShocks: Sendable {
  let spotMultipliers: [Double]
  let distinct: [VolatilityShock]
  /// Place in `distinct`, one entry a column.
  let place: [Int]

  init(_ columns: [ScenarioColumn]) {
    var distinct: [VolatilityShock] = []
    place = columns.map { column in
      if let known = distinct.firstIndex(of: column.volatility) { return known }
      distinct.append(column.volatility)
      return distinct.count - 1
    }
    self.distinct = distinct
    spotMultipliers = columns.map(\.spotMultiplier)
  }
}

/// Prices options under states × columns, keeping its scratch columns from one batch to the next.
struct ColumnPricer {
  private let shocks: ColumnShocks
  private let states: [MarketState]
  private let settlementWindow: Double
  /// Today's exercise premiums, by instrument; empty where no option is American.
  private let premiums: [ExercisePremium?]
  private let discounts: Bool
  /// Cells of one option.
  private let width: Int
  private var forward: [Double] = []
  private var strike: [Double] = []
  private var deviation: [Double] = []
  private var sign: [Double] = []
  private var scale: [Double] = []
  /// The shocks at the expiry of the option priced last.
  private var seconds = -1.0
  private var inner: [VolatilityShockAtExpiry] = []
  private var outer: [VolatilityShockAtExpiry] = []

  /// Cells that one call of the kernel prices where options are small: enough to repay it.
  private static let batch = 1_024

  init(
    shocks: ColumnShocks, states: [MarketState], settlementWindow: Double, premiums: [ExercisePremium?] = [],
    discounts: Bool = true
  ) {
    self.premiums = premiums
    self.discounts = discounts
    self.shocks = shocks
    self.states = states
    self.settlementWindow = settlementWindow
    width = shocks.place.count * states.count
  }

  /// The cells of some options, one after another, each states.count × columns.count.
  mutating func cells(of options: ArraySlice<ResolvedInstrument>) -> [Double] {
    var cells: [Double] = []
    cells.reserveCapacity(options.count * width)
    var values: [Double] = []
    let together = max(1, Self.batch / max(width, 1))
    var first = options.startIndex
    while first < options.endIndex {
      let last = min(first + together, options.endIndex)
      let count = (last - first) * width
      if forward.count != count { resize(count) }
      if values.count != count { values = forward }
      for (place, option) in options[first..<last].enumerated() { lay(option, from: place * width) }
      var part = values.mutableSpan
      BlackKernels.values(
        forward: forward.span, strike: strike.span, standardDeviation: deviation.span, sign: sign.span,
        scale: scale.span, into: &part)
      let base = cells.count
      cells += values
      for (place, option) in options[first..<last].enumerated() where option.isAmerican {
        addExercise(of: option, scratch: place * width, from: base + place * width, to: &cells)
      }
      first = last
    }
    return cells
  }

  /// Adds to the European cells of one option what early exercise is worth.
  ///
  /// A volatility that no scenario moves is today's, whose premium is known; another one costs a tabulation.
  private func addExercise(
    of option: ResolvedInstrument, scratch: Int, from start: Int, to cells: inout [Double]
  ) {
    let root = option.timeToExpiry.squareRoot()
    var known: [(deviation: Double, premium: ExercisePremium?)] = []
    if !premiums.isEmpty { known.append((option.volatility * root, premiums[option.instrument])) }
    var cell = start
    for state in states {
      for multiplier in shocks.spotMultipliers {
        let spread = deviation[scratch + cell - start]
        if !known.contains(where: { $0.deviation == spread }), root > 0 {
          known.append(
            (spread, option.exercisePremium(volatility: spread / root, years: option.timeToExpiry)))
        }
        let premium = known.first { $0.deviation == spread }?.premium
        cells[cell] = option.american(
          cells[cell], premium: premium, multiplier: state.spotMultiplier * multiplier)
        cell += 1
      }
    }
  }

  private mutating func resize(_ count: Int) {
    let empty = [Double](repeating: 0, count: count)
    (forward, strike, deviation, sign, scale) = (empty, empty, empty, empty, empty)
  }

  /// Puts the arguments of one option's cells into the columns.
  private mutating func lay(_ option: ResolvedInstrument, from start: Int) {
    let seconds = Double(option.secondsToExpiry)
    if seconds != self.seconds {
      self.seconds = seconds
      inner = shocks.distinct.map { $0.atExpiry(seconds: seconds) }
      outer = states.map { $0.volatility.atExpiry(seconds: seconds) }
    }
    let root = option.timeToExpiry.squareRoot()
    // Forward and strike are positive by the reader's rules; the floor keeps the function total.
    let moneyness = Elementary.log(
      max(option.strike, .leastNormalMagnitude) / max(option.forward, .leastNormalMagnitude))
    let open = option.openPart(window: settlementWindow)
    var cell = start
    for (place, state) in states.enumerated() {
      let volatility = outer[place].applied(to: option.volatility, logMoneyness: moneyness)
      let movedForward = option.forward * state.spotMultiplier
      let movedMoneyness = moneyness - Elementary.log(state.spotMultiplier)
      for (multiplier, shock) in zip(shocks.spotMultipliers, shocks.place) {
        forward[cell] = movedForward * open * multiplier + movedForward * (1 - open)
        deviation[cell] = inner[shock].applied(to: volatility, logMoneyness: movedMoneyness) * root
        cell += 1
      }
    }
    for cell in start..<start + width {
      strike[cell] = option.strike
      sign[cell] = option.isCall ? 1 : -1
      scale[cell] = discounts ? option.scale : option.scale / option.discount
    }
  }
}

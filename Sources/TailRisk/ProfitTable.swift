import MarketModel
import OptionPricing
import PortfolioValuation
import RiskNumerics

/// Which rows the instrument × path table has, and how each is priced.
///
/// The first rows are e^x − 1 of the moving assets: coins, futures and perpetuals are multiples of them, which
/// makes a hedged linear book exactly riskless. Behind them stand the options and what expires inside the
/// horizon: the change of base value of one unit from today. What follows factors beside its spot has a row more
/// for each class of them (`RiskClass`), and the last of its rows is the full revaluation.
struct ProfitTable: Sendable {
  /// How an instrument's row is priced.
  enum Pricing: Sendable {
    /// An option that is alive at the horizon: aged by it, its volatility kept (sticky strike) but for its moves.
    case alive(deviation: Double, scale: Double)
    /// An option paid at the end of a step on the path's spot.
    case expiredOption(step: Int)
    /// A linear future settled at the end of a step on the path's spot.
    case settledLinear(step: Int)
    /// The part −Q·(S_h/S_T − S/mark) of an inverse future that was settled in coin.
    case settledInverse(step: Int)
    /// The unit times S'/S·F'/F − 1 of a linear future or perpetual whose forward moves beside the spot.
    case forward
    /// The part −Q·(S/mark)·(F/F' − 1) of an inverse one.
    case inverseForward
  }

  struct Row: Sendable {
    let instrument: ResolvedInstrument
    let factor: Int
    let pricing: Pricing
    /// What early exercise adds at the horizon; nil where nothing does.
    let premium: ExercisePremium?
    /// Of the factors beside the spot.
    let moves: RowMoves
    /// Where the volatility follows the forward; nil where the strike keeps it.
    let smile: MovingSmile?
  }

  /// A European option that is alive at the horizon and follows its spot alone: the numbers that its pricing reads,
  /// for a table of a hundred million of them.
  struct PlainOption: Sendable {
    let factor: Int
    let forward: Double
    let strike: Double
    let deviation: Double
    let sign: Double
    let scale: Double
    let unit: Double

    /// nil where a row is anything else.
    init?(_ row: Row) {
      guard case .alive(let deviation, let scale) = row.pricing, row.moves.isEmpty, row.smile == nil,
        !row.instrument.isAmerican
      else { return nil }
      factor = row.factor
      forward = row.instrument.forward
      strike = row.instrument.strike
      self.deviation = deviation
      sign = row.instrument.isCall ? 1 : -1
      self.scale = scale
      unit = row.instrument.unit
    }
  }

  /// The rows that lead to a full revaluation.
  struct Chain: Sendable {
    /// The row under spots alone; nil where it is zero.
    let spot: Int?
    /// What that row is multiplied by: the unit where it is an asset's, else 1.
    let spotWeight: Double
    /// Rows behind it, each with the moves of one class more; the last is the full revaluation.
    let steps: [(kind: RiskClass, row: Int)]
  }

  /// A row under spots alone near today's spot: `start` + `slope`·(e^x − 1) + what is of higher order.
  struct Anchor: Sendable {
    let factor: Int
    let start: Double
    let slope: Double
  }

  let risk: RiskFactors
  let grid: TimeGrid
  let rows: [Row]
  /// One entry a row; nil where it is more than a plain option.
  let plain: [PlainOption?]
  /// Row of the full revaluation of each instrument of the book; nil where it has none.
  let rowOfInstrument: [Int?]
  /// Of every row that is a full revaluation.
  private(set) var chains: [Chain?] = []
  /// Of every row that is priced under spots alone.
  private(set) var anchors: [Anchor?] = []
  /// Whether ln(S'/S) of the moving assets has rows as well, behind all others.
  var keepsLogs = false
  /// Rows of assets and instruments, and of logarithms where they are kept.
  var rowCount: Int { logStart + (keepsLogs ? risk.assets.count : 0) }
  /// Where the rows of logarithms begin.
  var logStart: Int { risk.assets.count + rows.count }

  /// The rows of the instruments that an account or the netted book holds, and of those traded beside them.
  init(
    _ book: ValuedBook, net: NettedBook, risk: RiskFactors, grid: TimeGrid,
    smile: ValueAtRiskPlan.Smile = .stickyStrike, traded: [Int] = [], team: ThreadTeam
  ) {
    self.risk = risk
    self.grid = grid
    let held = Self.held(book, net, traded)
    let horizon = grid.horizonSeconds
    let premiums = ExercisePremiums.table(of: book.resolved, team: team) { option in
      guard held[option.instrument] else { return nil }
      return option.exercisePremium(
        volatility: option.volatility, years: (Double(option.secondsToExpiry) - horizon) / 31_536_000)
    }
    let smiles = smile == .stickyDelta ? MovingSmile.all(book, held: held) : []
    let spots = risk.assets.count
    var rows: [Row] = []
    var places = [Int?](repeating: nil, count: book.resolved.count)
    var chains = (0..<spots).map { Chain?.some(Chain(spot: $0, spotWeight: 1, steps: [])) }
    for case let instrument? in book.resolved where held[instrument.instrument] {
      guard let factor = risk.place[instrument.underlying] else { continue }
      let premium = premiums.isEmpty ? nil : premiums[instrument.instrument]
      func add(_ pricing: Pricing, _ moves: RowMoves = RowMoves()) -> Int {
        rows.append(
          Row(
            instrument: instrument, factor: factor, pricing: pricing, premium: premium, moves: moves,
            smile: smiles.isEmpty ? nil : smiles[instrument.instrument]))
        chains.append(nil)
        return spots + rows.count - 1
      }
      let place = instrument.instrument
      let steps = Self.steps(instrument, book.book, risk, grid)
      var spot: Int?
      var weight = 1.0
      let pricing: Pricing
      if let own = Self.pricing(instrument, grid) {
        pricing = own
        spot = add(own)
      } else if steps.isEmpty {
        continue
      } else {
        pricing = instrument.isInverse ? .inverseForward : .forward
        (spot, weight) = instrument.isInverse ? (nil, 1) : (factor, instrument.unit)
      }
      let chain = steps.map { (kind: $0.0, row: add(pricing, $0.1)) }
      guard let full = chain.last?.row ?? spot else { continue }
      places[place] = full
      chains[full] = Chain(spot: spot, spotWeight: weight, steps: chain)
    }
    self.rows = rows
    plain = rows.map(PlainOption.init)
    rowOfInstrument = places
    self.chains = chains
    anchors = anchored()
  }

  private static func held(_ book: ValuedBook, _ net: NettedBook, _ traded: [Int]) -> [Bool] {
    var isHeld = [Bool](repeating: false, count: book.resolved.count)
    for holding in book.holdings { isHeld[holding.instrument] = true }
    for place in traded where isHeld.indices.contains(place) { isHeld[place] = true }
    for place in isHeld.indices where net.effectiveQuantity[place].value != 0 { isHeld[place] = true }
    return isHeld
  }

  /// What an instrument follows beside its spot; nothing where it ends inside the horizon.
  private static func steps(
    _ instrument: ResolvedInstrument, _ book: Book, _ risk: RiskFactors, _ grid: TimeGrid
  ) -> [(RiskClass, RowMoves)] {
    guard instrument.kind == .perpetual || grid.step(ofExpiry: instrument.secondsToExpiry) == nil else {
      return []
    }
    let left = (Double(instrument.secondsToExpiry) - grid.horizonSeconds) / 31_536_000
    return RowMoves.steps(
      instrument, named: book.instruments[instrument.instrument], in: book.market, risk: risk, years: left)
  }

  /// nil where the instrument is a multiple of its asset's row, as long as spots alone move.
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
}

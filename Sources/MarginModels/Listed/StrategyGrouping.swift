import RiskNumerics

/// Which legs of a class group form strategies, so that the requirement is least.
///
/// Every quantity is divisible, which makes the choice a linear programme over the units given to each strategy:
///
/// * a **pool** an expiry and underlying: shorts of that expiry and longs that expire no earlier; it costs its largest loss at
///   expiry over the prices 0 and all strikes, and its longs must cover its short calls beyond the last strike. That is
///   the general form of verticals, flies, condors, boxes and calendars, and as the largest loss of a
///   union is never more than the sum of the parts', one pool is as good as any number of spreads;
/// * **straddles**: a short call with a short put, the greater requirement alone;
/// * **stock** with a short call or a long put, with both (collar, conversion), and the same for stock sold short.
///
/// What is in no strategy pays for itself, so a grouping never costs more than the legs do alone. Up to a stated
/// size the programme is solved as it stands; beyond it expiry by expiry, the stock going to the first that can use
/// it, each with the longs of its own expiry: a grouping that is allowed, if not the best.
struct StrategyGrouping: Sendable {
  /// One use of units; the programme decides how many.
  enum Use: Hashable, Sendable {
    /// Largest loss of a pool, in units of the strike scale.
    case loss
    case poolShort(Int)
    case poolLong(Int)
    case straddle(call: Int, put: Int)
    /// Stock beside a short call (stock sold short: a short put).
    case covered(stock: Int, short: Int)
    /// Stock beside a long put (sold short: a long call).
    case protective(stock: Int, long: Int)
    /// Stock beside both.
    case collar(stock: Int, long: Int, short: Int)
  }

  let holdings: StrategyHoldings
  let parameters: StrategyParameters
  private(set) var uses: [Use] = []
  private var program: CoveringProgram
  /// Largest number of units and largest strike: the programme is solved in these.
  private let unitScale: Double
  private let strikeScale: Double

  /// Lays the programme out over some of the options and stocks of a group.
  init(
    _ holdings: StrategyHoldings, shorts: [Int], longs: [Int], stockUnits: [Double],
    parameters: StrategyParameters, isNarrow: Bool = false
  ) {
    self.holdings = holdings
    self.parameters = parameters
    var layout = StrategyLayout(
      holdings, shorts: shorts, longs: longs, stockUnits: stockUnits, isNarrow: isNarrow)
    layout.addPools()
    layout.addStraddles()
    layout.addStockUses()
    uses = layout.uses
    unitScale = layout.unitScale
    strikeScale = layout.strikeScale
    program = layout.program()
  }

  /// What the best grouping takes off the requirements of the legs alone, ≤ 0, by family; and the uses behind it.
  mutating func relief(_ prices: StrategyPrices, isInitial: Bool) -> StrategyRelief {
    guard !uses.isEmpty else { return StrategyRelief() }
    let charges = StrategyCharges(
      holdings: holdings, prices: prices, parameters: parameters, isInitial: isInitial)
    let costs = uses.map { charges.cost(of: $0, strikeScale: strikeScale) }
    let (_, point) = program.minimise(costs)
    var relief = StrategyRelief()
    for (place, use) in uses.enumerated() where point[place] != 0 {
      relief.add(costs[place] * point[place] * unitScale, of: use)
    }
    return relief
  }

  /// Shares of each stock that the last grouping used.
  mutating func stockUse(_ prices: StrategyPrices, isInitial: Bool) -> [Double] {
    let charges = StrategyCharges(
      holdings: holdings, prices: prices, parameters: parameters, isInitial: isInitial)
    let (_, point) = program.minimise(uses.map { charges.cost(of: $0, strikeScale: strikeScale) })
    var used = [Double](repeating: 0, count: holdings.stocks.count)
    for (place, use) in uses.enumerated() where point[place] != 0 {
      guard let (stock, option) = holdings.stockAndOption(of: use) else { continue }
      used[stock] += point[place] * unitScale / holdings.cover(of: holdings.stocks[stock], for: option)
    }
    return used
  }
}

/// What grouping takes off, by kind of strategy; ≤ 0, base currency.
struct StrategyRelief: Hashable, Sendable {
  var spreads = 0.0
  var straddles = 0.0
  var stock = 0.0

  var sum: Double { spreads + straddles + stock }

  mutating func add(_ amount: Double, of use: StrategyGrouping.Use) {
    switch use {
    case .loss, .poolShort, .poolLong: spreads += amount
    case .straddle: straddles += amount
    case .covered, .protective, .collar: stock += amount
    }
  }

  static func += (sum: inout Self, term: Self) {
    sum.spreads += term.spreads
    sum.straddles += term.straddles
    sum.stock += term.stock
  }
}

extension StrategyHoldings {
  /// The stock of a use and the option that says how much of it a unit takes; nil for uses without stock.
  func stockAndOption(of use: StrategyGrouping.Use) -> (stock: Int, option: StrategyOption)? {
    switch use {
    case .loss, .poolShort, .poolLong, .straddle: nil
    case .covered(let stock, let short): (stock, shorts[short])
    case .protective(let stock, let long): (stock, longs[long])
    case .collar(let stock, let long, _): (stock, longs[long])
    }
  }
}

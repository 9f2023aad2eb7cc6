public import MarginModels
public import MarketModel
public import PortfolioValuation

/// One market of a replay.
public struct ReplayStep: Hashable, Sendable {
  /// What the market is called: of the file it was read from.
  public var name: String
  public var asOf: Instant
  /// Assets that are no cash, in byte order, with their spots; nil where this market has none.
  public var spots: [(asset: Identifier, spot: Double?)]

  public static func == (left: ReplayStep, right: ReplayStep) -> Bool {
    left.name == right.name && left.asOf == right.asOf && left.spots.elementsEqual(right.spots, by: ==)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(asOf)
  }

  /// A market from its parts.
  public init(name: String, asOf: Instant, spots: [(asset: Identifier, spot: Double?)]) {
    self.name = name
    self.asOf = asOf
    self.spots = spots
  }
}

/// The profit of one step by factor, and against the exchange's own marks.
public struct ReplayProfit: Hashable, Sendable {
  public var factors: ProfitFactors
  /// Options with a mark at both ends: their profit by these marks, and by the model.
  public var byMarks: Double
  public var ofMarked: Double
  /// Positions in options with a mark at both ends, and without.
  public var markedCount: Int
  public var unmarkedCount: Int
  /// What the marks say beyond the model.
  public var residual: Double { byMarks - ofMarked }

  /// No profit.
  public init() {
    factors = ProfitFactors()
    byMarks = 0
    ofMarked = 0
    markedCount = 0
    unmarkedCount = 0
  }

  /// Adds the profit of another account.
  public static func += (sum: inout ReplayProfit, term: ReplayProfit) {
    sum.factors += term.factors
    sum.byMarks += term.byMarks
    sum.ofMarked += term.ofMarked
    sum.markedCount += term.markedCount
    sum.unmarkedCount += term.unmarkedCount
  }
}

/// One account on one market of a replay.
public struct ReplayAccountStep: Hashable, Sendable {
  public var equity: Double
  /// Since the market before; nil on the first.
  public var profit: ReplayProfit?
  public var modes: ByMode<Standing>
  /// The surpluses that the surface of the first day gives for this market; nil on the first.
  public var predicted: ByMode<PredictedStanding>?
  /// Surpluses of the position that stands worst alone: what isolated mode is judged by; nil without positions.
  public var worstAlone: PredictedStanding?
  /// Exposure over initial requirement; nil where nothing is required.
  public var leverage: ByMode<Double?>

  /// A step from its figures.
  public init(
    equity: Double, profit: ReplayProfit?, modes: ByMode<Standing>, predicted: ByMode<PredictedStanding>?,
    worstAlone: PredictedStanding?, leverage: ByMode<Double?>
  ) {
    self.equity = equity
    self.profit = profit
    self.modes = modes
    self.predicted = predicted
    self.worstAlone = worstAlone
    self.leverage = leverage
  }

  /// Equity less initial and less maintenance requirement in a mode, of the worst position in isolated mode.
  public func surplus(_ mode: MarginMode) -> PredictedStanding {
    if mode == .isolated { return worstAlone ?? PredictedStanding(initial: 0, maintenance: 0) }
    return PredictedStanding(initial: modes[mode].surplusInitial, maintenance: modes[mode].surplus)
  }
}

/// What became of an account in one mode.
public struct ReplayFate: Hashable, Sendable {
  /// First step with equity below the initial requirement.
  public var called: Int?
  /// First step with equity below the maintenance requirement.
  public var liquidated: Int?
  /// What the owner must have had on the first day, in cash and positions, to come through every step: the greatest
  /// of K over the steps, base currency.
  public var capital: Double
  /// The step that needed it.
  public var capitalStep: Int

  /// A fate from its parts.
  public init(called: Int?, liquidated: Int?, capital: Double, capitalStep: Int) {
    self.called = called
    self.liquidated = liquidated
    self.capital = capital
    self.capitalStep = capitalStep
  }
}

/// A position that isolated mode closed.
public struct LiquidatedPosition: Hashable, Sendable {
  public var instrument: Identifier
  public var step: Int
  /// Set aside for it, at that step's spot, base currency.
  public var margin: Double
  /// What closing it at that step's mark takes from the margin; never more than the margin.
  public var lost: Double
  /// What closing it would take beyond the margin: the venue's loss, not the account's.
  public var beyond: Double

  /// A position from its numbers.
  public init(instrument: Identifier, step: Int, margin: Double, lost: Double, beyond: Double) {
    self.instrument = instrument
    self.step = step
    self.margin = margin
    self.lost = lost
    self.beyond = beyond
  }
}

/// One account through a replay.
public struct ReplayAccount: Hashable, Sendable {
  public var id: Identifier
  public var isIncomplete: Bool
  /// Positions that one of the three models cannot margin, in byte order.
  public var unsupported: [Identifier]
  /// One entry a step.
  public var steps: [ReplayAccountStep]
  public var fates: ByMode<ReplayFate>
  /// By step, then instrument.
  public var liquidated: [LiquidatedPosition]
  /// Equity on the last market in isolated mode: positions that were closed have taken their margin and no more.
  public var kept: Double
  /// The surface of the first day for the last market, where it was asked for.
  public var surface: ByMode<[Double]>?

  /// An account from its parts.
  public init(
    id: Identifier, isIncomplete: Bool, unsupported: [Identifier], steps: [ReplayAccountStep],
    fates: ByMode<ReplayFate>, liquidated: [LiquidatedPosition], kept: Double,
    surface: ByMode<[Double]>? = nil
  ) {
    self.id = id
    self.isIncomplete = isIncomplete
    self.unsupported = unsupported
    self.steps = steps
    self.fates = fates
    self.liquidated = liquidated
    self.kept = kept
    self.surface = surface
  }
}

/// The requirement of accounts and book over a history, and its panels.
public struct ReplayHistory: Hashable, Sendable {
  /// One date of the history.
  public struct Day: Hashable, Sendable {
    public var date: Instant
    public var equity: Double
    /// Initial requirement of the book: the sum over accounts.
    public var requirement: ByMode<Double>
    /// Exposure over requirement; nil where nothing is required.
    public var leverage: ByMode<Double?>

    /// A day from its figures.
    public init(
      date: Instant, equity: Double, requirement: ByMode<Double>, leverage: ByMode<Double?>
    ) {
      self.date = date
      self.equity = equity
      self.requirement = requirement
      self.leverage = leverage
    }
  }

  /// One account's panels.
  public struct Account: Hashable, Sendable {
    public var id: Identifier
    public var panels: ByMode<ProcyclicalityPanel>

    /// An account from its panels.
    public init(id: Identifier, panels: ByMode<ProcyclicalityPanel>) {
      self.id = id
      self.panels = panels
    }
  }

  /// Whether volatilities were held or scaled by realised volatility: `held` or `realised`.
  public var volatility: String
  public var days: [Day]
  public var book: ByMode<ProcyclicalityPanel>
  public var accounts: [Account]

  /// A history from its parts.
  public init(
    volatility: String, days: [Day], book: ByMode<ProcyclicalityPanel>, accounts: [Account]
  ) {
    self.volatility = volatility
    self.days = days
    self.book = book
    self.accounts = accounts
  }
}

/// A whole replay.
public struct ReplayResult: Sendable {
  public var engineVersion: String
  public var baseCurrency: Identifier
  public var models: ComparisonPlan
  public var inputDigests: [InputDigest]
  public var assumptions: [String]
  public var steps: [ReplayStep]
  public var accounts: [ReplayAccount]
  public var grid: SurfaceGrid?
  public var history: ReplayHistory?
  public var failures: [Failure]

  /// A replay from its parts.
  public init(
    engineVersion: String, baseCurrency: Identifier, models: ComparisonPlan, inputDigests: [InputDigest],
    assumptions: [String], steps: [ReplayStep], accounts: [ReplayAccount], grid: SurfaceGrid?,
    history: ReplayHistory?, failures: [Failure]
  ) {
    self.engineVersion = engineVersion
    self.baseCurrency = baseCurrency
    self.models = models
    self.inputDigests = inputDigests
    self.assumptions = assumptions
    self.steps = steps
    self.accounts = accounts
    self.grid = grid
    self.history = history
    self.failures = failures
  }
}

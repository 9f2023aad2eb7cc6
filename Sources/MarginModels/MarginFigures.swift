public import MarketModel

/// One named part of a requirement; requirements and penalties positive, credits negative.
public struct MarginComponent: Hashable, Sendable {
  public var name: String
  /// Part of the initial requirement, base currency.
  public var initial: Double
  /// Part of the maintenance requirement, base currency.
  public var maintenance: Double

  /// A part from its numbers.
  public init(name: String, initial: Double, maintenance: Double) {
    self.name = name
    self.initial = initial
    self.maintenance = maintenance
  }
}

/// What one position needs alone, under the model.
public struct PositionMargin: Hashable, Sendable {
  public var instrument: Identifier
  /// Summed over the lots, in the contract unit.
  public var quantity: Double
  /// Requirement of the position alone, base currency, ≥ 0 where the model promises it.
  public var initial: Double
  public var maintenance: Double
  /// Margin set aside for it in isolated mode (base currency); nil in the other modes.
  public var margin: Double?

  /// A position's requirement from its numbers.
  public init(
    instrument: Identifier, quantity: Double, initial: Double, maintenance: Double, margin: Double?
  ) {
    self.instrument = instrument
    self.quantity = quantity
    self.initial = initial
    self.maintenance = maintenance
    self.margin = margin
  }
}

/// The requirement of an account under one model in one mode: requirement = counted equity − net margin.
public struct MarginFigure: Hashable, Sendable {
  public var model: String
  public var mode: MarginMode
  /// What the model counts as equity.
  public var equity: Double
  public var initial: Double
  public var maintenance: Double
  /// equity − maintenance.
  public var surplus: Double { equity - maintenance }
  /// equity − initial.
  public var surplusInitial: Double { equity - initial }
  /// In a fixed order; they sum to the requirements.
  public var components: [MarginComponent]
  public var perPosition: [PositionMargin]
  /// The scenario that decided, where the model has scenarios; ties joined by ` = `.
  public var worstScenario: String?
  /// Positions that the model cannot margin: listed, never dropped.
  public var unsupported: [Identifier]

  /// A figure from its numbers.
  public init(
    model: String, mode: MarginMode, equity: Double, initial: Double, maintenance: Double,
    components: [MarginComponent], perPosition: [PositionMargin], worstScenario: String?,
    unsupported: [Identifier]
  ) {
    self.model = model
    self.mode = mode
    self.equity = equity
    self.initial = initial
    self.maintenance = maintenance
    self.components = components
    self.perPosition = perPosition
    self.worstScenario = worstScenario
    self.unsupported = unsupported
  }
}

/// The capital each mode needs to come through one scenario.
public struct CapitalToSurvive: Hashable, Sendable {
  public var scenarioSet: String
  public var scenario: String
  public var isolated: Double
  public var cross: Double
  public var portfolio: Double

  /// A row from its numbers.
  public init(
    scenarioSet: String, scenario: String, isolated: Double, cross: Double, portfolio: Double
  ) {
    self.scenarioSet = scenarioSet
    self.scenario = scenario
    self.isolated = isolated
    self.cross = cross
    self.portfolio = portfolio
  }
}

/// Where the saving from isolated to portfolio margin comes from; negative parts are shown as they are.
public struct MarginSaving: Hashable, Sendable {
  /// K_isolated − K_cross.
  public var pooling: Double
  /// K_cross − Σ K_portfolio({i}).
  public var model: Double
  /// Σ K_portfolio({i}) − K_portfolio(all).
  public var offset: Double

  /// A split from its parts.
  public init(pooling: Double, model: Double, offset: Double) {
    self.pooling = pooling
    self.model = model
    self.offset = offset
  }
}

/// One side of a comparison.
public struct ComparedMode: Hashable, Sendable {
  public var model: String
  public var initial: Double
  public var maintenance: Double
  /// K of the worst scenario.
  public var capital: Double
  public var surplus: Double

  /// A side from its numbers.
  public init(model: String, initial: Double, maintenance: Double, capital: Double, surplus: Double) {
    self.model = model
    self.initial = initial
    self.maintenance = maintenance
    self.capital = capital
    self.surplus = surplus
  }
}

/// One position's part of the saving.
public struct SavingShare: Hashable, Sendable {
  public var instrument: Identifier
  /// Its capital alone in isolated mode, at the worst scenario of that mode.
  public var isolated: Double
  /// Its part of the portfolio requirement's worst scenario loss (Euler: parts sum to the scan loss).
  public var worstScenarioLoss: Double

  /// A share from its numbers.
  public init(instrument: Identifier, isolated: Double, worstScenarioLoss: Double) {
    self.instrument = instrument
    self.isolated = isolated
    self.worstScenarioLoss = worstScenarioLoss
  }
}

/// Isolated, cross and portfolio margin of one account, side by side.
public struct MarginComparison: Hashable, Sendable {
  public var isolated: ComparedMode
  public var cross: ComparedMode
  public var portfolio: ComparedMode
  public var saving: MarginSaving
  public var attribution: [SavingShare]
  /// One row a scenario; the last is `worst`.
  public var capitalToSurvive: [CapitalToSurvive]
  /// Positions that one of the three models cannot margin, in byte order.
  ///
  /// They are left out of the capital of every mode, and of the requirement of modes that cannot margin them.
  public var unsupported: [Identifier] = []
  /// Where the saving comes from, down to positions; nil where only a summary was asked for.
  public var detail: AttributionDetail?

  /// A comparison from its parts.
  public init(
    isolated: ComparedMode, cross: ComparedMode, portfolio: ComparedMode, saving: MarginSaving,
    attribution: [SavingShare], capitalToSurvive: [CapitalToSurvive]
  ) {
    self.isolated = isolated
    self.cross = cross
    self.portfolio = portfolio
    self.saving = saving
    self.attribution = attribution
    self.capitalToSurvive = capitalToSurvive
  }
}

/// All margin figures of one account.
public struct AccountMargin: Hashable, Sendable {
  public var models: [MarginFigure]
  public var comparison: MarginComparison?
  /// nil where liquidation, which prices its spots, was not asked for.
  public var profile: MarginProfile?

  /// Figures of one account.
  public init(models: [MarginFigure], comparison: MarginComparison?) {
    self.models = models
    self.comparison = comparison
  }
}

/// The spots at which an account or a position would be liquidated.
public struct LiquidationPrice: Hashable, Sendable {
  public var underlying: Identifier
  /// The position, in isolated mode; nil where the whole account is at stake.
  public var position: Identifier?
  public var mode: MarginMode
  public var model: String
  /// Every spot of the underlying (others fixed) at which equity − maintenance changes sign, increasing.
  public var spotRoots: [Double]
  /// Why there is none; nil where there is one.
  public var reason: String?

  /// A price from its roots.
  public init(
    underlying: Identifier, position: Identifier?, mode: MarginMode, model: String,
    spotRoots: [Double], reason: String?
  ) {
    self.underlying = underlying
    self.position = position
    self.mode = mode
    self.model = model
    self.spotRoots = spotRoots
    self.reason = reason
  }
}

/// Liquidation prices of one account, its distance to the nearest, and its leverage.
public struct AccountLiquidation: Hashable, Sendable {
  public var prices: [LiquidationPrice]
  /// Smallest |ln(root / spot)| over `prices`; nil where there is no root.
  public var distance: Double?
  /// Gross exposure (Σ |cash delta|) over equity; nil where equity is not positive.
  public var leverage: Double?

  /// Prices of one account.
  public init(prices: [LiquidationPrice], distance: Double?, leverage: Double?) {
    self.prices = prices
    self.distance = distance
    self.leverage = leverage
  }
}

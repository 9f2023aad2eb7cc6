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
  /// In isolated mode that margin with the position's worth to the model, less its maintenance; nil in the other modes.
  ///
  /// Below zero it is closed as it stands, whatever the account has beside it.
  public var surplus: Double?
  /// Whether the book holds it isolated, by its mode or by a margin of its own.
  public var isHeldIsolated: Bool

  /// A position's requirement from its numbers.
  public init(
    instrument: Identifier, quantity: Double, initial: Double, maintenance: Double, margin: Double?,
    surplus: Double? = nil, isHeldIsolated: Bool = false
  ) {
    self.instrument = instrument
    self.quantity = quantity
    self.initial = initial
    self.maintenance = maintenance
    self.margin = margin
    self.surplus = surplus
    self.isHeldIsolated = isHeldIsolated
  }
}

/// A figure of a model's own beside its requirement: a health factor, a ratio, a price.
public struct ModelMeasure: Hashable, Sendable {
  public var name: String
  /// nil where it does not exist, as the health factor of an account without debt.
  public var value: Double?

  /// A figure under its name.
  public init(name: String, value: Double?) {
    self.name = name
    self.value = value
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
  /// Figures of the model's own beside its requirement, in a fixed order.
  public var measures: [ModelMeasure]

  /// A figure from its numbers.
  public init(
    model: String, mode: MarginMode, equity: Double, initial: Double, maintenance: Double,
    components: [MarginComponent], perPosition: [PositionMargin], worstScenario: String?,
    unsupported: [Identifier], measures: [ModelMeasure] = []
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
    self.measures = measures
  }
}

/// All margin figures of one account.
public struct AccountMargin: Hashable, Sendable {
  public var models: [MarginFigure]
  /// The primary comparison.
  public var comparison: MarginComparison?
  /// Other venues, in the order asked for.
  public var beside: [MarginComparison]
  /// Every model and mode that was compared, the cheapest first.
  public var ranking: [RankedMode]
  /// nil where liquidation, which prices its spots, was not asked for.
  public var profile: MarginProfile?
  /// nil where the run says nothing of haircuts.
  public var collateral: CollateralFigure?
  /// nil where requirements do not follow volatility.
  public var dynamic: DynamicMarginFigure?

  /// Figures of one account.
  public init(
    models: [MarginFigure], comparison: MarginComparison?, beside: [MarginComparison] = [],
    ranking: [RankedMode] = []
  ) {
    self.models = models
    self.comparison = comparison
    self.beside = beside
    self.ranking = ranking
  }
}

/// The spots at which an account or a position would be liquidated.
public struct LiquidationPrice: Hashable, Sendable {
  public var underlying: Identifier
  /// The position, in isolated mode; nil where the whole account is at stake.
  public var position: Identifier?
  public var mode: MarginMode
  public var model: String
  /// Equity less maintenance today, base currency: of the whole account, else of the position with its own margin.
  public var surplus: Double
  /// Whether the book holds the position isolated.
  public var isHeldIsolated: Bool
  /// Which of the account's positions it is, where one contract may be two: the same number under every model.
  var standing: Int?
  /// Every spot of the underlying at which equity − maintenance changes sign, increasing; others fixed, but for those that
  /// the model margins together with it, which move in proportion.
  public var spotRoots: [Double]
  /// Why there is none; nil where there is one.
  public var reason: String?

  /// A price from its roots.
  public init(
    underlying: Identifier, position: Identifier?, mode: MarginMode, model: String, surplus: Double,
    isHeldIsolated: Bool = false, spotRoots: [Double], reason: String?
  ) {
    self.underlying = underlying
    self.position = position
    self.mode = mode
    self.model = model
    self.surplus = surplus
    self.isHeldIsolated = isHeldIsolated
    self.spotRoots = spotRoots
    self.reason = reason
  }
}

/// Liquidation prices of one account, its distance to the nearest, and its leverage.
public struct AccountLiquidation: Hashable, Sendable {
  public var prices: [LiquidationPrice]
  /// Smallest |ln(root / spot)| over the prices of what meets its maintenance today; 0 where a position that the book
  /// holds isolated is below its own, or the account is below that of every model; nil where there is no root.
  public var distance: Double?
  /// Gross exposure (Σ |cash delta|) over equity; nil where equity is not positive.
  public var leverage: Double?

  /// The prices of positions held isolated that no model of the run that margins them would keep: closed as they stand.
  public var closed: [LiquidationPrice] {
    let held = prices.filter(\.isHeldIsolated)
    return held.filter { price in
      held.allSatisfy {
        $0.position != price.position || $0.standing != price.standing || $0.surplus < 0
      }
    }
  }

  /// Prices of one account.
  public init(prices: [LiquidationPrice], distance: Double?, leverage: Double?) {
    self.prices = prices
    self.distance = distance
    self.leverage = leverage
  }
}

public import MarketModel

/// The capital each mode needs to come through one scenario.
public struct CapitalToSurvive: Hashable, Sendable {
  public var scenarioSet: String
  public var scenario: String
  /// nil where the model of the mode cannot margin a position that another mode's can, as in the two modes below.
  public var isolated: Double?
  public var cross: Double?
  public var portfolio: Double?
  /// How the market of the row differs from today's; nil in the row of the worst.
  public var market: MarketState?
  /// Of a row over simulated paths, whose scenario is the confidence level; nil in the others.
  public var simulation: SimulatedCapital?

  /// A row from its numbers.
  public init(
    scenarioSet: String, scenario: String, isolated: Double?, cross: Double?, portfolio: Double?,
    market: MarketState? = nil
  ) {
    self.scenarioSet = scenarioSet
    self.scenario = scenario
    self.isolated = isolated
    self.cross = cross
    self.portfolio = portfolio
    self.market = market
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

/// One side of a comparison: figures of all that the comparison is of, or none.
public struct ComparedMode: Hashable, Sendable {
  public var model: String
  /// nil where the model cannot margin a position that another side's can, as in the other figures.
  public var initial: Double?
  public var maintenance: Double?
  /// K of the worst scenario.
  public var capital: Double?
  public var surplus: Double?
  /// What the mode counts as equity.
  public var equity: Double?
  /// equity − initial.
  public var surplusInitial: Double? { equity.flatMap { counted in initial.map { counted - $0 } } }
  /// The market of `capital`; nil for sums over accounts.
  public var worstScenario: String?
  public var leverage: ModeLeverage
  /// Positions for which it has no figures, since its model cannot margin them and another one can; in byte order.
  public var unsupported: [Identifier] = []

  /// A side from its numbers; equity is surplus and maintenance together where it is left out.
  public init(
    model: String, initial: Double, maintenance: Double, capital: Double, surplus: Double,
    equity: Double? = nil, worstScenario: String? = nil, leverage: ModeLeverage = ModeLeverage()
  ) {
    self.model = model
    self.initial = initial
    self.maintenance = maintenance
    self.capital = capital
    self.surplus = surplus
    self.equity = equity ?? surplus + maintenance
    self.worstScenario = worstScenario
    self.leverage = leverage
  }

  /// A side without figures.
  public init(model: String, unsupported: [Identifier], leverage: ModeLeverage) {
    self.model = model
    self.unsupported = unsupported
    self.leverage = leverage
  }
}

/// One position's part of the saving.
public struct SavingShare: Hashable, Sendable {
  public var instrument: Identifier
  /// Its capital alone in isolated mode, at the worst scenario of that mode; nil where the mode has no figures.
  public var isolated: Double?
  /// Its part of the portfolio requirement's worst scenario loss (Euler: parts sum to the scan loss); nil where the
  /// mode has no figures.
  public var worstScenarioLoss: Double?

  /// A share from its numbers.
  public init(instrument: Identifier, isolated: Double?, worstScenarioLoss: Double?) {
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
  /// nil where one of the modes has no figures.
  public var saving: MarginSaving?
  public var attribution: [SavingShare]
  /// One row a scenario; the last is `worst`.
  public var capitalToSurvive: [CapitalToSurvive]
  /// Positions that one of the three models cannot margin, in byte order: what none of them can is in no mode's figures,
  /// and a mode that cannot margin what another one can has none.
  public var unsupported: [Identifier] = []
  /// Of a sum over accounts: how many hold such positions and are in none of its figures, so that all modes are sums
  /// over the same accounts.
  public var accountsLeftOut = 0
  /// Name of the venue, or of the three models.
  public var venue = ""
  /// Today's value of what capital is worked out for: positions and coins, base currency.
  ///
  /// The least cash that comes through a scenario is its capital less this.
  public var value = 0.0
  /// Where the saving comes from, down to positions; nil where only a summary was asked for.
  public var detail: AttributionDetail?

  /// A comparison from its parts.
  public init(
    isolated: ComparedMode, cross: ComparedMode, portfolio: ComparedMode, saving: MarginSaving?,
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

extension MarginComparison {
  /// Takes away what follows from modes without figures.
  mutating func keepWhole() {
    let whole = (
      isolated: isolated.unsupported.isEmpty, cross: cross.unsupported.isEmpty,
      portfolio: portfolio.unsupported.isEmpty
    )
    guard !(whole.isolated && whole.cross && whole.portfolio) else { return }
    saving = nil
    for place in attribution.indices {
      if !whole.isolated { attribution[place].isolated = nil }
      if !whole.portfolio { attribution[place].worstScenarioLoss = nil }
    }
    for place in capitalToSurvive.indices {
      if !whole.isolated { capitalToSurvive[place].isolated = nil }
      if !whole.cross { capitalToSurvive[place].cross = nil }
      if !whole.portfolio { capitalToSurvive[place].portfolio = nil }
    }
  }
}

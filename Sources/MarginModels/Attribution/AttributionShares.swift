public import MarketModel

/// One netting set of an account: the options of one underlying and expiry, or the futures, perpetuals and coins of
/// one underlying.
public struct NettingSetShare: Hashable, Sendable {
  /// `BTC 2026-03-27`, or `BTC` for futures, perpetuals and coins.
  public var name: String
  public var underlying: Identifier
  /// nil for futures, perpetuals and coins.
  public var expiry: Instant?
  /// Positions and coin balances in it.
  public var memberCount: Int
  /// Sum of what its members need one by one, base currency as all money here.
  public var alone: Double
  /// What it needs as one, without the other sets.
  public var requirement: Double
  /// Its share of the account's requirement: Shapley over sets.
  public var share: Double
  /// Standard error of `share`; 0 where it is exact.
  public var standardError: Double
  /// What its members save against each other.
  public var savingWithin: Double { alone - requirement }
  /// What it saves, as one, against the other sets.
  public var savingBetween: Double { requirement - share }
  /// Its share of the saving of capital, from isolated to portfolio margin.
  public var capital: MarginSaving
  /// Standard errors of `capital`; zero where it is exact.
  public var capitalError: MarginSaving

  /// A set from its numbers.
  public init(
    name: String, underlying: Identifier, expiry: Instant? = nil, memberCount: Int, alone: Double,
    requirement: Double, share: Double, standardError: Double, capital: MarginSaving,
    capitalError: MarginSaving
  ) {
    self.name = name
    self.underlying = underlying
    self.expiry = expiry
    self.memberCount = memberCount
    self.alone = alone
    self.requirement = requirement
    self.share = share
    self.standardError = standardError
    self.capital = capital
    self.capitalError = capitalError
  }
}

/// One position's, or coin balance's, share of an account's requirement and of what is saved.
public struct ShapleyShare: Hashable, Sendable {
  /// The instrument, or the asset of a coin balance.
  public var instrument: Identifier
  /// The name of its netting set.
  public var nettingSet: String
  /// What it needs without all others.
  public var alone: Double
  /// Its share of the account's requirement, netting sets first, positions inside (Owen's value).
  public var share: Double
  /// What it saves the account; negative where it costs more among the others than alone.
  public var saving: Double { alone - share }
  /// Standard error of `share` and of `saving`; 0 where it is exact.
  public var standardError: Double
  /// Its part of the requirement in the scenario that decides today, charges with their owners (Euler).
  ///
  /// Hedges are negative; nil where the model does not say.
  public var worstScenario: Double?
  /// Its share of the saving of capital, from isolated to portfolio margin.
  public var capital: MarginSaving
  /// Standard errors of `capital`; zero where it is exact.
  public var capitalError: MarginSaving

  /// A share from its numbers.
  public init(
    instrument: Identifier, nettingSet: String, alone: Double, share: Double, standardError: Double,
    worstScenario: Double? = nil, capital: MarginSaving, capitalError: MarginSaving
  ) {
    self.instrument = instrument
    self.nettingSet = nettingSet
    self.alone = alone
    self.share = share
    self.standardError = standardError
    self.worstScenario = worstScenario
    self.capital = capital
    self.capitalError = capitalError
  }
}

public import MarketModel

/// How much less two players need together than one by one.
public struct OffsetPair: Hashable, Sendable {
  /// Who the players are.
  public enum Level: String, Sendable {
    case nettingSet = "netting_set"
    case position
  }

  public var level: Level
  /// A netting set's name, or an instrument, or the asset of a coin balance.
  public var first: String
  public var second: String
  /// R({i}) + R({j}) − R({i, j}): what each of the two gains is half of it (the Shapley value of the two alone).
  public var offset: Double

  /// A pair from its numbers.
  public init(
    level: Level, first: String, second: String, offset: Double
  ) {
    self.level = level
    self.first = first
    self.second = second
    self.offset = offset
  }
}

/// One of several scenarios that decide a requirement alike: the allocation is then a set, of which each is a corner.
public struct WorstTie: Hashable, Sendable {
  /// One position's part.
  public struct Part: Hashable, Sendable {
    public var instrument: Identifier
    /// Of the maintenance requirement, base currency; the parts of a tie sum to the requirement of its group.
    public var requirement: Double

    /// A part from its numbers.
    public init(
      instrument: Identifier, requirement: Double
    ) {
      self.instrument = instrument
      self.requirement = requirement
    }
  }

  /// The underlyings that are margined together, joined by ` + `.
  public var underlying: String
  public var scenario: String
  /// In the order of the positions.
  public var parts: [Part]

  /// A tie from its parts.
  public init(
    underlying: String, scenario: String, parts: [Part]
  ) {
    self.underlying = underlying
    self.scenario = scenario
    self.parts = parts
  }
}

/// What one position can take from the rest of an account where nothing contains it.
public struct ContagionFigure: Hashable, Sendable {
  public var instrument: Identifier
  /// The list and name of the scenario in which it loses most.
  public var scenarioSet: String
  public var scenario: String
  /// What it loses there, ≥ 0.
  public var loss: Double
  /// What it can lose in isolated mode: the margin set aside for it and what it is worth today, ≥ 0.
  public var contained: Double
  /// loss − contained, > 0: what the rest of the account pays in cross and portfolio mode.
  public var spill: Double
  /// The spill over the equity of the rest; nil where the rest has none.
  public var shareOfRest: Double?
  /// What the other positions and coins make of the same scenario: a hedge shows as a gain.
  public var restProfitAndLoss: Double
  /// The scenario, of those in which the position loses most the first, where the account falls below maintenance
  /// in cross mode and its rest would stand had the position been isolated; nil where there is none.
  public var crossBreach: String?
  /// The same in portfolio mode.
  public var portfolioBreach: String?

  /// A figure from its numbers.
  public init(
    instrument: Identifier, scenarioSet: String, scenario: String, loss: Double, contained: Double,
    spill: Double, shareOfRest: Double? = nil, restProfitAndLoss: Double, crossBreach: String? = nil,
    portfolioBreach: String? = nil
  ) {
    self.instrument = instrument
    self.scenarioSet = scenarioSet
    self.scenario = scenario
    self.loss = loss
    self.contained = contained
    self.spill = spill
    self.shareOfRest = shareOfRest
    self.restProfitAndLoss = restProfitAndLoss
    self.crossBreach = crossBreach
    self.portfolioBreach = portfolioBreach
  }
}

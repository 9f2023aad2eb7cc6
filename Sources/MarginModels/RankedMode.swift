public import MarketModel

/// How far an account uses its equity, and how far a mode would let it.
///
/// Positions are scaled together at today's marks: options bought or sold with cash, futures and perpetuals opened
/// at the mark, coins and cash as they are.
public struct ModeLeverage: Hashable, Sendable {
  /// Σ |cash delta| of positions and coins, base currency.
  public var exposure: Double
  /// Market value of the account, base currency.
  public var equity: Double
  /// exposure / equity at which the initial requirement would use up the equity that counts; nil where there is none.
  public var initial: Double?
  /// The same for the maintenance requirement.
  public var maintenance: Double?
  /// Why one of them is nil.
  public var reason: String?

  /// Leverage from its numbers.
  public init(
    exposure: Double = 0, equity: Double = 0, initial: Double? = nil, maintenance: Double? = nil,
    reason: String? = nil
  ) {
    self.exposure = exposure
    self.equity = equity
    self.initial = initial
    self.maintenance = maintenance
    self.reason = reason
  }

  /// exposure / equity; nil where equity is not positive.
  public var used: Double? {
    guard equity > 0 else { return nil }
    let used = exposure / equity
    return used.isFinite ? used : nil
  }
}

/// One named part of the capital that a mode needs.
public struct CapitalPart: Hashable, Sendable {
  /// Names that every mode has beside the parts of its own requirement.
  public enum Name {
    /// What positions and coins lose of today's value in the worst scenario.
    public static let loss = "loss"
    /// What they are still worth there and the model does not count.
    public static let notCounted = "value_not_counted"
    /// Isolated: what some positions have to spare and may not lend to the others.
    public static let notShared = "not_shared"
    /// Cross: what the positions are worth beyond the need; capital is never less than today's value.
    public static let beyondNeed = "value_beyond_need"
    /// The requirement of a model that does not name its parts.
    public static let requirement = "requirement"
  }

  public var name: String
  /// Base currency; credits negative.
  public var amount: Double

  /// A part from its numbers.
  public init(name: String, amount: Double) {
    self.name = name
    self.amount = amount
  }
}

/// One model in one mode among those that were compared.
///
/// All capital of a ranking is that of the worst scenario of one common set: the scenarios of every portfolio
/// model compared, undampened, today's market and the run's stresses.
public struct RankedMode: Hashable, Sendable {
  /// Place from 1: by capital, then what has none by positions that are not margined.
  public var rank = 0
  /// Venue of the comparison it belongs to; nil for a model that was named alone.
  public var venue: String?
  public var model: String
  public var mode: MarginMode
  /// What the owner must have, in cash and positions, to come through the worst scenario; nil where the model cannot
  /// margin every position, as all figures then are.
  public var capital: Double?
  /// The scenario of `capital`; nil for sums over accounts.
  public var scenario: String?
  public var initial: Double?
  public var maintenance: Double?
  /// What the mode counts as equity.
  public var equity: Double?
  public var leverage: ModeLeverage
  /// Capital of the dearest entry less its own.
  public var saving: Double?
  /// They sum to `capital`, in a fixed order.
  public var parts: [CapitalPart]
  /// Positions that its model cannot margin, in byte order; of a sum over accounts, of any of them.
  public var unsupported: [Identifier]
  /// How many they are, summed over accounts.
  public var unsupportedCount: Int
  /// Of a sum over accounts: how many of them hold such positions.
  public var accountsLeftOut = 0

  /// equity − maintenance.
  public var surplus: Double? { equity.flatMap { counted in maintenance.map { counted - $0 } } }
  /// equity − initial.
  public var surplusInitial: Double? { equity.flatMap { counted in initial.map { counted - $0 } } }

  /// An entry from its numbers, without its place.
  public init(
    venue: String?, model: String, mode: MarginMode, capital: Double?, scenario: String?, initial: Double?,
    maintenance: Double?, equity: Double?, leverage: ModeLeverage, parts: [CapitalPart],
    unsupported: [Identifier] = []
  ) {
    self.venue = venue
    self.model = model
    self.mode = mode
    self.capital = capital
    self.scenario = scenario
    self.initial = initial
    self.maintenance = maintenance
    self.equity = equity
    self.leverage = leverage
    self.parts = parts
    self.unsupported = unsupported
    unsupportedCount = unsupported.count
  }
}

extension RankedMode {
  /// Entries in order: those with a capital, the least first, then those that margin most positions; ties by the order
  /// given.
  public static func ranked(_ entries: [RankedMode]) -> [RankedMode] {
    let order = entries.indices.sorted { left, right in
      let (one, other) = (entries[left], entries[right])
      switch (one.capital, other.capital) {
      case (let need?, let otherNeed?): return need == otherNeed ? left < right : need < otherNeed
      case (_?, nil): return true
      case (nil, _?): return false
      case (nil, nil):
        return one.unsupportedCount == other.unsupportedCount
          ? left < right : one.unsupportedCount < other.unsupportedCount
      }
    }
    let dearest = entries.compactMap(\.capital).max()
    var ranked = order.map { entries[$0] }
    for place in ranked.indices {
      ranked[place].rank = place + 1
      ranked[place].saving = dearest.flatMap { most in ranked[place].capital.map { most - $0 } }
    }
    return ranked
  }

  /// The cheapest entry of a ranking; nil where no model margins every position.
  public static func cheapest(of ranking: [RankedMode]) -> RankedMode? {
    ranking.first.flatMap { $0.capital == nil ? nil : $0 }
  }
}

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
  /// From 1, by positions left out, then by capital.
  public var rank = 0
  /// Venue of the comparison it belongs to; nil for a model that was named alone.
  public var venue: String?
  public var model: String
  public var mode: MarginMode
  /// What the owner must have, in cash and positions, to come through the worst scenario; nil where there is none.
  public var capital: Double?
  /// The scenario of `capital`; nil for sums over accounts.
  public var scenario: String?
  public var initial: Double
  public var maintenance: Double
  /// What the mode counts as equity.
  public var equity: Double
  public var leverage: ModeLeverage
  /// Capital of the dearest entry that margins as many positions, less its own.
  public var saving: Double?
  /// They sum to `capital`, in a fixed order.
  public var parts: [CapitalPart]
  /// How many positions its comparison leaves out.
  public var unsupportedCount: Int

  /// equity − maintenance.
  public var surplus: Double { equity - maintenance }
  /// equity − initial.
  public var surplusInitial: Double { equity - initial }

  /// An entry from its numbers, without its place.
  public init(
    venue: String?, model: String, mode: MarginMode, capital: Double?, scenario: String?, initial: Double,
    maintenance: Double, equity: Double, leverage: ModeLeverage, parts: [CapitalPart], unsupportedCount: Int
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
    self.unsupportedCount = unsupportedCount
  }
}

extension RankedMode {
  /// Entries in order: those that margin most positions first, then the least capital, then by the order given.
  public static func ranked(_ entries: [RankedMode]) -> [RankedMode] {
    let order = entries.indices.sorted { left, right in
      let (one, other) = (entries[left], entries[right])
      if one.unsupportedCount != other.unsupportedCount {
        return one.unsupportedCount < other.unsupportedCount
      }
      let (need, otherNeed) = (one.capital ?? .infinity, other.capital ?? .infinity)
      return need == otherNeed ? left < right : need < otherNeed
    }
    var ranked = order.map { entries[$0] }
    for place in ranked.indices {
      ranked[place].rank = place + 1
      let peers = ranked.filter { $0.unsupportedCount == ranked[place].unsupportedCount }
      guard let dearest = peers.compactMap(\.capital).max(), let capital = ranked[place].capital else {
        ranked[place].saving = nil
        continue
      }
      ranked[place].saving = dearest - capital
    }
    return ranked
  }
}

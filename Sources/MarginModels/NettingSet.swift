/// Counted equity less requirement, both without cash, in the base currency: a shortfall is negative.
package struct NetMargin: Hashable, Sendable {
  package var initial: Double
  package var maintenance: Double

  package init(initial: Double, maintenance: Double) {
    self.initial = initial
    self.maintenance = maintenance
  }

  package static let zero = NetMargin(initial: 0, maintenance: 0)

  package static func += (sum: inout NetMargin, term: NetMargin) {
    sum.initial += term.initial
    sum.maintenance += term.maintenance
  }
}

/// All lots of one instrument in one account, summed.
package struct Leg: Hashable, Sendable {
  /// Place in `Book.instruments`.
  package var instrument: Int
  /// What multiplies the unit row (see `ResolvedInstrument`).
  package var effectiveQuantity: Double
  /// In the contract unit.
  package var rawQuantity: Double
  /// Base value today: an option's worth, a future's or perpetual's unrealised profit and loss.
  package var value: Double
  /// Base value of an option at the price it was opened at; nil where that is its mark.
  package var entryValue: Double?

  package init(
    instrument: Int, effectiveQuantity: Double, rawQuantity: Double, value: Double, entryValue: Double? = nil
  ) {
    self.instrument = instrument
    self.effectiveQuantity = effectiveQuantity
    self.rawQuantity = rawQuantity
    self.value = value
    self.entryValue = entryValue
  }

  /// Adds the entry of another lot, whose worth today stands in where it has none; before `value` is added.
  mutating func open(_ entry: Double?, worth: Double) {
    guard entryValue != nil || entry != nil else { return }
    entryValue = (entryValue ?? value) + (entry ?? worth)
  }
}

/// What one account holds in one underlying: the unit in which the models net risk.
package struct NettingSet: Hashable, Sendable {
  /// Place in the market's `assets`.
  package var underlying: Int
  /// In margin order: perpetuals and futures first, then options by expiry, strike, call before put.
  ///
  /// The models rely on it; `MarginContext` builds sets that keep it.
  package var legs: [Leg]
  /// Coins of the underlying held as a balance; negative when borrowed.
  package var collateral: Double
  /// The positions as isolated mode has them where lots of one contract differ in mode: two for such a contract, in
  /// the order of `legs`; empty where they are the legs.
  var separate: [Leg]

  package init(underlying: Int, legs: [Leg], collateral: Double) {
    self.init(underlying: underlying, legs: legs, collateral: collateral, separate: [])
  }

  init(underlying: Int, legs: [Leg], collateral: Double, separate: [Leg]) {
    self.underlying = underlying
    self.legs = legs
    self.collateral = collateral
    self.separate = separate
  }

  /// The positions that stand alone in isolated mode.
  var standing: [Leg] { separate.isEmpty ? legs : separate }

  /// Those of one leg.
  func positions(of leg: Leg) -> [Leg] {
    separate.isEmpty ? [leg] : separate.filter { $0.instrument == leg.instrument }
  }

  /// The set with those for legs.
  var unpooled: NettingSet {
    NettingSet(underlying: underlying, legs: standing, collateral: collateral)
  }
}

extension [NettingSet] {
  /// What is left of each set of the legs that may stay, without the sets that then hold nothing.
  func keeping(_ stays: (_ instrument: Int) -> Bool) -> [NettingSet] {
    map { set in
      guard !set.legs.allSatisfy({ stays($0.instrument) }) else { return set }
      return NettingSet(
        underlying: set.underlying, legs: set.legs.filter { stays($0.instrument) },
        collateral: set.collateral, separate: set.separate.filter { stays($0.instrument) })
    }.filter { !$0.legs.isEmpty || $0.collateral != 0 }
  }
}

/// What one contract needs alone, base currency, both ≥ 0.
package struct UnitRequirement: Hashable, Sendable {
  package var initial: Double
  package var maintenance: Double

  package init(initial: Double, maintenance: Double) {
    self.initial = initial
    self.maintenance = maintenance
  }

  package static let zero = UnitRequirement(initial: 0, maintenance: 0)

  package static func += (sum: inout UnitRequirement, term: UnitRequirement) {
    sum.initial += term.initial
    sum.maintenance += term.maintenance
  }
}

import MarketModel
import PortfolioValuation

/// The players of an account's games: positions and coin balances, in netting sets, in groups.
///
/// A netting set is the options of one underlying and expiry, or the futures, perpetuals and coins of one underlying.
/// Groups are what the models margin together: between groups nothing is saved by offsets.
struct AttributionPlayers: Sendable {
  /// One netting set.
  struct Union: Sendable {
    /// Its legs in margin order, and its coins.
    var holdings: NettingSet
    /// Whether it holds options.
    var isOptions: Bool

    /// Legs, then the coins where there are some.
    var memberCount: Int { holdings.legs.count + (holdings.collateral == 0 ? 0 : 1) }

    /// The holdings of some members only.
    ///
    /// - Parameter members: bit i for leg i, the bit after the last leg for the coins.
    func holdings(of members: some Sequence<Int>) -> NettingSet {
      var part = NettingSet(underlying: holdings.underlying, legs: [], collateral: 0)
      for member in members {
        if holdings.legs.indices.contains(member) {
          part.legs.append(holdings.legs[member])
        } else {
          part.collateral = holdings.collateral
        }
      }
      return part
    }

    /// The same, named by a bit mask.
    func holdings(ofMask mask: Int) -> NettingSet {
      holdings(of: (0..<memberCount).filter { mask >> $0 & 1 == 1 })
    }
  }

  /// By group: its unions, by underlying, futures and coins first, then by expiry.
  let groups: [[Union]]

  /// The players of some netting sets of the models, each with at least one leg or coin.
  ///
  /// - Parameter models: those whose groups must not be cut.
  init(sets: [NettingSet], models: [any PreparedModel], context: MarginContext) {
    groups = Self.groups(of: sets, models: models).map { group in
      group.flatMap { Self.unions(of: $0, context: context) }
    }
  }

  /// The finest groups that no model's groups cross.
  private static func groups(of sets: [NettingSet], models: [any PreparedModel]) -> [[NettingSet]] {
    var group = Array(sets.indices)
    for model in models {
      for together in model.groups(of: sets) {
        let places = together.compactMap { set in sets.firstIndex { $0.underlying == set.underlying } }
        guard let lowest = places.map({ group[$0] }).min() else { continue }
        let joined = Set(places.map { group[$0] })
        for place in group.indices where joined.contains(group[place]) { group[place] = lowest }
      }
    }
    return group.indices.filter { group[$0] == $0 }.map { first in
      sets.indices.filter { group[$0] == first }.map { sets[$0] }
    }
  }

  /// One union for what moves with the underlying, one an expiry; margin order keeps each together.
  private static func unions(of set: NettingSet, context: MarginContext) -> [Union] {
    var linear = Union(
      holdings: NettingSet(
        underlying: set.underlying, legs: [], collateral: set.collateral, separate: set.separate),
      isOptions: false)
    var expiries: [Union] = []
    var last: Int64?
    for leg in set.legs {
      guard let instrument = context.instruments[leg.instrument] else { continue }
      guard instrument.kind == .option else {
        linear.holdings.legs.append(leg)
        continue
      }
      if last != instrument.secondsToExpiry || expiries.isEmpty {
        last = instrument.secondsToExpiry
        expiries.append(
          Union(
            holdings: NettingSet(
              underlying: set.underlying, legs: [], collateral: 0, separate: set.separate), isOptions: true))
      }
      expiries[expiries.count - 1].holdings.legs.append(leg)
    }
    return (linear.memberCount == 0 ? [] : [linear]) + expiries
  }
}

extension MarginContext {
  /// Today's worth of what a part of an account holds, base currency: the sum over legs and coins.
  func value(of set: NettingSet) -> Double {
    var sum = 0.0
    for leg in set.legs { sum += leg.value }
    return sum + set.collateral * assets[set.underlying].spot
  }
}

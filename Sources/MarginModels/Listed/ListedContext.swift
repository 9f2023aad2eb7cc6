import MarketModel
import PortfolioValuation

/// What the models of listed contracts read off a context.
extension MarginContext {
  /// Whether an instrument is a listed option on an underlying that is margined.
  package func isMarginedListing(_ place: Int) -> Bool {
    guard isListed[place], let instrument = instruments[place] else { return false }
    return instrument.kind == .option && !instrument.isInverse && securities[instrument.underlying].isMargined
  }

  /// The netting sets that share a name, in the order of their first sets; underlyings that are not margined alone.
  package func classGroups(
    of sets: [NettingSet], by name: (SecurityTerms) -> String
  ) -> [[NettingSet]] {
    var names: [String] = []
    var groups: [[NettingSet]] = []
    for set in sets {
      let terms = securities[set.underlying]
      let own = name(terms)
      if terms.isMargined, let place = names.firstIndex(of: own) {
        groups[place].append(set)
      } else {
        names.append(terms.isMargined ? own : "")
        groups.append([set])
      }
    }
    return groups
  }
}

extension WellKnownSecurities {
  /// The terms of every asset of a market, under a plan.
  static func terms(
    of assets: [Asset], instruments: [Instrument], plan: ListedPlan
  ) -> [SecurityTerms] {
    let coins = Set(instruments.filter { !$0.isListed }.map(\.underlying))
    return assets.map { terms(of: $0.id, plan: plan, isCoin: coins.contains($0.id)) }
  }
}

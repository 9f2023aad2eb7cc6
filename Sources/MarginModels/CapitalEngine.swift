package import MarketModel
package import PortfolioValuation

/// The capital that each mode needs to come through each market state, and what portfolio margin saves.
///
/// c*(A, s) is the least cash with which A passes the maintenance test of its mode after s, that is the shortfall
/// of the net maintenance margin without cash; K = c* + V(A) adds today's value of A, so that K is what the owner
/// must have, in cash and positions. A holds the positions and the coin balances; cash is what is solved for.
/// That cash is the base currency, which counts in full under every model but those of lending protocols: there it stands
/// for debt repaid, not for a deposit at its weight. Cash below zero is what may be owed, without what a model charges
/// for owing it.
/// A is the same in every mode, or the modes would not compare: the account without what none of the three models
/// margins. A mode whose model cannot margin something that another one can has no capital.
package struct CapitalEngine: Sendable {
  let valued: ValuedBook
  let context: MarginContext
  let isolated: UnitMargins
  let cross: any PreparedModel
  let portfolio: any PreparedModel
  let portfolioAlone: UnitMargins
  /// The markets of the rows, in order.
  package let states: [MarketState]

  /// An engine over models that were prepared on the same states.
  package init(
    valued: ValuedBook, context: MarginContext, isolated: any PreparedModel,
    cross: any PreparedModel, portfolio: any PreparedModel
  ) {
    self.valued = valued
    self.context = context
    self.isolated = UnitMargins(model: isolated, context: context)
    self.cross = cross
    self.portfolio = portfolio
    portfolioAlone = UnitMargins(model: portfolio, context: context)
    states = portfolio.states
  }

  /// The capital of one account in every state.
  ///
  /// - Complexity: O(positions × states) look-ups and one pass of each model over the netting sets.
  package func capital(ofAccount account: Int) -> CapitalTable {
    capital(of: context.nettingSets(ofAccount: account, in: valued))
  }

  /// The capital of a list of netting sets in every state.
  package func capital(of sets: [NettingSet]) -> CapitalTable {
    var table = CapitalTable(stateCount: states.count)
    var isolatedNet = [Double](repeating: 0, count: states.count)
    var portfolioNet = isolatedNet
    let held = held(sets)
    for group in cross.groups(of: held) { table.add(cross: cross.netMargins(ofGroup: group)) }
    for group in portfolio.groups(of: held) {
      table.add(portfolio: portfolio.netMargins(ofGroup: group))
    }
    for set in held {
      for leg in set.standing {
        isolated.fill(&isolatedNet, leg: leg)
        portfolioAlone.fill(&portfolioNet, leg: leg)
        table.addItem(
          .position(leg), value: leg.value, isolatedNet: isolatedNet,
          portfolioNet: portfolioNet)
      }
      guard set.collateral != 0 else { continue }
      isolated.fill(&isolatedNet, collateral: set.collateral, underlying: set.underlying)
      portfolioAlone.fill(&portfolioNet, collateral: set.collateral, underlying: set.underlying)
      table.addItem(
        .coin(asset: set.underlying, quantity: set.collateral),
        value: set.collateral * context.assets[set.underlying].spot,
        isolatedNet: isolatedNet, portfolioNet: portfolioNet)
    }
    table.close()
    return table
  }

  /// Whether all three models margin an instrument.
  func margins(instrument: Int) -> Bool {
    isolated.model.supports(instrument: instrument) && cross.supports(instrument: instrument)
      && portfolio.supports(instrument: instrument)
  }

  /// Whether one of the three models margins an instrument; what none of them does is in no mode, which leaves the
  /// modes like for like.
  func marginsSomehow(instrument: Int) -> Bool {
    isolated.model.supports(instrument: instrument) || cross.supports(instrument: instrument)
      || portfolio.supports(instrument: instrument)
  }

  /// The netting sets with what one of the models margins, those that hold anything.
  func held(_ sets: [NettingSet]) -> [NettingSet] {
    sets.keeping { marginsSomehow(instrument: $0) }
  }
}

extension CapitalEngine {
  /// The three modes of one account side by side.
  ///
  /// The attribution has one entry a position and coin balance, coins under their asset's id: its share of the
  /// isolated capital at that mode's worst state, and its part of the portfolio model's worst-scenario loss.
  ///
  /// - Parameters:
  ///   - sets: of the account.
  ///   - table: its capital, of the same engine.
  ///   - side: what the account needs under a mode's model today; capital and its scenario are filled in here where its
  ///     model margins every position.
  /// - Complexity: one pass of the portfolio model's scenarios.
  package func comparison(
    of sets: [NettingSet], table: CapitalTable, side: (MarginMode) -> ComparedMode?
  ) -> MarginComparison? {
    func compared(_ mode: MarginMode) -> ComparedMode? {
      guard var found = side(mode) else { return nil }
      guard found.unsupported.isEmpty else { return found }
      let worst = table.worstState(mode)
      found.capital = table.capital(mode)[worst]
      found.worstScenario = states[worst].name
      return found
    }
    guard let isolated = compared(.isolated), let cross = compared(.cross),
      let portfolio = compared(.portfolio)
    else { return nil }
    var comparison = MarginComparison(
      isolated: isolated, cross: cross, portfolio: portfolio, saving: table.saving,
      attribution: attribution(of: sets, table: table), capitalToSurvive: table.rows(states: states))
    comparison.value = table.value
    comparison.keepWhole()
    return comparison
  }

  /// One share an item of the table, in byte order of the instruments, then of the coins.
  private func attribution(of sets: [NettingSet], table: CapitalTable) -> [SavingShare] {
    // Losses in a scenario add up over lots, so that those of one contract may stand side by side.
    let losses = worstScenarioLosses(of: held(sets).map(\.unpooled))
    let state = table.worstIsolatedState
    let order = table.items.indices.sorted { table.items[$0].rank < table.items[$1].rank }
    return order.map { place in
      let id: Identifier
      let (net, value): (Double, Double)
      switch table.items[place] {
      case .position(let leg):
        id = valued.book.instruments[leg.instrument].id
        net = isolated.model.netMargin(alone: leg, state: state).maintenance
        value = leg.value
      case .coin(let asset, let quantity):
        id = context.assets[asset].id
        net = isolated.model.netMargin(collateral: quantity, underlying: asset, state: state).maintenance
        value = quantity * context.assets[asset].spot
      }
      return SavingShare(
        instrument: id, isolated: max(-net, 0) + value, worstScenarioLoss: losses[place])
    }
  }
}

extension CapitalEngine {
  /// One loss an item of the table, in its order: the legs of a set, then its coins where it has some.
  private func worstScenarioLosses(of sets: [NettingSet]) -> [Double] {
    var parts = sets.map { [Double](repeating: 0, count: $0.legs.count + 1) }
    if let model = portfolio as? any ScanAttributing {
      for group in model.groups(of: sets) {
        for (set, losses) in zip(group, model.worstScenarioLosses(ofGroup: group)) {
          guard let place = sets.firstIndex(where: { $0.underlying == set.underlying }) else { continue }
          parts[place] = losses
        }
      }
    }
    return zip(sets, parts).flatMap { set, losses in
      set.collateral == 0 ? losses.prefix(set.legs.count) : losses[...]
    }
  }
}

extension CapitalTable.Item {
  /// Instruments by place, then coins by place.
  fileprivate var rank: (Int, Int) {
    switch self {
    case .position(let leg): (0, leg.instrument)
    case .coin(let asset, _): (1, asset)
    }
  }
}

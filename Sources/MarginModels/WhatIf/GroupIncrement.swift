import MarketModel
import PortfolioValuation

/// An account under any model: a trade is margined by the group of netting sets that it falls into.
struct GroupIncrement<Model: ReportableModel>: MarginIncrement {
  let model: Model
  let context: MarginContext
  let modes = Model.modes
  let base: [MarginState]
  private let sets: [NettingSet]
  /// Underlyings of each group as it stands, and its numbers without cash, a mode each.
  private let groups: [(underlyings: [Int], states: [MarginState])]

  init(model: Model, _ holdings: AccountHoldings, context: MarginContext) {
    self.model = model
    self.context = context
    sets = holdings.sets
    let modes = self.modes
    base = modes.map { model.state(of: holdings, mode: $0) }
    groups = model.groups(of: holdings.sets).map { group in
      (group.map(\.underlying), modes.map { model.state(of: group, mode: $0) })
    }
  }

  func after(_ trades: [TradeEffect]) -> [MarginState] {
    var states = base
    var changed = sets
    var touched: [Int] = []
    for trade in trades {
      for mode in modes.indices { states[mode].equity += trade.cash }
      guard let underlying = context.instruments[trade.instrument]?.underlying else { continue }
      var place = changed.firstIndex { $0.underlying >= underlying } ?? changed.count
      if place == changed.count || changed[place].underlying != underlying {
        changed.insert(NettingSet(underlying: underlying, legs: [], collateral: 0), at: place)
      }
      place = min(place, changed.count - 1)
      context.add(Leg(trade), to: &changed[place].legs)
      touched.append(underlying)
    }
    for group in model.groups(of: changed) {
      let own = group.map(\.underlying)
      guard own.contains(where: { touched.contains($0) }) else { continue }
      for (place, mode) in modes.enumerated() {
        states[place] += model.state(of: group, mode: mode)
        // A trade may tie groups together that were apart; their sets are all in the new one.
        for before in groups where before.underlyings.contains(where: { own.contains($0) }) {
          states[place] += MarginState.zero - before.states[place]
        }
      }
    }
    return states
  }

  func branches(after trades: [TradeEffect], mode: Int, test: MarginTest) -> [Double]? { nil }
}

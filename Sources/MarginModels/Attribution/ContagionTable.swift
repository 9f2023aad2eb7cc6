import MarketModel
import PortfolioValuation

/// What each position of an account can take from the rest, over the states that capital has to survive.
///
/// In isolated mode a position loses what was set aside for it and what it is worth, no more; in cross and portfolio
/// mode the rest of the account pays on. A breach is a state in which the account falls below maintenance although
/// its rest, without the margin that isolated mode would have set aside, would stand.
struct ContagionTable {
  private let capital: CapitalEngine
  private let sets: [NettingSet]
  private let cash: Double
  private let equity: Double
  /// By set, then leg: profit and loss in every state.
  private let profits: [[[Double]]]
  /// Everything held, by state.
  private let total: [Double]

  /// - Parameters:
  ///   - sets: of the account, margined by all models of the comparison.
  ///   - cash: base value of what is neither position nor coin.
  ///   - equity: of the whole account.
  /// - Complexity: O(legs × states) prices.
  init(sets: [NettingSet], cash: Double, equity: Double, capital: CapitalEngine) {
    self.capital = capital
    self.sets = sets
    self.cash = cash
    self.equity = equity
    let states = capital.states
    var total = [Double](repeating: 0, count: states.count)
    profits = sets.map { set in
      let profits = Self.profits(of: set, context: capital.context, states: states)
      for row in profits {
        for state in states.indices { total[state] += row[state] }
      }
      let coins = set.collateral * capital.context.assets[set.underlying].spot
      for (state, market) in states.enumerated() { total[state] += coins * (market.spotMultiplier - 1) }
      return profits
    }
    self.total = total
  }

  /// The positions that can take something, greatest spill first, ties by instrument.
  ///
  /// - Parameter margins: what isolated mode sets aside for each leg, by set.
  /// - Complexity: two evaluations of a group a position that can.
  func figures(margins: [[Double]]) -> [ContagionFigure] {
    let cross = Surplus(model: capital.cross, sets: sets, cash: cash)
    let portfolio = Surplus(model: capital.portfolio, sets: sets, cash: cash)
    var figures: [ContagionFigure] = []
    for (place, set) in sets.enumerated() {
      for (leg, holding) in set.legs.enumerated() {
        let margin = margins[place][leg]
        guard var figure = figure(of: holding, profits: profits[place][leg], margin: margin) else { continue }
        figure.crossBreach = breach(cross, set: place, leg: leg, margin: margin)
        figure.portfolioBreach = breach(portfolio, set: place, leg: leg, margin: margin)
        figures.append(figure)
      }
    }
    return figures.sorted {
      $0.spill == $1.spill ? $0.instrument < $1.instrument : $0.spill > $1.spill
    }
  }

  /// nil where isolated mode would take nothing off the position's loss.
  private func figure(of leg: Leg, profits: [Double], margin: Double) -> ContagionFigure? {
    var worst = 0
    for state in profits.indices where profits[state] < profits[worst] { worst = state }
    guard profits.indices.contains(worst), profits[worst] < 0 else { return nil }
    let contained = leg.contained(byMargin: margin)
    let loss = -profits[worst]
    // A loss of all that a position is worth is no spill, whatever the last digit says.
    guard loss - contained > 1e-9 * loss else { return nil }
    let rest = equity - contained
    return ContagionFigure(
      instrument: capital.valued.book.instruments[leg.instrument].id,
      scenarioSet: capital.states[worst].scenarioSet, scenario: capital.states[worst].name, loss: loss,
      contained: contained, spill: loss - contained, shareOfRest: rest > 0 ? (loss - contained) / rest : nil,
      restProfitAndLoss: total[worst] - profits[worst])
  }

  private func breach(_ surplus: Surplus, set: Int, leg: Int, margin: Double) -> String? {
    let profits = profits[set][leg]
    var found: Int?
    var rest: [Double]?
    for state in profits.indices where surplus.whole[state] < 0 {
      if let found, profits[state] >= profits[found] { continue }
      let alone = rest ?? surplus.without(leg: leg, of: set, margin: margin)
      rest = alone
      if alone[state] >= 0 { found = state }
    }
    return found.map { capital.states[$0].name }
  }

  /// Profit and loss of each leg in every state, the first of them today's.
  static func profits(
    of set: NettingSet, context: MarginContext, states: [MarketState]
  ) -> [[Double]] {
    var pricer = ColumnPricer(shocks: ColumnShocks([.unmoved]), states: states, settlementWindow: 0)
    let options = set.legs.compactMap { leg in
      context.instruments[leg.instrument].flatMap { $0.kind == .option ? $0 : nil }
    }
    let cells = pricer.cells(of: options[...])
    var next = 0
    return set.legs.map { leg in
      guard let instrument = context.instruments[leg.instrument] else {
        return [Double](repeating: 0, count: states.count)
      }
      guard instrument.kind == .option else {
        return states.map { leg.effectiveQuantity * instrument.unit * ($0.spotMultiplier - 1) }
      }
      defer { next += states.count }
      let today = cells[next]
      return states.indices.map { leg.effectiveQuantity * (cells[next + $0] - today) }
    }
  }
}

extension Leg {
  /// The most that the position can lose where it is isolated: the margin set aside for it and what it is worth.
  func contained(byMargin margin: Double) -> Double { max(margin + value, 0) }
}

/// The surplus of an account under one model, state by state, with and without one of its legs.
private struct Surplus {
  let model: any PreparedModel
  let groups: [[NettingSet]]
  /// Net maintenance margins, by group.
  let nets: [[Double]]
  let sets: [NettingSet]
  let cash: Double
  /// Cash and all groups.
  let whole: [Double]

  init(model: any PreparedModel, sets: [NettingSet], cash: Double) {
    self.model = model
    self.sets = sets
    self.cash = cash
    groups = model.groups(of: sets)
    nets = groups.map { model.netMargins(ofGroup: $0).map(\.maintenance) }
    var whole = [Double](repeating: cash, count: model.states.count)
    for net in nets {
      for state in whole.indices { whole[state] += net[state] }
    }
    self.whole = whole
  }

  /// The surplus of what is left where one leg had been isolated and its margin is gone with it.
  func without(leg: Int, of set: Int, margin: Double) -> [Double] {
    let underlying = sets[set].underlying
    guard let place = groups.firstIndex(where: { $0.contains { $0.underlying == underlying } }) else {
      return whole
    }
    var group = groups[place]
    for member in group.indices where group[member].underlying == underlying {
      group[member].legs.remove(at: leg)
    }
    let net = model.netMargins(ofGroup: group).map(\.maintenance)
    return whole.indices.map { whole[$0] - nets[place][$0] + net[$0] - margin }
  }
}

package import MarketModel
import PortfolioValuation
package import RiskNumerics

/// What a statistical recipe makes of the losses of an account.
package enum HistoryRule: String, Hashable, Sendable {
  /// (1 − w) VaR + w VaR of the stressed window.
  case valueAtRisk
  /// (1 − w) ES + w ES of the stressed window.
  case expectedShortfall
  /// max(ES of filtered moves, w ES of the stressed window).
  case filtered
}

/// Margin from the losses that an account would have had on the days of a history: a recipe, no clearing house's model.
///
/// Every position is repriced by the move of its underlying over the margin period of risk, all of them by the moves of
/// the same day; volatilities stand still. The account is one portfolio, coins included. To the tail comes a charge
/// for closing out, a part of the gross exposure, and the whole is no less than another part of it. Instruments without
/// history are unsupported, coins without history need their value. Source of the weights: EMIR technical standards
/// 153/2013, article 28; of the tail: Acerbi and Tasche (2002).
package struct HistoryMarginModel: ScenarioModel {
  package static let modes: [MarginMode] = [.portfolio]
  package let name: String
  package let context: MarginContext
  /// Of the first underlying; every underlying has a table of its own.
  package let table: OptionTable
  package private(set) var lone: [NetMargin] = []
  private let tables: [OptionTable]
  private let rule: HistoryRule
  private let confidence: Double
  private let stressWeight: Double
  private let liquidityRate: Double
  private let floorRate: Double
  private let maintenanceRatio: Double
  let scenarios: HistoryScenarios

  /// Prices the options of each underlying under its own moves.
  ///
  /// - Parameter coverage: latest rows by which it is judged whether an asset has a history; nil for those of the
  ///   current window.
  package init(
    name: String, rule: HistoryRule, numbers: ModelParameters, context: MarginContext, states: [MarketState],
    coverage: Int? = nil, team: ThreadTeam
  ) {
    self.name = name
    self.rule = rule
    self.context = context
    confidence = numbers["confidence", default: 0.99]
    stressWeight = numbers["stress.weight", default: 0.25]
    liquidityRate = numbers["liquidity.rate", default: 0]
    floorRate = numbers["floor.rate", default: 0]
    maintenanceRatio = numbers["maintenance_ratio", default: 1]
    func whole(_ name: String, _ fallback: Double) -> Int {
      Int(exactly: min(numbers[name, default: fallback], 1e6).rounded()) ?? 0
    }
    let scenarios = HistoryScenarios(
      context.history, assets: context.assets,
      plan: HistoryScenarios.Plan(
        horizon: max(1, whole("horizon_days", 2)), lookback: whole("lookback_days", 250),
        stressedRows: whole("stress.days", 125),
        coverage: coverage ?? whole("lookback_days", 250),
        decay: rule == .filtered ? numbers["ewma.decay", default: 0.97] : nil))
    self.scenarios = scenarios
    let rows = scenarios.stressed.upperBound
    let tables = context.assets.indices.map { asset in
      let moves =
        scenarios.multipliers[asset].isEmpty
        ? [Double](repeating: 1, count: rows) : scenarios.multipliers[asset]
      return OptionTable(
        of: context,
        columns: [.unmoved] + moves.map { ScenarioColumn(spotMultiplier: $0, volatility: .none) },
        states: states, settlementWindow: 0, includesListed: true, underlying: asset, team: team)
    }
    self.tables = tables
    table =
      tables.first
      ?? OptionTable(
        of: context, columns: [.unmoved], states: states, settlementWindow: 0, includesListed: true,
        team: team)
    lone = tabulateLone(team: team)
  }

  package func table(of underlying: Int) -> OptionTable { tables[underlying] }

  /// Which days of the history count, and which assets it leaves out.
  package var notes: [String] {
    guard let first = scenarios.names.first, let last = scenarios.names[scenarios.current].last else {
      return ["\(name): no asset of the market has a history that is long enough"]
    }
    var note =
      "\(name): the window has \(scenarios.current.count) periods that ended from \(first) to \(last)"
    let stressed = scenarios.names[scenarios.stressed]
    if let first = stressed.first, let last = stressed.last {
      note += ", the stressed one of \(stressed.count) from \(first) to \(last)"
    }
    let absent = zip(context.assets, scenarios.multipliers).filter { asset, moves in
      moves.isEmpty && !asset.isStable && asset.id.text != context.baseCurrency
    }
    guard !absent.isEmpty else { return [note] }
    let named = absent.prefix(8).map { $0.0.id.text }.joined(separator: ", ")
    return [
      note + "; without a history: \(named)" + (absent.count > 8 ? " and \(absent.count - 8) more" : "")
    ]
  }

  package var componentNames: [String] {
    ["tail", "stressed_tail", "liquidity_charge", "floor", "coins_without_history"]
  }

  package func supports(instrument: Int) -> Bool {
    guard let contract = context.instruments[instrument] else { return false }
    return !scenarios.multipliers[contract.underlying].isEmpty
  }

  package func groups(of sets: [NettingSet]) -> [[NettingSet]] { sets.isEmpty ? [] : [sets] }

  package func requirement(of group: GroupInScenarios) -> ModelRequirement {
    let losses = losses(of: group)
    var counted = 0.0
    var exposure = 0.0
    var strange = 0.0
    for (place, set) in group.sets.enumerated() {
      let moves = scenarios.multipliers[set.underlying]
      let coins = set.collateral * context.assets[set.underlying].spot * group.market.spotMultiplier
      counted += coins
      if moves.isEmpty, !context.assets[set.underlying].isStable { strange += max(coins, 0) }
      for (leg, position) in set.legs.enumerated() where supports(instrument: position.instrument) {
        counted += self.counted(position, place, leg, in: group)
        let terms = context.terms[position.instrument]
        let price = terms.isOption ? terms.units * terms.forward : terms.unit
        exposure += abs(position.effectiveQuantity * price) * group.market.spotMultiplier
      }
    }
    return parts(of: losses, exposure: exposure, strange: strange, counted: counted)
  }

  /// What the group loses in each row of the history: the current window, then the stressed one.
  func losses(of group: GroupInScenarios) -> [Double] {
    var losses = [Double](repeating: 0, count: scenarios.stressed.upperBound)
    for (place, set) in group.sets.enumerated() {
      let moves = scenarios.multipliers[set.underlying]
      guard !moves.isEmpty else { continue }
      var moving = set.collateral * context.assets[set.underlying].spot * group.market.spotMultiplier
      for (leg, position) in set.legs.enumerated() where supports(instrument: position.instrument) {
        guard group.hasRow(place, leg) else {
          let unit = context.terms[position.instrument].unit
          moving += position.effectiveQuantity * unit * group.market.spotMultiplier
          continue
        }
        let today = group.value(place, leg, column: 0)
        for row in losses.indices {
          losses[row] -= position.effectiveQuantity * (group.value(place, leg, column: row + 1) - today)
        }
      }
      guard moving != 0 else { continue }
      for (row, move) in moves.enumerated() { losses[row] -= moving * (move - 1) }
    }
    return losses
  }

  /// The recipe on losses: the tail, what the stressed window adds, the charges.
  private func parts(
    of losses: [Double], exposure: Double, strange: Double, counted: Double
  ) -> ModelRequirement {
    func tail(_ rows: Range<Int>) -> Double {
      let tail = LossTail(of: Array(losses[rows]), confidence: confidence)
      return max(0, rule == .valueAtRisk ? tail.valueAtRisk : tail.expectedShortfall)
    }
    let current = tail(scenarios.current)
    let stressed = tail(scenarios.stressed)
    let weight = scenarios.stressed.isEmpty ? 0 : stressWeight
    let base = rule == .filtered ? current : (1 - weight) * current
    let added = rule == .filtered ? max(0, weight * stressed - current) : weight * stressed
    let liquidity = liquidityRate * exposure
    let floor = max(0, floorRate * exposure - base - added - liquidity)
    let amounts = [base, added, liquidity, floor]
    let worst = losses[scenarios.current].enumerated().max { $0.element < $1.element }
    return ModelRequirement(
      counted: counted,
      parts: amounts.map { UnitRequirement(initial: $0, maintenance: $0 * maintenanceRatio) }
        // What has no loan value has none in maintenance margin either.
        + [UnitRequirement(initial: strange, maintenance: strange)],
      worstScenario: worst.flatMap { $0.element > 0 ? scenarios.names[$0.offset] : nil })
  }
}

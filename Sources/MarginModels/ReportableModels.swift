package import MarketModel
import PortfolioValuation

/// How a report names the scenarios that decided.
package enum WorstScenarioText {
  /// The names of the scenarios of a mask: bit i stands for the i-th name.
  static func names(of decisive: UInt64, among names: [String]) -> [String] {
    names.indices.filter { decisive & (1 << UInt64($0)) != 0 }.map { names[$0] }
  }

  /// `-18% vol up`, or `BTC: -18% vol up; ETH: +18% vol up` where several underlyings are at risk.
  package static func sentence(_ worst: [(underlying: String, scenarios: String)]) -> String? {
    guard worst.count > 1 else { return worst.first?.scenarios }
    return worst.map { "\($0.underlying): \($0.scenarios)" }.joined(separator: "; ")
  }
}

extension DerivePortfolioModel: ReportableModel {
  package static let modes: [MarginMode] = [.portfolio]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = PortfolioRequirement()
    var worst: [(underlying: String, scenarios: String)] = []
    for set in holdings.sets {
      let part = requirement(of: set, state: 0)
      sum += part
      guard part.decisive != 0 else { continue }
      worst.append(
        (
          context.assets[set.underlying].id.text,
          scenarioNames(part.decisive).joined(separator: " = ")
        ))
    }
    return AccountRequirement(
      equity: holdings.cash + sum.counted, initial: sum.initial, maintenance: sum.maintenance,
      components: sum.components, worstScenario: WorstScenarioText.sentence(worst))
  }

  /// The names of the scenarios of a mask, in the model's order.
  package func scenarioNames(_ decisive: UInt64) -> [String] {
    WorstScenarioText.names(of: decisive, among: scenarioNames)
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    let sign = leg.effectiveQuantity < 0 ? 1 : 0
    let unit = loneUnits[leg.instrument * 2 + sign]
    let size = abs(leg.effectiveQuantity)
    return (size * unit.initial, size * unit.maintenance)
  }
}

extension DeriveStandardModel: ReportableModel {
  package static let modes: [MarginMode] = [.isolated, .cross]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var whole = StandardRequirement()
    for set in holdings.sets { whole += requirement(of: set, state: 0) }
    // Positions alone defend themselves with cash: what coins count less in initial margin is not theirs.
    let sum = mode == .isolated ? alone(holdings.legs) : whole
    return AccountRequirement(
      equity: holdings.cash + whole.counted, initial: sum.initial, maintenance: sum.maintenance,
      components: sum.components, worstScenario: nil)
  }

  /// The requirements of positions one by one, summed part by part.
  private func alone(_ legs: [Leg]) -> StandardRequirement {
    var sum = StandardRequirement()
    for leg in legs where supports(instrument: leg.instrument) {
      let sign = leg.effectiveQuantity < 0 ? 1 : 0
      sum.add(loneUnits[leg.instrument * 2 + sign], times: abs(leg.effectiveQuantity))
    }
    return sum
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    let sign = leg.effectiveQuantity < 0 ? 1 : 0
    let unit = loneUnits[leg.instrument * 2 + sign]
    let size = abs(leg.effectiveQuantity)
    return (size * unit.initial, size * unit.maintenance)
  }
}

extension DeribitStandardModel: ReportableModel {
  package static let modes: [MarginMode] = [.isolated, .cross]

  /// Positions are margined one by one in both modes; what defends them differs.
  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = DeribitRequirement()
    for set in holdings.sets { sum += requirement(of: set, state: 0) }
    return AccountRequirement(
      equity: holdings.cash + sum.counted, initial: sum.initial, maintenance: sum.maintenance,
      components: sum.components, worstScenario: nil)
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard let instrument = context.instruments[leg.instrument] else { return (0, 0) }
    let set = NettingSet(underlying: instrument.underlying, legs: [leg], collateral: 0)
    let part = requirement(of: set, state: 0)
    return (part.initial, part.maintenance)
  }
}

package import MarketModel
import PortfolioValuation

extension DerivePortfolioModel: ReportableModel {
  package static let modes: [MarginMode] = [.portfolio]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = PortfolioRequirement()
    var worst: [String] = []
    for set in holdings.sets {
      let part = requirement(of: set, state: 0)
      sum += part
      guard part.decisive != 0 else { continue }
      worst.append(context.assets[set.underlying].id.text)
      worst.append(scenarioNames(part.decisive).joined(separator: " = "))
    }
    return AccountRequirement(
      equity: holdings.cash + sum.counted, initial: sum.initial, maintenance: sum.maintenance,
      components: sum.components, worstScenario: Self.sentence(worst))
  }

  /// `-18% vol up`, or `BTC: -18% vol up; ETH: +18% vol up` where several underlyings are at risk.
  private static func sentence(_ worst: [String]) -> String? {
    guard worst.count > 2 else { return worst.last }
    return stride(from: 0, to: worst.count, by: 2)
      .map { "\(worst[$0]): \(worst[$0 + 1])" }.joined(separator: "; ")
  }

  /// The names of the scenarios of a mask, in the model's order.
  package func scenarioNames(_ decisive: UInt64) -> [String] {
    let names = scenarioNames
    return names.indices.filter { decisive & (1 << $0) != 0 }.map { names[$0] }
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
  package static let modes: [MarginMode] = [.cross]

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

package import MarketModel
import PortfolioValuation
package import RiskNumerics

/// SPAN margin with arrays of its own: sixteen scenarios priced from the book's market, then the flow of a
/// combined commodity.
///
/// An underlying is a combined commodity; its contracts' times to expiry are the periods. The requirement is the
/// larger of scan risk + inter-month charges + delivery charges − inter-commodity credits and the short option
/// minimum; option values are counted as equity, which is what crediting the net option value comes to. Deltas are
/// in units of the underlying, and charges a part of its price. Source: CME Group, "SPAN Methodology".
package struct SpanMarginModel: ScenarioModel {
  package static let modes: [MarginMode] = [.portfolio]
  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  let parameters: SpanParameters
  /// One entry an asset.
  let commodities: [SpanParameters.Commodity]
  /// First column of the asset's scenarios in the table.
  let firstColumn: [Int]
  /// Underlyings that inter-commodity spreads tie together, by the first of them; one entry an asset.
  let linked: [Int]
  package private(set) var lone: [NetMargin] = []

  /// Prices the options of a context under states × scenarios.
  package init(
    name: String, numbers: ModelParameters, context: MarginContext, states: [MarketState], team: ThreadTeam
  ) {
    let parameters = SpanParameters(numbers)
    self.name = name
    self.parameters = parameters
    self.context = context
    let commodities = context.assets.map { parameters.commodity(of: $0.id) }
    self.commodities = commodities
    var columns = [ScenarioColumn.unmoved]
    var known: [(columns: [ScenarioColumn], first: Int)] = []
    firstColumn = commodities.indices.map { asset in
      guard context.hasContracts[asset] else { return 0 }
      let own = parameters.columns(of: commodities[asset])
      if let found = known.first(where: { $0.columns == own }) { return found.first }
      known.append((own, columns.count))
      columns += own
      return columns.count - own.count
    }
    table = OptionTable(
      of: context, columns: columns, states: states, settlementWindow: 0, includesListed: true, team: team)
    linked = Self.links(context.assets, parameters.interSpreads)
    lone = tabulateLone(team: team)
  }

  private static func links(_ assets: [Asset], _ spreads: [SpanParameters.InterSpread]) -> [Int] {
    var first = Array(assets.indices)
    for spread in spreads {
      let places = spread.legs.compactMap { leg in assets.firstIndex { $0.id.text == leg.asset } }
      guard let least = places.map({ first[$0] }).min() else { continue }
      let joined = places.map { first[$0] }
      for asset in first.indices where joined.contains(first[asset]) { first[asset] = least }
    }
    return first
  }

  package var componentNames: [String] { Self.riskNames + ["collateral_haircut"] }

  package func supports(instrument: Int) -> Bool { context.instruments[instrument] != nil }

  package func groups(of sets: [NettingSet]) -> [[NettingSet]] {
    var names: [Int] = []
    var groups: [[NettingSet]] = []
    for set in sets {
      if let place = names.firstIndex(of: linked[set.underlying]) {
        groups[place].append(set)
      } else {
        names.append(linked[set.underlying])
        groups.append([set])
      }
    }
    return groups
  }

  package func requirement(of group: GroupInScenarios) -> ModelRequirement {
    let risks = risks(of: group)
    var counted = 0.0
    var coins = 0.0
    for (place, set) in group.sets.enumerated() {
      let value = set.collateral * price(of: set, in: group.market)
      counted += value
      coins += max(value, 0) * parameters.collateralHaircut
      for (leg, position) in set.legs.enumerated() where supports(instrument: position.instrument) {
        counted += self.counted(position, place, leg, in: group)
      }
    }
    var sums = [Double](repeating: 0, count: componentNames.count)
    for risk in risks {
      for (place, amount) in Self.amounts(of: risk).enumerated() { sums[place] += amount }
    }
    sums[5] = coins
    let parts = sums.enumerated().map { place, sum in
      UnitRequirement(initial: place == 5 ? sum : sum * parameters.initialRatio, maintenance: sum)
    }
    return ModelRequirement(counted: counted, parts: parts, worstScenario: worst(risks, group.sets))
  }

  /// The risk of each set of a group, credits between them included.
  func risks(of group: GroupInScenarios) -> [SpanRisk] {
    var risks = group.sets.indices.map { place in
      let positions = positions(of: group, place)
      return SpanRisk(
        of: positions, terms: terms(of: group.sets[place], positions, in: group.market))
    }
    guard group.sets.count > 1 else { return risks }
    let spreads = parameters.interSpreads.compactMap { spread -> SpanInterSpread? in
      let legs = spread.legs.compactMap { leg in
        group.sets.firstIndex { context.assets[$0.underlying].id.text == leg.asset }.map {
          SpanInterSpread.Leg(commodity: $0, ratio: leg.ratio, isSideA: leg.isSideA)
        }
      }
      return legs.count == spread.legs.count ? SpanInterSpread(legs: legs, rate: spread.rate) : nil
    }
    SpanInterSpread.credit(spreads, to: &risks)
    return risks
  }

  private func worst(_ risks: [SpanRisk], _ sets: [NettingSet]) -> String? {
    WorstScenarioText.sentence(
      zip(sets, risks).compactMap { set, risk in
        risk.active.map { (context.assets[set.underlying].id.text, SpanScenario.names[$0]) }
      })
  }

  package func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure] {
    var optionValue = 0.0
    var (time, volatility, price) = (0.0, 0.0, 0.0)
    for group in groups(of: holdings.sets) {
      let group = inTable(group, state: 0)
      for risk in risks(of: group) {
        time += risk.active == nil ? 0 : risk.time
        volatility += risk.volatility
        price += risk.price
      }
      for (place, set) in group.sets.enumerated() {
        for (leg, position) in set.legs.enumerated() where group.hasRow(place, leg) {
          optionValue += position.effectiveQuantity * group.value(place, leg, column: 0)
        }
      }
    }
    return [
      ModelMeasure(name: "net_option_value", value: optionValue),
      ModelMeasure(
        name: "requirement_less_net_option_value", value: requirement.maintenance - optionValue),
      ModelMeasure(name: "time_risk", value: time), ModelMeasure(name: "volatility_risk", value: volatility),
      ModelMeasure(name: "price_risk", value: price),
    ]
  }
}

package import MarketModel
import PortfolioValuation
package import RiskNumerics

/// SPAN margin with the arrays and terms of a clearing house's file.
///
/// The file's arrays stand still in every state of the market, as they do on the day that they are made for; what is
/// counted of the positions moves. The account is margined as one group, because contracts of several underlyings may
/// make up one combined commodity. Source: CME Group, "SPAN Methodology".
package struct SpanFileModel: ScenarioModel {
  package static let modes: [MarginMode] = [.portfolio]
  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package private(set) var lone: [NetMargin] = []
  let file: SpanFile
  /// Place in the file's contracts, one entry an instrument; nil where it cannot be margined.
  private let contracts: [Int?]
  /// Base currency per unit of the currency of each commodity.
  private let rates: [Double?]
  private let spreads: [SpanInterSpread]
  /// One entry a commodity, in its currency.
  private let terms: [SpanTerms]

  /// Matches the instruments of a context with the contracts of its file.
  package init(
    name: String, file: SpanFile, context: MarginContext, states: [MarketState], team: ThreadTeam
  ) {
    self.name = name
    self.file = file
    self.context = context
    let rates = file.commodities.map { commodity in
      commodity.currency == context.baseCurrency
        ? 1 : context.assets.first { $0.id.text == commodity.currency }?.spot
    }
    self.rates = rates
    contracts = context.spanContracts.indices.map { instrument in
      guard let place = context.spanContracts[instrument], context.instruments[instrument] != nil else {
        return nil
      }
      let commodity = file.contracts[place].commodity
      return file.commodities[commodity].refusal == nil && rates[commodity] != nil ? place : nil
    }
    terms = file.commodities.map(Self.terms)
    spreads = file.interSpreads.map { spread in
      SpanInterSpread(
        legs: spread.legs.map { .init(commodity: $0.place, ratio: $0.ratio, isSideA: $0.isSideA) },
        rate: spread.rate)
    }
    table = OptionTable(
      of: context, columns: [.unmoved], states: states, settlementWindow: 0, includesListed: true, team: team)
    lone = tabulateLone(team: team)
  }

  private static func terms(of commodity: SpanFile.Commodity) -> SpanTerms {
    var terms = SpanTerms()
    terms.tiers = commodity.tiers.map { SpanTier(number: $0.number, first: $0.first, last: $0.last) }
    terms.spreads = commodity.spreads.map { spread in
      SpanTierSpread(
        legs: spread.legs.map { .init(tier: $0.place, ratio: $0.ratio, isSideA: $0.isSideA) },
        charge: spread.rate)
    }
    terms.deliveries = commodity.deliveries.map {
      SpanDelivery(
        period: $0.first, through: $0.last, spreadCharge: $0.spreadCharge, outrightCharge: $0.outrightCharge)
    }
    terms.shortOptionMinimum = commodity.shortOptionMinimum
    terms.countsLargerSide = commodity.countsLargerSide
    terms.weightedPriceRiskCap = commodity.isCredited ? nil : 0
    return terms
  }

  /// Contracts of the book that the file has, and that its terms cannot margin in this market.
  package var notes: [String] {
    var named: [String] = []
    for (place, contract) in zip(contracts, context.spanContracts) where place == nil {
      guard let contract, rates[file.contracts[contract].commodity] == nil else { continue }
      let commodity = file.commodities[file.contracts[contract].commodity]
      let note =
        "\(name): combined commodity \(commodity.code) of \(file.name) is in \(commodity.currency), which the market has no price of"
      if !named.contains(note) { named.append(note) }
    }
    return named
  }

  package var componentNames: [String] { SpanMarginModel.riskNames }
  package var spotShocks: [SpotShock] { [SpotShock(multiplier: 1, weight: 1)] }
  package func supports(instrument: Int) -> Bool { contracts[instrument] != nil }
  package func groups(of sets: [NettingSet]) -> [[NettingSet]] { sets.isEmpty ? [] : [sets] }

  package func requirement(of group: GroupInScenarios) -> ModelRequirement {
    var counted = 0.0
    for (place, set) in group.sets.enumerated() {
      counted += set.collateral * context.assets[set.underlying].spot * group.market.spotMultiplier
      for (leg, position) in set.legs.enumerated() where supports(instrument: position.instrument) {
        counted += self.counted(position, place, leg, in: group)
      }
    }
    var parts = [UnitRequirement](
      repeating: UnitRequirement.zero, count: componentNames.count)
    var worst: [(underlying: String, scenarios: String)] = []
    for (place, risk) in risks(of: group.sets) {
      let commodity = file.commodities[place]
      let scale = commodity.adjustment * (rates[place] ?? 0)
      for (part, amount) in SpanMarginModel.amounts(of: risk).enumerated() {
        parts[part].maintenance += amount * scale
        parts[part].initial += amount * scale * commodity.initialRatio
      }
      if let active = risk.active { worst.append((commodity.code, SpanScenario.names[active])) }
    }
    return ModelRequirement(
      counted: counted, parts: parts, worstScenario: WorstScenarioText.sentence(worst))
  }

  /// The risk of each combined commodity that the sets hold, in the order of the file.
  private func risks(of sets: [NettingSet]) -> [(commodity: Int, risk: SpanRisk)] {
    var held: [Int: [SpanPosition]] = [:]
    for set in sets {
      for leg in set.legs {
        guard let place = contracts[leg.instrument] else { continue }
        let contract = file.contracts[place]
        // An array is of the exchange's contract; the book may count in another size.
        let units = context.terms[leg.instrument].units
        let size = contract.valueFactor.map { $0 > 0 ? units / $0 : 1 } ?? 1
        held[contract.commodity, default: []].append(
          SpanPosition(
            quantity: leg.effectiveQuantity * size, losses: contract.losses, delta: contract.delta,
            period: contract.period, isCall: contract.isCall))
      }
    }
    let places = held.keys.sorted()
    var risks = places.map { SpanRisk(of: held[$0] ?? [], terms: terms[$0]) }
    let credited = spreads.compactMap { spread -> SpanInterSpread? in
      let legs = spread.legs.compactMap { leg in
        places.firstIndex(of: leg.commodity).map {
          SpanInterSpread.Leg(commodity: $0, ratio: leg.ratio, isSideA: leg.isSideA)
        }
      }
      return legs.count == spread.legs.count ? SpanInterSpread(legs: legs, rate: spread.rate) : nil
    }
    SpanInterSpread.credit(credited, to: &risks)
    return Array(zip(places, risks)).map { (commodity: $0.0, risk: $0.1) }
  }
}

extension SpanMarginModel {
  /// Names of the parts of a SPAN requirement.
  static let riskNames = [
    "scan_risk", "inter_month_charge", "delivery_charge", "inter_commodity_credit", "short_option_minimum",
  ]

  /// The parts of one combined commodity, in the order of `riskNames`; they sum to its requirement.
  static func amounts(of risk: SpanRisk) -> [Double] {
    [
      risk.scan, risk.interMonth, risk.delivery, -risk.interCommodityCredit,
      risk.requirement - risk.commodityRisk,
    ]
  }
}

import MarketModel
import PortfolioValuation

extension SpanMarginModel {
  /// Price of the underlying of a set on a market, base currency.
  func price(of set: NettingSet, in market: MarketState) -> Double {
    context.assets[set.underlying].spot * market.spotMultiplier
  }

  /// The positions of one set of a group: arrays out of the cells of options, straight lines for other contracts.
  func positions(of group: GroupInScenarios, _ place: Int) -> [SpanPosition] {
    let set = group.sets[place]
    let commodity = commodities[set.underlying]
    return set.legs.enumerated().compactMap { leg, position in
      guard supports(instrument: position.instrument), let contract = context.instruments[position.instrument]
      else { return nil }
      let terms = context.terms[position.instrument]
      let losses = (0..<SpanScenario.count).map { scenario -> Double in
        let gain: Double
        if group.hasRow(place, leg) {
          gain =
            group.value(place, leg, column: firstColumn[set.underlying] + scenario)
            - group.value(place, leg, column: 0)
        } else {
          gain =
            terms.unit * group.market.spotMultiplier * (parameters.multiplier(scenario, commodity) - 1)
        }
        return -gain * parameters.cover(scenario)
      }
      // Every price of the underlying moves by the same part; a delta is per unit of the contract's own forward.
      let range = commodity.priceScan * terms.forward * group.market.spotMultiplier
      return SpanPosition(
        quantity: position.effectiveQuantity, losses: losses,
        delta: SpanScenario.compositeDelta(
          losses: losses, priceScanRange: range, weights: parameters.deltaWeights),
        // A perpetual stands in front of every dated contract and is never in delivery.
        period: contract.kind == .perpetual ? -1 : Int(clamping: contract.secondsToExpiry),
        isCall: contract.kind == .option ? contract.isCall : nil, size: abs(terms.units))
    }
  }

  /// The terms of a set in money: parts of the price become amounts, and the tiers ranges of seconds to expiry.
  func terms(of set: NettingSet, _ positions: [SpanPosition], in market: MarketState) -> SpanTerms {
    let commodity = commodities[set.underlying]
    let price = price(of: set, in: market)
    var terms = SpanTerms()
    var first = Int.min
    for tier in commodity.tiers {
      terms.tiers.append(SpanTier(number: tier.number, first: first, last: tier.seconds))
      first = tier.seconds + 1
    }
    terms.spreads = commodity.spreads.map { SpanTierSpread(legs: $0.legs, charge: $0.charge * price) }
    if commodity.deliverySeconds > 0 {
      let near = Set(positions.map(\.period).filter { $0 >= 0 && $0 <= commodity.deliverySeconds })
      terms.deliveries = near.sorted().map {
        SpanDelivery(
          period: $0, spreadCharge: commodity.deliverySpread * price,
          outrightCharge: commodity.deliveryOutright * price)
      }
    }
    terms.shortOptionMinimum = commodity.shortOptionMinimum * price
    terms.countsLargerSide = commodity.countsLargerSide
    return terms
  }

  /// Distinct commodities that the book has contracts on, in the order of its assets.
  private var heldCommodities: [SpanParameters.Commodity] {
    var found: [SpanParameters.Commodity] = []
    for asset in commodities.indices where context.hasContracts[asset] && !found.contains(commodities[asset])
    {
      found.append(commodities[asset])
    }
    return found
  }

  package var spotShocks: [SpotShock] {
    var shocks = [SpotShock(multiplier: 1, weight: 1)]
    for commodity in heldCommodities {
      for scenario in 0..<SpanScenario.count {
        let shock = SpotShock(
          multiplier: parameters.multiplier(scenario, commodity), weight: parameters.cover(scenario))
        if !shocks.contains(shock) { shocks.append(shock) }
      }
    }
    return shocks
  }

  /// The scenarios as markets, the whole extreme moves included; time stands still in them.
  package var capitalScenarios: [MarketState] {
    let held = heldCommodities
    return held.enumerated().flatMap { place, commodity in
      (0..<SpanScenario.count).map { scenario in
        let move = SpanScenario.volatilityFractions[scenario] * commodity.volatilityScan
        return MarketState(
          name: held.count > 1
            ? "\(place + 1): \(SpanScenario.names[scenario])" : SpanScenario.names[scenario],
          scenarioSet: name, spotMultiplier: parameters.multiplier(scenario, commodity),
          volatility: move == 0 ? .none : .relative(max(move, -1)))
      }
    }
  }
}

extension SpanMarginModel: ScanAttributing {
  package func decisiveScenarios(of set: NettingSet) -> [String] { decisiveScenarios(ofGroup: [set]) }

  package func decisiveScenarios(ofGroup group: [NettingSet]) -> [String] {
    risks(of: inTable(group, state: 0)).compactMap { $0.active.map { SpanScenario.names[$0] } }
  }

  package func worstScenarioLosses(of set: NettingSet) -> [Double] {
    worstScenarioLosses(ofGroup: [set]).first ?? []
  }

  /// Set by set, each in its own active scenario; coins lose nothing in an array.
  package func worstScenarioLosses(ofGroup group: [NettingSet]) -> [[Double]] {
    let group = inTable(group, state: 0)
    let risks = risks(of: group)
    return group.sets.indices.map { place in
      let set = group.sets[place]
      guard let active = risks[place].active else {
        return [Double](repeating: 0, count: set.legs.count + 1)
      }
      var positions = positions(of: group, place).makeIterator()
      let legs = set.legs.map { leg -> Double in
        guard supports(instrument: leg.instrument), let position = positions.next() else { return 0 }
        return position.quantity * position.losses[active]
      }
      return legs + [0]
    }
  }
}

/// Contract periods that spread against each other on the same terms.
package struct SpanTier: Hashable, Sendable {
  package var number: Int
  /// First and last period, both within; a period is a month as year × 12 + month, or any other increasing number.
  package var first: Int
  package var last: Int

  package init(number: Int, first: Int, last: Int) {
    self.number = number
    self.first = first
    self.last = last
  }
}

/// An inter-month spread: deltas of some tiers against deltas of others, at a charge a spread.
package struct SpanTierSpread: Hashable, Sendable {
  package struct Leg: Hashable, Sendable {
    package var tier: Int
    /// Deltas in one spread; > 0.
    package var ratio: Double
    /// Side A stands against side B: long against short, or the other way round.
    package var isSideA: Bool

    package init(tier: Int, ratio: Double, isSideA: Bool) {
      self.tier = tier
      self.ratio = ratio
      self.isSideA = isSideA
    }
  }

  package var legs: [Leg]
  /// For one spread; ≥ 0.
  package var charge: Double

  package init(legs: [Leg], charge: Double) {
    self.legs = legs
    self.charge = charge
  }
}

/// What a contract in or near delivery is charged, a delta.
package struct SpanDelivery: Hashable, Sendable {
  /// Periods, both within.
  package var period: Int
  package var last: Int
  /// For a delta of the period that stands in a spread.
  package var spreadCharge: Double
  /// For a delta of the period that is left.
  package var outrightCharge: Double

  package init(period: Int, through last: Int? = nil, spreadCharge: Double, outrightCharge: Double) {
    self.period = period
    self.last = last ?? period
    self.spreadCharge = spreadCharge
    self.outrightCharge = outrightCharge
  }
}

/// The terms of one combined commodity: everything on one underlying, which is scanned together.
package struct SpanTerms: Hashable, Sendable {
  package var tiers: [SpanTier] = []
  /// In order of priority.
  package var spreads: [SpanTierSpread] = []
  package var deliveries: [SpanDelivery] = []
  /// For a short option of size 1; ≥ 0.
  package var shortOptionMinimum = 0.0
  /// Whether the minimum counts the larger of short calls and short puts, not both.
  package var countsLargerSide = false
  /// Upper bound of the weighted price risk, a delta; nil where it has none.
  package var weightedPriceRiskCap: Double?

  package init() {}
}

/// A position in one contract of a combined commodity.
package struct SpanPosition: Hashable, Sendable {
  /// Contracts, long positive.
  package var quantity: Double
  /// Loss of one long contract in each scenario, gains negative; one entry a scenario.
  package var losses: [Double]
  /// Of one contract, in the deltas that spreads count.
  package var delta: Double
  package var period: Int
  /// nil for a future.
  package var isCall: Bool?
  /// What one contract counts in the short option minimum: 1 where that is stated a contract.
  package var size: Double

  package init(
    quantity: Double, losses: [Double], delta: Double, period: Int, isCall: Bool? = nil, size: Double = 1
  ) {
    self.quantity = quantity
    self.losses = losses
    self.delta = delta
    self.period = period
    self.isCall = isCall
    self.size = size
  }
}

/// The risk of one combined commodity, term by term; one currency.
///
/// Source: CME Group, "SPAN Methodology"; the split of the scan risk as in its inter-commodity spreading.
package struct SpanRisk: Hashable, Sendable {
  /// Loss of all positions in each scenario.
  package var losses: [Double]
  /// Largest of them, ≥ 0.
  package var scan = 0.0
  /// Scenario of the scan risk, the first of those that are equal but for roundings; nil where nothing loses.
  package var active: Int?
  /// Mean of the two scenarios without a move of the price.
  package var time = 0.0
  /// Half the distance of the active scenario from its pair: (L − L′)/2.
  package var volatility = 0.0
  /// What is left of the scan risk: (L + L′)/2 − time.
  package var price = 0.0
  /// Sum over all periods.
  package var netDelta = 0.0
  /// Price risk a delta: max(price / |net delta|, 0); 0 without delta.
  package var weightedPrice = 0.0
  package var interMonth = 0.0
  package var delivery = 0.0
  /// ≥ 0 where rates are.
  package var interCommodityCredit = 0.0
  package var shortOptionMinimum = 0.0

  /// scan + inter-month + delivery − inter-commodity.
  package var commodityRisk: Double { scan + interMonth + delivery - interCommodityCredit }
  /// max(commodity risk, short option minimum); ≥ 0, option values not yet credited.
  package var requirement: Double { max(commodityRisk, shortOptionMinimum) }

  /// Scans positions and charges what stands between their periods; inter-commodity credits come later.
  ///
  /// - Complexity: O(positions × scenarios + spreads × periods).
  package init(of positions: [SpanPosition], terms: SpanTerms) {
    losses = [Double](repeating: 0, count: SpanScenario.count)
    var shortCalls = 0.0
    var shortPuts = 0.0
    var deltas = SpanPeriods()
    for position in positions {
      for (scenario, loss) in position.losses.prefix(SpanScenario.count).enumerated() {
        losses[scenario] += position.quantity * loss
      }
      deltas.add(position.quantity * position.delta, period: position.period)
      guard position.quantity < 0, let isCall = position.isCall else { continue }
      let short = -position.quantity * position.size
      if isCall { shortCalls += short } else { shortPuts += short }
    }
    splitScan(netDelta: deltas.net, cap: terms.weightedPriceRiskCap)
    for spread in terms.spreads { interMonth += deltas.form(spread, tiers: terms.tiers) * spread.charge }
    delivery = deltas.charge(terms.deliveries)
    let short = terms.countsLargerSide ? max(shortCalls, shortPuts) : shortCalls + shortPuts
    shortOptionMinimum = short * terms.shortOptionMinimum
  }

  /// The scan risk and its parts, from `losses`.
  private mutating func splitScan(netDelta: Double, cap: Double?) {
    self.netDelta = netDelta
    let worst = losses.max() ?? 0
    time = (losses[0] + losses[1]) / 2
    guard worst > 0, let place = losses.firstIndex(where: { $0 >= worst * (1 - 1e-9) }) else { return }
    scan = worst
    active = place
    let other = losses[SpanScenario.pair(of: place)]
    volatility = (worst - other) / 2
    price = (worst + other) / 2 - time
    let weighted = netDelta == 0 ? 0 : max(price / abs(netDelta), 0)
    weightedPrice = min(weighted.isFinite ? weighted : 0, cap ?? .infinity)
  }
}

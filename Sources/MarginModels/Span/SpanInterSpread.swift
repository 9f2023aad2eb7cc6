/// A spread between combined commodities, whose deltas offset each other in part.
package struct SpanInterSpread: Hashable, Sendable {
  package struct Leg: Hashable, Sendable {
    /// Place of the combined commodity in the list that credits are formed over.
    package var commodity: Int
    /// Deltas in one spread; > 0.
    package var ratio: Double
    /// Side A stands against side B.
    package var isSideA: Bool

    package init(commodity: Int, ratio: Double, isSideA: Bool) {
      self.commodity = commodity
      self.ratio = ratio
      self.isSideA = isSideA
    }
  }

  package var legs: [Leg]
  /// Part of the weighted price risk that is credited, 0 to 1.
  package var rate: Double

  package init(legs: [Leg], rate: Double) {
    self.legs = legs
    self.rate = rate
  }

  /// Forms spreads in order of priority and credits each leg: weighted price risk × deltas in spreads × rate.
  ///
  /// Every commodity starts with its net delta, which the spreads use up; a leg is credited in its own currency.
  /// - Parameters:
  ///   - spreads: in order of priority.
  ///   - risks: one entry a combined commodity; the credits are added to them.
  package static func credit(_ spreads: [SpanInterSpread], to risks: inout [SpanRisk]) {
    var left = risks.map(\.netDelta)
    for spread in spreads where !spread.legs.isEmpty {
      guard spread.legs.allSatisfy({ left.indices.contains($0.commodity) && $0.ratio > 0 }) else { continue }
      for isLong in [true, false] {
        let fits = spread.legs.allSatisfy { leg in
          leg.isSideA == isLong ? left[leg.commodity] > 0 : left[leg.commodity] < 0
        }
        guard fits else { continue }
        let count = spread.legs.map { abs(left[$0.commodity]) / $0.ratio }.min() ?? 0
        guard count > 0, count.isFinite else { continue }
        for leg in spread.legs {
          let deltas = count * leg.ratio
          risks[leg.commodity].interCommodityCredit +=
            risks[leg.commodity].weightedPrice * deltas * spread.rate
          let size = max(0, abs(left[leg.commodity]) - deltas)
          left[leg.commodity] = left[leg.commodity] < 0 ? -size : size
        }
        break
      }
    }
  }
}

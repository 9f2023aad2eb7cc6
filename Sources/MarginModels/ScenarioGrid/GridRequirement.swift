/// What a scenario grid and the charges beside it make of one netting set in one state.
///
/// max(scan, minimum delta) + charges, at least the cost of trading out, times the factor of initial or of maintenance
/// margin; provisions come on top without a factor.
package struct GridRequirement: Hashable, Sendable {
  /// The figures before they are put together; base currency, all ≥ 0.
  package struct Figures: Hashable, Sendable {
    package init() {}

    /// Worst weighted loss of the scan.
    package var scan = 0.0
    /// Least that the scan may come to.
    package var minimumDelta = 0.0
    package var shortOptions = 0.0
    package var futures = 0.0
    package var hedgedFutures = 0.0
    package var termVega = 0.0
    package var basis = 0.0
    package var interest = 0.0
    package var stable = 0.0
    /// Cost of trading out after its tiers.
    package var reduction = 0.0
    package var fee = 0.0
    package var funding = 0.0

    /// The whole requirement under one factor; the sum of its parts without a list of them.
    func total(factor: Double) -> Double {
      let sum =
        max(scan, minimumDelta)
        + (shortOptions + futures + hedgedFutures + termVega + basis + interest + stable)
      return max(sum, reduction) * factor + fee + funding
    }

    /// The parts that the factors multiply, in the order of a report: each what it adds.
    package var factored: [Double] {
      let charges = [shortOptions, futures, hedgedFutures, termVega, basis, interest, stable]
      let sum = max(scan, minimumDelta) + charges.reduce(0, +)
      return [scan, max(minimumDelta - scan, 0)] + charges + [max(reduction - sum, 0)]
    }
  }

  /// Names of the parts, in the order of a report.
  package static let names = [
    "scan_loss", "minimum_delta", "short_options", "futures", "hedged_futures", "term_vega", "basis",
    "interest", "stable_depeg", "minimum_charge", "fee_provision", "funding_provision", "borrow",
  ]

  /// Coins, option values and unrealised profit and loss; no cash.
  package var counted = 0.0
  /// One entry a name.
  package var initial = [Double](repeating: 0, count: names.count)
  package var maintenance = [Double](repeating: 0, count: names.count)
  /// Scenarios that decide the scan, one bit each.
  package var decisive: UInt64 = 0

  package init() {}

  package init(
    _ figures: Figures, counted: Double, decisive: UInt64, initialFactor: Double, maintenanceFactor: Double
  ) {
    self.counted = counted
    self.decisive = decisive
    let factored = figures.factored
    let provisions = [figures.fee, figures.funding, 0]
    initial = factored.map { $0 * initialFactor } + provisions
    maintenance = factored.map { $0 * maintenanceFactor } + provisions
  }

  var net: NetMargin {
    NetMargin(initial: counted - initial.reduce(0, +), maintenance: counted - maintenance.reduce(0, +))
  }

  /// Adds the requirement of another netting set, part by part.
  static func += (sum: inout Self, term: Self) {
    sum.counted += term.counted
    for place in sum.initial.indices {
      sum.initial[place] += term.initial[place]
      sum.maintenance[place] += term.maintenance[place]
    }
  }

  /// The parts in the order of a report.
  package var components: [MarginComponent] {
    Self.names.indices.map {
      MarginComponent(name: Self.names[$0], initial: initial[$0], maintenance: maintenance[$0])
    }
  }
}

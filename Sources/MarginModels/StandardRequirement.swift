/// What the Derive standard manager counts and requires of one netting set in one state, part by part.
///
/// Everything is in the base currency; requirements are positive, relief is negative.
package struct StandardRequirement: Hashable, Sendable {
  /// Coins after their factor and unrealised profit and loss; no option values, no cash.
  package var counted = 0.0
  package var perpetualInitial = 0.0
  package var perpetualMaintenance = 0.0
  /// Short options one by one, their value included.
  package var optionInitial = 0.0
  package var optionMaintenance = 0.0
  /// What expiries owe less because their largest loss is smaller than their shorts one by one.
  package var reliefInitial = 0.0
  package var reliefMaintenance = 0.0
  /// What coins count less in initial margin.
  package var collateral = 0.0
  /// Penalty for oracles that are not trusted; initial only.
  package var confidence = 0.0
  /// Charge for a stable asset under its peg; initial only.
  package var depeg = 0.0

  package init() {}

  package var initial: Double {
    perpetualInitial + optionInitial + reliefInitial + collateral + confidence + depeg
  }
  package var maintenance: Double { perpetualMaintenance + optionMaintenance + reliefMaintenance }
  package var net: NetMargin {
    NetMargin(initial: counted - initial, maintenance: counted - maintenance)
  }

  /// Adds the requirement of another netting set, part by part.
  package static func += (sum: inout Self, term: Self) {
    sum.counted += term.counted
    sum.perpetualInitial += term.perpetualInitial
    sum.perpetualMaintenance += term.perpetualMaintenance
    sum.optionInitial += term.optionInitial
    sum.optionMaintenance += term.optionMaintenance
    sum.reliefInitial += term.reliefInitial
    sum.reliefMaintenance += term.reliefMaintenance
    sum.collateral += term.collateral
    sum.confidence += term.confidence
    sum.depeg += term.depeg
  }

  /// Adds a multiple of the requirement of one contract alone; what it counts is left out.
  package mutating func add(_ unit: Self, times size: Double) {
    perpetualInitial += size * unit.perpetualInitial
    perpetualMaintenance += size * unit.perpetualMaintenance
    optionInitial += size * unit.optionInitial
    optionMaintenance += size * unit.optionMaintenance
    reliefInitial += size * unit.reliefInitial
    reliefMaintenance += size * unit.reliefMaintenance
    confidence += size * unit.confidence
    depeg += size * unit.depeg
  }

  /// The parts in the order of a report.
  package var components: [MarginComponent] {
    [
      MarginComponent(name: "perpetuals", initial: perpetualInitial, maintenance: perpetualMaintenance),
      MarginComponent(name: "short_options", initial: optionInitial, maintenance: optionMaintenance),
      MarginComponent(name: "spread_relief", initial: reliefInitial, maintenance: reliefMaintenance),
      MarginComponent(name: "collateral_haircut", initial: collateral, maintenance: 0),
      MarginComponent(name: "oracle_confidence", initial: confidence, maintenance: 0),
      MarginComponent(name: "depeg", initial: depeg, maintenance: 0),
    ]
  }
}

/// What the Derive portfolio manager counts and requires of one netting set in one state, part by part.
///
/// Everything is in the base currency; requirements are positive, the scan loss included.
package struct PortfolioRequirement: Hashable, Sendable {
  /// Options, collateral and unrealised profit and loss; no cash.
  package var counted = 0.0
  /// Worst loss of the scenarios and the basis contingency, times the factor.
  package var scanInitial = 0.0
  package var scanMaintenance = 0.0
  /// What the stable asset's shortfall adds to the initial scan.
  package var depeg = 0.0
  package var optionInitial = 0.0
  package var optionMaintenance = 0.0
  package var perpetualInitial = 0.0
  package var perpetualMaintenance = 0.0
  package var collateralInitial = 0.0
  package var collateralMaintenance = 0.0
  /// Penalty for oracles that are not trusted; initial only.
  package var confidence = 0.0

  /// Which scenarios decided: bit i for scenario i, the bit after the last for the basis contingency.
  package var decisive: UInt64 = 0

  package init() {}

  package var initial: Double {
    scanInitial + depeg + optionInitial + perpetualInitial + collateralInitial + confidence
  }
  package var maintenance: Double {
    scanMaintenance + optionMaintenance + perpetualMaintenance + collateralMaintenance
  }
  package var net: NetMargin {
    NetMargin(initial: counted - initial, maintenance: counted - maintenance)
  }

  /// Adds the requirement of another netting set, part by part.
  package static func += (sum: inout Self, term: Self) {
    sum.counted += term.counted
    sum.scanInitial += term.scanInitial
    sum.scanMaintenance += term.scanMaintenance
    sum.depeg += term.depeg
    sum.optionInitial += term.optionInitial
    sum.optionMaintenance += term.optionMaintenance
    sum.perpetualInitial += term.perpetualInitial
    sum.perpetualMaintenance += term.perpetualMaintenance
    sum.collateralInitial += term.collateralInitial
    sum.collateralMaintenance += term.collateralMaintenance
    sum.confidence += term.confidence
  }

  /// The parts in the order of a report.
  package var components: [MarginComponent] {
    [
      MarginComponent(name: "scan_loss", initial: scanInitial, maintenance: scanMaintenance),
      MarginComponent(name: "depeg", initial: depeg, maintenance: 0),
      MarginComponent(name: "short_options", initial: optionInitial, maintenance: optionMaintenance),
      MarginComponent(name: "perpetuals", initial: perpetualInitial, maintenance: perpetualMaintenance),
      MarginComponent(
        name: "collateral_haircut", initial: collateralInitial, maintenance: collateralMaintenance),
      MarginComponent(name: "oracle_confidence", initial: confidence, maintenance: 0),
    ]
  }
}

/// Coins held beside the contracts of a netting set, reduced to what the portfolio manager asks of them.
package struct CollateralTotals: Hashable, Sendable {
  /// Base value.
  package var value = 0.0
  /// Base value of what moves with the underlying in the scenarios.
  package var riskCancelling = 0.0
  /// Haircuts, base currency.
  package var maintenanceHaircut = 0.0
  package var initialHaircut = 0.0
  /// Penalty for an oracle that is not trusted.
  package var confidence = 0.0

  package init() {}

  /// Adds one coin.
  ///
  /// - Parameters:
  ///   - value: base value; negative when borrowed, and then without haircut.
  ///   - confidence: the lower of the coin's own and the underlying's.
  package mutating func add(
    value coin: Double, cancelsRisk: Bool, terms: CollateralTerms, confidence trust: Double,
    parameters: DerivePortfolioParameters
  ) {
    let asset = max(coin, 0)
    value += coin
    if cancelsRisk { riskCancelling += coin }
    maintenanceHaircut += asset * terms.maintenanceHaircut
    initialHaircut += asset * terms.initialHaircut
    if trust < parameters.confidenceThreshold {
      confidence += (1 - trust) * parameters.confidenceMargin * asset
    }
  }
}

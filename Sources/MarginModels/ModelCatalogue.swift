package import MarketModel
package import RiskNumerics

/// The names under which models are built.
package enum ModelCatalogue {
  package static let standard = "derive-srm"
  package static let portfolio = "derive-pmrm2"
  package static let deribit = "deribit-sm"

  /// In the order of `plimsoll models`.
  package static let names = [standard, portfolio, deribit]

  /// The venues whose three modes are built, in the order of a ranking of equals.
  package static let venues = [
    MarginVenue("derive", isolated: standard, cross: standard, portfolio: portfolio)
  ]

  /// Checks that a model can stand for a mode.
  ///
  /// - Throws: `MarginError.unknownModel` or `MarginError.modeNotOffered`.
  package static func check(_ name: String, offers mode: MarginMode) throws(MarginError) {
    guard let model = ModelDescription.named(name) else {
      throw .unknownModel(name: name, known: names)
    }
    guard model.modes.contains(mode) else { throw .modeNotOffered(model: name, mode: mode) }
  }

  /// Checks that the models of a comparison offer the modes they stand for.
  ///
  /// - Throws: `MarginError.unknownModel` or `MarginError.modeNotOffered`.
  package static func check(_ plan: ComparisonPlan) throws(MarginError) {
    try check(plan.isolated, offers: .isolated)
    try check(plan.cross, offers: .cross)
    try check(plan.portfolio, offers: .portfolio)
  }

  /// Prepares a model by name, with its main-net or documented parameters.
  ///
  /// - Parameter states: the first is taken as today's market.
  /// - Throws: `MarginError.unknownModel` where no such model is built.
  package static func prepare(
    _ name: String, context: MarginContext, states: [MarketState], team: ThreadTeam
  ) throws(MarginError) -> any ReportableModel {
    switch name {
    case standard:
      DeriveStandardModel(
        name: name, parameters: .mainnet, context: context, states: states, team: team)
    case portfolio:
      DerivePortfolioModel(
        name: name, parameters: .mainnet2025, context: context, states: states, team: team)
    case deribit:
      DeribitStandardModel(
        name: name, parameters: .documented, context: context, states: states, team: team)
    default:
      throw .unknownModel(name: name, known: names)
    }
  }
}

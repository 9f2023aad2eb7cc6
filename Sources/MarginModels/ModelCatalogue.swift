package import MarketModel
package import RiskNumerics

/// A model of the catalogue: what it is, and how it is laid out over a book.
package struct ModelEntry: Sendable {
  package let description: ModelDescription
  /// With the parameters that the description lists; the first state is today's market.
  package let prepare: @Sendable (MarginContext, [MarketState], ThreadTeam) -> any ReportableModel

  init(
    _ description: ModelDescription,
    prepare: @escaping @Sendable (MarginContext, [MarketState], ThreadTeam) -> any ReportableModel
  ) {
    self.description = description
    self.prepare = prepare
  }
}

/// The names under which models are built.
package enum ModelCatalogue {
  package static let standard = "derive-srm"
  package static let portfolio = "derive-pmrm2"
  package static let deribit = "deribit-sm"
  package static let deribitPortfolio = "deribit-pm"
  package static let strategy = "reg-t"
  package static let tims = "tims-cpm"

  /// Every model that is built, in the order of `plimsoll models`: a new one adds its line here.
  package static let table: [ModelEntry] = [
    ModelEntry(.deriveStandard) {
      DeriveStandardModel(name: standard, parameters: .mainnet, context: $0, states: $1, team: $2)
    },
    ModelEntry(.derivePortfolio) {
      DerivePortfolioModel(name: portfolio, parameters: .mainnet2025, context: $0, states: $1, team: $2)
    },
    ModelEntry(.deribitStandard) {
      DeribitStandardModel(name: deribit, parameters: .documented, context: $0, states: $1, team: $2)
    },
    ModelEntry(.deribitPortfolio) {
      DeribitPortfolioModel(
        name: deribitPortfolio, parameters: .documented, context: $0, states: $1, team: $2)
    },
    ModelEntry(.strategy) {
      StrategyMarginModel(
        name: strategy, parameters: StrategyParameters(), context: $0, states: $1, team: $2)
    },
    ModelEntry(.tims) {
      TimsMarginModel(name: tims, parameters: TimsParameters(), context: $0, states: $1, team: $2)
    },
  ]

  /// In the order of the table.
  package static let names = table.map(\.description.name)

  /// The venues whose three modes are built, in the order of a ranking of equals.
  package static let venues = [
    MarginVenue("derive", isolated: standard, cross: standard, portfolio: portfolio),
    MarginVenue("deribit", isolated: deribit, cross: deribit, portfolio: deribitPortfolio),
    MarginVenue("us-listed", isolated: strategy, cross: strategy, portfolio: tims, isListed: true),
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
    guard let entry = table.first(where: { $0.description.name.utf8.elementsEqual(name.utf8) }) else {
      throw .unknownModel(name: name, known: names)
    }
    return entry.prepare(context, states, team)
  }
}

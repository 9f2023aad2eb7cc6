import MarketModel
package import RiskNumerics

/// A model of the catalogue: what it is, and how it is laid out over a book.
package struct ModelEntry: Sendable {
  package internal(set) var description: ModelDescription
  /// Paths of tables that a definition may fill with names of its own: with `tier` open, `tier.BTC.1.rate`.
  let openTables: [String]
  /// What is wrong with a set of numbers, in the words that follow the name; nil where nothing is.
  let check: @Sendable (ModelParameters) -> (parameter: String, message: String)?
  /// Numbers that follow from the others unless a definition names them.
  let followers: @Sendable (ModelParameters) -> [(name: String, value: Double)]
  /// Under a name and with the numbers of the description; the first state is today's market.
  ///
  /// Total: `check` has passed on the numbers, and a book can hold anything.
  package let prepare:
    @Sendable (String, ModelParameters, MarginContext, [MarketState], ThreadTeam) -> any ReportableModel

  init(
    _ description: ModelDescription, openTables: [String] = [],
    check: @escaping @Sendable (ModelParameters) -> (parameter: String, message: String)? = { _ in nil },
    followers: @escaping @Sendable (ModelParameters) -> [(name: String, value: Double)] = { _ in [] },
    prepare:
      @escaping @Sendable (String, ModelParameters, MarginContext, [MarketState], ThreadTeam) ->
      any ReportableModel
  ) {
    self.description = description
    self.openTables = openTables
    self.check = check
    self.followers = followers
    self.prepare = prepare
  }
}

/// The names under which models are built.
package enum ModelCatalogue {
  package static let standard = "derive-srm"
  package static let portfolio = "derive-pmrm2"
  package static let portfolioFirst = "derive-pmrm1"
  package static let portfolioTest = "derive-pmrm2-test"
  package static let paradexPortfolio = "paradex-pm"
  package static let scenarioGrid = "scenario-grid"
  package static let dederiPortfolio = "dederi-pm"
  package static let okxPortfolio = "okx-pm"
  package static let bybitPortfolio = "bybit-pm"
  package static let bybitStandard = "bybit-sm"
  package static let deltaGamma = "delta-gamma"
  package static let deribit = "deribit-sm"
  package static let deribitPortfolio = "deribit-pm"
  package static let strategy = "reg-t"
  package static let tims = "tims-cpm"
  package static let tieredPerpetual = "tiered-perp"
  package static let binancePerpetual = "binance-perp"
  package static let bybitPerpetual = "bybit-perp"
  package static let gatePerpetual = "gate-perp"
  package static let hyperliquidPerpetual = "hyperliquid-perp"
  package static let dydx = "dydx-v4"
  package static let drift = "drift-v2"
  package static let aave = "aave-v3"
  package static let compound = "compound-v3"
  package static let maker = "maker-vault"
  package static let gateOptions = "gate-options"
  package static let span = "span"
  package static let valueAtRiskMargin = "var-margin"
  package static let expectedShortfallMargin = "es-margin"
  package static let filteredMargin = "fhs-margin"

  /// Every model that is built, in the order of `plimsoll models`: a new one adds its line here.
  package static let table: [ModelEntry] = [
    ModelEntry(
      .deriveStandard, openTables: DeriveStandardParameters.openTables,
      check: DeriveStandardParameters.problem
    ) {
      DeriveStandardModel(
        name: $0, parameters: DeriveStandardParameters($1), context: $2, states: $3, team: $4)
    },
    .derive(.derivePortfolio),
    ModelEntry(
      .deribitStandard, openTables: DeribitStandardParameters.openTables,
      check: DeribitStandardParameters.problem
    ) {
      DeribitStandardModel(
        name: $0, parameters: DeribitStandardParameters($1), context: $2, states: $3, team: $4)
    },
    ModelEntry(
      .deribitPortfolio, openTables: DeribitPortfolioParameters.openTables,
      check: DeribitPortfolioParameters.problem
    ) {
      DeribitPortfolioModel(
        name: $0, parameters: DeribitPortfolioParameters($1), context: $2, states: $3, team: $4)
    },
    ModelEntry(
      .strategy, check: StrategyParameters.problem, followers: StrategyParameters.followers
    ) {
      StrategyMarginModel(
        name: $0, parameters: StrategyParameters($1), context: $2.applying($1), states: $3, team: $4)
    },
    ModelEntry(.tims, check: TimsParameters.problem) {
      TimsMarginModel(
        name: $0, parameters: TimsParameters($1), context: $2.applying($1), states: $3, team: $4)
    },
    .derive(.derivePortfolioFirst),
    .derive(.derivePortfolioTest),
    .tiered(.tieredPerpetual), .tiered(.binancePerpetual), .tiered(.bybitPerpetual), .tiered(.gatePerpetual),
    .tiered(.hyperliquidPerpetual), .dydx, .drift,
    .lending(.aave, rules: .aave), .lending(.compound, rules: .compound), .lending(.maker, rules: .maker),
    .gateOptions,
    .grid(.paradexPortfolio),
    .grid(.scenarioGrid),
    .grid(.dederiPortfolio),
    .grid(.okxPortfolio),
    .grid(.bybitPortfolio),
    .bybitStandard,
    .deltaGamma,
    ModelEntry(.span, openTables: ["commodity", "inter"], check: { SpanParameters.problem(with: $0) }) {
      guard let file = $2.library.spanFile else {
        return SpanMarginModel(name: $0, numbers: $1, context: $2, states: $3, team: $4)
      }
      return SpanFileModel(name: $0, file: file, context: $2, states: $3, team: $4)
    },
    .recipe(.valueAtRiskMargin, .valueAtRisk), .recipe(.expectedShortfallMargin, .expectedShortfall),
    .recipe(.filteredMargin, .filtered),
  ]

  /// In the order of the table.
  package static let names = table.map(\.description.name)

  /// The venues whose three modes are built, in the order of a ranking of equals.
  package static let venues = [
    MarginVenue("derive", isolated: standard, cross: standard, portfolio: portfolio),
    MarginVenue("deribit", isolated: deribit, cross: deribit, portfolio: deribitPortfolio),
    MarginVenue("us-listed", isolated: strategy, cross: strategy, portfolio: tims, isListed: true),
  ]

  /// Prepares a built model by name.
  ///
  /// - Throws: as `ModelLibrary.prepare`.
  package static func prepare(
    _ name: String, context: MarginContext, states: [MarketState], team: ThreadTeam
  ) throws(MarginError) -> any ReportableModel {
    try ModelLibrary.builtIn.prepare(name, context: context, states: states, team: team)
  }
}

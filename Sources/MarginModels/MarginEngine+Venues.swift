import MarketModel
import PortfolioValuation
import RiskNumerics

/// One venue of a run: its models today, and the capital they need over the venue's own scenarios.
struct VenueComparison: Sendable {
  let plan: ComparisonPlan
  let compared: ComparedModels
  let capital: CapitalEngine
}

/// One venue, or one model, in a ranking: its capital over the scenarios that all of them share.
struct RankedVenue: Sendable {
  /// nil for a model that was named alone.
  let name: String?
  let compared: ComparedModels
  let capital: CapitalEngine
  /// The modes that are ranked.
  let modes: [MarginMode]
}

/// Everything that is compared in a run.
struct VenueBench: Sendable {
  /// The primary comparison first.
  let venues: [VenueComparison]
  /// In the order asked for.
  let ranked: [RankedVenue]
  /// Market values over the scenarios of the ranking.
  let values: MarketValues

  /// Prepares the capital of every venue over its own scenarios, and of all of them over one common set.
  ///
  /// - Parameters:
  ///   - plans: the primary first.
  ///   - alone: models that join the ranking beside the venues.
  ///   - prepared: models that are prepared on today's market.
  init(
    book: ValuedBook, context: MarginContext, plans: [ComparisonPlan], alone: [String],
    prepared: [any ReportableModel], stress: [StressScenario], team: ThreadTeam
  ) throws(MarginError) {
    var today = ModelShelf(context: context, states: [.today], team: team, prepared: prepared)
    var venues: [VenueComparison] = []
    var common: [MarketState] = []
    for plan in plans {
      let compared = try ComparedModels(plan: plan, shelf: &today)
      let scenarios = compared.portfolio.capitalScenarios
      for state in scenarios where !common.contains(where: { $0.isSameMarket(as: state) }) {
        common.append(state)
      }
      var shelf = ModelShelf(
        context: context, states: CapitalStates.states(scenarios: scenarios, stresses: stress), team: team)
      let capital = CapitalEngine(
        valued: book, context: context, models: try ComparedModels(plan: plan, shelf: &shelf))
      venues.append(VenueComparison(plan: plan, compared: compared, capital: capital))
    }
    self.venues = venues
    guard plans.count > 1 || !alone.isEmpty else {
      // One venue is ranked over its own scenarios, which may repeat a market.
      values = MarketValues(context: context, states: venues.first?.capital.states ?? [.today], team: team)
      ranked = venues.map {
        RankedVenue(
          name: $0.plan.venue, compared: $0.compared, capital: $0.capital, modes: MarginMode.allCases)
      }
      return
    }
    let states = CapitalStates.states(scenarios: common, stresses: stress)
    values = MarketValues(context: context, states: states, team: team)
    var shelf = ModelShelf(context: context, states: states, team: team)
    var ranked: [RankedVenue] = []
    for venue in venues {
      let models = try ComparedModels(plan: venue.plan, shelf: &shelf)
      ranked.append(
        RankedVenue(
          name: venue.plan.venue, compared: venue.compared,
          capital: CapitalEngine(valued: book, context: context, models: models),
          modes: MarginMode.allCases))
    }
    for name in alone {
      let plan = ComparisonPlan(isolated: name, cross: name, portfolio: name)
      let model = try today.model(name)
      let modes = type(of: model).modes.filter { mode in
        !venues.contains { $0.compared.model(of: mode).name == name }
      }
      let models = try ComparedModels(plan: plan, shelf: &shelf)
      ranked.append(
        RankedVenue(
          name: nil, compared: try ComparedModels(plan: plan, shelf: &today),
          capital: CapitalEngine(valued: book, context: context, models: models), modes: modes))
    }
    self.ranked = ranked
  }
}

/// Models by name on one list of states, each prepared once.
struct ModelShelf {
  let context: MarginContext
  let states: [MarketState]
  let team: ThreadTeam
  private var prepared: [any ReportableModel]

  init(
    context: MarginContext, states: [MarketState], team: ThreadTeam, prepared: [any ReportableModel] = []
  ) {
    self.context = context
    self.states = states
    self.team = team
    self.prepared = prepared
  }

  /// The model of a name.
  mutating func model(_ name: String) throws(MarginError) -> any ReportableModel {
    if let known = prepared.first(where: { $0.name == name }) { return known }
    let model = try context.library.prepare(name, context: context, states: states, team: team)
    prepared.append(model)
    return model
  }
}

extension ComparedModels {
  /// Takes the models of a plan from a shelf.
  init(plan: ComparisonPlan, shelf: inout ModelShelf) throws(MarginError) {
    self.init(
      isolated: try shelf.model(plan.isolated), cross: try shelf.model(plan.cross),
      portfolio: try shelf.model(plan.portfolio))
  }
}

extension CapitalEngine {
  /// An engine over three models on the same states.
  init(valued: ValuedBook, context: MarginContext, models: ComparedModels) {
    self.init(
      valued: valued, context: context, isolated: models.isolated, cross: models.cross,
      portfolio: models.portfolio)
  }
}

extension MarketState {
  /// Whether two states move the market alike, whatever they are called.
  func isSameMarket(as other: MarketState) -> Bool {
    spotMultiplier == other.spotMultiplier && volatility == other.volatility
  }
}

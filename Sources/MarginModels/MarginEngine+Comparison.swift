public import MarketModel
import PortfolioValuation
import RiskNumerics

/// The models behind the three modes of a comparison, on today's market.
struct ComparedModels: Sendable {
  let isolated: any ReportableModel
  let cross: any ReportableModel
  let portfolio: any ReportableModel

  /// The model that stands for a mode.
  func model(of mode: MarginMode) -> any ReportableModel {
    switch mode {
    case .isolated: isolated
    case .cross: cross
    case .portfolio: portfolio
    }
  }
}

/// One leg's part in the scenario that decides an account's portfolio requirement.
public struct WorstScenarioLeg: Hashable, Sendable {
  /// The scenario, ties joined by ` = `; the figures are those of the first.
  public var scenario: String
  public var underlying: Identifier
  /// Instrument, or the coin's own id for a balance.
  public var instrument: Identifier
  /// Discounted and dampened as the model counts it, signed, base currency.
  ///
  /// The parts of one underlying sum to its scan loss before the factors of initial and maintenance margin.
  public var profitAndLoss: Double

  /// A part from its numbers.
  public init(scenario: String, underlying: Identifier, instrument: Identifier, profitAndLoss: Double) {
    self.scenario = scenario
    self.underlying = underlying
    self.instrument = instrument
    self.profitAndLoss = profitAndLoss
  }
}

extension MarginEngine {
  /// All margin figures of one account: the models, and the comparison where it was asked for.
  ///
  /// - Complexity: O(positions × states × scenarios) multiply-adds over shared tables.
  public func margin(ofAccount account: Int) -> AccountMargin {
    let figures = models(ofAccount: account)
    var margin = comparedMargin(ofAccount: account, figures: figures)
    margin.collateral = collateral(ofAccount: account, models: figures)
    margin.dynamic = dynamicMargin?.figure(
      of: AccountHoldings(of: account, in: valued, context: context), models: figures,
      collateral: margin.collateral)
    return margin
  }

  private func comparedMargin(ofAccount account: Int, figures: [MarginFigure]) -> AccountMargin {
    guard let bench else { return AccountMargin(models: figures, comparison: nil) }
    var view = AccountComparison(engine: self, account: account, known: figures)
    let sets = view.holdings.sets
    var comparisons: [MarginComparison] = []
    var entries: [RankedMode] = []
    let isAlone = bench.ranked.count == 1
    for venue in bench.venues {
      let table = venue.capital.capital(of: sets)
      if let comparison = view.comparison(venue, table: table) { comparisons.append(comparison) }
      // One venue: its own scenarios are the common set.
      if isAlone, let ranked = bench.ranked.first {
        entries = view.entries(ranked, table: table, values: bench.values)
      }
    }
    if !isAlone {
      for venue in bench.ranked {
        entries += view.entries(venue, table: venue.capital.capital(of: sets), values: bench.values)
      }
    }
    return AccountMargin(
      models: figures, comparison: comparisons.first, beside: Array(comparisons.dropFirst()),
      ranking: RankedMode.ranked(entries))
  }

  /// Isolated, cross and portfolio margin of one account side by side; nil where it was not asked for.
  public func comparison(ofAccount account: Int) -> MarginComparison? {
    guard let venue = bench?.venues.first else { return nil }
    var view = AccountComparison(engine: self, account: account, known: [])
    return view.comparison(venue, table: venue.capital.capital(of: view.holdings.sets))
  }

  /// Liquidation prices of one account; nil where they were not asked for.
  ///
  /// By the models of the comparison, and the others asked for beside them.
  public func liquidation(ofAccount account: Int) -> AccountLiquidation? {
    liquidation?.liquidation(ofAccount: account)
  }

  /// Liquidation prices of one account and its profile over the spots that they were looked for at; nil where
  /// they were not asked for.
  ///
  /// - Complexity: that of `liquidation(ofAccount:)` and one look-up a leg and move.
  public func liquidationAndProfile(
    ofAccount account: Int
  ) -> (liquidation: AccountLiquidation, profile: MarginProfile)? {
    guard let liquidation, let profile else { return nil }
    let sets = context.nettingSets(ofAccount: account, in: valued)
    let shared = liquidation.surplus(ofAccount: account, sets: sets)
    return (
      liquidation.liquidation(ofAccount: account, sets: sets, shared: shared),
      profile.profile(ofAccount: account, sets: sets, shared: shared)
    )
  }

  /// Relative moves of spot at which profiles are taken, increasing; empty where none are.
  public var profileMoves: [Double] { profile?.moves ?? [] }

  /// What each leg makes of the scenario that decides the account's portfolio requirement, underlying by
  /// underlying; an underlying that cannot lose is left out.
  public func worstScenarioLegs(ofAccount account: Int) -> [WorstScenarioLeg] {
    guard let model = compared.portfolio as? any ScanAttributing else { return [] }
    var legs: [WorstScenarioLeg] = []
    for group in model.groups(of: context.nettingSets(ofAccount: account, in: valued)) {
      let names = model.decisiveScenarios(ofGroup: group)
      guard !names.isEmpty else { continue }
      let scenario = names.joined(separator: " = ")
      for (set, losses) in zip(group, model.worstScenarioLosses(ofGroup: group)) {
        legs += worstScenarioLegs(of: set, losses: losses, scenario: scenario, model: model)
      }
    }
    return legs
  }

  private func worstScenarioLegs(
    of set: NettingSet, losses: [Double], scenario: String, model: any ScanAttributing
  ) -> [WorstScenarioLeg] {
    let coin = context.assets[set.underlying].id
    var legs: [WorstScenarioLeg] = []
    for (leg, loss) in zip(set.legs, losses) where model.supports(instrument: leg.instrument) {
      legs.append(
        WorstScenarioLeg(
          scenario: scenario, underlying: coin, instrument: valued.book.instruments[leg.instrument].id,
          profitAndLoss: -loss))
    }
    if set.collateral != 0, let loss = losses.last {
      legs.append(
        WorstScenarioLeg(scenario: scenario, underlying: coin, instrument: coin, profitAndLoss: -loss))
    }
    return legs
  }

  /// The liquidation engine: the same models on a grid of spots, and beside them the other models asked for,
  /// each in the mode in which it margins a whole account.
  static func liquidation(
    _ valued: ValuedBook, context: MarginContext, plan: ComparisonPlan, models: [String], team: ThreadTeam
  ) throws(MarginError) -> LiquidationEngine {
    let states = LiquidationEngine.states()
    let isolated = try context.library.prepare(plan.isolated, context: context, states: states, team: team)
    let cross =
      plan.cross == plan.isolated
      ? isolated : try context.library.prepare(plan.cross, context: context, states: states, team: team)
    let portfolio = try context.library.prepare(plan.portfolio, context: context, states: states, team: team)
    var wholeAccount = [
      LiquidationEngine.WholeAccount(mode: .cross, model: cross),
      LiquidationEngine.WholeAccount(mode: .portfolio, model: portfolio),
    ]
    for name in models where !wholeAccount.contains(where: { $0.model.name == name }) {
      guard let mode = context.library.description(of: name)?.modes.first(where: { $0 != .isolated }) else {
        continue
      }
      let model = try context.library.prepare(name, context: context, states: states, team: team)
      wholeAccount.append(LiquidationEngine.WholeAccount(mode: mode, model: model))
    }
    return LiquidationEngine(
      valued: valued, context: context, wholeAccount: wholeAccount,
      isolated: [isolated] + others(beside: isolated, of: models, prepared: wholeAccount, valued, context))
  }

  /// The other models asked for that know isolated mode; none where the book holds nothing isolated.
  private static func others(
    beside isolated: any PreparedModel, of models: [String], prepared: [LiquidationEngine.WholeAccount],
    _ valued: ValuedBook, _ context: MarginContext
  ) -> [any PreparedModel] {
    let isHeld = valued.book.positions.contains { $0.marginMode == .isolated || $0.isolatedMargin != nil }
    guard isHeld else { return [] }
    return prepared.map(\.model).filter { model in
      model.name != isolated.name && models.contains(model.name)
        && context.library.description(of: model.name)?.modes.contains(.isolated) == true
    }
  }
}

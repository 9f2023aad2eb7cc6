public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// The margin models of a run, priced once over the instruments of a book, then asked account by account.
///
/// ```
/// let engine = try MarginEngine(book: valued, models: ["derive-srm"], team: team)
/// let figures = engine.models(ofAccount: 0)
/// ```
public struct MarginEngine: Sendable {
  let valued: ValuedBook
  let context: MarginContext
  /// In the order asked for, each once.
  let reported: [any ReportableModel]
  /// What an engine can be asked for beside the figures of the models.
  public struct Parts: OptionSet, Sendable {
    public let rawValue: Int

    /// A set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The three modes side by side, with the capital that each needs.
    public static let comparison = Parts(rawValue: 1)
    /// Liquidation prices.
    public static let liquidation = Parts(rawValue: 2)
    /// In a comparison, how far each mode would let the account go.
    public static let leverage = Parts(rawValue: 4)
    /// All of them.
    public static let all: Parts = [.comparison, .liquidation, .leverage]
  }

  /// The models of the three modes of a comparison.
  public let comparisonPlan: ComparisonPlan
  /// The models of the comparison on today's market.
  let compared: ComparedModels
  let parts: Parts
  /// Everything that is compared; nil where it was not asked for.
  let bench: VenueBench?
  /// Cash delta of one unit of effective quantity, one entry an instrument.
  let unitCashDelta: [Double]
  /// nil where it was not asked for.
  let liquidation: LiquidationEngine?
  /// nil where liquidation was not asked for.
  let profile: ProfileEngine?
  /// nil where the run says nothing of haircuts.
  let collateralLedger: CollateralLedger?
  /// nil where requirements do not follow volatility.
  let dynamicMargin: DynamicMargin?
  /// Every default that the models took, one sentence each, in a fixed order.
  public let assumptions: [String]

  /// Prices the models.
  ///
  /// - Parameters:
  ///   - book: with its values.
  ///   - models: names of the library; repeated ones count once.
  ///   - comparison: the models of the three modes; they need not be among `models`.
  ///   - beside: further comparisons, a venue each.
  ///   - ranked: models that join the ranking alone, beside those that are compared.
  ///   - stress: further scenarios that capital has to survive.
  ///   - listed: what the run says of listed underlyings.
  ///   - library: the models by name.
  ///   - collateral: haircuts of the run; nil for none.
  ///   - dynamic: how requirements follow volatility; nil where they do not.
  ///   - parts: what will be asked for beside `models(ofAccount:)`; the rest is not priced.
  ///   - team: prices the tables; the figures do not depend on it.
  /// - Throws: `MarginError.unknownModel` where a name is not built, `MarginError.modeNotOffered` where a
  ///   model of the comparison has not the mode it stands for.
  /// - Complexity: O(instruments × states × scenarios) prices.
  public init(
    book: ValuedBook, models: [String], comparison: ComparisonPlan = ComparisonPlan(),
    beside: [ComparisonPlan] = [], ranked: [String] = [], stress: [StressScenario] = [],
    listed: ListedPlan = ListedPlan(), library: ModelLibrary = .builtIn,
    collateral: CollateralPlan? = nil, dynamic: DynamicMarginPlan? = nil, parts: Parts = .all,
    team: ThreadTeam
  ) throws(MarginError) {
    let plans = [comparison] + beside.filter { $0 != comparison }
    for plan in plans { try library.check(plan) }
    self.parts = parts
    valued = book
    comparisonPlan = comparison
    let context = MarginContext(of: book, listed: listed, library: library)
    self.context = context
    var shelf = ModelShelf(context: context, states: [.today], team: team)
    var reported: [any ReportableModel] = []
    for name in models where !reported.contains(where: { $0.name == name }) {
      reported.append(try shelf.model(name))
    }
    self.reported = reported
    let modes = try ComparedModels(plan: comparison, shelf: &shelf)
    compared = modes
    unitCashDelta =
      parts.contains(.comparison) || collateral?.wrongWayMove != nil
      ? LiquidationEngine.unitCashDeltas(context) : []
    bench =
      try parts.contains(.comparison)
      ? VenueBench(
        book: book, context: context, plans: plans, alone: ranked,
        prepared: reported + [modes.isolated, modes.cross, modes.portfolio], stress: stress, team: team)
      : nil
    collateralLedger = collateral.map {
      CollateralLedger($0, market: book.book.market, confidence: context.spotConfidence)
    }
    dynamicMargin = dynamic.map { DynamicMargin($0, context: context, team: team) }
    let named = Self.names(models: models, plans: parts.isEmpty ? [] : plans, ranked: ranked)
    assumptions =
      library.descriptions.filter { named.contains($0.name) }.flatMap(\.assumptions)
      + (bench == nil ? [] : Self.capitalAssumptions) + Self.modeAssumptions(book, context)
      + reported.flatMap(\.notes) + (collateral == nil ? [] : Self.collateralAssumptions)
      + (dynamicMargin?.assumptions ?? [])
    liquidation =
      try parts.contains(.liquidation)
      ? Self.liquidation(book, context: context, plan: comparison, models: models, team: team) : nil
    profile = liquidation.map { ProfileEngine(liquidation: $0, team: team) }
  }

  /// The capital of the primary comparison; nil where it was not asked for.
  var capital: CapitalEngine? { bench?.venues.first?.capital }

  private static func names(models: [String], plans: [ComparisonPlan], ranked: [String]) -> Set<String> {
    Set(models + ranked + plans.flatMap { [$0.isolated, $0.cross, $0.portfolio] })
  }

  /// The figures of one account, by model in the order asked for, then by mode.
  ///
  /// Positions by instrument, lots summed; those that a model cannot margin are in `unsupported` and in
  /// none of its figures.
  ///
  /// - Parameter account: place in `Book.accounts`.
  /// - Complexity: O(positions × scenarios) multiply-adds over shared tables.
  public func models(ofAccount account: Int) -> [MarginFigure] {
    let holdings = AccountHoldings(of: account, in: valued, context: context)
    return reported.flatMap { figures(of: holdings, under: $0) }
  }

  /// The figures of one account under one model, mode by mode.
  func figures(of holdings: AccountHoldings, under model: some ReportableModel) -> [MarginFigure] {
    let unsupported = holdings.legs.filter { !model.supports(instrument: $0.instrument) }
      .map { valued.book.instruments[$0.instrument].id }
    return type(of: model).modes.map { mode in
      let found = model.requirement(of: holdings.seen(in: mode), mode: mode)
      return MarginFigure(
        model: model.name, mode: mode, equity: found.equity, initial: found.initial,
        maintenance: found.maintenance, components: found.components,
        perPosition: mode == .isolated
          ? standing(holdings, under: model) : holdings.legs.compactMap { position($0, under: model) },
        worstScenario: found.worstScenario, unsupported: unsupported, measures: found.measures)
    }
  }

  /// What one leg needs alone; nil where the model cannot margin it.
  private func position(_ leg: Leg, under model: some ReportableModel) -> PositionMargin? {
    guard model.supports(instrument: leg.instrument) else { return nil }
    let alone = model.loneRequirement(of: leg)
    return PositionMargin(
      instrument: valued.book.instruments[leg.instrument].id, quantity: leg.rawQuantity,
      initial: alone.initial, maintenance: alone.maintenance, margin: nil)
  }

  /// Positions with the margin set aside for each: what the book states, else their own initial requirement.
  private func standing(_ holdings: AccountHoldings, under model: some ReportableModel) -> [PositionMargin] {
    let standing = holdings.standing ?? holdings.legs.map { StandingPosition(leg: $0, isIsolated: false) }
    return standing.compactMap { standing in
      guard var position = position(standing.leg, under: model) else { return nil }
      let margin =
        standing.isStated
        ? standing.stated + model.loneRequirement(of: standing.unstated).initial : position.initial
      position.margin = margin
      position.surplus = margin + model.netMargin(alone: standing.leg, state: 0).maintenance
      position.isHeldIsolated = standing.isHeldIsolated
      return position
    }
  }
}

public import MarginModels
public import MarketModel
import RiskNumerics

/// One leg of an account under the scenario that decides a model's requirement.
public struct ScenarioLeg: Hashable, Sendable {
  public var model: String
  public var mode: MarginMode
  /// The scenario, as the model names it.
  public var scenario: String
  public var underlying: Identifier
  /// Instrument, or asset of a balance.
  public var instrument: Identifier
  /// Signed, base currency.
  public var profitAndLoss: Double

  /// A leg from its numbers.
  public init(
    model: String, mode: MarginMode, scenario: String, underlying: Identifier, instrument: Identifier,
    profitAndLoss: Double
  ) {
    self.model = model
    self.mode = mode
    self.scenario = scenario
    self.underlying = underlying
    self.instrument = instrument
    self.profitAndLoss = profitAndLoss
  }
}

/// Where an underlying stands, by which distances are measured.
public struct UnderlyingState: Hashable, Sendable {
  public var underlying: Identifier
  /// Base currency; > 0.
  public var spot: Double
  /// Annual volatility of its log returns; nil where nothing gives one.
  public var volatility: Double?

  /// A state from its numbers.
  public init(underlying: Identifier, spot: Double, volatility: Double?) {
    self.underlying = underlying
    self.spot = spot
    self.volatility = volatility
  }
}

/// Why an account's margin is what it is: the scenario that binds, the legs behind it, the parts of the
/// requirement, what is nearest to liquidation, and what would cure a shortfall.
public struct Explanation: Sendable {
  /// One model in one mode.
  public struct Model: Sendable {
    public var figure: MarginFigure
    /// The legs under the binding scenario, greatest loss first, ties by instrument.
    public var legs: [ScenarioLeg]
    /// The cheapest trades found that cure it; nil where it is not short, or none were looked for.
    public var trades: WhatIfReport.Cure?

    /// Cash that brings the surplus to zero: 0 where there is no shortfall.
    public var cashForMaintenance: Double { max(0, -figure.surplus) }
    /// Cash that brings the initial surplus to zero.
    public var cashForInitial: Double { max(0, -figure.surplusInitial) }
    /// The leg that loses the most under the binding scenario; nil where no leg loses.
    public var worstLeg: ScenarioLeg? { legs.first.flatMap { $0.profitAndLoss < 0 ? $0 : nil } }
  }

  /// The liquidation price that the market reaches first.
  public struct Nearest: Sendable {
    public var price: LiquidationPrice
    /// The root, base currency.
    public var root: Double
    public var state: UnderlyingState

    /// root / spot − 1.
    public var relativeMove: Double { root / state.spot - 1 }
    /// |ln(root / spot)|.
    public var distance: Double
    /// The distance in standard deviations of one day; nil without a volatility.
    public var dailyDeviations: Double? {
      guard let volatility = state.volatility, volatility > 0 else { return nil }
      return distance / (volatility * (1.0 / 365).squareRoot())
    }
  }

  public let account: ReportAccount
  public let asOf: Instant
  public let baseCurrency: Identifier
  /// In the order of the report.
  public internal(set) var models: [Model]
  /// nil where nothing that meets its maintenance today has a root.
  public let nearest: Nearest?
  /// Where the saving comes from; nil where it was not asked for.
  public var detail: AttributionDetail? { account.figures.margin?.comparison?.detail }

  /// An explanation of one account.
  ///
  /// - Parameters:
  ///   - account: with its margin and liquidation measures.
  ///   - underlyings: where each underlying stands.
  ///   - legs: of every model that has scenarios, in any order.
  public init(
    account: ReportAccount, asOf: Instant, baseCurrency: Identifier, underlyings: [UnderlyingState],
    legs: [ScenarioLeg]
  ) {
    self.account = account
    self.asOf = asOf
    self.baseCurrency = baseCurrency
    models = (account.figures.margin?.models ?? []).map { figure in
      let own = legs.filter { $0.model == figure.model && $0.mode == figure.mode }
      return Model(figure: figure, legs: own.sorted(by: Self.losesMore))
    }
    var nearest: Nearest?
    for price in account.figures.liquidation?.prices ?? [] {
      guard let state = underlyings.first(where: { $0.underlying == price.underlying }), state.spot > 0
      else { continue }
      for root in price.spotRoots where price.surplus >= 0 && root > 0 && root.isFinite {
        let distance = Elementary.log(root / state.spot).magnitude
        if let found = nearest, found.distance <= distance { continue }
        nearest = Nearest(price: price, root: root, state: state, distance: distance)
      }
    }
    self.nearest = nearest
  }

  private static func losesMore(_ left: ScenarioLeg, _ right: ScenarioLeg) -> Bool {
    left.profitAndLoss == right.profitAndLoss
      ? left.instrument < right.instrument : left.profitAndLoss < right.profitAndLoss
  }
}

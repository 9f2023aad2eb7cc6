public import MarginModels
public import MarketModel
public import PortfolioValuation
public import TailRisk

/// A balance as the report shows it.
public struct ReportCollateral: Hashable, Sendable {
  public var asset: Identifier
  /// Negative when borrowed.
  public var quantity: Double
  /// Base currency per unit.
  public var spot: Double
  /// Base currency.
  public var value: Double

  /// A balance from its numbers.
  public init(asset: Identifier, quantity: Double, spot: Double, value: Double) {
    self.asset = asset
    self.quantity = quantity
    self.spot = spot
    self.value = value
  }

  /// A balance as it was valued.
  public init(_ balance: ValuedBalance) {
    self.init(
      asset: balance.asset, quantity: balance.quantity, spot: balance.spot, value: balance.value)
  }
}

/// A holding as the report shows it.
public struct ReportPosition: Hashable, Sendable {
  public var instrument: Identifier
  /// In `unit`, long positive.
  public var quantity: Double
  /// What the quantity counts, as `Instrument.quantityUnit` names it.
  public var unit: String
  /// Base currency: an option's worth, a future's or perpetual's unrealised profit and loss.
  public var value: Double
  /// For the whole quantity; nil where Greeks were not asked for.
  public var greeks: GreekSet?

  /// A holding from its numbers.
  public init(
    instrument: Identifier, quantity: Double, unit: String, value: Double, greeks: GreekSet?
  ) {
    self.instrument = instrument
    self.quantity = quantity
    self.unit = unit
    self.value = value
    self.greeks = greeks
  }
}

/// Everything the report says of an account or of the book; a measure that was not asked for is nil.
public struct ReportFigures: Sendable {
  /// Whether a row was set aside or a figure could not be computed.
  public var isIncomplete: Bool
  /// Base currency.
  public var equity: Double
  public var collateral: [ReportCollateral]
  public var positions: [ReportPosition]
  public var greeks: AggregateGreeks?
  public var valueAtRisk: [ValueAtRiskFigure]?
  public var stress: [StressFigure]?
  public var reverseStress: [ReverseStressFigure]?
  public var margin: AccountMargin?
  public var liquidation: AccountLiquidation?
  /// nil where the market quotes no depth.
  public var liquidity: ReportLiquidity?

  /// Figures from their parts.
  public init(
    isIncomplete: Bool, equity: Double, collateral: [ReportCollateral], positions: [ReportPosition],
    greeks: AggregateGreeks? = nil, valueAtRisk: [ValueAtRiskFigure]? = nil,
    stress: [StressFigure]? = nil, margin: AccountMargin? = nil,
    liquidation: AccountLiquidation? = nil
  ) {
    self.isIncomplete = isIncomplete
    self.equity = equity
    self.collateral = collateral
    self.positions = positions
    self.greeks = greeks
    self.valueAtRisk = valueAtRisk
    self.stress = stress
    self.margin = margin
    self.liquidation = liquidation
  }
}

/// One account of the report.
public struct ReportAccount: Sendable {
  public var id: Identifier
  public var figures: ReportFigures

  /// An account from its id and figures.
  public init(id: Identifier, figures: ReportFigures) {
    self.id = id
    self.figures = figures
  }
}

/// The whole book of the report.
public struct ReportBook: Sendable {
  public var accountCount: Int
  /// How many of the accounts are incomplete.
  public var incompleteCount: Int
  public var figures: ReportFigures

  /// A book from its counts and figures.
  public init(accountCount: Int, incompleteCount: Int, figures: ReportFigures) {
    self.accountCount = accountCount
    self.incompleteCount = incompleteCount
    self.figures = figures
  }
}

public import MarginModels
public import MarketModel
public import PortfolioValuation
public import TailRisk

/// What being out of everything at once costs, as the report shows it.
public struct ReportLiquidity: Hashable, Sendable {
  /// The stress in which it costs most.
  public struct Worst: Hashable, Sendable {
    public var scenario: Identifier
    /// Base currency.
    public var closeOutCost: Double

    /// A stress and its cost.
    public init(scenario: Identifier, closeOutCost: Double) {
      self.scenario = scenario
      self.closeOutCost = closeOutCost
    }
  }

  /// A requirement with today's cost on top.
  public struct Requirement: Hashable, Sendable {
    public var model: String
    public var mode: MarginMode
    /// Base currency; nil where the cost is not known.
    public var initial: Double?
    public var maintenance: Double?

    /// A requirement from its numbers.
    public init(model: String, mode: MarginMode, initial: Double?, maintenance: Double?) {
      self.model = model
      self.mode = mode
      self.initial = initial
      self.maintenance = maintenance
    }
  }

  /// On today's market.
  public var today: CloseOutCost
  /// nil where the run has no stress, or a cost is not known.
  public var worst: Worst?
  /// Of the book: its accounts closed out one by one, each in the whole depth; nil of an account.
  public var sumOfAccounts: SumOfAccounts?
  /// One entry a model and mode of the margin; empty where that was not asked for.
  public var requirements: [Requirement] = []

  /// A sum that is nil where an account has no cost.
  public struct SumOfAccounts: Hashable, Sendable {
    public var closeOutCost: Double?

    /// Nothing yet.
    public init(closeOutCost: Double? = 0) { self.closeOutCost = closeOutCost }

    /// Adds an account.
    public mutating func add(_ cost: Double?) {
      if let sum = closeOutCost, let cost { closeOutCost = sum + cost } else { closeOutCost = nil }
    }
  }

  /// The cost of today, that of the stress in which it is highest, and what models require with it.
  ///
  /// - Parameters:
  ///   - sum: of the book's accounts, whose requirements are sums as well.
  ///   - stress: as far as the run has any.
  public init(
    today: CloseOutCost, sumOfAccounts sum: SumOfAccounts? = nil, stress: [StressFigure] = [],
    margin: AccountMargin? = nil
  ) {
    self.today = today
    sumOfAccounts = sum
    for figure in stress {
      guard let cost = figure.closeOut?.total, cost > worst?.closeOutCost ?? -1 else { continue }
      worst = Worst(scenario: figure.scenario, closeOutCost: cost)
    }
    let extra = sum.map(\.closeOutCost) ?? today.total
    requirements = (margin?.models ?? []).map { figure in
      Requirement(
        model: figure.model, mode: figure.mode, initial: extra.map { figure.initial + $0 },
        maintenance: extra.map { figure.maintenance + $0 })
    }
  }
}

extension ReportWriter {
  /// What closing out costs.
  static func write(_ liquidity: ReportLiquidity, to writer: inout FigureWriter) {
    writer.object("liquidity") {
      $0.figure("close_out_cost", liquidity.today.total)
      if let sum = liquidity.sumOfAccounts { $0.figure("sum_of_accounts", sum.closeOutCost) }
      if let worst = liquidity.worst {
        $0.object("worst") {
          $0.id("scenario", worst.scenario)
          $0.figure("close_out_cost", worst.closeOutCost)
        }
      } else {
        $0.text("worst", nil)
      }
      $0.list("by_underlying", liquidity.today.parts) {
        $0.id("underlying", $1.underlying)
        $0.figure("quantity", $1.quantity)
        $0.figure("close_out_cost", $1.cost)
        $0.figure("delta_cost", $1.deltaCost)
        $0.figure("contract_cost", $1.contractCost)
        $0.figure("beyond_book", $1.beyondBook)
        $0.text("reason", $1.reason)
      }
      $0.list("requirements", liquidity.requirements) {
        $0.text("model", $1.model)
        $0.text("mode", $1.mode.rawValue)
        $0.figure("initial", $1.initial)
        $0.figure("maintenance", $1.maintenance)
      }
    }
  }

  /// A value at risk with the cost of closing out.
  static func write(_ figure: LiquidityAdjusted, to writer: inout FigureWriter) {
    writer.figure("close_out_cost", figure.closeOutCost)
    writer.figure("value_at_risk", figure.valueAtRisk)
    writer.figure("expected_shortfall", figure.expectedShortfall)
    writer.figure("standard_error", figure.standardError)
    writer.text("reason", figure.reason)
  }
}

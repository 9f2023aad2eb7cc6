public import MarketModel
import PortfolioValuation
import RiskNumerics

/// The requirements of one account scaled by realised volatility, beside what the models require.
public struct DynamicMarginFigure: Hashable, Sendable {
  /// One model and mode.
  public struct Scaled: Hashable, Sendable {
    public var model: String
    public var mode: MarginMode
    /// Base currency, scaled.
    public var initial: Double
    public var maintenance: Double
    /// What the model counts, after the haircuts of the run where it has some, less the scaled requirement.
    public var surplus: Double
    public var surplusInitial: Double

    /// A scaled requirement from its numbers.
    public init(
      model: String, mode: MarginMode, initial: Double, maintenance: Double, surplus: Double,
      surplusInitial: Double
    ) {
      self.model = model
      self.mode = mode
      self.initial = initial
      self.maintenance = maintenance
      self.surplus = surplus
      self.surplusInitial = surplusInitial
    }
  }

  /// How one rule would have moved the first model's maintenance margin over the history, on today's positions.
  public struct Course: Hashable, Sendable {
    /// `static`, `scaled` or `tools`.
    public var rule: String
    public var panel: ProcyclicalityPanel

    /// The course of a rule.
    public init(rule: String, panel: ProcyclicalityPanel) {
      self.rule = rule
      self.panel = panel
    }
  }

  /// What requirements are multiplied by today, tools and buffer included.
  public var factor: Double
  /// The same by volatility alone.
  public var factorWithoutTools: Double
  /// In the order of the models.
  public var scaled: [Scaled]
  public var courses: [Course]

  /// A figure from its parts.
  public init(factor: Double, factorWithoutTools: Double, scaled: [Scaled], courses: [Course]) {
    self.factor = factor
    self.factorWithoutTools = factorWithoutTools
    self.scaled = scaled
    self.courses = courses
  }
}

/// Scales the requirements of accounts by the volatility that a history has realised.
struct DynamicMargin: Sendable {
  private let context: MarginContext
  /// The losses of the history's days, one a day, on today's positions.
  private let history: HistoryMarginModel
  private let plan: DynamicMarginPlan
  /// Factors of each asset before each day and after the last; empty without history.
  private let plain: [[Double]]
  private let tooled: [[Double]]

  init(_ plan: DynamicMarginPlan, context: MarginContext, team: ThreadTeam) {
    self.plan = plan
    self.context = context
    history = HistoryMarginModel(
      name: "dynamic", rule: .valueAtRisk,
      numbers: ModelParameters([
        (name: "horizon_days", value: 1), (name: "lookback_days", value: 5_000),
        (name: "stress.days", value: 0),
      ]), context: context, states: [.today], coverage: 250, team: team)
    let returns = history.scenarios.multipliers.map { $0.map { Elementary.log($0) } }
    let steps = history.scenarios.stepsPerYear
    plain = returns.map { DynamicVolatility.factors($0, plan: plan.withoutTools, stepsPerYear: steps) }
    tooled = returns.map { DynamicVolatility.factors($0, plan: plan, stepsPerYear: steps) }
  }

  /// Every default, and which tools look back further than the history goes.
  var assumptions: [String] {
    let days = plain.reduce(0) { max($0, $1.count - 1) }
    var notes = Self.assumptions
    let floor = DynamicVolatility.floorSteps(stepsPerYear: history.scenarios.stepsPerYear)
    if plan.hasTenYearFloor, days < floor {
      notes.append(
        "dynamic: ten_year_floor looks back \(floor) returns, ten years; the history has \(days) returns and the floor is theirs"
      )
    }
    if plan.stressedWeight > 0, days < plan.stressedDays {
      notes.append(
        "dynamic: stressed_days asks for windows of \(plan.stressedDays) days; the history has \(days) returns and is one window"
      )
    }
    return notes
  }

  private static let assumptions = [
    "dynamic: requirements are multiplied by filtered over reference volatility, weighed by the gross exposure to each underlying; one without prices on nine in ten of the last 251 dates counts at a factor of 1, and a date counts where all others of the market have one",
    "dynamic: haircuts of collateral and cash, coins and long options without loan value and what lending costs are no margin for volatility and stand still",
    "dynamic: the filter of ewma begins at the mean square of the first \(DynamicVolatility.seedCount) returns, that of garch at that of all; reference_volatility is annual, a year having as many steps as the dates of the history",
    "dynamic: the buffer begins full and is drawn down while requirements come up to the margin; with it too no factor passes the cap; the ten-year floor before a day is of the days before it",
    "dynamic: the stressed volatility is that of the most volatile window of the whole history, hindsight included; the courses hold today's positions and the first model's maintenance margin",
  ]

  /// - Parameter collateral: what the run's haircuts leave; nil where it has none.
  func figure(
    of holdings: AccountHoldings, models: [MarginFigure], collateral: CollateralFigure?
  ) -> DynamicMarginFigure {
    let weights = weights(of: holdings)
    let plain = blend(self.plain, weights)
    let tooled = DynamicVolatility.buffered(blend(self.tooled, weights), buffer: plan.buffer)
      .map { min($0, plan.cap) }
    let factor = tooled.last ?? 1
    return DynamicMarginFigure(
      factor: factor, factorWithoutTools: plain.last ?? 1,
      scaled: models.map { figure in
        let fixed = figure.fixed
        let initial = (figure.initial - fixed.initial) * factor + fixed.initial
        let maintenance = (figure.maintenance - fixed.maintenance) * factor + fixed.maintenance
        let left = collateral?.surplus.first { $0.model == figure.model && $0.mode == figure.mode }
        let lost = left.map { (figure.surplus - $0.surplus, figure.surplusInitial - $0.surplusInitial) }
        return DynamicMarginFigure.Scaled(
          model: figure.model, mode: figure.mode, initial: initial, maintenance: maintenance,
          surplus: figure.equity - (lost?.0 ?? 0) - maintenance,
          surplusInitial: figure.equity - (lost?.1 ?? 0) - initial)
      },
      courses: courses(
        of: holdings, today: models.first?.maintenance ?? 0,
        [("static", [Double](repeating: 1, count: plain.count)), ("scaled", plain), ("tools", tooled)]))
  }

  private func courses(
    of holdings: AccountHoldings, today: Double, _ rules: [(name: String, factors: [Double])]
  ) -> [DynamicMarginFigure.Course] {
    guard !history.scenarios.current.isEmpty else { return [] }
    let losses = holdings.sets.isEmpty ? [] : history.losses(of: history.inTable(holdings.sets, state: 0))
    var values = [0.0]
    for day in history.scenarios.current { values.append(values[day] - (losses.isEmpty ? 0 : losses[day])) }
    return rules.map { rule in
      DynamicMarginFigure.Course(
        rule: rule.name,
        panel: Procyclicality.panel(requirement: rule.factors.map { $0 * today }, values: values))
    }
  }

  /// Gross exposure to each underlying, base currency, by place of the asset.
  private func weights(of holdings: AccountHoldings) -> [Double] {
    var weights = [Double](repeating: 0, count: context.assets.count)
    for set in holdings.sets {
      weights[set.underlying] += abs(set.collateral) * context.assets[set.underlying].spot
      for leg in set.legs where context.instruments[leg.instrument] != nil {
        let terms = context.terms[leg.instrument]
        let price = terms.isOption ? terms.units * terms.forward : terms.unit
        weights[set.underlying] += abs(leg.effectiveQuantity * price)
      }
    }
    return weights
  }

  /// The factors of an account: those of its underlyings by weight; 1 where nothing is exposed.
  private func blend(_ factors: [[Double]], _ weights: [Double]) -> [Double] {
    let count = history.scenarios.current.count + 1
    let total = weights.reduce(0, +)
    guard total > 0, total.isFinite else { return [Double](repeating: 1, count: count) }
    var found = [Double](repeating: 0, count: count)
    for (asset, weight) in weights.enumerated() where weight > 0 {
      for place in found.indices {
        found[place] += weight / total * (factors[asset].indices.contains(place) ? factors[asset][place] : 1)
      }
    }
    return found
  }
}

extension MarginFigure {
  /// Parts that say what a model does not count, not what a move could cost.
  private static let fixedParts = [
    "collateral_haircut", "cash_haircut", "coins_without_loan_value", "coins_without_history", "long_options",
    "deposits", "borrows", "borrow", "borrow_interest",
  ]

  /// What of the requirements does not follow volatility.
  fileprivate var fixed: UnitRequirement {
    var sum = UnitRequirement.zero
    for part in components where Self.fixedParts.contains(part.name) {
      sum += UnitRequirement(initial: part.initial, maintenance: part.maintenance)
    }
    return sum
  }
}

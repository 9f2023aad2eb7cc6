public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// Value at risk and expected shortfall from sensitivities: no sampling, no revaluation.
///
/// Over a horizon of h years the profit is Θh + δ'x + ½x'Γx with x the moves of all factors, normal with mean 0 and
/// covariance Σh, or Student's t of that covariance. Spots move relatively; where the plan has factors beside them, δ has
/// vega, basis and rate slopes and Γ volga, vanna and every other cross term (`MoveSlopes`), under the same moves and
/// covariance as `monte_carlo` (`RiskFactors`). American options have no volga and vanna.
/// - `parametric`: δ'x alone; σ times a quantile.
/// - `cornish_fisher`: the four moments of the quadratic profit; where the expansion is no quantile function it is
///   refused, and the exact figure stands in its place with a remark.
/// - `delta_gamma`: the exact law of the quadratic profit (`QuadraticForm`), with a certified interval.
///
/// Losses are positive. Figures of one portfolio depend on its own holdings and the market alone.
public struct SensitivityEngine: TailMeasure {
  public let plan: ValueAtRiskPlan
  public let factors: [FactorUse]
  public let failures: [Failure]
  public let notes: [String]
  private let outcomes: [SensitivityOutcome]

  /// Portfolios that one task of the team takes.
  private static let portfoliosPerTask = 32

  /// Computes the plan for every account and for the book.
  ///
  /// - Parameters:
  ///   - book: valued; a shard of a book keeps the market and instruments of the whole.
  ///   - plan: `parametric`, `cornish_fisher` (normal) or `delta_gamma`; `normal` or `student_t` with 2 < ν ≤ 1,000.
  ///   - net: the holdings behind the book's figure; those of `book` where nil.
  ///   - team: shares the work; the figures do not depend on its size.
  ///   - isStopped: asked before each group of portfolios, on any thread.
  /// - Throws: where no account can have a figure; what concerns one account is in `failures`.
  /// - Complexity: for a portfolio of f factors f³ and, for `delta_gamma`, some hundred transforms of f terms a level.
  public init(
    book: ValuedBook, plan: ValueAtRiskPlan, net: NettedBook? = nil, team: ThreadTeam,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(TailRiskError) {
    try Self.check(plan)
    let risk = try RiskFactors(book.book, plan: plan)
    let net = net ?? NettedBook(book)
    guard net.quantity.count == book.resolved.count, net.balance.count == book.book.market.assets.count else {
      throw .foreignHoldings(instruments: net.quantity.count, expected: book.resolved.count)
    }
    let solver = SensitivitySolver(plan, risk: risk, greeks: GreekAggregation(book, team: team))
    let accounts = book.book.accounts
    let (count, size) = (accounts.count + 1, Self.portfoliosPerTask)
    let tasks = (count + size - 1) / size
    let results = team.map(count: tasks) { task in
      isStopped()
        ? []
        : (task * size..<min((task + 1) * size, count)).map { place in
          place < accounts.count ? solver.outcome(account: place) : solver.outcome(net: net)
        }
    }.flatMap { $0 }
    guard results.count == count else { throw .stopped }
    outcomes = results
    self.plan = plan
    factors = risk.uses
    failures = results.enumerated().compactMap { place, outcome in
      outcome.failure(of: place < accounts.count ? "account \(accounts[place])" : "the book", plan)
    }
    notes = risk.notes + [Self.note(plan, movesBeside: !risk.beside.isEmpty)]
  }

  /// The figures of one account, one a confidence level; empty where it has none (see `failures`).
  public func figures(ofAccount account: Int) -> [ValueAtRiskFigure] {
    guard account >= 0, account < outcomes.count - 1 else { return [] }
    return outcomes[account].figures
  }

  /// The figures of the whole book, from exactly netted quantities; empty where it has none.
  public var bookFigures: [ValueAtRiskFigure] { outcomes.last?.figures ?? [] }

  /// Checks what would stop the plan, without computing it.
  ///
  /// - Throws: as `init` does.
  public static func check(_ book: Book, plan: ValueAtRiskPlan) throws(TailRiskError) {
    try check(plan)
    _ = try RiskFactors(book, plan: plan)
  }

  private static func check(_ plan: ValueAtRiskPlan) throws(TailRiskError) {
    guard [.parametric, .cornishFisher, .deltaGamma].contains(plan.method) else {
      throw .unsupported(field: "method", value: plan.method.rawValue)
    }
    let isStudent = plan.distribution == .studentT && plan.method != .cornishFisher
    guard plan.distribution == .normal || isStudent else {
      throw .unsupported(field: "distribution", value: plan.distribution.rawValue)
    }
    let nu = plan.degreesOfFreedom
    guard !isStudent || (nu > 2 && nu <= QuadraticForm.mostDegreesOfFreedom) else {
      throw .outOfRange(field: "degrees_of_freedom", value: nu)
    }
    guard plan.sampling == .pseudo else {
      throw .unsupported(field: "sampling", value: plan.sampling.rawValue)
    }
    guard plan.varianceReduction == .none else {
      throw .unsupported(field: "variance_reduction", value: plan.varianceReduction.rawValue)
    }
    guard plan.smile == .stickyStrike else {
      throw .unsupported(field: "smile", value: plan.smile.rawValue)
    }
    guard !plan.keepsProfits else { throw .unsupported(field: "profits", value: "true") }
    guard plan.horizonDays > 0, plan.horizonDays <= 365_000 else {
      throw .outOfRange(field: "horizon_days", value: plan.horizonDays)
    }
  }

  /// What the figures are made of.
  private static func note(_ plan: ValueAtRiskPlan, movesBeside: Bool) -> String {
    let law = plan.distribution == .normal ? "normal" : "Student t"
    let profit =
      plan.method == .parametric
      ? "delta times the relative moves of spots, without theta and gamma"
      : "theta times the horizon (to expiry where that is earlier), delta and half gamma by the relative moves of spots"
    let beside =
      !movesBeside
      ? ""
      : plan.method == .parametric
        ? ", and vega, basis and rate slopes times theirs"
        : ", and vega, volga, vanna, basis and rate slopes to second order by theirs"
    let scaling = plan.scaling == .squareRootOfTime ? "; one day, times the square root of the days" : ""
    return
      "value_at_risk \(plan.method.rawValue): the profit is \(profit)\(beside); \(law) moves of mean 0\(scaling)"
  }
}

public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// Value at risk by importance sampling or with a control variate: each portfolio and level on paths of its own.
///
/// The law is that of `MonteCarloEngine`, normal or Student's t, and so are the prices. For each portfolio and confidence
/// level the loss is replaced by a form quadratic in its factors (`PortfolioLoss`), the form's tilt leads nine tenths of
/// the paths to the tail (`ExponentialTilt`; Glasserman, Heidelberger and Shahabuddin 2000; `StudentTilt`, by the same
/// 2002), and the losses, revalued in full, are weighted by likelihood ratios. `importance_stratified` also spreads the
/// paths evenly over what is tilted. `control_variate` draws from the natural law and weights paths so that the form's
/// exact tail is met (`ControlVariate`).
///
/// Errors and intervals come from `replicates` independent replicates of paths/replicates each, of a control variate
/// from its one sample. Where a pilot of 2,000 paths (the sample itself, with a control variate) does not show at most
/// half of plain sampling's variance, where a replicate would have fewer than 10 effective paths in the tail, and where
/// something held expires inside the horizon, the figure is plain sampling's to the bit and says why
/// (`SamplingUse.fallback`).
///
/// Draws depend on (seed, path, component) alone: neither threads nor other accounts nor other levels matter.
public struct TiltedEngine: TailMeasure {
  public let plan: ValueAtRiskPlan
  public let factors: [FactorUse]
  public let failures: [Failure]
  public let notes: [String]
  private let outcomes: [TailOutcome]
  private let accountCount: Int

  /// Samples the plan for every account and for the book.
  ///
  /// - Parameters: as `MonteCarloEngine.init`; the plan's `varianceReduction` is not `none`.
  /// - Throws: as `MonteCarloEngine.init`; `unsupported` for another reduction.
  /// - Complexity: for each portfolio and level (paths + pilot) × rows held, with plain sampling of the whole book
  ///   beside it where a figure falls back.
  public init(
    book: ValuedBook, plan: ValueAtRiskPlan, seed: UInt64, net: NettedBook? = nil,
    liquidity: BookLiquidity? = nil, team: ThreadTeam,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(TailRiskError) {
    try Self.check(book.book, plan: plan)
    let risk = try RiskFactors(book.book, plan: plan)
    let net = net ?? NettedBook(book)
    guard net.quantity.count == book.resolved.count, net.balance.count == book.book.market.assets.count else {
      throw .foreignHoldings(instruments: net.quantity.count, expected: book.resolved.count)
    }
    // One step: what expires on the way is left to plain sampling.
    let grid = TimeGrid(horizonDays: plan.horizonDays, expiries: [])
    let table = ProfitTable(book, net: net, risk: risk, grid: grid, smile: plan.smile, team: team)
    let costs = liquidity.map { PathLiquidity($0, risk: risk, grid: grid, team: team) }
    let accounts = book.book.accounts.count
    let stream = RandomStream(seed: seed)
    // An account that is the whole book is sampled once.
    let isAlone =
      accounts == 1
      && Exposure(book, account: 0, table: table, width: 1)
        .isSame(as: Exposure(book, net: net, table: table, width: 1))
    var parts = team.map(count: isAlone ? 1 : accounts + 1) { place -> Part? in
      if isStopped() { return nil }
      let exposure =
        place < accounts
        ? Exposure(book, account: place, table: table, width: 1)
        : Exposure(book, net: net, table: table, width: 1)
      if let asset = exposure.unmoved { return .done(.unmoved(asset)) }
      let portfolio = TiltedPortfolio(
        exposure: exposure, table: table, plan: plan, stream: stream,
        closeOut: costs.flatMap { $0.curves(ofPortfolio: place, net: net) })
      return .levels(plan.confidence.map { portfolio.outcome($0) })
    }.compactMap { $0 }
    if isAlone { parts += parts }
    guard parts.count == accounts + 1 else { throw .stopped }
    var plain: MonteCarloEngine?
    if parts.contains(where: \.needsPlain) {
      plain = try MonteCarloEngine(
        book: book, plan: Self.plain(plan), seed: seed, net: net, liquidity: liquidity, team: team,
        isStopped: isStopped)
    }
    let outcomes = parts.enumerated().map { place, part in
      part.outcome(
        plain: place < accounts ? plain?.figures(ofAccount: place) ?? [] : plain?.bookFigures ?? [])
    }
    self.outcomes = outcomes
    self.plan = plan
    accountCount = accounts
    factors = risk.uses
    failures = MonteCarloEngine.failures(book.book.accounts, outcomes)
    let shared = risk.notes + (costs == nil ? [] : PathLiquidity.notes)
    notes = (plain?.notes ?? shared) + Self.notes(plan, outcomes)
  }

  /// What stands in for a tilt that does not gain.
  private static func plain(_ plan: ValueAtRiskPlan) -> ValueAtRiskPlan {
    var plain = plan
    plain.varianceReduction = .none
    return plain
  }

  private static func notes(_ plan: ValueAtRiskPlan, _ outcomes: [TailOutcome]) -> [String] {
    let figures = outcomes.flatMap { outcome -> [ValueAtRiskFigure] in
      guard case .figures(let figures) = outcome else { return [] }
      return figures
    }
    let fallen = figures.count { $0.sampling?.fallback != nil }
    let name = plan.varianceReduction.rawValue
    var notes: [String] = []
    if plan.varianceReduction != .controlVariate {
      notes.append("value_at_risk: \(name) tilts each portfolio's paths once a confidence level")
    }
    if plan.keepsProfits, fallen < figures.count {
      notes.append("value_at_risk: profits of weighted paths are no sample of the law and are left out")
    }
    if fallen > 0 {
      notes.append(
        "value_at_risk: plain sampling stands in for \(name) in \(fallen) of \(figures.count) figures; "
          + "each says why in sampling.fallback")
    }
    return notes
  }

  /// The figures of one account, one a confidence level; empty where it has none (see `failures`).
  public func figures(ofAccount account: Int) -> [ValueAtRiskFigure] {
    guard account >= 0, account < accountCount, case .figures(let figures) = outcomes[account] else {
      return []
    }
    return figures
  }

  /// The figures of the whole book, from exactly netted quantities; empty where it has none.
  public var bookFigures: [ValueAtRiskFigure] {
    guard case .figures(let figures)? = outcomes.last else { return [] }
    return figures
  }

  /// Checks what would stop the sampling, without sampling.
  ///
  /// - Throws: as `init` does.
  public static func check(_ book: Book, plan: ValueAtRiskPlan) throws(TailRiskError) {
    guard plan.varianceReduction != .none else {
      throw .unsupported(field: "variance_reduction", value: plan.varianceReduction.rawValue)
    }
    try MonteCarloEngine.check(book, plan: plain(plan))
    guard plan.distribution == .normal || plan.distribution == .studentT else {
      throw .unsupported(
        field: "variance_reduction",
        value: "\(plan.varianceReduction.rawValue) of \(plan.distribution.rawValue)")
    }
    guard plan.sampling == .pseudo else {
      throw .unsupported(
        field: "variance_reduction", value: "\(plan.varianceReduction.rawValue) of \(plan.sampling.rawValue)")
    }
    guard plan.scaling == .simulated else {
      throw .unsupported(
        field: "variance_reduction", value: "\(plan.varianceReduction.rawValue) of \(plan.scaling.rawValue)")
    }
    guard plan.replicates >= 16, plan.replicates <= 4_096 else {
      throw .outOfRange(field: "replicates", value: Double(plan.replicates))
    }
  }
}

extension Exposure {
  /// Whether another one has the same items and multiples, in the same order.
  func isSame(as other: Exposure) -> Bool {
    unmoved == other.unmoved && rows == other.rows && coefficients == other.coefficients
      && items.elementsEqual(other.items) { one, other in
        one.name == other.name
          && one.parts.elementsEqual(other.parts) { $0.row == $1.row && $0.coefficient == $1.coefficient }
      }
  }
}

/// What one portfolio's task found.
private enum Part: Sendable {
  case done(TailOutcome)
  case levels([TiltedPortfolio.Outcome])

  var needsPlain: Bool {
    guard case .levels(let levels) = self else { return false }
    return levels.contains { if case .plain = $0 { true } else { false } }
  }

  /// The figures, those of plain sampling put in where they stand in.
  func outcome(plain: [ValueAtRiskFigure]) -> TailOutcome {
    switch self {
    case .done(let outcome): return outcome
    case .levels(let levels):
      var figures: [ValueAtRiskFigure] = []
      for (place, level) in levels.enumerated() {
        switch level {
        case .figure(let figure): figures.append(figure)
        case .notFinite: return .notFinite
        case .plain(let reason):
          guard plain.indices.contains(place) else { return .notFinite }
          var figure = plain[place]
          figure.sampling?.fallback = reason
          figures.append(figure)
        }
      }
      return .figures(figures)
    }
  }
}

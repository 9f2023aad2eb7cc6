public import MarketModel
public import PortfolioValuation
import RiskNumerics

/// Reverse stress: the most likely move of the spots that loses an amount, account by account.
///
/// Log prices move at once by a normal vector with the covariance of the value at risk over the horizon; volatilities,
/// rates and time stand still. Of all moves whose loss by full revaluation is at least the amount it is the one of least
/// Mahalanobis distance (`FrontierSearch` tells how it is looked for).
public struct ReverseStress: Sendable {
  public let plans: [ReverseStressPlan]
  private let book: ValuedBook
  private let net: NettedBook
  /// One a plan: an estimated covariance may depend on the horizon.
  private let risks: [RiskFactors]

  /// Prepares the factors.
  ///
  /// - Parameters:
  ///   - net: the holdings behind the book's figure; those of `book` where nil.
  ///   - covariance: how a history becomes one, where the market quotes none.
  /// - Throws: as `RiskFactors` does, where the covariance cannot be had or used.
  /// - Complexity: O(factors³) a plan.
  public init(
    _ book: ValuedBook, plans: [ReverseStressPlan], net: NettedBook? = nil,
    covariance: CovariancePlan = CovariancePlan()
  ) throws(TailRiskError) {
    self.book = book
    self.plans = plans
    self.net = net ?? NettedBook(book)
    var risks: [RiskFactors] = []
    for plan in plans {
      risks.append(
        try RiskFactors(book.book, covariance: covariance, horizonDays: plan.horizonDays))
    }
    self.risks = risks
  }

  /// One figure a plan.
  ///
  /// - Complexity: some ten thousand revaluations of the account's options a plan.
  public func figures(ofAccount account: Int) -> [ReverseStressFigure] {
    guard book.holdingRanges.indices.contains(account) else { return [] }
    return zip(plans, risks).map { plan, risk in
      figure(
        plan, ReverseStressPortfolio(book, account: account, risk: risk), risk, equity: book.equity[account])
    }
  }

  /// One figure a plan for the whole book, from exactly netted quantities.
  ///
  /// - Parameter equity: of all accounts.
  public func bookFigures(equity: Double) -> [ReverseStressFigure] {
    zip(plans, risks).map { plan, risk in
      figure(plan, ReverseStressPortfolio(book, net: net, risk: risk), risk, equity: equity)
    }
  }

  private func figure(
    _ plan: ReverseStressPlan, _ portfolio: ReverseStressPortfolio, _ risk: RiskFactors, equity: Double
  ) -> ReverseStressFigure {
    guard let amount = Self.amount(plan, equity: equity) else {
      return Self.refused(plan, "its equity is not above 0, and the loss is a fraction of it")
    }
    if let asset = portfolio.unmoved {
      return Self.refused(plan, "it holds \(asset), which has no volatility or correlation")
    }
    let root = (plan.horizonDays / 365).squareRoot()
    let deviations = portfolio.factors.map { risk.volatilities[$0] * root }
    let (rows, rank) = Self.reduced(portfolio.factors.map { risk.rows[$0] })
    let search = FrontierSearch(
      portfolio: portfolio, deviations: deviations, rows: rows, bound: ReverseStressFigure.bound,
      target: amount)
    let outcome = search.run()
    guard let point = outcome.points.first else {
      var figure = ReverseStressFigure(plan: plan, status: .unreachable, loss: amount)
      figure.degreesOfFreedom = rank
      figure.largestLoss = outcome.largestLoss
      figure.remark = "no move within the bound was found to lose as much"
      return figure
    }
    var figure = ReverseStressFigure(plan: plan, status: .found, loss: amount)
    figure.distance = point.distance
    figure.halfSpaceProbability = Elementary.normalDistribution(-point.distance)
    figure.chiSquareProbability = ChiSquare.upperTail(distance: point.distance, degreesOfFreedom: rank)
    figure.degreesOfFreedom = rank
    figure.profitAndLoss = -search.loss(point.w)
    figure.otherMinima = outcome.points.dropFirst().map(\.distance)
    figure.moves = zip(zip(portfolio.factors, deviations), search.moves(point.w)).map { factor, move in
      ReverseStressFigure.Move(
        asset: book.book.market.assets[risk.assets[factor.0]].id,
        spot: Elementary.expMinusOne(move), deviations: factor.1 > 0 ? move / factor.1 : 0)
    }
    return figure
  }

  private static func refused(_ plan: ReverseStressPlan, _ why: String) -> ReverseStressFigure {
    var figure = ReverseStressFigure(plan: plan, status: .notApplicable, loss: nil)
    figure.remark = why
    return figure
  }

  private static func amount(_ plan: ReverseStressPlan, equity: Double) -> Double? {
    switch plan.loss {
    case .amount(let amount): return amount
    case .fractionOfEquity(let fraction):
      let amount = fraction * equity
      return amount > 0 && amount.isFinite ? amount : nil
    }
  }

  /// The rows in coordinates of an orthonormal basis of what they span, by Gram and Schmidt twice over.
  private static func reduced(_ rows: [[Double]]) -> (rows: [[Double]], rank: Int) {
    var basis: [[Double]] = []
    for row in rows {
      var rest = row
      for _ in 0..<2 {
        for axis in basis {
          let part = FrontierSearch.dot(rest, axis)
          for place in rest.indices { rest[place] -= part * axis[place] }
        }
      }
      let length = FrontierSearch.dot(rest, rest).squareRoot()
      // Rows of a correlation have length 1: what is left of a dependent one is rounding.
      if length > 1e-9 { basis.append(rest.map { $0 / length }) }
    }
    return (rows.map { row in basis.map { FrontierSearch.dot(row, $0) } }, basis.count)
  }
}

extension RiskFactors {
  /// The factors of a stress over a horizon.
  init(_ book: Book, covariance: CovariancePlan, horizonDays: Double) throws(TailRiskError) {
    var plan = ValueAtRiskPlan.standard
    (plan.covariance, plan.horizonDays) = (covariance, horizonDays)
    try self.init(book, plan: plan)
  }
}

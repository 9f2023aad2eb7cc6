import MarketModel
import PortfolioValuation
import RiskDocuments
import RiskNumerics
import TailRisk

/// What closing out costs, beside every figure that it belongs to.
struct EngineLiquidity: Sendable {
  let costs: BookLiquidity
  /// Today's market.
  private let today: CloseOutState

  /// nil where the market quotes no depth.
  init?(_ book: ValuedBook, net: NettedBook, team: ThreadTeam) {
    guard let costs = BookLiquidity(book, net: net) else { return nil }
    self.costs = costs
    today = costs.today(team: team)
  }

  func cost(ofAccount account: Int) -> CloseOutCost {
    costs.cost(of: costs.holdings(ofAccount: account), in: today)
  }

  func cost(_ net: NettedBook) -> CloseOutCost { costs.cost(of: costs.holdings(net), in: today) }
}

extension Engine {
  /// Puts what closing out costs into the figures of an account, and says where it is not known.
  func addLiquidity(ofAccount account: Int, to figures: inout ReportFigures, _ failures: inout [Failure]) {
    guard let liquidity else { return }
    let id = valued.book.accounts[account]
    let cost = liquidity.cost(ofAccount: account)
    add(cost, sum: nil, to: &figures)
    failures += lack(cost, "accounts/\(id)", "account \(id)")
  }

  /// The same of the book, from its netted holdings.
  func addLiquidity(
    sumOfAccounts sum: ReportLiquidity.SumOfAccounts, to figures: inout ReportFigures,
    _ failures: inout [Failure]
  ) {
    guard let liquidity else { return }
    let cost = liquidity.cost(net)
    add(cost, sum: sum, to: &figures)
    failures += lack(cost, "book", "the book")
  }

  private func add(
    _ cost: CloseOutCost, sum: ReportLiquidity.SumOfAccounts?, to figures: inout ReportFigures
  ) {
    figures.liquidity = ReportLiquidity(
      today: cost, sumOfAccounts: sum, stress: figures.stress ?? [], margin: figures.margin)
    figures.valueAtRisk = figures.valueAtRisk?.map { figure in
      var figure = figure
      var own = figure.liquidity ?? LiquidityAdjusted(reason: whyNot(figure, cost))
      own.closeOutCost = cost.total
      figure.liquidity = own
      return figure
    }
  }

  /// Why a value at risk has no figure with the cost of closing out.
  private func whyNot(_ figure: ValueAtRiskFigure, _ cost: CloseOutCost) -> String {
    if let part = cost.parts.first(where: { $0.cost == nil }) { return Self.sentence(part) }
    return "not applicable to \(figure.method): it has no paths to close out on"
  }

  private static func sentence(_ part: CloseOutCost.Part) -> String {
    "\(part.underlying): \(part.reason ?? "its cost of closing out is not known")"
  }

  private func lack(_ cost: CloseOutCost, _ path: String, _ owner: String) -> [Failure] {
    let lacking = cost.parts.filter { $0.cost == nil }
    guard !lacking.isEmpty else { return [] }
    return [
      Failure(
        path: "\(path)/liquidity", reason: .missing,
        message: "\(owner) has no cost of closing out: \(lacking.map(Self.sentence).joined(separator: "; "))")
    ]
  }
}

/// What the index keeps of an account.
struct AccountEntry {
  /// Where its figures are.
  enum Source {
    case scope(ReportScope)
    /// Bytes of `accounts.jsonl`.
    case line(Range<Int>)
  }

  let id: String
  /// Counted from 0, in the order of the report.
  let place: Int
  let source: Source
  let isIncomplete: Bool
  let equity: Double?
  let portfolio: ReportScope.Side?
  let distance: Double?
  /// Modes under which equity is below maintenance.
  let short: [PageMode]
  /// The mode that needs the least capital; nil where the modes were not compared.
  let cheapest: PageMode?

  init(_ scope: ReportScope, place: Int, source: Source) {
    let comparison = scope.margin?.comparison
    id = scope.account ?? ""
    self.place = place
    self.source = source
    isIncomplete = scope.isIncomplete
    equity = scope.equity
    portfolio = comparison?[.portfolio]
    distance = scope.liquidation?.distance
    short = (comparison?.sides ?? []).filter { ($0.surplus ?? 0) < 0 }.map(\.mode)
    cheapest =
      comparison?.sides.filter { $0.capital != nil }
      .min { ($0.capital ?? 0) < ($1.capital ?? 0) }?.mode
  }

  /// The place of the account in the page.
  var anchor: String { "a\(place + 1)" }

  /// Portfolio maintenance over counted equity, the order of the run's own summary: infinity where something is
  /// required of nothing, nil where the modes were not compared.
  var use: Double? {
    guard let portfolio, let surplus = portfolio.surplus, let maintenance = portfolio.maintenance else {
      return nil
    }
    guard maintenance > 0 else { return surplus < 0 ? .infinity : 0 }
    return maintenance + surplus > 0 ? maintenance / (maintenance + surplus) : .infinity
  }

  /// Liquidated as it stands, or with a position held isolated that is.
  var isUnder: Bool { distance == 0 || (portfolio?.surplus ?? 0) < 0 }

  /// Whether this account needs attention before another: liquidated as it stands, more of its equity in use, nearer to
  /// liquidation, then the order of the report.
  func precedes(_ other: AccountEntry) -> Bool {
    if isUnder != other.isUnder { return isUnder }
    let (own, its) = (use ?? -1, other.use ?? -1)
    if own != its { return own > its }
    let (near, far) = (distance ?? .infinity, other.distance ?? .infinity)
    return near == far ? place < other.place : near < far
  }
}

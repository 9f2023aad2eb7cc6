public import MarginModels
public import MarketModel

/// What the summary of a run keeps of an account.
public struct AccountSummary: Hashable, Sendable {
  public var id: Identifier
  public var isIncomplete: Bool
  /// Base currency, as all money here.
  public var equity: Double
  /// Maintenance requirement in portfolio mode, of what its model margins; nil where there is none.
  public var maintenance: Double?
  /// Counted equity less `maintenance`.
  public var surplus: Double?
  /// Smallest |ln(root / spot)| over the liquidation prices ahead; 0 where something is liquidated as it stands; nil
  /// where there is none.
  public var distance: Double?

  /// The summary of an account.
  public init(_ account: ReportAccount) {
    let side = account.figures.margin?.portfolioSide
    id = account.id
    isIncomplete = account.figures.isIncomplete
    equity = account.figures.equity
    maintenance = side?.maintenance
    surplus = side?.surplus
    distance = account.figures.liquidation?.distance
  }

  /// Maintenance requirement over counted equity: 1 is the edge of liquidation, infinity an account that
  /// requires something of nothing; nil where the modes were not compared or nothing is required.
  public var use: Double? {
    guard let maintenance, let surplus, maintenance.isFinite, surplus.isFinite else { return nil }
    let counted = maintenance + surplus
    guard maintenance > 0 else { return surplus < 0 ? .infinity : 0 }
    return counted > 0 ? maintenance / counted : .infinity
  }

  /// Whether it, or a position that it holds isolated, is liquidated as it stands.
  public var isUnder: Bool { (surplus ?? 0) < 0 || distance == 0 }

  /// The accounts that are liquidated as they stand, then those that use the most of their equity, ties by id.
  ///
  /// - Complexity: O(accounts × log(accounts)).
  public static func closest(_ count: Int, of accounts: [AccountSummary]) -> [AccountSummary] {
    var ranked: [(use: Double, account: AccountSummary)] = []
    for account in accounts {
      let use = account.use ?? 0
      if account.isUnder || use > 0 { ranked.append((use, account)) }
    }
    ranked.sort { left, right in
      if left.account.isUnder != right.account.isUnder { return left.account.isUnder }
      return left.use == right.use ? left.account.id < right.account.id : left.use > right.use
    }
    return ranked.prefix(max(0, count)).map { $0.account }
  }
}

extension AccountMargin {
  /// Portfolio margin today by the model of the comparison: of the whole account, else of what the model margins, which
  /// `isPartial` says; nil where there is neither.
  public var portfolioSide: (maintenance: Double, surplus: Double, isPartial: Bool)? {
    guard let side = comparison?.portfolio else { return nil }
    if let maintenance = side.maintenance, let surplus = side.surplus { return (maintenance, surplus, false) }
    return models.first { $0.model == side.model && $0.mode == .portfolio }
      .map { ($0.maintenance, $0.surplus, true) }
  }
}

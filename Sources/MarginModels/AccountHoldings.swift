package import MarketModel
package import PortfolioValuation

/// One account as the models see it, read once for all of them.
package struct AccountHoldings: Sendable {
  /// Lots summed, by place of the instrument.
  package let legs: [Leg]
  /// By place of the underlying.
  package let sets: [NettingSet]
  /// Base value of the balances that count as cash.
  package let cash: Double
  /// The balances behind `cash`, by place of the asset.
  package let cashBalances: [CashBalance]
  /// The positions that stand alone in isolated mode; nil for those of `legs`, all on their own requirement.
  let standing: [StandingPosition]?

  init(
    legs: [Leg], sets: [NettingSet], cash: Double, cashBalances: [CashBalance]? = nil,
    standing: [StandingPosition]? = nil
  ) {
    self.legs = legs
    self.sets = sets
    self.cash = cash
    self.cashBalances = cashBalances ?? [CashBalance(asset: nil, value: cash)]
    self.standing = standing
  }

  /// An account from its netting sets and cash; no margin is stated.
  package init(sets: [NettingSet], cashBalances: [CashBalance]) {
    self.init(
      legs: sets.flatMap(\.legs).sorted { $0.instrument < $1.instrument }, sets: sets,
      cash: cashBalances.reduce(0) { $0 + $1.value }, cashBalances: cashBalances)
  }

  /// Reads an account.
  ///
  /// - Complexity: O(n log n) for n holdings and balances.
  package init(of account: Int, in valued: ValuedBook, context: MarginContext) {
    legs = context.legs(ofAccount: account, in: valued)
    sets = context.nettingSets(ofAccount: account, in: valued)
    cash = context.cash(ofAccount: account, in: valued)
    cashBalances = context.cashBalances(ofAccount: account, in: valued)
    standing = context.standing(ofAccount: account, in: valued)
  }

  /// The account as a mode sees it: in isolated mode a position that is held isolated stands beside the rest of its
  /// contract, in the others all lots of a contract are one leg.
  func seen(in mode: MarginMode) -> AccountHoldings {
    guard mode == .isolated, sets.contains(where: { !$0.separate.isEmpty }) else { return self }
    return AccountHoldings(
      legs: sets.flatMap(\.standing).sorted { $0.instrument < $1.instrument },
      sets: sets.map(\.unpooled), cash: cash, cashBalances: cashBalances, standing: standing)
  }
}

/// One balance of an account that counts as cash.
package struct CashBalance: Hashable, Sendable {
  /// Place in the market's `assets`; nil for the base currency where it is not listed.
  package var asset: Int?
  /// Base currency; negative when borrowed.
  package var value: Double

  package init(asset: Int?, value: Double) {
    self.asset = asset
    self.value = value
  }
}

/// What one account needs under one model in one mode, before it is put into words.
package struct AccountRequirement: Sendable {
  /// What the model counts, cash included.
  package var equity: Double
  package var initial: Double
  package var maintenance: Double
  package var components: [MarginComponent]
  package var worstScenario: String?
  /// Figures of the model's own beside its requirement, in a fixed order.
  package var measures: [ModelMeasure] = []

  package init(
    equity: Double, initial: Double, maintenance: Double, components: [MarginComponent],
    worstScenario: String?,
    measures: [ModelMeasure] = []
  ) {
    self.equity = equity
    self.initial = initial
    self.maintenance = maintenance
    self.components = components
    self.worstScenario = worstScenario
    self.measures = measures
  }
}

/// A model that can be reported, mode by mode, on today's market.
package protocol ReportableModel: PreparedModel {
  /// In the order of a report.
  static var modes: [MarginMode] { get }

  /// The requirement of an account.
  func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement

  /// The requirement of one leg alone; (0, 0) where it is not supported.
  func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double)

  /// What a reader has to know of this run's figures beyond the assumptions of the description.
  var notes: [String] { get }
}

extension ReportableModel {
  package var notes: [String] { [] }
}

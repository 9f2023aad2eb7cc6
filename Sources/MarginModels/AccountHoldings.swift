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
  /// How the lots of each leg are margined alone, one entry a leg.
  package let lots: [LegLots]

  init(
    legs: [Leg], sets: [NettingSet], cash: Double, cashBalances: [CashBalance]? = nil, lots: [LegLots]
  ) {
    self.legs = legs
    self.sets = sets
    self.cash = cash
    self.cashBalances = cashBalances ?? [CashBalance(asset: nil, value: cash)]
    self.lots = lots
  }

  /// An account from its netting sets and cash; no lots are margined alone.
  package init(sets: [NettingSet], cashBalances: [CashBalance]) {
    self.init(
      legs: sets.flatMap(\.legs).sorted { $0.instrument < $1.instrument }, sets: sets,
      cash: cashBalances.reduce(0) { $0 + $1.value }, cashBalances: cashBalances, lots: [])
  }

  /// Reads an account.
  ///
  /// - Complexity: O(n log n) for n holdings and balances.
  package init(of account: Int, in valued: ValuedBook, context: MarginContext) {
    legs = context.legs(ofAccount: account, in: valued)
    sets = context.nettingSets(ofAccount: account, in: valued)
    cash = context.cash(ofAccount: account, in: valued)
    cashBalances = context.cashBalances(ofAccount: account, in: valued)
    lots = LegLots.lots(ofAccount: account, in: valued, context: context)
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

/// How the lots of one leg are margined where each position stands alone.
package struct LegLots: Hashable, Sendable {
  /// Sum of the margins that the book states, base currency.
  package var stated = 0.0
  /// Sum of |effective quantity| of the lots without a stated margin.
  package var unstatedQuantity = 0.0
  /// Whether any lot has a stated margin.
  package var isStated = false

  /// One entry a leg of `MarginContext.legs`.
  static func lots(
    ofAccount account: Int, in valued: ValuedBook, context: MarginContext
  ) -> [LegLots] {
    var lots: [LegLots] = []
    var last = -1
    for holding in valued.holdings[valued.holdingRanges[account]]
    where context.instruments[holding.instrument] != nil {
      if holding.instrument != last { lots.append(LegLots()) }
      last = holding.instrument
      let place = lots.count - 1
      if let margin = valued.book.positions[holding.position].isolatedMargin {
        let asset = valued.book.instruments[holding.instrument].settlementAsset
        lots[place].stated += margin * (valued.book.market.spot(of: asset) ?? 1)
        lots[place].isStated = true
      } else {
        lots[place].unstatedQuantity += abs(holding.effectiveQuantity)
      }
    }
    return lots
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
}

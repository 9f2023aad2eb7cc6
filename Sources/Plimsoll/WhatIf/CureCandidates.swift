import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments

extension ValuedBook {
  /// What an account may trade to be cured: held positions to be reduced, and hedges in any size.
  ///
  /// - Parameters:
  ///   - hedges: places in `Book.instruments`.
  ///   - costRate: of the underlying's notional.
  ///   - lot: nil is the customary one.
  func cureCandidates(
    ofAccount account: Int, hedges: [Int], mayReduce: Bool, costRate: Double, lot: Double?
  ) -> [CureCandidate] {
    var held = [Double](repeating: 0, count: resolved.count)
    for holding in holdings[holdingRanges[account]] { held[holding.instrument] += holding.quantity }
    return resolved.indices.compactMap { place in
      let isHedge = hedges.contains(place)
      guard isHedge || (mayReduce && held[place] != 0), let instrument = resolved[place] else { return nil }
      return CureCandidate(
        instrument: place, from: isHedge ? -.infinity : min(-held[place], 0),
        to: isHedge ? .infinity : max(-held[place], 0),
        lot: lot ?? book.instruments[place].customaryLot, cost: costRate * instrument.contractNotional)
    }
  }

  /// A cure with the instruments of its trades.
  func report(_ cure: MarginCure, ofAccount account: Int) -> WhatIfReport.Cure {
    WhatIfReport.Cure(
      account: book.accounts[account], cure: cure,
      legs: cure.trades.map { trade in
        let instrument = book.instruments[trade.instrument]
        let cash = resolved[trade.instrument]?.trade(quantity: trade.quantity)?.cash ?? 0
        return WhatIfReport.Leg(
          instrument: instrument.id, quantity: trade.quantity, unit: instrument.quantityUnit, price: nil,
          cash: cash + 0)
      })
  }
}

extension ResolvedInstrument {
  /// Base value of the underlying behind one contract unit.
  fileprivate var contractNotional: Double {
    if kind == .option { return multiplier * spot }
    return (trade(quantity: 1)?.effectiveQuantity ?? 1) * unit
  }
}

extension Engine {
  /// The cheapest trades found that cure an account under each model and mode that it is short under: of maintenance
  /// where it is short of that, else of initial margin.
  ///
  /// Its own positions may be reduced, and the perpetuals that the book holds on its underlyings traded.
  func cures(ofAccount account: Int) -> [WhatIfReport.Cure] {
    guard let margin, plan.measures.contains(.margin) else { return [] }
    let whatIf = margin.whatIf(ofAccount: account)
    guard whatIf.entries.contains(where: { $0.base.surplus < 0 || $0.base.surplusInitial < 0 }) else {
      return []
    }
    let own = Set(
      valued.holdings[valued.holdingRanges[account]].compactMap { valued.resolved[$0.instrument]?.underlying }
    )
    let hedges = valued.resolved.indices.filter { place in
      guard let instrument = valued.resolved[place] else { return false }
      return instrument.kind == .perpetual && own.contains(instrument.underlying)
    }
    let candidates = valued.cureCandidates(
      ofAccount: account, hedges: hedges, mayReduce: true, costRate: CureQuestion.customaryCostRate, lot: nil)
    return whatIf.entries.indices.compactMap { entry in
      let base = whatIf.entries[entry].base
      guard base.surplus < 0 || base.surplusInitial < 0 else { return nil }
      return whatIf.cure(
        entry: entry, test: base.surplus < 0 ? .maintenance : .initial, target: 0, candidates: candidates
      ) { valued.resolved[$0]?.trade(quantity: 1) }.map { valued.report($0, ofAccount: account) }
    }
  }
}

import MarketModel
import PortfolioValuation

/// One position as it stands alone in isolated mode: lots of one contract, summed, and the margin behind them.
///
/// Lots that the book holds isolated are one position, the others of the contract are another: what pools with the
/// account does not net with what the account has set apart.
struct StandingPosition: Sendable {
  var leg: Leg
  /// Whether `margin_mode` says isolated.
  let isIsolated: Bool
  /// Sum of the margins that the book states, base currency.
  private(set) var stated = 0.0
  /// Whether any lot has a stated margin.
  private(set) var isStated = false
  /// Sum of |effective quantity| of the lots without a stated margin.
  private var unstatedQuantity = 0.0

  init(leg: Leg, isIsolated: Bool) {
    self.leg = leg
    self.isIsolated = isIsolated
  }

  /// - Parameter margin: base currency; nil where the book states none.
  mutating func add(margin: Double?, effectiveQuantity: Double) {
    if let margin {
      stated += margin
      isStated = true
    } else {
      unstatedQuantity += abs(effectiveQuantity)
    }
  }

  /// Whether the book holds it isolated: by its mode, or by a margin of its own.
  var isHeldIsolated: Bool { isIsolated || isStated }

  /// The lots whose margin is their own initial requirement.
  var unstated: Leg {
    guard isStated else { return leg }
    let share = leg.effectiveQuantity == 0 ? 0 : unstatedQuantity / abs(leg.effectiveQuantity)
    return Leg(
      instrument: leg.instrument, effectiveQuantity: leg.effectiveQuantity * share,
      rawQuantity: leg.rawQuantity * share, value: leg.value * share)
  }
}

extension MarginContext {
  /// Whether an account holds anything isolated by mode.
  func holdsIsolated(ofAccount account: Int, in valued: ValuedBook) -> Bool {
    valued.holdings[valued.holdingRanges[account]].contains {
      valued.book.positions[$0.position].marginMode == .isolated
    }
  }

  /// The positions of one account that stand alone in isolated mode, by place of the instrument, what is pooled before
  /// what is held isolated.
  ///
  /// - Parameter separating: false for all lots of a contract in one position.
  /// - Complexity: O(holdings).
  func standing(
    ofAccount account: Int, in valued: ValuedBook, separating: Bool = true
  ) -> [StandingPosition] {
    var pooled: [StandingPosition] = []
    var isolated: [StandingPosition] = []
    for holding in valued.holdings[valued.holdingRanges[account]] where instruments[holding.instrument] != nil
    {
      let position = valued.book.positions[holding.position]
      let isIsolated = separating && position.marginMode == .isolated
      if isIsolated {
        add(holding, position.isolatedMargin, isIsolated, in: valued, to: &isolated)
      } else {
        add(holding, position.isolatedMargin, isIsolated, in: valued, to: &pooled)
      }
    }
    guard !isolated.isEmpty else { return pooled }
    guard !pooled.isEmpty else { return isolated }
    return (pooled + isolated).sorted {
      ($0.leg.instrument, $0.isIsolated ? 1 : 0) < ($1.leg.instrument, $1.isIsolated ? 1 : 0)
    }
  }

  private func add(
    _ holding: Holding, _ margin: Double?, _ isIsolated: Bool, in valued: ValuedBook,
    to found: inout [StandingPosition]
  ) {
    if found.last?.leg.instrument == holding.instrument {
      add(holding, in: valued, to: &found[found.count - 1].leg)
    } else {
      found.append(StandingPosition(leg: leg(of: holding, in: valued), isIsolated: isIsolated))
    }
    // Few lots state a margin: the price of its asset is looked up for those alone.
    let stated = margin.map { margin in
      let settlement = valued.book.instruments[holding.instrument].settlementAsset
      return margin * (valued.book.market.spot(of: settlement) ?? 1)
    }
    found[found.count - 1].add(margin: stated, effectiveQuantity: holding.effectiveQuantity)
  }
}

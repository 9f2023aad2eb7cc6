import MarketModel
import PortfolioValuation

/// The models of a comparison on one of the markets of a replay.
///
/// ```
/// let replay = engine.replayed
/// let standing = replay.standing(ofAccount: 0, margins: margins, settlements: [])
/// ```
public struct ReplayedMargin: Sendable {
  let engine: MarginEngine
  /// Whether all three models margin it, one entry an instrument.
  let isComparable: [Bool]
  private let cashDeltas: [Double]

  init(_ engine: MarginEngine) {
    self.engine = engine
    let models = engine.compared
    isComparable = engine.context.instruments.indices.map { place in
      engine.context.instruments[place] != nil && models.isolated.supports(instrument: place)
        && models.cross.supports(instrument: place) && models.portfolio.supports(instrument: place)
    }
    cashDeltas = LiquidationEngine.unitCashDeltas(engine.context)
  }

  /// The margin of each position of an account where every position stands alone: what the book states for some lots,
  /// and the initial requirement of the others, in the settlement asset.
  ///
  /// - Returns: by place of the instrument; positions that the isolated model cannot margin are left out.
  public func isolatedMargins(ofAccount account: Int) -> [IsolatedMargin] {
    let (valued, context, model) = (engine.valued, engine.context, engine.compared.isolated)
    return context.standing(ofAccount: account, in: valued, separating: false).compactMap { standing in
      let leg = standing.leg
      guard model.supports(instrument: leg.instrument) else { return nil }
      var opened = standing.unstated
      if context.instruments[leg.instrument]?.kind != .option { opened.value = 0 }
      let need = opened.effectiveQuantity == 0 ? 0 : max(0, -model.netMargin(alone: opened, state: 0).initial)
      let asset = valued.book.instruments[leg.instrument].settlementAsset
      let spot = valued.book.market.spot(of: asset) ?? 1
      return IsolatedMargin(
        instrument: leg.instrument, asset: asset, quantity: (standing.stated + need) / spot)
    }
  }

  /// An account on this market.
  ///
  /// - Parameters:
  ///   - margins: of the first day, by place of the instrument; positions that are gone are passed over.
  ///   - settlements: of this account so far; they stand among the book's balances already.
  /// - Complexity: that of the models' requirements.
  public func standing(
    ofAccount account: Int, margins: [IsolatedMargin], settlements: [Settlement]
  ) -> AccountStanding {
    let context = engine.context
    let holdings = AccountHoldings(of: account, in: engine.valued, context: context)
    let models = engine.compared
    func standing(_ model: any ReportableModel, _ mode: MarginMode) -> Standing {
      let found = model.requirement(of: holdings, mode: mode)
      return Standing(equity: found.equity, initial: found.initial, maintenance: found.maintenance)
    }
    let (cash, value) = cashToPass(holdings, settlements)
    var exposure = 0.0
    for set in holdings.sets {
      exposure += abs(set.collateral * context.assets[set.underlying].spot)
      for leg in set.legs { exposure += abs(leg.effectiveQuantity * cashDeltas[leg.instrument]) }
    }
    return AccountStanding(
      modes: ByMode(
        isolated: standing(models.isolated, .isolated), cross: standing(models.cross, .cross),
        portfolio: standing(models.portfolio, .portfolio)),
      positions: positions(holdings.legs, margins), cashToPass: cash, comparableValue: value,
      exposure: exposure, unsupported: holdings.legs.map(\.instrument).filter { !isComparable[$0] })
  }

  /// Each position on its own margin.
  private func positions(_ legs: [Leg], _ margins: [IsolatedMargin]) -> [PositionStanding] {
    let model = engine.compared.isolated
    var found: [PositionStanding] = []
    var place = 0
    for leg in legs where model.supports(instrument: leg.instrument) {
      while place < margins.count, margins[place].instrument < leg.instrument { place += 1 }
      guard place < margins.count, margins[place].instrument == leg.instrument else { continue }
      let margin = margins[place].quantity * (engine.valued.book.market.spot(of: margins[place].asset) ?? 1)
      let net = model.netMargin(alone: leg, state: 0)
      let alone = model.loneRequirement(of: leg)
      let equity = margin + net.maintenance + alone.maintenance
      // A position that holds just its initial requirement meets it, whatever the last bits say.
      let initial = equity - (margin + net.initial).unlessRounding(of: margin)
      found.append(
        PositionStanding(
          instrument: leg.instrument, margin: margin, value: leg.value,
          standing: Standing(equity: equity, initial: initial, maintenance: alone.maintenance)))
    }
    return found
  }

  /// c* of the three modes and the value of what they margin, over what all three can.
  private func cashToPass(
    _ holdings: AccountHoldings, _ settlements: [Settlement]
  ) -> (ByMode<Double>, value: Double) {
    let (context, models, market) = (engine.context, engine.compared, engine.valued.book.market)
    var sets = holdings.sets
    var isolated = 0.0
    var paid = 0.0
    var value = 0.0
    // Coins by which the balances differ from those of the first day.
    var coins = [Double](repeating: 0, count: context.assets.count)
    for settlement in settlements {
      let worth = settlement.quantity * (market.spot(of: settlement.asset) ?? 0)
      let isCounted = isComparable[settlement.instrument]
      if isCounted { isolated += max(-worth, 0) }
      if market.isCash(settlement.asset) {
        if isCounted { paid += worth }
        continue
      }
      guard let asset = market.assetIndex(of: settlement.asset) else { continue }
      coins[asset] += settlement.quantity
      if !isCounted, let place = sets.firstIndex(where: { $0.underlying == asset }) {
        sets[place].collateral -= settlement.quantity
      }
      if !isCounted { coins[asset] -= settlement.quantity }
    }
    for place in sets.indices {
      sets[place].legs.removeAll { !isComparable[$0.instrument] }
      for leg in sets[place].legs {
        isolated += max(-models.isolated.netMargin(alone: leg, state: 0).maintenance, 0)
        value += leg.value
      }
      let own = sets[place].collateral - coins[sets[place].underlying]
      value += sets[place].collateral * context.assets[sets[place].underlying].spot
      let net = models.isolated.netMargin(collateral: own, underlying: sets[place].underlying, state: 0)
      isolated += max(-net.maintenance, 0)
    }
    func whole(_ model: any ReportableModel) -> Double {
      var net = paid
      for group in model.groups(of: sets) { net += model.netMargin(ofGroup: group, state: 0).maintenance }
      return -net
    }
    let cash = ByMode(
      isolated: isolated, cross: max(whole(models.cross), 0), portfolio: whole(models.portfolio))
    return (cash, value + paid)
  }
}

extension MarginEngine {
  /// The models of the comparison for a replay: accounts on this market, position by position and as a whole.
  ///
  /// - Complexity: O(instruments).
  public var replayed: ReplayedMargin { ReplayedMargin(self) }
}

extension Double {
  /// The number, 0 where it is no more than the rounding of a sum of some size.
  func unlessRounding(of size: Double) -> Double { abs(self) <= 1e-12 * abs(size) ? 0 : self }
}

package import MarketModel
package import PortfolioValuation
import RiskNumerics

/// Spot liquidation prices: the spots of one underlying at which what an account or a position holds passes its
/// maintenance requirement.
///
/// All other underlyings stand still, but for those that the model margins together with it: these move in
/// proportion.
///
/// Everything that accounts share is priced once, on a grid of multipliers of spot; an account is sums over those
/// tables, and only the last few evaluations of each root price its own legs anew.
package struct LiquidationEngine: Sendable {
  /// One model over whole accounts.
  package struct WholeAccount: Sendable {
    package let mode: MarginMode
    package let model: any PreparedModel

    /// - Parameter model: prepared on `LiquidationEngine.states(of:)` of the engine's grid.
    package init(mode: MarginMode, model: any PreparedModel) {
      self.mode = mode
      self.model = model
    }
  }

  let valued: ValuedBook
  let context: MarginContext
  let grid: RootSearchGrid
  let wholeAccount: [WholeAccount]
  /// The models of isolated mode: the first of every position, the others of what the book holds isolated.
  let isolated: [IsolatedLiquidation]
  /// One entry a model of `wholeAccount`.
  let kinks: [KinkFinder]
  /// Cash delta of one unit of `effectiveQuantity`, one entry an instrument.
  let unitCashDelta: [Double]

  /// An engine over models that were prepared on `states(of: grid)`.
  package init(
    valued: ValuedBook, context: MarginContext, wholeAccount: [WholeAccount],
    isolated: [any PreparedModel], grid: RootSearchGrid = .standard
  ) {
    self.valued = valued
    self.context = context
    self.grid = grid
    self.wholeAccount = wholeAccount
    kinks = wholeAccount.map { KinkFinder(context: context, shocks: $0.model.spotShocks, grid: grid) }
    self.isolated = isolated.enumerated().map { place, model in
      IsolatedLiquidation(
        valued: valued, context: context, model: model, grid: grid, tabulatesUnits: place == 0)
    }
    unitCashDelta = Self.unitCashDeltas(context)
  }

  /// The markets on which the models of an engine are prepared: today, then the other points of the grid.
  package static func states(of grid: RootSearchGrid = .standard) -> [MarketState] {
    var states = [MarketState.today]
    for (place, multiplier) in grid.multipliers.enumerated() where place != grid.unitIndex {
      states.append(state(multiplier))
    }
    return states
  }

  /// The market with every spot, forward and mark multiplied and volatilities as they are.
  static func state(_ multiplier: Double) -> MarketState {
    MarketState(name: "spot", scenarioSet: "spot", spotMultiplier: multiplier, volatility: .none)
  }

  /// The state in `states(of:)` of a grid point.
  static func stateIndex(ofPoint place: Int, in grid: RootSearchGrid) -> Int {
    place == grid.unitIndex ? 0 : place < grid.unitIndex ? place + 1 : place
  }

  /// All liquidation prices of one account: by underlying and model for the whole account, then by position.
  ///
  /// - Complexity: O(grid × legs) sums a model, and about four evaluations of a netting set a root.
  package func liquidation(ofAccount account: Int) -> AccountLiquidation {
    let sets = context.nettingSets(ofAccount: account, in: valued)
    return liquidation(ofAccount: account, sets: sets, shared: surplus(ofAccount: account, sets: sets))
  }

  /// The surplus of one account over the grid, one entry a model of `wholeAccount`.
  func surplus(ofAccount account: Int, sets: [NettingSet]) -> [SharedSurplus] {
    let cash = context.cashBalances(ofAccount: account, in: valued)
    return wholeAccount.map {
      SharedSurplus(sets: sets, cash: $0.model.countedCash(cash).maintenance, model: $0.model)
    }
  }

  func liquidation(
    ofAccount account: Int, sets: [NettingSet], shared: [SharedSurplus]
  ) -> AccountLiquidation {
    var found = AccountLiquidation(
      prices: [], distance: nil, leverage: leverage(ofAccount: account, sets: sets))
    let changes = zip(shared, kinks).map { surplus, kinks in
      surplus.groups.indices.map { surplus.signChanges(ofGroup: $0, grid: grid, kinks: kinks) }
    }
    for set in sets {
      for ((whole, surplus), changes) in zip(zip(wholeAccount, shared), changes) {
        guard let group = surplus.group(of: set.underlying) else { continue }
        let changes = changes[group]
        add(
          changes, to: &found, underlying: set.underlying, position: nil, mode: whole.mode,
          model: whole.model.name, surplus: surplus.today,
          reason: reason(without: changes, surplus: surplus.today, set: set, model: whole.model))
      }
    }
    addPositions(ofAccount: account, to: &found)
    let whole = found.prices.filter { $0.position == nil }
    if !whole.isEmpty, whole.allSatisfy({ $0.surplus < 0 }) { found.distance = 0 }
    return found
  }

  private func addPositions(ofAccount account: Int, to found: inout AccountLiquidation) {
    for (place, isolated) in isolated.enumerated() {
      for (standing, position) in isolated.positions(ofAccount: account).enumerated() {
        guard let resolved = context.instruments[position.leg.instrument] else { continue }
        let isMargined = isolated.model.supports(instrument: position.leg.instrument)
        guard place == 0 || position.isHeldIsolated && isMargined else { continue }
        let result = isolated.signChanges(of: position)
        add(
          result.changes, to: &found, underlying: resolved.underlying,
          position: valued.book.instruments[position.leg.instrument].id, mode: .isolated,
          model: isolated.model.name, surplus: isolated.surplus(of: position),
          isHeldIsolated: position.isHeldIsolated && isMargined, standing: standing, reason: result.reason)
      }
    }
    if !found.closed.isEmpty { found.distance = 0 }
  }

  private func add(
    _ changes: SignChanges, to found: inout AccountLiquidation, underlying: Int, position: Identifier?,
    mode: MarginMode, model: String, surplus: Double, isHeldIsolated: Bool = false, standing: Int? = nil,
    reason: String?
  ) {
    let asset = context.assets[underlying]
    // What is below its requirement today comes out of it at a root: no price to wait for.
    for root in changes.roots where surplus >= 0 {
      let distance = abs(Elementary.log(root))
      found.distance = found.distance.map { min($0, distance) } ?? distance
    }
    var price = LiquidationPrice(
      underlying: asset.id, position: position, mode: mode, model: model, surplus: surplus,
      isHeldIsolated: isHeldIsolated, spotRoots: changes.roots.map { $0 * asset.spot },
      reason: changes.roots.isEmpty ? reason : nil)
    price.standing = standing
    found.prices.append(price)
  }

  private func reason(
    without changes: SignChanges, surplus: Double, set: NettingSet, model: any PreparedModel
  ) -> String {
    if set.collateral == 0, !set.legs.contains(where: { model.supports(instrument: $0.instrument) }) {
      return "the model margins nothing that the account holds in this underlying"
    }
    let sentence = LiquidationReason.sentence(surplus: surplus, isComplete: changes.isComplete, grid: grid)
    // A reader must not take the silence of a part for the safety of the whole.
    let absent = set.legs.count { !model.supports(instrument: $0.instrument) }
    return absent == 0
      ? sentence : "\(sentence), \(absent) unsupported position\(absent == 1 ? "" : "s") left out"
  }
}

/// Sentences for an empty list of roots.
enum LiquidationReason {
  /// Why a surplus that was looked at over the whole grid has no root.
  static func sentence(surplus: Double, isComplete: Bool, grid: RootSearchGrid) -> String {
    let low = grid.multipliers.first ?? 1
    let high = grid.multipliers.last ?? 1
    let range = "at every spot looked at between \(low) and \(high) times today's"
    guard isComplete else { return "the surplus has no finite value at some spot in the range looked at" }
    return surplus < 0
      ? "equity is below the requirement \(range)" : "equity exceeds the requirement \(range)"
  }
}

import MarketModel
import PortfolioValuation

/// Liquidation prices of positions that stand alone, each defended by its own margin.
///
/// The margin is cash of the settlement asset: for a coin-margined contract it moves with spot. What the position
/// is worth moves with its mark, which the model counts, so the surplus is
/// margin × (spot multiplier if held in coin) + net maintenance margin of the position alone.
struct IsolatedLiquidation: Sendable {
  /// One position with its margin.
  struct Position {
    var leg: Leg
    /// Whether the book holds it isolated.
    var isHeldIsolated = false
    /// Base value today of the margin set aside.
    var margin: Double
    /// Whether that margin is the position's own initial requirement.
    var isDefault: Bool
  }

  /// Roots of one position and the reason where there is none.
  struct Result {
    var changes: SignChanges
    var reason: String?
  }

  let valued: ValuedBook
  let context: MarginContext
  let model: any PreparedModel
  let grid: RootSearchGrid
  let units: UnitMargins
  /// Roots of one unit long (even entries) and one unit short (odd entries) of each instrument, opened at the
  /// mark and holding its own initial margin; nil where the requirement is not in proportion to the size.
  private var unitRoots: [Result?] = []

  /// - Parameter tabulatesUnits: whether the roots of one unit of each instrument are looked for once for all accounts.
  init(
    valued: ValuedBook, context: MarginContext, model: any PreparedModel, grid: RootSearchGrid,
    tabulatesUnits: Bool
  ) {
    self.valued = valued
    self.context = context
    self.model = model
    self.grid = grid
    units = UnitMargins(model: model, context: context)
    var roots: [Result?] = []
    roots.reserveCapacity(2 * context.instruments.count)
    for instrument in context.instruments.indices where tabulatesUnits {
      for side in [1.0, -1.0] { roots.append(unitResult(instrument: instrument, side: side)) }
    }
    unitRoots = roots
  }

  /// The positions of one account, lots summed, with their margins: what the book states for some lots, and the
  /// initial requirement of the others.
  func positions(ofAccount account: Int) -> [Position] {
    context.standing(ofAccount: account, in: valued).map { standing in
      Position(
        leg: standing.leg, isHeldIsolated: standing.isHeldIsolated,
        margin: standing.stated + initialRequirement(of: standing.unstated),
        isDefault: !standing.isStated)
    }
  }

  /// Margin and worth to the model less the maintenance requirement, today.
  func surplus(of position: Position) -> Double {
    position.margin + model.netMargin(alone: position.leg, state: 0).maintenance
  }

  /// Where the position's surplus changes sign, as multipliers of its spot.
  func signChanges(of position: Position) -> Result {
    let leg = position.leg
    guard model.supports(instrument: leg.instrument) else {
      return Result(changes: SignChanges(), reason: "the model does not margin this instrument")
    }
    let isOption = context.instruments[leg.instrument]?.kind == .option
    // An option's profit since it was opened lies in its premium, which is cash: only futures depend on entry.
    if position.isDefault, isOption || leg.value == 0 {
      let place = 2 * leg.instrument + (leg.effectiveQuantity < 0 ? 1 : 0)
      if leg.effectiveQuantity != 0, unitRoots.indices.contains(place), let known = unitRoots[place] {
        return known
      }
    }
    return search(position)
  }

  /// What the position alone needs to be opened, on today's market, its past profit left out.
  private func initialRequirement(of leg: Leg) -> Double {
    var opened = leg
    if context.instruments[leg.instrument]?.kind != .option { opened.value = 0 }
    return max(0, -model.netMargin(alone: opened, state: 0).initial)
  }

  private func search(_ position: Position) -> Result {
    let leg = position.leg
    let isCoin = isSettledInUnderlying(leg.instrument)
    guard let resolved = context.instruments[leg.instrument] else {
      return Result(changes: SignChanges(isComplete: false), reason: nil)
    }
    let set = NettingSet(underlying: resolved.underlying, legs: [leg], collateral: 0)
    let margin = { (multiplier: Double) in isCoin ? position.margin * multiplier : position.margin }
    var net = [Double](repeating: 0, count: units.stateCount)
    units.fill(&net, leg: leg)
    guard net.count == grid.multipliers.count else {
      return Result(changes: SignChanges(isComplete: false), reason: nil)
    }
    let values = grid.multipliers.enumerated().map { place, multiplier in
      margin(multiplier) + net[LiquidationEngine.stateIndex(ofPoint: place, in: grid)]
    }
    let changes = RootSearch.signChanges(grid: grid.multipliers.span, values: values.span) { multiplier in
      margin(multiplier)
        + model.netMargin(of: set, in: LiquidationEngine.state(multiplier)).maintenance
    }
    let isLongOption = resolved.kind == .option && leg.effectiveQuantity > 0
    let today = values[grid.unitIndex]
    return Result(
      changes: changes,
      reason: isLongOption && today >= 0
        ? "long option: nothing beyond the premium can be lost"
        : LiquidationReason.sentence(surplus: today, isComplete: changes.isComplete, grid: grid))
  }

  private func unitResult(instrument: Int, side: Double) -> Result? {
    guard units.isProportional(instrument, side: side),
      let leg = UnitMargins.unitLeg(of: instrument, quantity: side, context: context)
    else { return nil }
    return search(Position(leg: leg, margin: initialRequirement(of: leg), isDefault: true))
  }

  private func isSettledInUnderlying(_ instrument: Int) -> Bool {
    let terms = valued.book.instruments[instrument]
    return terms.settlementAsset == terms.underlying
  }
}

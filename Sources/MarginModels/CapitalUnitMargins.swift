import MarketModel
import PortfolioValuation

/// What one unit of each instrument and coin needs alone, long and short, in every state of a model: plain columns,
/// because a book has far more positions than instruments.
///
/// A requirement that grows with the size and nothing else is looked up here; one that does not (a rate that
/// rises with the size) is asked of the model, position by position.
struct UnitMargins: Sendable {
  let model: any PreparedModel
  let stateCount: Int
  private let context: MarginContext
  /// Net maintenance margin of ±1 unit opened at the mark: instrument, side, state; nil where not in proportion.
  private let positions: [[Double]?]
  /// The same of ±1 coin: asset, side, state.
  private let coins: [[Double]?]

  /// Tabulates a model.
  ///
  /// - Complexity: O((instruments + assets) × states).
  init(model: any PreparedModel, context: MarginContext) {
    self.model = model
    self.context = context
    let states = model.states.indices
    stateCount = states.count
    positions = context.instruments.indices.flatMap { instrument in
      [1.0, -1.0].map { side -> [Double]? in
        guard Self.isProportional(instrument, side: side, model: model, context: context),
          let leg = Self.unitLeg(of: instrument, quantity: side, context: context)
        else { return nil }
        return model.netMargins(alone: leg).map(\.maintenance)
      }
    }
    coins = context.assets.indices.flatMap { asset in
      [1.0, -1.0].map { side -> [Double]? in
        let net = { (size: Double) in
          model.netMargin(collateral: side * size, underlying: asset, state: 0).maintenance
        }
        guard Self.agree(net(1e3), 1e3 * net(1)), Self.agree(net(1e6), 1e6 * net(1)) else { return nil }
        return states.map {
          model.netMargin(collateral: side, underlying: asset, state: $0).maintenance
        }
      }
    }
  }

  /// Puts the net maintenance margin of one position alone in every state into a column.
  ///
  /// - Parameter net: `stateCount` entries, overwritten.
  func fill(_ net: inout [Double], leg: Leg) {
    let side = leg.effectiveQuantity < 0 ? 1 : 0
    guard !isCarried(leg), let unit = positions[2 * leg.instrument + side] else {
      for (state, alone) in model.netMargins(alone: leg).enumerated() where net.indices.contains(state) {
        net[state] = alone.maintenance
      }
      return
    }
    let size = abs(leg.effectiveQuantity)
    // An option's worth is in its unit; a future's profit since it was opened comes on top.
    let profit = context.instruments[leg.instrument]?.kind == .option ? 0 : leg.value
    for state in net.indices { net[state] = size * unit[state] + profit }
  }

  /// Whether a coin contract was opened at another price than its mark: it stands for Q/mark coins and profits from
  /// Q/entry, so that its requirement is not that of so many units opened at the mark.
  private func isCarried(_ leg: Leg) -> Bool {
    guard let contract = context.instruments[leg.instrument], contract.isInverse, contract.kind != .option
    else { return false }
    return !Self.agree(leg.rawQuantity, leg.effectiveQuantity * contract.forward)
  }

  /// The same of a coin balance.
  func fill(_ net: inout [Double], collateral quantity: Double, underlying: Int) {
    guard let unit = coins[2 * underlying + (quantity < 0 ? 1 : 0)] else {
      for state in net.indices {
        net[state] =
          model.netMargin(collateral: quantity, underlying: underlying, state: state).maintenance
      }
      return
    }
    let size = abs(quantity)
    for state in net.indices { net[state] = size * unit[state] }
  }

  /// Whether the requirement of one side of an instrument grows with the size and nothing else.
  func isProportional(_ instrument: Int, side: Double) -> Bool {
    positions[2 * instrument + (side < 0 ? 1 : 0)] != nil
  }

  /// One unit opened at the mark; nil where the instrument has no price.
  static func unitLeg(of instrument: Int, quantity: Double, context: MarginContext) -> Leg? {
    guard let resolved = context.instruments[instrument] else { return nil }
    let isOption = resolved.kind == .option
    return Leg(
      instrument: instrument, effectiveQuantity: quantity,
      rawQuantity: resolved.isInverse && !isOption ? quantity * resolved.forward : quantity,
      value: isOption ? quantity * resolved.unit : 0)
  }

  private static func isProportional(
    _ instrument: Int, side: Double, model: any PreparedModel, context: MarginContext
  ) -> Bool {
    guard model.supports(instrument: instrument),
      let unit = unitLeg(of: instrument, quantity: side, context: context)
    else { return false }
    // In every state: what is in proportion today may not be on another market.
    let one = model.netMargins(alone: unit)
    return [1e3, 1e6].allSatisfy { size in
      guard let leg = unitLeg(of: instrument, quantity: side * size, context: context) else { return false }
      return zip(model.netMargins(alone: leg), one).allSatisfy { many, one in
        agree(many.initial, size * one.initial) && agree(many.maintenance, size * one.maintenance)
      }
    }
  }

  /// Whether two figures differ by the rounding of a handful of products.
  private static func agree(_ left: Double, _ right: Double) -> Bool {
    abs(left - right) <= 1e-12 * abs(left)
  }
}

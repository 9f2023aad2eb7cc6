public import MarketModel

/// The terms on which one thing can be closed out at once: a `MarketDepth` with all its numbers.
///
/// A sale of Q at the mid price P fetches P(1 − h − Yσ(Q/V)^b) a unit, a purchase costs P(1 + h + Yσ(Q/V)^b): the cost
/// is Q·P·(h + Yσ(Q/V)^b), of degree 1 + b in Q beside the half-spread. In an order book it is the walk over its levels.
/// The larger the move of the underlying the wider the spread and the thinner the book (`MarketDepth.Widening`).
public struct CloseOutTerms: Hashable, Sendable {
  private struct Impact: Hashable {
    let halfSpread: Double
    /// Yσ.
    let scale: Double
    let volume: Double
    let isLinear: Bool

    /// Units lost of so many.
    func units(of size: Double, spread: Double, thinning: Double) -> Double {
      let share = size * thinning / volume
      return size * (halfSpread * spread + scale * (isLinear ? share : share.squareRoot()))
    }
  }

  private enum Shape: Hashable {
    case impact(Impact)
    case walk(bids: BookWalk, asks: BookWalk)
  }

  private let shape: Shape
  private let widening: MarketDepth.Widening
  /// 1 / daily volatility; 0 where nothing asks for it.
  private let perDeviation: Double

  /// The terms of a depth; nil where nothing is known of it, or a daily volatility is needed and not above zero.
  ///
  /// - Parameter dailyVolatility: of the underlying, where the depth states none.
  public init?(_ depth: MarketDepth, dailyVolatility: Double?) {
    let deviation = depth.dailyVolatility ?? dailyVolatility ?? 0
    guard deviation > 0 || !depth.needsVolatility else { return nil }
    switch depth.shape {
    case .impact(let halfSpread, let impact):
      shape = .impact(
        Impact(
          halfSpread: halfSpread, scale: (impact?.coefficient ?? 0) * deviation,
          volume: impact?.dailyVolume ?? 1, isLinear: impact?.form == .linear))
    case .levels(let bids, let asks):
      shape = .walk(bids: BookWalk(bids), asks: BookWalk(asks))
    case .unknown: return nil
    }
    widening = depth.widening
    perDeviation = deviation > 0 ? 1 / deviation : 0
  }

  /// What half-spreads and distances are multiplied by after a move; ≥ 1, growing with its size.
  ///
  /// - Parameter logMove: ln(S'/S) of the underlying.
  public func spreadFactor(logMove: Double) -> Double {
    1 + widening.spread * (logMove.magnitude * perDeviation)
  }

  /// What quantities of the market are divided by after a move; ≥ 1, growing with its size.
  public func thinning(logMove: Double) -> Double { 1 + widening.depth * (logMove.magnitude * perDeviation) }

  /// What is lost against the mid price on trading a holding away, base currency.
  ///
  /// - Parameters:
  ///   - quantity: held, signed: long is sold, short is bought back.
  ///   - price: mid price of a unit after the move, base currency; ≥ 0.
  ///   - logMove: ln(S'/S) of the underlying.
  /// - Returns: ≥ 0, 0 for nothing held; growing with the quantity and with the size of the move. A sale brings in
  ///   nothing at worst, so it never costs more than quantity × price.
  /// - Complexity: O(1); O(log(levels)) in an order book.
  public func cost(of quantity: Double, price: Double, logMove: Double) -> Double {
    let size = quantity.magnitude
    guard size != 0 else { return 0 }
    let spread = spreadFactor(logMove: logMove)
    let thinning = thinning(logMove: logMove)
    let units: Double
    switch shape {
    case .impact(let impact):
      units = impact.units(of: size, spread: spread, thinning: thinning)
    case .walk(let bids, let asks):
      units = spread / thinning * (quantity > 0 ? bids : asks).cost(of: size * thinning)
    }
    return quantity > 0 ? min(units, size) * price : units * price
  }

  /// Adds the costs of many holdings, each on a path of its own, to losses: number by number what `cost` gives.
  ///
  /// - Parameters:
  ///   - quantities: held, one a path.
  ///   - spot: today's price.
  ///   - logMoves: ln(S'/S), one a path.
  ///   - moves: S'/S − 1, one a path.
  ///   - scale: what a cost is divided by.
  ///   - losses: at least as many as paths.
  package func addCosts(
    of quantities: Span<Double>, spot: Double, logMoves: Span<Double>, moves: Span<Double>,
    dividedBy scale: Double, to losses: inout MutableSpan<Double>
  ) {
    guard case .impact(let impact) = shape else {
      for path in quantities.indices {
        let price = spot * (1 + moves[path])
        losses[path] += cost(of: quantities[path], price: price, logMove: logMoves[path]) / scale
      }
      return
    }
    for path in quantities.indices {
      let quantity = quantities[path]
      let size = quantity.magnitude
      let units = impact.units(
        of: size, spread: spreadFactor(logMove: logMoves[path]), thinning: thinning(logMove: logMoves[path]))
      losses[path] += (quantity > 0 ? min(units, size) : units) * (spot * (1 + moves[path])) / scale
    }
  }

  /// How much of a holding lies beyond the quoted levels; nil for terms without an order book.
  public func beyondBook(_ quantity: Double, logMove: Double) -> Double? {
    guard case .walk(let bids, let asks) = shape else { return nil }
    return max(0, quantity.magnitude - (quantity > 0 ? bids : asks).quoted / thinning(logMove: logMove))
  }
}

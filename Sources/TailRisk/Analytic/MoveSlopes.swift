import MarketModel
import PortfolioValuation

/// What a holding makes of moves beside its spot, to second order.
///
/// An option is worth e^a·U(f, σ') with f = (1 + x)·e^g − 1 the relative move of its forward, x that of its spot, g, a and
/// σ' − σ = s sums over factors (`RowMoves`). Hence, beside the terms in x alone,
///
///   dV ≈ U_f(g + xg + ½g²) + ½U_ff(2xg + g²) + U_σs + ½U_σσs² + U_fσ(x + g)s + U(a + ½a²) + a(U_f(x + g) + U_σs)
///
/// with U_f = ΔS, U_ff = ΓS², U_σ vega, U_σσ volga and U_fσ = S·vanna. A linear future is U_f·f; of an inverse one, worth
/// Q·S'/e − Q·S'/F', the second part moves by Q·(S/F)·(g − ½g²).
struct MoveSlopes: Sendable {
  /// A factor, and what it is multiplied by.
  typealias Load = RowMoves.Load
  /// A sum of loads and of products of two.
  typealias Terms = (
    linear: [(factor: Int, value: Double)], quadratic: [(row: Int, column: Int, value: Double)]
  )

  private let isOption: Bool
  private let isInverseFuture: Bool
  private let volatility: Double
  /// U_f, U_ff, U_σ, U_fσ, U_σσ, U; of the whole holding, base currency.
  private let forward: Double
  private let bend: Double
  private let vega: Double
  private let vanna: Double
  private let volga: Double
  private let value: Double
  /// Q·S/F.
  private let carried: Double

  /// The slopes of a holding.
  ///
  /// - Parameters:
  ///   - cashDelta: ΔS of the whole holding.
  ///   - effective: what multiplies the unit row.
  ///   - quantity: raw.
  init(
    _ instrument: ResolvedInstrument, _ unit: InstrumentGreeks, cashDelta: Double, effective: Double,
    quantity: Double
  ) {
    isOption = instrument.kind == .option
    isInverseFuture = !isOption && instrument.isInverse
    volatility = instrument.volatility
    forward = cashDelta
    bend = effective * unit.gamma * instrument.spot * instrument.spot
    vega = effective * unit.vega
    vanna = effective * unit.vanna * instrument.spot
    volga = effective * unit.volga
    value = isOption ? effective * instrument.unit : 0
    carried = isInverseFuture ? quantity * instrument.multiplier * (instrument.spot / instrument.forward) : 0
  }

  /// The terms of the moves beside the spot, a factor of its own.
  func terms(_ moves: RowMoves, spot: Int) -> Terms {
    let g = moves.forward
    var terms: Terms = ([], [])
    if isInverseFuture {
      Self.add(carried, g, to: &terms)
      Self.add(-0.5 * carried, g, g, to: &terms)
      return terms
    }
    let x: [Load] = [(spot, 1)]
    Self.add(forward, g, to: &terms)
    Self.add(forward + bend, x, g, to: &terms)
    Self.add(0.5 * (forward + bend), g, g, to: &terms)
    guard isOption else { return terms }
    var s: [Load] = []
    if let level = moves.level { s.append((level, volatility)) }
    if let skew = moves.skew { s.append((skew.factor, skew.weight * volatility)) }
    Self.add(vega, s, to: &terms)
    Self.add(0.5 * volga, s, s, to: &terms)
    Self.add(vanna, x + g, s, to: &terms)
    let a = moves.scale
    Self.add(value, a, to: &terms)
    Self.add(0.5 * value, a, a, to: &terms)
    Self.add(forward, a, x + g, to: &terms)
    Self.add(vega, a, s, to: &terms)
    return terms
  }

  private static func add(_ slope: Double, _ loads: [Load], to terms: inout Terms) {
    for load in loads { terms.linear.append((load.factor, slope * load.weight)) }
  }

  private static func add(_ slope: Double, _ left: [Load], _ right: [Load], to terms: inout Terms) {
    for a in left {
      for b in right { terms.quadratic.append((a.factor, b.factor, slope * a.weight * b.weight)) }
    }
  }
}

import MarketModel
import PortfolioValuation
import RiskNumerics

/// A stress taken apart by what moved: the second-order expansion of value around today, and what it leaves.
///
/// With dS, dσ, dt, dr the moves of spot, volatility, time and rate: Δ·dS, ½Γ·dS², vega·dσ, ½volga·dσ²,
/// vanna·dS·dσ, θ·dt, ρ·dr, the slopes in the forward at a fixed spot and in the price of the quote asset, and the
/// funding that was paid. Everything beyond is `residual`. Greeks of an expiring option cover the time to its expiry;
/// American options have no vanna and volga of their own, which then stand in the residual.
public struct StressExplanation: Hashable, Sendable {
  public var delta = 0.0
  public var gamma = 0.0
  public var vega = 0.0
  public var volga = 0.0
  /// Spot and volatility together.
  public var vanna = 0.0
  public var theta = 0.0
  public var rho = 0.0
  public var basis = 0.0
  /// Stable assets that lost their peg: held, and behind what is quoted in them.
  public var currency = 0.0
  public var funding = 0.0
  public var residual = 0.0

  /// Nothing moved.
  public init() {}

  /// All parts from left to right, as a report lists them.
  public var parts: [Double] {
    [delta, gamma, vega, volga, vanna, theta, rho, basis, currency, funding, residual]
  }

  /// Puts what is missing to a profit into the residual, so that the parts sum to it up to rounding of the largest.
  mutating func close(at profit: Double) {
    residual = 0
    var sum = ExactSum()
    sum.add(profit)
    for part in parts { sum.add(-part) }
    residual = sum.value
  }
}

/// The slopes of one instrument, in money per unit of what is held, for moves given as fractions.
struct StressSlopes: Sendable {
  /// Δ·S.
  private let delta: Double
  /// ½·Γ·S².
  private let gamma: Double
  private let vega: Double
  /// S·∂²V/∂S∂σ.
  private let vanna: Double
  /// ½·∂²V/∂σ².
  private let volga: Double
  private let theta: Double
  private let rho: Double
  private let unit: Double
  private let forward: Double
  private let years: Double
  private let volatility: Double
  private let kind: Kind

  private enum Kind { case option, linear, inverse }

  /// The slopes of a resolved instrument with its Greeks.
  init(_ instrument: ResolvedInstrument, _ greeks: InstrumentGreeks) {
    delta = greeks.delta * instrument.spot
    gamma = 0.5 * greeks.gamma * instrument.spot * instrument.spot
    (vega, theta, rho) = (greeks.vega, greeks.theta, greeks.rho)
    (unit, forward) = (instrument.unit, instrument.forward)
    (years, volatility) = (instrument.timeToExpiry, instrument.volatility)
    kind = instrument.kind == .option ? .option : instrument.isInverse ? .inverse : .linear
    (vanna, volga) = (greeks.vanna * instrument.spot, 0.5 * greeks.volga)
  }

  /// Adds what the slopes make of a holding.
  ///
  /// - Parameters:
  ///   - effective: what multiplies the unit row.
  ///   - raw: quantity.
  ///   - value: base value today.
  ///   - funding: what one contract pays when long, base currency.
  func add(
    _ move: InstrumentMove, effective: Double, raw: Double, value: Double, funding: Double,
    isInverse: Bool, to sum: inout StressExplanation
  ) {
    let days = years - move.years
    sum.delta += effective * delta * move.spot
    sum.funding -= raw * funding
    switch kind {
    case .option:
      let volatility = move.volatility - self.volatility
      sum.gamma += effective * gamma * move.spot * move.spot
      sum.vega += effective * vega * volatility
      sum.volga += effective * volga * volatility * volatility
      sum.vanna += effective * vanna * move.spot * volatility
      sum.theta += effective * theta * days
      sum.rho += effective * rho * move.rate
      sum.basis += effective * (isInverse ? delta - unit : delta) * move.basis
      sum.currency += effective * (unit - delta) * move.quote
    case .linear:
      sum.theta += effective * theta * days
      sum.rho += effective * rho * move.rate
      sum.basis += effective * unit * move.basis
      sum.currency += (value - effective * unit) * move.quote
    case .inverse:
      // What of a coin-margined future moves with F alone: S·Q/F.
      let carried = raw / forward
      sum.theta += carried * theta * days
      sum.rho += carried * rho * move.rate
      sum.basis += carried * unit * move.basis
      sum.currency -= carried * unit * move.quote
    }
  }
}

import MarketModel
package import OptionPricing
import RiskNumerics

/// The sensitivities of one unit of effective quantity, in base currency.
///
/// Spot, forward and mark move in proportion, so dF/dS = F/S. The value of an option is scale·B(F), with
/// `scale` fixed under that move (a coin-settled option's S/F is), hence Δ = scale·B'·F/S and
/// Γ = scale·B''·(F/S)².
public struct InstrumentGreeks: Hashable, Sendable {
  public let delta: Double
  public let gamma: Double
  public let vega: Double
  /// ∂²V/∂S∂σ; 0 for an American option.
  public let vanna: Double
  /// ∂²V/∂σ²; 0 for an American option.
  public let volga: Double
  /// Per year of calendar time; the forward fixed, or the spot where the forward follows rate and yield.
  public let theta: Double
  /// Per 1.00 of the settlement asset's rate; 0 where the market has no curve to move.
  public let rho: Double

  /// Whether theta and rho belong to what is left of an inverse future's effective quantity beside its value:
  /// S·Q(1/e − 1/F) moves with F by S·Q/F = effective quantity × unit − value.
  private let isInverseCarry: Bool

  /// The Greeks of a resolved instrument; nil where one of them is not a finite number.
  ///
  /// - Complexity: O(1).
  public init?(_ instrument: ResolvedInstrument) { self.init(instrument, premium: nil) }

  /// The Greeks of a resolved instrument with what early exercise adds; nil where one is not a finite number.
  package init?(_ instrument: ResolvedInstrument, premium: ExercisePremium?) {
    if instrument.isAmerican {
      guard let greeks = AmericanGreeks(instrument, premium: premium) else { return nil }
      (delta, gamma, vega) = (greeks.delta, greeks.gamma, greeks.vega)
      (vanna, volga) = (0, 0)
      (theta, rho, isInverseCarry) = (greeks.theta, greeks.rho, false)
      guard delta.isFinite, gamma.isFinite, vega.isFinite, theta.isFinite, rho.isFinite else { return nil }
      return
    }
    let time = instrument.timeToExpiry
    guard instrument.kind == .option else {
      delta = instrument.isInverse ? instrument.multiplier : instrument.unit / instrument.spot
      (gamma, vega, vanna, volga) = (0, 0, 0, 0)
      guard instrument.forwardFollowsCarry, time > 0 else {
        (theta, rho, isInverseCarry) = (0, 0, false)
        return
      }
      // The forward S·e^(carry·T) shrinks towards the spot; `unit` stands for what it multiplies.
      let carry = Elementary.log(instrument.forward * instrument.quoteSpot / instrument.spot) / time
      theta = -carry * instrument.unit
      rho = instrument.hasRateCurve ? time * instrument.unit : 0
      isInverseCarry = instrument.isInverse
      return
    }
    isInverseCarry = false
    let black: OptionGreeks
    do throws(PricingError) {
      black = try Black76.greeks(
        type: instrument.isCall ? .call : .put, forward: instrument.forward, strike: instrument.strike,
        timeToExpiry: time, volatility: instrument.volatility, rate: 0)
    } catch {
      return nil
    }
    let scale = instrument.scale
    let slope = instrument.forward / instrument.spot
    delta = scale * black.delta * slope
    gamma = scale * black.gamma * slope * slope
    vega = scale * black.vega
    vanna = scale * black.vanna * slope
    volga = scale * black.volga
    if instrument.forwardFollowsCarry {
      // Black–Scholes–Merton: the spot is fixed and the forward grows at `carry`; the S/F of a
      // coin-settled option shrinks at the same rate.
      let carry =
        time > 0 ? Elementary.log(instrument.forward * instrument.quoteSpot / instrument.spot) / time : 0
      let push = scale * black.delta * instrument.forward
      let rate = instrument.rate + (instrument.isInverse ? carry : 0)
      theta = rate * instrument.unit + scale * black.theta - push * carry
      rho = instrument.hasRateCurve ? time * (push - instrument.unit) : 0
    } else {
      theta = instrument.rate * instrument.unit + scale * black.theta
      rho = instrument.hasRateCurve ? -time * instrument.unit : 0
    }
    guard delta.isFinite, gamma.isFinite, vega.isFinite, vanna.isFinite, volga.isFinite, theta.isFinite,
      rho.isFinite
    else { return nil }
  }

  /// The Greeks of a quantity of it.
  ///
  /// - Parameters:
  ///   - effectiveQuantity: what multiplies the unit row.
  ///   - value: base value today (a future's unrealised profit and loss).
  ///   - spot: base currency per unit of the underlying; > 0.
  public func scaled(by effectiveQuantity: Double, value: Double, spot: Double) -> GreekSet {
    var set = GreekSet()
    set.value = value
    set.delta = effectiveQuantity * delta
    set.gamma = effectiveQuantity * gamma
    set.coinDelta = set.delta - value / spot
    set.coinGamma = set.gamma * spot - 2 * set.coinDelta
    set.cashDelta = set.delta * spot
    set.cashGamma1Percent = set.gamma * spot * spot / 100
    set.vega = effectiveQuantity * vega
    set.theta = effectiveQuantity * theta
    set.rho = effectiveQuantity * rho
    if isInverseCarry, delta != 0 {
      // `delta` × spot is the unit of an inverse future.
      let rest = value / (delta * spot)
      set.theta -= rest * theta
      set.rho -= rest * rho
    }
    return set
  }
}

extension GreekSet {
  /// A holding of the asset itself: one delta a unit, worth its spot, without risk when counted in coin.
  public init(coins quantity: Double, spot: Double) {
    self.init()
    value = quantity * spot
    delta = quantity
    cashDelta = quantity * spot
  }
}

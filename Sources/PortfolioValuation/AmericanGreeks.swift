import MarketModel
import OptionPricing
import RiskNumerics

/// The sensitivities of one American option, in base currency: those of `AmericanPricing.greeks`.
///
/// A forward that is quoted stays where it is when rates move: rho is then the derivative along rate and yield
/// together, and theta leaves the drift of the spot out.
struct AmericanGreeks {
  private(set) var delta = 0.0
  private(set) var gamma = 0.0
  private(set) var vega = 0.0
  private(set) var theta = 0.0
  private(set) var rho = 0.0

  init?(_ option: ResolvedInstrument, premium: ExercisePremium?) {
    let spot = option.spot / option.quoteSpot
    let years = option.timeToExpiry
    let yield = option.impliedYield
    if years > 0, premium?.isExercised(at: spot) == true {
      delta = option.isCall ? option.multiplier : -option.multiplier
      return
    }
    do throws(PricingError) {
      let greeks = try AmericanPricing.greeks(
        AmericanContract(
          type: option.isCall ? .call : .put, spot: spot, strike: option.strike, timeToExpiry: years,
          volatility: option.volatility, rate: option.rate, dividendYield: yield))
      delta = option.multiplier * greeks.delta
      gamma = option.multiplier * greeks.gamma / option.quoteSpot
      guard years > 0 else { return }
      let carry = option.forwardFollowsCarry ? option.rate - yield : 0
      let drift = carry * option.spot * delta
      let spread = option.volatility * option.spot
      theta = option.rate * option.unit - drift - 0.5 * spread * spread * gamma
      let scale = option.quoteSpot * option.multiplier
      vega = scale * greeks.vega
      guard option.hasRateCurve else { return }
      rho = scale * (greeks.rho + (option.forwardFollowsCarry ? 0 : greeks.rhoQ ?? 0))
    } catch {
      return nil
    }
  }
}

import MarketModel
import OptionPricing
import RiskNumerics

/// The sensitivities of one American option, in base currency.
///
/// Delta and gamma are the European ones and the derivatives of the exercise premium. Theta follows from them:
/// where waiting is best the value satisfies θ = rV − (r − q)SΔ − ½σ²S²Γ (the forward held fixed drops the
/// second term); where exercise is best it stands still. Vega and rho are central differences of the pricer.
struct AmericanGreeks {
  private(set) var delta = 0.0
  private(set) var gamma = 0.0
  private(set) var vega = 0.0
  private(set) var theta = 0.0
  private(set) var rho = 0.0

  /// Wide enough that the pricer's error of 2·10⁻⁵ of the strike stays below a thousandth of a vega or rho.
  private static let volatilityStep = 0.02
  private static let rateStep = 0.01

  init?(_ option: ResolvedInstrument, premium: ExercisePremium?) {
    let spot = option.spot / option.quoteSpot
    let years = option.timeToExpiry
    let yield = option.impliedYield
    if years > 0, premium?.isExercised(at: spot) == true {
      delta = option.isCall ? option.multiplier : -option.multiplier
      return
    }
    do throws(PricingError) {
      let greeks = try BlackScholes.greeks(
        type: option.isCall ? .call : .put, spot: spot, strike: option.strike, timeToExpiry: years,
        volatility: option.volatility, rate: option.rate, dividendYield: yield)
      let added = premium?.premium(at: spot)
      delta = option.multiplier * (greeks.delta + (added?.first ?? 0))
      gamma = option.multiplier * (greeks.gamma + (added?.second ?? 0)) / option.quoteSpot
      guard years > 0 else { return }
      let carry = option.forwardFollowsCarry ? option.rate - yield : 0
      let drift = carry * option.spot * delta
      let spread = option.volatility * option.spot
      theta = option.rate * option.unit - drift - 0.5 * spread * spread * gamma
      let scale = option.quoteSpot * option.multiplier
      // A forward that is quoted stays where it is when rates move.
      let yieldStep = option.forwardFollowsCarry ? 0 : Self.rateStep
      guard premium != nil else {
        vega = scale * greeks.vega
        rho =
          option.hasRateCurve ? scale * (option.forwardFollowsCarry ? greeks.rho : -years * greeks.price) : 0
        return
      }
      let step = min(Self.volatilityStep, option.volatility / 2)
      let up = try Self.value(option, spot, yield, volatility: step)
      let down = try Self.value(option, spot, yield, volatility: -step)
      vega = step > 0 ? scale * (up - down) / (2 * step) : 0
      guard option.hasRateCurve else { return }
      let high = try Self.value(option, spot, yield + yieldStep, rate: Self.rateStep)
      let low = try Self.value(option, spot, yield - yieldStep, rate: -Self.rateStep)
      rho = scale * (high - low) / (2 * Self.rateStep)
    } catch {
      return nil
    }
  }

  private static func value(
    _ option: ResolvedInstrument, _ spot: Double, _ yield: Double, volatility: Double = 0, rate: Double = 0
  ) throws(PricingError) -> Double {
    try AmericanOption.value(
      isCall: option.isCall, spot: spot, strike: option.strike, years: option.timeToExpiry,
      volatility: option.volatility + volatility, rate: option.rate + rate, dividendYield: yield)
  }
}

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
    if years > 0, option.dividends != nil {
      guard let greeks = Self.paying(option, premium: premium) else { return nil }
      self = greeks
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

extension AmericanGreeks {
  private init() {}

  /// The sensitivities of an option whose underlying pays at single instants: those of the European option, and the
  /// slopes of what early exercise adds.
  ///
  /// Vega and rho of the premium are central differences over a hundredth of the volatility and a basis point of the
  /// rate; theta is what the equation of value leaves for it, payments spread over the life.
  private static func paying(_ option: ResolvedInstrument, premium: ExercisePremium?) -> AmericanGreeks? {
    guard let european = InstrumentGreeks(option.european) else { return nil }
    let spot = option.spot / option.quoteSpot
    let years = option.timeToExpiry
    let scale = option.quoteSpot * option.multiplier
    let slope = premium?.premium(at: spot)
    var greeks = AmericanGreeks()
    greeks.delta = european.delta + option.multiplier * (slope?.first ?? 0)
    greeks.gamma = european.gamma + option.multiplier * (slope?.second ?? 0) / option.quoteSpot
    func added(_ volatility: Double, rate: Double) -> Double {
      guard let shares = option.dividends else { return 0 }
      // A forward that follows rates moves with them; a listed one stands still.
      let yield = option.impliedYield + (option.forwardFollowsCarry ? 0 : rate - option.rate)
      let moved = ExercisePremium(
        isCall: option.isCall, strike: option.strike, years: years, volatility: volatility, rate: rate,
        impliedYield: yield, dividends: shares)
      return moved?.premium(at: spot).value ?? 0
    }
    let bump = 0.01 * option.volatility
    let point = 1e-4
    let carry =
      option.forwardFollowsCarry && years > 0
      ? Elementary.log(option.forward * option.quoteSpot / option.spot) / years : 0
    let spread = option.volatility * option.spot
    greeks.theta =
      option.rate * option.unit - carry * option.spot * greeks.delta - 0.5 * spread * spread * greeks.gamma
    greeks.vega = european.vega
    if bump > 0 {
      let (up, down) = (
        added(option.volatility + bump, rate: option.rate), added(option.volatility - bump, rate: option.rate)
      )
      greeks.vega += scale * (up - down) / (2 * bump)
    }
    guard option.hasRateCurve else { return greeks }
    let (up, down) = (
      added(option.volatility, rate: option.rate + point), added(option.volatility, rate: option.rate - point)
    )
    greeks.rho = european.rho + scale * (up - down) / (2 * point)
    return greeks
  }
}

extension ResolvedInstrument {
  /// The same option without the right to exercise early; its unit is its European value.
  fileprivate var european: ResolvedInstrument {
    let sign = isCall ? 1.0 : -1.0
    var value = [0.0]
    var span = value.mutableSpan
    let deviation = [volatility * timeToExpiry.squareRoot()]
    BlackKernels.values(
      forward: [forward].span, strike: [strike].span, standardDeviation: deviation.span, sign: [sign].span,
      scale: [scale].span, into: &span)
    var european = self
    european.isAmerican = false
    european.dividends = nil
    european.unit = value[0]
    return european
  }
}

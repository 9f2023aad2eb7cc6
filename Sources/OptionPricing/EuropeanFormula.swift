import MarketModel
import RiskNumerics

/// One body for both models: a forward is an asset whose yield equals the rate.
///
/// Source: Haug, *The Complete Guide to Option Pricing Formulas*, 2nd ed., chapters 1 and 2; the time
/// derivatives from ∂d1/∂T = (r − q + σ²/2)/(2σ√T) − ln(S/K)/(2σT√T).
struct EuropeanFormula {
  let sign: Double
  let asset: Double
  let strike: Double
  let time: Double
  let volatility: Double
  let rate: Double
  let yield: Double
  let assetDiscount: Double
  let rateDiscount: Double
  let terms: BlackTerms

  init(
    type: OptionType, asset: Double, strike: Double, time: Double, volatility: Double, rate: Double,
    yield: Double
  ) {
    sign = type.sign
    self.asset = asset
    self.strike = strike
    self.time = time
    self.volatility = volatility
    self.rate = rate
    self.yield = yield
    assetDiscount = Elementary.exp(-yield * time)
    rateDiscount = rate == yield ? assetDiscount : Elementary.exp(-rate * time)
    let carry = rate - yield
    let drift = carry * time
    terms = BlackTerms(
      asset: asset, strike: strike, drift: drift,
      driftLow: drift.isFinite ? carry.addingProduct2(time, -drift) : 0,
      deviation: volatility * time.squareRoot())
  }

  /// N(φd1) and N(φd2).
  private var first: Double { sign > 0 ? terms.below1 : terms.above1 }
  private var second: Double { sign > 0 ? terms.below2 : terms.above2 }

  /// The value; in the money it is the forward's intrinsic plus the time value of the other type, so that
  /// rounding never takes it below the intrinsic value.
  var value: Double {
    let worth = asset * assetDiscount
    let cost = strike * rateDiscount
    let intrinsic = sign * (worth - cost)
    if intrinsic > 0 {
      let (n1, n2) = sign > 0 ? (terms.above1, terms.above2) : (terms.below1, terms.below2)
      return intrinsic + max(0, -sign * (worth * n1 - cost * n2))
    }
    return max(0, sign * (worth * first - cost * second))
  }

  /// All figures but `rho` and `rhoQ`, which depend on what is held fixed.
  var greeks: OptionGreeks {
    let t = terms
    let worth = asset * assetDiscount
    let cost = strike * rateDiscount
    var g = OptionGreeks()
    g.price = value
    g.delta = sign * assetDiscount * first
    g.dualDelta = -sign * rateDiscount * second
    // The parts without density: exact limits where volatility or time is zero.
    g.theta = sign * (yield * worth * first - rate * cost * second)
    g.charm = sign * yield * assetDiscount * first
    let v = t.deviation
    if t.density1 > 0, v > 0, v.isFinite {
      let n1 = assetDiscount * t.density1
      let root = time.squareRoot()
      let d1 = t.d1
      let d2 = t.d2
      let d1d2 = d1 * d2
      // ∂d1/∂T
      let drift = (rate - yield + volatility * volatility / 2) / (2 * v) - t.logMoneyness / (2 * v * time)
      g.gamma = n1 / (asset * v)
      g.vega = asset * n1 * root
      g.theta -= asset * n1 * volatility / (2 * root)
      g.vanna = -n1 * d2 / volatility
      g.volga = g.vega * d1d2 / volatility
      g.charm -= n1 * drift
      g.veta = g.vega * (yield + d1 * drift - 1 / (2 * time))
      g.speed = -g.gamma / asset * (d1 / v + 1)
      g.zomma = g.gamma * (d1d2 - 1) / volatility
      g.color = g.gamma * (yield + d1 * drift + 1 / (2 * time))
      g.ultima = -g.vega / volatility / volatility * (d1d2 * (1 - d1d2) + d1 * d1 + d2 * d2)
    }
    if t.density2 > 0, v > 0, v.isFinite { g.dualGamma = rateDiscount * t.density2 / (strike * v) }
    return g
  }
}

/// Range checks that name the argument at fault.
enum Domain {
  static func check(_ x: Double, _ argument: PricingArgument) throws(PricingError) {
    guard x.isFinite else { throw .outOfDomain(argument) }
  }

  static func checkNotNegative(_ x: Double, _ argument: PricingArgument) throws(PricingError) {
    guard x.isFinite, x >= 0 else { throw .outOfDomain(argument) }
  }

  static func checkPositive(_ x: Double, _ argument: PricingArgument) throws(PricingError) {
    guard x.isFinite, x > 0 else { throw .outOfDomain(argument) }
  }
}

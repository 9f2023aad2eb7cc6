public import MarketModel
import RiskNumerics

/// One body for both models, the kernel of `OptionKernels`; a forward is an asset whose yield equals the rate.
///
/// Source: Haug, *The Complete Guide to Option Pricing Formulas*, 2nd ed., chapters 1 and 2; the time
/// derivatives from ∂d1/∂T = (r − q + σ²/2)/(2σ√T) − ln(S/K)/(2σT√T).
struct EuropeanFormula {
  let type: OptionType
  let asset: Double
  let strike: Double
  let time: Double
  let volatility: Double
  let rate: Double
  let yield: Double
  /// Whether the asset is a forward that every derivative holds fixed.
  var onForward = false

  private var figures: [19 of Double] {
    OptionKernels.greeks(
      asset: asset, strike: strike, years: time, volatility: volatility, rate: rate, yield: yield,
      sign: type.sign, onForward: onForward)
  }

  /// The value; never below the discounted intrinsic value of the forward.
  var value: Double { figures[0] }

  /// All figures; `rhoQ` is nil on a forward.
  var greeks: OptionGreeks {
    let y = figures
    return OptionGreeks(onForward: onForward) { y[$0] }
  }

  /// Throws for the first argument out of its range.
  func checked() throws(PricingError) -> EuropeanFormula {
    try Domain.checkNotNegative(asset, onForward ? .forward : .spot)
    try Domain.checkNotNegative(strike, .strike)
    try Domain.checkNotNegative(time, .yearsToExpiry)
    try Domain.checkNotNegative(volatility, .volatility)
    try Domain.check(rate, .rate)
    if !onForward { try Domain.check(yield, .dividendYield) }
    return self
  }
}

extension OptionGreeks {
  /// The figures of the kernel in the order of its columns.
  init(onForward: Bool, _ figure: (Int) -> Double) {
    price = figure(0)
    delta = figure(1)
    gamma = figure(2)
    vega = figure(3)
    theta = figure(4)
    rho = figure(5)
    rhoQ = onForward ? nil : figure(6)
    vanna = figure(7)
    volga = figure(8)
    charm = figure(9)
    veta = figure(10)
    speed = figure(11)
    zomma = figure(12)
    color = figure(13)
    ultima = figure(14)
    dualDelta = figure(15)
    dualGamma = figure(16)
  }
}

extension OptionType {
  /// +1 for a call, −1 for a put.
  public var sign: Double { self == .call ? 1 : -1 }
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

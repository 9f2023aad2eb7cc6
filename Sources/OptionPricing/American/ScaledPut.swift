import MarketModel
import RiskNumerics

/// An American option as a put whose strike and time to expiry are 1, and which formula it takes.
///
/// A call on S struck at K under (r, q) is worth what a put on K struck at S under (q, r) is (McDonald and
/// Schroder, Journal of Computational Finance 1 (1998)). What decides is the sign of what exercise gains,
/// r·K − q·S a year, where r and q are those of the put.
struct ScaledPut: Sendable {
  /// S/K, r·T, q·T, σ√T.
  let moneyness: Double
  let rate: Double
  let yield: Double
  let deviation: Double
  /// K, in the quote asset.
  let scale: Double

  /// Beyond this deviation, or discount, the option is perpetual: the rest is below 3e-9 of the strike.
  static let perpetualDeviation = 12.0
  static let perpetualRate = 40.0
  /// Below this deviation the spot moves along its forward: the error is below 1e-8 of the strike.
  static let certainDeviation = 1e-8

  /// How the value is found.
  enum Kind: Sendable, Hashable {
    /// Nothing to wait for: no time, no asset or no strike.
    case settled(Double)
    /// Exercise before expiry never pays.
    case european
    /// No volatility to speak of: the best of all dates.
    case certain
    /// So much variance, or discount, that the date of expiry does not matter.
    case perpetual
    /// One exercise boundary.
    case single
    /// Exercise pays between two boundaries: q < r < 0.
    case double
  }

  let kind: Kind

  init(
    type: OptionType, spot: Double, strike: Double, time: Double, volatility: Double, rate: Double,
    yield: Double
  ) {
    let isCall = type == .call
    let asset = isCall ? strike : spot
    let fixed = isCall ? spot : strike
    scale = fixed
    moneyness = fixed > 0 ? asset / fixed : 0
    self.rate = (isCall ? yield : rate) * time
    self.yield = (isCall ? rate : yield) * time
    deviation = volatility * time.squareRoot()
    kind = Self.kind(asset, fixed, moneyness, self.rate, self.yield, deviation)
  }

  /// The same option with other numbers; its kind is kept.
  private init(_ other: ScaledPut, deviation: Double, rate: Double, yield: Double) {
    moneyness = other.moneyness
    scale = other.scale
    kind = other.kind
    self.deviation = deviation
    self.rate = rate
    self.yield = yield
  }

  /// The option beside this one, for differences.
  func moved(deviation: Double, rate: Double, yield: Double) -> ScaledPut {
    ScaledPut(
      self, deviation: self.deviation + deviation, rate: self.rate + rate, yield: self.yield + yield)
  }

  private static func kind(
    _ asset: Double, _ fixed: Double, _ moneyness: Double, _ rate: Double, _ yield: Double,
    _ deviation: Double
  ) -> Kind {
    if fixed == 0 { return .settled(0) }
    // Worth its strike now or at expiry, whichever is more: the asset stays at nothing.
    if asset == 0 || moneyness == 0 { return .settled(max(1, Elementary.exp(-rate))) }
    if rate == 0, yield == 0, deviation == 0 { return .settled(max(0, 1 - moneyness)) }
    if rate < 0 ? yield >= rate : rate == 0 && yield >= 0 { return .european }
    if deviation < certainDeviation { return .certain }
    if !moneyness.isFinite { return .european }
    if rate < 0 { return deviation > perpetualDeviation ? .european : .double }
    return deviation > perpetualDeviation || rate > perpetualRate ? .perpetual : .single
  }

  /// Whether the boundaries have to be searched.
  var isSearched: Bool { kind == .single || kind == .double }

  /// max(0, 1 − m).
  var intrinsic: Double { max(0, 1 - moneyness) }

  /// V/K of the European put.
  var european: Double {
    EuropeanFormula(
      type: .put, asset: moneyness, strike: 1, time: 1, volatility: deviation, rate: rate, yield: yield
    ).value
  }

  /// The boundary and the value of the put that never expires, for r ≥ 0.
  ///
  /// Source: Merton, Bell Journal of Economics 4 (1973), section 8: V = (1 − b)(m/b)^(−λ), b = λ/(1 + λ).
  var perpetual: (boundary: Double, value: Double) {
    let half = deviation * deviation / 2
    let slope = (rate - yield) / half - 1
    let product = 4 * rate / half
    let root = (slope * slope + product).squareRoot()
    let exponent = (slope < 0 ? product / (root - slope) : root + slope) / 2
    let boundary = exponent / (1 + exponent)
    // σ²T without limit, or no discount: the asset comes arbitrarily low before it costs anything.
    guard exponent > 0 else { return (0, 1) }
    guard boundary < 1 else { return (1, intrinsic) }
    if moneyness <= boundary { return (boundary, 1 - moneyness) }
    let value = Elementary.exp(-exponent * Elementary.log(moneyness / boundary)) / (1 + exponent)
    return (boundary, min(1, value))
  }

  /// The best date when the spot moves along its forward: a discounted payoff has one stationary point.
  var certain: Double {
    func payoff(_ t: Double) -> Double { Elementary.exp(-rate * t) - moneyness * Elementary.exp(-yield * t) }
    var best = max(intrinsic, payoff(1))
    // r·e^(−rt) = q·m·e^(−qt)
    let ratio = rate / (yield * moneyness)
    if rate != yield, ratio > 0, ratio.isFinite {
      let date = Elementary.log(ratio) / (rate - yield)
      if date > 0, date < 1 { best = max(best, payoff(date)) }
    }
    return best.isFinite ? best : max(intrinsic, european)
  }

  /// V/K of all kinds but `single` and `double`; nil for those.
  var direct: Double? {
    switch kind {
    case .settled(let value): value
    case .european: european
    case .certain: certain
    case .perpetual: max(intrinsic, european, perpetual.value)
    case .single, .double: nil
    }
  }
}

extension BinomialPut {
  /// The same put at ln(S/K), for the other methods.
  func scaled(at logMoneyness: Double) -> ScaledPut {
    ScaledPut(
      type: .put, spot: Elementary.exp(logMoneyness), strike: 1, time: years, volatility: volatility,
      rate: rate,
      yield: yield)
  }
}

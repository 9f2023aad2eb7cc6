import MarketModel
import RiskNumerics

/// Options that may be exercised at any time up to expiry, on an asset with a continuous yield.
///
/// A call on S struck at K under (r, q) is worth what a put on K struck at S under (q, r) is (McDonald and
/// Schroder, Journal of Computational Finance 1 (1998)), so everything is computed for a put struck at 1.
public enum AmericanOption {
  /// The value of one option.
  ///
  /// - Parameters:
  ///   - isCall: call or put.
  ///   - spot: price of the underlying, in the quote asset; ≥ 0.
  ///   - strike: in the quote asset; ≥ 0.
  ///   - years: to expiry; ≥ 0. At 0 the value is intrinsic.
  ///   - volatility: annual, as a fraction; ≥ 0.
  ///   - rate: continuously compounded a year; may be negative.
  ///   - dividendYield: continuously compounded a year; may be negative.
  /// - Returns: the value per one unit of the underlying: at least the intrinsic and the European value.
  ///   Where exercise before expiry never pays it is the European value to the bit; else within about
  ///   10⁻⁷ of the strike (`AmericanScheme.accurate`), or about 3·10⁻⁶ where it pays between two spots.
  /// - Throws: `outOfDomain` with the argument that is out; `notRepresentable` where the value overflows.
  /// - Complexity: one vector of the kernel, 0.1 ms; for many options use `AmericanPricing.values`, which
  ///   prices 16 in that time.
  public static func value(
    isCall: Bool, spot: Double, strike: Double, years: Double, volatility: Double, rate: Double,
    dividendYield: Double
  ) throws(PricingError) -> Double {
    let value = try AmericanPricing.value(
      AmericanContract(
        type: isCall ? .call : .put, spot: spot, strike: strike, timeToExpiry: years, volatility: volatility,
        rate: rate, dividendYield: dividendYield))
    // The kernel's European part differs in its last bits: never below the European value by rounding either.
    let european = try BlackScholes.value(
      type: isCall ? .call : .put, spot: spot, strike: strike, timeToExpiry: years, volatility: volatility,
      rate: rate, dividendYield: dividendYield)
    return max(value, european)
  }

  /// The value by a binomial tree of 192 and 96 steps, extrapolated; as `value` otherwise.
  ///
  /// - Returns: where early exercise matters within 3·10⁻⁵ of the strike of `value`.
  /// - Complexity: some 25,000 node updates.
  public static func treeValue(
    isCall: Bool, spot: Double, strike: Double, years: Double, volatility: Double, rate: Double,
    dividendYield: Double
  ) throws(PricingError) -> Double {
    let european = try BlackScholes.value(
      type: isCall ? .call : .put, spot: spot, strike: strike, timeToExpiry: years, volatility: volatility,
      rate: rate, dividendYield: dividendYield)
    let intrinsic = max(0, isCall ? spot - strike : strike - spot)
    // The put of the symmetry: asset and strike change places, and so do rate and yield.
    let (asset, fixed) = isCall ? (strike, spot) : (spot, strike)
    let put = BinomialPut(
      years: years, volatility: volatility, rate: isCall ? dividendYield : rate,
      yield: isCall ? rate : dividendYield)
    guard put.isEverExercised, fixed > 0 else { return max(european, intrinsic) }
    let unit: Double
    if asset > 0 {
      unit = put.value(logMoneyness: Elementary.log(asset) - Elementary.log(fixed))
    } else {
      // Worth its strike now or at expiry, whichever is more: the asset stays at nothing.
      unit = max(1, Elementary.exp(-put.rate * years))
    }
    let value = max(max(european, intrinsic), fixed * unit)
    guard value.isFinite else { throw .notRepresentable(figure: "price") }
    return value
  }
}

/// A put struck at 1 on a binomial tree, exercised when it pays.
struct BinomialPut: Sendable {
  let years: Double
  let volatility: Double
  let rate: Double
  let yield: Double
  /// σ√T, at most 20: beyond it, a value has long come to its limit.
  let deviation: Double

  /// Steps of the finer of the two trees; even.
  private static let steps = 192

  init(years: Double, volatility: Double, rate: Double, yield: Double) {
    self.years = years
    self.volatility = volatility
    self.rate = rate
    self.yield = yield
    deviation = min(volatility * years.squareRoot(), 20)
  }

  /// Whether exercise before expiry can pay: it gains r and gives up q·S, per unit of strike and time.
  var isEverExercised: Bool { years > 0 && (rate > 0 || yield < rate) }

  /// The value at ln(S/K), per unit of strike; at least max(0, 1 − S/K), finite.
  ///
  /// - Complexity: one European formula a node of the last step, and a product and a comparison a node.
  func value(logMoneyness y: Double) -> Double {
    guard isEverExercised else { return european(y) }
    let intrinsic = max(0, -Elementary.expMinusOne(min(y, 0)))
    let drift = (rate - yield) * years
    // Out of reach of any path, or of any arithmetic.
    guard abs(drift) < 100, abs(rate * years) < 100, abs(y) < 200 else {
      return max(intrinsic, european(y))
    }
    if deviation < 1e-9 { return max(intrinsic, certain(y)) }
    let fine = tree(y, steps: Self.steps)
    let coarse = tree(y, steps: Self.steps / 2)
    // The smoothed tree's error falls with 1/steps: two trees take its first term out.
    let value = 2 * fine - coarse
    return max(intrinsic, value.isFinite ? value : fine)
  }

  /// The European value at ln(S/K), per unit of strike.
  func european(_ y: Double) -> Double {
    let discount = Elementary.exp(-rate * years)
    let spot = Elementary.exp(min(y, 700))
    return EuropeanFormula(
      type: .put, asset: spot, strike: 1, time: years, volatility: volatility, rate: rate, yield: yield
    ).value.clamped(to: 0...max(1, discount))
  }

  /// Without volatility the holder picks the best time: a discounted payoff has one stationary point.
  private func certain(_ y: Double) -> Double {
    let spot = Elementary.exp(y)
    let payoff = { (time: Double) in
      Elementary.exp(-rate * time) - spot * Elementary.exp(-yield * time)
    }
    var best = max(0, payoff(0), payoff(years))
    // r·e^(−rt) = q·S·e^(−qt)
    let ratio = rate / (yield * spot)
    if ratio > 0, ratio.isFinite, rate != yield {
      let time = Elementary.log(ratio) / (rate - yield)
      if time > 0, time < years { best = max(best, payoff(time)) }
    }
    return best
  }

  /// A binomial tree whose last step is the European formula.
  ///
  /// The nodes spread around the forward, up and down with probability one half, so that the tree has no
  /// drift to outrun its step and is a martingale for any volatility. The European value at the last step but one takes
  /// the strike's place between the nodes out of the error. Source: M. Broadie and J. Detemple, "American option valuation",
  /// Review of Financial Studies 9 (1996) (their BBSR, on an equal-probability tree).
  private func tree(_ y: Double, steps: Int) -> Double {
    let step = years / Double(steps)
    let spread = deviation / Double(steps).squareRoot()
    // u = e^spread / cosh(spread), d = e^−spread / cosh(spread): mean one.
    let up = Elementary.exp(spread)
    let centre = (rate - yield) * step - Elementary.log((up + 1 / up) / 2)
    var prices = levelPrices(y, level: steps - 1, spread: spread, centre: centre)
    var values = lastStep(prices, step: step, spread: spread)
    let back = Elementary.exp(spread - centre)
    let half = Elementary.exp(-rate * step) / 2
    var count = steps - 1
    while count > 0 {
      for node in 0..<count {
        let price = prices[node] * back
        prices[node] = price
        values[node] = max(half * (values[node] + values[node + 1]), 1 - price)
      }
      count -= 1
    }
    return values[0]
  }

  private func levelPrices(_ y: Double, level: Int, spread: Double, centre: Double) -> [Double] {
    let middle = y + centre * Double(level)
    return (0...level).map { Elementary.exp(middle + spread * Double(2 * $0 - level)) }
  }

  /// One step before expiry: the European value over the step, or exercise.
  private func lastStep(_ prices: [Double], step: Double, spread: Double) -> [Double] {
    let growth = Elementary.exp((rate - yield) * step)
    let forwards = prices.map { $0 * growth }
    let one = [Double](repeating: 1, count: prices.count)
    let deviations = [Double](repeating: spread, count: prices.count)
    let signs = [Double](repeating: -1, count: prices.count)
    let discounts = [Double](repeating: Elementary.exp(-rate * step), count: prices.count)
    var values = [Double](repeating: 0, count: prices.count)
    var span = values.mutableSpan
    BlackKernels.values(
      forward: forwards.span, strike: one.span, standardDeviation: deviations.span, sign: signs.span,
      scale: discounts.span, into: &span)
    for node in values.indices { values[node] = max(values[node], 1 - prices[node]) }
    return values
  }
}

extension Double {
  /// The nearest number of a range.
  func clamped(to range: ClosedRange<Double>) -> Double {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

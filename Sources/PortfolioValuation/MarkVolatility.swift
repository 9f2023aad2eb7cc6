import MarketModel
import OptionPricing
import RiskNumerics

/// The volatility behind the mark of a listed option, for an underlying whose market quotes none.
struct MarkVolatility {
  let id: Identifier
  let isCall: Bool
  let isAmerican: Bool
  /// Quote asset per unit of the underlying.
  let spot: Double
  let strike: Double
  let years: Double
  let rate: Double
  /// With the payments spread over the life.
  let yield: Double
  /// What the underlying of an American option pays at single instants; nil where it pays nothing so.
  let dividends: [DividendShare]?

  private static let steps = 60
  /// Greatest volatility looked at.
  private static let most = 10.0

  /// The volatility at which the option is worth its mark.
  ///
  /// - Parameter mark: of one unit of the underlying, quote asset.
  /// - Throws: `invalid` for a mark that no volatility gives, or that every small one gives.
  /// - Complexity: one search of the European formula; for an American option some twenty prices.
  func volatility(of mark: Double) throws(Unresolved) -> Double {
    do throws(PricingError) {
      let european = try ImpliedVolatility.blackScholes(
        type: isCall ? .call : .put, price: mark, spot: spot, strike: strike, timeToExpiry: years, rate: rate,
        dividendYield: yield)
      guard isAmerican else {
        if let volatility = european.volatility, volatility > 0 { return volatility }
        throw PricingError.outOfDomain(.price)
      }
      return try american(mark, european: european.volatility)
    } catch {
      throw .invalid("\(id): no volatility gives its mark \(mark)")
    }
  }

  /// Bisection with secant steps on a value that rises with volatility; the European volatility is an upper bound.
  private func american(_ mark: Double, european: Double?) throws(PricingError) -> Double {
    var (low, high) = (0.0, min((european ?? Self.most) * 1.02, Self.most))
    var lowGap = try gap(low, mark)
    var highGap = try gap(high, mark)
    guard lowGap < 0, highGap >= 0 else { throw .outOfDomain(.price) }
    for step in 0..<Self.steps where high - low > 1e-9 * high {
      // Every third step halves, so that a flat start does not hold the secant up.
      let middle =
        step % 3 == 2 ? (low + high) / 2 : low + (high - low) * (-lowGap / (highGap - lowGap)).clampedToInside
      let value = try gap(middle, mark)
      if value < 0 { (low, lowGap) = (middle, value) } else { (high, highGap) = (middle, value) }
    }
    return high
  }

  private func gap(_ volatility: Double, _ mark: Double) throws(PricingError) -> Double {
    if let dividends {
      let european = try BlackScholes.value(
        type: isCall ? .call : .put, spot: spot, strike: strike, timeToExpiry: years, volatility: volatility,
        rate: rate, dividendYield: yield)
      let premium = ExercisePremium(
        isCall: isCall, strike: strike, years: years, volatility: volatility, rate: rate, impliedYield: yield,
        dividends: dividends)
      return
        (premium?.value(european: european, spot: spot)
        ?? max(european, isCall ? spot - strike : strike - spot)) - mark
    }
    return try AmericanOption.value(
      isCall: isCall, spot: spot, strike: strike, years: years, volatility: volatility, rate: rate,
      dividendYield: yield) - mark
  }
}

extension Double {
  /// A share of an interval, kept off its ends.
  fileprivate var clampedToInside: Double { isFinite ? Swift.min(Swift.max(self, 0.01), 0.99) : 0.5 }
}
